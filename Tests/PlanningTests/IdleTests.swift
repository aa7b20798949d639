import Planning
import Schedules
import Spaces
import Testing
import Timelines

/// a10g-small all the day; idle after two hours.
private func rules(_ set: String = "{ hardware: cpu-basic }") -> String {
  """
  idle: { after: 2h, set: \(set) }
  rules: [{ name: morning, cron: "0 8 * * *", set: { hardware: a10g-small } }]
  """
}

private let withoutRules = """
  default: { hardware: a10g-small }
  idle: { after: 2h, set: { hardware: cpu-basic } }
  """
private let busy = shown("a10g-small")
private let down = ["a10g-small → cpu-basic"]
private let unknown = "whether it is idle is not known, so it counts as in use: "

/// Running since the morning, seen every hour.
private func sinceMorning(_ rules: String = rules(), at now: String = "Tue 14:00") throws -> Scene {
  try Scene(rules, busy, at: now).applied([.hardware: "a10g-small"]).did(
    .hardware, "a10g-small", at: "Tue 08:00"
  )
  .seen(("Tue 07:45", shown("cpu-basic", .sleeping)), ("Tue 08:15", busy), ("Tue 13:45", busy))
}

struct Evidence: Sendable, CustomTestStringConvertible {
  var log: [String]?
  var metrics: Activity.Metrics
  /// Nil where it is not idle.
  var idleSince: String?
  var note: String?
  var testDescription: String { "\(log ?? ["unreadable"]) \(metrics)" }
}

private let silent = unknown + "it has logged nothing since it started, and its metrics don't answer"

