public import Foundation
import Synchronization

/// The clock on a wall in a zone: what it shows at an instant, and when it shows something.
///
/// A zone is the list of the instants at which its offset from UTC changes. Only offsets are compared: a
/// daylight-saving flag does not show every change (Apia lost a whole day, Caracas half an hour).
public struct WallClock: Equatable, Sendable {
  public let zone: TimeZone
  private let table: ZoneTable

  /// The zone's transitions are read once for each zone and kept.
  public init(_ zone: TimeZone) {
    self.zone = zone
    self.table = ZoneTable.of(zone)
  }

  public static func == (left: WallClock, right: WallClock) -> Bool { left.zone == right.zone }

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
    let stretch = table.stretch(reaching: wall.secondsSinceEpoch)
    return Instant(secondsSince1970: max(stretch.start, wall.secondsSinceEpoch - stretch.offset))
  }

  /// The next instant, strictly after this one, at which the offset changes; nil if it never will.
  public func nextTransition(after instant: Instant) -> Instant? {
    let end = table.stretch(at: instant.secondsSince1970).end
    return end == ZoneTable.endless ? nil : Instant(secondsSince1970: end)
  }

  /// The time around an instant in which the offset stays.
  package func stretch(at instant: Instant) -> ClockStretch {
    table.stretch(at: instant.secondsSince1970)
  }

  /// The time in which the clock first shows a wall second, or, if it skips it, first shows a later one.
  package func stretch(reaching wallSecond: Int64) -> ClockStretch {
    table.stretch(reaching: wallSecond)
  }

  /// The first instant of a date.
  public func start(of date: CivilDate) -> Instant {
    instant(showing: WallTime(date: date))
  }

  /// All instants of a date; empty where the clock skips it.
  public func day(_ date: CivilDate) -> Range<Instant> {
    start(of: date)..<start(of: date + 1)
  }

  /// The days of a range in order, each with the part of it that is in the range; those of which it has none are left
  /// out. Where a clock is put back over midnight the day goes on that has begun.
  public func days(in range: Range<Instant>) -> [(date: CivilDate, range: Range<Instant>)] {
    var days: [(date: CivilDate, range: Range<Instant>)] = []
    var (start, date) = (range.lowerBound, date(at: range.lowerBound))
    while start < range.upperBound {
      let end = min(self.start(of: date + 1), range.upperBound)
      if start < end {
        days.append((date, start..<end))
        start = end
      }
      date = date + 1
    }
    return days
  }

  /// All instants of the month that the clock shows at an instant.
  public func month(at instant: Instant) -> Range<Instant> { month(of: date(at: instant)) }

  /// All instants of the month that holds a date.
  public func month(of date: CivilDate) -> Range<Instant> {
    start(of: date.startOfMonth)..<start(of: date.startOfNextMonth)
  }

  /// The date that the clock shows.
  public func date(at instant: Instant) -> CivilDate { reading(at: instant).date }
}

/// A time in which a zone's offset does not change.
///
/// Reads as seconds: `start` and `end` (exclusive) since 1970 in UTC, the others on the wall.
package struct ClockStretch: Sendable {
  package let start: Int64
  package let end: Int64
  /// Seconds east of UTC.
  package let offset: Int64
  /// The end of what the clock had shown before `start`: less than ``wallStart`` after a gap, more in an
  /// overlap. Never falls from one stretch to the next.
  package let reached: Int64

  package var wallStart: Int64 { start + offset }
  package var wallEnd: Int64 { end + offset }

  fileprivate func later(by seconds: Int64) -> ClockStretch {
    ClockStretch(
      start: start + seconds, end: end + seconds, offset: offset, reached: reached + seconds)
  }
}

/// A zone's stretches, in order; a search is O(log of their number) and allocates nothing.
private final class ZoneTable: Sendable {
  /// Beyond all instants, yet far enough from the ends of `Int64` to reckon with.
  static let beginning = Int64.min / 4
  static let endless = Int64.max / 4

  /// Offsets are known from 1800, before any zone's first change.
  private static let firstListed: Int64 = -5_364_662_400
  /// The year 2500, up to which changes are looked up. By then a zone either has made its last change or
  /// follows a rule of months and weekdays, and such a rule repeats with the Gregorian calendar.
  private static let horizon: Int64 = 16_725_225_600
  /// 400 years.
  private static let cycle: Int64 = 146_097 * 86_400

  private let stretches: [ClockStretch]
  private let goesOnChanging: Bool

  private init(_ zone: TimeZone) {
    func offset(_ second: Int64) -> Int64 {
      Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }
    var stretches: [ClockStretch] = []
    var start = Self.beginning
    var probe = Self.firstListed
    var current = offset(probe)
    var reached = start + current
    // The list goes on for two years, so that every stretch that begins before the horizon has its end.
    while probe < Self.horizon + 2 * 366 * 86_400,
      let next = zone.nextDaylightSavingTimeTransition(after: Date(timeIntervalSince1970: Double(probe)))
    {
      probe = Int64(next.timeIntervalSince1970.rounded())
      let changed = offset(probe)
      guard changed != current else { continue }
      stretches.append(ClockStretch(start: start, end: probe, offset: current, reached: reached))
      reached = max(reached, probe + current)
      (start, current) = (probe, changed)
    }
    stretches.append(ClockStretch(start: start, end: Self.endless, offset: current, reached: reached))
    self.stretches = stretches
    self.goesOnChanging = start >= Self.horizon
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

  /// The stretch that holds an instant.
  func stretch(at second: Int64) -> ClockStretch {
    let shift = shift(of: second)
    return stretches[stretches.partitioningIndex { $0.start > second - shift } - 1].later(by: shift)
  }

  /// The stretch in which the clock first shows a wall second, or has first passed it.
  func stretch(reaching wall: Int64) -> ClockStretch {
    let shift = shift(of: wall)
    return stretches[stretches.partitioningIndex { $0.reached > wall - shift } - 1].later(by: shift)
  }

  /// Whole cycles to go back to where the changes are listed.
  private func shift(of second: Int64) -> Int64 {
    guard goesOnChanging, second >= Self.horizon else { return 0 }
    return ((second - Self.horizon) / Self.cycle + 1) * Self.cycle
  }
}
