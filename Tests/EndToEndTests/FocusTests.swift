import Foundation
import Spaces
import Testing
import Timelines

/// `report --format focus`, from recorded looks to files.
@Suite struct FocusTests {
  /// A Space from an instant until another, looked at every ten minutes.
  private func looks(
    _ space: String, _ state: String, from start: String, until end: String
  ) throws -> String {
    let (start, end) = (try Instant(start, zone: .gmt), try Instant(end, zone: .gmt))
    return stride(from: start.secondsSince1970, to: end.secondsSince1970, by: 600)
      .map { "\(Instant(secondsSince1970: $0)),\(space),\(state)\n" }.joined()
  }

  private let header = "observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas,storage\n"

  /// Two owners, replicas, storage at two prices, a price that changes inside a day, free and unknown hardware.
  /// The Hub of the workplace makes the instant that commands take as now a real one.
  private func workplace(now: String = "2026-11-02T06:00:00Z") throws -> Workplace {
    let work = try Workplace(fleet: [["id": "acme/chat"]], clock: now)
    try work.write(
      """
      version: 1
      billing:
        stages: [{ from: 2025-01-01, billable: [RUNNING] }]
      hardware:
        cpu-basic: { prices: [{ from: 2025-01-01, per_hour: 0 }] }
        t4-small: { prices: [{ from: 2025-01-01, per_hour: 0.6 }, { from: 2026-10-06T10:00:00Z, per_hour: 0.4 }] }
        l4x1: { prices: [{ from: 2025-01-01, per_hour: 0.8 }] }
      storage:
        small: { prices: [{ from: 2025-01-01, per_month: 5 }, { from: 2026-10-07T18:00:00Z, per_month: 7.01 }] }
      """, to: "pricing/prices.yaml")
    try work.write(
      header
        + looks("acme/chat", "RUNNING,t4-small,t4-small,-1,1,", from: "2026-09-29", until: "2026-10-06T15:00")
        + looks("acme/chat", "RUNNING,cpu-basic,cpu-basic,,1,", from: "2026-10-06T15:00", until: "2026-11-02")
        + looks("acme/batch", "RUNNING,l4x1,l4x1,3600,3,small", from: "2026-10-04", until: "2026-10-09")
        + looks("acme/batch", "PAUSED,,l4x1,3600,1,small", from: "2026-10-11", until: "2026-11-02")
        + looks("zoe/new", "RUNNING,b300x8,b300x8,-1,1,", from: "2026-10-12", until: "2026-10-13")
        + looks("zoe/new", "RUNNING,l4x1,l4x1,-1,1,gigantic", from: "2026-10-13", until: "2026-11-02"),
      to: "looks.csv")
    try work.write(
      "version: 1\naccounts: [{ name: acme, kind: organization }]\n", to: "schedules/accounts.yaml")
    try work.shell("spaceplan import history --observations looks.csv --quiet")
    return work
  }

