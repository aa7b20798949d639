import CSV
import GRDB
public import Spaces
import Timelines

extension History {
  /// Writes imported visits as CSV, by time, then by Space. Takes memory in proportion to one day.
  ///
  /// A Space's first and last line also say where what is known of it begins and ends, if need be with a count of 0; so
  /// do those beside a silence that is too long to be believed.
  /// - Parameter space: nil for all.
  public func exportVisits(of space: SpaceID? = nil, _ write: (String) throws -> Void) throws {
    try write(CSVWriter.line(["at", "space", "count"]))
    try readCopy { database in
      let id = try space.map { try Self.existingRowID(of: $0, in: database) ?? 0 }
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT day, visits, name FROM visit_day JOIN space ON space.id = space_id
          WHERE source = 'imported' AND (space_id = ?1 OR ?1 IS NULL) ORDER BY day, name
          """, arguments: [id])
      var edges = try Self.quietEdges(of: id, in: database)[...]
      var day: (number: Int64, lines: [Line]) = (.min, [])
      func flush(edgesBefore end: Instant) throws {
        let quiet = edges.prefix { $0.at < end }
        edges = edges.dropFirst(quiet.count)
        for line in (day.lines + quiet).sorted(by: { ($0.at, $0.space) < ($1.at, $1.space) }) {
          try write(CSVWriter.line([line.at.description, line.space, String(line.count)]))
        }
      }
      while let row = try rows.next() {
        if day.number != row[0] {
          try flush(edgesBefore: VisitDay.midnight(of: row[0]))
          day = (row[0], [])
        }
        let name: String = row[2]
        day.lines += Self.visits(row).map { Line(at: $0.at, space: name, count: $0.count) }
      }
      try flush(edgesBefore: .distantFuture)
    }
  }

  private struct Line {
    let at: Instant
    let space: String
    let count: Int
  }

  /// The ends of what is known of each Space, and those beside a silence that nobody would believe, where nobody came at
  /// that second; in order of time.
  private static func quietEdges(of id: Int64?, in database: Database) throws -> [Line] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT space_id, name, start, end - 1 FROM visit_span JOIN space ON space.id = space_id
        WHERE space_id = ?1 OR ?1 IS NULL ORDER BY space_id, start
        """, arguments: [id])
    var spans: [(space: Int64, name: String, first: Int64, last: Int64)] = []
    for row in rows {
      let (space, first, last): (Int64, Int64, Int64) = (row[0], row[2], row[3])
      if let before = spans.last, before.space == space, first - before.last <= Silence.longest {
        spans[spans.count - 1].last = max(before.last, last)
      } else {
        spans.append((space, row[1], first, last))
      }
    }
    return try spans.flatMap { span in
      try Set([span.first, span.last]).compactMap { second in
        let at = Instant(secondsSince1970: second)
        guard try visits(of: span.space, in: at..<at + 1, from: .imported, in: database).isEmpty else {
          return nil
        }
        return Line(at: at, space: span.name, count: 0)
      }
    }.sorted { $0.at < $1.at }
  }
}
