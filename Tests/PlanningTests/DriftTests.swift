import Planning
import Schedules
import Spaces
import Testing
import Timelines

/// a10g-small from 08:00, t4-small from 19:00; 30 minutes of sleep and one copy all day.
private func rules(_ drift: DriftMode = .untilNextBoundary) -> String {
  """
  default: { sleep: 30m, replicas: 1 }
  drift: \(drift.rawValue)
  rules:
    - { name: morning, cron: "0 8 * * *", set: { hardware: a10g-small } }
    - { name: evening, cron: "0 19 * * *", set: { hardware: t4-small } }
  """
}

private let asApplied: [Setting: String] = [.hardware: "a10g-small", .sleep: "1800", .replicas: "1"]
private let rule = "rule morning of 2026-11-03 08:00"
private let changedAt1145 = "changed by hand after 2026-11-03 11:45"

/// Each setting drifts by itself. Until 11:45 all was as applied; at 12:00 something was not.
@Test(arguments: [
  (
    DriftMode.untilNextBoundary, shown("a100-large", sleep: 1800), SpacePlan.Verdict.leftAlone, [],
    "hardware \(changedAt1145); left so until the next boundary, 2026-11-03 19:00"
  ),
  (
    .untilNextBoundary, shown("a10g-small", sleep: 7200), .leftAlone, [],
    "sleep \(changedAt1145); left so until the next boundary, 2026-11-03 19:00"
  ),
  (
    .untilNextBoundary, shown("a10g-small", sleep: 1800, replicas: 2), .leftAlone, [],
    "replicas \(changedAt1145); left so until the next boundary, 2026-11-03 19:00"
  ),
  (
    .enforce, shown("a100-large", sleep: 1800), .change, ["a100-large → a10g-small"],
    "hardware \(changedAt1145), put back (drift: enforce); \(rule)"
  ),
  (
    .enforce, shown("a10g-small", sleep: nil), .change, ["sleep never → 30m"],
    "sleep \(changedAt1145), put back (drift: enforce); default of policy office"
  ),
  (
    .enforce, shown("a10g-small", sleep: 1800, replicas: 2), .change, ["replicas 2 → 1"],
    "replicas \(changedAt1145), put back (drift: enforce); default of policy office"
  ),
  (
    .report, shown("a100-large", sleep: 1800), .leftAlone, [],
    "hardware \(changedAt1145); only reported (drift: report)"
  ),
])
func aChangeByHand(
  drift: DriftMode, live: SpaceState, verdict: SpacePlan.Verdict, calls: [String], why: String
) throws {
  let before = shown("a10g-small", sleep: 1800)
  let plan = try Scene(rules(drift), live, at: "Tue 12:00").applied(asApplied)
    .seen(("Tue 08:15", before), ("Tue 11:45", before)).plan
  #expect(plan.verdict == verdict)
  #expect(plan.calls == calls)
  #expect(plan.why == why)
}

/// When a change by hand ends: at the first boundary after the last look that did not see it.
@Test(arguments: [
  ("Tue 18:59:59", "Tue 18:45", false),
  ("Tue 19:00", "Tue 18:45", true),
  // Between two looks lies the boundary of 19:00: the change may have been made before it.
  ("Tue 19:10", "Tue 18:55", true),
  // At 19:00 the change was not there yet.
  ("Tue 19:10", "Tue 19:00", false),
  ("Wed 07:59", "Tue 19:05", false),
  ("Wed 09:00", "Tue 19:05", true),
])
func aBoundaryEndsAChangeByHand(now: String, lastLookBefore: String, isOver: Bool) throws {
  let scene = try Scene(rules(), shown("a100-large", sleep: 1800), at: now).applied(asApplied)
    .seen((lastLookBefore, shown("a10g-small", sleep: 1800)))
  #expect(try scene.plan.verdict == (isOver ? .change : .leftAlone))
  #expect(try scene.calls.count == (isOver ? 1 : 0))
  #expect(try scene.planner.planWithoutPast(scene.situation) == nil)
}

/// A firing that sets what held before is a boundary too.
@Test func aBoundaryThatChangesNothingEndsAChangeByHand() throws {
  let hourly = "rules: [{ name: hourly, cron: \"0 * * * *\", set: { hardware: t4-small } }]"
  let scene = try Scene(hourly, shown("a10g-small"), at: "Tue 12:00").applied([.hardware: "t4-small"])
    .seen(("Tue 11:45", shown("t4-small")), ("Tue 11:50", shown("a10g-small")))
  #expect(try scene.calls == ["a10g-small → t4-small"])
  #expect(try scene.plan.why == "rule hourly of 2026-11-03 12:00")
}