/// All that log and metrics can tell of a Space that has run since 08:15 at the latest.
@Test(arguments: [
  Evidence(log: ["Tue 08:01", "Tue 11:00"], metrics: .quiet, idleSince: "2026-11-03 11:00"),
  Evidence(log: ["Tue 08:01", "Tue 11:00"], metrics: .unknown, idleSince: "2026-11-03 11:00"),
  Evidence(log: ["Tue 08:01", "Tue 11:00"], metrics: .working),
  Evidence(log: ["Tue 08:01", "Tue 12:00"], metrics: .unknown, idleSince: "2026-11-03 12:00"),
  Evidence(log: ["Tue 08:01", "Tue 12:00:01"], metrics: .quiet),
  Evidence(log: ["Tue 08:01", "Tue 12:00:01"], metrics: .unknown),
  // Only the start-up's lines: many programs log no requests.
  Evidence(log: ["Tue 08:01", "Tue 08:02"], metrics: .quiet, idleSince: "2026-11-03 08:02"),
  Evidence(log: ["Tue 08:01", "Tue 08:02"], metrics: .unknown, note: silent),
  Evidence(log: ["Tue 08:01", "Tue 08:02"], metrics: .working),
  Evidence(log: [], metrics: .quiet, idleSince: "2026-11-03 08:15"),
  Evidence(log: [], metrics: .unknown, note: silent),
  // Lines of the run before this start prove nothing of this one.
  Evidence(log: ["Tue 05:00", "Tue 06:00"], metrics: .unknown, note: silent),
  Evidence(
    log: nil, metrics: .quiet, note: unknown + "its log can't be read (not allowed)"),
  Evidence(
    log: nil, metrics: .unknown, note: unknown + "its log can't be read (not allowed)"),
  Evidence(log: nil, metrics: .working),
])
func whatIsIdle(evidence: Evidence) throws {
  var scene = try sinceMorning().told(evidence.log ?? [], evidence.metrics)
  if evidence.log == nil { scene.situation.activity?.log = .unknown(reason: "not allowed") }
  #expect(try scene.planner.planWithoutPast(scene.situation) == nil)
  #expect(try scene.planner.needsActivity(scene.situation))
  let plan = try scene.plan
  #expect(plan.calls == (evidence.idleSince == nil ? [] : down))
  #expect(plan.notes.isEmpty)
  if let note = evidence.note { #expect(plan.why.hasSuffix(note)) }
  if let since = evidence.idleSince {
    #expect(plan.why == "idle since \(since) (after 2h)")
    #expect(plan.changes.first?.cause == .idle)
    #expect(plan.shouldBe == "cpu-basic")
  } else {
    #expect(plan.verdict == .asDesired)
    #expect(plan.shouldBe == "a10g-small")
  }
}

/// The first look at a Space that nobody has recorded before: only its log knows the past.
@Test(arguments: [
  // Forgotten for days, with lines from long after its start.
  Evidence(log: ["Mon 01:00", "Mon 09:00"], metrics: .unknown, idleSince: "2026-11-02 09:00"),
  // A start two days ago, and nothing since: a program that logs no requests looks the same.
  Evidence(log: ["Mon 01:00", "Mon 01:10"], metrics: .unknown, note: silent),
  Evidence(log: ["Mon 01:00", "Mon 01:10"], metrics: .quiet, idleSince: "2026-11-02 01:10"),
  Evidence(log: ["Mon 01:00", "Thu 13:59"], metrics: .quiet),
  // Nothing says how long it has been running.
  Evidence(log: [], metrics: .quiet, note: unknown + "it is not known to have run for 2h yet"),
  Evidence(log: [], metrics: .unknown, note: unknown + "it is not known to have run for 2h yet"),
])
func theFirstLook(evidence: Evidence) throws {
  let plan = try Scene(rules(), busy, at: "Thu 14:00").told(evidence.log ?? [], evidence.metrics).plan
  #expect(plan.calls == (evidence.idleSince == nil ? [] : down))
  #expect(plan.notes.isEmpty)
  if let note = evidence.note { #expect(plan.why.hasSuffix(note)) }
  if let since = evidence.idleSince { #expect(plan.why == "idle since \(since) (after 2h)") }
}

/// It was running already when it was first seen, so a line written later is none of its start-up.
@Test func aLineAfterTheFirstLookAtItIsUse() throws {
  let plan = try Scene(rules(), busy, at: "Thu 14:00").told(["Tue 10:00", "Tue 10:01"], .unknown)
    .seen(("Mon 10:00", busy)).plan
  #expect(plan.why == "idle since 2026-11-03 10:01 (after 2h)")
}

/// It started between two looks that lie far apart; lines over hours are not all of its start-up.
@Test func aLineLongAfterTheFirstOfTheStartIsUse() throws {
  let plan = try Scene(rules(), busy, at: "Thu 02:00").told(["Tue 20:00", "Tue 23:00"], .unknown)
    .seen(("Tue 02:00", shown("a10g-small", .sleeping)), ("Wed 02:00", busy)).plan
  #expect(plan.why == "idle since 2026-11-03 23:00 (after 2h)")
}

/// What counts as use besides: then nobody asks for logs.
@Test func whatCountsAsUse() throws {
  func asks(_ scene: Scene) throws -> Bool {
    let scene = try scene.told(["Tue 08:01", "Tue 09:00"])
    #expect(try scene.calls == (try scene.planner.needsActivity(scene.situation) ? down : []))
    return try scene.planner.needsActivity(scene.situation)
  }
  // A start, by what was seen and by what we did.
  #expect(try asks(sinceMorning(at: "Tue 09:45")) == false)
  #expect(try asks(sinceMorning().seen(("Tue 12:01", shown("a10g-small", .appStarting)))) == false)
  #expect(
    try asks(sinceMorning().seen(("Tue 12:01", shown("a10g-small", .sleeping)), ("Tue 13:00", busy))) == false
  )
  #expect(try asks(sinceMorning().seen(("Tue 11:59", shown("a10g-small", .sleeping)), ("Tue 12:00", busy))))
  #expect(try asks(sinceMorning().did(.restart, "RUNNING", at: "Tue 12:30")) == false)
  #expect(try asks(sinceMorning().did(.restart, "RUNNING", at: "Tue 12:30", .refused)))
  #expect(try asks(sinceMorning().did(.sleep, "60", at: "Tue 12:30")))
  // A change by hand: of hardware, and of the sleep time; not one of ours.
  #expect(try asks(sinceMorning().seen(("Tue 13:45", shown("t4-small")))) == false)
  #expect(try asks(sinceMorning().seen(("Tue 13:45", shown("a10g-small", sleep: 60)))) == false)
  #expect(
    try asks(
      sinceMorning().did(.sleep, "-1", at: "Tue 13:46").seen(("Tue 13:45", shown("a10g-small", sleep: 60)))))
  // Back to what the rules say is a change by hand as well, though a run then finds it as desired.
  #expect(
    try asks(
      sinceMorning().applied([.hardware: "a10g-small", .sleep: "-1"]).seen(
        ("Tue 13:45", shown("a10g-small", sleep: 60))))
      == false)
  #expect(try asks(sinceMorning().seen(("Tue 11:00", shown("a10g-small", sleep: 60)), ("Tue 13:00", busy))))
}

