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

/// What an import of visits changed.
public struct VisitsAdded: Hashable, Sendable {
  /// How many visits were not known before.
  public var visits = 0
  /// Spaces that the history had never heard of, by name.
  public var newSpaces: [SpaceID] = []
  /// Of more time than before it is known who came.
  public var knowsMore = false

  public init(visits: Int = 0, newSpaces: [SpaceID] = [], knowsMore: Bool = false) {
    self.visits = visits
    self.newSpaces = newSpaces
    self.knowsMore = knowsMore
  }
}

extension History {
  /// Adds visits that files told. Where a second of a Space has some already, the larger count stays, so that adding
  /// the same again changes nothing.
  ///
  /// - Parameter known: from when to when each file knew who came; nothing else is taken to be known.
  @discardableResult
  public func importVisits(_ visits: VisitDays, known: [SpaceID: [Range<Instant>]]) throws -> VisitsAdded {
    try write { database in
      var added = VisitsAdded()
      for space in Set(visits.keys).union(known.keys).sorted() {
        if try Self.existingRowID(of: space, in: database) == nil { added.newSpaces.append(space) }
        let id = try Self.rowID(of: space, in: database)
        added.visits += try Self.add(visits[space] ?? [:], to: id, .imported, in: database)
        if try Self.addSpans(known[space] ?? [], to: id, in: database) { added.knowsMore = true }
      }
      return added
    }
  }

  /// Adds instants at which looks saw somebody.
  public func recordVisits(_ seen: [SpaceID: [Instant]]) throws {
    try write { database in
      for (space, instants) in seen.sorted(by: { $0.key < $1.key }) {
        let visits = Set(instants).sorted().map { Visit(at: $0) }
        let days = Dictionary(grouping: visits) { VisitDay.number(of: $0.at) }.mapValues { VisitDay($0) }
        let id = try Self.rowID(of: space, in: database)
        _ = try Self.add(days, to: id, .recorded, in: database)
      }
    }
  }

  /// Who came in a range, in order of time, each second once.
  public func visits(of space: SpaceID, in range: Range<Instant>, from source: VisitSource) throws -> [Visit]
  {
    guard !range.isEmpty else { return [] }
    return try read { database in
      guard let id = try Self.existingRowID(of: space, in: database) else { return [] }
      return try Self.visits(of: id, in: range, from: source, in: database)
    }
  }

  /// From when to when imports knew who came to a Space: in order of time, apart from each other.
  public func visitSpans(of space: SpaceID) throws -> [Range<Instant>] {
    try read { database in
      guard let id = try Self.existingRowID(of: space, in: database) else { return [] }
      return try Self.spans(of: id, in: database)
    }
  }

  private static func spans(of id: Int64, in database: Database) throws -> [Range<Instant>] {
    let rows = try Row.fetchAll(
      database.cachedStatement(
        sql: "SELECT start, end FROM visit_span WHERE space_id = ? ORDER BY start"), arguments: [id])
    return rows.map { Instant(secondsSince1970: $0[0])..<Instant(secondsSince1970: $0[1]) }
  }

  /// Logs are rotated in the quiet hours, so spans that follow each other within a day are one.
  /// - Returns: whether they tell of more time.
  @discardableResult
  private static func addSpans(
    _ new: [Range<Instant>], to id: Int64, in database: Database
  ) throws -> Bool {
    let known = try spans(of: id, in: database)
    let all = (known + new).sorted { $0.lowerBound < $1.lowerBound }.reduce(into: [Range<Instant>]()) {
      all, next in
      if let last = all.last, next.lowerBound - last.upperBound <= VisitDay.seconds {
        all[all.count - 1] = last.lowerBound..<max(last.upperBound, next.upperBound)
      } else {
        all.append(next)
      }
    }
    guard all != known else { return false }
    try database.cachedStatement(sql: "DELETE FROM visit_span WHERE space_id = ?").execute(arguments: [id])
    for span in all {
      try database.cachedStatement(sql: "INSERT INTO visit_span (space_id, start, end) VALUES (?, ?, ?)")
        .execute(arguments: [id, span.lowerBound.secondsSince1970, span.upperBound.secondsSince1970])
    }
    return true
  }

  static func visits(
    of id: Int64, in range: Range<Instant>, from source: VisitSource, in database: Database
  ) throws -> [Visit] {
    let rows = try Row.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT day, visits FROM visit_day WHERE space_id = ? AND source = ? AND day BETWEEN ? AND ? ORDER BY day
          """),
      arguments: [
        id, source.rawValue, VisitDay.number(of: range.lowerBound), VisitDay.number(of: range.upperBound - 1),
      ])
    let days = rows.map { (number: $0[0] as Int64, visits: day($0)) }
    var all: [Visit] = []
    all.reserveCapacity(days.reduce(0) { $0 + $1.visits.bytes.count })
    for day in days { day.visits.append(onDay: day.number, to: &all) }
    if let first = all.first, let last = all.last, range.contains(first.at), range.contains(last.at) {
      return all
    }
    return all.filter { range.contains($0.at) }
  }

  /// - Parameter row: its day and its visits.
  static func visits(_ row: Row) -> [Visit] { day(row).visits(onDay: row[0]) }

  private static func day(_ row: Row) -> VisitDay { VisitDay(bytes: Array(row[1] as Data)) }

  /// - Returns: how many visits were not known before.
  private static func add(
    _ days: [Int64: VisitDay], to id: Int64, _ source: VisitSource, in database: Database
  ) throws -> Int {
    try days.sorted { $0.key < $1.key }.reduce(0) { added, day in
      try added + add(day.value.visits(onDay: day.key), on: day.key, to: id, source, in: database)
    }
  }

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
    try addSpans(spans(of: other, in: database), to: id, in: database)
    try database.execute(sql: "DELETE FROM visit_span WHERE space_id = ?", arguments: [other])
  }
}
