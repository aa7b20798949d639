import Foundation
import ICalendar
import TestSupport
import Testing
import Timelines

@Test func linesAsTheyAreFoldedAndEscaped() throws {
  let text =
    "\u{FEFF}begin:vcalendar\r\n\r\nBegin:VEvent\nsummary;X-A=\"a;b:c\",d;LANGUAGE=de:Gro\r\n ß\\, schön\r\n\t\\;\\n"
    + "\\\\ok\r\nuid:1\ndtstart:20261225\nEND:VEVENT\rEND:VCALENDAR"
  let file = try CalendarFile(text)
  let event = try #require(file.events.first)
  #expect(event.name == "Groß, schön;\n\\ok")
  #expect(event.uid == "1")
  #expect(event.line == 3)
  #expect(event.isAllDay)
  #expect(file.warnings.isEmpty)
}

@Test func aFoldInsideACharacter() throws {
  let bytes = Array(calendar("SUMMARY:Fête", "DTSTART:20260714").utf8)
  let accent = try #require(bytes.firstIndex(of: 0xC3))
  let folded = bytes[...accent] + Array("\r\n ".utf8) + bytes[(accent + 1)...]
  #expect(try CalendarFile(Array(folded)).events.map(\.name) == ["Fête"])
}

@Test func aNameIsAlwaysFound() throws {
  #expect(try CalendarFile(calendar("UID:a", "DTSTART:20260101")).events.map(\.name) == ["a"])
  #expect(try CalendarFile(calendar("SUMMARY: ", "DTSTART:20260101")).events.map(\.name) == ["2026-01-01"])
}

@Test func whatIsNoEventIsPassedOver() throws {
  let text = """
    BEGIN:VCALENDAR
    X-WR-CALNAME:All
    BEGIN:VTIMEZONE
    TZID:Europe/Paris
    BEGIN:STANDARD
    DTSTART:19961027T030000
    RRULE:FREQ=HOURLY
    END:STANDARD
    END:VTIMEZONE
    BEGIN:VTODO
    this is not even a property
    BEGIN:VALARM
    END:VALARM
    END:VTODO
    BEGIN:X-NEW
    BEGIN:VEVENT
    END:VEVENT
    END:X-NEW
    BEGIN:VEVENT
    DTSTART:20260101
    X-UNKNOWN;A=B:c
    BEGIN:VALARM
    DTSTART:garbage
    END:VALARM
    END:VEVENT
    END:VCALENDAR
    BEGIN:VCALENDAR
    BEGIN:VEVENT
    DTSTART:20260102
    END:VEVENT
    END:VCALENDAR
    """
  #expect(try CalendarFile(text).events.map(\.line) == [19, 28])
}

@Test(arguments: [
  ("", 1, "the file is empty", "a calendar begins with BEGIN:VCALENDAR"),
  (
    "\n\n<!DOCTYPE html>\n<html>", 3, "this is a web page or XML, not a calendar",
    "download the .ics file itself; its link may need a login"
  ),
  ("PK\u{3}\u{4}", 1, "this is a ZIP archive", "unpack it, and give the .ics file inside"),
  ("date,name\n", 1, "a calendar begins with BEGIN:VCALENDAR; this does not", nil),
  (
    "BEGIN:VCALENDAR\n  BEGIN:VEVENT\n", 1,
    "the second line begins with a space, which makes it a part of the first",
    "begin every line without spaces"
  ),
  (
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n", 2,
    "this VEVENT has no END:VEVENT: the file seems to be cut off at its end", "download or export it again"
  ),
  (
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nBEGIN:VEVENT\n", 2,
    "this VEVENT has no END:VEVENT before line 4 begins the next one", nil
  ),
  (
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", 3,
    "END:VCALENDAR where the VEVENT of line 2 is still open", "put END:VEVENT before it"
  ),
  (
    "BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n", 3, "nothing is open that END:VCALENDAR could close",
    nil
  ),
  (
    "BEGIN:VCALENDAR\nEND:VCALENDAR\nVERSION:2.0\n", 3, "this stands outside of a calendar",
    "a calendar ends with END:VCALENDAR"
  ),
]) func aFileThatIsNoCalendar(text: String, line: Int, message: String, hint: String?) {
  let found = problems(text)
  #expect(found.map(\.line) == [line])
  #expect(found.map(\.message) == [message])
  #expect(found.map(\.hint) == [hint])
}

