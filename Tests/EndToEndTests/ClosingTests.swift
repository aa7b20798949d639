import Foundation
import JSON
import Testing
import Timelines

/// Months that are closed, as an accountant has them.
@Suite struct ClosingTests {
  private static let formats = ["markdown", "csv", "json", "html"]

  /// A Space on a T4 from September to November 2025, with two days in September in which nobody looked.
  private static func looks(in range: Range<Int>, stage: String = "RUNNING") throws -> String {
    let start = try Instant("2025-09-23", zone: .gmt)
    let rows = range.map { "\(start + Int64($0) * 900),acme/chat,\(stage),t4-small,t4-small,,1,\n" }
    return "observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas,storage\n" + rows.joined()
  }

  private func workplace() throws -> Workplace {
    let work = try Workplace()
    try work.write(try Self.looks(in: 0..<192), to: "before.csv")
    try work.write(try Self.looks(in: 384..<7000), to: "after.csv")
    try work.write(try Self.looks(in: 193..<383, stage: "SLEEPING"), to: "late.csv")
    try work.expect("spaceplan import history --observations before.csv")
    try work.expect("spaceplan import history --observations after.csv")
    return work
  }

  private func reports(_ work: Workplace, _ month: String) throws -> [String] {
    try Self.formats.map { try work.shell("spaceplan report --month \(month) --format \($0)").output }
  }

