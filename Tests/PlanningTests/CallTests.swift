import Money
import Planning
import Pricing
import Schedules
import Spaces
import Testing
import Timelines

private func plan(_ rules: String, _ live: SpaceState, applied: [Setting: String] = [:]) throws -> SpacePlan {
  try Scene(rules, live, at: "Tue 12:00").applied(applied).plan
}

private let everything = "default: { hardware: t4-small, sleep: 30m, replicas: 2 }"
private let basic = "default: { hardware: cpu-basic, sleep: 30m, replicas: 2 }"

/// Never a call that changes nothing; hardware and sleep time in one call, and nothing besides for cpu-basic.
@Test(arguments: [
  (everything, shown("t4-small", sleep: 1800, replicas: 2), []),
  (everything, shown("t4-small", sleep: 60, replicas: 2), ["sleep 1m → 30m"]),
  (everything, shown("t4-small", sleep: 1800, replicas: 1), ["replicas 1 → 2"]),
  (everything, shown("t4-small", sleep: 60, replicas: 3), ["sleep 1m → 30m", "replicas 3 → 2"]),
  (everything, shown("a10g-small", sleep: 1800, replicas: 2), ["a10g-small → t4-small"]),
  (everything, shown("a10g-small", sleep: nil, replicas: 2), ["a10g-small → t4-small, sleep 30m"]),
  (everything, shown("cpu-basic"), ["cpu-basic → t4-small, sleep 30m", "replicas 1 → 2"]),
  (everything, shown("t4-small", .sleeping, sleep: 1800, replicas: 2), []),
  ("default: { hardware: t4-small }", shown("cpu-basic"), ["cpu-basic → t4-small"]),
  // 48 hours on cpu-basic are not those that the rule asks for: the Hub forgets them on the way up.
  ("default: { hardware: t4-small, sleep: 48h }", shown("cpu-basic"), ["cpu-basic → t4-small, sleep 2d"]),
  (
    "default: { hardware: t4-small, sleep: never }", shown("cpu-basic"), ["cpu-basic → t4-small, sleep never"]
  ),
  (basic, shown("cpu-basic"), []),
  (basic, shown("cpu-basic", .sleeping), []),
  (basic, shown("t4-small", sleep: 60, replicas: 3), ["t4-small → cpu-basic"]),
  ("default: { sleep: 30m, replicas: 2 }", shown("cpu-basic"), []),
])
func theCallsNeeded(rules: String, live: SpaceState, calls: [String]) throws {
  #expect(try plan(rules, live).calls == calls)
}

/// What held before cpu-basic is no drift on the way up.
@Test(arguments: DriftMode.allCases)
func comingFromCPUBasicNothingHasDrifted(drift: DriftMode) throws {
  let plan = try plan(
    everything + "\ndrift: \(drift.rawValue)", shown("cpu-basic"),
    applied: [.hardware: "cpu-basic", .sleep: "300", .replicas: "3"])
  #expect(plan.calls == ["cpu-basic → t4-small, sleep 30m", "replicas 1 → 2"])
}

/// The requested hardware counts: what is asked for already is not asked for again.
@Test func whatIsRequestedAlreadyIsNotRequestedAgain() throws {
  var live = shown("a10g-small", .runningAppStarting, sleep: 1800, replicas: 2)
  live.requestedHardware = .t4Small
  #expect(try plan(everything, live).calls == [])
  live.requestedHardware = .a100Large
  live.hardware = .t4Small
  #expect(try plan(everything, live).calls == ["a100-large → t4-small"])
}

/// The number of copies asked for counts, not how many run yet.
@Test func theReplicasAskedForCount() throws {
  let scene = try Scene(
    everything, shown("t4-small", .runningAppStarting, sleep: 1800, replicas: 1), at: "Tue 12:00"
  )
  .with { $0.requestedReplicas = 2 }
  #expect(try scene.calls == [])
}

// MARK: Stages

