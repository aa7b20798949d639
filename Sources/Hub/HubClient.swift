import AsyncHTTPClient
import Foundation
public import JSON
import NIOCore
public import Spaces
public import Timelines

/// Asks the Hub and changes Spaces, on behalf of one token. Made by
/// ``withHubClient(configuration:version:clock:timeouts:onWarning:onRetry:isolation:_:)``.
///
/// At most 8 calls are in flight; all share what the Hub says of its limits, and slow down before they are
/// refused. Questions are repeated after passing trouble; changes are sent once (see ``HubError/isUnclear``).
public struct HubClient: Sendable {
  let transport: Transport

  /// Where it asks, and with which token.
  public var configuration: HubConfiguration { transport.configuration }

  /// All Spaces of a user or organisation that the token may see, from as many pages as there are.
  ///
  /// One entry that can't be read does not lose the others; one page that can't be read is an error, as only
  /// a complete list makes a Space missing.
  public func spaces(of owner: String) async throws(HubError) -> [ListedSpace] {
    let call = HubCall("list the Spaces of \(owner)")
    var spaces: [ListedSpace] = []
    var seen: Set<SpaceID> = []
    var pages: Set<String> = []
    var next: String? = url(
      HubPath.spaces, query: [("author", owner), ("expand", "runtime"), ("limit", "1000")])
    while let page = next {
      guard pages.insert(page).inserted else {
        throw error(Failure(.unreadable, "the pages of the list go round in a circle"), in: call)
      }
      let answer = try await transport.answer(to: HubRequest(call: call, url: page)) { response in
        let json = try await Self.json(response, upTo: Self.largestList)
        guard let entries = json.array else { throw Failure(.unreadable, "not a list of Spaces") }
        return (spaces: entries.compactMap(ListedSpace.init), links: response.headers["Link"])
      }
      // A Space may move to the next page while the pages are read.
      spaces += answer.value.spaces.filter { seen.insert($0.id).inserted }
      next = try nextPage(answer.value.links, after: answer.url, call: call)
    }
    return spaces
  }

  /// One Space as lists have it, under its present name.
  public func space(_ id: SpaceID) async throws(HubError) -> ListedSpace {
    let call = HubCall("look at the entry", of: id)
    return try await read(call, url(HubPath.space(id), query: [("expand", "runtime")])) {
      ListedSpace(json: $0)
    }.value
  }

  /// What a Space runs on now. Where the Hub has no such Space, the error's kind is ``HubError/Kind/notFound``.
  public func runtime(of id: SpaceID) async throws(HubError) -> RuntimeAnswer {
    let call = HubCall("look at the runtime", of: id)
    let answer = try await read(call, url(HubPath.runtime(id))) {
      try? SpaceRuntime(json: $0)
    }
    guard let name = transport.space(at: answer.url) else {
      throw error(Failure(.redirected, "to \(answer.url), which is no Space of this Hub"), in: call)
    }
    return name == id ? .runtime(answer.value) : .moved(to: name, answer.value)
  }

  /// The variables of a Space, by key.
  public func variables(of id: SpaceID) async throws(HubError) -> [SpaceVariable] {
    try await read(HubCall("read the variables", of: id), url(HubPath.variables(id)), Self.variables).value
  }

  /// The hardware that can be had now.
  /// - Parameter isPatient: asks again where the Hub has trouble or has no time.
  public func hardwareOffers(isPatient: Bool = true) async throws(HubError) -> [HardwareOffer] {
    try await read(HubCall("list the hardware"), url(HubPath.hardwareOffers), isPatient: isPatient) {
      $0.array?.compactMap(HardwareOffer.init)
    }.value
  }

  /// Whose token it is. The Hub limits this call tightly: once a run at most.
  public func whoami() async throws(HubError) -> HubAccount {
    try await read(HubCall("ask whose token it is"), url(HubPath.whoami), limit: .whoami) {
      HubAccount(json: $0)
    }.value
  }

  /// What the Hub says that an account used in a range, in the Hub's own words: neither they nor the call are
  /// documented, so what comes may have another shape tomorrow, or not come at all. Asked once, as an answer that
  /// is no JSON would be none the next time either.
  /// - Parameter organization: its name; nil for the user whose token it is.
  public func billingUsage(
    ofOrganization organization: String? = nil, in range: Range<Instant>
  ) async throws(HubError) -> JSONValue {
    let path = organization.map(HubPath.billingUsage(ofOrganization:)) ?? HubPath.billingUsage
    return try await read(
      HubCall("read the billing usage" + (organization.map { " of \($0)" } ?? "")),
      url(
        path,
        query: [
          ("startDate", "\(range.lowerBound.secondsSince1970)"),
          ("endDate", "\(range.upperBound.secondsSince1970)"),
        ]), isPatient: false, upTo: Self.largestList
    ) {
      // `nil` would be a value here: JSON's null.
      $0.object == nil && $0.array == nil ? Optional.none : $0
    }.value
  }
}

