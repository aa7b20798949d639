import ICalendar
import TestSupport
import Testing
import Timelines

@Test func aFeedAsItIsWritten() throws {
  let feed = CalendarFeed(
    name: "acme/chat; rules",
    events: [
      .init(
        uid: "1@spaceplan", summary: "a10g-small, 30m", description: "one\ntwo\\three\u{7}",
        categories: ["GPU", "a,b"], range: try Instant("2026-11-02T08:00Z")..<Instant("2026-11-02T19:00Z")),
      .init(uid: "2", summary: "now", range: try Instant("2026-11-02T08:00Z")..<Instant("2026-11-02T08:00Z")),
    ])
  let text = try feed.text(now: Instant("2026-11-01T00:00:00Z"))
  #expect(
    text
      == """
      BEGIN:VCALENDAR
      VERSION:2.0
      PRODID:-//spaceplan//spaceplan//EN
      CALSCALE:GREGORIAN
      METHOD:PUBLISH
      X-WR-CALNAME:acme/chat\\; rules
      BEGIN:VEVENT
      UID:1@spaceplan
      DTSTAMP:20261101T000000Z
      DTSTART:20261102T080000Z
      DTEND:20261102T190000Z
      SUMMARY:a10g-small\\, 30m
      DESCRIPTION:one\\ntwo\\\\three
      CATEGORIES:GPU,a\\,b
      TRANSP:TRANSPARENT
      END:VEVENT
      BEGIN:VEVENT
      UID:2
      DTSTAMP:20261101T000000Z
      DTSTART:20261102T080000Z
      SUMMARY:now
      TRANSP:TRANSPARENT
      END:VEVENT
      END:VCALENDAR

      """.replacing("\n", with: "\r\n"))
}

@Test(arguments: 1...100 as ClosedRange<UInt64>) func whatIsWrittenIsReadBack(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let letters: [String] = ["a", "ß", "é", "\u{301}", "👩‍🔬", ",", ";", "\\", "\n", ":", "\"", " b", "n", "日本"]
  func text(_ length: Int) -> String {
    "x" + (0..<length).map { _ in letters.randomElement(using: &random) ?? "" }.joined() + "x"
  }
  let events = (0..<5).map { number in
    let start = Instant(secondsSince1970: Int64.random(in: -60_000_000_000...250_000_000_000, using: &random))
    return CalendarFeed.Event(
      uid: "\(number)" + text(3), summary: text(Int.random(in: 0...120, using: &random)),
      description: text(90),
      range: start..<(start + Int64.random(in: 1...10_000_000, using: &random)))
  }
  let written = CalendarFeed(name: text(80), events: events).text(now: .distantPast)
  for line in written.split(separator: "\r\n") { #expect(line.utf8.count <= 75) }
  let file = try CalendarFile(written)
  #expect(file.warnings.isEmpty)
  #expect(file.events.map(\.name) == events.map(\.summary))
  #expect(file.events.map(\.uid) == events.map(\.uid))
  #expect(file.events.map { $0.occurrences(zone: .gmt).next(after: .distantPast) } == events.map(\.range))
}
