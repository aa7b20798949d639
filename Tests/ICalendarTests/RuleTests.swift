import Foundation
import ICalendar
import TestSupport
import Testing
import Timelines

/// The first dates of a rule, by way of a file.
private func dates(_ first: String, _ rule: String, count: Int = 8) throws -> [String] {
  let file = try CalendarFile(
    calendar("DTSTART;VALUE=DATE:\(first.replacing("-", with: ""))", "RRULE:\(rule)"))
  let occurrences = try #require(file.events.first).occurrences(zone: .gmt)
  return occurrences.overlapping(.distantPast..<(.distantFuture)).prefix(count).map {
    "\(WallTime(secondsSinceEpoch: $0.lowerBound.secondsSince1970).date)"
  }
}

@Test(arguments: [
  // Leap days, and days that a month lacks, are left out.
  ("2024-02-29", "FREQ=YEARLY;COUNT=3", "2024-02-29 2028-02-29 2032-02-29"),
  ("2026-01-31", "FREQ=MONTHLY;COUNT=4", "2026-01-31 2026-03-31 2026-05-31 2026-07-31"),
  ("2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2026-01-31 2026-02-28 2026-03-31"),
  // Thanksgiving, Memorial Day, Mother's Day.
  ("2026-11-26", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3", "2026-11-26 2027-11-25 2028-11-23"),
  ("2026-05-25", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2", "2026-05-25 2027-05-31"),
  ("2026-11-26", "FREQ=YEARLY;BYMONTH=11;BYDAY=TH;BYSETPOS=4;COUNT=2", "2026-11-26 2027-11-25"),
  // Of the year, not of a month.
  ("2026-05-18", "FREQ=YEARLY;BYDAY=20MO;COUNT=3", "2026-05-18 2027-05-17 2028-05-15"),
  ("2026-12-27", "FREQ=YEARLY;BYDAY=-1SU;COUNT=2", "2026-12-27 2027-12-26"),
  ("2026-02-13", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", "2026-02-13 2026-03-13 2026-11-13"),
  ("2026-01-30", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", "2026-01-30 2026-02-27"),
  // Where weeks begin decides which are every second one.
  (
    "1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
    "1997-08-05 1997-08-10 1997-08-19 1997-08-24"
  ),
  (
    "1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
    "1997-08-05 1997-08-17 1997-08-19 1997-08-31"
  ),
  ("2026-12-30", "FREQ=DAILY;INTERVAL=2;UNTIL=20270103", "2026-12-30 2027-01-01 2027-01-03"),
  ("2026-12-30", "FREQ=DAILY;BYMONTH=1;BYDAY=SA;COUNT=3", "2026-12-30 2027-01-02 2027-01-09"),
  // Numbers beyond all years.
  ("2026-01-01", "FREQ=YEARLY;INTERVAL=999999999", "2026-01-01"),
  ("9998-06-01", "FREQ=YEARLY;COUNT=999999999", "9998-06-01 9999-06-01"),
  ("2026-02-01", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", "2026-02-01"),
  ("2026-01-01", "freq=weekly;until=20251231", ""),
]) func rule(first: String, rule: String, expected: String) throws {
  #expect(try dates(first, rule) == expected.split(separator: " ").map(String.init))
}

@Test func rulesAsAnotherImplementationHasThem() throws {
  let url = try #require(Bundle.module.url(forResource: "rule-examples", withExtension: "txt"))
  let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { $0.first != "#" }
  #expect(lines.count == 150)
  for line in lines {
    let parts = line.split(separator: " ").map(String.init)
    // The examples end with the year 2200.
    let found = try dates(parts[0], parts[1]).filter { $0 < "2201" }
    #expect(found == parts[2].split(separator: ",").map(String.init), "\(line)")
  }
}

@Test(arguments: 1...60 as ClosedRange<UInt64>) func bothWaysFindTheSame(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let frequency = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"].randomElement(using: &random) ?? "DAILY"
  var rule = "FREQ=\(frequency);INTERVAL=\(Int.random(in: 1...5, using: &random))"
  if Bool.random(using: &random) { rule += ";BYMONTH=\(Int.random(in: 1...12, using: &random))" }
  if Bool.random(using: &random) { rule += ";BYDAY=MO,TH" }
  if Bool.random(using: &random) { rule += ";COUNT=\(Int.random(in: 1...40, using: &random))" }
  let file = try CalendarFile(
    calendar(
      "DTSTART;TZID=Europe/Paris:20200329T023000", "DURATION:PT1H", "RRULE:\(rule)",
      "EXDATE;VALUE=DATE:20200330,20210101", "RDATE;TZID=Europe/Paris:20210704T120000,20200329T023000"))
  let occurrences = try #require(file.events.first).occurrences(zone: .gmt)
  let range = try Instant("2020-01-01T00:00:00Z")..<Instant("2030-01-01T00:00:00Z")
  let listed = Array(occurrences.overlapping(range))
  #expect(!listed.isEmpty)
  var forward: [Range<Instant>] = []
  var instant = range.lowerBound
  while let next = occurrences.next(after: instant), next.lowerBound < range.upperBound {
    forward.append(next)
    instant = next.lowerBound
  }
  #expect(forward == listed)
  var backward: [Range<Instant>] = []
  instant = range.upperBound - 1
  while let latest = occurrences.latest(atOrBefore: instant) {
    backward.append(latest)
    instant = latest.lowerBound - 1
  }
  #expect(backward.reversed() == listed)
  // A part of the range gives a part of the occurrences.
  let start = range.lowerBound + Int64.random(in: 0..<range.seconds, using: &random)
  let part = start..<(start + Int64.random(in: 1..<100_000_000, using: &random))
  #expect(Array(occurrences.overlapping(part.clamped(to: range))) == listed.filter { $0.overlaps(part) })
}

@Test(arguments: [
  ("COUNT=3", "the rule has no FREQ, such as FREQ=YEARLY"),
  ("FREQ=HOURLY", "events that repeat within a day (FREQ=HOURLY) are not read"),
  ("FREQ=OFTEN", "'OFTEN' is not a FREQ: YEARLY, MONTHLY, WEEKLY or DAILY"),
  ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0 is not a number from 1 to 999999999"),
  ("FREQ=DAILY;COUNT=99999999999999999999", "COUNT=99999999999999999999 is not a number from 1 to 999999999"),
  ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO is not read in a rule"),
  ("FREQ=YEARLY;BYYEARDAY=1", "BYYEARDAY is not read in a rule"),
  ("FREQ=DAILY;BYHOUR=9", "BYHOUR is not read in a rule"),
  (
    "FREQ=YEARLY;BYSETPOS=1;BYDAY=MO",
    "BYSETPOS is read only with FREQ=MONTHLY, and with FREQ=YEARLY and one BYMONTH"
  ),
  ("RSCALE=HEBREW;FREQ=YEARLY", "rules of other calendars (RSCALE) are not read"),
  ("FREQ=WEEKLY;BYDAY=1MO", "a numbered BYDAY goes with FREQ=MONTHLY or YEARLY only"),
  ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY does not go with FREQ=WEEKLY"),
  ("FREQ=MONTHLY;BYDAY=MX", "'MX' is not a weekday: MO, TU, WE, TH, FR, SA or SU"),
  ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY=0 is not a number from 1 to 31, or -1 to -31"),
  ("FREQ=MONTHLY;BYMONTH=13", "BYMONTH=13 is not a number from 1 to 12"),
  ("FREQ=MONTHLY;FREQ=DAILY", "FREQ stands twice in the rule"),
  ("FREQ=MONTHLY;COLOR=RED", "'COLOR' is not a part of a rule that is known"),
  ("YEARLY", "'YEARLY' is not a part of a rule, such as FREQ=YEARLY"),
  (
    "FREQ=YEARLY;UNTIL=2026-12-31",
    "'2026-12-31' is not a date such as 20261225 or a time such as 20261225T180000Z"
  ),
]) func ruleThatIsNotRead(rule: String, message: String) {
  let found = problems(calendar("DTSTART;VALUE=DATE:20260101", "RRULE:\(rule)"))
  #expect(found.map(\.message) == [message])
  #expect(found.first?.line == 5)
  #expect(found.first?.source == "RRULE:\(rule)")
}

@Test func rulesThatTakeTooLongAreRefused() {
  let event = "BEGIN:VEVENT\nDTSTART:00010101\nRRULE:FREQ=YEARLY;BYMONTH=1;COUNT=9999\nEND:VEVENT\n"
  let found = problems("BEGIN:VCALENDAR\n" + String(repeating: event, count: 700) + "END:VCALENDAR\n")
  #expect(found.count == 100)
  #expect(found.first?.message == "the rules up to this one go on for too many years to be counted")
}

@Test func aFirstDayBesideTheRuleCounts() throws {
  #expect(
    try dates("2026-01-01", "FREQ=WEEKLY;BYDAY=MO;COUNT=3") == ["2026-01-01", "2026-01-05", "2026-01-12"])
  let file = try CalendarFile(calendar("DTSTART:20260101", "RRULE:FREQ=WEEKLY;BYDAY=MO"))
  #expect(
    file.warnings.map(\.description) == [
      "line 5: the rule does not give the event's own first day, 2026-01-01, which counts nevertheless; "
        + "begin on a day of the rule"
    ])
}
