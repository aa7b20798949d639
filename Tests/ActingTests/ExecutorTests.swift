import Acting
import History
import Hub
import JSON
import Spaces
import Testing
import Timelines

private let fleet: JSONValue = [["id": "acme/chat", "hardware": "a10g-small", "sleepTime": 3600]]
private let down = "  - { name: off, spaces: [acme/chat], default: { hardware: cpu-basic } }"
private let hardware = "POST /api/spaces/acme/chat/hardware"

/// How the Hub may fail a change, and what must come of it.
@Test(arguments: [
  // Done, but nobody said so: reading back tells, and nothing is sent again.
  Trouble(fault: ["kind": "apply-then-fail", "times": 1], sent: 1, outcome: "done"),
  Trouble(fault: ["kind": "cut", "times": 1], sent: 1, outcome: "done"),
  Trouble(fault: ["kind": "drop", "done": true, "times": 1], sent: 1, outcome: "done"),
  // Not done: it is sent again after reading back.
  Trouble(fault: ["kind": "status", "status": 503, "times": 2], sent: 3, outcome: "done"),
  Trouble(fault: ["kind": "drop", "times": 1], sent: 2, outcome: "done"),
  Trouble(fault: ["kind": "garbage", "times": 1], sent: 2, outcome: "done"),
  Trouble(fault: ["kind": "rate-limit", "times": 2], sent: 3, outcome: "done"),
  // The Hub goes on failing.
  Trouble(fault: ["kind": "status", "status": 500], sent: 3, outcome: "failed"),
  // It says no.
  Trouble(fault: ["kind": "status", "status": 400], sent: 1, outcome: "refused"),
  Trouble(fault: ["kind": "status", "status": 403], sent: 1, outcome: "refused"),
  // It says no, whatever is asked for.
  Trouble(fault: ["kind": "status", "status": 401], sent: 1, outcome: "refused"),
  Trouble(fault: ["kind": "status", "status": 402], sent: 1, outcome: "refused"),
  Trouble(fault: ["kind": "status", "status": 404], sent: 1, outcome: "refused"),
  Trouble(fault: ["kind": "status", "status": 409], sent: 1, outcome: "refused"),
])
func aChangeInTrouble(_ trouble: Trouble) async throws {
  try await Office.open(fleet) { office in
    var fault = trouble.fault.object ?? [:]
    fault["method"] = "POST"
    fault["path"] = "*/hardware"
    try await office.controls.control("faults", .object(fault))
    let result = try await office.run(down)
    #expect(result.outcomes.map(\.outcome.rawValue) == [trouble.outcome])
    #expect(try await office.controls.changes() == Array(repeating: hardware, count: trouble.sent))
    #expect(try office.journal() == ["acme/chat hardware \(trouble.outcome)"])
    #expect(
      try await office.controls.starts(of: "acme/chat", on: .cpuBasic) == (trouble.outcome == "done" ? 1 : 0))
    #expect((result.outcomes.first?.note == nil) == (trouble.outcome == "done"))
  }
}

/// The next of a list is asked for only where the Hub won't have the hardware, by this run and by the next.
@Test(arguments: [
  (400, 2), (401, 1), (402, 1), (403, 2), (404, 1), (409, 1), (412, 1),
])
func onlyARefusalOfTheHardwareLeadsToTheNextOfAList(status: Int, choice: Int) async throws {
  let list = "  - { name: on, spaces: [acme/chat], default: { hardware: [t4-medium, t4-small] } }"
  try await Office.open([["id": "acme/chat"]]) { office in
    try await office.controls.control(
      "faults",
      [
        "method": "POST", "path": "*/hardware", "kind": "status", "status": .integer(Int64(status)),
        "times": 1,
      ])
    _ = try await office.run(list)
    _ = try await office.run(list)
    let actions = try office.history.actions(on: try SpaceID("acme/chat")).map(\.action)
    #expect(actions.map(\.to) == ["t4-medium", choice == 1 ? "t4-medium" : "t4-small"])
    #expect(actions.first?.outcome == .refused && actions.first?.wasRefusedAnyway == (choice == 1))
  }
}

