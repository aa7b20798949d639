public import Foundation
public import Money
import Planning
public import Pricing
import Schedules
public import Spaces
public import Timelines

/// Forecasts of recorded months, made from what was known some days into each, beside what those months cost.
///
/// Rules are left out, as those of the past are not known, but for who is granted hardware now.
public struct Backtest: Sendable {
  /// How a way to forecast did.
  public struct Score: Sendable {
    /// The mean of the pinball losses at 10, 50 and 90 %; the lower the better.
    public fileprivate(set) var loss = Money.zero
    /// How far estimates were off, on average.
    public fileprivate(set) var error = Money.zero
  }

  /// What was recorded of a Space.
  public struct Record: Sendable {
    let space: SpaceID
    let intervals: [Interval]
    let actions: [SpaceAction]
    let isGranted: Bool

    /// - Parameter isGranted: somebody else pays for its hardware.
    public init(
      _ space: SpaceID, intervals: [Interval], actions: [SpaceAction], isGranted: Bool = false
    ) {
      self.space = space
      self.intervals = intervals
      self.actions = actions
      self.isGranted = isGranted
    }

    /// What was known at an instant.
    fileprivate func past(at now: Instant, _ prices: PriceTable) -> SpacePast {
      SpacePast(
        space, intervals: intervals, actions: actions, startup: SpaceProgram.usualStartup, now: now,
        prices: prices)
    }
  }

  public private(set) var forecast = Score()
  /// What was spent so far ÷ elapsed × the whole.
  public private(set) var runRate = Score()
  /// What the month before cost; of one that is recorded in part, as if all of it had been so.
  public private(set) var lastMonth = Score()
  /// How many forecasts were made, and how many months fell into their intervals.
  public private(set) var count = 0
  public private(set) var covered = 0
  /// What the months cost, on average.
  public private(set) var actual = Money.zero

  /// Days into a month at which it is forecast.
  private static let days: [Int64] = [5, 10, 15, 20, 25]

  /// When a month is forecast.
  fileprivate struct Moment {
    let month: Range<Instant>
    let before: Range<Instant>
    let instant: Instant
  }

  /// A forecast, and what came of it.
  private struct Trial {
    var spent = Money.zero
    var cost = Money.zero
    var lastMonth = Money.zero
    var paths: ForecastPaths

    static func += (sum: inout Trial, part: Trial) {
      sum.spent += part.spent
      sum.cost += part.cost
      sum.lastMonth += part.lastMonth
      sum.paths = sum.paths + part.paths
    }
  }

  /// Each Space by itself, from its first whole month on, and all together.
  ///
  /// - Parameter now: months that are not over then are left out.
  public static func of(
    _ records: [Record], zone: TimeZone, now: Instant, prices: PriceTable
  ) -> (spaces: [(space: SpaceID, backtest: Backtest)], all: Backtest) {
    let clock = WallClock(zone)
    let pasts = records.map { $0.past(at: now, prices) }
    let firsts = pasts.map { past in
      let known = past.known(in: .distantPast..<now)
      return known.isEmpty ? nil : clock.month(of: clock.date(at: known.lowerBound).startOfNextMonth)
    }
    let first = firsts.compactMap { $0?.lowerBound }.min() ?? .distantFuture
    let moments = moments(from: first, until: now, on: clock)
    var sums = moments.map { moment in
      Trial(
        paths: ForecastPaths(days: SpaceForecast.restOfMonth(moment.month, zone: zone, now: moment.instant)))
    }
    var spaces: [(space: SpaceID, backtest: Backtest)] = []
    for (record, (past, first)) in zip(records, zip(pasts, firsts)) {
      guard let first else { continue }
      var backtest = Backtest()
      for (index, moment) in moments.enumerated() {
        let trial = trial(of: record, past, at: moment, zone: zone, prices)
        sums[index] += trial
        if moment.month.lowerBound >= first.lowerBound { backtest.add(trial, at: moment) }
      }
      spaces.append((record.space, backtest.averaged))
    }
    var all = Backtest()
    for (trial, moment) in zip(sums, moments) { all.add(trial, at: moment) }
    return (spaces, all.averaged)
  }