/// A policy without rules has a boundary at midnight of its zone.
@Test(arguments: [
  ("UTC", "Tue 23:59", false), ("UTC", "Wed 00:00", true),
  ("Europe/Paris", "Tue 22:59", false), ("Europe/Paris", "Tue 23:00", true),
])
func midnightEndsAChangeByHand(zone: String, now: String, isOver: Bool) throws {
  let scene = try Scene("default: { hardware: t4-small }", shown("a10g-small"), at: now, zone: zone)
    .applied([.hardware: "t4-small"])
    .seen(("Tue 12:00", shown("t4-small")), ("Tue 12:15", shown("a10g-small")))
  #expect(try scene.calls == (isOver ? ["a10g-small → t4-small"] : []))
  let (clock, name) = zone == "UTC" ? ("12:00", "") : ("13:00", " Europe/Paris")
  #expect(
    try scene.plan.why
      == (isOver
        ? "default of policy office"
        : "hardware changed by hand after 2026-11-03 \(clock)\(name); left so until the next boundary, 2026-11-04 00:00\(name)")
  )
}

@Test func withoutABoundaryToComeAChangeByHandStays() throws {
  let never = "default: { hardware: t4-small }\nrules: [{ cron: \"0 0 30 2 *\", set: {} }]"
  let scene = try Scene(never, shown("a10g-small"), at: "Tue 12:00").applied([.hardware: "t4-small"])
    .seen(("Tue 11:00", shown("t4-small")))
  #expect(
    try scene.plan.why
      == "hardware changed by hand after 2026-11-03 11:00; left so as no boundary is to come")
}

/// What no run has made or found as desired has no drift, but for a Space that appeared later.
@Test(arguments: [
  (nil, "Tue 12:00", true), ("Tue 11:00", "Tue 12:00", false), ("Tue 08:00", "Tue 12:00", false),
  ("Tue 07:59", "Tue 12:00", true), ("Tue 11:00", "Tue 19:00", true),
])
func aSpaceThatAppeared(missingUntil: String?, now: String, isApplied: Bool) throws {
  let scene = try Scene(rules(), shown("a100-large", sleep: 1800), at: now)
    .with { $0.missingUntil = try missingUntil.map { try at($0) } }
  #expect(try scene.plan.verdict == (isApplied ? .change : .leftAlone))
  if !isApplied {
    let since = try #require(missingUntil?.split(separator: " ").last)
    #expect(try scene.plan.why.hasPrefix("hardware changed by hand after 2026-11-03 \(since); left so"))
  }
}

/// One that appeared before the boundary and was changed after it.
@Test func aSpaceThatAppearedAndWasChanged() throws {
  let scene = try Scene(rules(), shown("a100-large", sleep: 1800), at: "Tue 12:00")
    .with { $0.missingUntil = try at("Tue 07:00") }
    .seen(("Tue 09:00", shown("t4-small", sleep: 1800)))
  #expect(try scene.plan.why.hasPrefix("hardware changed by hand after 2026-11-03 09:00; left so"))
}

/// A look that found no such Space tells nothing of its settings.
@Test func aLookThatSawNothingIsNoLookBeforeTheChange() throws {
  let changed = shown("t4-small", sleep: 60)
  let scene = try Scene(rules(), changed, at: "Tue 19:10")
    .applied([.hardware: "t4-small", .sleep: "1800", .replicas: "1"])
    .seen(("Tue 08:15", shown("t4-small", sleep: 1800)), ("Tue 11:00", changed), ("Tue 19:05", .gone))
  #expect(try scene.calls == ["sleep 1m → 30m"])
}

/// A setting that was never applied follows the rules, also where another one was changed by hand.
@Test func driftIsJudgedForEachSettingByItself() throws {
  let scene = try Scene(rules(), shown("a100-large", sleep: nil), at: "Tue 12:00")
    .applied([.hardware: "a10g-small"])
    .seen(("Tue 11:45", shown("a10g-small", sleep: nil)))
  let plan = try scene.plan
  #expect(plan.calls == ["sleep never → 30m"])
  #expect(plan.verdict == .change)
  #expect(plan.why == "default of policy office")
  #expect(
    plan.notes == ["hardware \(changedAt1145); left so until the next boundary, 2026-11-03 19:00"])
  #expect(plan.monthEffect == .zero)
}