/// Also where no time passes, as with `--now`: each change was read back, and so seen.
@Test func eachOfSeveralChangesIsSeen() async throws {
  let both = "  - { name: on, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h, replicas: 2 } }"
  try await Office.open(fleet) { office in
    let result = try await office.run(both)
    #expect(result.outcomes.map(\.outcome) == [.done, .done])
    let last = try #require(try office.history.stretches(of: try SpaceID("acme/chat")).last)
    #expect(last.state.requestedHardware == .t4Small && last.state.replicas == 2, "\(last)")
  }
}

/// What never left is not-sent, and refused is what the Hub said no to.
@Test(arguments: [
  (HubError.Kind.unreachable, SpaceAction.Outcome?.some(.notSent)), (.insecure, .notSent),
  (.rateLimited, .notSent),
  (.badRequest, .refused), (.spendLimit, .refused), (.conflict, .refused), (.disabled, .refused),
  (.paymentRequired, .refused), (.invalidToken, .refused), (.timedOut, nil),
])
func whatTheJournalSaysOfAFailedChange(kind: HubError.Kind, word: SpaceAction.Outcome?) {
  #expect(SpaceAction.Outcome(kind.ofChange) == word)
}

struct Trouble: Sendable, CustomTestStringConvertible {
  let fault: JSONValue
  let sent: Int
  let outcome: String
  var testDescription: String { fault.text }
}

/// A rule ends a pause that is not ours by one try a boundary: nobody is told that there will be another soon.
@Test func aTryThatWasTheOnlyOneIsNotSaidToBeMadeAgain() async throws {
  let rules = """
      - name: up
        spaces: [acme/chat]
        default: { hardware: t4-small }
        rules: [{ cron: "2 8 * * *", set: { state: running } }]
    """
  try await Office.open([["id": "acme/chat", "hardware": "t4-small", "stage": "PAUSED"]]) { office in
    try await office.controls.control(
      "faults", ["method": "POST", "path": "*/restart", "kind": "status", "status": 409])
    #expect(try await office.run(rules).outcomes.isEmpty)
    let outcomes = try await office.run(rules).outcomes
    #expect(outcomes.map(\.outcome) == [.refused])
    #expect(outcomes.first?.note?.contains("The next run tries again") == false)
    #expect(
      outcomes.first?.note?.hasSuffix("It was the one try of this boundary: start it on the Hub.") == true)
    #expect(try await office.run(rules).outcomes.isEmpty)
  }
}

/// What is in conflict with it may be the very same call, which came twice on its way.
@Test func aConflictIsReadBack() async throws {
  try await Office.open(fleet) { office in
    try await office.controls.control(
      "faults", ["method": "POST", "path": "*/hardware", "kind": "apply-then-fail", "status": 409])
    let result = try await office.run(down)
    #expect(result.outcomes.map(\.outcome) == [.done])
    #expect(try await office.controls.changes() == [hardware])
    #expect(try office.history.actions(on: try SpaceID("acme/chat")).map(\.action.outcome) == [.done])
  }
}

@Test func whatCannotBeReadBackIsNotSentAgain() async throws {
  try await Office.open(fleet) { office in
    try await office.controls.control(
      "faults", ["method": "POST", "path": "*/hardware", "kind": "apply-then-fail"])
    try await office.controls.control(
      "faults", ["method": "GET", "path": "*/runtime", "kind": "status", "status": 500])
    let result = try await office.run(down)
    #expect(result.outcomes.map(\.outcome) == [.unknown])
    let plan = try #require(result.plans.first)
    #expect(result.rateAfter(of: plan) == nil && result.monthEffect(of: plan) == nil)
    #expect(result.totals.unknownAfter == 1)
    #expect(try await office.controls.changes() == [hardware])
    // The next run sees that it was done, and has nothing to do.
    try await office.controls.call("DELETE", "/_simulator/faults")
    #expect(try await office.run(down).outcomes.isEmpty)
    #expect(try await office.controls.changes() == [hardware])
  }
}