/// What is building is not upgraded or restarted before it is done; all else is sent at once.
@Test(arguments: [SpaceStage.building, .runningBuilding])
func aBuild(stage: SpaceStage) throws {
  let waiting = try plan("default: { hardware: a100-large, sleep: 5m }", shown("t4-small", stage))
  #expect(waiting.calls == [])
  #expect(waiting.verdict == .leftAlone)
  #expect(
    waiting.why == "t4-small → a100-large, sleep 5m waits until the build is done; default of policy office")
  #expect(
    try plan("default: { hardware: cpu-basic }", shown("t4-small", stage)).calls == ["t4-small → cpu-basic"])
  #expect(try plan("default: { state: paused }", shown("t4-small", stage)).calls == ["pause"])
  // A paused Space builds no more.
  #expect(
    try plan("default: { state: paused, hardware: a100-large }", shown("t4-small", stage)).calls
      == ["pause", "t4-small → a100-large"])
  #expect(try plan("default: { sleep: 5m }", shown("t4-small", stage)).calls == ["sleep never → 5m"])
  #expect(try plan("default: { replicas: 2 }", shown("t4-small", stage)).calls == [])
  #expect(
    try plan("default: { replicas: 1 }", shown("t4-small", stage, replicas: 2)).calls == ["replicas 2 → 1"])
}

@Test(arguments: [
  SpaceStage.appStarting, .runningAppStarting, .sleeping, .stopped, .running, .runtimeError,
  SpaceStage(rawValue: "TOMORROWS_STAGE"),
])
func otherStagesFollowTheirRules(stage: SpaceStage) throws {
  let up = "default: { hardware: a100-large }"
  #expect(try plan(up, shown("t4-small", stage)).calls == ["t4-small → a100-large"])
  #expect(try plan(basic, shown("t4-small", stage)).calls == ["t4-small → cpu-basic"])
}

/// They can't start before somebody mends them: at most they are moved to free hardware.
@Test(arguments: [SpaceStage.buildError, .configError, .noAppFile])
func whatNeedsMending(stage: SpaceStage) throws {
  let live = shown("t4-small", stage)
  #expect(try plan(basic, live).calls == ["t4-small → cpu-basic"])
  for rules in [
    "default: { hardware: a100-large }", "default: { hardware: cpu-upgrade }",
    "default: { hardware: mystery }",
  ] {
    let plan = try plan(rules, live)
    #expect(plan.verdict == .leftAlone)
    #expect(plan.calls == [])
    #expect(plan.why.hasPrefix("\(stage): it can't start before somebody mends it, so it is not moved to "))
  }
  for rules in [
    "default: { state: paused }", "default: { sleep: 5m }", "default: { replicas: 2 }",
    "default: { state: running }",
  ] {
    #expect(try plan(rules, live).why == "\(stage): it can't start before somebody mends it")
    #expect(try plan(rules, live).calls == [])
  }
  #expect(try plan(basic, shown("cpu-basic", stage)).verdict == .asDesired)
}

/// A change by hand is respected there too.
@Test func whatNeedsMendingMayBeChangedByHand() throws {
  let scene = try Scene(basic, shown("t4-small", .buildError), at: "Tue 12:00").applied([
    .hardware: "cpu-basic"
  ])
  .seen(("Tue 11:00", shown("cpu-basic")), ("Tue 11:15", shown("t4-small")))
  #expect(try scene.plan.verdict == .leftAlone)
  #expect(try scene.calls == [])
}

