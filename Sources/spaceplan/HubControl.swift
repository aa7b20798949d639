import AsyncHTTPClient
import Foundation
import JSON
import Money
import NIOFoundationCompat
import NIOHTTP1
import Pricing
import Timelines

/// The control calls of the simulated Hub that the demo needs.
struct HubControl {
  let endpoint: String

  func moveClock(to instant: Instant) async throws {
    _ = try await call(.POST, "/_simulator/clock", body: ["until": .string(instant.description)])
  }

  /// Log streams end once all lines were sent: a real one goes on, and its reader waits for more in real time.
  func endLogStreams() async throws {
    _ = try await call(.POST, "/_simulator/faults", body: ["kind": "end", "path": "*/logs/*"])
  }

  /// What the Hub charges for all Spaces, by what truly happened.
  func bill(from: Instant, until: Instant) async throws -> Money {
    let lines = try await call(.GET, "/_simulator/bill?from=\(from)&until=\(until)").array ?? []
    return try lines.compactMap { $0["cost"]?.string }.map { try Money($0) }.reduce(.zero, +)
  }

  private func call(_ method: HTTPMethod, _ path: String, body: JSONValue? = nil) async throws -> JSONValue {
    var request = HTTPClientRequest(url: endpoint + path)
    request.method = method
    request.body = body.map { .bytes(Array($0.text.utf8)) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    let data = Data(buffer: try await response.body.collect(upTo: 16 << 20))
    guard response.status == .ok else {
      throw Ending(
        Ending.Status.outOfReach,
        "the simulated Hub refused \(method) \(path): \(String(decoding: data, as: UTF8.self))")
    }
    return try JSONValue(parsing: data)
  }
}
