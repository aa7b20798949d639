import Foundation
import Hub
import Spaces
import Synchronization
import Testing
import Timelines

@Test func everyRequestSaysWhoAsks() async throws {
  try await withHub(Script { _, _ in [.json(running)] }) { hub in
    _ = try await hub.client.runtime(of: chat)
    _ = try await hub.client.runtime(of: chat)
    let requests = hub.server.requests
    #expect(requests.map(\.path) == ["/api/spaces/acme/chat/runtime", "/api/spaces/acme/chat/runtime"])
    #expect(requests.allSatisfy { $0.method == "GET" && $0.headers["user-agent"] == "spaceplan/1.2.3" })
    #expect(requests.allSatisfy { $0.headers["authorization"] == "Bearer \(secret)" })
    #expect(
      Set(requests.compactMap { $0.headers["x-amzn-trace-id"].flatMap { UUID(uuidString: $0) } }).count == 2)
  }
  try await withHub(token: nil, Script { _, _ in [.json(running)] }) { hub in
    _ = try await hub.client.runtime(of: chat)
    #expect(hub.server.requests[0].headers["authorization"] == nil)
  }
}

@Test func aRuntimeWithUnknownKeys() async throws {
  let text = #"{"stage":"NEW","hardware":{"current":"h300"},"extra":{"n":1.5},"gcTimeout":-1}"#
  try await withHub(prefix: "/some/hub/", Script { _, _ in [.json(text)] }) { hub in
    guard case .runtime(let runtime) = try await hub.client.runtime(of: chat) else {
      Issue.record("it did not move")
      return
    }
    #expect(runtime.stage.rawValue == "NEW")
    #expect(runtime.raw["extra"]?["n"]?.text == "1.5")
    #expect(hub.server.requests[0].path == "/some/hub/api/spaces/acme/chat/runtime")
  }
}

@Test func aListHasPages() async throws {
  let script = Script { request, index in
    let host = "http://\(request.headers["host"] ?? "")"
    let link =
      #"<\#(host)/api/spaces?cursor=a,b>; rel="prev", <\#(host)/api/spaces?cursor=\#(index + 1)>; rel="next""#
    return index == 0
      ? [
        .answer(
          200, ["Link": link],
          #"[{"id":"acme/a","runtime":\#(running)},{"id":"acme/b","runtime":{"hardware":3}}]"#)
      ]
      : [
        .json(
          #"[{"id":"acme/a","runtime":null},{"id":"acme/c"},{"id":7},"x",{"id":"acme/d","runtime":\#(running)}]"#
        )
      ]
  }
  try await withHub(script) { hub in
    let spaces = try await hub.client.spaces(of: "acme & co")
    #expect(
      spaces.map { "\($0.id) \($0.runtime?.stage.rawValue ?? "-")" } == [
        "acme/a RUNNING", "acme/b -", "acme/c -", "acme/d RUNNING",
      ])
    #expect(
      hub.server.requests.map(\.path) == [
        "/api/spaces?author=acme%20%26%20co&expand=runtime&limit=1000", "/api/spaces?cursor=1",
      ])
    #expect(hub.server.requests.allSatisfy { $0.headers["authorization"] != nil })
  }
}

@Test func aListIsWholeOrAnError() async throws {
  let circle = Script { request, _ in
    [.answer(200, ["Link": "<http://\(request.headers["host"] ?? "")/api/spaces?cursor=1>; rel=next"], "[]")]
  }
  try await withHub(circle) { hub in
    #expect(
      await failure { () async throws(HubError) in try await hub.client.spaces(of: "acme") }?.kind
        == .unreadable)
  }
  try await withHub(
    Script { _, index in
      index == 0 ? [.answer(200, ["Link": "</api/spaces?p=2>; rel=next"], "[]")] : [.answer(404)]
    }
  ) { hub in
    #expect(
      await failure { () async throws(HubError) in try await hub.client.spaces(of: "acme") }?.kind
        == .notFound)
    #expect(hub.server.requests.count == 2)
  }
  try await withHub(Script { _, _ in [.json("{}")] }) { hub in
    #expect(
      await failure { () async throws(HubError) in try await hub.client.spaces(of: "acme") }?.kind
        == .unreadable)
  }
}

