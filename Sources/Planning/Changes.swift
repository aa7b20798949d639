import Pricing
import Schedules
import Spaces
import Timelines

/// How what is wanted and what is live become calls: where a rule becomes an action.
extension Planner {
  /// Adds the calls that move a Space to what is wanted, in the order in which they must be sent, and what
  /// was found as wanted already.
  func addChanges(to plan: inout SpacePlan, _ situation: Situation, _ wanted: Wanted, _ policy: Policy) {
    if situation.live.stage.needsMending {
      addDowngradeToFree(to: &plan, situation, wanted)
      return
    }
    var resume: (reason: String, cause: SpaceAction.Cause)?
    switch pause(of: situation, wanted, policy, now: now) {
    case .none: addPause(to: &plan, situation, wanted, policy)
    case .asWanted: plan.found[.state] = DesiredState.paused.rawValue
    case .kept(let reason):
      plan.leaveAlone(reason)
      return
    case .ends(let reason, let cause): resume = (reason, cause)
    }
    addSettings(to: &plan, situation, wanted, policy)
    if let resume {
      add(
        .restart(from: situation.live.stage), to: &plan, situation, reason: resume.reason,
        cause: resume.cause, .up)
    }
  }

  /// A Space that can't start before somebody mends it is only taken off hardware that would cost money.
  private func addDowngradeToFree(to plan: inout SpacePlan, _ situation: Situation, _ wanted: Wanted) {
    let stage = situation.live.stage
    guard let hardware = wanted.hardware, hardware.value != situation.hardware else { return }
    guard price(hardware.value, 1) == .zero else {
      plan.leaveAlone(
        "\(stage): it can't start before somebody mends it, so it is not moved to \(hardware.value)")
      return
    }
    add(
      .hardware(from: situation.hardware, to: hardware.value, sleep: nil), to: &plan, situation,
      reason: hardware.reason, cause: hardware.cause, .down)
  }

  private func addPause(to plan: inout SpacePlan, _ situation: Situation, _ wanted: Wanted, _ policy: Policy)
  {
    guard let state = wanted.state else { return }
    if state.value == .running {
      plan.found[.state] = DesiredState.running.rawValue
    } else if let reason = reasonToMove(.state, situation, state.reason, state.cause, policy, &plan) {
      add(.pause(from: situation.live.stage), to: &plan, situation, reason: reason, cause: state.cause, .down)
    }
  }

  private func addSettings(
    to plan: inout SpacePlan, _ situation: Situation, _ wanted: Wanted, _ policy: Policy
  ) {
    var target = situation.hardware
    var hardwareReason: String?
    if let hardware = wanted.hardware {
      if hardware.value == situation.hardware {
        plan.found[.hardware] = hardware.value.rawValue
      } else if let reason = reasonToMove(
        .hardware, situation, hardware.reason, hardware.cause, policy, &plan)
      {
        (target, hardwareReason) = (hardware.value, reason)
      }
    }
    // On cpu-basic the sleep time is 48 hours and there is one copy, whatever is asked: neither is compared,
    // and what the Hub shows there was set by nobody.
    let comesFromBasic = situation.hardware == .cpuBasic
    let (sleep, sleepReason) =
      target == .cpuBasic ? (nil, "") : sleepToSend(&plan, situation, wanted, policy, comesFromBasic)
    if let target, let reason = hardwareReason, let hardware = wanted.hardware {
      let copies = target == .cpuBasic || comesFromBasic ? 1 : situation.live.replicas
      let direction = Change.Direction(
        from: price(situation.hardware, situation.live.replicas), to: price(target, copies))
      add(
        .hardware(from: situation.hardware, to: target, sleep: sleep), to: &plan, situation, reason: reason,
        cause: hardware.cause, direction)
    } else if let sleep, let wanted = wanted.sleep {
      add(
        .sleep(from: situation.live.sleep, to: sleep), to: &plan, situation, reason: sleepReason,
        cause: wanted.cause, .level)
    }
    if target != .cpuBasic { addReplicas(to: &plan, situation, wanted, policy, target, comesFromBasic) }
  }

  /// Nil where the sleep time stays.
  private func sleepToSend(
    _ plan: inout SpacePlan, _ situation: Situation, _ wanted: Wanted, _ policy: Policy,
    _ comesFromBasic: Bool
  ) -> (SleepTime?, String) {
    guard let sleep = wanted.sleep else { return (nil, "") }
    if comesFromBasic { return (sleep.value, sleep.reason) }
    if sleep.value == situation.live.sleep {
      plan.found[.sleep] = String(sleep.value.hubSeconds)
      return (nil, "")
    }
    let reason = reasonToMove(.sleep, situation, sleep.reason, sleep.cause, policy, &plan)
    return (reason.map { _ in sleep.value }, reason ?? "")
  }

