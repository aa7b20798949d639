import Spelling
public import Timelines
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
  /// Without the characters that end them.
  let lines: [Substring]

  /// - Parameter file: the name for messages.
  public init(file: String, text: String) {
    let text = text.withoutByteOrderMark
    self.init(file: file, unparsed: text)
    do {
      // What a scalar might be is ours to say: the default resolver would try its expressions on each.
      root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot().map { try YAMLValue($0) }
    } catch {
      reportUnreadable(error)
    }
  }

  /// Reads the bytes of a file, which must be UTF-8; a byte order mark is skipped.
  /// - Parameter file: the name for messages.
  public init(file: String, bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    guard let problem = EncodingProblem(bytes) else {
      self.init(file: file, text: String(decoding: bytes, as: UTF8.self))
      return
    }
    self.init(file: file, unparsed: problem.text)
    report(problem.message, line: problem.line, column: problem.column, hint: "save it as UTF-8")
  }

  private init(file: String, unparsed text: String) {
    self.file = file
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
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

  /// Of what a template says, which may stand in another file.
  public mutating func report(
    _ message: String, at place: Place, hint: String? = nil, severity: Diagnostic.Severity = .error
  ) {
    diagnostics.append(Diagnostic(severity, at: place, message: message, hint: hint))
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

  mutating func report(
    _ message: String, line: Int, column: Int, hint: String? = nil, severity: Diagnostic.Severity = .error
  ) {
    let place = Place(file: file, line: line, column: column, source: source(ofLine: line))
    diagnostics.append(Diagnostic(severity, at: place, message: message, hint: hint))
  }

  func source(ofLine line: Int) -> String? {
    guard lines.indices.contains(line - 1) else { return nil }
    let source = lines[line - 1]
    return String(source.hasSuffix("\r") ? source.dropLast() : source)
  }

  // MARK: Asking

  /// The members of a mapping whose keys are all among `keys`; others are reported, with the nearest key.
  public mutating func mapping(
    _ value: YAMLValue, as what: String, keys: [String]
  ) -> [String: YAMLValue]? {
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
  /// - Parameter ofTexts: its elements are texts, so that a lone one was probably meant as the only element.
  public mutating func sequence(_ value: YAMLValue, as what: String, ofTexts: Bool = false) -> [YAMLValue] {
    let hint: String?
    switch value.content {
    case .sequence(let elements): return elements
    case .scalar(let text, let isNull): hint = ofTexts && !isNull ? "write [\(text)]" : nil
    case .mapping: hint = "begin each of its elements with '- '"
    }
    report("\(what) is a list, not \(value.kind)", at: value, hint: hint)
    return []
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

  /// A time, a zone or a duration, as `parse` understands it.
  public mutating func read<Result>(
    _ value: YAMLValue, as what: String, _ parse: (String) throws(InvalidTime) -> Result
  ) -> Result? {
    guard let text = text(value, as: what) else { return nil }
    do {
      return try parse(text)
    } catch {
      report(error.message, at: value, hint: error.hint)
      return nil
    }
  }

  /// One of a few words.
  /// - Parameter others: words that people use for these elsewhere, and that no spelling leads to.
  public mutating func word<Word: RawRepresentable<String> & CaseIterable>(
    _ value: YAMLValue, as what: String, _ type: Word.Type = Word.self, others: [String: Word] = [:]
  ) -> Word? {
    guard let text = text(value, as: what) else { return nil }
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    let meant = others[text.lowercased()]?.rawValue ?? Spelling.nearest(to: text, among: words)
    report(
      "'\(text)' is not \(what)", at: value,
      hint: meant.map { "did you mean '\($0)'?" } ?? "one of: \(words.joined(separator: ", "))")
    return nil
  }

  /// `true` or `false`, and none of the other words that some YAML takes for them.
  public mutating func flag(_ value: YAMLValue, as what: String) -> Bool? {
    switch value.text {
    case "true": return true
    case "false": return false
    default:
      let meant = value.text.flatMap { text in
        ["true": true, "yes": true, "on": true, "false": false, "no": false, "off": false][text.lowercased()]
      }
      report(
        "\(what) is true or false, not \(value.kind)", at: value, hint: meant.map { "did you mean \($0)?" })
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
