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

  init(row: Row) throws {
    id = row["id"]
    space = row["space_id"]
    firstAt = row["first_at"]
    lastAt = row["last_at"]
    lookCount = row["look_count"]
    looks = row["looks"]
    raw = row["raw"]
    state = SpaceState(row: row)
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

  init(row: Row) {
    let (hardware, requested, storage): (String?, String?, String?) =
      (row["hardware"], row["requested_hardware"], row["storage"])
    self.init(
      stage: SpaceStage(rawValue: row["stage"]), hardware: hardware.map(SpaceHardware.init),
      requestedHardware: requested.map(SpaceHardware.init), sleepTime: row["sleep_time"],
      replicas: row["replicas"], storage: storage.map(SpaceStorage.init))
  }
}
