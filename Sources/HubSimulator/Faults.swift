import Foundation
import JSON
import Simulation
import Spaces

/// Something that goes wrong with Hub calls: an element of `POST /_simulator/faults`.
///
/// ```json
/// {"method":"POST","path":"*/hardware","kind":"status","status":503,"times":2,"probability":1}
/// ```
/// Only `kind` is needed. `method` and `path` (with its query only if it has a `?`; `*` stands for anything)
/// choose the calls,
/// and `body` those whose body looks so (such as `*a100-large*`). It hits `times` calls (any number unless
/// told), each with the `probability` (1 unless told). Of several that fit, the one added first hits.
/// - `status`: nothing is done, and `status` (500 unless told) is answered, with `error` as its message
///   and `headers`; with `"html":true` the body is HTML.
/// - `delay`: done, but answered after so many `seconds` of real time (1 unless told).
/// - `drop`: the connection is closed without an answer; nothing is done, unless `"done":true`.
/// - `cut`: done, and half the answer is sent.
/// - `garbage`: nothing is done, and HTML is answered with 200.
/// - `rate-limit`: nothing is done, and 429 is answered: try again after `seconds` (1 unless told).
/// - `apply-then-fail`: done, but `status` (500 unless told) is answered.
/// - `end`: a stream (logs, metrics, events) ends once what is there was sent, as behind a proxy that waits
///   for nothing. Other answers are as ever.
struct Fault: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case status
    case delay
    case drop
    case cut
    case garbage
    case rateLimit = "rate-limit"
    case applyThenFail = "apply-then-fail"
    case end
  }

  let json: JSONValue
  let kind: Kind
  let status: Int
  let milliseconds: Int64
  let isDone: Bool
  let message: String
  let isHTML: Bool
  let headers: [(name: String, value: String)]
  private let method: String?
  private let path: String
  private let body: String?
  private let probability: Double
  fileprivate var timesLeft: Int64?

  init(_ json: JSONValue) throws(InvalidDefinition) {
    let reader = try DefinitionReader(
      json, of: "a fault",
      keys: [
        "method", "path", "body", "kind", "status", "seconds", "times", "probability", "error", "headers",
        "html", "done",
      ])
    let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    guard let kind = Kind(rawValue: try reader.text("kind") ?? "") else {
      throw InvalidDefinition("\"kind\" of a fault must be one of \(kinds)")
    }
    self.json = json
    self.kind = kind
    status = Int(try reader.integer("status", in: 400...599) ?? 500)
    milliseconds = try reader.thousandths("seconds") ?? 1000
    isDone = try reader.flag("done") ?? false
    message = try reader.text("error") ?? "An error of the simulator"
    isHTML = try reader.flag("html") ?? false
    var headers: [(name: String, value: String)] = []
    for (name, value) in try reader.members("headers").sorted(by: { $0.key < $1.key }) {
      guard let value = value.string else { throw InvalidDefinition("\"headers\" of a fault must be texts") }
      headers.append((name, value))
    }
    self.headers = headers
    method = try reader.text("method")
    path = try reader.text("path") ?? "*"
    body = try reader.text("body")
    probability = Double(min(1000, try reader.thousandths("probability") ?? 1000)) / 1000
    timesLeft = try reader.integer("times", in: 1...DefinitionReader.longest)
  }

  fileprivate func fits(_ call: HubCall) -> Bool {
    if let method, method != "*", method.uppercased() != call.method { return false }
    let asked = path.contains("?") ? "\(call.barePath)?\(call.bareQuery ?? "")" : call.barePath
    guard Wildcard(path).matches(asked[...]) else { return false }
    guard let body else { return true }
    return Wildcard(body).matches(Substring(String(decoding: call.body, as: UTF8.self)))
  }

  fileprivate func happens(using random: inout SeededGenerator) -> Bool {
    probability >= 1 || Double.random(in: 0..<1, using: &random) < probability
  }
}

/// The faults in force.
struct FaultPlan: Sendable {
  private(set) var faults: [Fault] = []
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func add(_ fault: Fault) { faults.append(fault) }

  mutating func removeAll() { faults = [] }

  /// The fault that hits a call.
  mutating func fault(for call: HubCall) -> Fault? {
    guard let index = faults.firstIndex(where: { $0.fits(call) && $0.happens(using: &random) }) else {
      return nil
    }
    let fault = faults[index]
    if let times = fault.timesLeft {
      faults[index].timesLeft = times - 1
      if times == 1 { faults.remove(at: index) }
    }
    return fault
  }
}

/// A pattern in which `*` stands for any text, also none.
struct Wildcard: Sendable {
  private let parts: [Substring]

  init(_ pattern: String) { parts = pattern.split(separator: "*", omittingEmptySubsequences: false) }

  func matches(_ text: Substring) -> Bool {
    guard let first = parts.first, let last = parts.last, parts.count > 1 else { return parts.first == text }
    guard text.hasPrefix(first) else { return false }
    var rest = text.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.hasSuffix(last)
  }
}