  /// In nano-dollars.
  private func sum(_ column: String, in csv: String) throws -> Int64 {
    let lines = csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    // No field before these columns is quoted.
    let place = try #require(lines.first?.firstIndex { $0 == column })
    return try lines.dropFirst().reduce(0) { sum, fields in
      guard !fields[place].isEmpty else { return sum }
      let parts = fields[place].split(separator: ".")
      let digits = parts[0] + parts[1] + String(repeating: "0", count: 9 - parts[1].count)
      return sum + (try #require(Int64(digits)))
    }
  }

  @Test(arguments: [("2026-10-01", "2026-11-01"), ("2026-10-06", "2026-10-08"), ("2026-09-01", "2026-11-02")])
  func costsWhatTheReportSays(from: String, until: String) throws {
    let work = try workplace()
    let focus = try work.spaceplan("report", "--from", from, "--until", until, "--format", "focus")
    let csv = try work.spaceplan("report", "--from", from, "--until", until, "--format", "csv")
    #expect(focus.status == 0 && csv.status == 0, "\(focus.errors)")
    let billed = try sum("BilledCost", in: focus.output)
    #expect(billed > 0)
    #expect(try billed == sum("cost", in: csv.output))
  }

  @Test func whatHasNoRowIsTold() throws {
    let work = try workplace()
    let result = try work.spaceplan("report", "--month", "2026-10", "--format", "focus")
    #expect(!result.output.contains("b300x8"))
    #expect(result.errors.contains("no row for 1430 to 1440 minutes on b300x8, which has no price\n"))
    #expect(result.errors.contains("no row for gigantic storage of zoe/new, which has no price\n"))
    #expect(result.errors.contains("no row for up to "))
    let later = try work.spaceplan(
      "report", "--from", "2026-10-20", "--until", "2026-10-21", "--format", "focus")
    #expect(later.errors == "no row for gigantic storage of zoe/new, which has no price\n")
  }

  @Test func aFolderTakesAFileForEachAccountAndMonth() throws {
    let work = try workplace()
    work.environment["SOURCE_DATE_EPOCH"] = "1793491200"
    let arguments = ["report", "--from", "2026-09-01", "--until", "2026-11-02", "--format", "focus"]
    let all = try work.shell("spaceplan \(arguments.joined(separator: " "))").output
    let result = try work.shell(
      """
      spaceplan \(arguments.joined(separator: " ")) --output focus/
      ls focus
      """)
    #expect(result.status == 0, "\(result.errors)")
    let names = ["acme-2026-09", "acme-2026-10", "acme-2026-11-01-until-2026-11-02"]
    let others = ["zoe-2026-10", "zoe-2026-11-01-until-2026-11-02"]
    #expect(
      result.output.split(separator: "\n").map(String.init)
        == (names + others).flatMap {
          ["spaceplan-focus-1.2-\($0).csv", "spaceplan-focus-1.2-\($0).schema.json"]
        })
    let files = try (names + others).map { try work.read("focus/spaceplan-focus-1.2-\($0).csv") }
    let header = try #require(all.split(separator: "\n").first)
    #expect(files.allSatisfy { $0.hasPrefix(header + "\n") && $0.hasSuffix("\n") })
    let rows = files.flatMap { $0.split(separator: "\n").dropFirst() }
    #expect(rows.sorted() == all.split(separator: "\n").dropFirst().sorted())
    #expect(files[1].contains(",org/acme,acme,Organization,") && !files[1].contains("zoe"))
    #expect(files[3].contains(",user/zoe,zoe,User,"))
    let metadata = try work.read("focus/spaceplan-focus-1.2-acme-2026-10.schema.json")
    #expect(metadata.contains("\"CreationDate\":\"2026-11-01T00:00:00Z\""))

    try work.shell("mkdir there && spaceplan \(arguments.joined(separator: " ")) --output there")
    #expect(try work.shell("diff -r focus there").status == 0)
    let one = try work.shell("spaceplan \(arguments.joined(separator: " ")) --output one.csv && ls one.csv*")
    #expect(one.output == "one.csv\n")
    #expect(try work.read("one.csv") == all)
  }

  @Test func rulesAreNotNeeded() throws {
    let work = try workplace()
    try work.shell("rm -r schedules")
    let result = try work.spaceplan("report", "--month", "2026-10", "--format", "focus")
    #expect(result.status == 0)
    #expect(result.output.contains(",user/acme,acme,User,"))
    let named = try work.spaceplan("report", "--format", "focus", "--schedules", "nowhere")
    #expect(named.status == 74)
  }

