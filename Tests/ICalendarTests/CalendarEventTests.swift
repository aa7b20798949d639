import Foundation
import ICalendar
import Testing
import Timelines

private func list(
  _ lines: String..., from: String = "2026-01-01", until: String = "2027-01-01", zone: String = "Europe/Paris"
) throws -> [String] {
  try CalendarFile(calendar(lines.joined(separator: "\r\n"))).list(from, until, zone: zone)
}

@Test func daysAreThoseOfTheZoneGiven() throws {
  let lines = "DTSTART;VALUE=DATE:20260329\r\nDTEND;VALUE=DATE:20260331"
  #expect(try list(lines) == ["2026-03-29 00:00/2026-03-31 00:00"])
  let event = try #require(try CalendarFile(calendar(lines)).events.first)
  let paris = try #require(
    event.occurrences(zone: TimeZone(ianaName: "Europe/Paris")).next(after: .distantPast))
  #expect(paris == (try Instant("2026-03-28T23:00Z")..<Instant("2026-03-30T22:00Z")))
  let tokyo = try #require(
    event.occurrences(zone: TimeZone(ianaName: "Asia/Tokyo")).next(after: .distantPast))
  #expect(tokyo == (try Instant("2026-03-28T15:00Z")..<Instant("2026-03-30T15:00Z")))
}

@Test func aDayThatTheClockSkipsDoesNotTakePlace() throws {
  let found = try list(
    "DTSTART:20111229", "RRULE:FREQ=DAILY;COUNT=3", "RDATE:20111230", from: "2011-12-01", until: "2012-02-01",
    zone: "Pacific/Apia")
  #expect(found == ["2011-12-29 00:00/2011-12-31 00:00", "2011-12-31 00:00/2012-01-01 00:00"])
}

@Test(arguments: [
  ("DTSTART:20260101T100000Z", "11:00"), ("DTSTART:20260101T100000", "10:00"),
  ("DTSTART;TZID=Asia/Tokyo:20260101T100000", "02:00"), ("DTSTART;TZID=Asia/Tokyo:20260101T100000Z", "11:00"),
  ("DTSTART;TZID=\"W. Europe Standard Time\":20260101T100000", "10:00"),
  ("DTSTART;tzid=GMT Standard Time:20260101T100000", "11:00"),
  ("DTSTART;TZID=Central Standard Time (Mexico):20260101T100000", "17:00"),
  ("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/London:20260101T100000", "11:00"),
  ("DTSTART;TZID=/example.org/2026_1/America/Argentina/Buenos_Aires:20260101T100000", "14:00"),
  ("DTSTART;TZID=UTC:20260101T100000", "11:00"), ("DTSTART;TZID=GMT:20260101T100000", "11:00"),
]) func timesAreThoseOfTheirZone(start: String, expected: String) throws {
  #expect(try list(start, "DURATION:PT1M").map { $0.prefix(16) } == ["2026-01-01 \(expected)"])
}

@Test func aZoneOfThisCalendarOnly() throws {
  let named = """
    BEGIN:VCALENDAR
    BEGIN:VEVENT
    DTSTART;TZID=Office:20260101T100000
    DURATION:PT1H
    END:VEVENT
    BEGIN:VTIMEZONE
    TZID:Office
    X-LIC-LOCATION:Asia/Tokyo
    END:VTIMEZONE
    END:VCALENDAR
    """
  #expect(try CalendarFile(named).list("2026-01-01", "2027-01-01") == ["2026-01-01 02:00/2026-01-01 03:00"])
  #expect(try CalendarFile(named).warnings.isEmpty)
  let shown = named.replacing("X-LIC-LOCATION", with: "X-OTHER")
  #expect(problems(shown).map(\.line) == [3])
  let file = try CalendarFile(
    shown.replacing("END:VCALENDAR", with: "X-WR-TIMEZONE:Asia/Tokyo\nEND:VCALENDAR"))
  #expect(try file.list("2026-01-01", "2027-01-01") == ["2026-01-01 02:00/2026-01-01 03:00"])
  #expect(
    file.warnings.map(\.message) == [
      "TZID 'Office' is no time zone that is known: read as the calendar's, Asia/Tokyo"
    ])
}

@Test func clocksThatChange() throws {
  // 02:30 is skipped on 29 March, and comes twice on 25 October.
  let gap = try list(
    "DTSTART;TZID=Europe/Paris:20260328T023000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3")
  #expect(
    gap == [
      "2026-03-28 02:30/2026-03-28 03:30", "2026-03-29 03:00/2026-03-29 04:00",
      "2026-03-30 02:30/2026-03-30 03:30",
    ])
  let overlap = try CalendarFile(calendar("DTSTART;TZID=Europe/Paris:20261025T023000", "DURATION:PT1H"))
  let first = overlap.events.first?.occurrences(zone: .gmt).next(after: .distantPast)
  #expect(first == (try Instant("2026-10-25T00:30Z")..<Instant("2026-10-25T01:30Z")))
}