/// Only what is billed now is judged, and only where that could change the plan.
@Test func whoIsAskedForLogs() throws {
  func asks(_ rules: String, _ live: SpaceState) throws -> Bool {
    let scene = try Scene(rules, live, at: "Tue 14:00").seen(("Mon 09:00", live))
    return try scene.planner.needsActivity(scene.situation)
  }
  #expect(try asks(rules(), busy))
  #expect(try asks(rules(), shown("a10g-small", .runningBuilding)))
  #expect(try asks(rules(), shown("mystery")), "hardware without a price may cost much")
  for stage in [SpaceStage.sleeping, .stopped, .paused, .buildError, .runtimeError, .building] {
    #expect(try !asks(rules(), shown("a10g-small", stage)), "\(stage)")
  }
  #expect(try !asks(rules(), shown("cpu-basic")))
  #expect(try !asks(rules("{ hardware: a10g-small }"), busy))
  #expect(try !asks(rules("{ hardware: a100-large }"), busy), "an idle rule may not upgrade")
  #expect(try !asks("protect: true\n" + rules(), busy))
  #expect(try !asks("default: { hardware: cpu-basic }", busy))
  let sameAsRules = "default: { hardware: cpu-basic }\nidle: { after: 2h, set: { hardware: cpu-basic } }"
  #expect(try !asks(sameAsRules, busy), "the rules want the same already")
}

/// ZeroGPU costs its host nothing, and a grant may be lost: idle never moves it, priced or not.
@Test func zeroGPUIsNeverIdle() throws {
  let live = shown("zero-a10g")
  let idle = "default: { hardware: zero-a10g }\nidle: { after: 2h, set: { hardware: cpu-basic } }"
  let scene = try Scene(idle, live, at: "Tue 14:00").seen(("Mon 09:00", live)).told([
    "Mon 01:00", "Mon 09:00",
  ])
  for prices in [try testPrices(), try testPrices(without: "zero-a10g")] {
    let planner = Planner(prices: prices, now: scene.now)
    #expect(planner.plan(scene.situation).calls == [])
    #expect(!planner.needsActivity(scene.situation))
  }
}

/// A rule that changes the hardware starts it, which counts as use; one that pauses it ends the bill.
@Test(arguments: [
  ("{ hardware: t4-small }", "a10g-small → t4-small"), ("{ state: paused }", "pause"),
  ("{ hardware: a10g-small, state: paused }", "pause"),
])
func whatARuleMovesIsNotJudged(rule: String, call: String) throws {
  let scene = try Scene(
    "default: \(rule)\nidle: { after: 2h, set: { sleep: 5m } }", busy, at: "Tue 14:00"
  ).seen(("Mon 09:00", busy)).told(["Mon 01:00", "Mon 09:00"])
  #expect(try !scene.planner.needsActivity(scene.situation))
  #expect(try scene.calls == [call])
}

