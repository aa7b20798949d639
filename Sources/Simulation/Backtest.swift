public import Foundation
public import Money
public import Pricing
public import Timelines

/// Forecasts of recorded months, made from what was known some days into each, beside what those months cost.
///
/// Rules are left out: those of the past are not known.
public struct Backtest: Sendable {
  /// How a way to forecast did.
  public struct Score: Sendable {
    /// The mean of the pinball losses at 10, 50 and 90 %; the lower the better.
    public fileprivate(set) var loss = Money.zero
    /// How far estimates were off, on average.
    public fileprivate(set) var error = Money.zero
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

  /// - Parameters:
  ///   - pasts: of the Spaces, which are forecast together.
  ///   - now: months that are not over then are left out.
  public init(of pasts: [SpacePast], zone: TimeZone, now: Instant, prices: PriceTable) {
    let clock = WallClock(zone)
    guard
      let first = pasts.map({ $0.known(in: .distantPast..<now) }).filter({ !$0.isEmpty }).map(\.lowerBound)
        .min()
    else { return }
    var month = clock.date(at: first).startOfNextMonth
    while true {
      let range = clock.month(of: month)
      guard range.upperBound <= now else { break }
      let before = clock.month(of: month + -1)
      for day in Self.days {
        add(pasts, month: range, before: before, at: range.lowerBound + day * 86_400, zone: zone, prices)
      }
      month = month.startOfNextMonth
    }
    for score in [\Backtest.forecast, \.runRate, \.lastMonth] {
      self[keyPath: score].loss = mean(self[keyPath: score].loss, of: 3)
      self[keyPath: score].error = mean(self[keyPath: score].error)
    }
    actual = mean(actual)
  }

  private func mean(_ sum: Money, of parts: Int = 1) -> Money {
    count == 0 ? .zero : sum.scaled(by: 1, over: Int128(count * parts))
  }

  private mutating func add(
    _ pasts: [SpacePast], month: Range<Instant>, before: Range<Instant>, at instant: Instant, zone: TimeZone,
    _ prices: PriceTable
  ) {
    let rest = SpaceForecast.restOfMonth(month, zone: zone, now: instant)
    var (spent, cost, lastMonth) = (Money.zero, Money.zero, Money.zero)
    var paths = ForecastPaths(days: rest)
    for past in pasts {
      func charged(_ range: Range<Instant>) -> Money {
        past.usage.lineItems(in: range, zone: zone, prices: prices).totalCost.estimate
      }
      let soFar = charged(month.lowerBound..<instant)
      spent += soFar
      cost += charged(month)
      let recorded = past.known(in: before)
      lastMonth += charged(recorded).scaled(
        by: Int128(before.seconds), over: Int128(max(1, recorded.seconds)))
      let forecast = SpaceForecast(
        of: past, rest: rest, zone: zone, now: instant, schedule: nil, isGranted: false,
        spent: Bounds(certain: soFar), prices: prices)
      guard forecast.basis != .unknown else { continue }
      paths = paths + forecast.rest
    }
    let forecast = paths.total(after: Bounds(certain: spent))
    let runRate = spent.scaled(by: Int128(month.seconds), over: Int128(instant - month.lowerBound))
    count += 1
    actual += cost
    // To the cent.
    let cent = Money(nanoDollars: 10_000_000)
    if forecast.low - cent <= cost, cost <= forecast.high + cent { covered += 1 }
    self.forecast.add(forecast, cost)
    self.runRate.add(Bounds(certain: runRate), cost)
    self.lastMonth.add(Bounds(certain: lastMonth), cost)
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
