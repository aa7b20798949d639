import Foundation

/// One planner acts on a database at a time.
///
/// The operating system drops the lock when its process ends, however it ends, so a killed run never leaves
/// one behind; the file beside the database only tells who has it.
public final class PlannerLock: Sendable {
  private let descriptor: Int32

  /// - Parameters:
  ///   - path: of the database.
  ///   - holder: who asks, for whoever comes second, such as `process 4711 on host since 2026-11-02T10:00:00Z`.
  /// - Throws: ``Held`` where another process has it.
  public init(database path: String, holder: String) throws {
    let lockPath = path + ".lock"
    descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw errno == ENOSPC
        ? HistoryError.full(path: lockPath)
        : HistoryError.noLock(path: lockPath, reason: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let held = Held(database: path, holder: Self.content(of: descriptor))
      close(descriptor)
      throw held
    }
    _ = ftruncate(descriptor, 0)
    _ = holder.withCString { pwrite(descriptor, $0, strlen($0), 0) }
  }

  deinit {
    close(descriptor)
  }

  /// Lets others have it, before it goes by itself.
  public func release() { _ = flock(descriptor, LOCK_UN) }

  private static func content(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 500)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : "another process"
  }

  /// Another run acts on the database; the program ends with status 75.
  public struct Held: Error, Hashable, Sendable, CustomStringConvertible {
    public let database: String
    public let holder: String

    public var description: String {
      "another run works on \(database): \(holder); this one did nothing. Wait for it, or end that process"
    }
  }
}