/// At a boundary that was not acted on yet rules decide, up or down, and later where what they ask for costs no more than
/// what idle would have.
@Test(arguments: [
  ("Tue 19:05", "Tue 13:00", "a10g-small", "a10g-small → cpu-basic", false),
  ("Wed 08:05", "Tue 13:00", "t4-small", "t4-small → a10g-small", false),
  ("Tue 23:05", "Tue 19:05", "a10g-small", "a10g-small → cpu-basic", false),
  ("Wed 11:05", "Wed 08:05", "a100-large", "a100-large → t4-small", true),
])
func aBoundaryIsNotLostToIdle(at now: String, appliedAt: String, live: String, call: String, isAsked: Bool)
  throws
{
  var scene = try Scene(
    """
    default: { hardware: cpu-basic }
    idle: { after: 2h, set: { hardware: t4-small } }
    rules:
      - { name: morning, cron: "0 8 * * *", set: { hardware: a10g-small } }
      - { name: evening, cron: "0 19 * * *", set: { hardware: cpu-basic } }
    """, shown(live), at: now
  ).applied([.hardware: live]).did(.hardware, live, at: "Tue 13:00")
    .seen(("Tue 12:45", shown(live)), ("Tue 13:15", shown(live)), ("Tue 19:00", shown(live)))
    .told(["Tue 12:01", "Tue 13:01"])
  scene.situation.appliedAt[.hardware] = try PlanningTests.at(appliedAt)
  #expect(try scene.planner.needsActivity(scene.situation) == isAsked)
  #expect(try scene.calls == [call])
}

@Test func aSleepingSpaceIsLeftAlone() throws {
  let live = shown("a10g-small", .sleeping)
  let plan = try Scene(rules(), live, at: "Tue 14:00").seen(("Mon 09:00", live))
    .told(["Mon 01:00", "Mon 09:00"]).plan
  #expect(plan.verdict == .asDesired)
  #expect(plan.calls == [])
}

@Test func idleNeverUpgradesAndDoesTheRest() throws {
  let scene = try Scene(
    "default: { hardware: t4-small }\nidle: { after: 2h, set: { hardware: a100-large, replicas: 3, sleep: 5m } }",
    shown("t4-small"), at: "Tue 14:00"
  ).seen(("Mon 09:00", shown("t4-small"))).told(["Mon 01:00", "Mon 09:00"])
  #expect(try scene.calls == ["sleep never → 5m"])
}

/// The rules' downgrade is not lost to an idle rule that would be an upgrade.
@Test func anIdleRuleThatWouldUpgradeLeavesTheRulesAlone() throws {
  let scene = try Scene(
    "default: { hardware: cpu-basic }\nidle: { after: 2h, set: { hardware: t4-small, sleep: 5m } }",
    shown("cpu-upgrade"), at: "Tue 14:00"
  ).seen(("Mon 09:00", shown("cpu-upgrade"))).told(["Mon 01:00", "Mon 09:00"])
  #expect(try scene.calls == ["cpu-upgrade → cpu-basic"])
}

/// Idle wins over respected drift: the change by hand counted as use when it was made.
@Test func idleWinsOverRespectedDrift() throws {
  let scene = try Scene(rules(), shown("a100-large"), at: "Tue 14:00").applied([.hardware: "a10g-small"])
    .seen(("Tue 08:15", busy), ("Tue 10:00", shown("a100-large")))
  #expect(try scene.plan.verdict == .leftAlone)
  #expect(try scene.told(["Tue 10:05", "Tue 11:00"]).calls == ["a100-large → cpu-basic"])
  #expect(try scene.told(["Tue 10:05", "Tue 11:00"]).plan.why == "idle since 2026-11-03 11:00 (after 2h)")
}

@Test func whereNobodyWasAskedNothingIsIdle() throws {
  #expect(try sinceMorning().plan.verdict == .asDesired)
  #expect(try sinceMorning().plan.notes == [])
}

// MARK: Once applied

