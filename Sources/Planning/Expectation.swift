public import Schedules
import Spaces
public import Timelines

extension Planner {
  /// What is to be expected of a Space if nobody intervenes: its schedule, and what is otherwise now and stays so until
  /// the setting's next boundary: a change by hand, an idle rule's downgrade, the next of several hardware, what the
  /// Hub refuses. What is paused or failed, and is not ours to start, costs nothing.
  ///
  /// - Parameters:
  ///   - situation: with the Space's past.
  ///   - end: until when it is asked for.
  /// - Returns: nil where nothing is planned for it: it goes on as it did.
  public func expectedSchedule(of situation: Situation, until end: Instant) -> SpaceSchedule? {
    let stage = situation.live.stage
    let rest = now..<max(now, end)
    guard let policy = situation.assignment.policy, mayBeMoved(situation) else {
      let stages = situation.intervals.lazy.compactMap { interval in
        interval.looks.first.map { (stage: interval.state.stage, since: $0) }
      }
      return stage.isHalted && !stages.startsAgain(at: now) ? .stopped(in: rest) : nil
    }
    let reasoning = reasoning(situation, policy)
    let draft = reasoning.draft
    var schedule = reasoning.schedule
    if draft.staysPaused {
      let started = schedule.boundaries(in: now + 1..<max(now + 1, end)).map(\.instant).first {
        let desired = schedule.desired(at: $0)
        if draft.isPausedInstead, desired.hardware?.value != .cpuBasic { return true }
        return desired.state?.value == .running
          && schedule.latestBoundary(of: .state, atOrBefore: $0)?.instant == $0
      }
      schedule.holds.append(.pause(in: now..<(started ?? rest.upperBound)))
      return schedule
    }
    if stage.needsMending || stage == .runtimeError && draft.changes.isEmpty {
      schedule.holds.append(.pause(in: rest))
      return schedule
    }
    for setting in Setting.allCases {
      guard let (value, until) = standing(setting, situation, reasoning), min(until, end) > now else {
        continue
      }
      var set = Settings()
      set.take(setting, journalValue: value)
      schedule.holds.append(Override(kind: .hold, name: "", range: now..<min(until, end), set: set))
    }
    guard let hardware = substitute(situation, reasoning) else { return schedule }
    // What could not be had now is not counted on when it is asked for again.
    let asked = reasoning.schedule.desired(at: now).preference?.value
    for segment in reasoning.schedule.desired(over: rest).segments
    where segment.value.preference?.value == asked {
      schedule.holds.insert(
        Override(kind: .hold, name: "", range: segment.range, set: Settings(hardware: hardware)), at: 0)
    }
    return schedule
  }

  /// The hardware in place of what rules ask for first: the next of a list, or what the Space has where the Hub
  /// refuses. Nil where it gets what is asked for first.
  private func substitute(_ situation: Situation, _ reasoning: Reasoning) -> SpaceHardware? {
    let schedule = reasoning.schedule
    if let refused = refusedHardware(situation, schedule) {
      return refused == .cpuBasic && schedule.policy.pausesWhereRefused ? nil : situation.hardware
    }
    guard let choice = reasoning.wanted.choice?.hardware,
      choice != schedule.desired(at: now).hardware?.value
    else { return nil }
    return choice
  }

  /// What a setting is now, or after what is planned now, where that is not what the schedule asks for; and until when.
  private func standing(
    _ setting: Setting, _ situation: Situation, _ reasoning: Reasoning
  ) -> (value: String, until: Instant)? {
    let (draft, schedule) = (reasoning.draft, reasoning.schedule)
    let boundary = schedule.nextBoundary(of: setting, after: now)?.instant ?? .distantFuture
    if let until = draft.keptUntil[setting] {
      return situation.liveValue(of: setting).map { ($0, until) }
    }
    if setting == .hardware, substitute(situation, reasoning) != nil { return nil }
    if setting == .state, let refused = refusedHardware(situation, schedule), refused == .cpuBasic,
      schedule.policy.pausesWhereRefused
    {
      let end = schedule.nextBoundary(of: .hardware, after: now)?.instant ?? .distantFuture
      return (DesiredState.paused.rawValue, end)
    }
    // An upgrade that waits for a build comes once that is done, and of sleep times a plan tells little.
    guard setting != .sleep, !situation.live.stage.isBuilding else { return nil }
    let wanted = schedule.desired(at: now).settings.journalValue(of: setting)
    guard let wanted, let planned = setting.journalValue(in: draft.projected), planned != wanted else {
      // A pause by an idle rule is against no wish.
      let isPaused = setting == .state && wanted == nil && draft.projected.stage == .paused
      return isPaused ? (DesiredState.paused.rawValue, idleEnd(.state, schedule)) : nil
    }
    if setting == .replicas, draft.projected.requestedHardware == .cpuBasic { return nil }
    let isIdle = if case .idle = reasoning.wanted.desired.source(of: setting) { true } else { false }
    return (planned, isIdle ? idleEnd(setting, schedule) : boundary)
  }

  /// The midnight of a policy without rules does not end what idle has set.
  private func idleEnd(_ setting: Setting, _ schedule: SpaceSchedule) -> Instant {
    schedule.policy.rules.isEmpty
      ? .distantFuture : schedule.nextBoundary(of: setting, after: now)?.instant ?? .distantFuture
  }

  /// What the Hub last refused since the latest boundary, if the Space is still on something else.
  private func refusedHardware(_ situation: Situation, _ schedule: SpaceSchedule) -> SpaceHardware? {
    let boundary = schedule.latestBoundary(of: .hardware, atOrBefore: now, midnight: false)?.instant
    let last = situation.actions.last { $0.kind == .hardware && $0.wasAnswered }
    guard let last, last.outcome == .refused, last.cause != nil, last.decidedAt >= boundary ?? .distantPast,
      last.to != situation.liveValue(of: .hardware)
    else { return nil }
    return SpaceHardware(rawValue: last.to)
  }

  /// Whether a Space that was given up is not: somebody has changed its hardware by hand since, or the Hub refuses
  /// the downgrade, and the policy has nothing instead.
  ///
  /// - Parameter situation: with the Space's past.
  public func hasEscaped(_ situation: Situation) -> Bool {
    guard let policy = situation.assignment.policy, situation.hardware != .cpuBasic, mayBeMoved(situation)
    else {
      return false
    }
    let reasoning = reasoning(situation, policy)
    return reasoning.draft.keptUntil[.hardware] != nil || refusesDowngrade(of: situation)
  }

  /// Whether the Hub refused the last downgrade for a budget, and the policy has nothing instead.
  public func refusesDowngrade(of situation: Situation) -> Bool {
    guard let policy = situation.assignment.policy, !policy.pausesWhereRefused else { return false }
    let last = situation.actions.last { $0.kind == .hardware && $0.wasAnswered }
    return last?.cause == .budget && last?.outcome == .refused
  }
}

extension Sequence<(stage: SpaceStage, since: Instant)> {
  /// Whether what has stopped is started again as a matter of course, as each morning: in the week before it was twice at
  /// least.
  package func startsAgain(at now: Instant) -> Bool {
    var (starts, wasHalted) = (0, false)
    for (stage, since) in self where since <= now {
      let isUp = stage.isRunning || stage == .appStarting || stage.isAsleep
      if wasHalted, isUp, since > now - 7 * 86_400 { starts += 1 }
      // What builds, or was not to be seen for a while, has not started yet.
      if isUp || stage.isHalted { wasHalted = stage.isHalted }
    }
    return starts > 1
  }
}
