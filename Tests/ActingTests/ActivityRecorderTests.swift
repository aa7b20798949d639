import Acting
import History
import JSON
import Spaces
import Testing
import Timelines

extension Office {
  /// A look with its traffic, some time after the one before; the Hub's clock moves along.
  fileprivate func look(after seconds: Int64) async throws -> ActivitySeen {
    time.pass(seconds)
    try await controls.control("clock", ["until": .string(time.now.description)])
    let observer = Observer(hub: client, history: history, clock: { [time] in time.now })
    return try await observer.recordActivity(of: try await observer.observe(owners: ["acme"]))
  }

  fileprivate func recorded(_ name: String) throws -> [String] {
    try history.visits(
      of: SpaceID(name), in: Instant.distantPast..<Instant.distantFuture, from: .recorded
    ).map { "\($0.at)" }
  }
}

@Test func trafficIsRecordedWhereItCanBeKnown() async throws {
  let busy = JSONValue.array(["2026-10-05T08:09:30Z"].map { .string($0) })
  try await Office.open([
    ["id": "acme/busy", "hardware": "t4-small", "visits": busy],
    ["id": "acme/quiet", "hardware": "t4-small"],
    ["id": "acme/asleep", "hardware": "t4-small", "stage": "SLEEPING"],
  ]) { office in
    let first = try await office.look(after: 60)
    #expect((first.asked, first.busy) == (2, []))
    let second = try await office.look(after: 540)
    #expect(try second.busy == [SpaceID("acme/busy")])
    // The line of the log, and the metrics at the look.
    #expect(try office.recorded("acme/busy") == ["2026-10-05T08:09:30Z", "2026-10-05T08:10:00Z"])
    // Whoever was told of once is no traffic any more.
    let third = try await office.look(after: 600)
    #expect(third.asked == 2 && third.busy.isEmpty)
    #expect(try office.recorded("acme/busy").count == 2)
    #expect(try office.recorded("acme/quiet").isEmpty)
    #expect(try office.recorded("acme/asleep").isEmpty)
  }
}

/// Our clock may be behind the Hub's: its newest line is still one that was written.
@Test(arguments: [(30, ["2026-10-05T08:09:00Z"]), (3600, [])])
func aLineFromAheadOfOurClockCountsAsNow(ahead: Int, expected: [String]) async throws {
  let visit = Instant(secondsSince1970: 1_791_187_200) + 540 + Int64(ahead)
  try await Office.open([
    ["id": "acme/chat", "hardware": "t4-small", "visits": [.string(visit.description)]]
  ]) { office in
    try await office.controls.control(
      "faults", ["method": "GET", "path": "*/metrics", "kind": "status", "status": 403])
    _ = try await office.look(after: 60)
    office.time.pass(480)
    try await office.controls.control(
      "clock", ["until": .string((office.time.now + Int64(ahead)).description)])
    let observer = Observer(
      hub: office.client, history: office.history, clock: { [time = office.time] in time.now })
    _ = try await observer.recordActivity(of: try await observer.observe(owners: ["acme"]))
    #expect(try office.recorded("acme/chat") == expected)
  }
}

@Test func whatCannotBeKnownIsNotRecorded() async throws {
  try await Office.open([["id": "acme/chat", "hardware": "t4-small"]]) { office in
    for path in ["*/logs/*", "*/metrics"] {
      try await office.controls.control(
        "faults", ["method": "GET", "path": .string(path), "kind": "status", "status": 403])
    }
    let seen = try await office.look(after: 60)
    #expect(try seen.unknown == [SpaceID("acme/chat")])
    #expect(seen.busy.isEmpty)
    #expect(try office.recorded("acme/chat").isEmpty)
  }
}
