import ArgumentParser
import Foundation
import History

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write out what is recorded.", subcommands: [ExportHistory.self])
}

struct ExportHistory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Export observations and actions as CSV.",
    discussion: """
      For example:  spaceplan export history --observations looks.csv --actions actions.csv

      What is written can be imported again, and then comes out the same.
      """)

  @Option(help: ArgumentHelp("Write what was seen here; - is standard output.", valueName: "file"))
  var observations: String?

  @Option(help: ArgumentHelp("Write what spaceplan did here; - is standard output.", valueName: "file"))
  var actions: String?

  @OptionGroup var database: DatabaseOption

  func validate() throws {
    if observations == nil, actions == nil {
      throw ValidationError("Give --observations FILE, --actions FILE or both.")
    }
  }

  func run() throws {
    let history = try database.open(.existing)
    if let observations { try write(history.exportObservations, to: observations) }
    if let actions { try write(history.exportActions, to: actions) }
  }

  private func write(_ export: ((String) throws -> Void) throws -> Void, to path: String) throws {
    guard path != "-" else { return try export(Terminal.show) }
    let file = try GrowingFile(path)
    do {
      try export(file.append)
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
  }
}

/// A file that is written as its text comes, beside its place, and put there when it is whole. What is no
/// file, such as a pipe or `/dev/stdout`, must not be replaced, and takes the text at once.
private final class GrowingFile {
  private let path: String
  private let partPath: String?
  private let descriptor: Int32
  private var waiting: [UInt8] = []

  init(_ path: String) throws {
    self.path = path
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      partPath = nil
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let partPath = "\(path).\(getpid()).part"
      self.partPath = partPath
      descriptor = open(partPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  func append(_ text: String) throws {
    waiting += text.utf8
    if waiting.count >= 65_536 { try flush() }
  }

  func finish() throws {
    try flush()
    guard let partPath else { return }
    guard fsync(descriptor) == 0, rename(partPath, path) == 0 else { throw Self.failure(path) }
  }

  /// Leaves nothing behind of what could not be finished.
  func discard() {
    if let partPath { unlink(partPath) }
  }

  deinit { close(descriptor) }

  private func flush() throws {
    var rest = waiting[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      guard count >= 0 else { throw Self.failure(path) }
      rest = rest.dropFirst(count)
    }
    waiting.removeAll(keepingCapacity: true)
  }

  private static func failure(_ path: String) -> Ending {
    Ending(Ending.Status.files, "\(path) can't be written: \(String(cString: strerror(errno)))")
  }
}
