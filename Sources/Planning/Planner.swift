import Money
public import Pricing
public import Schedules
import Spaces
public import Timelines

/// Works out what Spaces of one fleet need. Pure: the same situation, prices and instant give the same plan.
public struct Planner: Sendable {
  let prices: PriceTable
  let now: Instant
  private let wanted = PolicyMemory<Wanted>()
  private let passedOver = PolicyMemory<[String]>()

  public init(prices: PriceTable, now: Instant) {
    self.prices = prices
    self.now = now
  }

  /// The plan, where nothing of the Space's past (its intervals, actions, and when it appeared) could change it; nil
  /// where that is to be read first. Nearly all Spaces are as they should be, and need no more.
  public func planWithoutPast(_ situation: Situation) -> SpacePlan? {
    guard case .policy(let policy, let match) = situation.assignment else {
      return situation.applied.isEmpty ? plan(situation) : nil
    }
    if reasonToLeaveAlone(situation, policy: policy, match: match) != nil { return plan(situation) }
    if [.paused, .runtimeError, .appStarting].contains(situation.live.stage) { return nil }
    if policy.idle != nil, isBilled(situation) { return nil }
    let reasoning = reasoning(situation, policy)
    let desired = reasoning.wanted.desired
    if situation.mayGoBack, Setting.allCases.contains(where: { desired.source(of: $0) == nil }) { return nil }
    guard reasoning.draft.changes.isEmpty, reasoning.draft.left.isEmpty else { return nil }
    var plan = newPlan(situation)
    describe(&plan, situation, by: reasoning)
    return plan
  }

  /// Whether the plan depends on the Space's log and metrics: only where its idle rule could change it.
  public func needsActivity(_ situation: Situation) -> Bool {
    guard case .policy(let policy, let match) = situation.assignment, let idle = policy.idle,
      reasonToLeaveAlone(situation, policy: policy, match: match) == nil
    else { return false }
    let schedule = schedule(of: situation, policy)
    guard case .asked = question(idle, of: situation, schedule) else { return false }
    let ifIdle = wanted(situation, schedule, foundIdle: "")
    let (changesIfIdle, changes) = (
      draft(situation, ifIdle, schedule).changes,
      draft(situation, wanted(situation, schedule), schedule).changes
    )
    // What else starts it counts as use, or ends the bill.
    if changesIfIdle.contains(where: { $0.startsOrPauses && $0.cause != .idle }) { return false }
    // So does what rules ask for and idle would take the place of: at a boundary, and where it costs no more.
    if let move = changes.first(where: \.startsOrPauses),
      isDue(move.setting, of: situation, schedule) || changes.costNoMore(than: changesIfIdle)
    {
      return false
    }
    return changesIfIdle.map(\.call) != changes.map(\.call)
  }

  /// Whether a boundary of a setting has come since it was last applied, and what it asks for was not refused since.
  private func isDue(_ setting: Setting, of situation: Situation, _ schedule: SpaceSchedule) -> Bool {
    guard let boundary = schedule.latestBoundary(of: setting, atOrBefore: now, midnight: false),
      let appliedAt = situation.appliedAt[setting]
    else { return false }
    return appliedAt < boundary.instant
      && !situation.actions.contains {
        Setting($0.kind) == setting && $0.outcome == .refused && $0.decidedAt >= boundary.instant
      }
  }

  private func downgrades(of idle: IdleRule, _ situation: Situation) -> Settings {
    idle.downgrades(from: situation.hardware, replicas: situation.replicas, at: now, prices: prices)
  }

  private func idleInForce(_ situation: Situation, _ schedule: SpaceSchedule) -> IdleInForce? {
    schedule.policy.idle.flatMap { idle in
      IdleInForce(
        idle, downgrades: downgrades(of: idle, situation), situation, schedule, now: now)
    }
  }

  private func draft(_ situation: Situation, _ wanted: Wanted, _ schedule: SpaceSchedule) -> PlanDraft {
    PlanDraft(situation, wanted, schedule, prices: prices, now: now)
  }

  /// What the Space should be through time. A hold that its own variables ask for is below those that people
  /// set from the command line.
  public func schedule(of situation: Situation, _ policy: Policy) -> SpaceSchedule {
    let ofItsOwn = situation.orders?.hold(keeping: situation.settings)
    var schedule = SpaceSchedule(
      policy, holds: [ofItsOwn].compactMap(\.self) + situation.holds, startup: situation.startup)
    schedule.givenUp = situation.givenUp
    return schedule
  }

  /// The plan for one Space.
  public func plan(_ situation: Situation) -> SpacePlan {
    var plan = newPlan(situation)
    switch situation.assignment {
    case .unmanaged: planUnmanaged(&plan, situation)
    case .conflict(let policies):
      plan.leaveAlone(Assignment.reason(ofConflict: policies))
    case .policy(let policy, let match):
      if let reason = reasonToLeaveAlone(situation, policy: policy, match: match) {
        plan.leaveAlone(reason)
      } else {
        describe(&plan, situation, by: reasoning(situation, policy))
      }
    }
    return plan
  }

