import Hub
import Spaces
import Testing

/// One answer that is no success, and what it means.
struct Refusal: Sendable, CustomTestStringConvertible {
  var status: Int
  var headers: [String: String] = [:]
  var body = ""
  var kind: HubError.Kind
  var description: String
  /// Of a change.
  var isUnclear = false

  var testDescription: String { "\(status) \(headers) \(body)" }
}

let refusals: [Refusal] = [
  Refusal(
    status: 400, body: #"{"error":"no such flavor"}"#, kind: .badRequest,
    description: "400 bad request: no such flavor"),
  Refusal(
    status: 401, headers: ["X-Error-Message": "Invalid credentials in Authorization header"],
    kind: .invalidToken,
    description: "401 the token is not valid: Invalid credentials in Authorization header"),
  Refusal(
    status: 401, headers: ["X-Error-Code": "RepoNotFound", "X-Request-Id": "r1"],
    body: #"{"error":"Repository not found"}"#,
    kind: .noSpaceOrNoAccess,
    description: "401 no such Space, or no access to it [RepoNotFound]: Repository not found (request r1)"),
  Refusal(
    status: 402, body: "<html><body>Pay</body></html>", kind: .paymentRequired,
    description: "402 payment required"),
  Refusal(
    status: 403, headers: ["X-Error-Message": "Access to this resource is disabled."], kind: .disabled,
    description: "403 the Space is disabled: Access to this resource is disabled."),
  Refusal(
    status: 403, body: #"{"error":"Spend limit\u001b[31m\nreached"}"#, kind: .spendLimit,
    description: "403 the spend limit is reached: Spend limit [31m reached"),
  Refusal(
    status: 404, headers: ["X-Amz-Cf-Id": "cf", "X-Amzn-Trace-Id": "trace"], kind: .notFound,
    description: "404 not found (request trace)"),
  Refusal(status: 409, kind: .conflict, description: "409 in conflict with something under way"),
  Refusal(status: 412, kind: .conflict, description: "412 in conflict with something under way"),
  Refusal(status: 418, body: "[]", kind: .refused, description: "418 refused"),
  Refusal(status: 408, kind: .serverTrouble, description: "408 the Hub is in trouble", isUnclear: true),
  Refusal(
    status: 500, body: "", kind: .serverTrouble, description: "500 the Hub is in trouble", isUnclear: true),
  Refusal(
    status: 503, body: "<!DOCTYPE html>", kind: .serverTrouble, description: "503 the Hub is in trouble",
    isUnclear: true),
  Refusal(
    status: 200, body: "<html>", kind: .unreadable,
    description: "200 the answer can't be read: not JSON: neither a value nor an end at byte 0",
    isUnclear: true),
  Refusal(
    status: 200, body: #"{"hardware":null}"#, kind: .unreadable,
    description: "200 the answer can't be read: JSON, but not what was asked for", isUnclear: true),
  Refusal(
    status: 200, body: "", kind: .unreadable,
    description: "200 the answer can't be read: not JSON: the text ends too early at byte 0", isUnclear: true),
]

@Test(arguments: refusals) func readsThatFail(refusal: Refusal) async throws {
  try await withHub(Script { _, _ in [.answer(refusal.status, refusal.headers, refusal.body)] }) { hub in
    let error = await failure { () async throws(HubError) in try await hub.client.runtime(of: chat) }
    #expect(error?.kind == refusal.kind)
    #expect(error?.description == "look at the runtime of acme/chat: " + refusal.description)
    #expect(error?.status == refusal.status)
    #expect(error?.isUnclear == false)
    #expect(error?.advice.isEmpty == false)
    let isRepeated = refusal.isUnclear
    #expect(hub.waits.naps == (isRepeated ? [1, 2, 4, 8, 8] : []))
    #expect(hub.server.requests.count == (isRepeated ? 6 : 1))
  }
}

@Test(arguments: refusals) func changesThatFail(refusal: Refusal) async throws {
  try await withHub(Script { _, _ in [.answer(refusal.status, refusal.headers, refusal.body)] }) { hub in
    let error = await failure { () async throws(HubError) in
      try await hub.client.setHardware(.t4Small, of: chat)
    }
    #expect(error?.kind == refusal.kind)
    #expect(error?.isUnclear == refusal.isUnclear)
    #expect(error?.description.contains("may or may not") == refusal.isUnclear)
    #expect(hub.server.requests.count == 1)
    #expect(hub.waits.naps.isEmpty)
  }
}

@Test func noErrorShowsTheToken() async throws {
  let headers = ["X-Error-Message": "no \(secret)", "X-Error-Code": secret, "X-Request-Id": "a-\(secret)"]
  for status in [400, 401, 403, 429, 500, 307] {
    let redirect = ["Location": "ftp://\(secret)/"]
    try await withHub(Script { _, _ in [.answer(status, status == 307 ? redirect : headers)] }) { hub in
      let error = await failure { () async throws(HubError) in try await hub.client.pause(chat) }
      var dumped = ""
      dump(error, to: &dumped)
      #expect(error != nil)
      let said = dumped + String(describing: error) + (error?.advice ?? "")
      #expect(!said.contains(secret))
    }
  }
}

@Test func theAdviceNamesTheSourceOfTheToken() async throws {
  try await withHub(Script { _, _ in [.answer(401)] }) { hub in
    let error = await failure { () async throws(HubError) in try await hub.client.runtime(of: chat) }
    #expect(error?.advice.contains("the token from HF_TOKEN") == true)
  }
  try await withHub(token: nil, Script { _, _ in [.answer(401)] }) { hub in
    let error = await failure { () async throws(HubError) in try await hub.client.runtime(of: chat) }
    #expect(error?.advice.contains("no token, as HF_TOKEN is not set") == true)
  }
}

/// What each error means for a change.
@Test func everyErrorHasOneMeaning() {
  let meanings: [(HubError.Kind, FailedChange)] = [
    (.badRequest, .refusesThis), (.invalidToken, .refusesToken), (.noSpaceOrNoAccess, .refusesSpace),
    (.paymentRequired, .refusesOwner), (.forbidden, .refusesThis), (.spendLimit, .refusesThis),
    (.disabled, .refusesSpace), (.notFound, .refusesSpace), (.conflict, .refusesNow),
    (.rateLimited, .notSent), (.refused, .refusesThis), (.serverTrouble, .unclear), (.unreachable, .notSent),
    (.insecure, .notSent), (.cutOff, .unclear), (.timedOut, .unclear), (.tooLarge, .unclear),
    (.unreadable, .unclear), (.redirected, .refusesSpace), (.cancelled, .unclear),
  ]
  for (kind, meaning) in meanings { #expect(kind.ofChange == meaning, "\(kind)") }
  #expect(Set(meanings.map(\.0)).count == 20)
  #expect(meanings.map(\.0).filter(\.isOfRights) == [.invalidToken, .noSpaceOrNoAccess, .forbidden])
}
