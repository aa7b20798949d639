import CSV
import Foundation
import GRDB
import Spaces
import Timelines

/// A row of a file that can't be imported; nothing of the file is stored.
public struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
  public let file: String
  /// From 1.
  public let line: Int
  public let message: String

  public init(file: String, line: Int, message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  public var description: String { "\(file):\(line): \(message); nothing was imported" }
}

/// What an import added.
public struct ImportResult: Hashable, Sendable {
  public var observations = 0
  public var actions = 0
  /// Rows that were there already.
  public var known = 0
}

/// A file to import: its name for messages, and its bytes.
public struct ImportFile: Sendable {
  public let name: String
  public let bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// Observations and actions that were read from CSV and are not stored yet.
public struct HistoryImport: Sendable {
  let looks: [SpaceID: [ImportedLook]]
  let actions: [SpaceAction]
  /// Of the observations, for messages.
  let fileName: String

  /// Reads files as ``History/exportObservations(_:)`` and ``History/exportActions(_:)`` write them; trailing
  /// columns may be missing.
  ///
  /// - Throws: ``ImportError`` for the first bad row.
  public init(observations: ImportFile?, actions: ImportFile?) throws {
    looks = try observations.map(ObservationFile.read) ?? [:]
    self.actions = try actions.map(ActionFile.read) ?? []
    fileName = observations?.name ?? ""
  }
}

extension History {
  /// Reads files and adds what is in them.
  public func importHistory(observations: ImportFile?, actions: ImportFile?) throws -> ImportResult {
    try importHistory(HistoryImport(observations: observations, actions: actions))
  }

  /// Adds observations and actions. What is known already is passed over, so importing a file twice changes
  /// nothing.
  ///
  /// - Throws: ``ImportError`` for a row that contradicts what is known, and then nothing is stored.
  public func importHistory(_ rows: HistoryImport) throws -> ImportResult {
    try write { database in
      var result = ImportResult()
      for (space, looks) in rows.looks.sorted(by: { $0.key < $1.key }) {
        let added = try Self.merge(looks, into: space, file: rows.fileName, in: database)
        result.observations += added
        result.known += looks.count - added
      }
      let added = try Self.add(rows.actions, in: database)
      result.actions += added
      result.known += rows.actions.count - added
      return result
    }
  }

  /// Puts looks between those that are known. Looks after all known ones are only added; else the Space's
  /// rows are written anew.
  private static func merge(
    _ imported: [ImportedLook], into space: SpaceID, file: String, in database: Database
  ) throws -> Int {
    let id = try rowID(of: space, in: database)
    let rows = try IntervalRow.fetchAll(
      database, sql: "SELECT \(IntervalRow.columns) FROM interval WHERE space_id = ? ORDER BY first_at",
      arguments: [id])
    let known = rows.flatMap { row in row.interval.looks.map { (at: $0, state: row.state, raw: row.raw) } }
    var merged: [(at: Instant, state: SpaceState, raw: String?)] = []
    merged.reserveCapacity(known.count + imported.count)
    var position = 0
    var added = 0
    for look in imported {
      while position < known.count, known[position].at < look.at {
        merged.append(known[position])
        position += 1
      }
      if position < known.count, known[position].at == look.at {
        guard known[position].state == look.state else {
          throw ImportError(
            file: file, line: look.line,
            message:
              "\(space) was seen at \(look.at) already, and in another state; correct or leave out this row")
        }
      } else {
        merged.append((look.at, look.state, nil))
        added += 1
      }
    }
    guard added > 0 else { return 0 }
    merged += known[position...]
    try database.execute(sql: "DELETE FROM interval WHERE space_id = ?", arguments: [id])
    var index = 0
    while index < merged.count {
      var looks: [Instant] = []
      var raw: String?
      let state = merged[index].state
      while index < merged.count, merged[index].state == state, looks.count < looksPerRow {
        looks.append(merged[index].at)
        raw = merged[index].raw ?? raw
        index += 1
      }
      var row = IntervalRow(space: id, interval: Interval(state: state, looks: looks))
      row.raw = raw
      try row.insert(database)
    }
    return added
  }

  /// Adds each action as often as the file has it and the journal has not.
  private static func add(_ actions: [SpaceAction], in database: Database) throws -> Int {
    var known: [SpaceAction: Int] = [:]
    var added = 0
    for action in actions {
      let count =
        try known[action]
        ?? Int.fetchOne(
          database.cachedStatement(
            sql: """
              SELECT count(*) FROM action WHERE space_id = ? AND at = ? AND kind = ? AND from_value = ?
                AND to_value = ? AND coalesce(outcome, 'unknown') = ? AND reason = ?
              """),
          arguments: [
            try rowID(of: action.space, in: database), action.at.secondsSince1970, action.kind.rawValue,
            action.from, action.to, action.outcome?.rawValue, action.reason,
          ]) ?? 0
      known[action] = max(count - 1, 0)
      guard count == 0 else { continue }
      _ = try insert(action, run: nil, in: database)
      added += 1
    }
    return added
  }

  /// Writes all actions as CSV, by time, then by Space. One that is under way is `unknown`.
  public func exportActions(_ write: (String) throws -> Void) throws {
    try write(CSVWriter.line(ActionFile.columns))
    for entry in try actions(in: .distantPast..<(.distantFuture + 1)) {
      try write(CSVWriter.line(ActionFile.fields(entry.action)))
    }
  }
}