/// A GPU program fails on a CPU overnight, and is back on its GPU in the morning.
@Test func aFailureOnTheCPUOvernight() throws {
  let rules = """
    rules:
      - { name: day, cron: "0 8 * * *", set: { hardware: a10g-small } }
      - { name: night, cron: "0 19 * * *", set: { hardware: cpu-basic } }
    """
  func scene(at now: String, cause: SpaceAction.Cause? = .rules) throws -> Scene {
    try Scene(rules, shown("cpu-basic", .runtimeError), at: now).applied([.hardware: "cpu-basic"])
      .did(.hardware, "cpu-basic", at: "Tue 19:00", cause: cause)
      .seen(("Tue 18:45", shown("a10g-small")), ("Tue 19:15", shown("cpu-basic", .runtimeError)))
  }
  let night = try scene(at: "Tue 23:00")
  #expect(try night.planner.planWithoutPast(night.situation) == nil)
  #expect(try night.plan.verdict == .asDesired)
  #expect(
    try night.plan.notes == [
      "it fails on cpu-basic, which spaceplan gave it on 2026-11-03 19:00: its log says why"
    ])
  #expect(try scene(at: "Wed 08:00").calls == ["cpu-basic → a10g-small"])
  // What we did not give it is not our doing.
  #expect(try scene(at: "Tue 23:00", cause: nil).plan.notes == [])
}

/// It is told once also where little is said: by the run that first can know.
@Test func whatWentWrongIsNewOnce() throws {
  let rules = "rules: [{ name: day, cron: \"0 8 * * *\", set: { hardware: a10g-small } }]"
  func plan(_ stage: SpaceStage, at now: String, lastRun: String?) throws -> SpacePlan {
    try Scene(rules, shown("a10g-small", stage), at: now).applied([.hardware: "a10g-small"])
      .did(.hardware, "a10g-small", at: "Tue 08:00")
      .seen(("Tue 07:55", shown("cpu-basic")), ("Tue 08:10", shown("a10g-small", stage)))
      .with { $0.lastRun = try lastRun.map(at) }.plan
  }
  #expect(try plan(.runtimeError, at: "Tue 08:10", lastRun: "Tue 08:05").isInNewTrouble)
  #expect(try !plan(.runtimeError, at: "Tue 08:15", lastRun: "Tue 08:10").isInNewTrouble)
  let starting = try plan(.appStarting, at: "Tue 08:40", lastRun: "Tue 08:35")
  #expect(starting.isInNewTrouble)
  #expect(
    starting.notes == [
      "it was starting at 2026-11-03 08:10 and still is, though no start takes longer than 30m: its log says why"
    ])
  let later = try plan(.appStarting, at: "Tue 12:00", lastRun: "Tue 08:45")
  #expect(!later.isInNewTrouble && later.notes == starting.notes)
  let early = try plan(.appStarting, at: "Tue 08:39", lastRun: "Tue 08:35")
  #expect(!early.isInNewTrouble && early.notes == [])
  // Nobody has told before.
  #expect(try plan(.appStarting, at: "Tue 12:00", lastRun: nil).isInNewTrouble)
  #expect(try !plan(.running, at: "Tue 12:00", lastRun: nil).isInNewTrouble)
}

/// Seen to start each night, it may have slept and have been woken in between, and other hardware starts anew.
@Test func whatStartsAgainIsNotStuck() throws {
  let starting = shown("a10g-small", .appStarting, sleep: 3600)
  func notes(_ before: SpaceState, lastRun: String) throws -> [String] {
    try Scene("default: { hardware: a10g-small, sleep: 1h }", starting, at: "Wed 02:00")
      .seen(("Tue 02:00", before)).with { $0.lastRun = try at(lastRun) }.plan.notes
  }
  #expect(try notes(starting, lastRun: "Tue 02:00") == [])
  #expect(try notes(starting, lastRun: "Wed 01:30").count == 1)
  #expect(try notes(shown("t4-small", .appStarting, sleep: 3600), lastRun: "Wed 01:30") == [])
}

// MARK: Out of reach

private func leftAlone(_ live: SpaceState, _ rules: String = basic, spaces: String = "[acme/chat]") throws
  -> String?
{
  let scene = try Scene(rules, live, at: "Tue 12:00", spaces: spaces).told(["Mon 01:00", "Mon 09:00"])
  let plan = try scene.plan
  #expect(try !scene.planner.needsActivity(scene.situation))
  guard plan.verdict == .leftAlone else { return nil }
  #expect(plan.calls == [])
  return plan.why
}

