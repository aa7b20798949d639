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
    var latestMove: SpacePast.Move?
  }

  private let earlier: Timeline<Earlier>
  private let schedule: SpaceSchedule?
  /// Of late, people have asked for other hardware by hand than rules had.
  private let isOverruled: Bool
  /// What rules leave it at now.
  private var upkeep: Upkeep
  /// What rules ask for in the time to come, and what where an idle rule acts; nil where there are none.
  private let desired: Timeline<Settings>?
  private let desiredWhenIdle: Timeline<Settings>?
  private let coming: Range<Instant>
  private let prices: PriceTable
  private let isGranted: Bool
  /// Of the seconds that it was on hardware that costs money those in which it was awake: how much visitors keep it so.
  private let occupancy: (awake: Int64, of: Int64)
  /// The hardware that was asked for last, if it has stood for a day and was the only move within a week: it is taken
  /// to stay wherever rules name none.
  private let steadyHardware: SpaceHardware?
  /// The dearest that it was billed for; where that is nothing, what it was asked to be last.
  private let dearest: Billed?
  /// What was charged, and what that would be to the second: started minutes count.
  private let charged: (whole: Money, exact: Money)

  private static let week: Int64 = 7 * 86_400

  /// - Parameters:
  ///   - coming: the time to come.
  ///   - end: what came later is not looked at.
  ///   - byLowBound: goes by what is certain to have been billed, not by the estimate.
  init(
    _ past: SpacePast, under schedule: SpaceSchedule? = nil, in coming: Range<Instant>, prices: PriceTable,
    isGranted: Bool, until end: Instant, byLowBound: Bool = false
  ) {
    let known = Instant.distantPast..<end
    let billed = byLowBound ? past.usage.billed.low : past.usage.billed.estimate
    earlier = billed.clipped(to: known)
      .zip(past.wasSet(by: [.idle])) { Earlier(billed: $0, isIdle: $1) }
      .zip(past.moves) { Earlier(billed: $0.billed, isIdle: $0.isIdle, latestMove: $1) }
    self.schedule = schedule
    let desired = schedule?.desired(over: coming)
    self.desired = desired?.map(\.settings)
    let idle = schedule?.policy.idle?.set
    desiredWhenIdle = idle.flatMap { idle in
      desired?.map { desired in
        let (overriding, ruled) = desired.settingsByKind
        return overriding.completed(by: idle).completed(by: ruled)
      }
    }
    self.coming = coming
    self.prices = prices
    self.isGranted = isGranted
    upkeep = Upkeep(past.last(before: end)?.state, pause: past.ourPause(before: end))
    let states = past.states.clipped(to: known)
    steadyHardware = states.clipped(to: end - Self.week..<end).steadyHardware
    let recent = end - 8 * Self.week..<end
    isOverruled =
      schedule.map { $0.policy.drift != .enforce } ?? false
      && past.moves.clipped(to: recent).segments.contains {
        $0.value.map { $0.overrulesUs && recent.contains($0.at) } ?? false
      }
    dearest =
      billed.clipped(to: recent).segments.compactMap(\.value)
      .max { (prices.rate(of: $0, at: end) ?? .zero) < (prices.rate(of: $1, at: end) ?? .zero) }
      ?? past.latest.flatMap { state in
        state.requestedElseCurrentHardware.map { Billed(hardware: $0, replicas: max(1, state.replicas)) }
      }
    charged = (
      prices.lineItems(of: Bounds(certain: billed), in: recent, zone: .gmt).totalCost.estimate,
      HourlyCost.total(of: billed.clipped(to: recent), prices: prices)
    )
    occupancy = states.integrate(into: (awake: 0, of: 0)) { sums, segment in
      guard let state = segment.value, let hardware = state.currentElseRequestedHardware,
        !prices.isFree(hardware, at: segment.range.lowerBound),
        prices.isBillable(state.stage, at: segment.range.lowerBound) || state.stage.isAsleep
      else { return }
      sums.of += segment.range.seconds
      if !state.stage.isAsleep { sums.awake += segment.range.seconds }
    }
    if let move = past.moves.value(at: end - 1) ?? nil {
      upkeep.move(to: move.hardware, until: stand(of: move, from: move.at))
    }
  }

  /// What the days to come cost if each goes as an earlier one.
  func costs(of pairs: [AnalogDays.Pair]) -> [Money] {
    guard !isGranted else { return pairs.map { _ in .zero } }
    var upkeep = upkeep
    return pairs.map { pair in
      var cost = Money.zero
      var latestMove = earlier.value(at: pair.earlier.lowerBound - 1)?.latestMove
      for segment in earlier.clipped(to: pair.earlier).segments {
        let coming = segment.range.lowerBound + pair.shift..<segment.range.upperBound + pair.shift
        if let move = segment.value.latestMove, move != latestMove {
          latestMove = move
          upkeep.move(to: move.hardware, until: stand(of: move, from: coming.lowerBound))
        }
        let desired = segment.value.isIdle ? desiredWhenIdle ?? desired : desired
        for piece in (desired ?? Timeline(Settings(), over: coming)).clipped(to: coming).segments {
          for range in piece.range.parts(at: upkeep.hand?.until) {
            let settings = upkeep.take(piece.value, at: range.lowerBound)
            cost += self.cost(of: segment.value.billed, under: settings, in: range, &upkeep)
          }
        }
      }
      return charged.exact > .zero
        ? cost.scaled(by: charged.whole.nanoDollars, over: charged.exact.nanoDollars) : cost
    }
  }

  /// Until when a change by hand that overrules rules stands, if it is made at an instant.
  private func stand(of move: SpacePast.Move, from instant: Instant) -> Instant? {
    guard move.overrulesUs, let schedule, schedule.policy.drift != .enforce else { return nil }
    // What is asked for a time is asked against what usually happens then.
    if case .override = schedule.desired(at: instant).source(of: .hardware) { return nil }
    return schedule.nextBoundary(of: .hardware, after: instant)?.instant ?? .distantFuture
  }

  /// What a day to come costs if it is up throughout.
  func most(of day: Range<Instant>) -> Money {
    guard !isGranted else { return .zero }
    let usual = usual(dearest)
    guard let desired else { return prices.cost(of: usual, in: day) }
    return desired.clipped(to: day).integrate(into: .zero) {
      let asked = prices.cost(of: $1.value.billed(now: usual), in: $1.range)
      $0 += isOverruled ? max(asked, prices.cost(of: usual, in: $1.range)) : asked
    }
  }

  /// Hardware without a price that it may run on in days to come, by name: what that costs is in nothing.
  var unpriced: [SpaceHardware] {
    let asked = desired?.segments.map { $0.value.billed(now: usual(dearest)) } ?? [usual(dearest)]
    return Set(
      asked.compactMap { $0?.hardware }.filter { prices.hourlyPrice(of: $0, at: coming.lowerBound) == nil }
    ).sorted { $0.rawValue < $1.rawValue }
  }

  private func usual(_ billed: Billed?) -> Billed? {
    (steadyHardware ?? billed?.hardware).map { Billed(hardware: $0, replicas: billed?.replicas ?? 1) }
  }

  private func cost(
    of billed: Billed?, under settings: Settings, in range: Range<Instant>, _ upkeep: inout Upkeep
  ) -> Money {
    // What rules leave it on stays where they name none, until people move it.
    let live = upkeep.asked.map { Billed(hardware: $0, replicas: billed?.replicas ?? 1) } ?? usual(billed)
    guard let asked = settings.billed(now: live) else { return .zero }
    let whole = prices.cost(of: asked, in: range)
    if billed != nil { upkeep.isUp = true }
    // It is up whoever comes.
    if upkeep.isUp, upkeep.isSleepless, settings.hardware != nil { return whole }
    let started =
      range.lowerBound..<min(max(range.lowerBound, upkeep.upUntil ?? range.lowerBound), range.upperBound)
    let least = started.isEmpty ? .zero : prices.cost(of: asked, in: started)
    guard let billed else {
      upkeep.isUp = false
      return least
    }
    // Free hardware is up for two days after a visit, which tells little of when it is visited.
    guard prices.isFree(billed.hardware, at: range.lowerBound), whole > .zero, occupancy.of > 0 else {
      return whole
    }
    return least + (whole - least).scaled(by: Int128(occupancy.awake), over: Int128(occupancy.of))
  }

  /// What ranges to come cost where rules alone decide that, whoever comes; nil where they don't.
  func settled(_ ranges: [Range<Instant>]) -> [Money]? {
    if isGranted { return ranges.map { _ in .zero } }
    // Where an idle rule may act, visitors decide; where people overrule rules, they do.
    guard let desired, desiredWhenIdle ?? desired == desired, !isOverruled else { return nil }
    var upkeep = upkeep
    var costs: [Money] = []
    for range in ranges {
      var cost = Money.zero
      for piece in desired.clipped(to: range).segments {
        let settings = upkeep.take(piece.value, at: piece.range.lowerBound)
        if settings.state == .paused { continue }
        guard let billed = settings.billed() else { return nil }
        if prices.isFree(billed.hardware, at: piece.range.lowerBound) { continue }
        guard upkeep.isUp, upkeep.isSleepless else { return nil }
        cost += prices.cost(of: billed, in: piece.range)
      }
      costs.append(cost)
    }
    return costs
  }
}

extension Timeline<SpaceState?> {
  /// What was last asked for, where that has stood for a day, and nothing but one other hardware was asked for before.
  /// Nil for less than six days.
  fileprivate var steadyHardware: SpaceHardware? {
    var asked: [(hardware: SpaceHardware, since: Instant)] = []
    for segment in segments {
      guard let hardware = segment.value?.requestedElseCurrentHardware, hardware != asked.last?.hardware
      else { continue }
      asked.append((hardware, segment.range.lowerBound))
    }
    guard range.seconds >= 6 * 86_400, asked.count <= 2, let last = asked.last,
      range.upperBound - last.since >= 86_400
    else { return nil }
    return last.hardware
  }
}

extension Range<Instant> {
  /// Before an instant and from it on, where it is inside.
  fileprivate func parts(at instant: Instant?) -> [Range] {
    guard let instant, lowerBound < instant, instant < upperBound else { return [self] }
    return [lowerBound..<instant, instant..<upperBound]
  }
}
