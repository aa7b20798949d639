public import History
public import Planning
public import Schedules
public import Spaces
public import Timelines

extension History {
  /// What was known of a Space at an instant, by what was recorded until then; nil if it had not been seen.
  ///
  /// Nobody can be asked for its log, metrics or variables of that time.
  public func situation(
    of name: SpaceID, at instant: Instant, schedules: Schedules
  ) throws -> Situation? {
    guard let known = try spaces().first(where: { $0.names.contains(name) }) else { return nil }
    return try situation(
      of: known, at: instant, schedules, StepsInForce(self, schedules, at: instant), applied(at: instant))
  }

  /// The same of all Spaces that had been seen, by name.
  public func situations(at instant: Instant, schedules: Schedules) throws -> [Situation] {
    let steps = try StepsInForce(self, schedules, at: instant)
    let applied = try applied(at: instant)
    return try spaces().compactMap { try situation(of: $0, at: instant, schedules, steps, applied) }
  }

  /// What runs had made or found by then, by Space.
  func applied(at instant: Instant) throws -> [SpaceID: [AppliedSetting]] {
    Dictionary(grouping: try appliedSettings().filter { $0.at <= instant }, by: \.space)
  }

  /// What is known of a Space's past, for a plan.
  ///
  /// - Parameter seenAt: when it was last seen; that look need not be recorded yet.
  func recall(
    _ situation: inout Situation, recordedAs name: SpaceID, _ intervals: [Interval],
    _ actions: [SpaceAction], seenAt: Instant?
  ) throws {
    situation.intervals = intervals
    if let seenAt, intervals.last?.looks.last.map({ $0 < seenAt }) ?? true {
      situation.intervals.append(Interval(state: situation.live, looks: [seenAt]))
    }
    situation.actions = actions
    if let first = situation.intervals.first?.looks.first {
      situation.missingUntil = try lastLook(atOwner: name.owner, before: first)
    }
  }

  func situation(
    of known: KnownSpace, at instant: Instant, _ schedules: Schedules, _ steps: StepsInForce,
    _ applied: [SpaceID: [AppliedSetting]]
  ) throws -> Situation? {
    let intervals = try intervals(of: known.name).compactMap { interval -> Interval? in
      let looks = interval.looks.filter { $0 <= instant }
      return looks.isEmpty ? nil : Interval(state: interval.state, looks: looks)
    }
    guard let live = intervals.last?.state else { return nil }
    var situation = Situation(
      space: known.name, live: live, assignment: schedules.assignment(of: known.names))
    try recall(
      &situation, recordedAs: known.name, intervals,
      try actions(on: known.name).map(\.action).filter { $0.at <= instant }, seenAt: nil)
    let made = situation.actions.filter { $0.outcome == .done && $0.cause != nil }.map(\.applied)
    // What runs found as desired is in no journal; the latest of it is remembered.
    for applied in made + (applied[known.name] ?? []) {
      guard let setting = Setting(rawValue: applied.setting) else { continue }
      situation.applied[setting] = applied.value
      situation.appliedAt[setting] = applied.at
    }
    situation.holds = try holds(of: known.name).filter { $0.from <= instant }.map(\.override)
    steps.tell(&situation, recordedAs: known.name)
    situation.mayGoBack = true
    if situation.assignment.policy?.actsEarly == true {
      situation.startup = try startupTimes(intervals, situation.actions, at: instant)
    }
    return situation
  }
}

// MARK: Runs and starts

extension History {
  /// How often runs come; nil where too few came to tell.
  ///
  /// - Parameter instant: those that began then or later don't tell.
  public func rhythm(before instant: Instant = .distantFuture) throws -> RunRhythm? {
    RunRhythm(try lastRuns(RunRhythm.count, before: instant))
  }

  /// How long a Space took to come up before, how late runs may be for it, and what rules asked for lately.
  ///
  /// - Parameters:
  ///   - intervals: what was seen of it until then, in order of time; of each at least the first and the last look.
  ///   - actions: the journal's until then, in order of time.
  func startupTimes(
    _ intervals: [Interval], _ actions: [SpaceAction], at instant: Instant
  ) throws -> StartupTimes {
    let seen = StartupsSeen(intervals, actions)
    var times = StartupTimes(seen, runsEvery: try rhythm(before: instant)?.lateness ?? 0)
    // No rule acts a day early.
    times.requests = try actions.filter {
      $0.startsIt && ($0.cause == .rules || $0.cause == .endOfPause) && $0.at > instant - 86_400
    }.map { action in
      let known = StartupTimes(
        seen.known(at: action.at), runsEvery: try rhythm(before: action.decidedAt)?.lateness ?? 0)
      let hardware = action.kind == .hardware ? SpaceHardware(rawValue: action.to) : nil
      return StartupTimes.Request(hardware, at: action.decidedAt, known: known)
    }
    return times
  }
}
