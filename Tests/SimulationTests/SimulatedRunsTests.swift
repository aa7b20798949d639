import Pricing
import Schedules
import Simulation
import Spaces
import Testing
import Timelines

private let start = Instant(secondsSince1970: 1_795_000_000)

/// What a Space on a T4 that nobody visits is seen to be over some days, under an idle rule and others.
private func seen(
  idle set: String, rules: String = "", days: Int64 = 1, lastUse: Instant = start
) throws -> [String] {
  let range = start..<start + days * 86_400
  let (schedules, mistakes) = Schedules.read([
    (
      "rules.yaml",
      """
      version: 1
      policies: [{ name: p, spaces: [acme/chat], idle: { after: 2h, set: \(set) }, \(rules) }]
      """
    )
  ])
  #expect(mistakes.filter { $0.severity == .error }.isEmpty)
  let replay = SpaceReplay(
    from: Beginning(
      SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small), lastUse: lastUse,
      program: SpaceProgram()),
    under: RuleSteps(SpaceSchedule(schedules.policies[0]), in: range), visits: Visits([]), in: range,
    prices: .builtIn)
  return replay.states.segments.map {
    "\($0.range.lowerBound - start) \($0.value.requestedHardware?.rawValue ?? "-")"
  }
}

@Test func anIdleRuleHasNoRightToUpgrades() throws {
  #expect(try seen(idle: "{ hardware: cpu-basic }") == ["0 t4-small", "7200 cpu-basic", "7260 cpu-basic"])
  #expect(try seen(idle: "{ hardware: a100-large }") == ["0 t4-small"])
  // Who was unused for longer than that before is not used now.
  #expect(
    try seen(idle: "{ hardware: cpu-basic }", lastUse: start + -9000) == ["0 cpu-basic", "60 cpu-basic"])
  // What has no price may cost anything.
  #expect(try seen(idle: "{ hardware: of-tomorrow }") == ["0 t4-small"])
}

/// The settings that it names are settings of the rules again from their next boundary on, also where it had nothing to
/// do.
@Test func anIdleRuleActsAnewAfterEachBoundary() throws {
  let rules = """
    zone: UTC, default: { hardware: t4-small }, rules: [
      { cron: "0 12 * * *", set: { hardware: a100-large } }, { cron: "0 20 * * *", set: { hardware: t4-small } }]
    """
  let seen = try seen(idle: "{ hardware: a10g-small }", rules: rules, days: 2)
  let (noon, hour, day): (Int64, Int64, Int64) = (3200, 3600, 86_400)
  #expect(
    seen
      == ["0 t4-small"]
      + [noon, day + noon].flatMap { noon in
        [
          "\(noon) a100-large", "\(noon + 60) a100-large",
          // Counted from the end of the start.
          "\(noon + 60 + 2 * hour) a10g-small", "\(noon + 120 + 2 * hour) a10g-small",
          "\(noon + 8 * hour) t4-small", "\(noon + 8 * hour + 60) t4-small",
        ]
      })
}

