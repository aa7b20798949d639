import VisitFiles

/// The monitors and crawlers among the requests of all logs that a command reads.
struct LogPrograms {
  /// How many are named.
  private static let mostNamed = 3

  private var requests = 0
  private var byName: [String: Int] = [:]

  /// How many requests are theirs.
  var count: Int { byName.values.reduce(0, +) }

  mutating func add(_ content: VisitFileContent) {
    requests += content.requests
    byName.merge(content.requestsOfPrograms, uniquingKeysWith: +)
  }

  /// What there is to say of them; nil for nothing.
  func text(peopleOnly: Bool) -> String? {
    guard !byName.isEmpty else {
      return peopleOnly ? "--people-only leaves nobody out: no line names a monitor or crawler" : nil
    }
    let inOrder = byName.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let others = inOrder.dropFirst(Self.mostNamed).reduce(0) { $0 + $1.value }
    let named = inOrder.prefix(Self.mostNamed).map { "\($0.key) \($0.value)" }
    let names = (named + (others > 0 ? ["others \(others)"] : [])).joined(separator: ", ")
    let made = "monitors and crawlers made \(count) of \(requests) requests (\(names))"
    return peopleOnly
      ? "\(made), which are left out"
      : "\(made): they wake a Space and keep it up as people do, and count; --people-only leaves them out"
  }
}
