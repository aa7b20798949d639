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
    let pattern = BilledPattern(
      past, under: schedule, in: coming, prices: prices, isGranted: isGranted, until: end,
      byLowBound: byLowBound)
    unpriced = pattern.unpriced
    let most = days.map(pattern.most)
    let seed = past.space.description

    if !isGranted, schedule?.isHeldPaused(throughout: coming) ?? false {
      // Until somebody starts it again.
      let before = BilledPattern(past, in: coming, prices: prices, isGranted: false, until: end)
      let weeks = RecentWeeks(alike, most: days.map(before.most), cost: before.costs)
      (basis, untold) = (.stopped, [])
      paths = ForecastPaths(days: days, upTo: weeks.expected)
      return
    }
    if let costs = pattern.settled(days) {
      (basis, untold) = (.rules, [])
      paths = ForecastPaths(days: days, certain: costs)
      return
    }
    let (unseen, byDay) =
      schedule.map { UnseenRules.find(in: $0, for: past, over: alike, prices: prices) } ?? ([], [])
    if !unseen.isEmpty, let schedule,
      let replayed = ReplayedWeeks(of: past, under: schedule, at: now, prices: prices, clock: clock)
    {
      let alike = AnalogDays(days, at: now, recorded: replayed.recorded, clock: clock, rulesClock: rulesClock)
      // One week does not tell how weeks differ.
      if alike.weeks.count > 1 {
        let weeks = RecentWeeks(alike, most: most, cost: replayed.costs)
        (basis, untold) = (.visits(weeks: weeks.count), [])
        paths = weeks.paths(seed: seed)
        return
      }
    }
    untold = unseen
    let known: ForecastPaths
    if recorded >= 14 * Self.day, alike.weeks.count > 1 {
      let weeks = RecentWeeks(alike, most: most, cost: pattern.costs)
      basis = .weeks(weeks.count)
      known = weeks.paths(seed: seed)
    } else if recorded >= 7 * Self.day {
      basis = .runRate
      let cost = past.usage.hardwareLines(in: end - recorded..<end, prices: prices).totalCost.estimate
      let average = zip(days, most).map {
        min(cost.scaled(by: Int128($0.seconds), over: Int128(recorded)), $1)
      }
      known = ForecastPaths(
        days: days, upTo: zip(average, most).map { min($0 + $0, $1) }, expecting: average)
    } else {
      basis = .unknown
      known = ForecastPaths(days: days, upTo: most)
    }
    let isUnsure = !unseen.isDisjoint(with: Self.uncertain)
    let unsure = byDay.indices.filter { !byDay[$0].isDisjoint(with: Self.uncertain) }
    paths = isUnsure ? known.orNothing(on: Set(unsure)) : known
  }
}

extension ForecastPaths {
  /// Anything from nothing to some costs by day.
  /// - Parameter expected: nil for nothing.
  fileprivate init(days: [Range<Instant>], upTo most: [Money], expecting expected: [Money]? = nil) {
    let nothing = days.map { _ in Money.zero }
    self.init(days: days, expected: expected ?? nothing, courses: [nothing, most])
  }
}

extension SpaceSchedule {
  /// Whether exceptions, holds or budgets, and not the rules, keep it paused.
  fileprivate func isHeldPaused(throughout range: Range<Instant>) -> Bool {
    desired(over: range).segments.allSatisfy { segment in
      guard case .override = segment.value.source(of: .state) else { return false }
      return segment.value.state?.value == .paused
    }
  }
}
