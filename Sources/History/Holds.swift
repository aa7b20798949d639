import GRDB
public import Spaces
public import Timelines

/// What a person asked of a Space for a time. It wins over the rules, and always ends.
public struct Hold: Hashable, Sendable {
  public struct Release: Hashable, Sendable {
    public var at: Instant
    public var by: String

    public init(at: Instant, by: String) {
      self.at = at
      self.by = by
    }
  }

  public var space: SpaceID
  /// What it names; the rest is nil.
  public var hardware: SpaceHardware?
  public var sleep: SleepTime?
  public var isPaused: Bool?
  /// Copies, 1 or more.
  public var replicas: Int?
  /// When it was made, and from when it holds.
  public var from: Instant
  /// When it ends unless it is released before; after ``from``, and not part of it.
  public var until: Instant
  /// For people; empty if none was given.
  public var reason: String
  /// Who made it, such as `anna@laptop`.
  public var madeBy: String
  /// Nil where nobody has ended it early.
  public var released: Release?

  public init(
    space: SpaceID, hardware: SpaceHardware? = nil, sleep: SleepTime? = nil, isPaused: Bool? = nil,
    replicas: Int? = nil, from: Instant, until: Instant, reason: String = "", madeBy: String,
    released: Release? = nil
  ) {
    self.space = space
    self.hardware = hardware
    self.sleep = sleep
    self.isPaused = isPaused
    self.replicas = replicas
    self.from = from
    self.until = until
    self.reason = reason
    self.madeBy = madeBy
    self.released = released
  }

  /// When it holds: nothing where it was released in the second in which it was made.
  public var range: Range<Instant> { from..<max(from, min(until, released?.at ?? until)) }

  /// Whether it still holds at an instant, or is to hold later.
  public func stands(at instant: Instant) -> Bool { released == nil && until > instant }
}

extension History {
  /// Writes down what a person asked for.
  public func add(_ hold: Hold) throws {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO hold (space_id, hardware, sleep_time, paused, replicas, from_at, until_at, reason, made_by)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          try Self.rowID(of: hold.space, in: database), hold.hardware?.rawValue, hold.sleep?.hubSeconds,
          hold.isPaused, hold.replicas, hold.from.secondsSince1970, hold.until.secondsSince1970, hold.reason,
          hold.madeBy,
        ])
    }
  }

  /// All holds, also those that have ended, in the order in which they were made.
  ///
  /// - Parameter space: whose; nil for those of all.
  public func holds(of space: SpaceID? = nil) throws -> [Hold] {
    try read { database in try Self.holds(of: space, in: database) }
  }

  /// Ends the holds that stand.
  ///
  /// - Parameter space: whose; nil for those of all.
  /// - Returns: those that it ended, in the order in which they were made.
  public func releaseHolds(of space: SpaceID? = nil, at instant: Instant, by name: String) throws -> [Hold] {
    try write { database in
      let standing = try Self.holds(of: space, in: database).filter { $0.stands(at: instant) }
      for space in Set(standing.map(\.space)) {
        try database.execute(
          sql: """
            UPDATE hold SET released_at = ?1, released_by = ?2
            WHERE space_id = ?3 AND released_at IS NULL AND until_at > ?1
            """, arguments: [instant.secondsSince1970, name, try Self.rowID(of: space, in: database)])
      }
      return standing.map { hold in
        var hold = hold
        hold.released = Hold.Release(at: instant, by: name)
        return hold
      }
    }
  }

  private static func holds(of space: SpaceID?, in database: Database) throws -> [Hold] {
    let id = try space.map { try existingRowID(of: $0, in: database) }
    if case .some(nil) = id { return [] }
    return try Row.fetchAll(
      database,
      sql: """
        SELECT name, hardware, sleep_time, paused, replicas, from_at, until_at, reason, made_by, released_at,
          released_by
        FROM hold JOIN space ON space.id = space_id WHERE space_id = coalesce(?, space_id) ORDER BY hold.id
        """, arguments: [id ?? nil]
    ).map { row in
      let (hardware, sleep): (String?, Int?) = (row[1], row[2])
      let (releasedAt, releasedBy): (Int64?, String?) = (row[9], row[10])
      return Hold(
        space: try SpaceID(row[0]), hardware: hardware.map(SpaceHardware.init),
        sleep: sleep.map { SleepTime(hubSeconds: $0) }, isPaused: row[3], replicas: row[4],
        from: Instant(secondsSince1970: row[5]), until: Instant(secondsSince1970: row[6]), reason: row[7],
        madeBy: row[8],
        released: releasedAt.map {
          Hold.Release(at: Instant(secondsSince1970: $0), by: releasedBy ?? "")
        })
    }
  }
}