@Test func bytesThatAreNotUTF8() throws {
  #expect(throws: InvalidCalendar.self) { try CalendarFile([0xFF, 0xFE, 0x42, 0x00]) }
  var bytes = Array(calendar("SUMMARY:F?te", "DTSTART:20260714").utf8)
  let mark = try #require(bytes.firstIndex(of: UInt8(ascii: "?")))
  bytes[mark] = 0xEA
  let file = try CalendarFile(bytes)
  #expect(file.events.map(\.name) == ["F\u{FFFD}te"])
  #expect(file.warnings.map(\.message) == ["the file is not UTF-8: some names are not as they were"])
}

@Test func allProblemsAtOnce() {
  let text = """
    BEGIN:VCALENDAR
    BEGIN:VEVENT
    DTSTART:20260230
    RRULE:FREQ=SECONDLY
    what is this
    END:VEVENT
    BEGIN:VEVENT
    SUMMARY:never
    END:VEVENT
    END:VCALENDAR
    """
  #expect(
    problems(text).map(\.description) == [
      "line 3: the calendar has no day '20260230'",
      "line 4: events that repeat within a day (FREQ=SECONDLY) are not read; write a rule with cron instead",
      "line 5: this is not a property, such as SUMMARY:New Year; where it belongs to the line before, "
        + "begin it with a space",
      "line 7: the event has no DTSTART, so nobody knows when it takes place",
    ])
}

@Test(arguments: [
  (
    "DTSTART:2026-12-25",
    "'2026-12-25' is not a date such as 20261225 or a time such as 20261225T180000Z; write 20261225"
  ),
  ("DTSTART:00000101", "the calendar has no day '00000101'"),
  ("DTSTART:20261225T240000", "no clock shows '240000'; a day ends at T235959"),
  ("DTSTART;TZID=\"Nowhere:20261225T100000", "the quote of TZID never closes"),
  ("DTSTART;TZID:20261225T100000", "after ';' there is no parameter, such as VALUE=DATE"),
  ("DTSTART;TZID=Europe/Paris", "'DTSTART' has no value, which would follow a ':'"),
  (
    "DTSTART;TZID=Middle Earth:20261225T100000",
    "TZID 'Middle Earth' is no time zone that is known; name a place, such as TZID=Europe/Paris, "
      + "or add X-WR-TIMEZONE:Europe/Paris to the calendar"
  ),
  ("DTSTART:20260101\r\nDURATION:-P1D", "an event can't last '-P1D'"),
  ("DTSTART:20260101\r\nDURATION:P", "'P' is not a duration such as P1D or PT1H30M"),
  ("DTSTART:20260101\r\nDURATION:P99999999999999999999W", "'P99999999999999999999W' is longer than all time"),
  ("DTSTART:20260101\r\nDURATION:P9999999D", "'P9999999D' is longer than all time"),
  ("DTSTART:20260101\r\nDURATION:PT1H", "an event of whole days lasts whole days; such as DURATION:P1D"),
  ("DTSTART:20260102\r\nDTEND:20260101", "the event ends before it begins"),
  (
    "DTSTART:20260102\r\nDTEND:20260103T000000",
    "DTSTART is a date and DTEND a time; give both in the same form"
  ),
  (
    "DTSTART:20260102T000000\r\nDTEND:20260103T000000Z",
    "of DTSTART and DTEND only one has a zone; give it to both"
  ),
  (
    "DTSTART:20260102\r\nDTEND:20260103\r\nDURATION:P1D",
    "the event has a DTEND and a DURATION; leave out one of them"
  ),
  ("DTSTART:20260102\r\nDTSTART:20260103", "the event has a second DTSTART; the first is in line 4"),
  (
    "DTSTART:20260102\r\nRDATE:20260103T100000",
    "DTSTART is a date and RDATE a time; give both in the same form"
  ),
  (
    "DTSTART:20260102T100000\r\nRDATE;VALUE=PERIOD:20260103T100000/PT1H",
    "periods in RDATE are not read; write each as an event of its own"
  ),
  ("DTSTART:20260102\r\nEXRULE:FREQ=DAILY", "EXRULE is not read; list the dates in EXDATE"),
  (
    "DTSTART:20260102\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260102",
    "changes of this and all later occurrences (RANGE) are not read; end the rule of the old event with "
      + "UNTIL, and begin a new one"
  ),
]) func aPropertyThatIsNotRead(lines: String, message: String) {
  let found = problems(calendar(lines))
  #expect(found.first.map { "\($0.message)" + ($0.hint.map { "; \($0)" } ?? "") } == message)
}

