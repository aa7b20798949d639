/// What keeps a calendar from being read, or is probably not meant in it.
public struct CalendarProblem: Error, Hashable, Sendable {
  /// The line of the file on which the property or component begins, from 1.
  public let line: Int
  /// That line as it stands in the file.
  public let source: String
  public let message: String
  /// What to do about it.
  public let hint: String?
}

extension CalendarProblem: CustomStringConvertible {
  public var description: String { "line \(line): \(message)" + (hint.map { "; \($0)" } ?? "") }
}

/// Why a file is not read as a calendar.
public struct InvalidCalendar: Error, Hashable, Sendable, CustomStringConvertible {
  /// In the order of their lines; one or more, and no more than the first hundred.
  public let problems: [CalendarProblem]

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// What is wrong with a value, before it is known where the value stands.
struct InvalidValue: Error {
  let message: String
  let hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

/// What was noticed so far.
struct Findings {
  private(set) var problems: [CalendarProblem] = []
  private(set) var warnings: [CalendarProblem] = []

  /// Whether to stop, as nobody reads on.
  var isFull: Bool { problems.count >= 100 }

  mutating func refuse(_ line: UnfoldedLine, _ message: String, hint: String? = nil) {
    guard !isFull else { return }
    problems.append(CalendarProblem(line: line.number, source: line.source, message: message, hint: hint))
  }

  mutating func refuse(_ line: UnfoldedLine, _ value: InvalidValue) {
    refuse(line, value.message, hint: value.hint)
  }

  mutating func warn(_ line: UnfoldedLine, _ message: String, hint: String? = nil) {
    guard warnings.count < 100 else { return }
    warnings.append(CalendarProblem(line: line.number, source: line.source, message: message, hint: hint))
  }
}