/// Downgraded at noon, seen on cpu-basic since.
private func downSince(
  _ day: String = "Tue", _ rules: String = rules(), _ live: SpaceState = shown("cpu-basic"), at now: String
) throws -> Scene {
  try Scene(rules, live, at: now).applied([.hardware: "cpu-basic"])
    .did(.hardware, "cpu-basic", at: "\(day) 12:00:05", cause: .idle)
    .seen(("\(day) 12:00", busy), ("\(day) 12:00:10", shown("cpu-basic", .appStarting)))
}

@Test func onceAppliedIdleStaysUntilTheNextBoundary() throws {
  let plan = try downSince(at: "Wed 07:59").plan
  #expect(plan.verdict == .asDesired)
  #expect(plan.shouldBe == "cpu-basic")
  #expect(plan.why == "found idle on 2026-11-03 12:00:05, until the next boundary")
  #expect(try downSince(at: "Wed 08:00").calls == ["cpu-basic → a10g-small"])
  #expect(try downSince(at: "Wed 08:00").plan.why == "rule morning of 2026-11-04 08:00")
}

/// A run may take longer than until the next boundary, of which it knew nothing when it found the Space idle.
@Test(arguments: [("Wed 07:59:40", ["cpu-basic → a10g-small"]), ("Wed 08:00", [])])
func aBoundaryDuringARunIsNotLostToIdle(decidedAt: String, calls: [String]) throws {
  let scene = try Scene(rules(), shown("cpu-basic"), at: "Wed 08:15").applied([.hardware: "cpu-basic"])
    .did(.hardware, "cpu-basic", at: "Wed 08:00:05", cause: .idle, decidedAt: decidedAt)
    .seen(("Wed 07:59:40", busy), ("Wed 08:00:10", shown("cpu-basic", .appStarting)))
  #expect(try scene.calls == calls)
}

@Test func midnightDoesNotEndIdle() throws {
  let plan = try downSince("Mon", withoutRules, at: "Thu 12:00").plan
  #expect(plan.verdict == .asDesired)
  #expect(plan.why == "found idle on 2026-11-02 12:00:05, until somebody changes it by hand")
}

@Test func aChangeByHandEndsIdle() throws {
  let scene = try downSince("Mon", withoutRules, busy, at: "Thu 12:00").seen(
    ("Mon 12:00", busy), ("Mon 12:01", shown("cpu-basic")), ("Thu 11:00", shown("cpu-basic")))
  #expect(try scene.plan.verdict == .asDesired)
  #expect(
    try scene.plan.why == "default of policy office; started or changed within 2h, so it counts as in use")
  // And two hours later it may be idle again.
  let later = try downSince("Mon", withoutRules, busy, at: "Thu 16:00").seen(
    ("Mon 12:01", shown("cpu-basic")), ("Thu 11:00", shown("cpu-basic")), ("Thu 11:15", busy)
  ).told(["Thu 11:05", "Thu 12:00"])
  #expect(try later.calls == down)
}

/// Nobody judges it again, whatever its log says.
@Test func whileItHoldsItIsNotJudgedAgain() throws {
  let set = "{ hardware: t4-small, sleep: 5m }"
  let live = shown("t4-small", sleep: 300)
  let scene = try Scene(rules(set), live, at: "Wed 02:00").applied([.hardware: "t4-small", .sleep: "300"])
    .did(.hardware, "t4-small", at: "Tue 12:00", cause: .idle).did(
      .sleep, "300", at: "Tue 12:00", cause: .idle
    )
    .seen(("Tue 12:00", busy), ("Tue 12:01", live)).told(["Tue 12:01", "Tue 13:00"])
  #expect(try !scene.planner.needsActivity(scene.situation))
  #expect(try scene.calls == [])
  #expect(try scene.plan.why == "found idle on 2026-11-03 12:00, until the next boundary")
}

