import Money
import Planning
import Pricing
import Schedules
import Spaces
import Testing
import Timelines

private func money(_ text: String?) throws -> Money? { try text.map { try Money($0) } }

/// Now, and after all calls: what they cost an hour.
@Test(arguments: [
  ("default: { hardware: a10g-small }", shown("t4-small"), "0.40", "1.00"),
  ("default: { hardware: cpu-basic }", shown("t4-small"), "0.40", "0"),
  ("default: { hardware: cpu-basic }", shown("t4-small", replicas: 3), "1.20", "0"),
  ("default: { hardware: a10g-small }", shown("t4-small", replicas: 3), "1.20", "3.00"),
  ("default: { replicas: 2 }", shown("t4-small", replicas: 3), "1.20", "0.80"),
  ("default: { hardware: a10g-small, replicas: 2 }", shown("cpu-basic"), "0", "2.00"),
  ("default: { state: paused }", shown("t4-small"), "0.40", "0"),
  ("default: { sleep: 5m }", shown("t4-small"), "0.40", "0.40"),
  // A change of hardware starts a Space that sleeps, and starting is billed.
  ("default: { hardware: a10g-small }", shown("t4-small", .sleeping), "0", "1.00"),
  ("default: { replicas: 2 }", shown("t4-small", .sleeping), "0", "0"),
  ("default: { hardware: cpu-basic }", shown("t4-small", .sleeping), "0", "0"),
  ("default: { hardware: cpu-basic }", shown("t4-small", .buildError), "0", "0"),
  ("default: { hardware: a10g-small }", shown("t4-small", .runtimeError), "0", "1.00"),
  ("default: { hardware: mystery }", shown("t4-small"), "0.40", nil),
  ("default: { hardware: t4-small }", shown("mystery"), nil, "0.40"),
  ("default: { hardware: riddle }", shown("mystery"), nil, nil),
])
func theRate(rules: String, live: SpaceState, before: String?, after: String?) throws {
  let plan = try Scene(rules, live, at: "Tue 12:00").plan
  #expect(!plan.changes.isEmpty)
  #expect(plan.rate == (try money(before)))
  #expect(plan.rateAfter == (try money(after)))
  #expect(plan.changes.first?.rateBefore == plan.rate)
}

/// Each call starts from what the one before it left.
@Test func theRateCallByCall() throws {
  let plan = try Scene("default: { hardware: a10g-small, replicas: 2 }", shown("cpu-basic"), at: "Tue 12:00")
    .plan
  #expect(plan.changes.map(\.rateBefore) == [.zero, try Money("1")])
  #expect(plan.changes.map(\.rateAfter) == [try Money("1"), try Money("2")])
  #expect(plan.changes.map(\.direction) == [.up, .up])
}

/// A paused Space starts to cost with its restart only.
@Test func theRateOfTheEndOfAPause() throws {
  let paused = shown("t4-small", .paused)
  let rules = "rules: [{ cron: \"0 8 * * *\", set: { hardware: a10g-small, state: running } }]"
  let plan = try Scene(rules, paused, at: "Tue 12:00").seen(("Tue 07:00", paused)).plan
  #expect(plan.calls == ["t4-small → a10g-small", "restart"])
  #expect(plan.changes.map(\.rateAfter) == [.zero, try Money("1")])
}

@Test(arguments: [
  ("t4-small", "a10g-small", Change.Direction.up, "0"), ("a10g-small", "t4-small", .down, "0.60"),
  ("zero-a10g", "cpu-basic", .level, "0"), ("t4-small", "mystery", .up, "0"),
  ("cpu-basic", "mystery", .up, "0"),
  ("mystery", "cpu-basic", .down, "0"), ("mystery", "t4-small", .level, "0"),
  ("mystery", "riddle", .level, "0"),
])
func theDirection(from: String, to: String, direction: Change.Direction, saving: String) throws {
  let change = try #require(
    try Scene("default: { hardware: \(to) }", shown(from), at: "Tue 12:00").plan.changes.first)
  #expect(change.direction == direction)
  #expect(change.saving == (try Money(saving)))
}

/// What sleeps saves nothing, but is a downgrade all the same.
@Test func aSleepingSpaceSavesNothing() throws {
  let change = try #require(
    try Scene("default: { hardware: cpu-basic }", shown("a100-large", .sleeping), at: "Tue 12:00").plan
      .changes
      .first)
  #expect(change.direction == .down)
  #expect(change.saving == .zero)
}

/// Until the next boundary, or the end of the month in UTC.
@Test(arguments: [
  ("{ cron: \"0 20 * * *\", set: { hardware: t4-small } }", "-4.80"),  // 8 hours of 0.60
  ("{ cron: \"0 20 1 1 *\", set: { hardware: t4-small } }", "-396.00"),  // 27 days and 12 hours
  ("{ cron: \"0 20 * * *\", set: { hardware: mystery } }", nil),
])
func theEffectOnTheMonth(rule: String, effect: String?) throws {
  let plan = try Scene("rules: [\(rule)]", shown("a10g-small"), at: "Tue 12:00").plan
  #expect(plan.calls.count == 1)
  #expect(plan.monthEffect == (try money(effect)))
}

@Test func whatStaysAsItIsHasNoEffect() throws {
  #expect(
    try Scene("default: { hardware: mystery }", shown("mystery"), at: "Tue 12:00").plan.monthEffect == .zero)
  #expect(
    try Scene("protect: true", shown("a10g-small"), at: "Tue 12:00").plan.monthEffect == .zero)
}

