public import Foundation
public import Timelines

/// The time that a report is about, and the time that it is compared with: like with like.
///
/// A month is compared with the month before, any other range with the time of equal length before it. While
/// the period is running, only as much of the other counts as has passed of this one: the same days, up to the
/// same time of day.
public struct ReportPeriod: Hashable, Sendable {
  /// All of it, also what is still to come.
  public let range: Range<Instant>
  /// Its days are the report's days.
  public let zone: TimeZone
  public let now: Instant
  /// What it is compared with.
  public let comparison: Range<Instant>
  /// The first day, if the period is a month.
  public let month: CivilDate?

  /// - Parameter month: any day of it.
  public init(month: CivilDate, zone: TimeZone, now: Instant) {
    let clock = WallClock(zone)
    self.init(
      clock.month(of: month), after: clock.start(of: month.startOfPreviousMonth), month: month.startOfMonth,
      zone: zone, now: now)
  }

  public init(_ range: Range<Instant>, zone: TimeZone, now: Instant) {
    let clock = WallClock(zone)
    let length = Self.wallSeconds(range, clock)
    let before = WallTime(
      secondsSinceEpoch: clock.reading(at: range.lowerBound).secondsSinceEpoch - length)
    self.init(range, after: clock.instant(showing: before), month: nil, zone: zone, now: now)
  }

  private init(
    _ range: Range<Instant>, after start: Instant, month: CivilDate?, zone: TimeZone, now: Instant
  ) {
    (self.range, self.zone, self.now, self.month) = (range, zone, now, month)
    let start = min(start, range.lowerBound)
    guard now < range.upperBound else {
      comparison = start..<range.lowerBound
      return
    }
    let clock = WallClock(zone)
    let passed = Self.wallSeconds(range.lowerBound..<max(now, range.lowerBound), clock)
    let end = clock.instant(
      showing: WallTime(secondsSinceEpoch: clock.reading(at: start).secondsSinceEpoch + passed))
    comparison = start..<min(max(end, start), range.lowerBound)
  }

  /// What a clock on the wall moves on, so that days are days also where one has 23 hours.
  private static func wallSeconds(_ range: Range<Instant>, _ clock: WallClock) -> Int64 {
    clock.reading(at: range.upperBound).secondsSinceEpoch
      - clock.reading(at: range.lowerBound).secondsSinceEpoch
  }

  /// The part that has passed; empty before it begins.
  public var elapsed: Range<Instant> { range.clamped(to: .distantPast..<max(now, .distantPast)) }

  public var hasBegun: Bool { range.lowerBound < now }
  /// Begun and not over.
  public var isRunning: Bool { hasBegun && now < range.upperBound }

  /// The days of the zone that have begun, each with the part of it that is in the period.
  public var days: [(date: CivilDate, range: Range<Instant>)] {
    WallClock(zone).days(in: range).filter { $0.range.lowerBound < elapsed.upperBound }
  }
}

// MARK: What people call it

extension ReportPeriod {
  /// `October 2026`, or `2026-10-05 until 2026-10-12`.
  public var title: String {
    month.map(Self.title(ofMonth:)) ?? "\(day(range.lowerBound)) until \(day(range.upperBound))"
  }

  /// A column's head for the period: `October 2026`, or `this time`.
  var name: String { month.map(Self.title(ofMonth:)) ?? "this time" }

  /// A column's head for what it is compared with: `September 2026`, or `time before`.
  var comparisonName: String {
    guard let month else { return isRunning ? "same time before" : "time before" }
    let before = Self.title(ofMonth: month.startOfPreviousMonth)
    return isRunning ? "\(before), same days" : before
  }

  /// Goes on after “less than in”: `September`, `the same days of September`, `the 7 days before`.
  var comparisonPhrase: String {
    guard let month else {
      let seconds = Self.wallSeconds(range, WallClock(zone))
      if isRunning { return "the same time before" }
      return seconds % 86_400 == 0
        ? "the \(NumberText.count(Int(seconds / 86_400), "day")) before" : "the time before"
    }
    let before = month.startOfPreviousMonth
    let name = before.year == month.year ? Self.names[before.month - 1] : Self.title(ofMonth: before)
    return isRunning ? "the same days of \(name)" : name
  }

  /// An instant as the zone's clock shows it: `2026-10-05`, or `2026-10-05 08:30` where it is not midnight.
  func day(_ instant: Instant) -> String {
    let wall = WallClock(zone).reading(at: instant)
    return wall.secondOfDay == 0 ? "\(wall.date)" : "\(wall)"
  }

  /// An instant as the zone's clock shows it, to the minute: `2026-10-05 08:30`.
  func minute(_ instant: Instant) -> String {
    let wall = WallClock(zone).reading(at: instant)
    return "\(wall.date) \(wall.hourAndMinute)"
  }

  private static func title(ofMonth month: CivilDate) -> String { "\(names[month.month - 1]) \(month.year)" }

  private static let names = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
  ]
}
