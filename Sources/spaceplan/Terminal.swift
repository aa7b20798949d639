import Foundation
import Reports

/// Results go to standard output, everything else to standard error.
enum Terminal {
  /// Writes a result. A reader that went away (`| head`) ends the program quietly.
  static func show(_ text: String) {
    do {
      try write(Array(text.utf8), to: STDOUT_FILENO)
    } catch {
      if errno != EPIPE { tell("spaceplan: standard output can't be written: \(error)") }
      exit(Ending.Status.files)
    }
  }

  /// Says something besides the result; where nobody can hear it, that is no reason to stop.
  static func tell(_ text: String) {
    try? write(Array((text + "\n").utf8), to: STDERR_FILENO)
  }

  /// Asks whoever sits there.
  /// - Parameter option: what answers yes where nobody does.
  static func confirm(_ question: String, option: String) throws -> Bool {
    guard isatty(STDIN_FILENO) == 1 else {
      throw Ending(Ending.Status.usage, "nobody is there to ask, so nothing was done; \(option) answers yes")
    }
    try? write(Array("\(question) [y/N] ".utf8), to: STDERR_FILENO)
    return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
  }

  /// Colours only on a terminal whose user has not switched them off (no-color.org).
  static var style: Style {
    let environment = ProcessInfo.processInfo.environment
    let isWanted = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    return isWanted && isatty(STDOUT_FILENO) == 1 ? .terminal : .plain
  }

  /// How many columns the terminal has; nil where standard output is none.
  static var width: Int? {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
    return size.ws_col > 0 ? Int(size.ws_col) : nil
  }

  /// How a text looks: its style, and how wide it may be; nil for any width.
  typealias Look = (style: Style, width: Int?)

  /// How a text looks that is written to a file; `-` is standard output.
  static func look(of path: String) -> Look {
    isStandardOutput(path) ? (style, width) : (.plain, nil)
  }

  /// Says how far something has come, on a line of its own that the next call overwrites, if somebody sits
  /// before it.
  static func progress(_ text: String) {
    if isatty(STDERR_FILENO) == 1 { try? write(Array("\r\u{1B}[K\(text)".utf8), to: STDERR_FILENO) }
  }

  static func wipeProgress() { progress("") }

  /// Says what is going on if it takes longer than a second and somebody sits before it.
  static func withProgress<Value: Sendable>(
    _ what: String, quiet: Bool, _ body: () async throws -> Value
  ) async throws -> Value {
    guard isatty(STDERR_FILENO) == 1, !quiet else { return try await body() }
    let teller = Task {
      try await Task.sleep(for: .seconds(1))
      tell("\(what) …")
    }
    defer { teller.cancel() }
    return try await body()
  }
}
