import Foundation
import HubSimulator
import JSON
import Testing
import Timelines

private let wrongBodies: [(String, JSONValue, String)] = [
  ("hardware", ["flavour": "t4-small"], "\"flavor\" must be text"),
  ("sleeptime", ["seconds": -2], "\"seconds\" must be a whole number from -1 to 3155760000"),
  ("replicas", ["replicas": 0], "\"replicas\" must be a whole number from 1 to 1000"),
  ("variables", ["value": "x"], "\"key\" must be text"),
]

@Suite struct HubCallTests {
  @Test func runtimeHasEveryKeyOfThePage() async throws {
    try await withHub { hub in
      let answer = try await hub.get("/api/spaces/acme/chat/runtime")
      #expect(
        answer.json == [
          "stage": "RUNNING", "hardware": ["current": "t4-small", "requested": "t4-small"], "storage": nil,
          "gcTimeout": 3600, "replicas": ["current": 1, "requested": 1], "devMode": false, "volumes": nil,
          "domains": [["domain": "acme-chat.hf.space", "stage": "READY"]],
        ])
      #expect(answer.headers["date"] == "Thu, 01 Jan 2026 00:00:00 GMT")
      #expect(answer.headers["ratelimit"] == "\"api\";r=9999;t=300")
      #expect(answer.headers["ratelimit-policy"] == "\"fixed window\";\"api\";q=10000;w=300")
      #expect(answer.headers["x-request-id"]?.isEmpty == false)
    }
  }

  @Test func runtimeOfWhatDoesNotRun() async throws {
    let fleet: JSONValue = [
      ["id": "acme/new", "stage": "BUILDING", "build": 60], ["id": "acme/page", "sdk": "static"],
      ["id": "acme/broken", "stage": "BUILD_ERROR"],
      ["id": "acme/odd", "stage": "MOVING", "hardware": "b200"],
    ]
    try await withHub(fleet) { hub in
      let new = try await hub.get("/api/spaces/acme/new/runtime").json
      #expect(new["hardware"] == ["current": nil, "requested": "cpu-basic"])
      #expect(new["replicas"] == ["requested": 1])
      #expect(new["gcTimeout"] == 172_800)
      let page = try await hub.get("/api/spaces/acme/page/runtime").json
      #expect(page["stage"] == "RUNNING")
      #expect(page["hardware"] == ["current": nil, "requested": nil])
      #expect(page["gcTimeout"] == nil)
      #expect(try await hub.post("/api/spaces/acme/page/pause").status == 400)
      #expect(try await hub.post("/api/spaces/acme/broken/restart").json["stage"] == "BUILD_ERROR")
      #expect(try await hub.stage("acme/odd") == "MOVING")
    }
  }

  @Test func changesAnswerTheNewRuntime() async throws {
    try await withHub { hub in
      let space = "/api/spaces/acme/chat"
      let hardware = try await hub.post(
        "\(space)/hardware", ["flavor": "a10g-small", "sleepTimeSeconds": 300]
      ).json
      #expect(hardware["stage"] == "APP_STARTING")
      #expect(hardware["hardware"]?["current"] == "a10g-small")
      #expect(hardware["gcTimeout"] == 300)
      #expect(try await hub.post("\(space)/sleeptime", ["seconds": -1]).json["gcTimeout"] == .null)
      #expect(try await hub.post("\(space)/replicas", ["replicas": 2]).json["replicas"]?["requested"] == 2)
      let paused = try await hub.post("\(space)/pause").json
      #expect(paused["stage"] == "PAUSED")
      #expect(paused["replicas"] == ["requested": 2])
      #expect(try await hub.post("\(space)/restart").json["stage"] == "APP_STARTING")
      #expect(try await hub.post("\(space)/dev-mode", ["enabled": true]).json["devMode"] == true)
      #expect(try await hub.post("\(space)/storage", ["tier": "small"]).json["storage"] == "small")
      #expect(try await hub.call("DELETE", "\(space)/storage").json["storage"] == .null)
      let volumes: JSONValue = [["type": "model", "source": "a/b", "mountPath": "/m"]]
      #expect(try await hub.call("PUT", "\(space)/volumes", ["volumes": volumes]).json["volumes"] == volumes)
      #expect(try await hub.call("DELETE", "\(space)/volumes").status == 200)
      #expect(try await hub.call("DELETE", "\(space)/volumes").status == 400)
    }
  }

  @Test(arguments: wrongBodies)
  func wrongBodiesAreRefused(action: String, body: JSONValue, message: String) async throws {
    try await withHub { hub in
      let answer = try await hub.post("/api/spaces/acme/chat/\(action)", body)
      #expect(answer.status == 400)
      #expect(answer.json == ["error": .string(message)])
      #expect(answer.headers["x-error-message"] == message)
    }
  }

  @Test func variablesRestartTheSpaceAndSecretsHideTheirValues() async throws {
    try await withHub { hub async throws in
      let space = "/api/spaces/acme/chat"
      let variable: JSONValue = ["key": "K", "value": "v", "description": "d"]
      #expect(
        try await hub.post("\(space)/variables", variable).json == [
          "K": ["value": "v", "description": "d", "updatedAt": "2026-01-01T00:00:00.000Z"]
        ])
      #expect(try await hub.stage("acme/chat") == "APP_STARTING")
      #expect(try await hub.call("DELETE", "\(space)/variables", ["key": "none"]).json["K"] != nil)
      #expect(try await hub.call("DELETE", "\(space)/variables", ["key": "K"]).json == [:])
      #expect(try await hub.post("\(space)/secrets", ["key": "S", "value": "hidden"]).json == [:])
      #expect(
        try await hub.get("\(space)/secrets").json == ["S": ["updatedAt": "2026-01-01T00:00:00.000Z"]])
    }
  }

  @Test func aPausedSpaceIsNotStartedByAVariable() async throws {
    try await withHub([["id": "acme/chat", "stage": "PAUSED"]]) { hub in
      _ = try await hub.post("/api/spaces/acme/chat/variables", ["key": "K", "value": "v"])
      #expect(try await hub.stage("acme/chat") == "PAUSED")
    }
  }

  @Test func listsComeInPagesWithWholeLinks() async throws {
    let fleet = JSONValue.array((0..<1000).map { ["id": .string("acme/space-\($0)")] })
    try await withHub(fleet) { hub in
      try await hub.control("spaces", [["id": "other/one"], ["id": "acme/hidden", "private": true]])
      var next: String? = "/api/spaces?author=acme&expand=runtime&limit=1000"
      var ids: [String] = []
      var pages = 0
      while let link = next {
        let answer = try await hub.get(link)
        for space in answer.json.array ?? [] {
          ids.append(space["id"]?.string ?? "")
          #expect(space.object?.keys.sorted() == ["id", "runtime"])
        }
        pages += 1
        next = answer.headers["link"].map { String($0.dropFirst().prefix { $0 != ">" }) }
        if let next { #expect(next.hasPrefix(hub.endpoint)) }
      }
      #expect(pages == 11)
      #expect(Set(ids).count == 1001)
      var stranger = hub
      stranger.token = nil
      let one = try await stranger.get("/api/spaces?author=acme&search=hidden&limit=5")
      #expect(one.json == [])
    }
  }

  @Test func oneSpaceIsToldWithWhatIsAskedFor() async throws {
    try await withHub { hub in
      let one = try await hub.get("/api/spaces/acme/chat?expand=runtime&expand=private").json
      #expect(one.object?.keys.sorted() == ["id", "private", "runtime"])
      #expect(try await hub.get("/api/spaces/acme/chat?expand=nonsense").status == 400)
      #expect(try await hub.get("/api/spaces/acme/chat").json["runtime"] != nil)
    }
  }

  @Test func whoMayDoWhat() async throws {
    let fleet: JSONValue = [["id": "acme/chat"], ["id": "acme/hidden", "private": true]]
    try await withHub(fleet, token: "right") { hub in
      var hub = hub
      let wrong = try await hub.get("/api/spaces/acme/chat/runtime")
      #expect(wrong.status == 401)
      #expect(wrong.headers["x-error-message"] == "Invalid credentials in Authorization header")
      hub.token = nil
      #expect(try await hub.get("/api/spaces/acme/chat/runtime").status == 200)
      #expect(try await hub.post("/api/spaces/acme/chat/pause").status == 401)
      let hidden = try await hub.get("/api/spaces/acme/hidden/runtime")
      #expect(hidden.status == 401)
      #expect(hidden.headers["x-error-code"] == "RepoNotFound")
      hub.token = "right"
      #expect(try await hub.get("/api/spaces/acme/hidden/runtime").status == 200)
      let missing = try await hub.get("/api/spaces/acme/none/runtime")
      #expect(missing.status == 404)
      #expect(missing.headers["x-error-code"] == "RepoNotFound")
      try await hub.control("account", ["owner": "acme", "role": "read"])
      #expect(try await hub.post("/api/spaces/acme/chat/pause").status == 403)
      try await hub.control("account", ["owner": "acme", "role": "none"])
      #expect(try await hub.get("/api/spaces/acme/hidden/runtime").status == 404)
      #expect(try await hub.get("/api/whoami-v2").json["orgs"] == [])
    }
  }

  @Test func theUsageIsTheBillOfAnAccount() async throws {
    let fleet: JSONValue = [
      ["id": "acme/chat", "hardware": "t4-small"], ["id": "acme/free"],
      ["id": "simulator/own", "hardware": "l4x1"],
    ]
    try await withHub(fleet) { hub in
      try await hub.control("clock", ["seconds": 5400])
      let range = "startDate=1767225600&endDate=1769904000"
      let acme = try await hub.get("/api/organizations/acme/billing/usage-v2?\(range)").json
      #expect(acme["period"]?["entityName"] == "acme")
      let entries = acme["usage"]?["Spaces"]?.array ?? []
      #expect(entries.map { $0["label"] } == ["acme/chat"])
      #expect(entries[0]["product"] == "spaces/t4-small/minutes")
      #expect(entries[0]["quantity"] == 90)
      #expect(entries[0]["totalCostMicroUSD"] == 600_000)
      #expect(entries[0]["unitCostMicroUSD"] == 6667)
      let own = try await hub.get("/api/settings/billing/usage-v2?\(range)").json
      #expect(own["usage"]?["Spaces"]?.array?.map { $0["label"] } == ["simulator/own"])
      #expect(try await hub.get("/api/organizations/other/billing/usage-v2?\(range)").status == 404)
      #expect(
        try await hub.get("/api/organizations/acme/billing/usage-v2?startDate=2026-01-01").status == 400)
      try await hub.control("account", ["owner": "acme", "role": "read"])
      #expect(try await hub.get("/api/organizations/acme/billing/usage-v2?\(range)").status == 403)
    }
  }

  @Test func theQuotaOfFreeSpacesAndTheSpendLimit() async throws {
    let fleet: JSONValue = [
      ["id": "acme/a"], ["id": "acme/b", "stage": "SLEEPING"], ["id": "acme/gpu", "hardware": "t4-small"],
    ]
    try await withHub(fleet) { hub in
      try await hub.control("account", ["owner": "acme", "cpuBasicLimit": 1])
      let refused = try await hub.post("/api/spaces/acme/gpu/hardware", ["flavor": "cpu-basic"])
      #expect(refused.status == 403)
      #expect(refused.json["error"]?.string?.contains("cpu-basic") == true)
      _ = try await hub.post("/api/spaces/acme/a/pause")
      #expect(try await hub.post("/api/spaces/acme/gpu/hardware", ["flavor": "cpu-basic"]).status == 200)
      #expect(try await hub.post("/api/spaces/acme/gpu/hardware", ["flavor": "l4x1"]).status == 200)
      try await hub.control("account", ["owner": "acme", "spendLimitReached": true])
      #expect(try await hub.stage("acme/gpu") == "PAUSED")
      #expect(try await hub.post("/api/spaces/acme/gpu/restart").status == 403)
      #expect(try await hub.stage("acme/b") == "SLEEPING")
    }
  }

  @Test func logsAndMetricsTellWhatTheProgramDid() async throws {
    let fleet: JSONValue = [
      ["id": "acme/chat", "hardware": "t4-small", "stage": "SLEEPING"],
      ["id": "acme/off", "stage": "PAUSED"],
      ["id": "acme/quiet", "silent": true],
    ]
    try await withHub(fleet) { hub in
      try await hub.control("visits", ["space": "acme/quiet"])
      try await hub.control("faults", ["kind": "end", "path": "*"])
      try await hub.control("visits", ["space": "acme/chat"])
      try await hub.control("clock", ["seconds": 100])
      let log = try await hub.get("/api/spaces/acme/chat/logs/run?tail=2")
      #expect(log.headers["content-type"] == "text/event-stream")
      #expect(
        log.text == """
          data: {"data":"Running on local URL: http://0.0.0.0:7860\\n","timestamp":"2026-01-01T00:01:00.000Z"}

          data: {"data":"GET / 200 OK\\n","timestamp":"2026-01-01T00:01:00.000Z"}


          """)
      func utilization() async throws -> Int64? {
        let text = try await hub.get("/api/spaces/acme/chat/metrics").text
        #expect(text.hasPrefix("event: metric\ndata: {"))
        let json = text.dropFirst("event: metric\ndata: ".count)
        return try JSONValue(parsing: Data(json.utf8))["gpus"]?["d901cd7f"]?["utilization"]?.integer
      }
      #expect(try await utilization() == 63)
      try await hub.control("clock", ["seconds": 20])
      #expect(try await utilization() == 0)
      #expect(try await hub.get("/api/spaces/acme/chat/events").text.hasPrefix("event: status\ndata: {"))
      #expect(try await !hub.get("/api/spaces/acme/quiet/logs/run").text.contains("GET"))
      #expect(try await hub.get("/api/spaces/acme/off/logs/run").status == 400)
      #expect(try await hub.get("/api/spaces/acme/off/metrics").status == 400)
    }
  }

  @Test func hardwareIsOfferedWithItsRoundedPrice() async throws {
    try await withHub([["id": "acme/a"]]) { hub in
      let list = try await hub.get("/api/spaces/hardware").json
      #expect(
        list.array?.first { $0["name"] == "t4-small" } == [
          "name": "t4-small", "prettyName": "Nvidia T4 - small", "cpu": "4 vCPU", "ram": "15 GB",
          "ephemeralStorage": "50 GB",
          "accelerator": [
            "type": "gpu", "model": "T4", "quantity": "1", "vram": "16 GB", "manufacturer": "Nvidia",
          ],
          "unitCostMicroUSD": 6667, "unitCostUSD": .decimal(0.006667), "unitLabel": "minute",
        ])
      let unknown = try await hub.post("/api/spaces/acme/a/hardware", ["flavor": "t5-small"])
      #expect(unknown.json == ["error": "there is no hardware \"t5-small\""])
    }
  }
}
