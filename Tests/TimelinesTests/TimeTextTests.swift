import Foundation
import TestSupport
import Testing
import Timelines

@Test(arguments: [
  ("2026-11-02T10:00:00Z", "2026-11-02T10:00:00Z"), ("2026-11-02T10:00Z", "2026-11-02T10:00:00Z"),
  ("2026-11-02T10:00:00.987Z", "2026-11-02T10:00:00Z"), ("2026-11-02T10:00:00+01:30", "2026-11-02T08:30:00Z"),
  ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"), ("2024-02-29t00:00:00-0500", "2024-02-29T05:00:00Z"),
])
func instantsAreReadAndWritten(text: String, expected: String) throws {
  #expect(try Instant(text).description == expected)
}

@Test(arguments: [
  "", "2026-11-02", "2026-11-02T10:00", "2026-02-30T00:00:00Z", "2026-11-02T24:00:00Z", "now",
  "2026-11-02T10:00:00ZZ",
])
func badInstantsAreRefused(text: String) {
  #expect(throws: InvalidTime.self) { try Instant(text) }
}

@Test func timesWithoutZoneAreTheGivenZones() throws {
  let paris = try TimeZone(ianaName: "Europe/Paris")
  #expect(try Instant("2026-11-02T10:00", zone: paris).description == "2026-11-02T09:00:00Z")
  #expect(try Instant("2026-07-02", zone: paris).description == "2026-07-01T22:00:00Z")
  // 02:30 is skipped on 2026-03-29 (the gap ends at 03:00), and shown twice on 2026-10-25 (the first counts).
  #expect(try Instant("2026-03-29T02:30", zone: paris).description == "2026-03-29T01:00:00Z")
  #expect(try Instant("2026-10-25T02:30", zone: paris).description == "2026-10-25T00:30:00Z")
}

@Test func instantsAreOfTheYears1To9999() throws {
  #expect(try Instant("0001-01-01T00:00:00Z") == .distantPast)
  #expect(try Instant("9999-12-31T23:59:59Z") == .distantFuture)
  let paris = try TimeZone(ianaName: "Europe/Paris")
  for (text, zone) in [
    ("0001-01-01T00:00:00+14:00", nil), ("9999-12-31T23:59:59-12:00", nil), ("0001-01-01", paris),
  ] {
    let error = #expect(throws: InvalidTime.self) { try Instant(text, zone: zone) }
    #expect(error?.description == "'\(text)' is not in the years 0001 to 9999 in UTC")
  }
}

@Test func zonesAreNamedAsInTheZoneDatabase() throws {
  #expect(try TimeZone(ianaName: "UTC").ianaName == "UTC")
  let error = #expect(throws: InvalidTime.self) { try TimeZone(ianaName: "Europe/Pariss") }
  #expect(
    error?.description
      == "'Europe/Pariss' is not an IANA time zone, such as Europe/Paris; did you mean Europe/Paris?")
  #expect(throws: InvalidTime.self) { try TimeZone(ianaName: "GMT+5") }
}

@Test(arguments: [
  ("CET", "name a place with that time, such as Europe/Paris"),
  ("pst", "name a place with that time, such as America/Los_Angeles"),
  ("paris", "did you mean Europe/Paris?"), ("New York", "did you mean America/New_York?"),
  ("+02:00", "name a place, such as Europe/Paris, as an offset does not change in summer"),
  ("UTC+2", "name a place, such as Europe/Paris, as an offset does not change in summer"),
  ("europe/paris", "did you mean Europe/Paris?"), ("Mars", nil),
])
func whatIsNotAZoneIsOftenNear(text: String, hint: String?) {
  let error = #expect(throws: InvalidTime.self) { try TimeZone(ianaName: text) }
  #expect(error?.hint == hint)
}

@Test(arguments: [("30m", 1800), ("1h30m", 5400), ("2d", 172_800), ("0s", 0)])
func durations(text: String, seconds: Int64) throws {
  #expect(try DurationText.seconds(text) == seconds)
  #expect(try DurationText.seconds(DurationText.text(seconds)) == seconds)
}

@Test(arguments: ["", "m", "30x", "-5m", "5m3", "+5", "5 m", "5٣m"])
func badDurationsAreRefused(text: String) {
  #expect(throws: InvalidTime.self) { try DurationText.seconds(text) }
}

