import ICalendar
import LocatedYAML

/// The calendar files that rule files name; each is read once.
struct Calendars {
  /// Why a calendar could not be read, for people.
  struct Failure: Error, CustomStringConvertible {
    let description: String
    /// The calendar's own mistakes say all there is to say.
    var isTold = false
  }

  /// The bytes of a calendar: from its path as a rule file has it, and that rule file's name.
  private let bytes: (_ path: String, _ file: String) throws -> [UInt8]
  private var known: [String: Result<CalendarFile, Failure>] = [:]
  /// What is wrong or odd in the calendars themselves.
  private(set) var diagnostics: [Diagnostic] = []

  init(_ bytes: @escaping (_ path: String, _ file: String) throws -> [UInt8]) {
    self.bytes = bytes
  }

  mutating func read(_ path: String, beside file: String) -> Result<CalendarFile, Failure> {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
      separator: "/")
    let name = path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
    if let known = known[name] { return known }
    let result = load(path, file, name)
    known[name] = result
    return result
  }

  private mutating func load(_ path: String, _ file: String, _ name: String) -> Result<CalendarFile, Failure>
  {
    let bytes: [UInt8]
    do {
      bytes = try self.bytes(path, file)
    } catch {
      return .failure(Failure(description: "\(error)"))
    }
    do throws(InvalidCalendar) {
      let calendar = try CalendarFile(bytes)
      diagnostics += calendar.warnings.map { Diagnostic(.warning, $0, in: name) }
      return .success(calendar)
    } catch {
      let isCalendar = bytes.prefix(100).split(separator: UInt8(ascii: "\n")).contains {
        $0.starts(with: "BEGIN:VCALENDAR".utf8)
      }
      diagnostics += error.problems.map { problem in
        var diagnostic = Diagnostic(.error, problem, in: name)
        // What is no calendar may hold anything, and is not shown.
        if !isCalendar { diagnostic.source = nil }
        return diagnostic
      }
      return .failure(Failure(description: "see the mistakes in \(name)", isTold: true))
    }
  }
}

extension Diagnostic {
  fileprivate init(_ severity: Severity, _ problem: CalendarProblem, in file: String) {
    self.init(
      severity, file: file, line: problem.line, message: problem.message, hint: problem.hint,
      source: problem.source)
  }
}
