import Foundation
import GRDB

/// What spaceplan remembers, in one SQLite file: observations and visits, actions and applied settings, holds and what
/// was given up for budgets, closed months, prices seen, messages to send and what was told.
///
/// Every function is one transaction: all of it happens, or nothing. Several processes may use the file at a
/// time; one waits up to half a minute for another's transaction.
public final class History: Sendable {
  public enum Access: Sendable {
    /// Opens the file, or makes it.
    case createIfMissing
    /// Opens the file; its absence is an error. Nothing is written but a migration.
    case existing
  }

  /// For messages.
  public let path: String
  private let queue: DatabaseQueue

  /// - Throws: ``HistoryError`` where the file can't be opened or is of a newer version.
  public init(path: String, access: Access = .createIfMissing) throws {
    self.path = path
    if access == .existing, !FileManager.default.fileExists(atPath: path) {
      throw HistoryError.missing(path: path)
    }
    do {
      queue = try Self.open(path, attempts: 3)
    } catch {
      throw HistoryError(error, path: path)
    }
  }

  /// While another process makes the file, SQLite may say that it can't read it: it is opened anew then.
  private static func open(_ path: String, attempts: Int) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      guard try queue.read(isOurs) else { throw HistoryError.foreign(path: path) }
      try makeMigrator().migrateBesideOthers(queue, path: path)
      return queue
    } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR && attempts > 1 {
      return try open(path, attempts: attempts - 1)
    }
  }

  /// A history in memory: for tests, and where there is no database yet and none is to be made.
  public init() throws {
    path = ":memory:"
    queue = try DatabaseQueue()
    try makeMigrator().migrate(queue)
  }

  private init(path: String, queue: DatabaseQueue) {
    self.path = path
    self.queue = queue
  }

  /// A private copy, in a temporary file of SQLite's own: what is written into it is gone with it.
  public func copy() throws -> History {
    do {
      let copy = try DatabaseQueue(path: "")
      try queue.backup(to: copy)
      return History(path: path, queue: copy)
    } catch {
      throw HistoryError(error, path: path)
    }
  }

  /// All that is read belongs together, whatever others write meanwhile.
  ///
  /// GRDB's own way to read forbids writing by a pragma before and after, at which SQLite forgets how to answer each
  /// question.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try transaction(.deferred) { database in
      let changes = database.totalChangesCount
      let value = try body(database)
      assert(database.totalChangesCount == changes, "what only reads has written")
      return value
    }
  }

  /// Reads from a copy for as long as it takes: whoever is slow to take what is read keeps nobody from writing.
  func readCopy(_ body: (Database) throws -> Void) throws { try copy().read(body) }

  /// Takes the write lock at once, so that two processes never both read before either writes.
  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try transaction(.immediate, body)
  }

  private func transaction<Value>(
    _ kind: Database.TransactionKind, _ body: (Database) throws -> Value
  ) throws -> Value {
    do {
      return try queue.writeWithoutTransaction { database in
        var value: Value?
        try database.inTransaction(kind) {
          value = try body(database)
          return .commit
        }
        guard let value else {
          throw HistoryError.unusable(path: path, reason: "a transaction had no result")
        }
        return value
      }
    } catch let error as DatabaseError {
      throw HistoryError(error, path: path)
    }
  }
}

/// The database can't be read or written; the program ends with status 74.
public enum HistoryError: Error, Hashable, Sendable {
  case missing(path: String)
  case newerVersion(path: String)
  /// Another program's database.
  case foreign(path: String)
  case readOnly(path: String)
  /// It is there.
  case unopenable(path: String)
  case full(path: String)
  case busy(path: String)
  case notADatabase(path: String)
  case noLock(path: String, reason: String)
  case unusable(path: String, reason: String)

  init(_ error: any Error, path: String) {
    if let known = error as? HistoryError {
      self = known
      return
    }
    switch (error as? DatabaseError)?.resultCode {
    case .SQLITE_READONLY: self = .readOnly(path: path)
    case .SQLITE_CANTOPEN where FileManager.default.fileExists(atPath: path): self = .unopenable(path: path)
    case .SQLITE_FULL: self = .full(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .notADatabase(path: path)
    default:
      let reason = (error as? DatabaseError).map {
        "\($0.message ?? "it gives no reason") (SQLite's code \($0.extendedResultCode.rawValue))"
      }
      self = .unusable(path: path, reason: reason ?? "\(error)")
    }
  }
}

extension HistoryError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let path):
      "there is no database \(path) yet; `spaceplan observe` makes it, or name another with --database"
    case .newerVersion(let path):
      "the database \(path) was written by a newer version of spaceplan; update spaceplan to use it"
    case .foreign(let path):
      "\(path) belongs to another program; name another file with --database"
    case .readOnly(let path):
      "the database \(path) can't be written; check the rights of the file and its folder"
    case .unopenable(let path):
      "\(path) is there but can't be opened; check that you may read and write it"
    case .full(let path):
      "the disk is full, so nothing was written to \(path); make room and run again"
    case .busy(let path):
      "another program has kept the database \(path) locked for half a minute; try again when it is done"
    case .notADatabase(let path):
      "\(path) is not a database of spaceplan, or is damaged; name another with --database or restore a copy"
    case .noLock(let path, let reason):
      "the lock file \(path), which stands beside the database, can't be opened: \(reason)"
    case .unusable(let path, let reason):
      "the database \(path) can't be used: \(reason); check that its folder exists and may be written"
    }
  }
}
