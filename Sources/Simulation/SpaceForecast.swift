public import Foundation
public import Money
public import Pricing
public import Schedules
public import Spaces
public import Timelines

/// What a Space will have cost when a month is over: what it has cost so far, and what the rest of the month may.
///
/// A day to come is taken to go as days of the same weekday in recent weeks went, newer ones more likely, under the
/// rules and at the prices of the day itself. Where these let it sleep after other times than then, the visits of those
/// weeks are replayed under them.
public struct SpaceForecast: Sendable {
  /// What the rest of the month rests on.
  public enum Basis: Hashable, Sendable {
    /// The month is over, or the Space gone.
    case over
    /// Rules alone decide what it costs, whoever comes.
    case rules
    /// So many recent weeks.
    case weeks(Int)
    /// The visits of so many recent weeks, under rules that let it sleep after other times than it did then.
    case visits(weeks: Int)
    /// Too little history for weekdays: what it has cost on average since it is known, and anything between nothing
    /// and twice that.
    case runRate
    /// Neither history nor rules tell.
    case unknown
  }

  public let space: SpaceID
  public let basis: Basis
  /// As charged until now.
  public let spent: Money
  /// What may come.
  public let rest: ForecastPaths

  /// What the month will have cost.
  public var total: ForecastInterval { rest.total(after: spent) }

  private static let day: Int64 = 86_400

  /// - Parameters:
  ///   - rest: the days of the month that are still to come, see ``restOfMonth(_:zone:now:)``.
  ///   - schedule: the rules for it; nil where there are none, or nothing may be changed.
  ///   - isGranted: somebody else pays for its hardware.
  ///   - spent: what it has cost in the month until now.
  ///   - leastKnown: goes by what is certain to have been billed, not by the estimate.
  ///   - replaysVisits: what recent weeks would have been under the rules counts, as far as logs tell who came: see
  ///     ``SpacePast/sleepsOtherwise(under:now:prices:)``.
  public init(
    of past: SpacePast, rest days: [Range<Instant>], zone: TimeZone, now: Instant, schedule: SpaceSchedule?,
    isGranted: Bool, spent: Money, prices: PriceTable, leastKnown: Bool = false, replaysVisits: Bool = false
  ) {
    space = past.space
    self.spent = spent
    guard let first = days.first, let last = days.last, !(past.goneSince.map { $0 <= now } ?? false) else {
      basis = .over
      rest = ForecastPaths(days: days)
      return
    }
    let relived = schedule.flatMap { schedule in
      replaysVisits ? RelivedWeeks(of: past, under: schedule, until: now, prices: prices) : nil
    }
    let pattern = BilledPattern(
      past, relived: relived,
      desired: schedule?.desired(over: first.lowerBound..<last.upperBound).map(\.settings),
      prices: prices, isGranted: isGranted, until: now, leastKnown: leastKnown)
    let storage = past.storageCosts(in: days, now: now, prices: prices)
    func certain(_ costs: [Money]) -> ForecastPaths {
      ForecastPaths(days: days, certain: zip(costs, storage).map(+))
    }
    let known = now - (relived?.billed.range.lowerBound ?? past.usage.firstLook ?? now)
    if let costs = pattern.settled(days) {
      basis = .rules
      rest = certain(costs)
    } else if known >= 14 * Self.day {
      let weeks = RecentWeeks(pattern, days: days, now: now, known: known, clock: WallClock(zone))
      basis = relived == nil ? .weeks(weeks.count) : .visits(weeks: weeks.count)
      rest = weeks.paths(seed: past.space.description) + ForecastPaths(days: days, certain: storage)
    } else if known >= 7 * Self.day {
      basis = .runRate
      let cost = pattern.cost(of: now - known..<now)
      let average = days.map { cost.scaled(by: Int128($0.seconds), over: Int128(known)) }
      rest =
        ForecastPaths(
          days: days, expected: average, courses: [average.map { _ in .zero }, average.map { $0 + $0 }])
        + ForecastPaths(days: days, certain: storage)
    } else {
      basis = .unknown
      rest = certain(days.map { _ in .zero })
    }
  }

  /// The days of a month that are still to come, in order; the first may have begun.
  public static func restOfMonth(_ month: Range<Instant>, zone: TimeZone, now: Instant) -> [Range<Instant>] {
    let clock = WallClock(zone)
    var days: [Range<Instant>] = []
    var start = max(now, month.lowerBound)
    while start < month.upperBound {
      let end = min(month.upperBound, clock.day(clock.date(at: start)).upperBound)
      days.append(start..<end)
      start = end
    }
    return days
  }
}

extension SpacePast {
  /// What storage that is held now costs in days to come.
  fileprivate func storageCosts(in days: [Range<Instant>], now: Instant, prices: PriceTable) -> [Money] {
    guard let held = usage.storage.clipped(to: .distantPast..<now).segments.last(where: { $0.value != nil }),
      held.range.upperBound >= now - 86_400
    else { return days.map { _ in .zero } }
    return days.map { day in
      prices.lineItems(of: Timeline(held.value, over: day), in: day, zone: .gmt).totalCost.estimate
    }
  }
}
