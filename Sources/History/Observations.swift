import Foundation
import GRDB
public import JSON
public import Spaces
public import Timelines

/// One look at one Space, to be recorded.
public struct Look: Hashable, Sendable {
  public var space: SpaceID
  public var at: Instant
  public var state: SpaceState
  /// The Hub's whole answer; nil where there was none. Of equal looks the first one's is kept.
  public var raw: JSONValue?

  public init(space: SpaceID, at: Instant, state: SpaceState, raw: JSONValue? = nil) {
    self.space = space
    self.at = at
    self.state = state
    self.raw = raw
  }
}

/// A Space as the history knows it.
public struct KnownSpace: Hashable, Sendable {
  public var name: SpaceID
  /// The latest first, without those that another Space has now.
  public var formerNames: [SpaceID]
  /// At the last look.
  public var state: SpaceState?

  public init(name: SpaceID, formerNames: [SpaceID] = [], state: SpaceState?) {
    (self.name, self.formerNames, self.state) = (name, formerNames, state)
  }

  /// The present name first.
  public var names: [SpaceID] { [name] + formerNames }
}

extension History {
  /// The most looks in one row, so that adding one stays cheap however long a Space stays the same.
  static let looksPerRow = 512

  /// Records looks, all or nothing.
  ///
  /// - Parameter ownersListed: owners of whom a complete list was just seen.
  /// - Returns: the Spaces whose look is no later than the last one recorded; these looks are left out, as
  ///   another process saw something as new or newer.
  @discardableResult
  public func record(_ looks: [Look], ownersListed: [String: Instant] = [:]) throws -> [SpaceID] {
    try write { database in
      for (owner, at) in ownersListed {
        try database.cachedStatement(sql: "INSERT OR IGNORE INTO owner (name, first_listed_at) VALUES (?, ?)")
          .execute(arguments: [owner, at.secondsSince1970])
      }
      return try looks.filter { try !Self.record($0, in: database) }.map(\.space)
    }
  }

  private static func record(_ look: Look, in database: Database) throws -> Bool {
    // What the Hub lists under a name is the Space that has it now, also where another had it before.
    let latest = try IntervalRow.fetchOne(
      database.cachedStatement(sql: latestInterval), arguments: [look.space.description])
    if let latest, look.at.secondsSince1970 <= latest.lastAt { return false }
    guard var latest, latest.state == look.state, latest.lookCount < looksPerRow else {
      let space = try latest?.space ?? presentRowID(of: look.space, in: database)
      var row = IntervalRow(space: space, interval: Interval(state: look.state, looks: [look.at]))
      row.raw = look.raw?.text
      try row.insert(database)
      return true
    }
    latest.append(look.at.secondsSince1970 - latest.lastAt)
    try database.cachedStatement(
      sql: "UPDATE interval SET last_at = ?, look_count = ?, looks = ? WHERE id = ?"
    )
    .execute(arguments: [latest.lastAt, latest.lookCount, latest.looks, latest.id])
    // An import has none.
    if latest.raw == nil, let raw = look.raw {
      try database.execute(
        sql: "UPDATE interval SET raw = ? WHERE id = ?", arguments: [raw.text, latest.id])
    }
    return true
  }

  private static let latestInterval = """
    SELECT \(IntervalRow.columnsButRaw) FROM interval
    WHERE space_id = (SELECT id FROM space WHERE name = ?) ORDER BY first_at DESC LIMIT 1
    """