  /// What is the same whatever is to be done.
  private func newPlan(_ situation: Situation) -> SpacePlan {
    var plan = SpacePlan(space: situation.space, live: situation.live)
    plan.rate = prices.rate(of: situation.live, at: now)
    guard case .policy(let policy, let match) = situation.assignment else { return plan }
    plan.policy = policy.name
    if policy.isGranted { plan.rate = .zero }
    if match.isFormerName {
      plan.notes.append(
        "it was renamed from \(match.name): write its present name in policy \(policy.name) (\(policy.place.file):\(policy.place.line))"
      )
    }
    return plan
  }

  private func planUnmanaged(_ plan: inout SpacePlan, _ situation: Situation) {
    plan.verdict = .unmanaged
    plan.why = "no policy is for it"
    let changed = situation.actions.contains { $0.cause != nil && $0.mayHaveHappened }
    if changed, situation.live.stage != .gone {
      plan.leaveAlone("no policy is for it any more; what spaceplan set is left as it is")
    }
  }

  /// Why a person can't hold a Space; nil if one can.
  public func refusal(of situation: Situation) -> String? {
    switch situation.assignment {
    case .unmanaged: "no policy is for it, so no run would put it back; name it in a policy first"
    case .conflict(let policies): Assignment.reason(ofConflict: policies)
    case .policy(let policy, let match): reasonToLeaveAlone(situation, policy: policy, match: match)
    }
  }

  /// Whether a budget may give a Space up: it is planned for, may cost something, and no grant pays for it.
  public func mayBeGivenUp(_ situation: Situation) -> Bool {
    guard let policy = situation.assignment.policy, !policy.isGranted, situation.hardware != .zeroA10G else {
      return false
    }
    return mayBeMoved(situation)
  }

  /// Whether anything is planned for a Space.
  public func mayBeMoved(_ situation: Situation) -> Bool {
    guard case .policy(let policy, let match) = situation.assignment else { return false }
    return reasonToLeaveAlone(situation, policy: policy, match: match) == nil
  }

  /// Why nothing may be planned for a Space, whatever its rules say; nil if something may.
  func reasonToLeaveAlone(_ situation: Situation, policy: Policy, match: Match) -> String? {
    let live = situation.live
    if live.stage == .gone { return "the Hub has no such Space, or shows it to this token no more" }
    if policy.isProtected { return "protected" }
    if let reason = situation.orders?.exclusion { return reason }
    if situation.isStatic { return "a static Space runs on nothing" }
    if live.stage == .deleting { return "it is being deleted" }
    guard let hardware = situation.hardware else { return "the Hub does not say what it runs on" }
    return policy.reasonToLeaveAlone(hardware, match)
  }

  private func describe(_ plan: inout SpacePlan, _ situation: Situation, by reasoning: Reasoning) {
    let (wanted, draft, policy) = (reasoning.wanted, reasoning.draft, reasoning.schedule.policy)
    let clock = WallClock(policy.zone)
    plan.shouldBe = wanted.description
    plan.notes += situation.orders?.problems ?? []
    if let trouble = trouble(of: situation, clock) {
      plan.notes.append(trouble.note)
      plan.isInNewTrouble = situation.lastRun.map { trouble.since > $0 } ?? true
    }
    plan.notes += passedOver(by: situation, reasoning.schedule, clock)
    plan.changes = draft.changes
    plan.found = draft.found
    plan.newlyFound = draft.found.filter { situation.applied[$0] != $1 }
    if !draft.changes.isEmpty {
      plan.verdict = .change
      plan.why = plan.reasons
      plan.notes += draft.left
      plan.effect = effect(of: plan, situation, reasoning.schedule)
    } else if draft.left.isEmpty {
      let why = [wanted.why, reasoning.use].compactMap(\.self)
      plan.why = why.isEmpty ? "its policy asks for nothing now" : why.joined(separator: "; ")
    } else {
      plan.leaveAlone(draft.left.joined(separator: "; "))
    }
  }

  /// How a Space's plan comes about: what ``plan(_:)`` does and ``explain(_:)`` tells.
  struct Reasoning {
    let schedule: SpaceSchedule
    let wanted: Wanted
    /// Whether it is in use, where an idle rule asks and does not find it idle.
    let use: String?
    let draft: PlanDraft
  }