/// Also where each part is short enough, and the sum is not.
@Test(arguments: [
  "99999999999999999999", "9223372036854775807", "3652059d", "1000000000w",
  String(repeating: "500000w", count: 1000), "000000000000000000000000000000000000000000000001000000000w",
])
func absurdDurationsAreRefused(text: String) {
  let error = #expect(throws: InvalidTime.self) { try DurationText.seconds(text) }
  #expect(error?.description == "'\(text)' is not a duration of at most 3652058d")
}

/// What a number without a unit means is asked of people, not guessed.
@Test(arguments: [("2", "2h, 2m or 2s"), ("0", "such as 2h, 2m or 2s"), ("90", "90h, 90m or 90s")])
func durationsSayTheirUnit(text: String, hint: String) {
  let error = #expect(throws: InvalidTime.self) { try DurationText.seconds(text) }
  #expect(error?.description == "'\(text)' is not a duration, as it has no unit; \(hint)")
}

@Test(arguments: [("90", 90), ("0", 0), ("1h30m", 5400)])
func bareSecondsAreReadWhereTheyAreAskedFor(text: String, seconds: Int64) throws {
  #expect(try DurationText.seconds(text, bareSeconds: true) == seconds)
}

@Test func everyDateOfACycleIsItself() {
  var date = CivilDate(dayNumber: -719_468)
  for _ in 0..<146_097 {
    let (year, month, day) = date.components
    #expect(CivilDate(year: year, month: month, day: day) == date)
    date = date + 1
  }
}

@Test func daysAndMonthsOfZones() throws {
  let clock = WallClock(try TimeZone(ianaName: "Europe/Paris"))
  #expect(clock.day(try CivilDate("2026-03-29")).seconds == 23 * 3600)
  #expect(clock.day(try CivilDate("2026-10-25")).seconds == 25 * 3600)
  // Midnight is skipped in Beirut on 2024-03-31, so the day begins at 01:00; Apia had no 2011-12-30.
  let beirut = WallClock(try TimeZone(ianaName: "Asia/Beirut"))
  #expect(beirut.reading(at: beirut.start(of: try CivilDate("2024-03-31"))).hourAndMinute == "01:00")
  #expect(WallClock(try TimeZone(ianaName: "Pacific/Apia")).day(try CivilDate("2011-12-30")).isEmpty)
  #expect(clock.month(of: try CivilDate("2026-02-11")).seconds == 28 * 86_400)
}

/// One minute after midnight of 2010-11-07 the clock of St. John's was put back to 23:01: the seventh goes on.
@Test func aDayThatHasBegunGoesOnWhereTheClockIsPutBackOverMidnight() throws {
  let clock = WallClock(try TimeZone(ianaName: "America/St_Johns"))
  let putBack = try Instant("2010-11-07T02:45:00Z")
  #expect(clock.date(at: putBack) == (try CivilDate("2010-11-06")))
  let days = clock.days(in: putBack..<putBack + 90_000)
  #expect(days.map(\.date) == [try CivilDate("2010-11-07"), try CivilDate("2010-11-08")])
  #expect(days.map(\.range.seconds).reduce(0, +) == 90_000)
}

@Test(arguments: [
  "UTC", "Europe/Paris", "America/St_Johns", "Pacific/Apia", "Asia/Beirut", "America/Havana", "Asia/Gaza",
])
func theDaysOfARangeAreTheRange(zone: String) throws {
  let clock = WallClock(try TimeZone(ianaName: zone))
  var random = SplitMix64(seed: 7)
  for _ in 0..<500 {
    let start = Instant(secondsSince1970: .random(in: 1_200_000_000..<1_900_000_000, using: &random))
    let range = start..<start + .random(in: 0...400_000, using: &random)
    let days = clock.days(in: range)
    let bounds = days.flatMap { [$0.range.lowerBound, $0.range.upperBound] }
    #expect(bounds == bounds.sorted() && bounds.first == (range.isEmpty ? nil : start))
    #expect(days.reduce(0) { $0 + $1.range.seconds } == range.seconds)
    #expect(days.allSatisfy { $0.range.clamped(to: clock.day($0.date)) == $0.range && !$0.range.isEmpty })
  }
}
