import Money
import Pricing
import Schedules
import Spaces
import Timelines

/// What is wanted and what is live, and the calls between them: where a rule becomes an action.
struct PlanDraft {
  let situation: Situation
  let wanted: Wanted
  let schedule: SpaceSchedule
  let prices: PriceTable
  let now: Instant
  /// In the order in which they must be sent.
  private(set) var changes: [Change] = []
  /// Settings that are as wanted already.
  private(set) var found: [Setting: String] = [:]
  /// Why settings are left that are not as wanted.
  private(set) var left: [String] = []
  /// Those of them that somebody changed by hand, which is left until the setting's next boundary.
  private(set) var respected: [Setting] = []
  /// Until when settings that somebody changed by hand stay so, if nobody intervenes.
  private(set) var keptUntil: [Setting: Instant] = [:]
  /// It is paused, and nothing that is known ends that.
  private(set) var staysPaused = false
  /// What the Space will be after the calls so far.
  private(set) var projected: SpaceState

  init(_ situation: Situation, _ wanted: Wanted, _ schedule: SpaceSchedule, prices: PriceTable, now: Instant)
  {
    self.situation = situation
    self.wanted = wanted
    self.schedule = schedule
    self.prices = prices
    self.now = now
    projected = situation.live
    if situation.live.stage.needsMending {
      moveToFreeHardware()
    } else {
      moveAll()
    }
  }

  var clock: WallClock { WallClock(schedule.policy.zone) }

  private mutating func moveAll() {
    switch judgePause() {
    case .notPaused:
      if let state = toMove(.state, wanted.state, \.rawValue) {
        add(.pause(from: situation.live.stage), state.reason, state.cause)
      }
      moveSettings()
    case .asWanted:
      found[.state] = DesiredState.paused.rawValue
      moveSettings()
    case .kept(let reason):
      left.append(reason)
      staysPaused = true
    case .ends(let reason, let cause):
      moveSettings()
      // Who holds a Space that a rule has paused wants it up.
      let isForHold = [wanted.state?.cause, wanted.hardware?.cause].contains(.hold)
      add(.restart(from: situation.live.stage), reason, isForHold ? .hold : cause)
    }
  }

  private mutating func moveSettings() {
    let hardware = toMove(.hardware, wanted.hardware, \.rawValue)
    // On cpu-basic the sleep time is 48 hours and there is one copy, whatever is asked: neither is compared.
    if hardware?.value ?? situation.hardware == .cpuBasic {
      if let hardware { add(hardware, sleep: nil) }
      return
    }
    // What the Hub shows of them on cpu-basic was set by nobody, and is forgotten on the way up.
    let comesFromBasic = situation.hardware == .cpuBasic
    let sleep = comesFromBasic ? wanted.sleep : toMove(.sleep, wanted.sleep, \.hubSeconds.description)
    let replicas = comesFromBasic ? wanted.replicas : toMove(.replicas, wanted.replicas, \.description)
    let sleepAlone = sleep.map {
      change(.sleep(from: situation.live.sleep, to: $0.value), $0.reason, $0.cause)
    }
    if let hardware {
      // Both go in one call, unless a budget is in the way of one of them.
      let isApart =
        !comesFromBasic && sleepAlone.map { isRefused($0) != isRefused(change(hardware)) } ?? false
      add(hardware, sleep: isApart ? nil : sleep)
      if isApart, let sleepAlone { add(sleepAlone) }
    } else if let sleepAlone {
      add(sleepAlone)
    }
    // It stays on cpu-basic where a budget or a build is in the way.
    if let replicas, replicas.value != situation.replicas, projected.requestedHardware != .cpuBasic {
      add(.replicas(from: situation.replicas, to: replicas.value), replicas.reason, replicas.cause)
    }
  }

  /// A Space that can't start before somebody mends it is only taken off hardware that would cost money.
  private mutating func moveToFreeHardware() {
    guard let hardware = toMove(.hardware, wanted.hardware, \.rawValue) else {
      let isFree = situation.hardware.map { prices.isFree($0, at: now) } ?? true
      if !isFree, left.isEmpty {
        left.append("\(situation.live.stage): it can't start before somebody mends it")
      }
      return
    }
    if prices.isFree(hardware.value, at: now) {
      add(hardware, sleep: nil)
    } else {
      left.append(
        "\(situation.live.stage): it can't start before somebody mends it, so it is not moved to \(hardware.value)"
      )
    }
  }

