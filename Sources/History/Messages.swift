import GRDB
public import Timelines

/// Something to be sent to a receiver.
public struct Message: Hashable, Sendable {
  /// The same on every attempt, so that the receiver can drop a second one.
  public var name: String
  /// Who gets it, as the rule files call it.
  public var receiver: String
  public var body: String

  public init(name: String, receiver: String, body: String) {
    self.name = name
    self.receiver = receiver
    self.body = body
  }
}

/// A message that nobody has taken yet.
public struct WaitingMessage: Hashable, Sendable, Identifiable {
  public let id: Int64
  public let message: Message
  public let createdAt: Instant
  /// How often it was sent in vain.
  public let attempts: Int
  /// Not before.
  public let nextAt: Instant
  /// What went wrong the last time.
  public let failure: String?
}

extension History {
  static func insert(_ message: Message, at now: Instant, in database: Database) throws {
    try database.execute(
      sql: "INSERT OR IGNORE INTO message (name, receiver, body, created_at, next_at) VALUES (?, ?, ?, ?, ?)",
      arguments: [
        message.name, message.receiver, message.body, now.secondsSince1970, now.secondsSince1970,
      ])
  }

  /// Messages that nobody has taken yet, in the order in which they were written.
  public func waitingMessages() throws -> [WaitingMessage] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM message WHERE ended_at IS NULL ORDER BY id").map { row in
        WaitingMessage(
          id: row["id"], message: Message(name: row["name"], receiver: row["receiver"], body: row["body"]),
          createdAt: Instant(secondsSince1970: row["created_at"]), attempts: row["attempts"],
          nextAt: Instant(secondsSince1970: row["next_at"]), failure: row["failure"])
      }
    }
  }

  /// A message was taken, or is given up where a failure is told.
  public func end(_ message: WaitingMessage, at now: Instant, failure: String? = nil) throws {
    try write { database in
      try database.execute(
        sql: "UPDATE message SET ended_at = ?, failure = ? WHERE id = ?",
        arguments: [now.secondsSince1970, failure, message.id])
    }
  }

  /// A message was sent in vain.
  public func postpone(
    _ message: WaitingMessage, attempts: Int, until next: Instant, failure: String
  ) throws {
    try write { database in
      try database.execute(
        sql: "UPDATE message SET attempts = ?, next_at = ?, failure = ? WHERE id = ?",
        arguments: [attempts, next.secondsSince1970, failure, message.id])
    }
  }
}