  private func addReplicas(
    to plan: inout SpacePlan, _ situation: Situation, _ wanted: Wanted, _ policy: Policy,
    _ target: SpaceHardware?,
    _ comesFromBasic: Bool
  ) {
    guard let replicas = wanted.replicas else { return }
    let live = comesFromBasic ? 1 : situation.requestedReplicas ?? situation.live.replicas
    if replicas.value == live {
      plan.found[.replicas] = String(live)
      return
    }
    let reason =
      comesFromBasic
      ? replicas.reason : reasonToMove(.replicas, situation, replicas.reason, replicas.cause, policy, &plan)
    guard let reason else { return }
    add(
      .replicas(from: live, to: replicas.value), to: &plan, situation, reason: reason, cause: replicas.cause,
      replicas.value > live ? .up : .down)
  }

  /// Why a setting is moved; nil where a change by hand is left, which the plan then tells.
  private func reasonToMove(
    _ setting: Setting, _ situation: Situation, _ reason: String, _ cause: SpaceAction.Cause,
    _ policy: Policy,
    _ plan: inout SpacePlan
  ) -> String? {
    // Idle wins over respected drift: a change by hand counted as use.
    if cause == .idle { return reason }
    let clock = WallClock(policy.zone)
    func hand(_ changedAfter: Instant?) -> String {
      "\(setting.rawValue) changed by hand" + (changedAfter.map { " after \(clock.reading(at: $0))" } ?? "")
    }
    switch DriftJudgement(setting, of: situation, policy: policy, now: now) {
    case .apply: return reason
    case .putBack(let changedAfter): return "\(hand(changedAfter)), put back (drift: enforce); \(reason)"
    case .respect(let changedAfter):
      let until = policy.nextBoundary(after: now).map {
        "until the next boundary, \(clock.reading(at: $0.instant))"
      }
      plan.leaveAlone("\(hand(changedAfter)); left so \(until ?? "as no boundary is to come")")
      return nil
    case .report(let changedAfter):
      plan.leaveAlone("\(hand(changedAfter)); only reported (drift: report)")
      return nil
    }
  }

  // MARK: One call

  /// Adds a call, unless it has to wait for a build or the idle rule has no right to it.
  private func add(
    _ call: Change.Call, to plan: inout SpacePlan, _ situation: Situation, reason: String,
    cause: SpaceAction.Cause,
    _ direction: Change.Direction
  ) {
    if situation.live.stage.isBuilding, direction == .up {
      plan.notes.append("\(call) waits until the build is done")
      return
    }
    if cause == .idle, direction == .up {
      plan.notes.append("\(call) refused: an idle rule may not upgrade")
      return
    }
    let before = plan.rateAfter
    plan.changes.append(
      Change(
        call: call, reason: reason, cause: cause, direction: direction, rateBefore: before,
        rateAfter: rate(after: call, in: plan, situation)))
  }

  /// Money an hour after a call that follows the plan's others; nil where the hardware has no price. A change
  /// of hardware starts the Space, and starting is billed, unless it is paused.
  private func rate(after call: Change.Call, in plan: SpacePlan, _ situation: Situation) -> Money? {
    let (live, before) = (situation.live, plan.rateAfter)
    var hardware = situation.hardware
    var isPaused = live.stage == .paused
    for change in plan.changes {
      if case .hardware(_, let to, _) = change.call { hardware = to }
      if case .pause = change.call { isPaused = true }
    }
    func starting(_ hardware: SpaceHardware?) -> Money? {
      rate(.appStarting, hardware, hardware == .cpuBasic ? 1 : live.replicas)
    }
    switch call {
    case .pause: return .zero
    case .sleep: return before
    case .hardware(_, let to, _): return isPaused || live.stage.needsMending ? .zero : starting(to)
    case .replicas(let from, let to):
      return from > 0 ? before?.scaled(by: Int128(to), over: Int128(from)) : before
    case .restart: return starting(hardware)
    }
  }

  /// Money an hour, were it billed; nil without a price.
  private func price(_ hardware: SpaceHardware?, _ replicas: Int) -> Money? {
    hardware.flatMap { prices.hourlyPrice(of: $0, at: now) }?.scaled(by: Int128(replicas), over: 1)
  }
}