// MARK: Agenda

private func plans(_ spaces: [(name: String, rules: String, live: SpaceState)]) throws -> [SpacePlan] {
  try spaces.map { space in
    var scene = try Scene(space.rules, space.live, at: "Tue 12:00")
    scene.situation.space = try SpaceID("acme/\(space.name)")
    return try scene.planner.plan(scene.situation)
  }
}

extension Agenda {
  fileprivate var order: [String] {
    downgrades.map { "down \($0.space.name)" } + others.map { "then \($0.space.name)" }
  }
}

private let basic = "default: { hardware: cpu-basic }"

@Test func whatSavesMostGoesFirst() throws {
  let agenda = Agenda(
    try plans([
      ("up-b", "default: { hardware: a100-large }", shown("t4-small")),
      ("asleep", basic, shown("a100-large", .sleeping)),
      ("up-a", "default: { hardware: a100-large, sleep: 5m }", shown("cpu-basic")),
      ("little", basic, shown("t4-small")),
      ("sleep-time", "default: { sleep: 5m }", shown("t4-small")),
      ("fine", basic, shown("cpu-basic")),
      ("much", "default: { state: paused }", shown("a100-large", replicas: 2)),
      ("twin-b", basic, shown("a10g-small")),
      ("twin-a", basic, shown("a10g-small")),
      ("copies", "default: { sleep: 5m, replicas: 1 }", shown("a100-large", replicas: 3)),
    ]))
  #expect(
    agenda.order == [
      "down copies", "down much", "down twin-a", "down twin-b", "down little", "down asleep",
      "then sleep-time",
      "then up-a", "then up-b",
    ])
  #expect(agenda.waiting.isEmpty)
}

/// What is left waits for the next run, call by call.
@Test(arguments: [
  (0, [], 5), (1, ["down much"], 4), (2, ["down much", "down little"], 3),
  (3, ["down much", "down little", "then up-a"], 2), (4, ["down much", "down little", "then up-a"], 1),
  (5, ["down much", "down little", "then up-a", "then up-b"], 0),
])
func atMostSoManyChanges(limit: Int, order: [String], waiting: Int) throws {
  let agenda = Agenda(
    try plans([
      ("up-b", "default: { hardware: a100-large }", shown("t4-small")),
      ("up-a", "default: { hardware: a100-large, replicas: 2 }", shown("cpu-basic")),
      ("little", basic, shown("t4-small")), ("much", basic, shown("a100-large")),
    ]), maxChanges: limit)
  #expect(agenda.order == order)
  #expect(agenda.waiting.count == waiting)
  #expect((agenda.downgrades + agenda.others).map(\.changes.count).reduce(0, +) == limit)
}

/// A rule that fires under a hold is no boundary of what the hold names.
@Test func theEffectOfAHoldLastsAsLongAsTheHold() throws {
  let rules = "default: { hardware: cpu-basic }\nrules: [{ cron: \"0 18 * * *\", set: {} }]"
  let scene = try Scene(rules, shown("cpu-basic"), at: "Tue 12:00").with {
    $0.holds = [
      Override(
        kind: .hold, name: "", range: try at("Tue 12:00")..<at("Wed 12:00"),
        set: Settings(hardware: .a100Large))
    ]
  }
  #expect(try scene.plan.monthEffect == Money("60"))
}

private let byDay = """
  default: { hardware: cpu-basic }
  rules: [
    { cron: "0 8 * * *", set: { hardware: a10g-small } }, { cron: "0 18 * * *", set: { hardware: cpu-basic } }]
  """

/// The rules would have taken it down in the evening: that is what the hold adds, or the budget does not save.
@Test(arguments: [
  (Override.Kind.hold, SpaceHardware.a100Large, "28.00"), (.budget, .cpuBasic, "-6.00"),
])
func whatRulesWouldHaveDoneCounts(kind: Override.Kind, hardware: SpaceHardware, effect: String) throws {
  let scene = try Scene(byDay, shown("a10g-small"), at: "Tue 12:00").with {
    let override = Override(
      kind: kind, name: "", range: try at("Tue 12:00")..<at("Wed 01:36"), set: Settings(hardware: hardware))
    if kind == .hold { $0.holds = [override] } else { $0.givenUp = [override] }
  }
  #expect(try scene.plan.monthEffect == Money(effect))
}

/// A hold over a hold, and the release of one, are beside the hold that stands, until the next boundary.
@Test(arguments: [
  (false, "t4-small", "-4.20"), (false, "a10g-small", "-3.00"), (true, "a10g-small", "-3.00"),
])
func theEffectIsBesideTheHoldThatStands(isReleased: Bool, hardware: String, effect: String) throws {
  let scene = try Scene(byDay, shown("a100-large"), at: "Tue 12:00").with {
    let standing = Override(
      kind: .hold, name: "", range: try at("Tue 11:00")..<at("Tue 14:00"), set: Settings(hardware: .a100Large)
    )
    if isReleased {
      $0.released = [standing]
    } else {
      let new = try at("Tue 12:00")..<at("Tue 15:00")
      $0.holds = [
        standing,
        Override(
          kind: .hold, name: "", range: new, set: Settings(hardware: SpaceHardware(rawValue: hardware))),
      ]
    }
  }
  #expect(try scene.plan.monthEffect == Money(effect))
}
