import GRDB
public import Timelines

/// A month as it was handed out first after it was over: it must come out the same ever after.
public struct ClosedMonth: Hashable, Sendable {
  /// What it was written as, such as `focus-1.2`.
  public var format: String
  /// The month's start in UTC.
  public var start: Instant
  public var closedAt: Instant
  /// As it was written.
  public var text: String

  public init(format: String, start: Instant, closedAt: Instant, text: String) {
    self.format = format
    self.start = start
    self.closedAt = closedAt
    self.text = text
  }
}

extension History {
  /// Those that start in a range, in order.
  public func closedMonths(_ format: String, startingIn range: Range<Instant>) throws -> [ClosedMonth] {
    try read { try Self.closedMonths(format, startingIn: range, in: $0) }
  }

  /// Keeps a month as it is. One that is closed already stays as it was, also where another process has closed it
  /// meanwhile.
  ///
  /// - Parameter again: replaces what was kept, which stays in the journal of closings.
  /// - Returns: what is kept now.
  public func close(_ month: ClosedMonth, again: Bool = false) throws -> ClosedMonth {
    try write { database in
      let before = try Self.closedMonths(
        month.format, startingIn: month.start..<month.start + 1, in: database)
      if let before = before.first, !again { return before }
      try database.execute(
        sql: "INSERT INTO closing (format, start_at, at, event, text_before) VALUES (?, ?, ?, ?, ?)",
        arguments: [
          month.format, month.start.secondsSince1970, month.closedAt.secondsSince1970,
          before.isEmpty ? "closed" : "reopened", before.first?.text,
        ])
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO closed_month (format, start_at, closed_at, text)
          VALUES (?, ?, ?, ?)
          """,
        arguments: [
          month.format, month.start.secondsSince1970, month.closedAt.secondsSince1970, month.text,
        ])
      return month
    }
  }

  /// When a month was closed, and closed anew, in order.
  public func closings(of format: String, start: Instant) throws -> [Instant] {
    try read { database in
      try Int64.fetchAll(
        database, sql: "SELECT at FROM closing WHERE format = ? AND start_at = ? ORDER BY id",
        arguments: [format, start.secondsSince1970])
    }.map(Instant.init(secondsSince1970:))
  }

  private static func closedMonths(
    _ format: String, startingIn range: Range<Instant>, in database: Database
  ) throws -> [ClosedMonth] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT format, start_at, closed_at, text FROM closed_month
        WHERE format = ? AND start_at >= ? AND start_at < ? ORDER BY start_at
        """, arguments: [format, range.lowerBound.secondsSince1970, range.upperBound.secondsSince1970]
    ).map { row in
      ClosedMonth(
        format: row[0], start: Instant(secondsSince1970: row[1]), closedAt: Instant(secondsSince1970: row[2]),
        text: row[3])
    }
  }
}
