import GRDB
public import Spaces
public import Timelines

/// What a run last made, or found as desired, in one setting of a Space.
public struct AppliedSetting: Hashable, Sendable {
  public var space: SpaceID
  /// `hardware`, `sleep`, `replicas` or `state`.
  public var setting: String
  public var value: String
  public var at: Instant

  public init(space: SpaceID, setting: String, value: String, at: Instant) {
    self.space = space
    self.setting = setting
    self.value = value
    self.at = at
  }
}

extension History {
  /// The applied settings of all Spaces.
  public func appliedSettings() throws -> [AppliedSetting] {
    try read { database in
      try Array(
        Row.fetchCursor(
          database,
          sql: "SELECT space.name, setting, value, at FROM applied JOIN space ON space.id = applied.space_id"
        ).map { row in
          AppliedSetting(
            space: try SpaceID(row[0]), setting: row[1], value: row[2], at: Instant(secondsSince1970: row[3]))
        })
    }
  }

  /// Remembers what was made or found; what is the same already keeps its time.
  public func remember(_ settings: [AppliedSetting]) throws {
    guard !settings.isEmpty else { return }
    try write { try Self.remember(settings, in: $0) }
  }

  static func remember(_ settings: [AppliedSetting], in database: Database) throws {
    for applied in settings {
      try database.cachedStatement(
        sql: """
          INSERT INTO applied (space_id, setting, value, at) VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at WHERE value <> excluded.value
          """
      ).execute(arguments: [
        try rowID(of: applied.space, in: database), applied.setting, applied.value,
        applied.at.secondsSince1970,
      ])
    }
  }
}
