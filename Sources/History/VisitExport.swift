import CSV
import GRDB
public import Spaces
import Timelines

extension History {
  /// Writes imported visits as CSV, by time, then by Space. Takes memory in proportion to one day.
  ///
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
      var day: (number: Int64, lines: [(visit: Visit, space: String)]) = (0, [])
      func flush() throws {
        // Rows come by name, and the sort keeps the order of those of one second.
        for (visit, space) in day.lines.sorted(by: { $0.visit.at < $1.visit.at }) {
          try write(CSVWriter.line([visit.at.description, space, String(visit.count)]))
        }
      }
      while let row = try rows.next() {
        if day.number != row[0] {
          try flush()
          day = (row[0], [])
        }
        let name: String = row[2]
        day.lines += Self.visits(row).map { ($0, name) }
      }
      try flush()
    }
  }
}
