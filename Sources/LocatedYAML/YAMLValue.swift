import Yams

/// A value of a YAML file that knows where it stands.
public struct YAMLValue: Sendable {
  public enum Content: Sendable {
    /// The text as written; `isNull` where it is empty, `~` or `null` without quotes.
    case scalar(String, isNull: Bool)
    case sequence([YAMLValue])
    /// In the file's order; no key twice.
    case mapping([(key: YAMLValue, value: YAMLValue)])
  }

  public let content: Content
  /// Both from 1.
  public let line: Int
  public let column: Int

  /// The text of a scalar that is not null.
  public var text: String? {
    guard case .scalar(let text, isNull: false) = content else { return nil }
    return text
  }

  public var isNull: Bool {
    guard case .scalar(_, isNull: true) = content else { return false }
    return true
  }

  /// The values of a sequence; a lone value stands for a sequence of one.
  public var elements: [YAMLValue] {
    guard case .sequence(let elements) = content else { return [self] }
    return elements
  }

  /// - Throws: ``Excess`` for what no file of ours needs.
  init(_ root: Node) throws(Excess) {
    var count = 0
    try self.init(root, depth: 1, count: &count)
  }

  private init(_ node: Node, depth: Int, count: inout Int) throws(Excess) {
    line = node.mark?.line ?? 1
    column = node.mark?.column ?? 1
    count += 1
    guard count <= Excess.values else { throw .tooManyValues }
    guard depth <= Excess.depth else { throw .tooDeep(line: line, column: column) }
    switch node {
    case .scalar(let scalar):
      let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      content = .scalar(scalar.string, isNull: isNull)
    case .sequence(let sequence):
      var elements: [YAMLValue] = []
      for node in sequence { elements.append(try YAMLValue(node, depth: depth + 1, count: &count)) }
      content = .sequence(elements)
    case .mapping(let mapping):
      var pairs: [(key: YAMLValue, value: YAMLValue)] = []
      for (key, value) in mapping {
        pairs.append(
          (
            key: try YAMLValue(key, depth: depth + 1, count: &count),
            value: try YAMLValue(value, depth: depth + 1, count: &count)
          ))
      }
      content = .mapping(pairs)
    case .alias: content = .scalar("", isNull: true)  // the parser has put the anchor's value in its place
    }
  }

  /// More than any file of ours has. A few lines of aliases can stand for more values than fit into any memory.
  enum Excess: Error {
    case tooManyValues
    case tooDeep(line: Int, column: Int)

    static let values = 100_000
    static let depth = 100
  }

  /// How messages call what stands there.
  var kind: String {
    switch content {
    case .scalar(let text, let isNull): isNull ? "nothing" : "'\(text)'"
    case .sequence: "a list"
    case .mapping: "a set of keys"
    }
  }
}
