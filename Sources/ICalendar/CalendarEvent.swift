public import Foundation
public import Timelines

/// An event of a calendar file: what it is called, and when it takes place, once or many times.
public struct CalendarEvent: Hashable, Sendable {
  /// Its SUMMARY; where it has none, its UID, else the date on which it begins.
  public let name: String
  /// Nil where it has none.
  public let uid: String?
  /// Where it begins in the file, from 1.
  public let line: Int

  let start: CalendarTime
  let length: Length
  let rule: RecurrenceRule?
  let dates: RecurrenceDates
  /// Further starts (RDATE).
  let added: [CalendarTime]
  /// Starts that do not take place (EXDATE), or that another event of the file replaces.
  var excluded: [CalendarTime]

  /// How its end is given.
  enum Length: Hashable, Sendable {
    case end(CalendarTime)
    case duration(CalendarDuration)
  }

  /// Whether it takes place on days rather than at times.
  public var isAllDay: Bool { start.isDate }

  /// When it takes place.
  /// - Parameter zone: where its days, and its times without a zone, are read.
  public func occurrences(zone: TimeZone) -> Occurrences { Occurrences(of: self, zone: zone) }
}

/// When an event takes place, in order of time.
///
/// A day is from the first instant of its date to that of the next on the zone's clock; one that the clock
/// skips does not take place. A start that the clock skips is the end of the gap, one that it shows twice the
/// first; an event with an end lasts as many seconds each time (RFC 5545, 3.8.5.3).
///
/// Every query begins where it is asked, not at the first occurrence: it costs what it returns, and a step for
/// each month without an occurrence.
public struct Occurrences: Equatable, Sendable {
  private let clock: WallClock
  private let secondOfDay: Int64
  private let length: CalendarDuration
  private let dates: RecurrenceDates?
  /// In order of time; only those that take place.
  private var added: [Start] = []
  private let excludedDates: Set<CivilDate>
  private let excludedInstants: Set<Instant>

  private struct Start: Equatable {
    let wall: WallTime
    let instant: Instant
  }

  init(of event: CalendarEvent, zone: TimeZone) {
    let clock = WallClock(event.start.zone ?? zone)
    self.clock = clock
    secondOfDay = event.start.wall.secondOfDay

    switch event.length {
    case .duration(let duration): length = duration
    case .end(.date(let end)):
      length = CalendarDuration(days: end.dayNumber - event.start.wall.date.dayNumber)
    case .end(let end):
      length = CalendarDuration(seconds: end.instant(readIn: zone) - event.start.instant(readIn: zone))
    }

    var excludedDates: Set<CivilDate> = []
    var excludedInstants: Set<Instant> = []
    for time in event.excluded {
      if event.isAllDay || time.isDate {
        excludedDates.insert(time.wall.date)
      } else {
        excludedInstants.insert(time.instant(readIn: zone))
      }
    }
    self.excludedDates = excludedDates
    self.excludedInstants = excludedInstants

    // A floating event may begin and end in one gap of the clock.
    guard length.days > 0 || length.seconds > 0 else {
      dates = nil
      return
    }
    dates = event.rule?.until.map { event.dates.until(Self.lastDate($0, of: event, clock)) } ?? event.dates
    added = event.added.map { time in
      let instant = time.instant(readIn: zone)
      return Start(wall: event.isAllDay ? time.wall : clock.reading(at: instant), instant: instant)
    }
    .filter(takesPlace)
    .sorted { $0.instant < $1.instant }
  }

  /// The last date on which an event that repeats until a time may begin.
  private static func lastDate(_ until: CalendarTime, of event: CalendarEvent, _ clock: WallClock)
    -> CivilDate
  {
    if event.isAllDay || until.isDate { return until.wall.date }
    let end = until.instant(readIn: clock.zone)
    let date = clock.date(at: end)
    let start = clock.instant(showing: WallTime(date: date, secondOfDay: event.start.wall.secondOfDay))
    return start <= end ? date : date + -1
  }

  /// The first that begins after an instant.
  public func next(after instant: Instant) -> Range<Instant>? {
    start(onOrAfter: min(max(instant, .distantPast), .distantFuture) + 1).map(range)
  }

  /// The last that begins at an instant or before; it may be over by then.
  public func latest(atOrBefore instant: Instant) -> Range<Instant>? {
    start(onOrBefore: min(max(instant, .distantPast), .distantFuture)).map(range)
  }

  /// Those that share an instant with a range, by their starts. Found one by one, as they are asked for.
  public func overlapping(_ limits: Range<Instant>) -> some Sequence<Range<Instant>> {
    let limits = limits.clamped(to: .distantPast..<(.distantFuture + 1))
    // No occurrence is longer: a clock moves by a day at most.
    let longest = (length.days + 2) * 86_400 + length.seconds
    return sequence(state: limits.lowerBound - longest) { from -> Range<Instant>? in
      while let start = start(onOrAfter: from), start.instant < limits.upperBound {
        from = start.instant + 1
        let range = range(from: start)
        if range.upperBound > limits.lowerBound { return range }
      }
      return nil
    }
  }

  private func range(from start: Start) -> Range<Instant> {
    guard length.days > 0 else { return start.instant..<(start.instant + length.seconds) }
    let wall = WallTime(date: start.wall.date + length.days, secondOfDay: start.wall.secondOfDay)
    return start.instant..<max(start.instant, clock.instant(showing: wall) + length.seconds)
  }

  private func start(onOrAfter instant: Instant) -> Start? {
    let index = added.partitioningIndex { $0.instant >= instant }
    let added = index < added.endIndex ? added[index] : nil
    // Two days earlier, as the clock may have been put back.
    var date = clock.date(at: instant) + -2
    while let found = dates?.next(onOrAfter: date) {
      let start = start(on: found)
      if let added, added.instant <= start.instant { return added }
      if start.instant >= instant, takesPlace(start) { return start }
      date = found + 1
    }
    return added
  }

  private func start(onOrBefore instant: Instant) -> Start? {
    let index = added.partitioningIndex { $0.instant > instant }
    let added = index > 0 ? added[index - 1] : nil
    var date = clock.date(at: instant) + 2
    while let found = dates?.latest(onOrBefore: date) {
      let start = start(on: found)
      if let added, added.instant >= start.instant { return added }
      if start.instant <= instant, takesPlace(start) { return start }
      date = found + -1
    }
    return added
  }

  private func start(on date: CivilDate) -> Start {
    let wall = WallTime(date: date, secondOfDay: secondOfDay)
    return Start(wall: wall, instant: clock.instant(showing: wall))
  }

  private func takesPlace(_ start: Start) -> Bool {
    !excludedInstants.contains(start.instant) && !excludedDates.contains(start.wall.date)
      && !range(from: start).isEmpty
  }
}