@Test func theNextPageOfAnotherHostIsNotAskedFor() async throws {
  let (requests, error) = try await withScriptedServer(Script { _, _ in [.json("[]")] }) { other in
    let link = "<\(other.url)/api/spaces?cursor=1>; rel=\"next\""
    let error = try await withHub(Script { _, _ in [.answer(200, ["Link": link], "[]")] }) { hub in
      await failure { () async throws(HubError) in try await hub.client.spaces(of: "acme") }
    }
    return (other.requests, error)
  }
  #expect(requests.isEmpty)
  #expect(error?.kind == .redirected)
}

@Test func otherQuestions() async throws {
  let script = Script { request, _ in
    switch request.path {
    case "/api/spaces/acme/chat?expand=runtime": [.json(#"{"id":"acme/chat","runtime":\#(running)}"#)]
    case "/api/spaces/hardware":
      [
        .json(
          #"[{"name":"t4-small","prettyName":"T4","unitCostMicroUSD":6667,"unitLabel":"minute"},{"x":1},{"name":"free"}]"#
        )
      ]
    case "/api/whoami-v2":
      [
        .json(
          #"{"name":"me","isPro":true,"orgs":[{"name":"acme","roleInOrg":"admin","plan":"team"}],"auth":{"accessToken":{"role":"write"}}}"#
        )
      ]
    case "/api/spaces/acme/chat/variables":
      [.json(#"{"B":{"value":"2"},"A":{"value":"1","description":"d"},"C":{}}"#)]
    default: [.answer(404)]
    }
  }
  try await withHub(script) { hub in
    #expect(try await hub.client.space(chat).runtime?.hardware == .t4Small)
    let offers = try await hub.client.hardwareOffers()
    #expect(offers.map(\.hardware.rawValue) == ["t4-small", "free"])
    #expect(offers.map(\.unitCostMicroUSD) == [6667, nil])
    let account = try await hub.client.whoami()
    #expect(account.name == "me" && account.isPro && account.tokenRole == "write")
    #expect(account.organizations.map(\.plan) == ["team"])
    #expect(try await hub.client.variables(of: chat).map { "\($0.key)=\($0.value)" } == ["A=1", "B=2"])
  }
}

@Test func warningsAreShownOnceATopic() async throws {
  let shown = Shown()
  let script = Script { _, index in
    [.answer(200, ["X-HF-Warning": index < 2 ? "old; use \(index)" : "no topic"], running)]
  }
  try await withHub(onWarning: shown.add, script) { hub in
    for _ in 0..<4 { _ = try await hub.client.runtime(of: chat) }
  }
  #expect(shown.texts == ["old: use 0", ": no topic"])
}

private final class Shown: Sendable {
  private let stored = Mutex<[String]>([])

  var texts: [String] { stored.withLock { $0 } }

  @Sendable func add(_ warning: HubWarning) {
    stored.withLock { $0.append("\(warning.topic): \(warning.text)") }
  }
}

@Test func theBillingUsageComesAsItIs() async throws {
  let month = Instant(secondsSince1970: 1_790_812_800)..<Instant(secondsSince1970: 1_793_491_200)
  let text = #"{"usage":{"Spaces":[{"tomorrow":null,"totalCostMicroUSD":12.5}]}}"#
  try await withHub(Script { _, _ in [.json(text)] }) { hub in
    #expect(try await hub.client.billingUsage(in: month).text == text)
    _ = try await hub.client.billingUsage(ofOrganization: "acme", in: month)
    let query = "usage-v2?startDate=1790812800&endDate=1793491200"
    #expect(
      hub.server.requests.map(\.path) == [
        "/api/settings/billing/\(query)", "/api/organizations/acme/billing/\(query)",
      ])
  }
  let answers: [(Step, HubError.Kind)] = [
    (.answer(401), .noSpaceOrNoAccess), (.answer(403), .forbidden), (.answer(404), .notFound),
    (.answer(200, [:], "<html>"), .unreadable), (.json("12"), .unreadable), (.answer(500), .serverTrouble),
  ]
  for (answer, kind) in answers {
    try await withHub(Script { _, _ in [answer] }) { hub in
      let error = await failure { () async throws(HubError) in
        try await hub.client.billingUsage(ofOrganization: "acme", in: month)
      }
      #expect(error?.kind == kind)
      #expect(error?.description.hasPrefix("read the billing usage of acme: ") == true)
      #expect(hub.server.requests.count == 1)
    }
  }
}
