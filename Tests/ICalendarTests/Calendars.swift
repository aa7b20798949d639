import Foundation
import ICalendar
import Timelines

/// A calendar with one event of these lines.
func calendar(_ lines: String...) -> String {
  (["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT"] + lines + ["END:VEVENT", "END:VCALENDAR"])
    .joined(separator: "\r\n") + "\r\n"
}

/// What a text has as problems; nothing if it is read.
func problems(_ text: String) -> [CalendarProblem] {
  do {
    _ = try CalendarFile(text)
    return []
  } catch {
    return error.problems
  }
}

extension CalendarFile {
  /// All occurrences of all events in order of their starts, as `from/until`.
  func list(_ from: String, _ until: String, zone: String = "Europe/Paris") throws -> [String] {
    let zone = try TimeZone(ianaName: zone)
    let range = try Instant(from, zone: zone)..<Instant(until, zone: zone)
    let clock = WallClock(zone)
    return events.flatMap { $0.occurrences(zone: zone).overlapping(range) }
      .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
      .map { "\(clock.reading(at: $0.lowerBound))/\(clock.reading(at: $0.upperBound))" }
  }
}
