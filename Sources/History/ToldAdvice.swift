import GRDB
public import Timelines

extension History {
  /// When the earliest look at any Space was; nil where nobody has looked.
  public func firstLook() throws -> Instant? {
    try read { try Int64.fetchOne($0, sql: "SELECT min(first_at) FROM interval") }.map(Instant.init)
  }

  /// Whether a month's advice was told already, or somebody is about to.
  ///
  /// - Parameter month: its first instant.
  public func isAdviceTold(of month: Instant) throws -> Bool {
    try read {
      try Bool.fetchOne(
        $0, sql: "SELECT EXISTS (SELECT 1 FROM told_advice WHERE month_at = ?)",
        arguments: [month.secondsSince1970]) ?? false
    }
  }

  /// Takes it on to tell a month's advice: of several processes one does.
  ///
  /// - Returns: whether nobody else has.
  public func claimAdvice(of month: Instant, at instant: Instant) throws -> Bool {
    try write { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO told_advice (month_at, at) VALUES (?, ?)",
        arguments: [month.secondsSince1970, instant.secondsSince1970])
      return database.changesCount > 0
    }
  }
}
