import GRDB
public import Spaces
public import Timelines

/// An action in the journal.
public struct JournalEntry: Hashable, Sendable, Identifiable {
  public let id: Int64
  public var action: SpaceAction
}

extension History {
  /// Opens a run in the journal and returns its number.
  public func beginRun(at start: Instant) throws -> Int64 {
    try write { database in
      try database.execute(
        sql: "INSERT INTO run (started_at) VALUES (?)", arguments: [start.secondsSince1970])
      return database.lastInsertedRowID
    }
  }

  /// Marks a run as gone through to its end.
  public func endRun(_ run: Int64, at end: Instant) throws {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET ended_at = ? WHERE id = ?", arguments: [end.secondsSince1970, run])
    }
  }

  /// When the last run began that went through to its end; nil for never.
  public func lastRun() throws -> Instant? {
    try read { try Int64.fetchOne($0, sql: "SELECT max(started_at) FROM run WHERE ended_at IS NOT NULL") }
      .map(Instant.init)
  }

  /// When the latest runs before an instant began that went through to their end, in order of time.
  ///
  /// - Parameter count: how many at most.
  public func lastRuns(_ count: Int, before instant: Instant = .distantFuture) throws -> [Instant] {
    try read {
      try Int64.fetchAll(
        $0,
        sql: """
          SELECT started_at FROM run WHERE ended_at IS NOT NULL AND started_at < ?
          ORDER BY id DESC LIMIT ?
          """, arguments: [instant.secondsSince1970, count])
    }.reversed().map(Instant.init)
  }

  /// A condition on actions: see ``SpaceAction/mayHaveHappened``.
  private static let mayHaveHappened =
    "outcome IN ("
    + SpaceAction.Outcome.allCases.filter(\.mayHaveHappened).map { "'\($0.rawValue)'" }.joined(
      separator: ", ")
    + ")"

  /// The latest run that changed something, or may have; nil for none.
  public func lastRunWithChanges() throws -> Int64? {
    try read {
      try Int64.fetchOne($0, sql: "SELECT max(run_id) FROM action WHERE \(Self.mayHaveHappened)")
    }
  }

  /// When a run began; nil for one that there never was.
  public func start(ofRun run: Int64) throws -> Instant? {
    try read { try Int64.fetchOne($0, sql: "SELECT started_at FROM run WHERE id = ?", arguments: [run]) }
      .map(Instant.init)
  }

  /// Writes down what is about to be asked, before it is sent; their outcome is open.
  public func intend(_ actions: [SpaceAction], run: Int64) throws -> [Int64] {
    try write { database in try actions.map { try Self.insert($0, run: run, in: database) } }
  }

  static func insert(_ action: SpaceAction, run: Int64?, in database: Database) throws
    -> Int64
  {
    try database.cachedStatement(
      sql: """
        INSERT INTO action (run_id, space_id, at, kind, from_value, to_value, outcome, cause, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      run, try rowID(of: action.space, in: database), action.at.secondsSince1970, action.kind.rawValue,
      action.from, action.to, action.outcome?.rawValue, action.cause?.rawValue, action.reason,
    ])
    return database.lastInsertedRowID
  }

  /// Writes down what became of actions, and in the same transaction what is applied by them: a change of
  /// ours that is not known as applied would look like one by hand.
  ///
  /// - Parameters:
  ///   - sentAt: the second at which the attempt that took effect was sent; nil keeps that of the intent.
  ///   - note: what the Hub said, added to the reason.
  ///   - refusedAnyway: whether the Hub would have refused anything else, too.
  public func settle(
    _ ids: [Int64], as outcome: SpaceAction.Outcome, sentAt: Instant? = nil, note: String? = nil,
    refusedAnyway: Bool = false, remembering applied: [AppliedSetting] = []
  ) throws {
    try write { database in
      for id in ids {
        try database.execute(
          sql: """
            UPDATE action SET outcome = ?, at = coalesce(?, at), reason = reason || ?, refused_anyway = ? WHERE id = ?
            """,
          arguments: [
            outcome.rawValue, sentAt?.secondsSince1970, note.map { "; \($0)" } ?? "", refusedAnyway, id,
          ])
      }
      try Self.remember(applied, in: database)
    }
  }

  /// Actions whose outcome is open: under way, or cut off by a crash.
  public func openActions() throws -> [JournalEntry] {
    try entries(where: "outcome IS NULL", arguments: [])
  }

  /// All actions on a Space, in order of time.
  public func actions(on space: SpaceID) throws -> [JournalEntry] {
    guard let id = try read({ try Self.existingRowID(of: space, in: $0) }) else { return [] }
    return try entries(where: "space_id = ?", arguments: [id])
  }

  /// What a run asked for, in order of time.
  public func actions(ofRun run: Int64) throws -> [JournalEntry] {
    try entries(where: "run_id = ?", arguments: [run])
  }

  /// The Spaces that a run has changed for some cause, or may have: by name.
  public func changed(for causes: [SpaceAction.Cause]) throws -> Set<SpaceID> {
    let list = causes.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return try read { database in
      try String.fetchSet(
        database,
        sql: """
          SELECT name FROM space WHERE EXISTS (SELECT 1 FROM action
            WHERE space_id = space.id AND cause IN (\(list)) AND \(Self.mayHaveHappened))
          """)
    }.reduce(into: []) { $0.insert(try SpaceID($1)) }
  }

  /// All actions in a range, in order of time.
  public func actions(in range: Range<Instant>) throws -> [JournalEntry] {
    try entries(
      where: "at >= ? AND at < ?",
      arguments: [range.lowerBound.secondsSince1970, range.upperBound.secondsSince1970])
  }

  private func entries(where condition: String, arguments: StatementArguments) throws -> [JournalEntry] {
    try read { database in
      try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT action.*, space.name AS space, started_at FROM action
              JOIN space ON space.id = space_id LEFT JOIN run ON run.id = run_id
            WHERE \(condition) ORDER BY at, space.name, action.id
            """), arguments: arguments
      ).map { row in
        guard let kind = SpaceAction.Kind(rawValue: row["kind"]) else {
          throw HistoryError.notADatabase(path: path)
        }
        let (outcome, cause): (String?, String?) = (row["outcome"], row["cause"])
        return JournalEntry(
          id: row["id"],
          action: SpaceAction(
            space: try SpaceID(row["space"]), at: Instant(secondsSince1970: row["at"]),
            decidedAt: (row["started_at"] as Int64?).map(Instant.init), kind: kind, from: row["from_value"],
            to: row["to_value"],
            outcome: outcome.flatMap(SpaceAction.Outcome.init), reason: row["reason"],
            cause: cause.flatMap(SpaceAction.Cause.init), wasRefusedAnyway: row["refused_anyway"]))
      }
    }
  }
}
