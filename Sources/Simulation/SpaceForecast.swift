public import Foundation
public import Money
public import Pricing
public import Schedules
public import Spaces
public import Timelines

/// What a Space will have cost when a month is over: what it has cost so far, and what the rest of the month may.
///
/// A day to come is taken to go as days of the same weekday in recent weeks went, newer ones more likely, under the
/// rules and at the prices of the day itself. Where these let it sleep after other times than then, or downgrade it when
/// it is idle, which was not seen, the visits of those weeks are lived through again under them.
public struct SpaceForecast: Sendable {
  /// What the rest of the month rests on.
  public enum Basis: Hashable, Sendable {
    /// The month is over, or the Space gone.
    case over
    /// Rules alone decide what it costs, whoever comes.
    case rules
    /// It is paused or has failed, and no rule starts it.
    case stopped
    /// So many recent weeks.
    case weeks(Int)
    /// The visits of so many recent weeks, under rules that do with them what was not seen then.
    case visits(weeks: Int)
    /// Too little history for weekdays: what it has cost on average since it is known, and anything between nothing
    /// and twice that.
    case runRate
    /// Neither history nor rules tell: anything between nothing, which is taken for the estimate, and being up throughout.
    case unknown
  }

  public let space: SpaceID
  public let basis: Basis
  /// As charged until now.
  public let spent: Bounds<Money>
  /// What may come.
  public let rest: ForecastPaths
  /// What rules may do that recent weeks do not show, and that is not in it, as no log tells who came.
  public let untold: UnseenRules
  /// Hardware without a price that it may run on: what that costs is in none of it.
  public let unpriced: [SpaceHardware]
  /// Until when it is known what it was. What it has cost since is in no estimate.
  public let known: Instant

  /// What the month will have cost, after what was spent by the estimate.
  public var total: Bounds<Money> { rest.total(after: Bounds(certain: spent.estimate)) }

  private static let day: Int64 = 86_400
  /// What may cost less than it did.
  private static let uncertain: UnseenRules = [.shorterSleep, .upgrade]

  /// - Parameters:
  ///   - rest: the days of the month that are still to come, see ``restOfMonth(_:zone:now:)``.
  ///   - schedule: the rules for it; nil where there are none, or nothing may be changed.
  ///   - isGranted: somebody else pays for its hardware.
  ///   - spent: what it has cost in the month until now.
  ///   - leastKnown: goes by what is certain to have been billed, not by the estimate; where visits are lived through
  ///     again, by these.
  public init(
    of past: SpacePast, rest days: [Range<Instant>], zone: TimeZone, now: Instant, schedule: SpaceSchedule?,
    isGranted: Bool, spent: Bounds<Money>, prices: PriceTable, leastKnown: Bool = false
  ) {
    space = past.space
    self.spent = spent
    known = past.last(before: now)?.until ?? now
    guard let first = days.first, let last = days.last, !(past.goneSince.map { $0 <= now } ?? false) else {
      basis = .over
      rest = ForecastPaths(days: days)
      (untold, unpriced) = ([], [])
      return
    }
    let clock = WallClock(zone)
    let coming = first.lowerBound..<last.upperBound
    let pattern = BilledPattern(
      past, under: schedule, in: coming, prices: prices, isGranted: isGranted,
      until: known, leastKnown: leastKnown)
    unpriced = pattern.unpriced
    let most = days.map(pattern.most)
    let recorded = known - (past.usage.firstLook ?? known)
    let nothing = days.map { _ in Money.zero }
    var hardware: ForecastPaths
    let rulesClock = schedule.map { WallClock($0.policy.zone) } ?? clock
    let alike = AlikeDays(days, at: known, recorded: recorded, clock: clock, rulesClock: rulesClock)
    var unsure: Set<Int> = []
    if !isGranted, schedule?.isHeldPaused(throughout: coming) ?? false {
      (basis, untold) = (.stopped, [])
      // Until somebody starts it again.
      let before = BilledPattern(past, in: coming, prices: prices, isGranted: false, until: known)
      hardware = ForecastPaths(
        days: days, expected: nothing,
        courses: [nothing, RecentWeeks(alike, most: days.map(before.most)) { $0.map(before.cost) }.expected])
    } else if let costs = pattern.settled(days) {
      (basis, untold) = (.rules, [])
      hardware = ForecastPaths(days: days, certain: costs)
    } else {
      let (unseen, byDay) =
        schedule.map { UnseenRules.find(in: $0, for: past, over: alike, prices: prices) } ?? ([], [])
      let relived = schedule.flatMap { schedule in
        unseen.isEmpty ? nil : RelivedWeeks(of: past, under: schedule, at: now, prices: prices, clock: clock)
      }
      let visited = relived.map {
        AlikeDays(days, at: now, recorded: $0.recorded, clock: clock, rulesClock: rulesClock)
      }
      // One week does not tell how weeks differ.
      if let relived, let alike = visited, alike.weeks.count > 1 {
        untold = []
        let weeks = RecentWeeks(alike, most: most, cost: relived.costs)
        basis = .visits(weeks: weeks.count)
        hardware = weeks.paths(seed: past.space.description)
      } else {
        untold = unseen
        if !unseen.isDisjoint(with: Self.uncertain) {
          unsure = Set(byDay.indices.filter { !byDay[$0].isDisjoint(with: Self.uncertain) })
        }
        if recorded >= 14 * Self.day, alike.weeks.count > 1 {
          let weeks = RecentWeeks(alike, most: most) { $0.map(pattern.cost) }
          basis = .weeks(weeks.count)
          hardware = weeks.paths(seed: past.space.description)
        } else if recorded >= 7 * Self.day {
          basis = .runRate
          let cost = past.usage.hardwareLines(in: known - recorded..<known, prices: prices).totalCost.estimate
          let average = zip(days, most).map {
            min(cost.scaled(by: Int128($0.seconds), over: Int128(recorded)), $1)
          }
          let twice = zip(average, most).map { min($0 + $0, $1) }
          hardware = ForecastPaths(days: days, expected: average, courses: [nothing, twice])
        } else {
          basis = .unknown
          hardware = ForecastPaths(days: days, expected: nothing, courses: [nothing, most])
        }
      }
    }
    if !unsure.isEmpty { hardware = hardware.orNothing(on: unsure) }
    let storage = past.storageCosts(in: days, now: now, prices: prices)
    rest = hardware + ForecastPaths(days: days, certain: storage)
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

extension SpaceSchedule {
  /// Whether it is not the rules that keep it paused.
  fileprivate func isHeldPaused(throughout range: Range<Instant>) -> Bool {
    desired(over: range).segments.allSatisfy { segment in
      guard case .override = segment.value.source(of: .state) else { return false }
      return segment.value.state?.value == .paused
    }
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
