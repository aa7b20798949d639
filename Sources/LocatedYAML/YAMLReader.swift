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
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
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
      if let start = startWithoutQuotes(line: mark.line, column: mark.column) {
        report(
          "this is not YAML: text that starts with \(start.character) needs quotes", line: mark.line,
          column: start.column)
      } else {
        report("this is not YAML: \(problem)", line: mark.line, column: mark.column)
      }
    case .reader(let problem, let offset, _, let text):
      let before = text.prefix(offset ?? 0).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      report(
        "this is not readable text: \(problem)", line: max(1, before.count),
        column: (before.last?.count ?? 0) + 1)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { "'\($0)'" }.joined(separator: ", ")
      report(
        "\(keys) is given twice", line: context.mark.line, column: context.mark.column,
        hint: "keep one of them")
    default:
      report("this is not YAML: \(error)", line: 1, column: 1)
    }
  }

  /// Cron expressions and patterns are what people most often write without the quotes that YAML wants. Its
  /// mark is on the `@`, but behind the `*`, which it takes for the start of an alias.
  private func startWithoutQuotes(line: Int, column: Int) -> (character: Character, column: Int)? {
    let before = source(ofLine: line)?.dropFirst(max(0, column - 2)) ?? ""
    if column >= 2, before.first == "*" { return ("*", column - 1) }
    let start = (column >= 2 ? before.dropFirst() : before).first
    return start.flatMap { "@`%".contains($0) ? ($0, column) : nil }
  }

  // MARK: Reporting

  /// Where a value stands.
  public func place(of value: YAMLValue) -> Place {
    Place(file: file, line: value.line, column: value.column, source: source(ofLine: value.line))
  }

  public mutating func report(
    _ message: String, at value: YAMLValue, hint: String? = nil, severity: Diagnostic.Severity = .error
  ) {
    report(message, line: value.line, column: value.column, hint: hint, severity: severity)
  }

  /// - Parameter offset: characters from the start of the value's text to what is wrong in it. Counted only
  ///   where the file has the text as it is read, quotes apart; else (escapes, several lines) the value's
  ///   start is reported.
  public mutating func report(
    _ message: String, at value: YAMLValue, offset: Int, hint: String? = nil,
    severity: Diagnostic.Severity = .error
  ) {
    let rest = source(ofLine: value.line)?.dropFirst(value.column - 1) ?? ""
    let quote = rest.hasPrefix("\"") || rest.hasPrefix("'") ? 1 : 0
    let isVerbatim = value.text.map { rest.dropFirst(quote).hasPrefix($0) } ?? false
    report(
      message, line: value.line, column: value.column + (isVerbatim ? quote + offset : 0), hint: hint,
      severity: severity)
  }

  /// The file has nothing in it, or comments only.
  public mutating func reportEmpty(hint: String? = nil) {
    report("the file is empty", line: 1, column: 1, hint: hint)
  }

  private mutating func report(
    _ message: String, line: Int, column: Int, hint: String? = nil, severity: Diagnostic.Severity = .error
  ) {
    let place = Place(file: file, line: line, column: column, source: source(ofLine: line))
    diagnostics.append(Diagnostic(severity, at: place, message: message, hint: hint))
  }

  private func source(ofLine line: Int) -> String? {
    guard lines.indices.contains(line - 1) else { return nil }
    let source = lines[line - 1]
    return String(source.hasSuffix("\r") ? source.dropLast() : source)
  }

  // MARK: Asking

  /// The members of a mapping whose keys are all among `keys`; others are reported, with the nearest key.
  ///
  /// - Parameter unsupported: keys of the format that this version can't act on: they are reported as such,
  ///   so that nobody believes that they work.
  public mutating func mapping(
    _ value: YAMLValue, as what: String, keys: [String], unsupported: [String] = []
  ) -> [String: YAMLValue]? {
    guard case .mapping(let pairs) = value.content else {
      report(
        "\(what) is a set of keys, not \(value.kind)", at: value,
        hint: "keys: \(keys.joined(separator: ", "))")
      return nil
    }
    var members: [String: YAMLValue] = [:]
    for (key, member) in pairs {
      if let name = key.text, unsupported.contains(name) {
        report(
          "'\(name)' of \(what) is not supported by this version", at: key,
          hint: "nothing would act on it: remove it or turn it into a comment")
        continue
      }
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
