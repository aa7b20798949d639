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
  let isOverruled: Bool
  /// What rules leave it at now.
  private var upkeep: Upkeep
  /// What rules ask for in the time to come, and what where an idle rule acts; nil where there are none.
  private let asked: Timeline<Asked>?
  private let askedWhenIdle: Timeline<Asked>?
  private let coming: Range<Instant>
  private let prices: PriceTable
  private let isGranted: Bool
  /// Seconds on hardware that costs money.
  private let paid: (awake: Int64, asleep: Int64, halted: Int64)
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
    isGranted: Bool, until end: Instant, at now: Instant, byLowBound: Bool = false
  ) {
    let known = Instant.distantPast..<end
    let moves = past.moves
    let billed = byLowBound ? past.usage.billed.low : past.usage.billed.estimate
    earlier = billed.clipped(to: known)
      .zip(past.wasSet(by: [.idle])) { Earlier(billed: $0, isIdle: $1) }
      .zip(moves) { Earlier(billed: $0.billed, isIdle: $0.isIdle, latestMove: $1) }
    self.schedule = schedule
    let desired = schedule?.desired(over: coming)
    asked = desired?.map {
      let (overriding, ruled) = $0.settingsByKind
      return Asked(overriding: overriding, lasting: ruled)
    }
    let idle = schedule?.policy.idle?.set
    askedWhenIdle = idle.flatMap { idle in
      desired?.map { desired in
        let (overriding, ruled) = desired.settingsByKind
        let lasting = idle.completed(by: ruled)
        return Asked(overriding: overriding, lasting: lasting)
      }
    }
    self.coming = coming
    self.prices = prices
    self.isGranted = isGranted
    upkeep = Upkeep(past.last(before: end)?.state, pause: past.ourPause(before: end))
    let states = past.states.clipped(to: known)
    let isExceptional = past.isExceptional(.hardware, under: schedule, at: now)
    steadyHardware =
      states.zip(isExceptional) { $1 ? nil : $0 }.clipped(to: end - Self.week..<end).steadyHardware
    let recent = end - 8 * Self.week..<end
    isOverruled =
      schedule.map { $0.policy.drift != .enforce } ?? false
      && moves.clipped(to: recent).segments.contains {
        $0.value.map { $0.overrulesUs && recent.contains($0.at) } ?? false
      }
    dearest =
      billed.zip(isExceptional) { $1 ? nil : $0 }.clipped(to: recent).segments.compactMap(\.value)
      .max { (prices.rate(of: $0, at: end) ?? .zero) < (prices.rate(of: $1, at: end) ?? .zero) }
      ?? past.latest.flatMap { state in
        state.requestedElseCurrentHardware.map { Billed(hardware: $0, replicas: max(1, state.replicas)) }
      }
    charged = (
      prices.lineItems(of: Bounds(certain: billed), in: recent, zone: .gmt).totalCost.estimate,
      HourlyCost.total(of: billed.clipped(to: recent), prices: prices)
    )
    paid = states.integrate(into: (awake: 0, asleep: 0, halted: 0)) { paid, segment in
      guard let state = segment.value, let hardware = state.currentElseRequestedHardware,
        !prices.isFree(hardware, at: segment.range.lowerBound)
      else { return }
      if state.stage.isAsleep {
        paid.asleep += segment.range.seconds
      } else if prices.isBillable(state.stage, at: segment.range.lowerBound) {
        paid.awake += segment.range.seconds
      } else {
        paid.halted += segment.range.seconds
      }
    }
    if let move = moves.value(at: end - 1) ?? nil {
      upkeep.take(move, until: stand(of: move, from: move.at))
    }
    upkeep.goBack(to: past.overridden(before: end).before)
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
          upkeep.take(move, until: stand(of: move, from: coming.lowerBound))
        }
        let asked = segment.value.isIdle ? askedWhenIdle ?? asked : asked
        for piece in (asked ?? Timeline(Asked(), over: coming)).clipped(to: coming).segments {
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
    guard isOverruled, move.overrulesUs, let schedule else { return nil }
    // What is asked for a time is asked against what usually happens then.
    if case .override = schedule.desired(at: instant).source(of: .hardware) { return nil }
    return schedule.nextBoundary(of: .hardware, after: instant)?.instant ?? .distantFuture
  }

  /// What a day to come costs if it is up throughout.
  func most(of day: Range<Instant>) -> Money {
    guard !isGranted else { return .zero }
    guard let asked else { return prices.cost(of: usual(dearest), in: day) }
    return asked.clipped(to: day).integrate(into: .zero) {
      $0 += most(under: $1.value.settings, in: $1.range)
    }
  }

  private func most(under settings: Settings, in range: Range<Instant>) -> Money {
    let usual = usual(dearest)
    let cost = prices.cost(of: settings.billed(now: usual), in: range)
    return isOverruled ? max(cost, prices.cost(of: usual, in: range)) : cost
  }

  /// Hardware without a price that it may run on in days to come, by name: what that costs is in nothing.
  var unpriced: [SpaceHardware] {
    let billed = asked?.segments.map { $0.value.settings.billed(now: usual(dearest)) } ?? [usual(dearest)]
    return Set(
      billed.compactMap { $0?.hardware }.filter { prices.hourlyPrice(of: $0, at: coming.lowerBound) == nil }
    ).sorted { $0.rawValue < $1.rawValue }
  }

  private func usual(_ billed: Billed?) -> Billed? {
    (steadyHardware ?? billed?.hardware).map { Billed(hardware: $0, replicas: billed?.replicas ?? 1) }
  }

  private func cost(
    of billed: Billed?, under settings: Settings, in range: Range<Instant>, _ upkeep: inout Upkeep
  ) -> Money {
    guard let asked = settings.billed(now: usual(billed)) else { return .zero }
    let whole = prices.cost(of: asked, in: range)
    if billed != nil { upkeep.isUp = true }
    // It is up whoever comes.
    if upkeep.isUp, upkeep.isSleepless, settings.hardware != nil { return whole }
    let least = prices.cost(of: asked, in: range.clamped(to: .distantPast..<(upkeep.upUntil ?? .distantPast)))
    guard let billed else {
      upkeep.isUp = false
      return least
    }
    // Free hardware is up for two days after a visit, which tells little of when it is visited.
    let visited = paid.awake + paid.asleep
    guard prices.isFree(billed.hardware, at: range.lowerBound), whole > .zero, visited > 0 else {
      return whole
    }
    return least + (whole - least).scaled(by: Int128(paid.awake), over: Int128(visited))
  }

  /// What rules settle of the days to come, whoever comes.
  func settledPart(of days: [Range<Instant>]) -> [Money] {
    guard !isGranted else { return days.map { _ in .zero } }
    var upkeep = upkeep
    return days.map { day in pieces(of: day, &upkeep).reduce(.zero) { $0 + ($1.settled ?? .zero) } }
  }

  /// What the days to come cost at their prices where rules settle it; beyond that what it was billed for on average,
  /// or anything from nothing to twice that. What people do by hand instead of rules is part of the average.
  ///
  /// - Parameter start: of what is averaged.
  func average(_ days: [Range<Instant>], since start: Instant) -> [Bounds<Money>] {
    let known = earlier.clipped(to: start..<earlier.range.upperBound)
    let seconds = known.integrate(into: [Billed?: Int64]()) {
      $0[$1.value.billed, default: 0] += $1.range.seconds
    }
    func average(_ whole: Money, under settings: Settings, in range: Range<Instant>) -> Money? {
      if settings.hardware == nil || isOverruled {
        return seconds.reduce(.zero) {
          $0
            + prices.cost(of: $1.key, in: range).scaled(
              by: Int128($1.value), over: Int128(max(1, known.range.seconds)))
        }
      }
      let onPaid = paid.awake + paid.asleep + paid.halted
      return onPaid == 0 ? nil : whole.scaled(by: Int128(paid.awake), over: Int128(onPaid))
    }
    var upkeep = upkeep
    return days.map { day in
      pieces(of: day, &upkeep).reduce(.zero) { sum, piece in
        if let settled = piece.settled, !isOverruled { return sum + Bounds(certain: settled) }
        let whole = most(under: piece.settings, in: piece.range)
        let expected = average(whole, under: piece.settings, in: piece.range).map { min($0, whole) }
        return sum
          + Bounds(
            low: .zero, estimate: expected ?? .zero, high: expected.map { min($0 + $0, whole) } ?? whole)
      }
    }
  }

  /// What is asked for in a day to come, piece by piece, and what each costs where settings alone decide that.
  private func pieces(
    of day: Range<Instant>, _ upkeep: inout Upkeep
  ) -> [(settings: Settings, range: Range<Instant>, settled: Money?)] {
    var pieces: [(settings: Settings, range: Range<Instant>, settled: Money?)] = []
    for piece in (asked ?? Timeline(Asked(), over: day)).clipped(to: day).segments {
      for range in piece.range.parts(at: upkeep.hand?.until) {
        let settings = upkeep.take(piece.value, at: range.lowerBound)
        let settled = settled(settings, in: range, upkeep)
        if settled == nil { upkeep.isUp = false }
        pieces.append((settings, range, settled))
      }
    }
    return pieces
  }

  /// What a range to come costs where settings alone decide that, whoever comes; nil where they don't.
  private func settled(_ settings: Settings, in range: Range<Instant>, _ upkeep: Upkeep) -> Money? {
    if settings.state == .paused { return .zero }
    guard let billed = settings.billed() else { return nil }
    if prices.isFree(billed.hardware, at: range.lowerBound) { return .zero }
    return upkeep.isUp && upkeep.isSleepless ? prices.cost(of: billed, in: range) : nil
  }

  /// What ranges to come cost where rules alone decide that, whoever comes; nil where they don't.
  func settled(_ ranges: [Range<Instant>]) -> [Money]? {
    if isGranted { return ranges.map { _ in .zero } }
    // Where an idle rule may act, visitors decide; where people overrule rules, they do.
    guard let asked, askedWhenIdle ?? asked == asked, !isOverruled else { return nil }
    var upkeep = upkeep
    var costs: [Money] = []
    for range in ranges {
      var cost = Money.zero
      for piece in asked.clipped(to: range).segments {
        let settings = upkeep.take(piece.value, at: piece.range.lowerBound)
        // What is only left so people may move.
        guard piece.value.settings.hardware != nil || settings.state == .paused,
          let settled = settled(settings, in: piece.range, upkeep)
        else { return nil }
        cost += settled
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