  private static func moments(from first: Instant, until now: Instant, on clock: WallClock) -> [Moment] {
    var moments: [Moment] = []
    guard first < now else { return moments }
    var month = clock.date(at: first)
    while case let range = clock.month(of: month), range.upperBound <= now {
      let before = clock.month(of: month + -1)
      moments += days.map {
        Moment(month: range, before: before, instant: range.lowerBound + $0 * 86_400)
      }
      month = month.startOfNextMonth
    }
    return moments
  }

  private static func trial(
    of record: Record, _ past: SpacePast, at moment: Moment, zone: TimeZone, _ prices: PriceTable
  ) -> Trial {
    let known = record.past(at: moment.instant, prices)
    func charged(_ range: Range<Instant>, _ past: SpacePast) -> Money {
      past.usage.lineItems(in: range, zone: zone, prices: prices)
        .charged(isGranted: record.isGranted).totalCost.estimate
    }
    let rest = SpaceForecast.restOfMonth(moment.month, zone: zone, now: moment.instant)
    var trial = Trial(paths: ForecastPaths(days: rest))
    trial.cost = charged(moment.month, past)
    trial.spent = charged(moment.month.lowerBound..<moment.instant, known)
    let recorded = known.known(in: moment.before)
    trial.lastMonth = charged(recorded, known).scaled(
      by: Int128(moment.before.seconds), over: Int128(max(1, recorded.seconds)))
    let forecast = SpaceForecast(
      of: known, rest: rest, zone: zone, now: moment.instant, schedule: known.stop(of: moment),
      isGranted: record.isGranted, spent: Bounds(certain: trial.spent), prices: prices)
    if forecast.basis != .unknown { trial.paths = forecast.rest }
    return trial
  }

  private mutating func add(_ trial: Trial, at moment: Moment) {
    let forecast = trial.paths.total(after: Bounds(certain: trial.spent))
    let elapsed = moment.instant - moment.month.lowerBound
    let runRate = trial.spent.scaled(by: Int128(moment.month.seconds), over: Int128(elapsed))
    count += 1
    actual += trial.cost
    // To the cent.
    let cent = Money(nanoDollars: 10_000_000)
    if forecast.low - cent <= trial.cost, trial.cost <= forecast.high + cent { covered += 1 }
    self.forecast.add(forecast, trial.cost)
    self.runRate.add(Bounds(certain: runRate), trial.cost)
    lastMonth.add(Bounds(certain: trial.lastMonth), trial.cost)
  }

  /// With means in the place of sums.
  private var averaged: Backtest {
    func mean(_ sum: Money, of parts: Int = 1) -> Money {
      count == 0 ? .zero : sum.scaled(by: 1, over: Int128(count * parts))
    }
    var means = self
    for score in [\Backtest.forecast, \.runRate, \.lastMonth] {
      means[keyPath: score].loss = mean(self[keyPath: score].loss, of: 3)
      means[keyPath: score].error = mean(self[keyPath: score].error)
    }
    means.actual = mean(actual)
    return means
  }
}

extension SpacePast {
  /// What is paused or has failed stays so, where no rules are known that would start it, unless it is started again as a matter of course.
  fileprivate func stop(of moment: Backtest.Moment) -> SpaceSchedule? {
    let stages = states.segments.lazy.compactMap { segment in
      segment.value.map { (stage: $0.stage, since: segment.range.lowerBound) }
    }
    guard last(before: moment.instant)?.state.stage.isHalted ?? false,
      !stages.startsAgain(at: moment.instant)
    else { return nil }
    return .stopped(in: moment.instant..<moment.month.upperBound)
  }
}

extension Backtest.Score {
  fileprivate mutating func add(_ forecast: Bounds<Money>, _ actual: Money) {
    for (percent, amount) in [(10, forecast.low), (50, forecast.estimate), (90, forecast.high)] {
      let miss = actual - amount
      loss += miss.scaled(by: miss < .zero ? Int128(percent - 100) : Int128(percent), over: 100)
    }
    error += (actual - forecast.estimate).magnitude
  }
}
