import Timelines
import Yams

/// Reads one YAML file and collects every mistake in it, so that a person sees all of them at once.
///
/// Each question (`mapping`, `sequence`, `text`, `read`) answers with a value, or reports what is wrong at
/// its place and answers nil; the code that asks goes on with the next.
public struct YAMLReader {
  public let file: String
  /// Nil where the file is empty or not YAML.
  public private(set) var root: YAMLValue?
  public private(set) var diagnostics: [Diagnostic] = []
  private let lines: [Substring]

  /// - Parameter file: the name for messages.
  public init(file: String, text: String) {
    self.file = file
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    do {
      root = try Parser(yaml: text).singleRoot().map(YAMLValue.init)
    } catch {
      reportUnreadable(error)
    }
  }

  private mutating func reportUnreadable(_ error: any Error) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      report("this is not YAML: \(problem)", line: mark.line, column: mark.column)
    case .reader(let problem, _, _, _):
      report("this is not readable text: \(problem)", line: 1, column: 1)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { "'\($0)'" }.joined(separator: ", ")
      report(
        "\(keys) is given twice", line: context.mark.line, column: context.mark.column,
        hint: "keep one of them")
    default:
      report("this is not YAML: \(error)", line: 1, column: 1)
    }
  }

  // MARK: Reporting

  public mutating func report(
    _ message: String, at value: YAMLValue, hint: String? = nil, severity: Diagnostic.Severity = .error
  ) {
    report(message, line: value.line, column: value.column, hint: hint, severity: severity)
  }

  /// - Parameter offset: characters from the start of the value's text to what is wrong in it. Only right for
  ///   text on one line; quotes are allowed for.
  public mutating func report(
    _ message: String, at value: YAMLValue, offset: Int, hint: String? = nil,
    severity: Diagnostic.Severity = .error
  ) {
    let line = lines.indices.contains(value.line - 1) ? lines[value.line - 1] : ""
    let isQuoted = line.dropFirst(value.column - 1).first.map { $0 == "\"" || $0 == "'" } ?? false
    report(
      message, line: value.line, column: value.column + offset + (isQuoted ? 1 : 0), hint: hint,
      severity: severity)
  }

  private mutating func report(
    _ message: String, line: Int, column: Int, hint: String? = nil, severity: Diagnostic.Severity = .error
  ) {
    var source = lines.indices.contains(line - 1) ? String(lines[line - 1]) : nil
    if source?.hasSuffix("\r") == true { source?.removeLast() }
    diagnostics.append(
      Diagnostic(
        severity, file: file, line: line, column: column, message: message, hint: hint, source: source))
  }

  // MARK: Asking

  /// The members of a mapping whose keys are all among `keys`; others are reported, with the nearest key.
  public mutating func mapping(_ value: YAMLValue, as what: String, keys: [String]) -> [String: YAMLValue]? {
    guard case .mapping(let pairs) = value.content else {
      report(
        "\(what) is a set of keys, not \(value.kind)", at: value,
        hint: "keys: \(keys.joined(separator: ", "))")
      return nil
    }
    var members: [String: YAMLValue] = [:]
    for (key, member) in pairs {
      guard let name = key.text, keys.contains(name) else {
        let nearest = key.text.flatMap { Spelling.nearest(to: $0, among: keys) }
        report(
          "\(what) has no key \(key.kind)", at: key,
          hint: nearest.map { "did you mean '\($0)'?" } ?? "keys: \(keys.joined(separator: ", "))")
        continue
      }
      members[name] = member
    }
    return members
  }

  /// Any keys, in the file's order, for mappings whose keys are names (hardware, labels).
  public mutating func namedMembers(
    _ value: YAMLValue, as what: String
  ) -> [(name: String, key: YAMLValue, value: YAMLValue)] {
    guard case .mapping(let pairs) = value.content else {
      report("\(what) is a set of keys, not \(value.kind)", at: value)
      return []
    }
    return pairs.compactMap { key, member in
      guard let name = key.text else {
        report("a name is missing here", at: key)
        return nil
      }
      return (name, key, member)
    }
  }

  /// The elements of a list.
  public mutating func sequence(_ value: YAMLValue, as what: String) -> [YAMLValue] {
    guard case .sequence(let elements) = value.content else {
      report("\(what) is a list, not \(value.kind)", at: value)
      return []
    }
    return elements
  }

  public mutating func text(_ value: YAMLValue, as what: String) -> String? {
    guard let text = value.text else {
      report("\(what) is missing here: this is \(value.kind)", at: value)
      return nil
    }
    return text
  }

  /// Text that `parse` understands; what it throws becomes the message.
  public mutating func read<Result, Failure: Error & CustomStringConvertible>(
    _ value: YAMLValue, as what: String, _ parse: (String) throws(Failure) -> Result
  ) -> Result? {
    guard let text = text(value, as: what) else { return nil }
    do {
      return try parse(text)
    } catch {
      report(error.description, at: value)
      return nil
    }
  }

  /// One of a few words.
  public mutating func word<Word: RawRepresentable<String> & CaseIterable>(
    _ value: YAMLValue, as what: String, _ type: Word.Type = Word.self
  ) -> Word? {
    guard let text = text(value, as: what) else { return nil }
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    report(
      "'\(text)' is not \(what)", at: value,
      hint: Spelling.nearest(to: text, among: words).map { "did you mean '\($0)'?" }
        ?? "one of: \(words.joined(separator: ", "))")
    return nil
  }

  /// `true` or `false`.
  public mutating func flag(_ value: YAMLValue, as what: String) -> Bool? {
    switch value.text {
    case "true": return true
    case "false": return false
    default:
      report("\(what) is true or false, not \(value.kind)", at: value)
      return nil
    }
  }

  /// A whole number in a range.
  public mutating func number(_ value: YAMLValue, as what: String, in range: ClosedRange<Int>) -> Int? {
    guard let number = value.text.flatMap({ Int($0) }), range.contains(number) else {
      let limits =
        range.upperBound == .max
        ? "from \(range.lowerBound) up" : "from \(range.lowerBound) to \(range.upperBound)"
      report("\(what) is a whole number \(limits), not \(value.kind)", at: value)
      return nil
    }
    return number
  }
}