  func reasoning(_ situation: Situation, _ policy: Policy) -> Reasoning {
    let clock = WallClock(policy.zone)
    let schedule = schedule(of: situation, policy)
    var (foundIdle, use): (String?, String?)
    if let idle = policy.idle, case .notAsked(let reason) = question(idle, of: situation, schedule) {
      use = reason
    }
    if let activity = situation.activity, let idle = policy.idle, needsActivity(situation) {
      switch IdleJudgement(situation, activity: activity, after: idle.after, now: now, clock: clock) {
      case .idle(let since):
        foundIdle = "idle since \(clock.text(at: since)) (after \(DurationText.text(idle.after)))"
      case .inUse(let reason): use = "in use: \(reason)"
      case .unknown(let reason): use = "whether it is idle is not known, so it counts as in use: \(reason)"
      }
    }
    let wanted = wanted(situation, schedule, foundIdle: foundIdle)
    return Reasoning(
      schedule: schedule, wanted: wanted, use: use, draft: draft(situation, wanted, schedule))
  }

  /// Whether an idle rule asks if a Space is used.
  private enum IdleQuestion {
    case asked
    /// Why not; nil where that goes without saying.
    case notAsked(String?)
    /// What it has set holds.
    case settled
  }

  private func question(
    _ idle: IdleRule, of situation: Situation, _ schedule: SpaceSchedule
  ) -> IdleQuestion {
    if idleInForce(situation, schedule) != nil { return .settled }
    if situation.live.stage.isAsleep { return .notAsked("asleep, so it costs nothing") }
    if !isBilled(situation) || situation.live.hardware == .zeroA10G { return .notAsked(nil) }
    if schedule.policy.isGranted { return .notAsked("a grant pays for it, so idle does not move it") }
    if situation.isInDevMode { return .notAsked("in dev mode, so it counts as in use") }
    return situation.wasUsed(after: now - idle.after)
      ? .notAsked("started or changed within \(DurationText.text(idle.after)), so it counts as in use")
      : .asked
  }

  /// All layers together.
  ///
  /// - Parameter foundIdle: what tells that it is idle now; nil where that is not known, or not so.
  private func wanted(
    _ situation: Situation, _ schedule: SpaceSchedule, foundIdle: String? = nil
  ) -> Wanted {
    let (policy, clock) = (schedule.policy, WallClock(schedule.policy.zone))
    var wanted = self.wanted.value(for: schedule) { Wanted(schedule.desired(at: now), policy: policy) }
    for setting in Setting.allCases where wanted.desired.source(of: setting) == nil {
      if let restoration = Restoration(setting, situation) { wanted.add(restoration.source, restoration.set) }
    }
    if let idle = idleInForce(situation, schedule) {
      let until = policy.rules.isEmpty ? "somebody changes it by hand" : "the next boundary"
      wanted.add(.idle("found idle on \(clock.reading(at: idle.since)), until \(until)"), idle.set)
    }
    if let foundIdle, let idle = policy.idle { wanted.add(.idle(foundIdle), downgrades(of: idle, situation)) }
    // Last: of a list that another layer wins over none is to be chosen.
    if let preference = wanted.desired.preference?.value, !preference.others.isEmpty {
      let boundary = schedule.latestBoundary(of: .hardware, atOrBefore: now)?.instant
      wanted.choice = HardwareChoice(preference, situation, since: boundary, now: now, clock: clock)
    }
    return wanted
  }

  /// What went wrong with a Space by itself.
  private struct Trouble {
    let note: String
    /// Since when that can be known.
    let since: Instant
  }

  /// A program that fails on what we gave it needs its owner, and so does one that does not come up.
  private func trouble(of situation: Situation, _ clock: WallClock) -> Trouble? {
    let seen = situation.firstLookInStage ?? now
    switch situation.live.stage {
    case .runtimeError:
      guard let hardware = situation.hardware,
        let last = situation.actions.last(where: { $0.kind == .hardware && $0.mayHaveHappened }),
        last.cause != nil, last.to == hardware.rawValue
      else { return nil }
      return Trouble(
        note:
          "it fails on \(hardware), which spaceplan gave it on \(clock.text(at: last.at)): its log says why",
        since: seen)
    case .appStarting:
      let asked = situation.actions.last { $0.startsIt && $0.mayHaveHappened }?.at ?? seen
      let begun = max(seen, asked)
      // Between looks that are far apart it may have slept and have been woken.
      let isWatched = now - max(begun, situation.lastRun ?? begun) <= situation.live.sleep.length
      guard now - begun >= Situation.longestStart, isWatched else { return nil }
      return Trouble(
        note:
          "it was starting at \(clock.text(at: begun)) and still is, though no start takes longer than \(DurationText.text(Situation.longestStart)): its log says why",
        since: begun + Situation.longestStart)
    default: return nil
    }
  }

