import CSV
import Foundation
import GRDB
import HeapModule
import Spaces
import Timelines

extension History {
  /// Writes all observations as CSV, by time, then by Space. Takes memory in proportion to one interval a
  /// Space: those of one Space never overlap.
  public func exportObservations(_ write: (String) throws -> Void) throws {
    try write(CSVWriter.line(ObservationFile.columns))
    try readCopy { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT name, first_at, looks, \(SpaceState.columns)
          FROM interval JOIN space ON space.id = space_id ORDER BY first_at, name
          """)
      var next = try rows.next().map(RemainingLooks.init)
      var begun = Heap<RemainingLooks>()
      while true {
        if let interval = next, begun.min.map({ interval < $0 }) ?? true {
          begun.insert(interval)
          next = try rows.next().map(RemainingLooks.init)
        } else if let interval = begun.popMin() {
          try write(interval.line)
          if let rest = interval.afterFirst { begun.insert(rest) }
        } else {
          return
        }
      }
    }
  }
}

/// The looks of an interval that are still to be written; in order of the first of them.
private struct RemainingLooks: Comparable {
  private let space: String
  private let state: SpaceState
  private var at: Instant
  private var later: ArraySlice<Instant>

  init(row: Row) {
    space = row[0]
    at = Instant(secondsSince1970: row[1])
    later = LookList(bytes: Array(row[2] as Data)).looks(from: at)[1...]
    state = SpaceState(row, from: 3)
  }

  var line: String { CSVWriter.line(ObservationFile.fields(at: at, space: space, state: state)) }

  var afterFirst: RemainingLooks? {
    var rest = self
    guard let next = rest.later.popFirst() else { return nil }
    rest.at = next
    return rest
  }

  static func < (left: Self, right: Self) -> Bool { (left.at, left.space) < (right.at, right.space) }
}
