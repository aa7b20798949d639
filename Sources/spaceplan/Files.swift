import Foundation

/// What the system says of a failed file operation.
struct FileTrouble: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// Of the call that has just failed.
  static var last: FileTrouble { FileTrouble(String(cString: strerror(errno))) }
}

func isFolder(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
}

/// The bytes of a file.
func bytes(of path: String) throws(FileTrouble) -> Data {
  guard !isFolder(path) else { throw FileTrouble("it is a folder") }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileTrouble.last }
  defer { close(descriptor) }
  return try rest(of: descriptor)
}

private func rest(of descriptor: Int32) throws(FileTrouble) -> Data {
  var data = Data()
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count == 0 { return data }
    if count > 0 {
      data.append(contentsOf: buffer[..<count])
    } else if errno != EINTR {
      throw FileTrouble.last
    }
  }
}

/// - Parameter path: of the file; `-` is standard input.
/// - Throws: an ``Ending`` that names the file.
func readFile(_ path: String) throws -> Data {
  do throws(FileTrouble) {
    return path == "-" ? try rest(of: STDIN_FILENO) : try bytes(of: path)
  } catch {
    throw Ending(Ending.Status.files, "\(path == "-" ? "standard input" : path) can't be read: \(error)")
  }
}

/// Writes a file whole or not at all; what is no regular file, such as a device or a pipe, is written through.
///
/// - Parameter path: of the file; `-` is standard output.
/// - Throws: an ``Ending`` that names the file.
func writeFile(_ text: String, to path: String) throws {
  guard path != "-", path != "/dev/stdout" else { return Terminal.show(text) }
  do throws(FileTrouble) {
    guard !isFolder(path) else { throw FileTrouble("it is a folder; name a file in it") }
    if let target = replaceable(path) { try replace(target, with: text) } else { try fill(path, with: text) }
  } catch {
    throw Ending(Ending.Status.files, "\(path) can't be written: \(error)")
  }
}

/// The regular or missing file that a path means, with its links followed; nil for anything else.
private func replaceable(_ path: String) -> String? {
  var entry = stat()
  guard stat(path, &entry) == 0 else {
    // A link to what is not there yet is written through, which makes it.
    return lstat(path, &entry) == 0 ? nil : path
  }
  guard entry.st_mode & S_IFMT == S_IFREG, let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// A reader sees the old file or the new one, never half of it, also where the disk is full.
private func replace(_ path: String, with text: String) throws(FileTrouble) {
  var entry = stat()
  let mode = stat(path, &entry) == 0 ? entry.st_mode & 0o7777 : 0o666
  let draft = "\(path).\(getpid()).new"
  let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
  guard descriptor >= 0 else { throw FileTrouble.last }
  do throws(FileTrouble) {
    defer { close(descriptor) }
    try write(text, to: descriptor)
    guard fsync(descriptor) == 0 else { throw FileTrouble.last }
  } catch {
    unlink(draft)
    throw error
  }
  guard rename(draft, path) == 0 else {
    let trouble = FileTrouble.last
    unlink(draft)
    throw trouble
  }
}

private func fill(_ path: String, with text: String) throws(FileTrouble) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw FileTrouble.last }
  defer { close(descriptor) }
  try write(text, to: descriptor)
}

func write(_ text: String, to descriptor: Int32) throws(FileTrouble) {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno == EAGAIN {
      var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&wait, 1, -1)
    } else if errno != EINTR {
      throw FileTrouble.last
    }
  }
}

/// - Throws: an ``Ending`` that names the folder.
func makeFolder(_ path: String) throws {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw Ending(Ending.Status.files, "the folder \(path) can't be made: \(reason(error))")
  }
}

/// The names in a folder, sorted.
func names(in folder: String) throws(FileTrouble) -> [String] {
  do {
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  } catch {
    throw FileTrouble(reason(error))
  }
}

/// Foundation wraps what the system said.
private func reason(_ error: any Error) -> String {
  let cocoa = error as NSError
  if let posix = error as? POSIXError ?? cocoa.userInfo[NSUnderlyingErrorKey] as? POSIXError {
    return String(cString: strerror(posix.code.rawValue))
  }
  switch cocoa.code {
  case CocoaError.fileReadNoSuchFile.rawValue, CocoaError.fileNoSuchFile.rawValue:
    return "there is no such file or folder"
  case CocoaError.fileReadNoPermission.rawValue, CocoaError.fileWriteNoPermission.rawValue:
    return "permission denied"
  case CocoaError.fileWriteOutOfSpace.rawValue: return "the disk is full"
  case CocoaError.fileWriteVolumeReadOnly.rawValue: return "the file system is read-only"
  case CocoaError.fileWriteFileExists.rawValue: return "there is a file of that name"
  default: return cocoa.localizedDescription
  }
}
