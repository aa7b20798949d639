public import Foundation
import Synchronization

/// The clock on a wall in a zone: what it shows at an instant, and when it shows something.
///
/// A zone is the list of the instants at which its offset from UTC changes. Only offsets are compared: a
/// daylight-saving flag does not show every change (Apia lost a whole day, Caracas half an hour).
public struct WallClock: Sendable {
  public let zone: TimeZone
  private let table: ZoneTable

  /// The zone's transitions are read once for each zone and kept.
  public init(_ zone: TimeZone) {
    self.zone = zone
    self.table = ZoneTable.of(zone)
  }

  /// Seconds east of UTC at an instant.
  public func offset(at instant: Instant) -> Int64 {
    table.stretch(at: instant.secondsSince1970).offset
  }

  /// What the clock shows.
  public func reading(at instant: Instant) -> WallTime {
    WallTime(secondsSinceEpoch: instant.secondsSince1970 + offset(at: instant))
  }

  /// When the clock shows this: the first time, if it shows it twice; the end of the gap, if it is skipped.
  public func instant(showing wall: WallTime) -> Instant {
    Instant(secondsSince1970: table.instant(showing: wall.secondsSinceEpoch))
  }

  /// The next instant, strictly after this one, at which the offset changes; nil if it never will.
  public func nextTransition(after instant: Instant) -> Instant? {
    let end = table.stretch(at: instant.secondsSince1970).end
    return end == .max ? nil : Instant(secondsSince1970: end)
  }

  /// The first instant of a date.
  public func start(of date: CivilDate) -> Instant {
    instant(showing: WallTime(date: date))
  }

  /// All instants of a date; empty where the clock skips it.
  public func day(_ date: CivilDate) -> Range<Instant> {
    start(of: date)..<start(of: date + 1)
  }

  /// All instants of the month that holds a date.
  public func month(of date: CivilDate) -> Range<Instant> {
    start(of: date.startOfMonth)..<start(of: date.startOfNextMonth)
  }

  /// The date that the clock shows.
  public func date(at instant: Instant) -> CivilDate { reading(at: instant).date }
}

/// A zone's stretches of constant offset, in order; the search is O(log of their number).
private final class ZoneTable: Sendable {
  struct Stretch {
    let start: Int64
    let end: Int64
    let offset: Int64
  }

  private let stretches: [Stretch]

  /// Offsets are known from 1800 (before any zone's first change) and, for zones that will go on changing
  /// their clocks, listed up to 2600: long enough to search a Gregorian cycle of 400 years ahead.
  private init(_ zone: TimeZone) {
    func offset(_ second: Int64) -> Int64 {
      Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }
    var stretches: [Stretch] = []
    var start = Int64.min
    var probe: Int64 = -5_364_662_400
    var current = offset(probe)
    while probe < 19_880_899_200,
      let next = zone.nextDaylightSavingTimeTransition(after: Date(timeIntervalSince1970: Double(probe)))
    {
      probe = Int64(next.timeIntervalSince1970.rounded())
      let changed = offset(probe)
      guard changed != current else { continue }
      stretches.append(Stretch(start: start, end: probe, offset: current))
      (start, current) = (probe, changed)
    }
    stretches.append(Stretch(start: start, end: .max, offset: current))
    self.stretches = stretches
  }

  private static let known = Mutex<[String: ZoneTable]>([:])

  static func of(_ zone: TimeZone) -> ZoneTable {
    known.withLock { tables in
      if let table = tables[zone.identifier] { return table }
      let table = ZoneTable(zone)
      tables[zone.identifier] = table
      return table
    }
  }

  func stretch(at second: Int64) -> Stretch {
    stretches[stretches.partitioningIndex { $0.start > second } - 1]
  }

  func instant(showing wall: Int64) -> Int64 {
    // Offsets are less than a day, so the earliest stretch that can show it holds the second a day before.
    var index = stretches.partitioningIndex { $0.start > wall - 86_400 } - 1
    while index + 1 < stretches.count {
      let candidate = max(wall - stretches[index].offset, stretches[index].start)
      if candidate < stretches[index].end { return candidate }
      index += 1
    }
    return max(wall - stretches[index].offset, stretches[index].start)
  }
}
