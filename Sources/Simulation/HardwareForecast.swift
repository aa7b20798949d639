import Money
import Pricing
import Schedules
import Spaces
import Timelines

/// What the hardware of a Space may cost in days to come, by the first of these that tells: rules, visits, weeks.
struct HardwareForecast {
  let basis: SpaceForecast.Basis
  let paths: ForecastPaths
  /// What rules may do that weeks do not show, and that is not in it, as no log tells who came.
  let untold: UnseenRules
  /// Without a price, so that it is in nothing.
  let unpriced: [SpaceHardware]
  /// As of ``SpaceForecast``.
  let isOverruled: Bool

  private static let day: Int64 = 86_400
  /// What may cost less than it did.
  private static let uncertain: UnseenRules = [.shorterSleep, .upgrade]

  /// - Parameters: as of ``SpaceForecast``.
  ///   - days: in order, one at least.
  ///   - end: until when it is known what the Space was.
  init(
    of past: SpacePast, over days: [Range<Instant>], until end: Instant, now: Instant,
    under schedule: SpaceSchedule?, isGranted: Bool, prices: PriceTable, clock: WallClock, byLowBound: Bool
  ) {
    let coming = days[0].lowerBound..<days[days.count - 1].upperBound
    let rulesClock = schedule.map { WallClock($0.policy.zone) } ?? clock
    let seen = past.known(in: .distantPast..<end)
    let recorded = seen.isEmpty ? 0 : end - seen.lowerBound
    let alike = AnalogDays(days, at: end, recorded: recorded, clock: clock, rulesClock: rulesClock)
      .avoiding(past.isExceptional(under: schedule, at: now))
    let pattern = BilledPattern(
      past, under: schedule, in: coming, prices: prices, isGranted: isGranted, until: end, at: now,
      byLowBound: byLowBound)
    (unpriced, isOverruled) = (pattern.unpriced, pattern.isOverruled)
    let most = days.map(pattern.most)
    let least = pattern.settledPart(of: days)
    let seed = past.space.description

    if !isGranted, schedule?.isHeldPaused(throughout: coming) ?? false {
      // Until somebody starts it again: then its rules hold.
      var ruled = schedule
      ruled?.holds = []
      let before = BilledPattern(
        past, under: ruled, in: coming, prices: prices, isGranted: false, until: end, at: now)
      let weeks = RecentWeeks(
        alike, least: before.settledPart(of: days), most: days.map(before.most), cost: before.costs)
      (basis, untold) = (.stopped, [])
      paths = ForecastPaths(
        days: days, between: weeks.expected.map { Bounds(low: .zero, estimate: .zero, high: $0) })
      return
    }
    if let costs = pattern.settled(days) {
      (basis, untold) = (.rules, [])
      paths = ForecastPaths(days: days, certain: costs)
      return
    }
    let (unseen, byDay) =
      schedule.map { UnseenRules.find(in: $0, for: past, over: alike, at: now, prices: prices) } ?? ([], [])
    // A replay knows nothing of what people do by hand.
    if !unseen.isEmpty, !pattern.isOverruled, let schedule,
      let replayed = ReplayedWeeks(of: past, under: schedule, at: now, prices: prices, clock: clock)
    {
      let alike = AnalogDays(days, at: now, recorded: replayed.recorded, clock: clock, rulesClock: rulesClock)
      // One week does not tell how weeks differ.
      if alike.weeks.count > 1 {
        let weeks = RecentWeeks(alike, least: least, most: most, cost: replayed.costs)
        (basis, untold) = (.visits(weeks: weeks.count), [])
        paths = weeks.paths(seed: seed)
        return
      }
    }
    untold = unseen
    if recorded >= 14 * Self.day, alike.weeks.count > 1 {
      let weeks = RecentWeeks(alike, least: least, most: most, cost: pattern.costs)
      basis = .weeks(weeks.count)
      let unsure = byDay.indices.filter { !byDay[$0].isDisjoint(with: Self.uncertain) }
      let known = weeks.paths(seed: seed)
      paths = unseen.isDisjoint(with: Self.uncertain) ? known : known.orNothing(on: Set(unsure))
    } else if recorded >= 7 * Self.day {
      basis = .runRate
      paths = ForecastPaths(days: days, between: pattern.average(days, since: end - recorded))
    } else {
      basis = .unknown
      paths = ForecastPaths(
        days: days, between: zip(least, most).map { Bounds(low: $0, estimate: $0, high: max($0, $1)) })
    }
  }
}

extension ForecastPaths {
  /// Anything between bounds by day.
  fileprivate init(days: [Range<Instant>], between bounds: [Bounds<Money>]) {
    self.init(
      days: days, expected: bounds.map(\.estimate), courses: [bounds.map(\.low), bounds.map(\.high)])
  }
}

extension SpaceSchedule {
  /// Whether an exception, a hold or a budget is in force.
  func isOverridden(at instant: Instant) -> Bool { !overrides(in: instant..<instant + 1).isEmpty }

  /// Whether exceptions, holds or budgets, and not the rules, keep it paused.
  fileprivate func isHeldPaused(throughout range: Range<Instant>) -> Bool {
    desired(over: range).segments.allSatisfy { segment in
      guard case .override = segment.value.source(of: .state) else { return false }
      return segment.value.state?.value == .paused
    }
  }
}