/// Whatever stands in a file, it is read or refused, with a place in it.
@Test(arguments: 1...40 as ClosedRange<UInt64>) func anyBytesAreReadOrRefused(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let parts = [
    "BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "BEGIN:VALARM\n",
    "DTSTART",
    ";VALUE=DATE", ";TZID=Europe/Paris", ";TZID=\"", ":20260101", ":00010101", ":99991231T235959Z", "\r\n",
    "\n ",
    "\r\n\t", "RRULE:", "FREQ=DAILY;", "FREQ=YEARLY;", "INTERVAL=0;", "INTERVAL=999999999;",
    "COUNT=999999999;",
    "BYDAY=-53SU,MO;", "BYMONTHDAY=-31,31;", "BYSETPOS=-366;", "UNTIL=99991231T235959Z;", "UNTIL=00010101;",
    "DURATION:P3652058D", "DURATION:PT9999999999S", "DTEND:99991231", "RDATE:99991231,00010101",
    "EXDATE:20260101",
    "RECURRENCE-ID:20260101", "UID:1\n", "SEQUENCE:9223372036854775807\n", "STATUS:CANCELLED\n", "\u{0}", "ß",
    "\\", ",",
  ]
  let sample = Array(
    calendar(
      "UID:1", "DTSTART;TZID=Europe/Paris:20260329T023000", "DURATION:P1DT1H", "SUMMARY:Fête\\, folded",
      "RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO,-1FR;COUNT=30", "EXDATE;VALUE=DATE:20260401",
      "RDATE;TZID=America/New_York:20260704T120000", "RECURRENCE-ID:20260101T000000Z"
    ).utf8)
  let zone = try TimeZone(ianaName: "America/Sao_Paulo")
  for _ in 0..<40 {
    var bytes = sample
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes.insert(contentsOf: (parts.randomElement(using: &random) ?? "").utf8, at: place)
      case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...30, using: &random)))
      default: if Int.random(in: 0..<5, using: &random) == 0 { bytes.removeSubrange(place...) }
      }
    }
    do throws(InvalidCalendar) {
      for event in try CalendarFile(bytes).events {
        let occurrences = event.occurrences(zone: zone)
        let now = Instant(
          secondsSince1970: Int64.random(in: -62_200_000_000...253_500_000_000, using: &random))
        if let next = occurrences.next(after: now) { #expect(next.lowerBound > now && !next.isEmpty) }
        if let latest = occurrences.latest(atOrBefore: now) { #expect(latest.lowerBound <= now) }
        let range = now..<(now + 40_000_000)
        #expect(occurrences.overlapping(range).prefix(20).allSatisfy { $0.overlaps(range) })
        _ = occurrences.overlapping(.distantPast..<(.distantFuture)).prefix(20).map(\.seconds)
      }
    } catch {
      let lines = bytes.count { $0 == 10 || $0 == 13 } + 1
      #expect(!error.problems.isEmpty && error.problems.allSatisfy { (1...lines).contains($0.line) })
    }
  }
}
