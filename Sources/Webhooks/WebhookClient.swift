import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One message to one address.
public struct WebhookRequest: Hashable, Sendable {
  public var url: String
  public var headers: [(name: String, value: String)]
  /// JSON.
  public var body: String

  public init(url: String, headers: [(name: String, value: String)], body: String) {
    self.url = url
    self.headers = headers
    self.body = body
  }

  public static func == (left: WebhookRequest, right: WebhookRequest) -> Bool {
    left.url == right.url && left.body == right.body
      && left.headers.elementsEqual(right.headers) { $0 == $1 }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(url)
    hasher.combine(body)
  }
}

/// What became of a message.
public enum WebhookAnswer: Hashable, Sendable {
  /// The receiver has it.
  case taken
  /// Nobody has it, or nobody knows.
  /// - Parameters:
  ///   - reason: for people: `HTTP 500`, `no answer within 10 s`.
  ///   - isPassing: it may go better within seconds.
  case failed(reason: String, isPassing: Bool)
  /// The receiver will not have this message, whenever it comes.
  case refused(reason: String)

  /// What an answer's status means.
  public init(status: Int) {
    switch status {
    case 200..<300: self = .taken
    case 400, 413, 422: self = .refused(reason: "HTTP \(status)")
    case 408, 425, 429, 500...: self = .failed(reason: "HTTP \(status)", isPassing: true)
    // A redirect could lead a message to somebody else.
    default: self = .failed(reason: "HTTP \(status)", isPassing: false)
    }
  }
}

/// Sends messages. Made by ``withWebhookClient(version:timeout:isolation:_:)``.
public struct WebhookClient: Sendable {
  private let http: HTTPClient
  private let userAgent: String
  private let timeout: Int64

  fileprivate init(_ http: HTTPClient, userAgent: String, timeout: Int64) {
    (self.http, self.userAgent, self.timeout) = (http, userAgent, timeout)
  }

  /// Sends a message once.
  public func send(_ message: WebhookRequest) async -> WebhookAnswer {
    var request = HTTPClientRequest(url: message.url)
    request.method = .POST
    request.headers.add(name: "User-Agent", value: userAgent)
    request.headers.add(name: "Content-Type", value: "application/json")
    for header in message.headers { request.headers.add(name: header.name, value: header.value) }
    request.body = .bytes(ByteBuffer(string: message.body))
    do {
      let response = try await http.execute(request, timeout: .seconds(timeout))
      return WebhookAnswer(status: Int(response.status.code))
    } catch let error as HTTPClientError where error == .deadlineExceeded || error == .connectTimeout {
      return .failed(reason: "no answer within \(timeout) s", isPassing: true)
    } catch {
      return .failed(reason: "it can't be reached (\(error))", isPassing: true)
    }
  }
}

/// Runs `body` with a client, and closes the client's connections after it, however it ends.
///
/// - Parameters:
///   - version: of the program, for `User-Agent: spaceplan/VERSION`.
///   - timeout: seconds until an answer must have begun.
public func withWebhookClient<Value, Failure: Error>(
  version: String, timeout: Int64 = 10, isolation: isolated (any Actor)? = #isolation,
  _ body: (WebhookClient) async throws(Failure) -> Value
) async throws(Failure) -> Value {
  var settings = HTTPClient.Configuration(redirectConfiguration: .disallow)
  settings.httpVersion = .http1Only
  settings.connectionPool.retryConnectionEstablishment = false
  settings.timeout.connect = .seconds(timeout)
  let http = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
  let client = WebhookClient(http, userAgent: "spaceplan/\(version)", timeout: timeout)
  let result: Result<Value, Failure>
  do throws(Failure) {
    result = .success(try await body(client))
  } catch {
    result = .failure(error)
  }
  // What can't be closed is closed when the program ends.
  try? await http.shutdown()
  return try result.get()
}