  /// What has to be moved, and why; nil where it stays, as it is as wanted or a change by hand is left.
  private mutating func toMove<Value>(
    _ setting: Setting, _ wanted: Wanted.Decision<Value>?, _ text: (Value) -> String
  ) -> Wanted.Decision<Value>? {
    guard var wanted else { return nil }
    let value = text(wanted.value)
    // What the Hub does not tell is not compared.
    guard situation.liveValue(of: setting) != nil else { return nil }
    guard value != situation.liveValue(of: setting) else {
      found[setting] = value
      return nil
    }
    // Idle wins over respected drift: a change by hand counted as use.
    if wanted.cause == .idle { return wanted }
    func hand(_ changedAfter: Instant?) -> String {
      "\(setting.rawValue) changed by hand" + (changedAfter.map { " after \(clock.text(at: $0))" } ?? "")
    }
    switch DriftJudgement(setting, of: situation, schedule, cause: wanted.cause, now: now) {
    case .apply: return wanted
    case .putBack(let changedAfter):
      wanted.reason = "\(hand(changedAfter)), put back (drift: enforce); \(wanted.reason)"
      return wanted
    case .respect(let changedAfter):
      let boundary = schedule.nextBoundary(of: setting, after: now)?.instant
      let until = boundary.map { "until the next boundary, \(clock.text(at: $0))" }
      respected.append(setting)
      keptUntil[setting] = boundary ?? .distantFuture
      left.append("\(hand(changedAfter)); left so \(until ?? "as no boundary is to come")")
      return nil
    case .report(let changedAfter):
      keptUntil[setting] = .distantFuture
      left.append("\(hand(changedAfter)); only reported (drift: report)")
      return nil
    }
  }

  private mutating func add(_ hardware: Wanted.Decision<SpaceHardware>, sleep: Wanted.Decision<SleepTime>?) {
    let others = (0..<(wanted.choice?.alternatives ?? 0)).compactMap { wanted.hardware(after: $0 + 1) }
    // What it has already is not asked for: that would only restart it.
    let asked = others.prefix { $0.value != situation.hardware }
    var first = change(hardware, sleep: sleep)
    first.alternatives = asked.map { change($0, sleep: sleep) }
    first.keepsWhereRefused = asked.count < others.count
    add(first)
  }

  private mutating func add(_ call: Change.Call, _ reason: String, _ cause: SpaceAction.Cause) {
    add(change(call, reason, cause))
  }

  /// Adds a call, unless it has to wait for a build, which a pause ends, or a budget is in its way.
  private mutating func add(_ change: Change) {
    if situation.live.stage.isBuilding, projected.stage != .paused, change.direction == .up {
      left.append("\(change.call) waits until the build is done; \(change.reason)")
      return
    }
    if let refusal = situation.upgradeRefusal, isRefused(change) {
      left.append("\(change.call) is not made: \(refusal); \(change.reason)")
      return
    }
    var change = change
    change.alternatives.removeAll(where: isRefused)
    changes.append(change)
    projected = change.call.effect(on: projected)
  }

  /// Whether a budget is in the way of a call, which it is of no hold.
  private func isRefused(_ change: Change) -> Bool {
    situation.upgradeRefusal != nil && change.cause != .hold && change.mayCostMore
  }

  private func change(
    _ hardware: Wanted.Decision<SpaceHardware>, sleep: Wanted.Decision<SleepTime>? = nil
  ) -> Change {
    var change = change(
      .hardware(from: situation.hardware, to: hardware.value, sleep: sleep?.value), hardware.reason,
      hardware.cause)
    change.sleepCause = sleep?.cause
    return change
  }

  /// A call as the Space is after those so far.
  private func change(_ call: Change.Call, _ reason: String, _ cause: SpaceAction.Cause) -> Change {
    let next = call.effect(on: projected)
    return Change(
      call: call, reason: reason, cause: cause, direction: direction(of: call, to: next),
      rateBefore: rate(of: projected), rateAfter: rate(of: next),
      pausesWhereRefused: schedule.policy.pausesWhereRefused && !isHeldRunning)
  }

  /// Somebody holds it up.
  private var isHeldRunning: Bool { wanted.state?.cause == .hold && wanted.state?.value == .running }

  /// Money an hour; nothing where a grant pays.
  private func rate(of state: SpaceState) -> Money? {
    schedule.policy.isGranted ? .zero : prices.rate(of: state, at: now)
  }

  private func direction(of call: Change.Call, to next: SpaceState) -> Change.Direction {
    switch call {
    case .pause: .down
    case .restart: .up
    case .sleep: .level
    case .replicas(let from, let to): to > from ? .up : .down
    case .hardware:
      Change.Direction(
        from: prices.potential(of: projected.asRequested, at: now),
        to: prices.potential(of: next, at: now))
    }
  }
}

extension Change.Call {
  /// What becomes of a Space's state: a change of hardware starts it, unless it is paused.
  fileprivate func effect(on state: SpaceState) -> SpaceState {
    var state = state
    switch self {
    case .hardware(_, let to, _):
      state.requestedHardware = to
      if state.stage != .paused { state.stage = .appStarting }
      return state.asRequested
    case .sleep: break
    case .replicas(_, let to): state.replicas = to
    case .pause: state.stage = .paused
    case .restart:
      state.stage = .appStarting
      return state.asRequested
    }
    return state
  }
}

extension SpaceState {
  /// Once it runs on what was last asked for.
  fileprivate var asRequested: SpaceState {
    var state = self
    state.hardware = requestedElseCurrentHardware
    return state
  }
}
