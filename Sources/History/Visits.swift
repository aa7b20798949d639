import Foundation
import GRDB
public import Spaces
public import Timelines

/// How it is known that somebody came.
public enum VisitSource: String, Sendable, CaseIterable {
  /// Logs of visits that other programs wrote.
  case imported
  /// Looks that saw traffic: somebody was there, and nobody knows how many.
  case recorded
}

/// From when to when visits are known, and how.
public struct VisitSpan: Hashable, Sendable {
  public var source: VisitSource
  /// From the first visit to a second after the last.
  public var range: Range<Instant>

  public init(source: VisitSource, range: Range<Instant>) {
    self.source = source
    self.range = range
  }
}

/// What an import of visits changed.
public struct VisitsAdded: Hashable, Sendable {
  /// How many visits were not known before.
  public var visits = 0
  /// Spaces that the history had never heard of, by name.
  public var newSpaces: [SpaceID] = []

  public init(visits: Int = 0, newSpaces: [SpaceID] = []) {
    self.visits = visits
    self.newSpaces = newSpaces
  }
}

extension History {
  /// Adds visits. Where a second of a Space has some from the same source already, the larger count stays, so
  /// that adding the same again changes nothing.
  @discardableResult
  public func add(_ visits: VisitDays, from source: VisitSource) throws -> VisitsAdded {
    try write { database in
      var added = VisitsAdded()
      for (space, days) in visits.sorted(by: { $0.key < $1.key }) {
        if try Self.existingRowID(of: space, in: database) == nil { added.newSpaces.append(space) }
        let id = try Self.rowID(of: space, in: database)
        for (number, day) in days.sorted(by: { $0.key < $1.key }) {
          added.visits += try Self.add(day.visits(onDay: number), on: number, to: id, source, in: database)
        }
      }
      return added
    }
  }

  /// Adds instants at which looks saw somebody.
  public func recordVisits(_ seen: [SpaceID: [Instant]]) throws {
    var days: VisitDays = [:]
    for (space, instants) in seen {
      let visits = Set(instants).sorted().map { Visit(at: $0) }
      for chunk in Dictionary(grouping: visits, by: { VisitDay.number(of: $0.at) }) {
        days[space, default: [:]][chunk.key] = VisitDay(chunk.value)
      }
    }
    try add(days, from: .recorded)
  }

  /// Who came in a range, in order of time, each second once.
  ///
  /// - Parameter source: nil for both; where both know of a second, the larger count stands.
  public func visits(of space: SpaceID, in range: Range<Instant>, from source: VisitSource? = nil) throws
    -> [Visit]
  {
    guard !range.isEmpty else { return [] }
    return try read { database in
      guard let id = try Self.existingRowID(of: space, in: database) else { return [] }
      let lists = try (source.map { [$0] } ?? VisitSource.allCases).map { source in
        try Self.visits(of: id, in: range, from: source, in: database)
      }
      return lists.reduce([]) { $0.merged(with: $1, max) }
    }
  }

  /// From when to when visits of a Space are known; the most trusted source first, none that has no visit.
  public func visitSpans(of space: SpaceID) throws -> [VisitSpan] {
    try read { database in
      guard let id = try Self.existingRowID(of: space, in: database) else { return [] }
      return try VisitSource.allCases.compactMap { source in
        func edge(_ order: String) throws -> [Visit] {
          try Row.fetchOne(
            database.cachedStatement(
              sql: """
                SELECT day, visits FROM visit_day WHERE space_id = ? AND source = ? ORDER BY day \(order) LIMIT 1
                """), arguments: [id, source.rawValue]
          ).map(Self.visits) ?? []
        }
        guard let first = try edge("ASC").first, let last = try edge("DESC").last else { return nil }
        return VisitSpan(source: source, range: first.at..<last.at + 1)
      }
    }
  }

  private static func visits(
    of id: Int64, in range: Range<Instant>, from source: VisitSource, in database: Database
  ) throws -> [Visit] {
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: """
          SELECT day, visits FROM visit_day WHERE space_id = ? AND source = ? AND day BETWEEN ? AND ? ORDER BY day
          """),
      arguments: [
        id, source.rawValue, VisitDay.number(of: range.lowerBound), VisitDay.number(of: range.upperBound - 1),
      ])
    var all: [Visit] = []
    while let row = try rows.next() { all += visits(row) }
    if let first = all.first, let last = all.last, range.contains(first.at), range.contains(last.at) {
      return all
    }
    return all.filter { range.contains($0.at) }
  }

  /// - Parameter row: its day and its visits.
  static func visits(_ row: Row) -> [Visit] {
    VisitDay(bytes: Array(row[1] as Data)).visits(onDay: row[0])
  }

  /// - Returns: how many visits were not known before.
  private static func add(
    _ visits: [Visit], on day: Int64, to id: Int64, _ source: VisitSource, in database: Database
  ) throws -> Int {
    let known =
      try Row.fetchOne(
        database.cachedStatement(
          sql: "SELECT day, visits FROM visit_day WHERE space_id = ? AND source = ? AND day = ?"),
        arguments: [id, source.rawValue, day]
      ).map(Self.visits) ?? []
    let merged = known.merged(with: visits, max)
    guard merged != known else { return 0 }
    try database.cachedStatement(
      sql: """
        INSERT INTO visit_day (space_id, source, day, visits) VALUES (?, ?, ?, ?)
        ON CONFLICT (space_id, source, day) DO UPDATE SET visits = excluded.visits
        """
    ).execute(arguments: [id, source.rawValue, day, Data(VisitDay(merged).bytes)])
    return merged.reduce(0) { $0 + $1.count } - known.reduce(0) { $0 + $1.count }
  }

  /// Puts the visits of two rows of one Space together.
  static func moveVisits(from other: Int64, to id: Int64, in database: Database) throws {
    for source in VisitSource.allCases {
      let rows = try Row.fetchAll(
        database, sql: "SELECT day, visits FROM visit_day WHERE space_id = ? AND source = ?",
        arguments: [other, source.rawValue])
      for row in rows { _ = try add(visits(row), on: row[0], to: id, source, in: database) }
    }
    try database.execute(sql: "DELETE FROM visit_day WHERE space_id = ?", arguments: [other])
  }
}