/// Who comes more than an idle time after the visit that woke it, and less than that after the end of its start, uses it.
@Test func aLongStartCountsAsUse() throws {
  let hour: Int64 = 3600
  let range = start..<start + 12 * hour
  let text = """
    version: 1
    policies: [{ name: p, spaces: [acme/chat], default: { hardware: t4-small, sleep: never },
      idle: { after: 2h, set: { hardware: cpu-basic } } }]
    """
  let (schedules, _) = Schedules.read([("rules.yaml", text)])
  func downgrades(_ visits: Int64...) throws -> [Int64] {
    let replay = SpaceReplay(
      from: Beginning(
        SpaceState(stage: .sleeping, requestedHardware: .t4Small), program: SpaceProgram(startup: 600)),
      under: RuleSteps(SpaceSchedule(try #require(schedules.policies.first)), in: range),
      visits: Visits(visits.map { Visit(at: start + $0) }), in: range, prices: .builtIn)
    return replay.states.segments.filter {
      $0.value.requestedHardware == .cpuBasic && $0.value.stage == .appStarting
    }.map { $0.range.lowerBound - start }
  }
  // It is ready at 1:10, and idle two hours later.
  #expect(try downgrades(hour) == [3 * hour + 600])
  #expect(try downgrades(hour, 3 * hour + 300) == [5 * hour + 300])
}

/// Sleep is counted from the last visit before the range, where logs tell of it.
@Test(arguments: [(isLogged: true, days: Int64(1)), (false, 2)])
func aReplayGoesOnFromTheLastVisit(isLogged: Bool, days: Int64) throws {
  let day: Int64 = 86_400
  let state = SpaceState(
    stage: .running, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: Int(2 * day))
  var past = SpacePast(
    try SpaceID("acme/chat"),
    intervals: [Interval(state: state, looks: (0...240).map { start + $0 * 3600 })], actions: [],
    startup: 60, now: start + 10 * day, prices: .builtIn)
  past.log = VisitLog(
    Visits([Visit(at: start + 5 * day)]), spans: [start..<start + (isLogged ? 10 : 5) * day])
  let range = start + 6 * day..<start + 9 * day
  let comparison = try #require(
    SpaceComparison(
      past, in: range, current: { _ in nil }, proposed: { _ in nil }, prices: .builtIn, isGranted: false,
      clock: WallClock(.gmt)))
  #expect(comparison.demand.unknownSeconds == (isLogged ? 0 : 3 * day))
  #expect(isLogged == (comparison.current.time.seconds == Int128(days * day)))
}

private let day: Int64 = 86_400

private func shown(_ stage: SpaceStage, _ hardware: SpaceHardware) -> SpaceState {
  SpaceState(
    stage: stage, hardware: stage == .running ? hardware : nil, requestedHardware: hardware)
}

/// Rules that are empty but for an exception from a day before `start` until two days after it.
private func exception(_ set: String) -> String {
  "exceptions: [{ name: launch, from: \"\(start + -day)\", until: \"\(start + 2 * day)\", set: \(set) }]"
}

/// What a Space that nobody visits was from a day before `start` on, replayed from then on under rules.
private func replayed(
  _ earlier: SpaceState, _ latest: SpaceState, _ actions: [SpaceAction], rules: String
) throws -> [String] {
  let range = start..<start + 4 * day
  let text = "version: 1\npolicies: [{ name: p, spaces: [acme/chat], \(rules) }]"
  let (schedules, mistakes) = Schedules.read([("rules.yaml", text)])
  #expect(mistakes.filter { $0.severity == .error }.isEmpty)
  let past = SpacePast(
    try SpaceID("acme/chat"),
    intervals: [
      Interval(state: earlier, looks: (-96...(-48)).map { start + $0 * 1800 }),
      Interval(state: latest, looks: (-95...192).map { start + $0 * 900 }),
    ], actions: actions, startup: 60, now: range.upperBound, prices: .builtIn)
  let schedule = SpaceSchedule(try #require(schedules.policies.first))
  let comparison = try #require(
    SpaceComparison(
      past, in: range, current: { RuleSteps(schedule, in: $0) }, proposed: { _ in nil }, prices: .builtIn,
      isGranted: false, clock: WallClock(.gmt), keepsCourse: true))
  return try #require(comparison.current.billed).segments.map {
    "\($0.range.lowerBound - start) \($0.value?.hardware.rawValue ?? "-")"
  }
}

/// Also where the exception had begun before the range does.
@Test func whatAnExceptionSetGoesBack() throws {
  let action = SpaceAction(
    space: try SpaceID("acme/chat"), at: start + -86_000, kind: .hardware, from: "t4-small",
    to: "a100-large", outcome: .done, reason: "", cause: .exception)
  #expect(
    try replayed(
      shown(.running, .t4Small), shown(.running, .a100Large), [action],
      rules: exception("{ hardware: a100-large }"))
      == ["0 a100-large", "172800 t4-small"])
}

/// A policy without rules: what its idle rule has set goes on. With rules it ends at the first that names it.
@Test(arguments: [
  ("", ["0 cpu-basic"]),
  (", rules: [{ cron: \"0 12 18 * *\", set: { hardware: t4-small } }]", ["0 cpu-basic", "3200 t4-small"]),
  // A boundary came after it, and before the range.
  (", rules: [{ cron: \"0 23 * * *\", set: { hardware: t4-small } }]", ["0 t4-small"]),
]) func whatAnIdleRuleSetGoesOn(rules: String, courses: [String]) throws {
  let (up, basic) = (shown(.running, .t4Small), shown(.running, .cpuBasic))
  let action = SpaceAction(
    space: try SpaceID("acme/chat"), at: start + -86_000, kind: .hardware, from: "t4-small", to: "cpu-basic",
    outcome: .done, reason: "", cause: .idle)
  let course = try replayed(
    up, basic, [action],
    rules:
      "default: { hardware: t4-small, sleep: never }, idle: { after: 200h, set: { hardware: cpu-basic } }\(rules)"
  )
  #expect(Array(course.prefix(2)) == courses, "\(course)")
}