@Test func everyChangeByHandIsTold() throws {
  let before = shown("a10g-small", sleep: 1800)
  let plan = try Scene(rules(.report), shown("a100-large", sleep: 60), at: "Tue 12:00").applied(asApplied)
    .seen(("Tue 11:45", before)).plan
  #expect(
    plan.why
      == "hardware \(changedAt1145); only reported (drift: report); sleep \(changedAt1145); only reported (drift: report)"
  )
}

/// A refused call is no drift: what was applied before is still live.
@Test func whatIsStillAsAppliedFollowsTheRules() throws {
  let scene = try Scene(rules(), shown("t4-small", sleep: 1800), at: "Tue 12:00")
    .applied([.hardware: "t4-small", .sleep: "1800", .replicas: "1"])
  #expect(try scene.calls == ["t4-small → a10g-small"])
}

/// What is found as desired is remembered, as what differs later was changed by hand.
@Test func whatIsFoundAsDesiredIsRemembered() throws {
  func found(_ rules: String, _ live: SpaceState) throws -> [Setting: String] {
    try Scene(rules, live, at: "Tue 12:00").plan.found
  }
  #expect(
    try found(rules(), shown("a10g-small", sleep: 1800))
      == [.hardware: "a10g-small", .sleep: "1800", .replicas: "1"])
  #expect(try found(rules(), shown("a100-large", sleep: 1800)) == [.sleep: "1800", .replicas: "1"])
  #expect(
    try found("default: { hardware: cpu-basic, sleep: 1h }", shown("cpu-basic")) == [.hardware: "cpu-basic"])
  #expect(try found("default: { state: running }", shown("cpu-basic", .sleeping)) == [.state: "running"])
  #expect(
    try found("default: { hardware: cpu-basic }", shown("cpu-basic", .buildError))
      == [.hardware: "cpu-basic"])
}

/// Never, written as −1 or not at all, is one value.
@Test(arguments: [nil, -1] as [Int?])
func neverIsOneValue(hubSeconds: Int?) throws {
  let scene = try Scene("default: { sleep: never }", shown("t4-small", sleep: hubSeconds), at: "Tue 12:00")
  #expect(try scene.calls == [])
  #expect(try scene.plan.found == [.sleep: "-1"])
  let other = try Scene("default: { sleep: 30m }", shown("t4-small", sleep: hubSeconds), at: "Tue 12:00")
    .applied([.sleep: "-1"])
  #expect(try other.calls == ["sleep never → 30m"])
}

/// A pause of ours that somebody ended is left until the next boundary.
@Test func aPauseEndedByHand() throws {
  let night = """
    rules:
      - { name: night, cron: "0 22 * * *", set: { state: paused } }
      - { name: day, cron: "0 8 * * *", set: { hardware: t4-small } }
    """
  let scene = try Scene(night, shown("t4-small"), at: "Wed 01:00").applied([.state: "paused"])
    .did(.pause, "PAUSED", at: "Tue 22:00")
    .seen(("Tue 22:00", shown("t4-small")), ("Tue 23:00", shown("t4-small", .paused)))
  #expect(
    try scene.plan.why
      == "state changed by hand after 2026-11-03 23:00; left so until the next boundary, 2026-11-04 08:00")
}

/// What is left for now goes on until the setting's next boundary, also where the rules ask for nothing new.
@Test func anExplanationSaysWhenAChangeByHandIsOver() throws {
  let rules = "default: { hardware: cpu-basic }\nrules: [{ name: evening, cron: \"0 19 * * *\", set: {} }]"
  let scene = try Scene(rules, shown("t4-small"), at: "Tue 12:00").seen(("Tue 11:45", shown("cpu-basic")))
    .applied([.hardware: "cpu-basic"])
  let explanation = try scene.planner.explain(scene.situation)
  #expect(explanation.next == nil)
  #expect(try explanation.leftUntil?.instant == at("Tue 19:00"))
  let asDesired = try Scene(rules, shown("cpu-basic"), at: "Tue 12:00")
  #expect(try asDesired.planner.explain(asDesired.situation).leftUntil == nil)
}

/// What is decided anew at midnight is no rule.
@Test func anExplanationNamesNoRuleOfAPolicyWithoutRules() throws {
  let scene = try Scene("default: { hardware: cpu-basic }", shown("cpu-basic"), at: "Tue 12:00")
  let lines = try scene.planner.explain(scene.situation).lines.filter { $0.layer == "rule" }
  #expect(lines.map(\.text) == ["the policy has no rules, so the default holds"])
}