  /// What was closed under a name that two Spaces have had is no adjustment of either.
  @Test func aNameThatIsTakenAgainBringsNoAdjustment() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small"]])
    try work.rules("  - { name: all, spaces: [\"acme/*\"] }")
    try work.expect("spaceplan observe")
    try await work.control("spaces/rename", ["from": "acme/chat", "to": "acme/old"])
    try await work.move(to: "2026-10-05T09:00:00Z")
    try work.expect("spaceplan observe")
    try await work.control("spaces", [["id": "acme/chat", "hardware": "a10g-small"]])
    for look in ["2026-10-05T10:00:00Z", "2026-10-05T11:00:00Z", "2026-11-02T08:00:00Z"] {
      try await work.move(to: look)
      try work.expect("spaceplan observe")
    }
    try work.expect("spaceplan report --month 2026-10 --watched-gap 40d --close")
    let november = try work.shell("spaceplan report --month 2026-11 --watched-gap 40d").output
    #expect(november.contains("acme/old") && november.contains("acme/chat"))
    #expect(!november.contains("djustment"), "\(november)")
  }

  @Test func whatBecomesKnownLaterIsAnAdjustmentOfTheNextOpenMonth() throws {
    let work = try workplace()
    let closed = try work.shell("spaceplan report --month 2025-09 --close --format csv")
    #expect(closed.status == 0)
    #expect(closed.errors.contains("2025-09 is closed: every report of it is as it is now"))
    let (september, october) = (try reports(work, "2025-09"), try reports(work, "2025-10"))
    #expect(september[1] == closed.output)
    #expect(september[0].contains("- Closed at "))
    #expect(!october[0].contains("djustment"))

    try work.expect("spaceplan import history --observations late.csv")
    #expect(try reports(work, "2025-09") == september)
    let later = try reports(work, "2025-10")
    // 190 quarters of an hour asleep, and the time to the looks around them is known better now.
    #expect(
      later[1].contains(
        "acme/chat,2025-10-01,adjustment-2025-09,,,,,-19.300000000,-19.100000000,-18.900000000\n"),
      "\(later[1].prefix(300))")
    #expect(later[0].contains("- Adjustment of 2025-09, which is closed, for `acme/chat`: -19.10 USD, as "))
    #expect(later[0].contains("| `adjustment-2025-09` | what became known of 2025-09 |"))
    #expect(later[2].contains("\"adjustments\":[{"))
    let sum = try work.shell("spaceplan report --month 2025-10 --by month --format csv").output
    let space = try work.shell("spaceplan report --month 2025-10 --by space --format csv").output
    #expect(sum.split(separator: ",").suffix(3) == space.split(separator: ",").suffix(3))

    // Once a month has taken it over, no other does.
    try work.expect("spaceplan report --month 2025-10 --close")
    #expect(try reports(work, "2025-10")[1] == later[1])
    #expect(!(try reports(work, "2025-11")[1].contains("adjustment")))

    // Closed anew, September says it itself, so what October took over is taken back.
    try work.expect("spaceplan report --month 2025-09 --reopen")
    let anew = try reports(work, "2025-09")
    #expect(anew[1] != september[1])
    #expect(anew[0].contains(#/- Closed at [^,]+, after it was closed at 20[^,]+Z, and shown/#), "\(anew[0])")
    #expect(
      try reports(work, "2025-11")[1].contains(
        "2025-11-01,adjustment-2025-09,,,,,18.900000000,19.100000000,19.300000000\n"))
    #expect(try reports(work, "2025-11")[0].contains("+19.10 USD, as it was taken over before and is in"))
  }

  /// October took over an adjustment, and November says of October what October says itself.
  @Test func anOpenMonthBeforeIsComparedWithItsAdjustments() throws {
    let work = try workplace()
    try work.expect("spaceplan report --month 2025-09 --close")
    try work.expect("spaceplan import history --observations late.csv")
    func report(_ month: String) throws -> JSONValue {
      let report = try work.shell("spaceplan report --month \(month) --format json").output
      return try JSONValue(parsing: Data(report.utf8))
    }
    let (october, november) = (try report("2025-10"), try report("2025-11"))
    #expect(october["adjustments"]?.array?.count == 1)
    #expect(october["cost"] == november["compared_with"]?["cost"])
    #expect(october["spaces"]?.array?.first?["cost"] == november["spaces"]?.array?.first?["cost_before"])
  }

  @Test func aForecastTellsWhatReportsHaveBesideIt() throws {
    let work = try workplace()
    func forecast(_ month: String) throws -> String {
      try work.shell("spaceplan forecast --month \(month)").output
    }
    try work.expect("spaceplan report --month 2025-09 --close")
    let closed =
      "The month is closed: reports keep it as it was known then, and this is by what is known now."
    #expect(try forecast("2025-09").contains(closed))
    #expect(!(try forecast("2025-10")).contains("closed"))
    try work.expect("spaceplan import history --observations late.csv")
    #expect(
      try forecast("2025-10").contains(
        "Reports of this month have also -19.10 that became known of closed months, which is in none of it."))
    let json = try work.shell("spaceplan forecast --month 2025-10 --format json").output
    #expect(json.contains("\"adjustments\":\"-19.100000000\""), "\(json)")
    #expect(!(try forecast("2025-11")).contains("closed"))
  }

  /// A table in which a T4 and small storage cost so much.
  private func price(_ perHour: String, storage perMonth: String = "5", of work: Workplace) throws {
    try work.write(
      """
      version: 1
      currency: USD
      billing:
        rounding: up
        stages: [{ from: 2022-12-05, billable: [RUNNING] }]
      hardware:
        t4-small: { label: T4 at \(perHour), prices: [{ from: 2022-10-25, per_hour: \(perHour) }] }
      storage:
        small: { prices: [{ from: 2022-10-25, per_month: \(perMonth) }] }

      """, to: "pricing/table.yaml")
  }

  @Test func aCorrectedPriceIsAnAdjustmentWithOldAndNew() throws {
    let work = try workplace()
    try price("0.40", of: work)
    try work.expect("spaceplan report --month 2025-09 --close")
    let september = try reports(work, "2025-09")
    #expect(september[0].contains("T4 at 0.40"))
    try price("0.50", of: work)
    #expect(try reports(work, "2025-09") == september)
    let anew = try work.shell("spaceplan report --month 2025-09 --watched-gap 1h --pricing pricing")
    #expect(anew.output == september[0])
    for option in ["--watched-gap", "--pricing"] {
      #expect(
        anew.errors.contains(
          "September 2025 is closed, so \(option) changes nothing; --reopen closes it anew"))
    }
    let october = try reports(work, "2025-10")
    #expect(october[0].contains("t4-small at 0.50 an hour instead of 0.40"), "\(october[0])")
  }

  @Test func aCorrectedPriceOfStorageIsAnAdjustmentToo() throws {
    let work = try Workplace()
    try work.write(try Self.looks(in: 0..<1000).replacing(",1,\n", with: ",1,small\n"), to: "looks.csv")
    try work.expect("spaceplan import history --observations looks.csv")
    try price("0.40", storage: "6", of: work)
    try work.expect("spaceplan report --month 2025-09 --close")
    try price("0.40", storage: "3", of: work)
    // Eight of thirty days.
    #expect(
      try reports(work, "2025-10")[0].contains(
        "-0.80 USD, as 0.80 USD for storage-small instead of 1.60."))
  }

  @Test func whatRulesSayLaterDoesNotChangeAClosedMonth() throws {
    let work = try workplace()
    func rules(_ more: String) throws {
      try work.write(
        "version: 1\npolicies:\n  - { name: all, spaces: [\"acme/*\"]\(more) }\n", to: "schedules/rules.yaml")
    }
    try rules(", labels: { team: research }, budget: { monthly: 300 }")
    try work.expect("spaceplan report --month 2025-09 --close")
    let byTeam = "spaceplan report --month 2025-09 --by label:team"
    let (september, teams) = (try reports(work, "2025-09"), try work.shell(byTeam).output)
    #expect(teams.contains("research"))
    #expect(september[3].contains("Budget: 300.00."))
    try rules(", granted: true")
    #expect(try reports(work, "2025-09") == september)
    #expect(try work.shell(byTeam).output == teams)
    // Not for September either, where nothing else is known than then.
    #expect(!(try reports(work, "2025-10")[1].contains("adjustment")))
    try work.expect("spaceplan report --month 2025-10 --close")
    #expect(!(try reports(work, "2025-11")[1].contains("adjustment")))
  }

  @Test func whatCannotBeClosedIsTold() throws {
    let work = try workplace()
    func refused(_ options: String) throws -> String {
      let result = try work.shell("spaceplan report \(options)")
      #expect(result.status == 64, "\(options)")
      return result.errors
    }
    #expect(try refused("--month 2199-01 --close").contains("--close: 2199-01 is not over yet"))
    #expect(
      try refused("--from 2025-09-01 --until 2025-10-01 --close").contains("--close: name the month, such as")
    )
    #expect(try refused("--month 2025-09 --reopen").contains("--reopen: 2025-09 was not closed"))
    #expect(
      try refused("--month 2025-09 --close --now 2025-12-01").contains("with --now nothing is recorded"))
    try work.expect("spaceplan report --month 2025-09 --close --zone Europe/Paris")
    #expect(
      try refused("--month 2025-09 --close").contains("2025-09 was closed with --zone Europe/Paris"))
    let again = try work.shell("spaceplan report --month 2025-09 --close --zone Europe/Paris")
    #expect(again.status == 0)
    #expect(again.errors.contains("already and stays as it was; --reopen closes it anew"))
    #expect(
      try work.shell("spaceplan report --month 2025-09").errors.contains(
        "2025-09 is closed, in Europe/Paris; this report is worked out from what is known now"))
    // Of which Paris has two hours in September.
    #expect(!(try work.shell("spaceplan report --month 2025-10").errors.contains("is closed")))
  }
}

extension Workplace {
  /// A command that works.
  fileprivate func expect(_ command: String) throws {
    let result = try shell(command)
    #expect(result.status == 0, "\(command): \(result.errors)")
  }
}