/// A pause, too, and one in place of a downgrade that the Hub refused.
@Test(arguments: [false, true]) func aPauseOfAnIdleRuleGoesOn(isInstead: Bool) throws {
  func action(
    _ kind: SpaceAction.Kind, _ to: String, _ outcome: SpaceAction.Outcome, _ cause: SpaceAction.Cause
  ) throws -> SpaceAction {
    SpaceAction(
      space: try SpaceID("acme/chat"), at: start + -86_000, kind: kind, from: "", to: to, outcome: outcome,
      reason: "", cause: cause)
  }
  let actions =
    isInstead
    ? try [
      action(.hardware, "cpu-basic", .refused, .idle), action(.pause, "PAUSED", .done, .refusedDowngrade),
    ] : [try action(.pause, "PAUSED", .done, .idle)]
  let set = isInstead ? "{ hardware: cpu-basic }" : "{ state: paused }"
  let course = try replayed(
    shown(.running, .t4Small), shown(.paused, .t4Small), actions,
    rules: """
      default: { hardware: t4-small, sleep: never }, otherwise: pause, idle: { after: 200h, set: \(set) },
      rules: [{ cron: "0 12 18 * *", set: { hardware: t4-small, state: running } }]
      """)
  #expect(course == ["0 -", "3200 t4-small"])
}

/// Also under an idle rule that would have set something else: what is idle already is not brought up for that.
@Test func whatAnIdleRuleSetIsNotTakenBackByAnother() throws {
  let action = SpaceAction(
    space: try SpaceID("acme/chat"), at: start + -86_000, kind: .hardware, from: "a10g-small",
    to: "cpu-basic", outcome: .done, reason: "", cause: .idle)
  let course = try replayed(
    shown(.running, .a10gSmall), shown(.running, .cpuBasic), [action],
    rules:
      "default: { hardware: a10g-small, sleep: never }, idle: { after: 2h, set: { hardware: t4-small } }")
  #expect(course == ["0 cpu-basic"])
}

/// What one run began another may have ended; a change by hand of either ends both.
@Test func whatAnIdleRuleSetInTwoRunsEndsByHand() throws {
  func action(_ kind: SpaceAction.Kind, _ from: String, _ to: String, at second: Int64) throws -> SpaceAction
  {
    SpaceAction(
      space: try SpaceID("acme/chat"), at: start + second, kind: kind, from: from, to: to, outcome: .done,
      reason: "", cause: .idle)
  }
  let course = try replayed(
    shown(.running, .t4Small), shown(.running, .a10gSmall),
    [
      action(.hardware, "a10g-small", "t4-small", at: -95 * 1800), action(.replicas, "2", "1", at: -86_000),
    ],
    rules:
      "default: { hardware: a10g-small, sleep: never }, idle: { after: 200h, set: { hardware: t4-small, replicas: 1 } }"
  )
  #expect(course.first == "0 a10g-small")
}

/// Somebody has brought it back since.
@Test func whatAnIdleRuleSetEndsByHand() throws {
  let action = SpaceAction(
    space: try SpaceID("acme/chat"), at: start + -86_000, kind: .hardware, from: "t4-small", to: "cpu-basic",
    outcome: .done, reason: "", cause: .idle)
  let course = try replayed(
    shown(.running, .cpuBasic), shown(.running, .t4Small), [action],
    rules:
      "default: { hardware: t4-small, sleep: never }, idle: { after: 200h, set: { hardware: cpu-basic } }")
  #expect(course == ["0 t4-small"])
}

/// As runs do: at a midnight of a policy without rules, or as soon as an exception asks for it.
@Test(arguments: [
  ("default: { hardware: t4-small, sleep: never, state: running }", ["0 -", "46400 t4-small"]),
  ("default: { hardware: t4-small, sleep: never }", ["0 -"]),
  // At which an exception begins.
  (
    "default: { hardware: t4-small, sleep: never, state: running }, exceptions: [{ name: e, from: \"\(start + 46400)\", until: \"\(start + 864_000)\", set: { hardware: a10g-small } }]",
    ["0 -", "46400 a10g-small"]
  ),
  (
    "default: { hardware: t4-small, sleep: never }, exceptions: [{ name: e, from: \"\(start)\", until: \"\(start + 864_000)\", set: { state: running } }]",
    ["0 t4-small"]
  ),
  // It began before, and was no reason to end a pause that came later.
  (
    "default: { hardware: t4-small, sleep: never }, exceptions: [{ name: e, from: \"\(start + -1)\", until: \"\(start + 864_000)\", set: { state: running } }]",
    ["0 -"]
  ),
]) func aPauseByOthersEndsAsInRuns(rules: String, courses: [String]) throws {
  #expect(try replayed(shown(.running, .t4Small), shown(.paused, .t4Small), [], rules: rules) == courses)
}

/// While it starts on other hardware the Hub may still name the one before.
@Test func whatStartsGoesOnAsRequested() throws {
  let before = SpaceState(stage: .running, hardware: .cpuBasic, requestedHardware: .cpuBasic)
  let starting = SpaceState(stage: .appStarting, hardware: .cpuBasic, requestedHardware: .t4Small)
  #expect(try replayed(before, starting, [], rules: exception("{ replicas: 1 }")) == ["0 t4-small"])
}
