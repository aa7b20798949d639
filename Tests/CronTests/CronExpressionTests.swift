import Cron
import Foundation
import Testing
import Timelines

@Test(arguments: [
  ("0 8 * * MON-FRI", "At 08:00, Monday to Friday"),
  ("0 9 * * *", "At 09:00, every day"),
  ("0,30 8,18 * * 0,6", "At 08:00, 08:30, 18:00 and 18:30, Saturday and Sunday"),
  ("* * * * *", "Every minute"),
  ("*/15 * * * *", "Every 15 minutes"),
  ("*/15 9-17 * * MON-FRI", "Every 15 minutes from 09:00 to 17:59, Monday to Friday"),
  ("* 2,4 * * *", "Every minute from 02:00 to 02:59 and 04:00 to 04:59"),
  ("@hourly", "Every hour"),
  ("0 */2 * * *", "Every 2 hours"),
  ("5 * * * *", "At minute 5 of every hour, every day"),
  ("*/40 * * * *", "At minutes 0 and 40 of every hour, every day"),
  ("0-29 9-17 * * *", "At minutes 0 to 29 of hours 9 to 17, every day"),
  ("0 18 L * *", "At 18:00, on the last day of the month"),
  (
    "0 18 1,15,LW 2 *",
    "At 18:00, on the 1st and 15th and the last Monday-to-Friday day of the month, in February"
  ),
  ("0 18 15W * *", "At 18:00, on the Monday-to-Friday day nearest the 15th"),
  (
    "0 9 * * MON#1,MON#3,FRIL",
    "At 09:00, the first and third Monday of the month and the last Friday of the month"
  ),
  ("0 0 13 * FRI", "At 00:00, on the 13th, and every Friday"),
  ("0 0 */10 * FRI", "At 00:00, every Friday, only if it is the 1st, 11th, 21st and 31st"),
  ("0 0 1-31 * FRI", "At 00:00, every day"),
  ("0 0 1 JAN,JUL-SEP *", "At 00:00, on the 1st, in January and July to September"),
  ("0 0 22-24 * *", "At 00:00, on the 22nd to 24th"),
  ("0 0 30 2 *", "Never: no year has such a date"),
])
func explanations(text: String, explanation: String) throws {
  #expect(try CronExpression(text).explanation == explanation)
}

@Test(arguments: [
  (" 0  9\t* * mon-Fri ", "0 9 * * MON-FRI"), ("08 009 * 010 *", "8 9 * 10 *"),
  ("00 000 01 * fril", "0 0 1 * FRIL"),
  ("@Daily", "0 0 * * *"), ("@annually", "0 0 1 1 *"), ("10,20/05 * 1w,lw * *", "10,20/5 * 1W,LW * *"),
])
func normalForms(text: String, normal: String) throws {
  #expect(try CronExpression(text).description == normal)
}

@Test func equalityIsOfNormalForms() throws {
  #expect(try CronExpression("0 09 * * mon") == CronExpression(" 0 9 * * MON"))
  #expect(try CronExpression("0 9 * * 1") != CronExpression("0 9 * * MON"))
  #expect(try CronExpression("  */90 * * * *") == CronExpression("*/90 * * * *"))
}

