import Foundation
import JSON
import Spaces
import Testing

/// What goes wrong out of a person's mistake, and what is said about it.
@Suite struct AdviceTests {
  @Test func aPlainServerBehindHTTPSIsRecognisedAtOnce() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: all, spaces: [acme/chat] }")
    work.environment["HF_ENDPOINT"] = work.endpoint.replacing("http://", with: "https://")
    let observe = try work.spaceplan("observe")
    #expect(observe.status == 69)
    #expect(observe.errors.contains("the server does not speak TLS"))
    #expect(observe.errors.contains("is it meant to begin with http://?"))
    #expect(!observe.errors.contains("NIO"))
    #expect(!observe.errors.contains("trying again"))
    #expect(observe.errors.components(separatedBy: "speak TLS").count == 2)
  }

  @Test func namesThatMatchNothingAreTold() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"], ["id": "acme/demo-1"]])
    try work.write(
      """
      version: 1
      accounts: [{ name: nobody, kind: user }]
      policies:
        - { name: demos, spaces: ["acme/dmo-*"] }
        - { name: typo, spaces: ["amce/*"] }
      """, to: "schedules/rules.yaml")
    let words = [
      "policy demos: no Space matches 'acme/dmo-*' (2 Spaces of acme were seen)",
      "policy typo: no Space matches 'amce/*' (no Space of amce was seen)",
      "accounts: no Space of nobody was seen; is the name right?",
    ]
    let (observe, status, run) = (
      try work.spaceplan("observe"), try work.spaceplan("status"), try work.spaceplan("run", "--dry-run")
    )
    for word in words {
      #expect(observe.errors.contains(word), "\(observe.errors)")
      #expect(status.errors.contains(word), "\(status.errors)")
      #expect(run.output.contains(word), "\(run.output)")
    }
  }

  @Test func rulesThatNameNobodyAreTold() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  []")
    #expect(try work.spaceplan("run").output.contains("the rules name no owner"))
  }

  @Test(arguments: [
    (404, "not found", "Check HF_ENDPOINT", Int32(69)), (403, "You may not", "Check the rights", 77),
    (403, "Monthly spend limit reached", "Raise the spend limit", 1),
  ])
  func aRefusedListIsToldOnceWithWhatToDo(
    status: Int, message: String, advice: String, ending: Int32
  ) async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: all, spaces: [\"acme/*\"] }")
    try await work.control(
      "faults",
      [
        "method": "GET", "path": "/api/spaces", "kind": "status", "status": .integer(Int64(status)),
        "error": .string(message),
      ])
    let observe = try work.spaceplan("observe")
    #expect(observe.status == ending)
    #expect(observe.errors.contains(advice), "\(observe.errors)")
    #expect(observe.errors.components(separatedBy: "list the Spaces of acme").count == 2)
  }
}

/// `explain` of an instant knows what runs found then, as `explain` of now does.
@Suite struct ExplainTests {
  @Test func whatRunsFoundIsKnownLater() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]], clock: "2026-10-05T08:00:00Z")
    try work.rules(
      "  - { name: chat, spaces: [acme/chat], default: { hardware: cpu-basic }, rules: [{ name: evening, cron: \"0 19 * * *\", set: {} }] }"
    )
    for minute in ["05", "10"] {
      try await work.move(to: "2026-10-05T08:\(minute):00Z")
      #expect(try work.spaceplan("run").status == 0)
    }
    try await work.call("POST", "/api/spaces/acme/chat/hardware", ["flavor": "t4-small"])
    for minute in ["15", "20"] {
      try await work.move(to: "2026-10-05T08:\(minute):00Z")
      try work.spaceplan("observe")
    }
    let now = try work.spaceplan("explain", "acme/chat").output
    let then = try work.spaceplan("explain", "acme/chat", "--at", "2026-10-05T08:20:00Z").output
    for explanation in [now, then] {
      #expect(explanation.contains("So:     left alone"), "\(explanation)")
      #expect(
        explanation.contains(
          "Next:   Mon 2026-10-05 19:00 UTC, evening: what is left for now is decided anew"),
        "\(explanation)")
    }
    #expect(now.contains("\nIt is:  RUNNING t4-small, "), "\(now)")
    // What it is asked of later, it has not seen.
    for at in ["2026-10-05T08:20:00Z", "2026-10-05T19:00:00Z"] {
      let told = try work.spaceplan("explain", "acme/chat", "--at", at).output
      let json = try work.spaceplan("explain", "acme/chat", "--at", at, "--format", "json").output
      #expect(try JSONValue(parsing: Data(json.utf8))["looked_at"] == "2026-10-05T08:20:00Z", "\(json)")
      #expect(
        told.contains(
          "\nIt was: RUNNING t4-small, sleep never, 0.40 USD an hour, at the look of Mon 2026-10-05 08:20\n"),
        "\(told)")
    }
    let unknown = try work.spaceplan("explain", "acme/chatt")
    #expect(
      unknown.status == 64 && unknown.errors.contains("no Space acme/chatt was seen; did you mean acme/chat?")
    )
  }
}