  private func passedOver(by situation: Situation, _ schedule: SpaceSchedule, _ clock: WallClock) -> [String]
  {
    // A run for some Spaces alone is no run of all.
    let own = situation.appliedAt.values.max()
    if let own, let lastRun = situation.lastRun, own > lastRun {
      return passedOver(since: own, schedule, clock)
    }
    return passedOver.value(for: schedule) { passedOver(since: situation.lastRun, schedule, clock) }
  }

  /// A run that comes late does what the latest boundary asks for; what came and went before it is told. Holds
  /// were made by people at the time, and act at once.
  private func passedOver(since lastRun: Instant?, _ schedule: SpaceSchedule, _ clock: WallClock) -> [String]
  {
    guard let lastRun, lastRun < now else { return [] }
    let range = lastRun..<(now + 1)
    let schedule = SpaceSchedule(schedule.policy, startup: schedule.startup)
    guard schedule.hasBoundary(in: range) else { return [] }
    let before = schedule.desired(at: lastRun).settings
    let changes = schedule.desired(over: range).map(\.settings).segments.dropFirst()
    let missed = Set(changes.dropLast().filter { $0.value != before }.map(\.range.lowerBound))
    let passed = schedule.boundaries(in: range).filter { missed.contains($0.instant) }
    guard let first = passed.first, let last = passed.last else { return [] }
    func text(_ boundary: Boundary) -> String {
      "\(boundary.name) of \(clock.text(at: boundary.instant))"
    }
    let kind = first.rule == nil ? "" : "rule "
    let names =
      passed.count == 1
      ? "\(kind)\(text(first))" : "\(passed.count) boundaries from \(text(first)) to \(text(last))"
    return ["passed over, as no run came in time: \(names)"]
  }

  /// The changes count until the next boundary of what they set, at most this month. What an exception, the latest
  /// hold, its release or a budget asks for is beside what would be asked for without that.
  private func effect(of plan: SpacePlan, _ situation: Situation, _ schedule: SpaceSchedule)
    -> SpacePlan.Effect
  {
    let utc = WallClock(.gmt)
    let boundaries = Set(plan.changes.map(\.setting)).compactMap { schedule.nextBoundary(of: $0, after: now) }
    let range = now..<boundaries.map(\.instant).reduce(utc.month(at: now).upperBound, min)
    func effect(_ costOtherwise: Money?) -> SpacePlan.Effect {
      SpacePlan.Effect(range: range, costOtherwise: costOtherwise)
    }
    guard let before = plan.rate else { return effect(nil) }
    let settings = Set(plan.changes.map(\.setting))
    let causes = Set(plan.changes.map(\.cause))
    // A new hold is beside the rules, whatever other hold was released before.
    let released =
      causes.contains(.hold)
      ? [] : situation.released.filter { $0.range.contains(now) && settings.contains(where: $0.set.names) }
    guard let without = schedule.without(causes, at: now, released: released) else {
      // It would have stayed as it is.
      return effect(before.scaled(by: Int128(range.seconds), over: 3600))
    }
    let live = Billed(ifBillable: plan.live)
    var instead = Money.zero
    for piece in without.desired(over: range).map({ $0.settings.billed(now: live) }).segments {
      let rate = piece.value == live ? before : prices.rate(of: piece.value, at: piece.range.lowerBound)
      guard let rate else { return effect(nil) }
      instead += rate.scaled(by: Int128(piece.range.seconds), over: 3600)
    }
    return effect(instead)
  }

  /// What has no price may well cost.
  private func isBilled(_ situation: Situation) -> Bool {
    prices.rate(of: situation.live, at: now) != .zero
  }
}

extension SpaceSchedule {
  /// The same without what holds now for one of these causes, and with holds that were released since the last
  /// run; nil where that is nothing.
  fileprivate func without(
    _ causes: Set<SpaceAction.Cause>, at now: Instant, released: [Override]
  ) -> SpaceSchedule? {
    var rest = self
    // Of two holds the later wins; without it there is the one before.
    if causes.contains(.hold), let last = rest.holds.lastIndex(where: { $0.range.contains(now) }) {
      rest.holds.remove(at: last)
    }
    if causes.contains(.budget) { rest.givenUp.removeAll { $0.range.contains(now) } }
    if causes.contains(.exception) {
      let clock = WallClock(policy.zone)
      rest.policy.exceptions.removeAll { !$0.overrides(in: now..<now + 1, on: clock).isEmpty }
    }
    let isLess =
      rest.holds.count < holds.count || rest.givenUp.count < givenUp.count
      || rest.policy.exceptions.count < policy.exceptions.count
    rest.holds += released
    return isLess || !released.isEmpty ? rest : nil
  }
}

extension [Change] {
  /// Whether a Space costs no more an hour after them than after others; false where there is no price.
  fileprivate func costNoMore(than others: [Change]) -> Bool {
    guard let rate = last?.rateAfter, let other = others.last?.rateAfter else { return false }
    return rate <= other
  }
}
