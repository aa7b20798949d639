import Money
import Planning
import Pricing
import Schedules
import Spaces
import Testing
import Timelines

private let office = """
  default: { sleep: 30m }
  rules:
    - { name: morning, cron: "0 8 * * *", set: { hardware: t4-small } }
    - { name: evening, cron: "0 19 * * *", set: { hardware: cpu-basic } }
  """

private func hold(_ set: Settings, _ from: String, _ until: String) throws -> Override {
  Override(kind: .hold, name: "demo", range: try at(from)..<at(until), set: set)
}

/// Until 11:45 it was as applied, then somebody changed it by hand, then somebody else held it.
@Test(arguments: DriftMode.allCases) func aHoldWinsOverAChangeByHandBeforeIt(drift: DriftMode) throws {
  let scene = try Scene(
    office + "\ndrift: \(drift.rawValue)", shown("a100-large", sleep: 1800), at: "Tue 12:00"
  ).applied([.hardware: "t4-small", .sleep: "1800"])
    .seen(("Tue 08:15", shown("t4-small", sleep: 1800)), ("Tue 11:45", shown("t4-small", sleep: 1800)))
  let held = try scene.with {
    $0.holds = [try hold(Settings(hardware: .a10gSmall), "Tue 12:00", "Tue 15:00")]
  }
  #expect(try held.calls == ["a100-large → a10g-small"])
  // One that was made before the change is not a word on it.
  let before = try scene.with {
    $0.holds = [try hold(Settings(hardware: .t4Small), "Tue 10:00", "Tue 15:00")]
  }
  #expect(try before.calls == (drift == .enforce ? ["a100-large → t4-small"] : []))
}

@Test func whatASpaceHasIsKeptAlsoWhereARuleWouldPauseIt() throws {
  let rules = "rules: [{ name: night, cron: \"0 20 * * *\", set: { state: paused } }]"
  let scene = try Scene(rules, shown("t4-small", sleep: 1800), at: "Tue 20:00")
  #expect(try scene.calls == ["pause"])
  let kept = scene.situation.settings
  #expect(kept == Settings(hardware: .t4Small, sleep: .after(seconds: 1800), state: .running, replicas: 1))
  #expect(try scene.with { $0.holds = [try hold(kept, "Tue 19:00", "Tue 21:00")] }.calls == [])
  #expect(try Scene(rules, shown("t4-small", .paused), at: "Tue 20:00").situation.settings.state == .paused)
}

// MARK: How it ends

@Test(arguments: [
  (["Tue 10:00", "Tue 10:05", "Tue 10:10"], 300, "Tue 12:00", "Tue 12:00"),
  (["Tue 10:00", "Tue 10:05", "Tue 10:10"], 300, "Tue 12:00:01", "Tue 12:05"),
  (["Tue 10:00", "Tue 10:05", "Tue 10:10"], 300, "Tue 09:00", "Tue 10:15"),
  // A machine that was off for a while is no other rhythm.
  (["Mon 10:00", "Mon 10:05", "Tue 10:05", "Tue 10:10"], 300, "Tue 10:11", "Tue 10:15"),
  (["Mon 02:00", "Tue 02:00"], 86_400, "Tue 12:00", "Wed 02:00"),
])
func runsComeAsTheyCame(runs: [String], gap: Int64, end: String, next: String) throws {
  let rhythm = try #require(RunRhythm(try runs.map(at)))
  #expect(rhythm.gap == gap)
  #expect(try rhythm.run(atOrAfter: at(end)) == at(next))
  #expect(!rhythm.hasStopped(at: rhythm.last + gap + 60))
  #expect(rhythm.hasStopped(at: rhythm.last + 2 * gap + 61))
}

/// A rule that acts early counts on the next run up to an hour before it is due; cron starts one a second late.
@Test func hourlyRunsAreWaitedFor() throws {
  #expect(try RunRhythm([at("Tue 10:00"), at("Tue 11:00:01")])?.lateness == 3601)
  #expect(try RunRhythm([at("Tue 10:00"), at("Tue 12:00")])?.lateness == 0)
}

@Test(arguments: [[], ["Tue 10:00"], ["Tue 10:00", "Tue 10:00"]]) func aRhythmTakesTwoRuns(runs: [String])
  throws
{
  #expect(try RunRhythm(runs.map(at)) == nil)
}

@Test(arguments: [
  // Under the hold, then what the rules ask for at its end; or else what it had before.
  (office, "t4-small", Settings(hardware: .a100Large), "Tue 15:00", "2.10"),
  (office, "t4-small", Settings(hardware: .a100Large), "Tue 20:00", "2.50"),
  (office, "t4-small", Settings(hardware: .a100Large, replicas: 2), "Tue 20:00", "5.00"),
  (office, "t4-small", Settings(hardware: .cpuBasic), "Tue 15:00", "0"),
  (office, "t4-small", Settings(state: .paused), "Tue 15:00", "0"),
  (office, "t4-small", Settings(sleep: .never), "Tue 15:00", "0"),
  ("default: { sleep: 1h }", "t4-small", Settings(hardware: .a10gSmall), "Tue 15:00", "0.60"),
  (office, "t4-small", Settings(hardware: SpaceHardware(rawValue: "mystery")), "Tue 15:00", nil),
])
func theTimeOverCostsTheDifference(
  rules: String, live: String, set: Settings, until: String, rate: String?
) throws {
  let override = try hold(set, "Tue 12:00", until)
  let scene = try Scene(rules, shown(live, sleep: 1800), at: "Tue 12:00").with { $0.holds = [override] }
  #expect(try scene.planner.rateOver(override, of: scene.situation) == rate.map { try Money($0) })
}

