import AsyncHTTPClient
import Foundation
public import JSON
import NIOCore
import NIOFoundationCompat
public import Spaces

/// The simulated Hub as a test steers it: its control calls, and calls as somebody else would make them.
public struct HubControls: Sendable {
  public let endpoint: String

  public init(endpoint: String) {
    self.endpoint = endpoint
  }

  /// The Hub refused a call.
  public struct Refused: Error {
    public let text: String
  }

  @discardableResult
  public func call(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws
    -> JSONValue
  {
    var request = HTTPClientRequest(url: endpoint + path)
    request.method = .init(rawValue: method)
    request.headers.add(name: "authorization", value: "Bearer by-hand")
    if let body { request.body = .bytes(ByteBuffer(string: body.text)) }
    let response = try await HTTPClient.shared.execute(request, timeout: .minutes(5))
    let bytes = try await response.body.collect(upTo: 10_000_000)
    guard response.status.code < 300 else { throw Refused(text: String(buffer: bytes)) }
    return try JSONValue(parsing: Data(buffer: bytes))
  }

  /// A control call: a question without a body, else an order.
  @discardableResult
  public func control(_ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
    try await call(body == nil ? "GET" : "POST", "/_simulator/" + path, body)
  }

  public func runtime(_ space: String) async throws -> SpaceRuntime {
    try SpaceRuntime(json: try await call("GET", "/api/spaces/\(space)/runtime"))
  }

  /// What was asked of the Hub to change Spaces, such as `POST /api/spaces/acme/chat/hardware`.
  public func changes() async throws -> [String] {
    try await control("requests").array?.compactMap { request in
      guard let method = request["method"]?.string, method != "GET", let path = request["path"]?.string,
        path.hasPrefix("/api")
      else { return nil }
      return "\(method) \(path)"
    } ?? []
  }

  /// How often a Space has really started on some hardware.
  public func starts(of space: String, on hardware: SpaceHardware) async throws -> Int {
    try await control("timeline?space=\(space)").array?.count {
      $0["stage"] == "APP_STARTING" && $0["requested"]?.string == hardware.rawValue
    } ?? 0
  }
}
