import AsyncHTTPClient
import Foundation
import HubSimulator
import JSON
import NIOCore
import NIOFoundationCompat
import Pricing
import Timelines

/// A simulated Hub on a real socket, as a client sees it.
struct LiveHub: Sendable {
  struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let text: String

    var json: JSONValue { (try? JSONValue(parsing: Data(text.utf8))) ?? .null }
  }

  let endpoint: String
  var token: String? = "some-token"

  func call(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> Answer {
    var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : endpoint + path)
    request.method = .init(rawValue: method)
    if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
    if let body { request.body = .bytes(ByteBuffer(string: body.text)) }
    let response = try await HTTPClient.shared.execute(request, timeout: .minutes(5))
    let bytes = try await response.body.collect(upTo: 10_000_000)
    return Answer(
      status: Int(response.status.code),
      headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first },
      text: String(buffer: bytes))
  }

  func get(_ path: String) async throws -> Answer { try await call("GET", path) }

  func post(_ path: String, _ body: JSONValue? = nil) async throws -> Answer {
    try await call("POST", path, body)
  }

  /// A control call that must be done.
  @discardableResult
  func control(_ path: String, _ body: JSONValue) async throws -> JSONValue {
    let answer = try await post("/_simulator/" + path, body)
    guard answer.status == 200 else { throw NotDone(text: answer.text) }
    return answer.json
  }

  func stage(_ space: String) async throws -> String? {
    try await get("/api/spaces/\(space)/runtime").json["stage"]?.string
  }
}

struct NotDone: Error {
  let text: String
}

/// Runs a test against a fresh Hub that has these Spaces.
func withHub(
  _ spaces: JSONValue = [["id": "acme/chat", "hardware": "t4-small", "sleepTime": 3600]],
  prices: PriceTable = .builtIn, token: String? = nil, _ test: (LiveHub) async throws -> Void
) async throws {
  let hub = SimulatedHub(prices: prices, token: token)
  await hub.add(try SpaceDefinition.list(spaces))
  try await withHubServer(hub) { try await test(LiveHub(endpoint: $0)) }
}
