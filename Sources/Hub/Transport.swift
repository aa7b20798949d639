import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Spaces
import Synchronization

/// One request to the Hub.
struct HubRequest: Sendable {
  var call: HubCall
  var method: HTTPMethod = .GET
  /// Whole, with the endpoint.
  var url: String
  /// JSON.
  var body: ByteBuffer?
  var limit = Traffic.Limit.api
  /// How often a read that meets passing trouble is sent, all in all.
  var attempts = 6
}

/// What a request brought, and the address that answered in the end.
struct HubAnswer<Value: Sendable>: Sendable {
  var value: Value
  var url: String
}

/// Sends requests as `hub-api.md` asks for: within the limits, with redirects and repetitions only where
/// they are safe.
struct Transport: Sendable {
  /// Reads an answer of success.
  typealias Reader<Value> = @Sendable (HTTPClientResponse) async throws -> Value

  static let largestBody = 1 << 20
  private static let redirects = 5
  private static let backOff: [Duration] = [1, 2, 4, 8, 8].map { .seconds($0) }

  let http: HTTPClient
  let configuration: HubConfiguration
  let userAgent: String
  let time: HubTime
  let timeouts: HubTimeouts
  let timeoutTime: HubTime
  let traffic: Traffic
  let warnings: Warnings
  let retries: Retries

  /// Sends a request until it is answered.
  ///
  /// A read is repeated after passing trouble. A change is sent once: whether it was done in spite of trouble
  /// only reading back tells. What the Hub refused as one too many is sent again in either case.
  func answer<Value: Sendable>(
    to request: HubRequest, read: @escaping Reader<Value>
  ) async throws(HubError) -> HubAnswer<Value> {
    var spent: Duration = .zero
    var repetitions = 0
    var refusals = 0
    do {
      while true {
        do {
          return try await follow(request, spent: &spent, read: read)
        } catch let failure as Failure where failure.status == 429 && refusals < repetitionsAllowed(request) {
          let wait = failure.wait ?? Self.backOff[refusals]
          traffic.silence(request.limit, for: wait)
          guard wait <= Traffic.longestWait else { throw failure.asking(toWait: wait) }
          refusals += 1
        } catch let failure as Failure where failure.kind.isPassing && !request.call.isChange {
          // A network may come up within seconds, as after a laptop woke; on this machine nothing is listening
          // where nothing listens.
          let isHopeless = failure.kind == .unreachable && configuration.endpoint.isLoopback
          guard repetitions < min(repetitionsAllowed(request), isHopeless ? 1 : .max) else { throw failure }
          if failure.kind == .unreachable {
            retries.note(HubError(failure, in: request.call, configuration: configuration))
          }
          let wait = Self.backOff[repetitions]
          guard spent + wait < timeouts.wholeRead else { throw failure }
          try await time.sleep(wait)
          spent += wait
          repetitions += 1
        }
      }
    } catch {
      throw HubError(Failure(network: error), in: request.call, configuration: configuration)
    }
  }

  private func repetitionsAllowed(_ request: HubRequest) -> Int {
    min(request.attempts - 1, Self.backOff.count)
  }

  /// One exchange, and those that redirects lead to.
  private func follow<Value: Sendable>(
    _ request: HubRequest, spent: inout Duration, read: @escaping Reader<Value>
  ) async throws -> HubAnswer<Value> {
    var url = request.url
    for _ in 0...Self.redirects {
      switch try await exchange(request, at: url, spent: &spent, read: read) {
      case .success(let value): return HubAnswer(value: value, url: url)
      case .redirect(let status, let location):
        let target = try Redirect.target(of: location, status: status, from: url)
        guard !request.call.isChange || mayRepeatChange(from: url, at: target, status: status) else {
          throw Failure(.redirected, "to \(target), where the change was not sent", status: status)
        }
        url = target
      case .failure(let failure): throw failure
      }
    }
    throw Failure(.redirected, "more than \(Self.redirects) redirects, the last to \(url)")
  }

  private enum Reply<Value: Sendable>: Sendable {
    case success(Value)
    case redirect(status: Int, location: String)
    case failure(Failure)
  }

  private func exchange<Value: Sendable>(
    _ request: HubRequest, at url: String, spent: inout Duration, read: @escaping Reader<Value>
  ) async throws -> Reply<Value> {
    let limit =
      request.call.isChange ? timeouts.change : max(.zero, min(timeouts.read, timeouts.wholeRead - spent))
    var took: Duration = .zero
    defer { spent += took }
    do {
      return try await traffic.send(under: request.limit) {
        let start = timeoutTime.now()
        defer { took = timeoutTime.now() - start }
        let reply = try await timeoutTime.limited(to: limit) {
          let response = try await http.execute(httpRequest(request, at: url), deadline: .distantFuture)
          warnings.note(response.headers[HubHeader.warning])
          let rate = RateLimit(
            limits: response.headers[canonicalForm: HubHeader.rateLimit].map(String.init),
            policies: response.headers[canonicalForm: HubHeader.rateLimitPolicy].map(String.init))
          return (value: try await outcome(of: response, rate: rate, read: read), rate: rate)
        }
        try Task.checkCancellation()
        guard let reply else { throw Failure(.timedOut) }
        return reply
      }
    } catch {
      throw Failure(network: error)
    }
  }

