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

  init(_ node: Node) {
    line = node.mark?.line ?? 1
    column = node.mark?.column ?? 1
    switch node {
    case .scalar(let scalar):
      let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      content = .scalar(scalar.string, isNull: isNull)
    case .sequence(let sequence): content = .sequence(sequence.map(YAMLValue.init))
    case .mapping(let mapping):
      content = .mapping(mapping.map { (key: YAMLValue($0.key), value: YAMLValue($0.value)) })
    case .alias: content = .scalar("", isNull: true)  // the parser has put the anchor's value in its place
    }
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