@Test func expressionsAreCodedAsText() throws {
  let data = Data(#"["@weekly"]"#.utf8)
  let decoded = try JSONDecoder().decode([CronExpression].self, from: data)
  #expect(decoded == [try CronExpression("0 0 * * 0")])
  #expect(String(decoding: try JSONEncoder().encode(decoded), as: UTF8.self) == #"["0 0 * * 0"]"#)
  #expect {
    try JSONDecoder().decode([CronExpression].self, from: Data(#"["0 9 * * TUES"]"#.utf8))
  } throws: { error in
    "\(error)".contains("did you mean 'TUE'?")
  }
}

@Test(arguments: [
  ("*/90 0 * * *", "minute, column 3: the step is larger than the range, so '*/90' is only 0"),
  (" 0 9-12/4 * * *", "hour, column 9: the step is larger than the range, so '9-12/4' is only 9"),
  ("30-30/7 * * * *", "minute, column 7: the step is larger than the range, so '30-30/7' is only 30"),
  (
    "*/99999999999999999999 * * * *",
    "minute, column 3: the step is larger than the range, so '*/99999999999999999999' is only 0"
  ),
  ("*/30 */23 */7 FEB/10 */7", nil), ("59/1 * * * *", nil), ("7/20 3 * * *", nil),
])
func stepsLargerThanTheRangeAreWarnedOf(text: String, warning: String?) throws {
  #expect(try CronExpression(text).warnings.map(\.description) == (warning.map { [$0] } ?? []))
}

@Test(arguments: [
  ("0 0 30 2 *", true), ("0 0 31 4,6 *", true), ("0 0 */20 * 1L", true), ("0 0 31W 2,4 *", true),
  ("0 0 * 2 MON#5", false), ("0 0 29 2 */7", false), ("0 0 30 2 MON", false), ("*/10 2 8-14 3 */7", false),
])
func whatNeverFiresIsKnown(text: String, never: Bool) throws {
  let cron = try CronExpression(text)
  #expect(cron.neverFires == never)
  #expect((cron.next(after: try Instant("2026-01-01T00:00:00Z"), in: .gmt) == nil) == never)
  #expect((cron.previous(before: try Instant("2026-01-01T00:00:00Z"), in: .gmt) == nil) == never)
}

@Test func rareDatesOutlastTheirCycles() throws {
  let cron = try CronExpression("0 0 * 2 MON#5")
  let year2072 = try #require(cron.next(after: try Instant("2060-01-01T00:00:00Z"), in: .gmt))
  #expect(year2072.description == "2072-02-29T00:00:00Z")
  #expect(cron.next(after: year2072, in: .gmt)?.description == "2112-02-29T00:00:00Z")
}

@Test func latestOccurrenceTellsTheSkippedMinute() throws {
  let zone = try TimeZone(ianaName: "America/New_York")
  let gapEnd = try Instant("2024-03-10T07:00:00Z")
  func wall(_ text: String) throws -> String? {
    let occurrence = try CronExpression(text).latestOccurrence(atOrBefore: gapEnd + 5, in: zone)
    #expect(occurrence?.instant == gapEnd)
    return occurrence?.wallTime.description
  }
  #expect(try wall("30 2 * * *") == "2024-03-10 02:30")
  #expect(try wall("0,15,30 2 * * *") == "2024-03-10 02:30")
  #expect(try wall("0 2,3 * * *") == "2024-03-10 03:00")
  #expect(try wall("0 * * * *") == "2024-03-10 03:00")
}

@Test func occurrencesAreLazyFromBothEnds() throws {
  let cron = try CronExpression("30 1 * * *")
  let zone = try TimeZone(ianaName: "America/New_York")
  let all = cron.occurrences(in: .distantPast ..< .distantFuture, zone: zone)
  #expect(all.first?.description == "0001-01-01T06:26:02Z")
  #expect(all.last?.description == "9999-12-31T06:30:00Z")
  #expect(
    Array(all.reversed().prefix(2)).map(\.description) == ["9999-12-31T06:30:00Z", "9999-12-30T06:30:00Z"])

  let first = try Instant("2024-11-03T05:30:00Z")
  let days = cron.occurrences(in: first..<first + 90_000, zone: zone)
  #expect(Array(days) == [first, first + 90_000].dropLast())
  #expect(cron.occurrences(in: first..<first + 90_001, zone: zone).count == 2)
  #expect(cron.occurrences(in: first..<first, zone: zone).isEmpty)
  #expect(cron.occurrences(in: first + 1..<first + 90_000, zone: zone).isEmpty)
}

@Test func instantsBeyondTheYearsAreNoTrap() throws {
  let cron = try CronExpression("* * * * *")
  for zone in [TimeZone.gmt, try TimeZone(ianaName: "Pacific/Apia")] {
    // A clock's whole minute may begin some seconds later than that of UTC.
    let first = try #require(cron.next(after: Instant(secondsSince1970: .min), in: zone))
    #expect((Instant.distantPast..<(.distantPast + 60)).contains(first))
    #expect(cron.next(after: Instant(secondsSince1970: .max), in: zone) == nil)
    #expect(cron.next(after: .distantFuture, in: zone) == nil)
    #expect(cron.previous(before: Instant(secondsSince1970: .min), in: zone) == nil)
    #expect(cron.previous(before: .distantPast, in: zone) == nil)
    #expect(cron.previous(atOrBefore: Instant(secondsSince1970: .max), in: zone) == .distantFuture - 59)
  }
}

/// An interval rule that a zone's clock always skips.
@Test func skippedForEver() throws {
  let cron = try CronExpression("*/10 2 8-14 3 */7")
  let zone = try TimeZone(ianaName: "America/New_York")
  #expect(cron.next(after: try Instant("2026-01-01T00:00:00Z"), in: zone) == nil)
  #expect(cron.next(after: try Instant("2499-06-01T00:00:00Z"), in: zone) == nil)
  #expect(
    cron.previous(before: try Instant("2026-01-01T00:00:00Z"), in: zone)?.description
      == "2006-03-12T07:50:00Z")
}
