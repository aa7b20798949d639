import Foundation
import HubSimulator
import JSON
import Pricing
import Testing
import Timelines

private let mistakes: [(String, JSONValue, String)] = [
  ("spaces", [["id": "chat"]], "'chat' is not a Space; a Space is OWNER/NAME, such as acme/chat"),
  (
    "spaces", [["id": "acme/chat", "sleep_time": 5]],
    "a Space has no \"sleep_time\"; did you mean \"sleepTime\"?"
  ),
  (
    "spaces", [["id": "acme/chat", "replicas": 0]],
    "\"replicas\" of a Space must be a whole number from 1 to 1000"
  ),
  ("spaces", ["chat"], "a Space must be a JSON object"),
  ("clock", [:], "a move of the clock needs \"until\" or \"seconds\""),
  (
    "clock", ["until": "tomorrow"], "'tomorrow' is not an instant with a zone, such as 2026-11-02T10:00:00Z"
  ),
  (
    "faults", ["kind": "explode"],
    "\"kind\" of a fault must be one of status, delay, drop, cut, garbage, rate-limit, apply-then-fail, end"
  ),
  ("account", ["owner": "acme", "role": "king"], "\"role\" must be admin, write, read or none"),
]

@Suite struct ControlTests {
  @Test func theClockMovesAllThatFallsDueAtItsOwnInstant() async throws {
    try await withHub { hub in
      #expect(try await hub.get("/_simulator/clock").json == ["now": "2026-01-01T00:00:00Z"])
      // Nobody comes before now, and the answer says how many do.
      let told = try await hub.control(
        "visits",
        [
          "space": "acme/chat",
          "at": ["2026-01-01T05:00:00Z", "2026-01-01T00:30:00Z", "2025-12-31T00:00:00Z"],
        ])
      #expect(told == ["visits": 2])
      #expect(
        try await hub.control("clock", ["until": "2026-01-01T12:00:00Z"]) == ["now": "2026-01-01T12:00:00Z"])
      let timeline = try await hub.get("/_simulator/timeline?space=acme/chat").json.array ?? []
      #expect(
        timeline.map { "\($0["at"]?.string ?? "") \($0["stage"]?.string ?? "")" } == [
          "2026-01-01T00:00:00Z RUNNING", "2026-01-01T01:30:00Z SLEEPING",
          "2026-01-01T05:00:00Z APP_STARTING",
          "2026-01-01T05:01:00Z RUNNING", "2026-01-01T06:00:00Z SLEEPING",
        ])
      #expect(timeline.last?["hardware"] == .null)
      #expect(timeline.last?["requested"] == "t4-small")
      #expect(timeline.last?["sleepTime"] == 3600)
      let back = try await hub.post("/_simulator/clock", ["until": "2026-01-01T11:00:00Z"])
      #expect(back.status == 400)
      #expect(
        back.json == [
          "error": "the clock is at 2026-01-01T12:00:00Z and can't go back to 2026-01-01T11:00:00Z"
        ])
      _ = try await hub.post("/_simulator/clock", ["until": "9999-12-31T23:00:00Z"])
      let beyond = try await hub.post("/_simulator/clock", ["seconds": 7200])
      #expect(
        beyond.json == ["error": "the clock is at 9999-12-31T23:00:00Z, and ends at 9999-12-31T23:59:59Z"])
    }
  }

  @Test func aVisitWithoutInstantIsNow() async throws {
    try await withHub([["id": "acme/chat", "hardware": "t4-small", "stage": "SLEEPING"]]) { hub in
      try await hub.control("visits", ["space": "acme/chat"])
      #expect(try await hub.stage("acme/chat") == "APP_STARTING")
    }
  }

  @Test(arguments: mistakes)
  func mistakesAreTold(path: String, body: JSONValue, message: String) async throws {
    try await withHub { hub in
      let answer = try await hub.post("/_simulator/" + path, body)
      #expect(answer.status == 400)
      #expect(answer.json == ["error": .string(message)])
    }
  }

  @Test func aRenamedSpaceIsFoundUnderItsOldName() async throws {
    try await withHub { hub in
      try await hub.control("spaces/rename", ["from": "acme/chat", "to": "acme/talk"])
      try await hub.control("spaces/rename", ["from": "acme/talk", "to": "labs/talk"])
      // The client follows the redirect, also with a body.
      let answer = try await hub.post("/api/spaces/acme/chat/sleeptime", ["seconds": 60])
      #expect(answer.json["gcTimeout"] == 60)
      let requests = try await hub.get("/_simulator/requests").json.array ?? []
      #expect(requests.map { $0["status"] } == [307, 200])
      #expect(requests.last?["path"] == "/api/spaces/labs/talk/sleeptime")
      let timeline = try await hub.get("/_simulator/timeline?space=acme/chat").json
      #expect(timeline.array?.map { $0["sleepTime"] } == [60])
    }
  }

  @Test func aDeletedSpaceIsGoneButStaysInTheBooks() async throws {
    try await withHub { hub in
      try await hub.control("clock", ["seconds": 90])
      #expect(try await hub.call("DELETE", "/_simulator/spaces/acme/chat").status == 200)
      #expect(try await hub.call("DELETE", "/_simulator/spaces/acme/chat").status == 404)
      try await hub.control("clock", ["seconds": 3600])
      #expect(try await hub.get("/api/spaces/acme/chat/runtime").status == 404)
      let bill = try await hub.get("/_simulator/bill").json.array?.first
      #expect(bill?["seconds"] == 90)
      #expect(bill?["minutes"] == 2)
    }
  }

  @Test func everyHubCallIsWrittenDown() async throws {
    try await withHub { hub in
      _ = try await hub.post("/api/spaces/acme/chat/restart?factory=true")
      try await hub.control("clock", ["seconds": 5])
      _ = try await hub.post("/api/spaces/acme/none/sleeptime", ["seconds": 5])
      #expect(
        try await hub.get("/_simulator/requests").json == [
          [
            "method": "POST", "path": "/api/spaces/acme/chat/restart", "query": "factory=true", "body": nil,
            "status": 200, "at": "2026-01-01T00:00:00Z",
          ],
          [
            "method": "POST", "path": "/api/spaces/acme/none/sleeptime", "query": nil, "body": ["seconds": 5],
            "status": 404, "at": "2026-01-01T00:00:05Z",
          ],
        ])
    }
  }
}

