/// Where something stands in a file that a person wrote.
public struct Place: Hashable, Sendable {
  public var file: String
  /// Both from 1; the column counts characters.
  public var line: Int
  public var column: Int
  /// The line itself; nil where there is none.
  public var source: String?

  /// Of what no file says.
  public static let inNoFile = Place(file: "", line: 1, column: 1)

  public init(file: String, line: Int, column: Int, source: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.source = source
  }
}

/// A mistake in a file that a person wrote: where it is, what is wrong, and what was probably meant.
public struct Diagnostic: Error, Hashable, Sendable {
  /// An error keeps the file from being used, a warning tells what is probably not meant, and a note what
  /// is meant but easily overlooked.
  public enum Severity: String, Sendable, Codable { case error, warning, note }

  public var severity: Severity
  public var file: String
  /// Both from 1; the column counts characters.
  public var line: Int
  public var column: Int
  public var message: String
  public var hint: String?
  /// The line itself, to show with a marker below it; nil where there is none.
  public var source: String?

  public init(
    _ severity: Severity = .error, file: String, line: Int = 1, column: Int = 1, message: String,
    hint: String? = nil, source: String? = nil
  ) {
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.hint = hint
    self.source = source
  }

  public init(_ severity: Severity = .error, at place: Place, message: String, hint: String? = nil) {
    self.init(
      severity, file: place.file, line: place.line, column: place.column, message: message, hint: hint,
      source: place.source)
  }
}

extension Diagnostic {
  /// Without its place, for people who look at no file.
  public var sentence: String { message + (hint.map { "; \($0)" } ?? "") }
}

extension Diagnostic: CustomStringConvertible {
  /// As compilers write it: place, message, the line with a marker, the hint. All of it is fit for a terminal,
  /// whatever stands in the file: without characters that steer one, and cut where it is long.
  public var description: String {
    var text = "\(Self.shown(file)):\(line):\(column): \(severity.rawValue): \(Self.shown(message))"
    if let (line, indent) = shownSource { text += "\n  \(line)\n  \(indent)^" }
    if let hint { text += "\n  hint: \(Self.shown(hint))" }
    return text
  }

  /// At most 100 characters of the line, those around the mark, and what indents the mark below them; nil
  /// where the line has nothing to show.
  private var shownSource: (line: String, indent: String)? {
    guard let source, !source.allSatisfy(\.isWhitespace) else { return nil }
    let characters = source.map(Self.printable)
    let mark = min(column - 1, characters.count)
    let width = 100
    let start = max(0, min(mark - width / 2, characters.count - width))
    let end = min(start + width, characters.count)
    let line = (start > 0 ? "…" : "") + String(characters[start..<end]) + (end < characters.count ? "…" : "")
    return (line, String(repeating: " ", count: mark - start + (start > 0 ? 1 : 0)))
  }

  /// Other people's words on one line, without the middle of what is too long for a few.
  private static func shown(_ text: String) -> String {
    let text = String(text.map(printable))
    return text.count <= 400 ? text : "\(text.prefix(280)) … \(text.suffix(100))"
  }

  /// A space for what steers a terminal or changes the direction of text.
  private static func printable(_ character: Character) -> Character {
    let steers = character.unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: true
      default: scalar.properties.isBidiControl
      }
    }
    return steers ? " " : character
  }
}

extension Diagnostic: Comparable {
  /// By place.
  public static func < (left: Diagnostic, right: Diagnostic) -> Bool {
    (left.file, left.line, left.column, left.message) < (right.file, right.line, right.column, right.message)
  }
}
