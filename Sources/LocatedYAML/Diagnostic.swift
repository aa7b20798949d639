/// Where something stands in a file that a person wrote.
public struct Place: Hashable, Sendable {
  public var file: String
  /// Both from 1; the column counts characters.
  public var line: Int
  public var column: Int
  /// The line itself; nil where there is none.
  public var source: String?

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

extension Diagnostic: CustomStringConvertible {
  /// As compilers write it: place, message, the line with a marker, the hint.
  public var description: String {
    var text = "\(file):\(line):\(column): \(severity.rawValue): \(message)"
    if let source {
      // Tabs stay tabs in the marker's line, so that the marker stands below its column.
      let indent = source.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
      text += "\n  \(source)\n  \(indent)^"
    }
    if let hint { text += "\n  hint: \(hint)" }
    return text
  }
}

extension Diagnostic: Comparable {
  /// By place.
  public static func < (left: Diagnostic, right: Diagnostic) -> Bool {
    (left.file, left.line, left.column, left.message) < (right.file, right.line, right.column, right.message)
  }
}