@Suite struct BillTests {
  /// The T4 costs half as much from the second day on; what `b200` costs nobody knows.
  private static let prices = PriceTable.read([
    (
      name: "test.yaml",
      text: """
      version: 1
      currency: USD
      billing:
        rounding: up
        stages: [{ from: 2025-01-01, billable: [RUNNING, APP_STARTING] }]
      hardware:
        cpu-basic: { prices: [{ from: 2025-01-01, per_hour: 0 }] }
        t4-small:
          prices: [{ from: 2025-01-01, per_hour: 0.4 }, { from: 2026-01-02, per_hour: 0.2 }]
      """
    )
  ]).table

  @Test func startedMinutesOfEachRunByTheDay() async throws {
    let fleet: JSONValue = [["id": "acme/chat", "hardware": "t4-small", "replicas": 2]]
    let other: JSONValue = [["id": "labs/b200", "hardware": "b200", "stage": "PAUSED"]]
    try await withHub(fleet, prices: Self.prices) { hub in
      try await hub.control("spaces", other)
      try await hub.control("clock", ["seconds": 90])
      _ = try await hub.post("/api/spaces/acme/chat/pause")
      try await hub.control("clock", ["until": "2026-01-01T23:59:30Z"])
      _ = try await hub.post("/api/spaces/acme/chat/restart")
      try await hub.control("clock", ["until": "2026-01-02T00:01:00Z"])
      _ = try await hub.post("/api/spaces/acme/chat/hardware", ["flavor": "b200"])
      try await hub.control("clock", ["seconds": 61])
      // 2 minutes, then 1 on the first day and 1 on the second, at half the price; all twice:
      // 6 × 0.4 / 60 and 2 × 0.2 / 60 dollars.
      #expect(
        try await hub.get("/_simulator/bill").json == [
          ["space": "acme/chat", "hardware": "b200", "seconds": 122, "minutes": 4, "cost": nil],
          [
            "space": "acme/chat", "hardware": "t4-small", "seconds": 360, "minutes": 8, "cost": "0.046666667",
          ],
        ])
      // The minutes of a part are those up to its end less those up to its start.
      #expect(
        try await hub.get("/_simulator/bill?from=2026-01-02T00:00:00Z&until=2026-01-02T00:01:00Z").json == [
          [
            "space": "acme/chat", "hardware": "t4-small", "seconds": 120, "minutes": 2, "cost": "0.006666667",
          ]
        ])
    }
  }

  @Test func freeHardwareCostsNothingAndWhatSleepsIsNotBilled() async throws {
    let fleet: JSONValue = [["id": "acme/a"], ["id": "acme/page", "sdk": "static"]]
    try await withHub(fleet, prices: Self.prices) { hub in
      try await hub.control("clock", ["seconds": 604_800])
      #expect(
        try await hub.get("/_simulator/bill").json == [
          ["space": "acme/a", "hardware": "cpu-basic", "seconds": 172_800, "minutes": 2880, "cost": "0"]
        ])
    }
  }
}
