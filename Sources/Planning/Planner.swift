public import Pricing
import Schedules
import Spaces
public import Timelines

/// Works out what one Space needs. Pure: the same situation, prices and instant give the same plan.
public struct Planner: Sendable {
  let prices: PriceTable
  let now: Instant

  public init(prices: PriceTable, now: Instant) {
    self.prices = prices
    self.now = now
  }

  /// Whether the plan depends on the Space's past (its intervals, actions, and when it appeared).
  public func needsPast(_ situation: Situation) -> Bool {
    guard case .policy(let policy, let match) = situation.assignment else {
      return !situation.applied.isEmpty
    }
    if isOutOfReach(situation, policy: policy, match: match) != nil { return false }
    if situation.live.stage == .paused || situation.live.stage == .runtimeError { return true }
    if policy.idle != nil, isBilled(situation) { return true }
    return plan(situation).verdict != .asDesired
  }

  /// Whether the plan depends on the Space's log and metrics: only where its idle rule could change it.
  public func needsActivity(_ situation: Situation) -> Bool {
    guard case .policy(let policy, let match) = situation.assignment, let idle = policy.idle,
      isOutOfReach(situation, policy: policy, match: match) == nil, isBilled(situation),
      situation.live.hardware != .zeroA10G,
      IdleInForce(situation, policy: policy, now: now) == nil,
      IdleJudgement.recentUse(situation, after: idle.after, now: now) == nil
    else { return false }
    var ifIdle = wanted(situation, policy)
    ifIdle.overlay(idle: idle.set, reason: "")
    return calls(for: ifIdle, situation, policy) != calls(for: wanted(situation, policy), situation, policy)
  }

  private func calls(for wanted: Wanted, _ situation: Situation, _ policy: Policy) -> [Change.Call] {
    var plan = SpacePlan(space: situation.space, live: situation.live)
    addChanges(to: &plan, situation, wanted, policy)
    return plan.changes.map(\.call)
  }

  /// The plan for one Space.
  public func plan(_ situation: Situation) -> SpacePlan {
    var plan = SpacePlan(space: situation.space, live: situation.live)
    plan.rate = rate(
      situation.live.stage, situation.live.currentElseRequestedHardware, situation.live.replicas)
    switch situation.assignment {
    case .unmanaged: planUnmanaged(&plan, situation)
    case .conflict(let policies):
      plan.leaveAlone(
        "policies \(policies.map(\.name).joined(separator: " and ")) both claim it; give its exact name to one of them"
      )
    case .policy(let policy, let match):
      plan.policy = policy.name
      if match.isFormerName {
        plan.notes.append(
          "it was renamed from \(match.name): write its present name in policy \(policy.name) (\(policy.place))"
        )
      }
      if let reason = isOutOfReach(situation, policy: policy, match: match) {
        plan.leaveAlone(reason)
      } else {
        planManaged(&plan, situation, policy)
      }
    }
    return plan
  }

  private func planUnmanaged(_ plan: inout SpacePlan, _ situation: Situation) {
    plan.verdict = .unmanaged
    plan.why = "no policy is for it"
    let changed = situation.actions.contains { $0.cause != nil && $0.outcome?.mayHaveHappened == true }
    if changed, situation.live.stage != .gone {
      plan.leaveAlone("no policy is for it any more; what spaceplan set is left as it is")
    }
  }

  /// Why nothing may be planned for a Space, whatever its rules say; nil if something may.
  private func isOutOfReach(_ situation: Situation, policy: Policy, match: Match) -> String? {
    let live = situation.live
    if live.stage == .gone { return "the Hub has no such Space, or shows it to this token no more" }
    if policy.isProtected { return "protected" }
    if situation.isStatic { return "a static Space runs on nothing" }
    if live.stage == .deleting { return "it is being deleted" }
    guard let hardware = situation.hardware else { return "the Hub does not say what it runs on" }
    if hardware == .zeroA10G, !match.isExact {
      return "ZeroGPU costs its host nothing; it is moved only where a policy gives its exact name"
    }
    return nil
  }