@Test func whatIsNotPlannedFor() throws {
  #expect(try leftAlone(shown("a100-large"), "protect: true\n" + basic) == "protected")
  #expect(try leftAlone(shown("a100-large", .deleting)) == "it is being deleted")
  #expect(try leftAlone(.gone) == "the Hub has no such Space, or shows it to this token no more")
  #expect(try leftAlone(SpaceState(stage: .running)) == "the Hub does not say what it runs on")
  #expect(
    try leftAlone(shown("zero-a10g"), spaces: "[acme/*]")
      == "ZeroGPU costs its host nothing; it is moved only where a policy gives its exact name")
  let page = try Scene(basic, SpaceState(stage: .running), at: "Tue 12:00").with { $0.isStatic = true }
  #expect(try page.plan.why == "a static Space runs on nothing")
  #expect(try page.plan.verdict == .leftAlone)
}

@Test func zeroGPUIsMovedByItsExactName() throws {
  #expect(try plan(basic, shown("zero-a10g")).calls == ["zero-a10g → cpu-basic"])
}

@Test func twoPoliciesClaimIt() throws {
  let (schedules, _) = Schedules.read([
    (
      "rules.yaml",
      """
      version: 1
      policies:
        - { name: one, spaces: [acme/chat], default: { hardware: cpu-basic } }
        - { name: two, spaces: [acme/chat], default: { hardware: t4-small } }
      """
    )
  ])
  let scene = try Scene(basic, shown("a100-large"), at: "Tue 12:00")
    .with { $0.assignment = schedules.assignment(of: [try SpaceID("acme/chat")]) }
  #expect(try scene.plan.verdict == .leftAlone)
  #expect(try scene.plan.why == "policies one and two both claim it; give its exact name to one of them")
  #expect(try scene.plan.policy == nil)
}

@Test func aRenamedSpaceKeepsItsRules() throws {
  let scene = try Scene(
    basic, shown("a100-large"), at: "Tue 12:00", spaces: "[acme/old]", names: ["acme/chat", "acme/old"])
  #expect(try scene.calls == ["a100-large → cpu-basic"])
  #expect(
    try scene.plan.notes == [
      "it was renamed from acme/old: write its present name in policy office (rules.yaml:4)"
    ])
}

/// What we changed and no policy is for any more is told at every run; what we never touched is not.
@Test(arguments: [
  (SpaceAction.Cause?.some(.rules), SpaceAction.Outcome.done, true), (.idle, .unknown, true),
  (.rules, .refused, false),
  (nil, .done, false),
])
func aPolicyThatWasRemoved(cause: SpaceAction.Cause?, outcome: SpaceAction.Outcome, isTold: Bool) throws {
  let scene = try Scene(basic, shown("a10g-small"), at: "Tue 12:00", spaces: "[acme/other]")
    .applied([.hardware: "a10g-small"]).did(.hardware, "a10g-small", at: "Mon 08:00", outcome, cause: cause)
  let plan = try scene.plan
  #expect(try scene.planner.planWithoutPast(scene.situation) == nil)
  #expect(plan.calls == [])
  #expect(plan.policy == nil)
  #expect(plan.verdict == (isTold ? .leftAlone : .unmanaged))
  #expect(
    plan.why
      == (isTold
        ? "no policy is for it any more; what spaceplan set is left as it is" : "no policy is for it"))
  #expect(plan.rate == (try Money("1.00")))
}

@Test func whatNobodyPlansForHasNoPast() throws {
  let scene = try Scene(basic, shown("a10g-small"), at: "Tue 12:00", spaces: "[acme/other]")
  #expect(try scene.planner.planWithoutPast(scene.situation) != nil)
  #expect(try scene.plan.verdict == .unmanaged)
  let asDesired = try Scene(basic, shown("cpu-basic"), at: "Tue 12:00")
  #expect(try asDesired.planner.planWithoutPast(asDesired.situation) != nil)
}