/// What was as the idle rule has it already, and so was not sent, holds as well.
@Test func whatWasIdleAlreadyHoldsAsWell() throws {
  let rules =
    "default: { hardware: a10g-small, replicas: 2 }\nidle: { after: 2h, set: { hardware: t4-small, replicas: 1 } }"
  let scene = try Scene(rules, shown("t4-small"), at: "Tue 14:00").applied([.hardware: "t4-small"])
    .did(.hardware, "t4-small", at: "Tue 12:00", cause: .idle)
    .seen(("Tue 12:00", busy), ("Tue 12:01", shown("t4-small")))
  #expect(try scene.calls == [])
}

/// One setting changed by hand ends all that idle had set: an upgrade by hand is judged as any other.
@Test func aChangeByHandOfOneSettingEndsIdleAltogether() throws {
  let idle =
    "default: { hardware: a10g-small }\nidle: { after: 2h, set: { hardware: t4-small, sleep: 5m } }"
  let live = shown("a100-large", sleep: 300)
  let scene = try Scene(idle, live, at: "Thu 12:00").applied([.hardware: "t4-small", .sleep: "300"])
    .did(.hardware, "t4-small", at: "Mon 12:00", cause: .idle).did(
      .sleep, "300", at: "Mon 12:00", cause: .idle
    )
    .seen(("Mon 12:01", shown("t4-small", sleep: 300)), ("Thu 01:00", live)).told(["Thu 01:05", "Thu 04:00"])
  #expect(try scene.planner.needsActivity(scene.situation))
  #expect(try scene.calls == ["a100-large → t4-small"])
}

@Test(arguments: [
  (SpaceAction.Outcome.done, true), (.unknown, true), (.refused, false), (.failed, false), (.notSent, false),
])
func onlyWhatMayHaveHappenedHolds(outcome: SpaceAction.Outcome, holds: Bool) throws {
  let scene = try Scene(rules(), shown("cpu-basic"), at: "Tue 14:00").applied([.hardware: "cpu-basic"])
    .did(.hardware, "cpu-basic", at: "Tue 12:00", outcome, cause: .idle)
    .seen(("Tue 11:00", busy), ("Tue 12:01", shown("cpu-basic")))
  #expect(try scene.calls.isEmpty == holds)
}

/// A policy that has no idle rule any more has no such layer.
@Test func withoutItsIdleRuleNothingIsIdle() throws {
  let scene = try downSince("Mon", "default: { hardware: a10g-small }", at: "Thu 12:00")
  #expect(try scene.calls == ["cpu-basic → a10g-small"])
}

/// Where cpu-basic was refused and the policy paused it instead, it stays paused as long as it would have
/// stayed on cpu-basic.
@Test func aPauseInsteadOfAnIdleDowngradeStays() throws {
  let paused = shown("a10g-small", .paused)
  func scene(at now: String) throws -> Scene {
    try Scene("otherwise: pause\n" + rules(), paused, at: now)
      .applied([.hardware: "a10g-small", .state: "paused"])
      .did(.hardware, "cpu-basic", at: "Tue 12:00", .refused, cause: .idle)
      .did(.pause, "PAUSED", at: "Tue 12:00:01", cause: .refusedDowngrade)
      .seen(("Tue 12:00", busy), ("Tue 12:00:02", paused))
  }
  #expect(try scene(at: "Wed 07:59").calls == [])
  #expect(try scene(at: "Wed 07:59").plan.why == "found idle on 2026-11-03 12:00:01, until the next boundary")
  #expect(try scene(at: "Wed 08:00").calls == ["restart"])
}

