import Foundation
import JSON

/// One request, read as the Hub reads it.
struct HubCall: Sendable {
  let method: String
  /// As it was sent, without its query.
  let barePath: String
  /// As it was sent, without the question mark; nil for none.
  let bareQuery: String?
  /// The parts of the path, percent-decoded.
  let path: [String]
  let query: [(key: String, value: String)]
  let body: Data
  /// What follows `Bearer ` in the authorization header.
  let token: String?
  /// Host and port, as the client calls them.
  let host: String
  /// The client's own word for this request.
  let trace: String?

  init(method: String, target: String, body: Data, token: String?, host: String, trace: String?) {
    self.method = method
    self.body = body
    self.token = token
    self.host = host
    self.trace = trace
    let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    barePath = halves.first ?? ""
    bareQuery = halves.count > 1 ? halves[1] : nil
    path = barePath.split(separator: "/").map { String($0).removingPercentEncoding ?? String($0) }
    query = (bareQuery ?? "").split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
        let spaced = $0.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
      }
      return (sides[0], sides.count > 1 ? sides[1] : "")
    }
  }

  func values(of key: String) -> [String] { query.filter { $0.key == key }.map(\.value) }

  func value(of key: String) -> String? { query.first { $0.key == key }?.value }

  /// The body as JSON; an empty object where there is none.
  func json() throws(Refusal) -> JSONValue {
    guard !body.isEmpty else { return [:] }
    do {
      return try JSONValue(parsing: body)
    } catch {
      throw Refusal(400, "the body is not JSON")
    }
  }
}

/// What is answered to a call.
struct HubAnswer: Sendable {
  enum Body: Sendable {
    case empty
    case json(JSONValue)
    case text(String, type: String)
    case stream(EventStream)
  }

  var status = 200
  var headers: [(name: String, value: String)] = []
  var body: Body

  init(_ json: JSONValue) { body = .json(json) }

  init(status: Int, headers: [(name: String, value: String)] = [], body: Body) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// A call that is answered with an error.
struct Refusal: Error {
  var status: Int
  /// What `X-Error-Code` says.
  var code: String?
  var message: String

  init(_ status: Int, code: String? = nil, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  var answer: HubAnswer {
    // A header holds one line of visible text, and nothing else gets there.
    let line = String(
      String.UnicodeScalarView(message.unicodeScalars.map { (" "..."~").contains($0) ? $0 : "?" }))
    let codes = code.map { [(name: "X-Error-Code", value: $0)] } ?? []
    return HubAnswer(
      status: status, headers: codes + [(name: "X-Error-Message", value: line)],
      body: .json(["error": .string(message)]))
  }

  static func noSuchSpace(hasToken: Bool) -> Refusal {
    hasToken
      ? Refusal(404, code: "RepoNotFound", "Repository not found")
      : Refusal(401, code: "RepoNotFound", "Invalid username or password.")
  }

  static let invalidToken = Refusal(401, "Invalid credentials in Authorization header")
  static let tokenNeeded = Refusal(401, "Invalid username or password.")
}
