import Foundation
import JSON
import Spaces
import Testing

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

  /// Its hold's time is in the zone of the policy that it chose.
  @Test func whatAVariableChoseIsTold() async throws {
    let variables: JSONValue = ["SPACEPLAN_POLICY": "tokyo", "SPACEPLAN_HOLD_UNTIL": "2026-10-05T19:00"]
    let work = try Workplace(
      fleet: [["id": "acme/v1", "variables": variables]], clock: "2026-10-05T09:00:00Z")
    try work.rules(
      """
        - { name: v, spaces: ["acme/v*"], variables: true, default: { hardware: cpu-basic } }
        - { name: tokyo, spaces: [acme/none], zone: Asia/Tokyo, default: { hardware: t4-small, sleep: 1h } }
      """)
    #expect(try work.spaceplan("run").status == 0)
    #expect(try await work.changes().isEmpty)
    let now = try work.spaceplan("explain", "acme/v1").output
    #expect(now.contains("tokyo, by its variable SPACEPLAN_POLICY (schedules/rules.yaml:5)"), "\(now)")
    #expect(now.contains("read; see above for what they ask for"))
    let then = try work.spaceplan("explain", "acme/v1", "--at", "2026-10-05T09:00").output
    #expect(then.contains("v, by 'acme/v*'"), "\(then)")
    #expect(then.contains("not known: they tell only what holds now"))
    try await work.move(to: "2026-10-05T10:05:00Z")
    #expect(try work.spaceplan("run").status == 0)
    #expect(try await work.runtime("acme/v1").requestedHardware == .t4Small)
  }

  @Test func anInstantIsReadInTheZoneOfAFormerNamesPolicy() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]], clock: "2026-10-05T08:00:00Z")
    try work.rules(
      "  - { name: chat, spaces: [acme/chat], default: { hardware: cpu-basic } }", zone: "Europe/Paris")
    try work.spaceplan("observe")
    try await work.control("spaces/rename", ["from": "acme/chat", "to": "acme/new"])
    try await work.move(to: "2026-10-05T08:05:00Z")
    try work.spaceplan("observe")
    let told = try work.spaceplan("explain", "acme/new", "--at", "2026-10-05T10:05")
    #expect(told.output.hasPrefix("acme/new at Mon 2026-10-05 10:05 Europe/Paris"), "\(told)")
  }
}
