import Foundation
import GRDB
import Spaces
import Timelines

/// How an interval is stored.
struct IntervalRow: FetchableRecord {
  var id: Int64?
  var space: Int64
  var firstAt: Int64
  private(set) var lastAt: Int64
  private(set) var lookCount: Int
  private(set) var looks: Data
  var state: SpaceState
  var raw: String?

  init(space: Int64, interval: Interval) {
    self.space = space
    firstAt = interval.looks.first?.secondsSince1970 ?? 0
    lastAt = interval.looks.last?.secondsSince1970 ?? 0
    lookCount = interval.looks.count
    looks = Data(LookList(interval.looks).bytes)
    state = interval.state
  }

  /// What ``init(row:)`` reads, in order: a row knows its columns by number far faster than by name.
  static let columns =
    "interval.id, space_id, first_at, last_at, look_count, looks, raw, \(SpaceState.columns)"

  /// The same where only whether there is an answer counts: an empty text stands for it.
  static let columnsButRaw = columns.replacing("raw", with: "CASE WHEN raw IS NULL THEN NULL ELSE '' END")

  init(row: Row) {
    id = row[0]
    space = row[1]
    firstAt = row[2]
    lastAt = row[3]
    lookCount = row[4]
    looks = row[5]
    raw = row[6]
    state = SpaceState(row, from: 7)
  }

  var interval: Interval {
    Interval(
      state: state, looks: LookList(bytes: Array(looks)).looks(from: Instant(secondsSince1970: firstAt)))
  }

  /// - Parameter seconds: since the last look, 1 or more.
  mutating func append(_ seconds: Int64) {
    var list = LookList(bytes: Array(looks))
    list.append(seconds)
    looks = Data(list.bytes)
    lastAt += seconds
    lookCount += 1
  }

  func insert(_ database: Database) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO interval (space_id, first_at, last_at, look_count, looks, stage, hardware,
          requested_hardware, sleep_time, replicas, storage, raw)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      space, firstAt, lastAt, lookCount, looks, state.stage.rawValue, state.hardware?.rawValue,
      state.requestedHardware?.rawValue, state.sleepTime, state.replicas, state.storage?.rawValue, raw,
    ])
  }
}

extension SpaceState {
  static let columns = "stage, hardware, requested_hardware, sleep_time, replicas, storage"

  /// - Parameter first: where ``columns`` begin.
  init(_ row: Row, from first: Int) {
    let hardware: String? = row[first + 1]
    let requested: String? = row[first + 2]
    let storage: String? = row[first + 5]
    self.init(
      stage: SpaceStage(rawValue: row[first]), hardware: hardware.map(SpaceHardware.init),
      requestedHardware: requested.map(SpaceHardware.init), sleepTime: row[first + 3],
      replicas: row[first + 4], storage: storage.map(SpaceStorage.init))
  }
}