@Test func howLongAnEventLasts() throws {
  // An end counts in seconds, so that the shortest night ends later; days of a duration are days of the clock.
  #expect(
    try list(
      "DTSTART;TZID=Europe/Paris:20260327T220000", "DTEND;TZID=Europe/Paris:20260328T060000",
      "RRULE:FREQ=DAILY;COUNT=2")
      == ["2026-03-27 22:00/2026-03-28 06:00", "2026-03-28 22:00/2026-03-29 07:00"])
  #expect(try list("DTSTART:20260328T220000", "DURATION:P1D") == ["2026-03-28 22:00/2026-03-29 22:00"])
  #expect(try list("DTSTART:20260328T220000", "DURATION:PT24H") == ["2026-03-28 22:00/2026-03-29 23:00"])
  #expect(try list("DTSTART:20260328", "DURATION:P1W") == ["2026-03-28 00:00/2026-04-04 00:00"])
  #expect(try list("DTSTART:20260328", "DURATION:PT48H") == ["2026-03-28 00:00/2026-03-30 00:00"])
  // Zones may differ: a flight.
  #expect(
    try list("DTSTART;TZID=Europe/Paris:20260701T100000", "DTEND;TZID=America/New_York:20260701T120000")
      == ["2026-07-01 10:00/2026-07-01 18:00"])
}

@Test func eventsThatTakeNoTime() throws {
  for lines in [
    "DTSTART:20260101T100000Z", "DTSTART:20260101T100000Z\r\nDTEND:20260101T100000Z",
    "DTSTART:20260101T100000Z\r\nDURATION:PT0S",
  ] {
    let file = try CalendarFile(calendar(lines))
    #expect(file.events.isEmpty)
    #expect(
      file.warnings.map(\.message) == [
        "the calendar has no events", "the event takes no time, and is passed over",
      ])
  }
  let day = try CalendarFile(calendar("DTSTART:20260101", "DTEND:20260101"))
  #expect(try day.list("2026-01-01", "2027-01-01") == ["2026-01-01 00:00/2026-01-02 00:00"])
  #expect(day.warnings.map(\.line) == [5])
  // Both in the gap of one clock.
  #expect(try list("DTSTART:20260329T021000", "DTEND:20260329T022000", "RRULE:FREQ=YEARLY") == [])
}

@Test func untilIsTheLastStart() throws {
  let daily = "DTSTART;TZID=Europe/Paris:20260101T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL="
  #expect(try list(daily + "20260103T080000Z").count == 3)
  #expect(try list(daily + "20260103T075959Z").count == 2)
  #expect(try list(daily + "20260103T090000").count == 3)
  #expect(try list(daily + "20260103").count == 3)
  #expect(try list("DTSTART:20260101\r\nRRULE:FREQ=DAILY;UNTIL=20260103T000000Z").count == 3)
}

@Test func datesAddedAndLeftOut() throws {
  #expect(
    try list(
      "DTSTART:20260101", "RRULE:FREQ=DAILY;COUNT=4", "RDATE:20260201,20260103", "EXDATE:20260102T000000Z",
      "EXDATE:20260101")
      == [
        "2026-01-03 00:00/2026-01-04 00:00", "2026-01-04 00:00/2026-01-05 00:00",
        "2026-02-01 00:00/2026-02-02 00:00",
      ])
  #expect(
    try list(
      "DTSTART:20260101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE;VALUE=DATE:20260102",
      "EXDATE;TZID=Asia/Tokyo:20260103T180000")
      == ["2026-01-01 10:00/2026-01-01 11:00", "2026-01-04 10:00/2026-01-04 11:00"])
}

@Test func eventsThatReplaceOccurrences() throws {
  func event(_ lines: String) -> String { "BEGIN:VEVENT\nUID:a\n\(lines)\nEND:VEVENT\n" }
  let text =
    "BEGIN:VCALENDAR\n" + event("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=5")
    + event("RECURRENCE-ID:20260102T090000Z\nDTSTART:20260110T090000Z\nDURATION:PT1H\nSUMMARY:moved")
    + event("RECURRENCE-ID:20260103T090000Z\nSTATUS:CANCELLED\nRRULE:FREQ=HOURLY")
    + event("RECURRENCE-ID:20260104T090000Z\nDTSTART:20260111T090000Z\nDURATION:PT1H")
    + event("RECURRENCE-ID:20260104T090000Z\nSEQUENCE:1\nDTSTART:20260112T090000Z")
    + "END:VCALENDAR\n"
  #expect(
    try CalendarFile(text).list("2026-01-01", "2027-01-01", zone: "UTC") == [
      "2026-01-01 09:00/2026-01-01 10:00", "2026-01-05 09:00/2026-01-05 10:00",
      "2026-01-10 09:00/2026-01-10 10:00",
    ])
}

@Test func cancelledEventsAreLeftOutAndTransparentOnesAreNot() throws {
  #expect(try list("DTSTART:20260101", "STATUS:cancelled") == [])
  #expect(try list("DTSTART:20260101", "TRANSP:TRANSPARENT").count == 1)
}