  private func outcome<Value: Sendable>(
    of response: HTTPClientResponse, rate: RateLimit?, read: Reader<Value>
  ) async throws -> Reply<Value> {
    let status = Int(response.status.code)
    switch status {
    case 200..<300:
      do {
        return .success(try await read(response))
      } catch {
        var failure = Failure(network: error)
        failure.status = status
        failure.requestID = Failure.requestID(response.headers)
        return .failure(failure)
      }
    case 301, 302, 303, 307, 308:
      guard let location = response.headers.first(name: "Location") else {
        return .failure(Failure(.redirected, "a redirect without an address", status: status))
      }
      // Read to its end, so that the connection can be used again; what it says does not matter.
      _ = try? await response.body.collect(upTo: 64 << 10)
      return .redirect(status: status, location: location)
    default:
      // The status alone tells enough where the body is HTML, empty, cut or endless.
      let body = try? await response.body.collect(upTo: Self.largestBody)
      var failure = Failure(
        status: status, headers: response.headers, body: body.flatMap { try? JSONValue(parsing: $0) })
      if status == 429 {
        let retryAfter = response.headers.first(name: "Retry-After").flatMap { Int($0) }
        failure.wait =
          if let rate, rate.remaining == 0 { .seconds(rate.seconds + 1) } else {
            retryAfter.map { .seconds(min(max(0, $0), RateLimit.longestWait)) }
          }
      }
      return .failure(failure)
    }
  }

  /// A change is only sent again to the same Space on the same host: one that was renamed may be another
  /// owner's by now, so its new name has to be looked at first.
  private func mayRepeatChange(from url: String, at target: String, status: Int) -> Bool {
    guard let space = space(at: url) else { return false }
    return (status == 307 || status == 308) && self.space(at: target) == space
  }

  /// The Space that an address of the endpoint is about.
  func space(at url: String) -> SpaceID? {
    guard let parts = URLComponents(string: url), Origin(parts) == configuration.endpoint.origin else {
      return nil
    }
    let prefix = configuration.endpoint.prefix
    let path = parts.percentEncodedPath
    guard path.hasPrefix(prefix) else { return nil }
    return HubPath.space(in: String(path.dropFirst(prefix.count)))
  }

  private func httpRequest(_ request: HubRequest, at url: String) -> HTTPClientRequest {
    var http = HTTPClientRequest(url: url)
    http.method = request.method
    http.headers.add(name: "User-Agent", value: userAgent)
    http.headers.add(name: HubHeader.traceID, value: UUID().uuidString.lowercased())
    if let token = configuration.token,
      Origin(of: url) == configuration.endpoint.origin
    {
      http.headers.add(name: "Authorization", value: "Bearer \(token.secret)")
    }
    if let body = request.body {
      http.headers.add(name: "Content-Type", value: "application/json")
      http.body = .bytes(body)
    }
    return http
  }
}

extension Failure {
  fileprivate func asking(toWait wait: Duration) -> Failure {
    var failure = self
    failure.message = Failure(waitOf: wait).message
    return failure
  }
}

/// Shows each topic of the Hub's warnings once.
final class Warnings: Sendable {
  private let topics = Mutex<Set<String>>([])
  private let show: @Sendable (HubWarning) -> Void

  init(show: @escaping @Sendable (HubWarning) -> Void) {
    self.show = show
  }

  func note(_ headers: [String]) {
    for warning in headers.map(HubWarning.init) where topics.withLock({ $0.insert(warning.topic).inserted }) {
      show(warning)
    }
  }
}

/// Tells once that the Hub was out of reach and is asked again.
final class Retries: Sendable {
  private let isTold = Mutex(false)
  private let show: @Sendable (HubError) -> Void

  init(show: @escaping @Sendable (HubError) -> Void) {
    self.show = show
  }

  func note(_ error: HubError) {
    let isFirst = isTold.withLock { isTold in
      defer { isTold = true }
      return !isTold
    }
    if isFirst { show(error) }
  }
}

extension JSONValue {
  init(parsing buffer: ByteBuffer) throws(InvalidJSON) {
    self = try buffer.withUnsafeReadableBytes { bytes in
      Result { () throws(InvalidJSON) in try Self(parsing: bytes) }
    }
    .get()
  }
}
