import Planning
import Schedules
import Spaces
import Testing
import Timelines

private let officeHours = """
  default: { hardware: cpu-basic, sleep: 1h }
  rules:
    - { name: morning, cron: "0 8 * * *", set: { hardware: a10g-small, sleep: 30m } }
    - { name: noon, cron: "0 12 * * *", set: { hardware: t4-small } }
    - { name: evening, cron: "0 19 * * *", set: { hardware: cpu-basic } }
  """

/// Also a boundary that nobody acted on for hours: no state is needed to know it.
@Test(arguments: [
  ("Tue 07:59:59", "cpu-basic", "cpu-basic", "rule evening of 2026-11-02 19:00"),
  (
    "Tue 08:00", "cpu-basic → a10g-small, sleep 30m", "a10g-small, sleep 30m",
    "rule morning of 2026-11-03 08:00"
  ),
  (
    "Tue 11:59:59", "cpu-basic → a10g-small, sleep 30m", "a10g-small, sleep 30m",
    "rule morning of 2026-11-03 08:00"
  ),
  // The set stands alone: its sleep time is the default's, not the morning's.
  ("Tue 18:00", "cpu-basic → t4-small, sleep 1h", "t4-small, sleep 1h", "rule noon of 2026-11-03 12:00"),
  ("Tue 19:00", "cpu-basic", "cpu-basic", "rule evening of 2026-11-03 19:00"),
])
func theLatestBoundaryDecides(now: String, calls: String, shouldBe: String, why: String) throws {
  let plan = try Scene(officeHours, shown("cpu-basic"), at: now).plan
  #expect(plan.calls == (calls == "cpu-basic" ? [] : [calls]))
  #expect(plan.verdict == (plan.calls.isEmpty ? .asDesired : .change))
  #expect(plan.shouldBe == shouldBe)
  #expect(plan.why == why)
  #expect(plan.policy == "office")
}

@Test func instantsAreReadInTheZoneOfThePolicy() throws {
  let scene = try Scene(officeHours, shown("cpu-basic"), at: "Tue 07:00", zone: "Europe/Paris")
  #expect(try scene.plan.why == "rule morning of 2026-11-03 08:00 Europe/Paris")
}

@Test func beforeTheFirstBoundaryTheDefaultHolds() throws {
  let never = """
    default: { hardware: t4-small }
    rules: [{ cron: "0 0 30 2 *", set: { hardware: a100-large } }]
    """
  let plan = try Scene(never, shown("a10g-small"), at: "Tue 10:00").plan
  #expect(plan.calls == ["a10g-small → t4-small"])
  #expect(plan.why == "default of policy office")
}

/// What neither a rule nor the default names is not ours.
@Test(arguments: [
  ("default: { hardware: t4-small }", shown("t4-small", sleep: 300, replicas: 3)),
  ("default: { sleep: 5m }", shown("a100-large", sleep: 300, replicas: 3)),
  ("default: { replicas: 3 }", shown("a100-large", sleep: 900, replicas: 3)),
  ("default: { state: running }", shown("a100-large", sleep: 900, replicas: 3)),
  ("drift: enforce", shown("a100-large", sleep: 900, replicas: 3)),
])
func whatNobodyNamesIsLeft(rules: String, live: SpaceState) throws {
  let scene = try Scene(rules, live, at: "Tue 10:00")
    .applied([.hardware: "cpu-upgrade", .sleep: "60", .replicas: "2"])
  #expect(try scene.plan.verdict == .asDesired)
  #expect(try scene.calls == [])
}

@Test func aPolicyWithoutSettingsSaysSo() throws {
  let plan = try Scene("drift: enforce", shown("a100-large"), at: "Tue 10:00").plan
  #expect(plan.shouldBe == "")
  #expect(plan.why == "its policy asks for nothing now")
}

@Test(arguments: [
  ("default: { hardware: t4-small, sleep: 5m, replicas: 2 }", "t4-small, sleep 5m, 2 replicas"),
  ("default: { hardware: t4-small, replicas: 1 }", "t4-small, 1 replica"),
  ("default: { hardware: cpu-basic, sleep: 5m, replicas: 2 }", "cpu-basic"),
  ("default: { hardware: t4-small, sleep: never, state: running }", "t4-small, sleep never"),
  ("default: { hardware: t4-small, state: paused }", "paused, t4-small"),
  ("default: { state: running }", "not paused"),
])
func whatASpaceShouldBeReadsWell(rules: String, shouldBe: String) throws {
  #expect(try Scene(rules, shown("t4-small"), at: "Tue 10:00").plan.shouldBe == shouldBe)
}

// MARK: Late runs

/// The settings that came and went between two runs are told, those of the latest boundary are made.
@Test(arguments: [
  (nil, "Tue 20:00", nil),
  ("Tue 07:00", "Tue 08:00", nil),
  ("Tue 08:00", "Tue 12:00", nil),
  ("Tue 07:00", "Tue 12:30", "rule morning of 2026-11-03 08:00"),
  ("Tue 07:00", "Tue 20:00", "2 boundaries from morning of 2026-11-03 08:00 to noon of 2026-11-03 12:00"),
  ("Tue 20:00", "Tue 20:00", nil),
  // Three days down: the evenings set what had held before, and were not missed.
  ("Mon 20:00", "Thu 21:00", "6 boundaries from morning of 2026-11-03 08:00 to noon of 2026-11-05 12:00"),
])
func whatCameAndWentIsTold(lastRun: String?, now: String, passed: String?) throws {
  let scene = try Scene(officeHours, shown("a10g-small"), at: now)
    .with { $0.lastRun = try lastRun.map { try at($0) } }
  let expected = passed.map { "passed over, as no run came in time: \($0)" }
  #expect(try scene.plan.notes == [expected].compactMap(\.self))
}

@Test func midnightsAreNotPassedOver() throws {
  let scene = try Scene("default: { hardware: t4-small }", shown("t4-small"), at: "Fri 10:00")
    .with { $0.lastRun = try at("Mon 10:00") }
  #expect(try scene.plan.notes == [])
}

/// What exceptions ask for comes and goes like rules; a hold was made by a person, who acted at once.
@Test func exceptionsArePassedOverAndHoldsAreNot() throws {
  let rules = """
    default: { hardware: t4-small }
    exceptions: [{ name: launch, from: 2026-11-03T09:00, until: 2026-11-03T11:00, set: { hardware: a100-large } }]
    """
  let hold = Override(
    kind: .hold, name: "", range: try at("Tue 09:00")..<at("Tue 11:00"), set: Settings(hardware: .a10gSmall))
  func notes(_ rules: String, _ holds: [Override]) throws -> [String] {
    try Scene(rules, shown("t4-small"), at: "Tue 12:00").with {
      $0.lastRun = try at("Tue 08:00")
      $0.holds = holds
    }.plan.notes
  }
  #expect(
    try notes(rules, []) == ["passed over, as no run came in time: exception launch of 2026-11-03 09:00"])
  #expect(try notes("default: { hardware: t4-small }", [hold]) == [])
}