// MARK: Undo

private func made(
  _ kind: SpaceAction.Kind, _ from: String, _ to: String, _ outcome: SpaceAction.Outcome = .done
) throws -> SpaceAction {
  SpaceAction(
    space: try SpaceID(Scene.space), at: try at("Tue 10:00"), kind: kind, from: from, to: to,
    outcome: outcome, reason: "")
}

private let before = shown("a10g-small", sleep: 7200)

@Test(arguments: [
  (
    [("hardware", "a10g-small", "t4-small"), ("sleep", "7200", "1800")], "t4-small",
    "hardware: a10g-small, sleep: 2h"
  ),
  ([("sleep", "-1", "1800")], "t4-small", "sleep: never"),
  // The journal has no sleep time for the way to cpu-basic: the looks have.
  ([("hardware", "a10g-small", "cpu-basic")], "cpu-basic", "hardware: a10g-small, sleep: 2h"),
  ([("hardware", "cpu-basic", "t4-small"), ("sleep", "172800", "1800")], "t4-small", "hardware: cpu-basic"),
  // Of several, the first tells what was found.
  (
    [("hardware", "cpu-basic", "a10g-small"), ("hardware", "a10g-small", "t4-small")], "t4-small",
    "hardware: cpu-basic"
  ),
  ([("hardware", "a10g-small", "a100-large")], "t4-small", "its hardware was changed since"),
  ([("sleep", "7200", "60")], "t4-small", "its sleep was changed since"),
  ([("hardware", "", "t4-small")], "t4-small", "the journal does not say what its hardware was"),
  ([("pause", "RUNNING", "PAUSED")], "t4-small", "that run's pause is not undone"),
  ([], "t4-small", "nothing came of that run"),
])
func aRunIsUndoneByItsJournal(changes: [(String, String, String)], live: String, result: String) throws {
  let scene = try Scene(office, shown(live, sleep: 1800), at: "Tue 12:00").seen(("Tue 09:00", before))
  let actions = try changes.map { try made(#require(SpaceAction.Kind(rawValue: $0)), $1, $2) }
  let refused = try made(.hardware, "cpu-basic", "a100-large", .refused)
  switch try scene.planner.undo([refused] + actions, of: scene.situation) {
  case .hold(let settings, let until):
    #expect("\(settings)" == result)
    #expect(try until == at("Tue 19:00"))
  case .left(let reason): #expect(reason == result)
  }
}

/// What was changed since, and is the same again, is not what the run left.
@Test func whatIsTheSameAgainIsNotUndone() throws {
  let actions = [try made(.hardware, "a10g-small", "t4-small")]
  let scene = try Scene(office, shown("t4-small"), at: "Wed 12:00").seen(("Tue 09:00", before))
  #expect(
    try scene.planner.undo(actions, of: scene.situation) != .left(reason: "its hardware was changed since"))
  let byHand = try Scene(office, shown("t4-small"), at: "Wed 12:00")
    .seen(("Tue 09:00", before), ("Tue 10:30", shown("t4-small")), ("Tue 14:00", before))
  #expect(
    try byHand.planner.undo(actions, of: byHand.situation) == .left(reason: "its hardware was changed since"))
  let byRules = try scene.did(.hardware, "cpu-basic", at: "Tue 19:00").did(
    .hardware, "t4-small", at: "Wed 08:00")
  #expect(
    try scene.planner.undo(actions, of: byRules.situation) == .left(reason: "its hardware was changed since"))
}

@Test func whatMayNotBeHeldIsNotUndone() throws {
  let actions = [try made(.hardware, "a10g-small", "t4-small")]
  let scene = try Scene("protect: true", shown("t4-small"), at: "Tue 12:00")
  #expect(try scene.planner.undo(actions, of: scene.situation) == .left(reason: "protected"))
  let unmanaged = try Scene(office, shown("t4-small"), at: "Tue 12:00", spaces: "[acme/other]")
  #expect(try unmanaged.planner.refusal(of: unmanaged.situation)?.contains("name it in a policy") == true)
}

@Test func anUndoEndsAtMidnightWhereThereAreNoRules() throws {
  let scene = try Scene(
    "idle: { after: 2h, set: { hardware: cpu-basic } }", shown("cpu-basic"), at: "Tue 12:00"
  )
  .seen(("Tue 09:00", before))
  let undo = try scene.planner.undo([made(.hardware, "a10g-small", "cpu-basic")], of: scene.situation)
  #expect(
    undo == .hold(Settings(hardware: .a10gSmall, sleep: .after(seconds: 7200)), until: try at("Wed 00:00")))
}