  /// All Spaces ever seen, by name.
  public func spaces() throws -> [KnownSpace] {
    try read { database in
      let formerNames = try Row.fetchAll(
        database,
        sql: """
          SELECT space_id, name FROM former_name WHERE name NOT IN (SELECT name FROM space)
          ORDER BY until DESC, name
          """
      ).reduce(into: [Int64: [SpaceID]]()) { names, row in
        names[row["space_id"], default: []].append(try SpaceID(row["name"]))
      }
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT space.id, space.name, \(SpaceState.columns)
          FROM space LEFT JOIN interval ON interval.id =
            (SELECT id FROM interval WHERE space_id = space.id ORDER BY first_at DESC LIMIT 1)
          ORDER BY space.name
          """)
      // Names are ASCII, which SQLite and Swift put in the same order.
      return try Array(
        rows.map { row in
          KnownSpace(
            name: try SpaceID(row[1]), formerNames: formerNames[row[0]] ?? [],
            state: row.hasNull(atIndex: 2) ? nil : SpaceState(row, from: 2))
        })
    }
  }

  /// Everything that was seen of a Space, in order of time; neighbours may be equal.
  public func intervals(of space: SpaceID) throws -> [Interval] {
    try read { database in
      guard let id = try Self.existingRowID(of: space, in: database) else { return [] }
      let rows = try Row.fetchCursor(
        database.cachedStatement(
          sql:
            "SELECT first_at, looks, \(SpaceState.columns) FROM interval WHERE space_id = ? ORDER BY first_at"
        ),
        arguments: [id])
      return try Array(
        rows.map { row in
          Interval(
            state: SpaceState(row, from: 2),
            looks: LookList(bytes: Array(row[1] as Data)).looks(from: Instant(secondsSince1970: row[0])))
        })
    }
  }

  /// What ``intervals(of:)`` tells without the looks in between, so that a long history costs little to read.
  public func stretches(of space: SpaceID) throws -> [Stretch] {
    try read { database in
      guard let id = try Self.existingRowID(of: space, in: database) else { return [] }
      return try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT first_at, last_at, \(SpaceState.columns) FROM interval WHERE space_id = ? ORDER BY first_at
            """),
        arguments: [id]
      ).map { row in
        Stretch(
          state: SpaceState(row, from: 2), first: Instant(secondsSince1970: row[0]),
          last: Instant(secondsSince1970: row[1]))
      }
    }
  }

  /// All looks of one of ``stretches(of:)``.
  public func looks(of space: SpaceID, in stretch: Stretch) throws -> [Instant] {
    try read { database in
      let looks = try Data.fetchOne(
        database, sql: "SELECT looks FROM interval WHERE space_id = ? AND first_at = ?",
        arguments: [try Self.existingRowID(of: space, in: database), stretch.first.secondsSince1970])
      return looks.map { LookList(bytes: Array($0)).looks(from: stretch.first) } ?? []
    }
  }

  /// When somebody first looked at an owner's Spaces; nil for never.
  public func firstLook(atOwner owner: String) throws -> Instant? {
    try read { database in
      try Int64.fetchOne(
        database,
        sql: """
          SELECT min(at) FROM (
            SELECT first_listed_at AS at FROM owner WHERE name = :owner
            UNION ALL
            SELECT (SELECT min(first_at) FROM interval WHERE space_id = space.id) FROM space
              WHERE space.name >= :owner || '/' AND space.name < :owner || '0')
          """, arguments: ["owner": owner]
      ).map(Instant.init)
    }
  }

  /// The last look at any Space of an owner before an instant; nil for none.
  public func lastLook(atOwner owner: String, before instant: Instant) throws -> Instant? {
    guard let first = try firstLook(atOwner: owner), first < instant else { return nil }
    return try read { database in
      try IntervalRow.fetchAll(
        database,
        sql: """
          SELECT \(IntervalRow.columns) FROM space JOIN interval ON interval.space_id = space.id AND first_at =
            (SELECT max(first_at) FROM interval AS earlier
              WHERE earlier.space_id = space.id AND earlier.first_at < :instant)
          WHERE space.name >= :owner || '/' AND space.name < :owner || '0'
          """, arguments: ["owner": owner, "instant": instant.secondsSince1970]
      ).compactMap { $0.interval.looks.last { $0 < instant } }.max() ?? first
    }
  }

  /// Goes on under a new name: all that is recorded of either name is one Space's.
  ///
  /// - Returns: false where both names were seen during the same time, so that they are two Spaces; then
  ///   nothing is changed.
  public func rename(_ old: SpaceID, to new: SpaceID, at: Instant) throws -> Bool {
    try write { database in
      guard let id = try Self.existingRowID(of: old, in: database) else { return false }
      if let other = try Int64.fetchOne(
        database, sql: "SELECT id FROM space WHERE name = ?", arguments: [new.description])
      {
        // Another process has found the new name already, and the old one leads to the same Space now.
        guard other != id else { return true }
        let overlap = try Bool.fetchOne(
          database,
          sql: """
            SELECT EXISTS (SELECT 1 FROM interval a JOIN interval b ON b.space_id = ? AND a.space_id = ?
              AND a.first_at <= b.last_at AND b.first_at <= a.last_at)
            """, arguments: [other, id])
        guard overlap == false else { return false }
        for table in ["interval", "action", "former_name", "hold", "budget_step"] {
          try database.execute(
            sql: "UPDATE \(table) SET space_id = ? WHERE space_id = ?", arguments: [id, other])
        }
        try Self.moveVisits(from: other, to: id, in: database)
        try database.execute(
          sql: """
            INSERT OR REPLACE INTO applied SELECT ?, setting, value, at FROM applied WHERE space_id = ?;
            """, arguments: [id, other])
        try database.execute(sql: "DELETE FROM applied WHERE space_id = ?", arguments: [other])
        try database.execute(sql: "DELETE FROM space WHERE id = ?", arguments: [other])
      }
      try database.execute(sql: "UPDATE space SET name = ? WHERE id = ?", arguments: [new.description, id])
      try database.execute(
        sql: "INSERT OR REPLACE INTO former_name (name, space_id, until) VALUES (?, ?, ?)",
        arguments: [old.description, id, at.secondsSince1970])
      return true
    }
  }

  /// The row of a Space by its present name; made if there is none.
  private static func presentRowID(of space: SpaceID, in database: Database) throws -> Int64 {
    let name = space.description
    if let id = try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT id FROM space WHERE name = ?"), arguments: [name])
    {
      return id
    }
    try database.cachedStatement(sql: "INSERT INTO space (name) VALUES (?)").execute(arguments: [name])
    return database.lastInsertedRowID
  }

  /// The row of a Space by its present name, else by a former one; made if there is none.
  static func rowID(of space: SpaceID, in database: Database) throws -> Int64 {
    try existingRowID(of: space, in: database) ?? presentRowID(of: space, in: database)
  }

  static func existingRowID(of space: SpaceID, in database: Database) throws -> Int64? {
    try Int64.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT coalesce((SELECT id FROM space WHERE name = ?1), (SELECT space_id FROM former_name WHERE name = ?1))
          """), arguments: [space.description])
  }
}