/// What the Hub answers when asked for a Space's runtime.
public enum RuntimeAnswer: Hashable, Sendable {
  case runtime(SpaceRuntime)
  /// The Space has another name now, of the same owner or of another.
  case moved(to: SpaceID, SpaceRuntime)
}

/// Runs `body` with a client, and closes the client's connections after it, however it ends.
///
/// - Parameters:
///   - version: of the program, for `User-Agent: spaceplan/VERSION`.
///   - clock: waits between repetitions, and for the Hub's limits.
///   - onWarning: called once for each topic that the Hub warns of.
///   - onRetry: called once, where the Hub is out of reach and is asked again.
public func withHubClient<Value, Failure: Error>(
  configuration: HubConfiguration, version: String, clock: any Clock<Duration> = ContinuousClock(),
  timeouts: HubTimeouts = HubTimeouts(), onWarning: @escaping @Sendable (HubWarning) -> Void = { _ in },
  onRetry: @escaping @Sendable (HubError) -> Void = { _ in },
  isolation: isolated (any Actor)? = #isolation,
  _ body: (HubClient) async throws(Failure) -> Value
) async throws(Failure) -> Value {
  var settings = HTTPClient.Configuration(redirectConfiguration: .disallow)
  settings.httpVersion = .http1Only
  settings.connectionPool.retryConnectionEstablishment = false
  // Shorter than any server's patience, or a change would now and then meet a connection that is closing.
  settings.connectionPool.idleTimeout = .seconds(10)
  let http = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
  let time = HubTime(clock)
  let client = HubClient(
    transport: Transport(
      http: http, configuration: configuration, userAgent: "spaceplan/\(version)", time: time,
      timeouts: timeouts, timeoutTime: HubTime(timeouts.clock), traffic: Traffic(time: time),
      warnings: Warnings(show: onWarning), retries: Retries(show: onRetry)))
  let result: Result<Value, Failure>
  do throws(Failure) {
    result = .success(try await body(client))
  } catch {
    result = .failure(error)
  }
  // It only fails where the client was shut down before, which nobody else can do.
  try? await http.shutdown()
  return try result.get()
}

// MARK: - Addresses and answers

extension HubClient {
  func url(_ path: String, query: [(name: String, value: String)] = []) -> String {
    let pairs = query.map { "\($0.name)=\(Self.percentEncoded($0.value))" }.joined(separator: "&")
    return configuration.endpoint.description + path + (pairs.isEmpty ? "" : "?" + pairs)
  }

  private static func percentEncoded(_ text: String) -> String {
    let unreserved = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }

  /// Asks a question that is answered with JSON; `parse` gives nil for an answer that makes no sense.
  private func read<Value: Sendable>(
    _ call: HubCall, _ url: String, limit: Traffic.Limit = .api, isPatient: Bool = true,
    upTo largest: Int = Transport.largestBody, _ parse: @escaping @Sendable (JSONValue) -> Value?
  ) async throws(HubError) -> HubAnswer<Value> {
    var request = HubRequest(call: call, url: url, limit: limit)
    if !isPatient { request.attempts = 1 }
    return try await transport.answer(to: request) { response in
      try Self.parsed(try await Self.json(response, upTo: largest), parse)
    }
  }

  /// Bytes of an answer that has all Spaces of an owner.
  private static let largestList = 32 << 20

  static func json(_ response: HTTPClientResponse, upTo limit: Int = Transport.largestBody) async throws
    -> JSONValue
  {
    let body = try await response.body.collect(upTo: limit)
    do {
      return try JSONValue(parsing: body)
    } catch {
      throw Failure(.unreadable, error.description)
    }
  }

  static func parsed<Value>(_ json: JSONValue, _ parse: (JSONValue) -> Value?) throws -> Value {
    guard let value = parse(json) else { throw Failure(.unreadable, "JSON, but not what was asked for") }
    return value
  }

  static let variables: @Sendable (JSONValue) -> [SpaceVariable]? = { json in
    json.object?.compactMap { SpaceVariable(key: $0.key, json: $0.value) }.sorted { $0.key < $1.key }
  }

  func error(_ failure: Failure, in call: HubCall) -> HubError {
    HubError(failure, in: call, configuration: configuration)
  }

  /// The address of the next page; nil after the last one. It would get the token, so it must be the
  /// endpoint's own.
  private func nextPage(_ links: [String], after page: String, call: HubCall) throws(HubError) -> String? {
    guard let text = LinkHeader.next(in: links) else { return nil }
    guard let url = URL(string: text, relativeTo: URL(string: page))?.absoluteString,
      Origin(of: url) == configuration.endpoint.origin
    else {
      throw error(Failure(.redirected, "the next page of the list would be at '\(text)'"), in: call)
    }
    return url
  }
}
