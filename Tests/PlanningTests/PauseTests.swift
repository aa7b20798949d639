import Planning
import Schedules
import Spaces
import Testing
import Timelines

private let paused = shown("a10g-small", .paused)
private let running = shown("a10g-small")

/// Up from 08:00 on a10g-small, on t4-small from 19:00; `state` is what the morning says of it.
private func rules(state: String = "") -> String {
  """
  rules:
    - { name: morning, cron: "0 8 * * *", set: { hardware: a10g-small\(state) } }
    - { name: evening, cron: "0 19 * * *", set: { hardware: t4-small } }
  """
}

private let stateRunning = rules(state: ", state: running")
private let somebody = "paused by somebody else, or by the Hub's spend limit"

// MARK: By somebody else

/// Nothing is sent to it, whatever the hardware rules say.
@Test(arguments: ["Tue 10:00", "Tue 20:00", "Wed 09:00", "Sun 09:00"])
func aForeignPauseIsLeftAlone(now: String) throws {
  let scene = try Scene(rules(), paused, at: now).applied([.hardware: "a10g-small"])
    .seen(("Tue 08:00", running), ("Tue 09:00", paused))
  let plan = try scene.plan
  #expect(plan.verdict == .leftAlone)
  #expect(plan.calls == [])
  #expect(plan.why == "\(somebody) (seen so since 2026-11-03 09:00); left alone")
}

/// It is ended once, at the first run after a boundary before which a look had already seen it.
@Test(arguments: [
  ("Tue 10:00", "Tue 09:00", []),
  ("Tue 18:59", "Tue 09:00", []),
  // The evening does not name the state.
  ("Tue 20:00", "Tue 09:00", []),
  ("Wed 08:00", "Tue 09:00", ["restart"]),
  ("Wed 12:00", "Tue 09:00", ["restart"]),
  ("Wed 08:00", "Wed 07:59", ["restart"]),
  ("Wed 12:00", "Wed 08:00", []),
])
func stateRunningEndsAForeignPause(now: String, seen: String, calls: [String]) throws {
  let scene = try Scene(stateRunning, paused, at: now).applied([.hardware: "a10g-small"])
    .seen(("Tue 08:00", running), (seen, paused))
  #expect(try scene.calls == calls)
  if !calls.isEmpty {
    #expect(
      try scene.plan.why == "state: running ends a pause once a boundary; rule morning of 2026-11-04 08:00")
    #expect(try scene.plan.changes.last?.cause == .rules)
  }
}

/// Once a boundary: whatever became of the try.
@Test(arguments: [
  (SpaceAction.Kind.restart, SpaceAction.Outcome.done, "Wed 08:00", true),
  (.restart, .refused, "Wed 08:00", true),
  (.restart, .failed, "Wed 08:00", true),
  (.restart, .unknown, "Wed 08:00", true),
  // The Hub has not been asked.
  (.restart, .notSent, "Wed 08:00", false),
  (.restart, .refused, "Tue 08:00", false),
  // Its hardware, which goes first, was refused: the Space's owner is at the limit.
  (.hardware, .refused, "Wed 08:00", true),
  // A crash between the two: the restart is still to come.
  (.hardware, .done, "Wed 08:00", false),
])
func aRefusedTryIsNotRepeated(
  kind: SpaceAction.Kind, outcome: SpaceAction.Outcome, tried: String, isOver: Bool
) throws {
  let scene = try Scene(stateRunning, paused, at: "Wed 12:00").applied([.hardware: "a10g-small"])
    .seen(("Mon 08:00", running), ("Mon 09:00", paused)).did(kind, "a10g-small", at: tried, outcome)
  #expect(try scene.calls == (isOver ? [] : ["restart"]))
  if outcome == .done, kind == .restart {
    // It was up for a while, though no look saw it: nobody has seen the present pause before now.
    #expect(try scene.plan.why == "\(somebody) (seen so since 2026-11-04 12:00); left alone")
  } else if isOver {
    #expect(
      try scene.plan.why
        == "\(somebody) (seen so since 2026-11-02 09:00); it was tried once after the latest boundary, and is left alone until the next"
    )
  }
}

@Test func pausedAgainItWaitsForTheNextBoundary() throws {
  func scene(at now: String) throws -> Scene {
    try Scene(stateRunning, paused, at: now).applied([.hardware: "a10g-small"])
      .did(.restart, "RUNNING", at: "Tue 08:00:05")
      .seen(("Tue 07:00", paused), ("Tue 08:01", running), ("Tue 09:00", paused))
  }
  #expect(try scene(at: "Tue 12:00").calls == [])
  #expect(try scene(at: "Wed 07:59").calls == [])
  #expect(try scene(at: "Wed 08:00").calls == ["restart"])
}

@Test func hardwareComesBeforeTheRestart() throws {
  let scene = try Scene(stateRunning, shown("t4-small", .paused), at: "Wed 08:00")
    .applied([.hardware: "t4-small"]).seen(("Tue 20:00", shown("t4-small", .paused)))
  #expect(try scene.calls == ["t4-small → a10g-small", "restart"])
}

/// Our own pause was ended by somebody, and then somebody paused it.
@Test func aPauseAfterOursIsForeign() throws {
  let scene = try Scene(rules(), paused, at: "Wed 12:00").applied([.hardware: "a10g-small", .state: "paused"])
    .did(.pause, "PAUSED", at: "Mon 22:00")
    .seen(("Mon 22:01", paused), ("Tue 12:00", running), ("Tue 13:00", paused))
  #expect(try scene.plan.why == "\(somebody) (seen so since 2026-11-03 13:00); left alone")
}

