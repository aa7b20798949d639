import Yams

/// Why a file is not YAML, in words for who wrote it.
extension YAMLReader {
  mutating func reportUnreadable(_ error: any Error) {
    switch error {
    case YAMLValue.Excess.tooManyValues:
      report(
        "the file has more than \(YAMLValue.Excess.values) values, with what its aliases (such as *name) repeat",
        line: 1, column: 1)
    case YAMLValue.Excess.tooDeep(let line, let column): reportTooDeep(line: line, column: column)
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      report(problem, at: mark)
    case YamlError.reader(let problem, let offset, _, let text):
      let before = text.prefix(offset ?? 0).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      report(
        "this is not readable text: \(problem)", line: max(1, before.count),
        column: (before.last?.count ?? 0) + 1)
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      reportRepeatedKeys(keys, first: context.mark)
    default:
      report("this is not YAML: \(error)", line: 1, column: 1)
    }
  }

  private mutating func report(_ problem: String, at mark: Mark) {
    if problem.hasPrefix("Maximum nesting level") {
      reportTooDeep(line: mark.line, column: mark.column)
    } else if source(ofLine: mark.line)?.dropFirst(mark.column - 1).first == "\t" {
      report("indent with spaces, not tabs", line: mark.line, column: mark.column)
    } else if let start = startWithoutQuotes(line: mark.line, column: mark.column) {
      report(
        "this is not YAML: text that starts with \(start.character) needs quotes", line: mark.line,
        column: start.column)
    } else {
      report("this is not YAML: \(problem)", line: mark.line, column: mark.column)
    }
  }

  private mutating func reportTooDeep(line: Int, column: Int) {
    report("this is nested too deeply", line: line, column: column)
  }

  /// Cron expressions and patterns are what people most often write without the quotes that YAML wants. Its
  /// mark is on the `@`, but behind the `*`, which it takes for the start of an alias.
  private func startWithoutQuotes(line: Int, column: Int) -> (character: Character, column: Int)? {
    let before = source(ofLine: line)?.dropFirst(max(0, column - 2)) ?? ""
    if column >= 2, before.first == "*" { return ("*", column - 1) }
    let start = (column >= 2 ? before.dropFirst() : before).first
    return start.flatMap { "@`%".contains($0) ? ($0, column) : nil }
  }

  // MARK: Keys that are given twice

  /// The parser tells where a key is given first, of one mapping. So these first keys get another name, one
  /// after the other, until the text can be read; what then has the old name is the repetition.
  private mutating func reportRepeatedKeys(_ keys: [String], first: Mark) {
    var renamed = RenamedKeys(lines.map(String.init))
    var (keys, mark) = (keys, first)
    var repetitions: [RenamedKeys.Repetition] = []
    for _ in 0..<100 {
      renamed.renameKey(at: mark)
      do {
        let root = try Parser(yaml: renamed.text, encoding: .utf8).singleRoot()
        repetitions = root.flatMap { try? YAMLValue($0) }.map(renamed.repetitions(in:)) ?? []
        break
      } catch YamlError.duplicatedKeysInMapping(let others, let context) {
        (keys, mark) = (others, context.mark)
      } catch {
        break
      }
    }
    if repetitions.isEmpty {
      // Keys that are not plain words.
      let names = keys.map { "'\($0)'" }.joined(separator: ", ")
      report("\(names) is given twice", line: first.line, column: first.column, hint: "keep one of them")
    }
    for repetition in repetitions {
      report(
        "'\(repetition.key)' is given twice", line: repetition.line, column: repetition.column,
        hint: "keep one of them")
    }
  }
}

/// Lines in which some keys begin with a character that no key has.
private struct RenamedKeys {
  typealias Repetition = (key: String, line: Int, column: Int)

  private static let sign: Unicode.Scalar = "\u{F8FF}"
  private var lines: [String]
  /// The columns of signs by line, in the text as it is now.
  private var signs: [Int: [Int]] = [:]

  init(_ lines: [String]) { self.lines = lines }

  var text: String { lines.joined(separator: "\n") }

  mutating func renameKey(at mark: Mark) {
    guard lines.indices.contains(mark.line - 1) else { return }
    var scalars = Array(lines[mark.line - 1].unicodeScalars)
    var column = mark.column - 1
    guard scalars.indices.contains(column) else { return }
    if scalars[column] == "\"" || scalars[column] == "'" { column += 1 }
    scalars.insert(Self.sign, at: column)
    lines[mark.line - 1] = String(String.UnicodeScalarView(scalars))
    let columns = signs[mark.line] ?? []
    signs[mark.line] = columns.map { $0 > column ? $0 + 1 : $0 } + [column + 1]
  }

  /// In order of place, each key that has the name that another of its mapping had; where it stands in the text
  /// as it was.
  func repetitions(in value: YAMLValue) -> [Repetition] {
    var found: [Repetition] = []
    collect(value, into: &found)
    return found.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
  }

  private func collect(_ value: YAMLValue, into found: inout [Repetition]) {
    switch value.content {
    case .scalar: break
    case .sequence(let elements): for element in elements { collect(element, into: &found) }
    case .mapping(let pairs):
      // Of several equal keys the first has the most signs, and is no repetition itself.
      var known: Set<String> = []
      for (key, value) in pairs {
        let name = key.text.map { text in
          String(String.UnicodeScalarView(text.unicodeScalars.drop { $0 == Self.sign }))
        }
        if let name, !known.insert(name).inserted {
          let before = signs[key.line, default: []].count { $0 < key.column }
          found.append((name, key.line, key.column - before))
        }
        collect(value, into: &found)
      }
    }
  }
}