@Test func anOwnerWhoMustPayIsAskedForNoMoreUpgrades() async throws {
  let fleet: JSONValue = [["id": "acme/a"], ["id": "acme/b"], ["id": "acme/c", "hardware": "t4-small"]]
  try await Office.open(fleet) { office in
    try await office.controls.control(
      "faults", ["method": "POST", "path": "*/a/hardware", "kind": "status", "status": 402])
    let result = try await office.run(
      """
        - { name: up, spaces: [acme/a, acme/b], default: { hardware: t4-small } }
        - { name: off, spaces: [acme/c], default: { hardware: cpu-basic } }
      """)
    let outcomes = Dictionary(uniqueKeysWithValues: result.outcomes.map { ($0.space.name, $0.outcome) })
    #expect(outcomes["a"] == .refused)
    #expect(outcomes["c"] == .done)
    // Both upgrades may have been under way together; what the Hub was not asked for is not-sent.
    #expect(outcomes["b"] == .done || outcomes["b"] == .notSent)
  }
}

@Test func anInvalidTokenStopsTheRest() async throws {
  let fleet: JSONValue = [
    ["id": "acme/a", "hardware": "a100-large"], ["id": "acme/b", "hardware": "t4-small"],
  ]
  try await Office.open(fleet) { office in
    try await office.controls.control(
      "faults",
      [
        "method": "POST", "path": "*/hardware", "kind": "status", "status": 401,
        "headers": ["X-Error-Message": "Invalid credentials in Authorization header"],
      ])
    let result = try await office.run(
      "  - { name: off, spaces: [\"acme/*\"], default: { hardware: cpu-basic } }")
    #expect(result.outcomes.map(\.outcome) == [.refused, .notSent])
    #expect(result.isNotAllowed)
    #expect(try await office.controls.changes() == ["POST /api/spaces/acme/a/hardware"])
  }
}

@Test func oneCallSetsHardwareAndSleepTimeAndIsTwoRowsInTheJournal() async throws {
  try await Office.open([["id": "acme/chat"]]) { office in
    _ = try await office.run(
      "  - { name: on, spaces: [acme/chat], default: { hardware: t4-small, sleep: 15m } }")
    #expect(try await office.controls.changes() == [hardware])
    #expect(try office.journal() == ["acme/chat hardware done", "acme/chat sleep done"])
    #expect(try await office.controls.runtime("acme/chat").sleep == .after(seconds: 900))
  }
}

@Test func maxChangesLeavesTheRestForTheNextRun() async throws {
  let fleet: JSONValue = [
    ["id": "acme/a", "hardware": "t4-small"], ["id": "acme/b", "hardware": "a100-large"],
    ["id": "acme/c", "hardware": "l4x1"],
  ]
  try await Office.open(fleet) { office in
    let rules = "  - { name: off, spaces: [\"acme/*\"], default: { hardware: cpu-basic } }"
    let first = try await office.run(rules, Runner.Options(maxChanges: 1))
    #expect(first.outcomes.map(\.space.name) == ["b"])
    #expect(first.waiting.map(\.space.name).sorted() == ["a", "c"])
    let second = try await office.run(rules)
    #expect(second.outcomes.map(\.space.name) == ["c", "a"])
  }
}

/// A pause that rules ask for comes first: where the downgrade after it is refused, nothing is paused again, and the
/// pause ends when nothing asks for it any more.
@Test func aRefusedDowngradeOfAPausedSpaceIsNoSecondPause() async throws {
  let fleet: JSONValue = [["id": "acme/a", "hardware": "t4-small", "stage": "RUNNING"]]
  try await Office.open(fleet) { office in
    func rules(_ set: String) -> String {
      "  - { name: p, spaces: [acme/a], otherwise: pause, drift: enforce, default: \(set) }"
    }
    _ = try await office.run(rules("{ hardware: t4-small }"))
    try await office.controls.control(
      "faults", ["method": "POST", "path": "*/hardware", "kind": "status", "status": 403, "times": 1])
    _ = try await office.run(rules("{ hardware: cpu-basic, state: paused }"))
    #expect(try office.journal() == ["acme/a pause done", "acme/a hardware refused"])
    _ = try await office.run(rules("{ hardware: cpu-basic, state: paused }"))
    #expect(try office.journal().last == "acme/a hardware done")
    _ = try await office.run(rules("{ hardware: cpu-basic }"))
    #expect(try office.journal().last == "acme/a restart done")
  }
}
