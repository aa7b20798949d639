import Foundation
import Testing
import Timelines

/// Over changes of the clock and the end of a week: each second in the hour that the clock shows.
@Test(arguments: [
  ("Europe/Paris", "2026-03-28T20:17"), ("Europe/Paris", "2026-10-24T20:17"),
  ("Australia/Lord_Howe", "2026-04-04T09:59"), ("Australia/Lord_Howe", "2026-10-03T10:00"),
  ("UTC", "2026-11-01T00:00"),
])
func hoursOfTheWeekAreThoseOfTheClock(zone: String, start: String) throws {
  let clock = WallClock(try TimeZone(ianaName: zone))
  let begin = try Instant(start, zone: clock.zone)
  let range = begin..<begin + 40 * 3600 + 1234
  var reached = range.lowerBound
  HourOfWeek.forEach(in: range, on: clock) { hour, part in
    #expect(part.lowerBound == reached && !part.isEmpty)
    for second in stride(from: Int64(0), to: part.seconds, by: 60) {
      #expect(HourOfWeek(at: part.lowerBound + second, on: clock) == hour)
    }
    #expect(HourOfWeek(at: part.upperBound - 1, on: clock) == hour)
    reached = part.upperBound
  }
  #expect(reached == range.upperBound)
}