  @Test func daysAreThoseOfUTC() throws {
    let work = try workplace()
    func report(_ arguments: String) throws -> Workplace.Outcome {
      try work.shell("spaceplan report --format focus \(arguments)")
    }
    let utc = try report("--from 2026-10-05 --until 2026-10-08")
    #expect(!utc.errors.contains("UTC day"))
    let paris = try report("--from 2026-10-05 --until 2026-10-08 --zone Europe/Paris")
    #expect(
      paris.errors.contains("a day of FOCUS is a UTC day, so all dates are in UTC and not in Europe/Paris\n"))
    #expect(paris.output == utc.output)
    for range in [
      "--from 2026-10-05T00:00:01 --until 2026-10-08", "--from 2026-10-05 --until 2026-10-08T00:00+02:00",
    ] {
      let refused = try report(range)
      #expect(refused.status == 64)
      #expect(refused.errors.contains("a row of FOCUS is a UTC day"))
      #expect(refused.output == "")
    }
  }

  // MARK: Closed months

  @Test func theRowsOfAClosedMonthNeverChange() throws {
    let work = try workplace()
    let october = "spaceplan report --month 2026-10 --format focus"
    let open = try work.shell(october)
    #expect(!open.errors.contains("is closed"))
    let first = try work.shell("\(october) --close")
    #expect(first.output == open.output)
    #expect(first.errors.contains("2026-10 is closed: its rows stay as they are now\n"))
    #expect(try work.shell(october).errors.contains("is closed") == false)

    // What would make other rows: a price, an account, a Space that somebody else had looked at.
    try work.shell(
      """
      sed -i 's/per_hour: 0.8/per_hour: 0.9/' pricing/prices.yaml
      rm -r schedules
      """)
    try work.write(
      header + looks("bob/late", "RUNNING,t4-small,t4-small,-1,1,", from: "2026-10-03", until: "2026-10-04"),
      to: "late.csv")
    try work.shell("spaceplan import history --observations late.csv --quiet")
    work.now = try Instant("2026-12-24T00:00:00Z")
    let later = try work.shell(october)
    #expect(later.output == first.output)
    // 360 hours of three replicas and 456 of one, 10 cents dearer; a day of another Space.
    let difference = try #require(
      later.errors.firstMatch(of: #/its rows would differ, by (\+[0-9.]+) USD in sum/#))
    let csv = try work.spaceplan("report", "--month", "2026-10", "--format", "csv").output
    let cents = (try sum("cost", in: csv) - sum("BilledCost", in: first.output) + 5_000_000) / 10_000_000
    #expect(difference.1 == "+\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)")
    let days = try work.shell("spaceplan report --from 2026-10-05 --until 2026-10-07 --format focus")
    #expect(first.output.contains(days.output.split(separator: "\n").dropFirst().joined(separator: "\n")))
    let part = try work.shell("spaceplan report --from 2026-10-05 --until 2026-10-07 --format focus --reopen")
    #expect(
      part.status == 64 && part.errors.contains("--reopen: the range holds no whole month that was closed\n"))
    #expect(try work.shell("\(october) --close").output == first.output)

    // The next month takes the difference over, so that both together say what is known.
    let later2 = try work.shell("spaceplan report --month 2026-11 --format focus")
    #expect(later2.output.contains(",Correction,"))
    let both = try work.spaceplan(
      "report", "--from", "2026-10-01", "--until", "2026-12-01", "--format", "csv"
    ).output
    #expect(
      try sum("BilledCost", in: first.output) + sum("BilledCost", in: later2.output) == sum("cost", in: both))
    let range = try work.shell("spaceplan report --from 2026-10-01 --until 2026-12-01 --format focus")
    #expect(try sum("BilledCost", in: range.output) == sum("cost", in: both))
    #expect(range.output.hasPrefix(first.output))
    // Booked on its first day: a part of the month without that day has none.
    let part2 = try work.shell("spaceplan report --from 2026-11-02 --until 2026-12-01 --format focus")
    #expect(!part2.output.contains(",Correction,"))

    let reopened = try work.shell("\(october) --reopen")
    #expect(!reopened.errors.contains("--reopen"))
    #expect(reopened.output != first.output)
    #expect(try sum("BilledCost", in: reopened.output) == sum("cost", in: csv))
    #expect(try work.shell(october).output == reopened.output)
    #expect(
      !(try work.shell("spaceplan report --month 2026-11 --format focus").output.contains("Correction")))
  }

  @Test func aClosedMonthsCorrectionsAreClosedWithTheMonthThatHasThem() throws {
    let work = try workplace()
    func month(_ month: String, _ option: String = "") throws -> String {
      let result = try work.shell("spaceplan report --month \(month) --format focus \(option)")
      #expect(result.status == 0, "\(result.errors)")
      return result.output
    }
    func known() throws -> Int64 {
      try sum(
        "cost",
        in: work.spaceplan("report", "--from", "2026-09-01", "--until", "2026-12-01", "--format", "csv")
          .output)
    }
    func all() throws -> Int64 {
      try ["2026-09", "2026-10", "2026-11"].reduce(0) { try $0 + sum("BilledCost", in: month($1)) }
    }
    let september = try month("2026-09", "--close")
    try work.shell("sed -i 's/per_hour: 0.6 /per_hour: 0.7 /' pricing/prices.yaml")
    let october = try month("2026-10", "--close")
    #expect(october.contains(",Correction,"))
    #expect(try month("2026-09") == september)
    #expect(!(try month("2026-11").contains("Correction")))
    #expect(try all() == known())
    try work.shell(
      "sed -i 's/per_hour: 0.8/per_hour: 0.9/; s/per_hour: 0.7 /per_hour: 0.6 /' pricing/prices.yaml")
    #expect(try month("2026-09") == september && month("2026-10") == october)
    #expect(try month("2026-11").contains("Correction"))
    #expect(try all() == known())
    // Closed anew, October has no more to correct of September, which is known as it was.
    #expect(!(try month("2026-10", "--reopen").contains("Correction")))
    #expect(!(try month("2026-11").contains("Correction")))
    #expect(try all() == known())
  }

  @Test func aGrantedSpaceHasItsListPriceAndNothingToPay() throws {
    let work = try workplace()
    func rules(_ granted: String) throws {
      try work.write(
        "version: 1\npolicies: [{ name: all, spaces: [acme/batch]\(granted) }]\n",
        to: "schedules/accounts.yaml")
    }
    let october = "spaceplan report --month 2026-10 --format focus"
    let charged = try work.shell(october).output
    try rules(", granted: true")
    let granted = try work.shell(october).output
    #expect(try sum("ListCost", in: granted) == sum("ListCost", in: charged))
    let csv = try work.spaceplan("report", "--month", "2026-10", "--format", "csv").output
    #expect(try sum("BilledCost", in: granted) == sum("cost", in: csv))
    #expect(try sum("BilledCost", in: granted) < sum("BilledCost", in: charged))
    // A grant that rules tell of later is none of a month that was closed before.
    try rules("")
    try work.shell("\(october) --close")
    try rules(", granted: true")
    #expect(
      !(try work.shell("spaceplan report --month 2026-11 --format focus").output.contains("Correction")))
  }

  @Test func aMonthThatIsNotOverIsNotClosed() throws {
    let work = try workplace(now: "2026-10-31T23:59:59Z")
    func close(_ range: String) throws -> Workplace.Outcome {
      try work.shell("spaceplan report \(range) --format focus --close")
    }
    let early = try close("--month 2026-10")
    #expect(
      early.status == 64 && early.errors.contains("--close: the range holds no whole month that is over"))
    // A part of a month closes nothing; nor does an instant that is not now.
    work.now = try Instant("2026-11-01T00:00:00Z")
    #expect(try close("--from 2026-10-02 --until 2026-11-01").status == 64)
    work.environment["HF_ENDPOINT"] = "http://hub.example"
    #expect(try close("--month 2026-10").errors.contains("with --now nothing is recorded"))
    work.environment = [:]
    #expect(try close("--month 2026-10").errors.contains("2026-10 is closed"))
  }

  @Test func optionsOfOtherFormatsAreRefused() throws {
    let work = try workplace()
    for option in ["--bom", "--crlf", "--charts text"] {
      let result = try work.shell("spaceplan report --format focus \(option)")
      #expect(result.status == 64)
      #expect(result.errors.contains("goes with --format"))
    }
    for option in ["--reopen", "--close", "--format focus --by owner", "--format focus --close --reopen"] {
      #expect(try work.shell("spaceplan report \(option)").status == 64)
    }
  }
}