  private func planManaged(_ plan: inout SpacePlan, _ situation: Situation, _ policy: Policy) {
    plan.pausesWhereRefused = policy.pausesWhereRefused
    var wanted = wanted(situation, policy)
    if let activity = situation.activity, let idle = policy.idle, needsActivity(situation) {
      switch IdleJudgement(situation, activity: activity, after: idle.after, now: now) {
      case .idle(let since):
        let clock = WallClock(policy.zone)
        wanted.overlay(
          idle: idle.set,
          reason: "idle since \(clock.reading(at: since)) (after \(DurationText.text(idle.after)))")
      case .inUse: break
      case .unknown(let reason):
        plan.notes.append("whether it is idle is not known, so it counts as in use: \(reason)")
      }
    }
    plan.shouldBe = wanted.description
    plan.why = wanted.why
    addChanges(to: &plan, situation, wanted, policy)
    noteFailure(&plan, situation)
    notePassedOver(&plan, situation, policy)
    guard plan.verdict != .leftAlone else { return }
    plan.verdict = plan.changes.isEmpty ? .asDesired : .change
    if !plan.changes.isEmpty { plan.why = plan.reasons }
    plan.monthEffect = monthEffect(plan, policy)
  }

  /// The rules' layer, and above it what an idle rule has done that still holds.
  private func wanted(_ situation: Situation, _ policy: Policy) -> Wanted {
    var wanted = Wanted(policy.desired(at: now), policy: policy)
    if let idle = IdleInForce(situation, policy: policy, now: now) {
      let since = WallClock(policy.zone).reading(at: idle.since)
      wanted.overlay(idle: idle.set, reason: "found idle on \(since), until the next boundary")
    }
    return wanted
  }

  /// A program that fails on what we gave it needs its owner.
  private func noteFailure(_ plan: inout SpacePlan, _ situation: Situation) {
    guard situation.live.stage == .runtimeError, let hardware = situation.hardware,
      let last = situation.actions.last(where: { $0.kind == .hardware && $0.outcome?.mayHaveHappened == true }
      ),
      last.cause != nil, last.to == hardware.rawValue
    else { return }
    plan.notes.append("it fails on \(hardware), which spaceplan gave it on \(last.at): its log says why")
  }

  /// A run that comes late does what the latest boundary asks for; what came and went before it is told.
  private func notePassedOver(_ plan: inout SpacePlan, _ situation: Situation, _ policy: Policy) {
    guard let lastRun = situation.lastRun, lastRun < now else { return }
    let passed = policy.desired(over: lastRun..<(now + 1)).segments.dropFirst().dropLast()
      .compactMap(\.value.boundary)
      .filter { $0.set.completed(by: policy.default) != policy.desired(at: lastRun).settings }
    guard let first = passed.first, let last = passed.last else { return }
    let clock = WallClock(policy.zone)
    let names =
      passed.count == 1
      ? "rule \(first.name) of \(clock.reading(at: first.instant))"
      : "\(passed.count) boundaries from \(first.name) of \(clock.reading(at: first.instant)) to \(last.name) of \(clock.reading(at: last.instant))"
    plan.notes.append("passed over, as no run came in time: \(names)")
  }

  private func monthEffect(_ plan: SpacePlan, _ policy: Policy) -> Money? {
    guard let before = plan.rate, let after = plan.rateAfter else { return nil }
    let utc = WallClock(.gmt)
    let end = min(
      utc.month(of: utc.date(at: now)).upperBound, policy.nextBoundary(after: now)?.instant ?? .distantFuture)
    return (after - before).scaled(by: Int128(end - now), over: 3600)
  }

  // MARK: Money

  func isBilled(_ situation: Situation) -> Bool {
    rate(situation.live.stage, situation.live.currentElseRequestedHardware, situation.live.replicas) != .zero
  }

  /// Money an hour; nil where the hardware has no price.
  func rate(_ stage: SpaceStage, _ hardware: SpaceHardware?, _ replicas: Int) -> Money? {
    guard let hardware, prices.isBillable(stage, at: now) else { return .zero }
    return prices.hourlyPrice(of: hardware, at: now)?.scaled(by: Int128(replicas), over: 1)
  }
}

extension Wanted: CustomStringConvertible {
  var description: String {
    var parts: [String] = []
    if let state, state.value == .paused { parts.append("paused") }
    if let hardware { parts.append("\(hardware.value)") }
    if let sleep, hardware?.value != .cpuBasic { parts.append("sleep \(sleep.value.ruleText)") }
    if let replicas, hardware?.value != .cpuBasic { parts.append("\(replicas.value) replicas") }
    return parts.joined(separator: ", ")
  }

  /// Why, as its most telling setting has it.
  var why: String {
    (state?.value == .paused ? state?.reason : nil) ?? hardware?.reason ?? sleep?.reason ?? replicas?.reason
      ?? state?.reason ?? "nothing is named by the policy"
  }
}
