import Foundation
import Reports
import Spaces
import Testing
import Timelines

/// The first report that a team sees: what was before the first look is not known, and not passed off as watched.
struct FirstMonthTests {
  private func report(firstLook: String, owners: [String] = ["acme"]) throws
    -> [String]
  {
    let first = try Instant(firstLook, zone: .gmt)
    let lives = try owners.map { owner in
      Life(
        space: try SpaceID("\(owner)/chat"),
        changes: [(try Instant("2026-08-01", zone: .gmt), .running("t4-small"))])
    }
    let now = try Instant("2026-11-02", zone: .gmt)
    let period = ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: now)
    return CostReport(on: lives, looks: first..<(now + 1), period: period).markdown()
      .split(separator: "\n").map(String.init)
  }

  @Test(arguments: [
    ("2026-09-10", "observed 100 % of the time"), ("2026-10-01T00:10", "observed 100 % of the time"),
    ("2026-10-05T10:30", "observed 100 % of the time since the first look (2026-10-05 10:30)"),
  ]) func theTimeBeforeTheFirstLookIsNotObserved(firstLook: String, told: String) throws {
    #expect(try report(firstLook: firstLook)[1].hasSuffix(" · " + told))
  }

  @Test func daysBeforeTheFirstLookAreOneRow() throws {
    let rows = try report(firstLook: "2026-10-05T10:30").drop { !$0.hasPrefix("| day") }
      .filter { $0.hasPrefix("|") }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    #expect(rows[2] == ["until 2026-10-04", "", "nobody looked"])
    #expect(rows[3] == ["2026-10-05", "5.40", ""])
    #expect(rows.count == 2 + 1 + 27 + 1)
  }

  @Test func aGapLaterOnKeepsItsDays() throws {
    let rows = try report(firstLook: "2026-10-30T10:30").filter { $0.hasPrefix("| until") }
    #expect(rows.count == 1)
    #expect(try report(firstLook: "2026-10-01T10:30").filter { $0.hasPrefix("| until") } == [])
  }

  @Test func nothingIsComparedWithAMonthThatIsNotKnown() throws {
    let lines = try report(firstLook: "2026-10-05T10:30")
    #expect(
      lines[2] == "**255.00 USD**; nothing to compare with, as looks began on 2026-10-05.")
    #expect(
      try report(firstLook: "2026-10-05T10:30", owners: ["acme", "solo"])[2]
        .hasSuffix("; nothing to compare with, as looks began on 2026-10-05."))
    #expect(!lines.contains { $0.contains("n/a") || $0.contains("September") || $0.contains("cost a day") })
  }
}