// MARK: Ours

private let nights = """
  default: { hardware: a10g-small }
  rules:
    - { name: night, cron: "0 22 * * *", set: { state: paused } }
    - { name: day, cron: "0 8 * * *", set: { hardware: t4-small } }
  """

@Test func aRulePauses() throws {
  let plan = try Scene(nights, shown("a10g-small"), at: "Tue 22:00").plan
  #expect(plan.calls == ["pause"])
  #expect(plan.shouldBe == "paused, a10g-small")
  #expect(plan.why == "rule night of 2026-11-03 22:00")
}

@Test func ourPauseIsKeptWhileARuleAsksForIt() throws {
  let scene = try Scene(nights, paused, at: "Wed 03:00").applied([.state: "paused"])
    .did(.pause, "PAUSED", at: "Tue 22:00").seen(("Tue 22:00", running), ("Tue 22:01", paused))
  #expect(try scene.plan.verdict == .asDesired)
  #expect(try scene.plan.found == [.state: "paused", .hardware: "a10g-small"])
}

/// No `state: running` is needed: it ends when nothing asks for it any more, hardware first.
@Test func ourPauseEnds() throws {
  let scene = try Scene(nights, paused, at: "Wed 08:00").applied([.state: "paused", .hardware: "a10g-small"])
    .did(.pause, "PAUSED", at: "Tue 22:00").seen(("Tue 22:00", running), ("Tue 22:01", paused))
  let plan = try scene.plan
  #expect(plan.calls == ["a10g-small → t4-small", "restart"])
  #expect(plan.changes.map(\.cause) == [.rules, .endOfPause])
  #expect(plan.changes.last?.reason == "nothing asks for the pause any more; rule day of 2026-11-04 08:00")
}

/// Ours by the journal, whatever looks came between; not if it never happened.
@Test(arguments: [
  (SpaceAction.Outcome.done, true), (.unknown, true), (.refused, false), (.notSent, false), (.failed, false),
])
func onlyAPauseThatMayHaveHappenedIsOurs(outcome: SpaceAction.Outcome, isOurs: Bool) throws {
  let scene = try Scene(nights, paused, at: "Wed 08:00").applied([.hardware: "t4-small"])
    .did(.pause, "PAUSED", at: "Tue 22:00", outcome).seen(("Tue 22:00", running), ("Tue 22:01", paused))
  #expect(try scene.calls.contains("restart") == isOurs)
}

// MARK: Instead of cpu-basic

private func basicAtNight(state: String = "") -> String {
  """
  otherwise: pause
  rules:
    - { name: day, cron: "0 8 * * *", set: { hardware: a10g-small } }
    - { name: evening, cron: "0 19 * * *", set: { hardware: cpu-basic\(state) } }
    - { name: night, cron: "0 23 * * *", set: { hardware: cpu-basic\(state) } }
  """
}

private func pausedInstead(state: String = "", at now: String) throws -> Scene {
  try Scene(basicAtNight(state: state), paused, at: now).applied([.state: "paused", .hardware: "a10g-small"])
    .did(.hardware, "cpu-basic", at: "Tue 19:00", .refused)
    .did(.pause, "PAUSED", at: "Tue 19:00:01", cause: .refusedDowngrade)
    .seen(("Tue 19:00", running), ("Tue 19:00:02", paused))
}

@Test func aPauseInsteadOfCPUBasicLastsAsLongAsCPUBasicWould() throws {
  for now in ["Tue 19:05", "Tue 23:05", "Wed 07:59"] {
    let plan = try pausedInstead(at: now).plan
    #expect(plan.verdict == .leftAlone)
    #expect(plan.calls == [])
    #expect(
      plan.why == "paused on 2026-11-03 19:00:01, as its downgrade to cpu-basic was refused; left alone")
  }
  #expect(try pausedInstead(at: "Wed 08:00").calls == ["restart"])
  #expect(
    try pausedInstead(at: "Wed 08:00").plan.why
      == "nothing asks for the pause any more; rule day of 2026-11-04 08:00")
}

/// Trying again at every run would be refused again: `state: running` tries once a boundary.
@Test func stateRunningEndsAPauseInsteadOfCPUBasicOnceABoundary() throws {
  #expect(try pausedInstead(state: ", state: running", at: "Tue 19:05").calls == [])
  #expect(
    try pausedInstead(state: ", state: running", at: "Tue 23:00").calls == [
      "a10g-small → cpu-basic", "restart",
    ])
  let tried = try pausedInstead(state: ", state: running", at: "Tue 23:05")
    .did(.hardware, "cpu-basic", at: "Tue 23:00", .refused)
  #expect(try tried.calls == [])
}

@Test func onlyAPolicyThatSaysSoPausesInstead() throws {
  #expect(
    try Scene(basicAtNight(), running, at: "Tue 19:00").plan.changes.map(\.pausesWhereRefused) == [true])
  #expect(try Scene(rules(), running, at: "Tue 19:00").plan.changes.map(\.pausesWhereRefused) == [false])
  // Who holds it up does not want it paused.
  let held = try Scene(basicAtNight(), running, at: "Tue 19:00").with { situation in
    situation.holds = [
      Override(
        kind: .hold, name: "", range: try at("Tue 18:00")..<(try at("Tue 21:00")),
        set: Settings(state: .running))
    ]
  }
  #expect(try held.plan.changes.map(\.pausesWhereRefused) == [false])
}
