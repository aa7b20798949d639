import Foundation
import Reports

/// Results go to standard output, everything else to standard error.
enum Terminal {
  /// Writes a result. A reader that went away (`| head`) ends the program quietly.
  static func show(_ text: String) {
    write(text, to: .standardOutput)
  }

  /// Says something besides the result.
  static func tell(_ text: String) {
    write(text + "\n", to: .standardError)
  }

  private static func write(_ text: String, to handle: FileHandle) {
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      exit(Ending.Status.files)
    }
  }

  /// Colours only on a terminal whose user has not switched them off (no-color.org).
  static var style: Style {
    let environment = ProcessInfo.processInfo.environment
    let isWanted = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    return isWanted && isatty(STDOUT_FILENO) == 1 ? .terminal : .plain
  }

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
