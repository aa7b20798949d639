import Foundation
import JSON
import Money
import Testing
import Timelines

struct ForecastTests {
  @Test func nothingKnownIsSaid() throws {
    let workplace = try Workplace()
    #expect(try workplace.spaceplan("import", "history", "--observations", "/dev/null").status != 0)
    try workplace.write(observations().split(separator: "\n")[0] + "\n", to: "looks.csv")
    #expect(try workplace.spaceplan("import", "history", "--observations", "looks.csv").status == 0)
    for command in ["recommend", "forecast"] {
      let outcome = try workplace.spaceplan(command)
      #expect(
        outcome.status == 65 && outcome.errors.contains("the history knows no Space"), "\(outcome.errors)")
    }
  }

  @Test func aMonthIsForecast() throws {
    let workplace = try recorded()
    let json = try workplace.spaceplan("forecast", "--format", "json")
    #expect(json.status == 0, "\(json.errors)")
    let result = try JSONValue(parsing: Data(json.output.utf8))
    let space = try #require(result["spaces"]?.array?.first)
    #expect(space["basis"] == "weeks")
    // 21 workdays of 10 hours, all alike.
    #expect(
      result["total"]?["estimate"]?.string.map { $0.hasPrefix("84.") || $0.hasPrefix("83.9") } == true,
      "\(json.output)")
    #expect(result["days"]?.array?.count == 29)
    let table = try workplace.spaceplan("forecast")
    #expect(table.output.contains("3 weeks of history"))
    #expect(table.output.contains("▁"))
    // Under rules that pause it, nothing more is spent.
    try workplace.write(
      "version: 1\npolicies:\n  - { name: chat, spaces: [acme/chat], default: { state: paused } }\n",
      to: "new/rules.yaml")
    let paused = try workplace.spaceplan("forecast", "--schedules", "new")
    #expect(paused.output.contains("the rules alone"))
    // A budget of 50 breaks on the 13th workday.
    try workplace.rules(
      "  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h }, budget: { monthly: 50 } }"
    )
    let budget = try workplace.spaceplan("forecast")
    #expect(
      budget.output.contains("budget of policy chat: 0.00 of 50.00 USD spent, it will break on 2026-11-18"),
      "\(budget.output)")
    let note = "Budgets are of the month in UTC"
    #expect(budget.output.contains(note), "\(budget.output)")
    let backtest = try workplace.spaceplan("forecast", "--backtest")
    #expect(backtest.status == 65)
    #expect(backtest.errors.contains("no whole month is recorded yet"))
    let programs = try workplace.shell("spaceplan forecast --backtest --format json || echo $?")
    #expect(programs.output == "65\n" && programs.errors == backtest.errors)
    for option in ["--month 2026-10", "--by day"] {
      let refused = try workplace.shell("spaceplan forecast --backtest \(option)")
      #expect(refused.errors.contains("--by and --month do not go with --backtest."))
    }
  }

  /// Without rules the sum is another one, which nobody would see from the table.
  @Test func whereNoRulesAreThereIsSaidOnce() throws {
    let workplace = try recorded()
    func note(_ option: String) -> String {
      "note: there is no folder schedules here, so no rules are taken to hold; name one with \(option)\n"
    }
    for (command, option) in [
      ("forecast --format json", "--schedules"), ("recommend", "--schedules"),
      ("simulate --set acme/chat:sleep=15m", "--current"),
    ] {
      let outcome = try workplace.shell("spaceplan \(command)")
      #expect(outcome.errors == note(option), "\(command): \(outcome.errors)")
    }
    for silent in ["recommend --quiet", "report", "forecast --backtest || true"] {
      #expect(try !workplace.shell("spaceplan \(silent)").errors.contains("no folder"), "\(silent)")
    }
    // A folder that somebody names is to be there.
    for command in [
      "forecast --schedules", "recommend --schedules", "simulate --set acme/chat:sleep=15m --current",
    ] {
      let outcome = try workplace.shell("spaceplan \(command) rules || exit $?")
      #expect(outcome.status == 74 && outcome.errors.contains("the folder rules can't be read"), "\(outcome)")
    }
    try workplace.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }")
    #expect(try workplace.spaceplan("forecast").errors.isEmpty)
  }

  /// Of what nobody looked at it is not known that it was free.
  @Test func aMonthBeforeTheFirstLookIsNotZero() throws {
    let workplace = try recorded()
    for format in ["table", "json"] {
      let before = try workplace.spaceplan("forecast", "--month", "2026-09", "--format", format)
      #expect(before.status == 65 && before.output.isEmpty, "\(before.output)")
      #expect(
        before.errors.contains(
          "nothing is known of September 2026: the first look at any Space was at 2026-10-05T00:00:00Z"),
        "\(before.errors)")
    }
    // One of two Spaces was first looked at later.
    try workplace.write(
      """
      observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas
      2026-11-01T12:00:00Z,acme/late,RUNNING,t4-small,t4-small,3600,1

      """, to: "late.csv")
    #expect(try workplace.spaceplan("import", "history", "--observations", "late.csv").status == 0)
    let table = try workplace.spaceplan("forecast", "--month", "2026-10")
    #expect(table.status == 0, "\(table.errors)")
    #expect(
      table.output.contains("\nacme/chat ") && !table.output.contains("\nacme/late "), "\(table.output)")
    #expect(
      table.output.contains(
        "Nothing is known of acme/late in this month: it was first looked at on 2026-11-01."),
      "\(table.output)")
    let json = try workplace.spaceplan("forecast", "--month", "2026-10", "--format", "json")
    let spaces = try JSONValue(parsing: Data(json.output.utf8))["spaces"]?.array ?? []
    #expect(spaces.map { $0["space"]?.string } == ["acme/chat", "acme/late"])
    #expect(spaces.map { $0["basis"]?.string } == ["over", "not-looked-at"])
    #expect(spaces.map { $0["estimate"] == .null } == [false, true])
  }

  @Test(arguments: ["space", "policy", "owner", "day"]) func aForecastIsAddedUp(by dimension: String) throws {
    let workplace = try recorded()
    for name in ["acme/demo", "beta/demo"] {
      try workplace.write(observations().replacing("acme/chat", with: name), to: "more.csv")
      #expect(try workplace.spaceplan("import", "history", "--observations", "more.csv").status == 0)
    }
    try workplace.rules(
      """
        - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }
        - { name: demos, spaces: [acme/demo], default: { hardware: t4-small, sleep: 1h } }
      """)
    workplace.now = try Instant("2026-10-29T12:00:00Z")
    let plain = try JSONValue(
      parsing: Data(try workplace.spaceplan("forecast", "--format", "json").output.utf8))
    let outcome = try workplace.spaceplan("forecast", "--by", dimension, "--format", "json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let result = try JSONValue(parsing: Data(outcome.output.utf8))
    // All else is as it was.
    #expect(
      result.object?.filter { !["by", "groups"].contains($0.key) } == plain.object && plain["groups"] == nil)
    let groups = try #require(result["groups"]?.array)
    // One of them is under no policy.
    let names = groups.map { $0[dimension]?.string ?? "-" }
    switch dimension {
    case "space": #expect(names == ["acme/chat", "acme/demo", "beta/demo"])
    case "policy": #expect(names == ["-", "chat", "demos"])
    case "owner": #expect(names == ["acme", "beta"])
    default: #expect(names.count == 31 && names.last == "2026-10-31")
    }
    for key in ["spent", "estimate"] {
      let sum = try groups.compactMap { $0[key]?.string }.reduce(Money.zero) { $0 + (try Money($1)) }
      #expect(result["total"]?[key]?.string == sum.description)
    }
    let table = try workplace.spaceplan("forecast", "--by", dimension).output
    #expect(table.contains("\n\(dimension.uppercased())  ") && table.contains("\nall "), "\(table)")
    if dimension == "day" {
      // Four hours of today are over, for three Spaces; Saturday costs nothing.
      #expect(groups[28]["spent"]?.string?.hasPrefix("4.9") == true, "\(groups[28])")
      #expect(groups[28]["estimate"]?.string?.hasPrefix("12.0") == true, "\(groups[28])")
      #expect(groups[30]["estimate"]?.string == "0.000000000" && groups[29]["spent"]?.string == "0.000000000")
    }
  }

  /// A month that is over has the bounds of its report; until then those of a forecast are of the days to come alone.
  @Test func boundsOfDaysThatAreOverAreThoseOfTheMonth() throws {
    let workplace = try recorded()
    func forecast(_ arguments: String) throws -> JSONValue {
      try JSONValue(
        parsing: Data(try workplace.shell("spaceplan forecast \(arguments) --format json").output.utf8))
    }
    let report = try workplace.shell("spaceplan report --month 2026-10 --format json").output
    let cost = try JSONValue(parsing: Data(report.utf8))["cost"]
    let over = try forecast("--month 2026-10 --by day")
    #expect(cost?["low"] != cost?["high"])
    for bound in ["low", "estimate", "high"] { #expect(over["total"]?[bound] == cost?[bound], "\(over)") }
    #expect(over["groups"]?.array?[4]["low"] != over["groups"]?.array?[4]["high"])
    workplace.now = try Instant("2026-10-29T12:00:00Z")
    let monday = try forecast("--by day")["groups"]?.array?[4]
    #expect(monday?["low"] == monday?["spent"] && monday?["high"] == monday?["spent"], "\(monday ?? .null)")
  }
}
