import Acting
import History
import Spaces
import Testing
import Timelines

/// What a run that was struck down leaves behind: an intent whose outcome is open.
private func struckDown(_ office: Office, _ action: SpaceAction) throws {
  let run = try office.history.beginRun(at: action.at)
  _ = try office.history.intend([action], run: run)
}

private func action(_ office: Office, _ kind: SpaceAction.Kind, from: String, to: String) throws
  -> SpaceAction
{
  SpaceAction(
    space: try SpaceID("acme/chat"), at: office.time.now, kind: kind, from: from, to: to, outcome: nil,
    reason: "rule", cause: .rules)
}

private let rules = "  - { name: on, spaces: [acme/chat], default: { hardware: t4-small } }"

@Test func whatWasDoneBeforeTheCrashIsDoneAndOurs() async throws {
  try await Office.open([["id": "acme/chat", "hardware": "t4-small"]]) { office in
    try struckDown(office, try action(office, .hardware, from: "cpu-basic", to: "t4-small"))
    let result = try await office.run(rules)
    #expect(result.news == ["acme/chat: hardware t4-small: an earlier run was cut off; it was done"])
    #expect(try office.journal() == ["acme/chat hardware done"])
    // It is known as ours: another wish of the rules is not taken for a change by hand.
    let next = try await office.run("  - { name: on, spaces: [acme/chat], default: { hardware: l4x1 } }")
    #expect(next.outcomes.map(\.outcome) == [.done])
  }
}

/// The rules may have changed since: what the crash left is neither what was applied before nor what is wanted.
@Test func whatTheCrashLeftIsNotTakenForAChangeByHand() async throws {
  try await Office.open([["id": "acme/chat"]]) { office in
    _ = try await office.run("  - { name: off, spaces: [acme/chat], default: { hardware: cpu-basic } }")
    try struckDown(office, try action(office, .hardware, from: "cpu-basic", to: "t4-small"))
    try await office.controls.call("POST", "/api/spaces/acme/chat/hardware", ["flavor": "t4-small"])
    let result = try await office.run("  - { name: on, spaces: [acme/chat], default: { hardware: l4x1 } }")
    #expect(result.outcomes.map(\.outcome) == [.done])
    #expect(try await office.controls.runtime("acme/chat").requestedHardware == .l4x1)
  }
}

@Test func whatHadNoEffectIsSentAgain() async throws {
  try await Office.open([["id": "acme/chat"]]) { office in
    try struckDown(office, try action(office, .hardware, from: "cpu-basic", to: "t4-small"))
    let result = try await office.run(rules)
    #expect(result.news == ["acme/chat: hardware t4-small: an earlier run was cut off; it had no effect"])
    #expect(try office.journal() == ["acme/chat hardware not-sent", "acme/chat hardware done"])
    #expect(try await office.controls.starts(of: "acme/chat", on: .t4Small) == 1)
  }
}

/// Of what a Space does not tell nothing is claimed.
@Test func whatTheHubDoesNotTellStaysUnknown() async throws {
  try await Office.open([["id": "acme/chat", "sdk": "static"]]) { office in
    try struckDown(office, try action(office, .hardware, from: "cpu-basic", to: "t4-small"))
    office.time.pass(60)
    let result = try await office.run(rules)
    #expect(
      result.news == [
        "acme/chat: hardware t4-small: an earlier run was cut off; whether it was done is not known, as the Hub does not tell"
      ])
    #expect(try office.journal() == ["acme/chat hardware unknown"])
  }
}

/// What shows no effect yet may still be on its way, where the Hub can't be asked again.
@Test func whatCanNotBeReadBackStaysUnknown() async throws {
  try await Office.open([["id": "acme/chat"]]) { office in
    var sent = try action(office, .hardware, from: "cpu-basic", to: "t4-small")
    sent.at = sent.at + 50
    try struckDown(office, sent)
    try await office.controls.control(
      "faults", ["method": "GET", "path": "*/runtime", "kind": "status", "status": 500])
    let result = try await office.run("  - { name: off, spaces: [acme/chat] }")
    #expect(
      result.news == [
        "acme/chat: hardware t4-small: an earlier run was cut off; whether it was done is not known, as the Hub could not be asked"
      ])
    #expect(try office.journal() == ["acme/chat hardware unknown"])
  }
}

@Test func anOwnerWhoCanNotBeListedLeavesItOpen() async throws {
  try await Office.open([["id": "acme/chat"], ["id": "labs/x"]]) { office in
    try struckDown(office, try action(office, .hardware, from: "cpu-basic", to: "t4-small"))
    try await office.controls.control(
      "faults",
      ["method": "GET", "path": "/api/spaces?author=acme*", "kind": "status", "status": 403, "times": 1])
    let both = rules + "\n  - { name: labs, spaces: [labs/x] }"
    let result = try await office.run(both)
    #expect(result.news.contains { $0.hasSuffix("can't be settled before acme can be listed") })
    #expect(try office.journal() == ["acme/chat hardware open"])
    _ = try await office.run(both)
    #expect(try office.journal() == ["acme/chat hardware not-sent", "acme/chat hardware done"])
  }
}

@Test func aRestartIsSettledByWhetherItIsStillPaused() async throws {
  try await Office.open([["id": "acme/chat", "hardware": "t4-small", "stage": "PAUSED"]]) { office in
    try struckDown(office, try action(office, .restart, from: "PAUSED", to: "RUNNING"))
    _ = try await office.run(rules)
    #expect(try office.journal() == ["acme/chat restart not-sent"])
  }
}
