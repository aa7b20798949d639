import Foundation
import Reports
import Testing
import Timelines

struct ReportPeriodTests {
  private func month(_ month: String, _ zone: String, now: String) throws -> ReportPeriod {
    let zone = try TimeZone.named(zone)
    return ReportPeriod(month: try CivilDate(month: month), zone: zone, now: try Instant(now, zone: zone))
  }

  /// Month, zone, now; what it is compared with, in the zone's time.
  @Test(arguments: [
    // Over: all of the month before.
    ("2026-10", "UTC", "2026-11-01", "2026-09-01", "2026-10-01"),
    ("2026-01", "UTC", "2026-05-01", "2025-12-01", "2026-01-01"),
    // Running: the same days, up to the same time of day, also where the clock changed meanwhile.
    ("2026-10", "UTC", "2026-10-20T14:00", "2026-09-01", "2026-09-20T14:00"),
    ("2026-10", "Europe/Paris", "2026-10-28T14:00", "2026-09-01", "2026-09-28T14:00"),
    ("2026-04", "America/New_York", "2026-04-20T08:00", "2026-03-01", "2026-03-20T08:00"),
    // The month before is too short for the same days.
    ("2026-03", "UTC", "2026-03-30T12:00", "2026-02-01", "2026-03-01"),
    // Not begun, or just.
    ("2026-10", "UTC", "2026-10-01", "2026-09-01", "2026-09-01"),
    ("2026-10", "UTC", "2026-08-01", "2026-09-01", "2026-09-01"),
  ]) func monthsAreComparedLikeWithLike(
    name: String, zone: String, now: String, from: String, until: String
  ) throws {
    let period = try month(name, zone, now: now)
    #expect(period.comparison.lowerBound == (try Instant(from, zone: period.zone)))
    #expect(period.comparison.upperBound == (try Instant(until, zone: period.zone)))
  }

  @Test func rangesAreComparedWithTheTimeBefore() throws {
    let paris = try TimeZone.named("Europe/Paris")
    func at(_ text: String) throws -> Instant { try Instant(text, zone: paris) }
    let week = try at("2026-10-24")..<(try at("2026-10-31"))
    let over = ReportPeriod(week, zone: paris, now: try at("2026-11-05"))
    #expect(over.comparison == (try at("2026-10-17"))..<(try at("2026-10-24")))
    #expect(over.title == "2026-10-24 until 2026-10-31")
    let running = ReportPeriod(week, zone: paris, now: try at("2026-10-26T06:00"))
    #expect(running.comparison == (try at("2026-10-17"))..<(try at("2026-10-19T06:00")))
    #expect(running.isRunning)
  }

  @Test func daysAreThoseOfTheZoneThatHaveBegun() throws {
    let period = try month("2026-10", "Europe/Paris", now: "2026-10-26T00:00:01")
    #expect(period.days.count == 26)
    #expect(period.days.map(\.range.seconds)[23...25] == [86_400, 90_000, 86_400])
    // Apia had no 30 December 2011.
    let apia = try month("2011-12", "Pacific/Apia", now: "2012-01-05")
    #expect(apia.days.map(\.date.day) == Array(1...29) + [31])
    #expect(try month("2026-10", "UTC", now: "2026-09-30").days.isEmpty)
  }
}
