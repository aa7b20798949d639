import Foundation

/// A file that is written as its text comes, beside its place, and put there when it is whole: a reader sees
/// the old file or the new one, never half of it. What is no regular file, such as a device or a pipe, is
/// written through.
final class OutputFile {
  private let path: String
  /// What is put in place at the end; nil where the text goes straight through.
  private let draft: (path: String, target: String)?
  private let descriptor: Int32
  private var waiting: [UInt8] = []

  /// - Throws: an ``Ending`` that names the file, as do all others.
  init(_ path: String) throws {
    self.path = path
    guard !isFolder(path) else {
      throw Ending(Ending.Status.files, "\(path) can't be written: it is a folder; name a file in it")
    }
    if let target = Self.replaceable(path) {
      let draft = "\(target).\(getpid()).part"
      var entry = stat()
      let mode = stat(target, &entry) == 0 ? entry.st_mode & 0o7777 : 0o666
      self.draft = (draft, target)
      descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    } else {
      draft = nil
      descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit { close(descriptor) }

  func append(_ text: String) throws {
    waiting += text.utf8
    if waiting.count >= 65_536 { try flush() }
  }

  func finish() throws {
    try flush()
    guard let draft else { return }
    guard fsync(descriptor) == 0, rename(draft.path, draft.target) == 0 else { throw Self.failure(path) }
  }

  /// Leaves nothing behind of what could not be finished.
  func discard() {
    if let draft { unlink(draft.path) }
  }

  private func flush() throws {
    do {
      try write(waiting, to: descriptor)
    } catch {
      throw Self.failure(path)
    }
    waiting = []
  }

  /// The regular or missing file that a path means, with its links followed; nil for anything else.
  private static func replaceable(_ path: String) -> String? {
    var entry = stat()
    guard stat(path, &entry) == 0 else {
      // A link to what is not there yet is written through, which makes it.
      return lstat(path, &entry) == 0 ? nil : path
    }
    guard entry.st_mode & S_IFMT == S_IFREG, let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func failure(_ path: String) -> Ending {
    Ending(Ending.Status.files, "\(path) can't be written: \(FileTrouble.last)")
  }
}

func isStandardOutput(_ path: String) -> Bool { path == "-" || path == "/dev/stdout" }

/// Writes a file whole or not at all, through an ``OutputFile``.
/// - Parameter path: of the file; `-` is standard output.
func writeFile(_ text: String, to path: String) throws {
  try writeFile(to: path) { try $0(text) }
}

/// Writes a file whose text comes in pieces.
/// - Parameter path: of the file; `-` is standard output.
func writeFile(to path: String, _ body: ((String) throws -> Void) throws -> Void) throws {
  guard !isStandardOutput(path) else { return try body(Terminal.show) }
  let file = try OutputFile(path)
  do {
    try body(file.append)
    try file.finish()
  } catch {
    file.discard()
    throw error
  }
}
