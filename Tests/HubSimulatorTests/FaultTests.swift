import Foundation
import HubSimulator
import Spaces
import Testing
import Timelines

@Suite struct FaultTests {
  private static let pause = "/api/spaces/acme/chat/pause"

  @Test func aStatusComesSoManyTimesAndChangesNothing() async throws {
    try await withHub { hub in
      try await hub.control(
        "faults",
        [
          "method": "POST", "path": "*/pause", "kind": "status", "status": 503, "times": 2,
          "error": "too hot",
          "headers": ["Retry-After": "7"],
        ])
      #expect(try await hub.stage("acme/chat") == "RUNNING")
      for _ in 0..<2 {
        let answer = try await hub.post(Self.pause)
        #expect(answer.status == 503)
        #expect(answer.headers["retry-after"] == "7")
        #expect(answer.json == ["error": "too hot"])
        #expect(try await hub.stage("acme/chat") == "RUNNING")
      }
      #expect(try await hub.post(Self.pause).status == 200)
    }
  }

  @Test func doneButFailed() async throws {
    try await withHub { hub in
      try await hub.control("faults", ["kind": "apply-then-fail", "times": 1, "html": true])
      let answer = try await hub.post(Self.pause)
      #expect(answer.status == 500)
      #expect(answer.headers["content-type"] == "text/html")
      #expect(try await hub.stage("acme/chat") == "PAUSED")
    }
  }

  @Test(arguments: [("drop", false), ("drop", true), ("cut", true)])
  func brokenConnections(kind: String, isDone: Bool) async throws {
    try await withHub { hub in
      try await hub.control("faults", ["kind": .string(kind), "path": "*/pause", "done": .bool(isDone)])
      await #expect(throws: (any Error).self) { try await hub.post(Self.pause) }
      #expect(try await hub.stage("acme/chat") == (isDone ? "PAUSED" : "RUNNING"))
      let first = try await hub.get("/_simulator/requests").json.array?.first
      #expect(first?["status"] == (kind == "drop" ? .null : 200))
    }
  }

  @Test func garbageIsHTMLWith200() async throws {
    try await withHub { hub in
      try await hub.control("faults", ["kind": "garbage", "times": 1])
      let answer = try await hub.get("/api/spaces/acme/chat/runtime")
      #expect(answer.status == 200)
      #expect(answer.text.hasPrefix("<!doctype html>"))
    }
  }

  @Test func rateLimitsTellHowLongToWait() async throws {
    try await withHub { hub in
      try await hub.control("faults", ["kind": "rate-limit", "seconds": 55, "times": 1])
      let fault = try await hub.get("/api/spaces/acme/chat/runtime")
      #expect(fault.status == 429)
      #expect(fault.headers["ratelimit"] == "\"api\";r=0;t=55")
      try await hub.control("rate-limit", ["quota": 2, "window": 600])
      #expect(try await hub.stage("acme/chat") == "RUNNING")
      let last = try await hub.get("/api/spaces/acme/chat/runtime")
      #expect(last.status == 200)
      #expect(last.headers["ratelimit"]?.hasPrefix("\"api\";r=0;t=") == true)
      #expect(last.headers["ratelimit-policy"] == "\"fixed window\";\"api\";q=2;w=600")
      #expect(try await hub.get("/api/spaces/acme/chat/runtime").status == 429)
      try await hub.control("clock", ["seconds": 600])
      #expect(try await hub.stage("acme/chat") == "RUNNING")
    }
  }

  @Test func aDelayIsRealTime() async throws {
    try await withHub { hub in
      try await hub.control("faults", ["kind": "delay", "seconds": .decimal(0.05), "times": 1])
      let start = ContinuousClock.now
      #expect(try await hub.post(Self.pause).status == 200)
      #expect(.now - start >= .milliseconds(50))
    }
  }

  @Test func aFaultChoosesItsCalls() async throws {
    try await withHub { hub in
      try await hub.control("faults", ["kind": "status", "path": "*/hardware", "body": "*a100*"])
      let hardware = "/api/spaces/acme/chat/hardware"
      #expect(try await hub.get("/api/spaces/acme/chat/runtime").status == 200)
      #expect(try await hub.post(hardware, ["flavor": "l4x1"]).status == 200)
      #expect(try await hub.post(hardware, ["flavor": "a100-large"]).status == 500)
      #expect(try await hub.call("DELETE", "/_simulator/faults").json == [])
      #expect(try await hub.post(hardware, ["flavor": "a100-large"]).status == 200)
    }
  }

  @Test func chanceIsTheSeeds() async throws {
    func statuses(seed: UInt64) async throws -> [Int] {
      let hub = SimulatedHub(seed: seed)
      return try await withHubServer(hub) { endpoint in
        let hub = LiveHub(endpoint: endpoint)
        try await hub.control("faults", ["kind": "status", "probability": .decimal(0.5)])
        var statuses: [Int] = []
        for _ in 0..<40 { statuses.append(try await hub.get("/api/spaces").status) }
        return statuses
      }
    }
    let first = try await statuses(seed: 7)
    #expect(try await statuses(seed: 7) == first)
    #expect(try await statuses(seed: 8) != first)
    #expect((8...32).contains(first.count { $0 == 500 }))
  }
}

/// Five weeks of a small team: several thousand visits, and a look every 15 minutes.
@Test func fiveWeeksOfVisitsAndLooks() async throws {
  let hub = SimulatedHub()
  let start = SimulatedHub.firstInstant
  for space in 0..<6 {
    var definition = SpaceDefinition(id: try SpaceID("acme/space-\(space)"))
    definition.hardware = .t4Small
    definition.sleep = .after(seconds: 900)
    definition.visits = (0..<1000).map { start + Int64($0) * 3024 + Int64(space) * 100 }
    await hub.add([definition])
  }
  for look in 1...3360 { try await hub.advance(to: start + Int64(look) * 900) }
  let changes = await hub.changes(of: try SpaceID("acme/space-0"))
  #expect(changes.count == 2 + 999 * 3)
}