/// Of several in order of preference it leaves whichever it is on.
@Test(arguments: ["a10g-small", "t4-small"]) func anIdleSpaceLeavesAnyHardwareOfAList(live: String) throws {
  let list = """
    default: { hardware: [a10g-small, t4-small], sleep: never }
    idle: { after: 2h, set: { hardware: cpu-basic } }
    """
  let up = shown(live, sleep: -1)
  var scene = try Scene(list, up, at: "Tue 14:00").applied([.hardware: "a10g-small", .sleep: "-1"])
    .seen(("Tue 08:15", up), ("Tue 13:45", up)).told(["Tue 08:01", "Tue 11:00"])
  if live == "t4-small" {
    scene = try scene.did(.hardware, "a10g-small", at: "Tue 00:00", .refused)
      .did(.hardware, "t4-small", at: "Tue 00:00").applied([.hardware: "t4-small", .sleep: "-1"])
  }
  #expect(try scene.planner.needsActivity(scene.situation))
  let plan = try scene.plan
  #expect(plan.calls == ["\(live) → cpu-basic"])
  #expect(plan.changes.first?.alternatives.isEmpty == true)
  #expect(plan.shouldBe == "cpu-basic")
  #expect(plan.why == "idle since 2026-11-03 11:00 (after 2h)")
  // While it is used it stays on what it got.
  let used = try scene.told(["Tue 08:01", "Tue 13:00"])
  #expect(try used.calls == [])
}

/// What the Hub refuses keeps nothing busy: a rule's upgrade that does not come is no use of the Space.
@Test(arguments: [true, false]) func anUpgradeThatIsRefusedDoesNotKeepASpaceUp(isTried: Bool) throws {
  let rules = """
    idle: { after: 1h, set: { hardware: cpu-basic } }
    rules:
      - { cron: "0 20 * * *", set: { hardware: t4-small } }
      - { cron: "0 8 * * *", set: { hardware: a100-large } }
    """
  let up = shown("t4-small")
  var scene = try Scene(rules, up, at: "Tue 10:00").applied([.hardware: "t4-small"])
    .with { $0.appliedAt = [.hardware: try at("Mon 20:00")] }
    .did(.hardware, "t4-small", at: "Mon 20:00")
    .seen(("Mon 20:15", up), ("Tue 09:45", up)).told(["Mon 20:01", "Tue 06:00"])
  if isTried { scene = try scene.did(.hardware, "a100-large", at: "Tue 08:00", .refused) }
  #expect(try scene.planner.needsActivity(scene.situation) == isTried)
  #expect(try scene.calls == [isTried ? "t4-small → cpu-basic" : "t4-small → a100-large"])
}

private let many = """
  default: { hardware: a10g-small, replicas: 3 }
  idle: { after: 2h, set: { hardware: t4-small, replicas: 1 } }
  """

/// What waited for the next run, or was refused, is done then, but for what somebody changed by hand since.
@Test(arguments: [
  (false, "t4-small", "Tue 11:00", ["replicas 3 → 1"]), (true, "t4-small", "Tue 11:00", []),
  (false, "a10g-small", "Tue 11:00", []),
])
func theRestOfADowngradeIsDoneByTheNextRun(isByHand: Bool, live: String, down: String, calls: [String]) throws
{
  let (up, moved) = (shown("a10g-small", replicas: 3), shown("t4-small", replicas: 3))
  let one = shown("t4-small", replicas: 1)
  var scene = try Scene(many, shown(live, replicas: 3), at: "Tue 11:10")
    .applied([.hardware: "t4-small", .replicas: "3"]).did(.hardware, "t4-small", at: down, cause: .idle)
  scene =
    try isByHand
    ? scene.seen(("Tue 08:00", up), ("Tue 11:01", one), ("Tue 11:05", moved))
    : scene.seen(("Tue 08:00", up), ("Tue 11:01", moved))
  #expect(try scene.calls == calls)
}

/// By hand it was changed and came back: what idle set held until then.
@Test func aDowngradeThatSomebodyUndidHoldsNoMore() throws {
  let rules = "drift: enforce\n" + withoutRules
  let (up, basic) = (shown("a10g-small"), shown("cpu-basic"))
  let scene = try Scene(rules, basic, at: "Wed 12:00").applied([.hardware: "cpu-basic"])
    .did(.hardware, "cpu-basic", at: "Tue 09:00", cause: .idle)
  #expect(try scene.seen(("Tue 08:00", up), ("Tue 09:05", basic)).calls == [])
  let undone = try scene.seen(("Tue 08:00", up), ("Tue 09:05", basic), ("Tue 14:00", up))
  #expect(try undone.calls == ["cpu-basic → a10g-small"])
}
