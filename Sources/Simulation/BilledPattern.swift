import Money
import Planning
import Pricing
import Schedules
import Spaces
import Timelines

/// What a Space was billed for, as a pattern for days to come: under the rules and at the prices of those days.
struct BilledPattern {
  private struct Earlier: Equatable {
    let billed: Billed?
    /// What an idle rule had set held.
    let isIdle: Bool
  }

  private let earlier: Timeline<Earlier>
  /// What rules ask for in the time to come, and what where an idle rule acts; nil where there are none.
  private let desired: Timeline<Settings>?
  private let desiredWhenIdle: Timeline<Settings>?
  private let prices: PriceTable
  private let isGranted: Bool
  /// How much of the time it was up that it ran on hardware that costs money, where rules put it there: the share of
  /// the time in which visitors keep it awake.
  private let occupancy: (awake: Int64, of: Int64)
  /// What was asked for throughout the last week: what no rule names stays so.
  private let steadyHardware: SpaceHardware?

  private static let week: Int64 = 7 * 86_400

  /// - Parameters:
  ///   - coming: the time to come.
  ///   - end: what came later is not looked at.
  ///   - leastKnown: goes by what is certain to have been billed, not by the estimate.
  init(
    _ past: SpacePast, under schedule: SpaceSchedule? = nil, in coming: Range<Instant>, prices: PriceTable,
    isGranted: Bool, until end: Instant, leastKnown: Bool = false
  ) {
    let known = Instant.distantPast..<end
    let billed = leastKnown ? past.usage.billed.low : past.usage.billed.estimate
    earlier = billed.clipped(to: known).zip(past.idled) { Earlier(billed: $0, isIdle: $1) }
    let desired = schedule?.desired(over: coming)
    self.desired = desired?.map(\.settings)
    let idle = schedule?.policy.idle?.set
    desiredWhenIdle = idle.flatMap { idle in
      desired?.map { desired in
        let (overriding, ruled) = desired.settingsByKind
        return overriding.completed(by: idle).completed(by: ruled)
      }
    }
    self.prices = prices
    self.isGranted = isGranted
    let states = past.states.clipped(to: known)
    let recent = states.clipped(to: end - Self.week..<end)
    let asked = Set(recent.segments.compactMap { $0.value?.currentElseRequestedHardware })
    steadyHardware = recent.range.seconds >= Self.week - 86_400 && asked.count == 1 ? asked.first : nil
    occupancy = states.integrate(into: (awake: 0, of: 0)) { sums, segment in
      guard let state = segment.value, let hardware = state.currentElseRequestedHardware,
        !prices.isFree(hardware, at: segment.range.lowerBound),
        prices.isBillable(state.stage, at: segment.range.lowerBound) || state.stage.isAsleep
      else { return }
      sums.of += segment.range.seconds
      if !state.stage.isAsleep { sums.awake += segment.range.seconds }
    }
  }

  /// What a day to come costs if it goes as an earlier one.
  func cost(of pair: AlikeDays.Pair) -> Money {
    guard !isGranted else { return .zero }
    return earlier.clipped(to: pair.earlier).integrate(into: Money.zero) { total, segment in
      let coming = segment.range.lowerBound + pair.shift..<segment.range.upperBound + pair.shift
      let billed = segment.value.billed
      guard let desired = segment.value.isIdle ? desiredWhenIdle ?? desired : desired else {
        total += cost(of: billed, under: Settings(), in: coming)
        return
      }
      for piece in desired.clipped(to: coming).segments {
        total += cost(of: billed, under: piece.value, in: piece.range)
      }
    }
  }

  /// What a range cost: hardware alone, to the second.
  func cost(of range: Range<Instant>) -> Money {
    guard !isGranted else { return .zero }
    return earlier.clipped(to: range).integrate(into: Money.zero) {
      $0 += prices.cost(of: $1.value.billed, in: $1.range)
    }
  }

  private func cost(of billed: Billed?, under settings: Settings, in range: Range<Instant>) -> Money {
    let usual = (steadyHardware ?? billed?.hardware).map {
      Billed(hardware: $0, replicas: billed?.replicas ?? 1)
    }
    guard let asked = settings.billed(now: usual) else { return .zero }
    let whole = prices.cost(of: asked, in: range)
    // It is up whoever comes.
    if settings.hardware != nil, settings.sleep == .never { return whole }
    guard let billed else { return .zero }
    // Free hardware is up for two days after a visit, which tells little of when it is visited.
    guard prices.isFree(billed.hardware, at: range.lowerBound), whole > .zero, occupancy.of > 0 else {
      return whole
    }
    return whole.scaled(by: Int128(occupancy.awake), over: Int128(occupancy.of))
  }

  /// What ranges to come cost where rules alone decide that, whoever comes; nil where they don't.
  func settled(_ ranges: [Range<Instant>]) -> [Money]? {
    if isGranted { return ranges.map { _ in .zero } }
    // Where an idle rule may act, visitors decide.
    guard let desired, desiredWhenIdle ?? desired == desired else { return nil }
    var costs: [Money] = []
    for range in ranges {
      var cost = Money.zero
      for piece in desired.clipped(to: range).segments {
        let settings = piece.value
        if settings.state == .paused { continue }
        guard let billed = settings.billed() else { return nil }
        if prices.isFree(billed.hardware, at: piece.range.lowerBound) { continue }
        guard settings.sleep == .never else { return nil }
        cost += prices.cost(of: billed, in: piece.range)
      }
      costs.append(cost)
    }
    return costs
  }
}
