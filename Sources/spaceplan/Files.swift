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

/// The bytes of a file that people write: no device, no pipe, and no larger than such files are.
func bytesWritten(in path: String) throws(FileTrouble) -> Data {
  var entry = stat()
  if stat(path, &entry) == 0 {
    let kind = entry.st_mode & S_IFMT
    guard kind == S_IFREG || kind == S_IFDIR else { throw FileTrouble("it is no ordinary file") }
    guard entry.st_size <= 20_000_000 else { throw FileTrouble("it is larger than 20 MB") }
  }
  return try bytes(of: path)
}

private func rest(of descriptor: Int32) throws(FileTrouble) -> Data {
  var data = Data()
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = try next(of: descriptor, into: &buffer)
    if count == 0 { return data }
    data.append(contentsOf: buffer[..<count])
  }
}

/// - Returns: how many bytes there were; 0 at the end.
private func next(of descriptor: Int32, into buffer: inout [UInt8]) throws(FileTrouble) -> Int {
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count >= 0 { return count }
    if errno != EINTR { throw FileTrouble.last }
  }
}

/// Reads a file of any size in pieces.
/// - Parameters:
///   - path: of the file; `-` is standard input.
///   - body: gets each piece, and how large the file is; nil where that is not known.
/// - Throws: an ``Ending`` that names the file, and what `body` throws.
func readPieces(of path: String, _ body: (ArraySlice<UInt8>, _ size: Int?) throws -> Void) throws {
  let isInput = path == "-"
  func failure(_ trouble: FileTrouble) -> Ending {
    Ending(Ending.Status.files, "\(isInput ? "standard input" : path) can't be read: \(trouble)")
  }
  guard isInput || !isFolder(path) else { throw failure(FileTrouble("it is a folder")) }
  let descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw failure(FileTrouble.last) }
  defer { if !isInput { close(descriptor) } }
  var entry = stat()
  let isOrdinary = fstat(descriptor, &entry) == 0 && entry.st_mode & S_IFMT == S_IFREG
  let size = isOrdinary ? Int(entry.st_size) : nil
  var buffer = [UInt8](repeating: 0, count: 1 << 18)
  while true {
    let count: Int
    do throws(FileTrouble) {
      count = try next(of: descriptor, into: &buffer)
    } catch {
      throw failure(error)
    }
    if count == 0 { return }
    try body(buffer[..<count], size)
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

func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileTrouble) {
  var rest = bytes[...]
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
