import Foundation
import JSON
import Testing

/// How results are told: tables, JSON, and what is left unsaid.
@Suite struct TellingTests {
  private func workplace(_ count: Int = 2) async throws -> Workplace {
    let work = try Workplace(
      fleet: .array(
        (1...count).map { ["id": .string("acme/demo-\($0)"), "hardware": "t4-small"] }))
    try work.rules(
      "  - { name: off, spaces: [\"acme/*\"], default: { hardware: cpu-basic } }", zone: "Europe/Paris")
    try await work.move(to: "2026-10-05T08:00:00Z")
    return work
  }

  @Test func aDryRunSaysWhatItWouldDo() async throws {
    let work = try await workplace()
    let dry = try work.spaceplan("run", "--dry-run", "--quiet")
    #expect(dry.output.contains("WOULD DO"))
    #expect(dry.output.contains("EFFECT: USD that the change adds (+) or saves (-)"))
    #expect(dry.output.contains("2 changes pending for 2 Spaces; 0.80 USD an hour, then 0.00."))
    let limited = try work.spaceplan("run", "--dry-run", "--max-changes", "1")
    #expect(limited.output.contains("1 change pending, 1 waiting for 2 Spaces; 0.80 USD an hour, then 0.40."))
    #expect(limited.output.contains("t4-small → cpu-basic: waits"))
  }

  @Test func aRunSaysHowManyOfItsChangesWereDone() async throws {
    let work = try await workplace()
    try await work.control(
      "faults", ["method": "POST", "path": "*/demo-1/hardware", "kind": "status", "status": 400])
    let run = try work.spaceplan("run")
    #expect(run.output.contains("1 of 2 changes done, 1 refused for 2 Spaces; 0.80 USD an hour, then 0.40."))
    #expect(try work.spaceplan("run", "--quiet", "--only", "acme/demo-2").output == "")
  }

  /// The Hub refuses the first call.
  @Test(arguments: [
    // The Space has the next of the list already.
    ("{ hardware: [a10g-small, t4-small] }", [1, 0, 0], "0 changes done for 1 Space; 0.40 USD an hour.\n"),
    (
      "{ hardware: [a10g-small, t4-medium] }", [2, 1, 0],
      "1 change done for 1 Space; 0.40 USD an hour, then 0.60."
    ),
    (
      "{ hardware: cpu-basic }, otherwise: pause", [2, 1, 0],
      "1 change done for 1 Space; 0.40 USD an hour, then 0.00."
    ),
    ("{ hardware: cpu-basic }", [1, 0, 1], "0 of 1 change done, 1 refused for 1 Space; 0.40 USD an hour.\n"),
  ])
  func tableAndJSONCountTheSame(rules: String, counts: [Int64], words: String) async throws {
    for format in ["table", "json"] {
      let work = try await workplace(1)
      try work.rules("  - { name: one, spaces: [acme/demo-1], default: \(rules) }")
      try await work.control(
        "faults", ["method": "POST", "path": "*/hardware", "kind": "status", "status": 400, "times": 1])
      let output = try work.spaceplan("run", "--format", format).output
      if format == "table" {
        #expect(output.contains(words), "\(output)")
      } else {
        let totals = try JSONValue(parsing: Data(output.utf8))["totals"]
        let keys = ["changes_sent", "changes_done", "changes_failed"]
        #expect(keys.map { totals?[$0]?.integer } == counts, "\(output)")
      }
    }
  }

  @Test func thatNothingHasToBeDoneAtManySpacesIsCounted() async throws {
    let work = try await workplace(21)
    try work.spaceplan("run")
    try await work.call("POST", "/api/spaces/acme/demo-7/hardware", ["flavor": "a10g-small"])
    try await work.move(to: "2026-10-05T09:00:00Z")
    let run = try work.spaceplan("run")
    #expect(run.output.contains("20 more Spaces as they should be or protected (--verbose shows them)"))
    #expect(run.output.contains("acme/demo-7 "))
    #expect(run.output.contains("2026-10-06 00:00 Europe/Paris"))
    #expect(!run.output.contains("acme/demo-8 "))
    #expect(try work.spaceplan("run", "--verbose").output.contains("acme/demo-8 "))
  }

  @Test func theJSONHasWhatAProgramNeeds() async throws {
    let work = try await workplace()
    try work.write(
      """
      version: 1
      currency: EUR
      billing: { rounding: up, stages: [{ from: 2022-01-01, billable: [RUNNING] }] }
      hardware:
        cpu-basic: { prices: [{ from: 2022-01-01, per_hour: 0 }] }
        t4-small: { prices: [{ from: 2022-01-01, per_hour: 0.5 }] }
      """, to: "pricing/prices.yaml")
    let text = try work.spaceplan("run", "--quiet", "--format", "json", "--max-changes", "1")
    let run = try JSONValue(parsing: Data(text.output.utf8))
    #expect(run["currency"] == "EUR")
    let totals = try #require(run["totals"])
    #expect(
      totals["changes_done"] == 1 && totals["changes_waiting"] == 1 && totals["per_hour"] == "1.000000000")
    let done = try #require(run["spaces"]?.array?.first)
    #expect(done["verdict"] == "change" && done["per_hour_after"] == "0.000000000")
    let change = try #require(done["changes"]?.array?.first)
    #expect(change["kind"] == "hardware" && change["from"] == "t4-small" && change["to"] == "cpu-basic")
    #expect(change["outcome"] == "done" && change["sleep"] == .null)
    #expect(try work.spaceplan("run").output.contains("EUR/H"))

    let status = try JSONValue(
      parsing: Data(try work.spaceplan("status", "--format", "json").output.utf8))
    #expect(status["at"] == "2026-10-05T08:00:00Z" && status["currency"] == "EUR")
    #expect(status["notes"]?.array?.isEmpty == true)
    #expect(status["spaces"]?.array?.first?["verdict"] == "as_desired")
  }

  // MARK: Variables

  @Test(arguments: [
    ("SPACEPLAN_NOW", "soon", "SPACEPLAN_NOW: "), ("SPACEPLAN_ZONE", "Mars", "SPACEPLAN_ZONE: "),
    ("SPACEPLAN_QUIET", "perhaps", "SPACEPLAN_QUIET is 'perhaps'; it takes 1 or 0"),
    (
      "SPACEPLAN_FORMAT", "pdf",
      "SPACEPLAN_FORMAT is 'pdf', which is none of csv, focus, github, html, ics, json, markdown, table, text"
    ),
  ])
  func aVariableThatMakesNoSenseIsNamed(name: String, value: String, words: String) throws {
    let work = try Workplace()
    work.environment[name] = value
    let report = try work.spaceplan("report")
    #expect(report.status == 64)
    #expect(report.errors.contains(words), "\(report.errors)")
  }

  @Test func aFormatOfOtherCommandsIsNoMatter() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: all, spaces: [acme/chat] }")
    work.environment = ["SPACEPLAN_FORMAT": "csv", "SPACEPLAN_PRICNG": "x"]
    let run = try work.spaceplan("run")
    #expect(run.output.contains("SPACE "))
    #expect(
      run.errors.contains("SPACEPLAN_PRICNG is no variable of this program; did you mean SPACEPLAN_PRICING?"))
    #expect(try work.spaceplan("report").output.hasPrefix("space,day,"))
  }

  // MARK: Options that do not go together

  @Test(arguments: [
    (["report", "--bom"], "--bom goes with --format csv"),
    (["report", "--format", "csv", "--charts", "text"], "--charts goes with --format markdown"),
    (["export", "history", "--observations", "-", "--actions", "-"], "go to one place"),
    (["run", "--exit-code"], "--exit-code goes with --dry-run"),
    (["run", "--max-changes", "-1"], "--max-changes"),
  ])
  func optionsThatDoNotGoTogetherAreRefused(arguments: [String], words: String) throws {
    let work = try Workplace()
    try work.rules("  - { name: all, spaces: [acme/chat] }")
    let result = try work.shell("spaceplan " + arguments.joined(separator: " "))
    #expect(result.status == 64)
    #expect(result.errors.contains(words), "\(result.errors)")
  }

  @Test func aBadFileMakesNoDatabase() throws {
    let work = try Workplace()
    try work.write("observed_at,space,stage\nyesterday,acme/chat,RUNNING\n", to: "looks.csv")
    let result = try work.spaceplan("import", "history", "--observations", "looks.csv")
    #expect(result.status == 65)
    #expect(result.errors.contains("looks.csv:2: "))
    #expect(try work.shell("ls").output.contains("sqlite") == false)
  }

  @Test func aReportOfATimeWhenNobodyLookedSaysSo() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: all, spaces: [acme/chat] }")
    try work.spaceplan("observe")
    let report = try work.spaceplan("report", "--month", "2026-08", "--format", "csv")
    #expect(report.errors.contains("nobody looked at any Space between 2026-08-01T00:00:00Z and"))
    #expect(report.output.split(separator: "\n").count == 1)
  }

  // MARK: Starting

  @Test func aTokenThatIsNotValidWritesNothing() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]], hubArguments: ["--token", "another"])
    let start = try work.spaceplan("init")
    #expect(start.status == 77)
    #expect(start.errors.contains("the Hub does not know the token from HF_TOKEN"), "\(start.errors)")
    #expect(try work.shell("ls").output.contains("schedules") == false)
  }

  @Test func whatIsThereIsNamedAndNothingIsWritten() throws {
    let work = try Workplace()
    try work.write("mine", to: "pricing/huggingface.yaml")
    let start = try work.spaceplan("init")
    #expect(start.status == 74)
    #expect(start.errors.contains("pricing/huggingface.yaml is there already"))
    #expect(try work.shell("ls").output.contains("schedules") == false)
  }

  @Test func everyCommandHasAnExampleAndCompletionScriptsAreMade() throws {
    let work = try Workplace()
    let overview = try work.spaceplan("--help").output
    let list = try #require(overview.firstRange(of: "SUBCOMMANDS:\n"))
    let commands = overview[list.upperBound...].split(separator: "\n").compactMap { line in
      line.firstMatch(of: #/^  ([a-z]+) /#).map { String($0.1) }
    }
    #expect(commands.count > 15 && commands.contains("explain"))
    for command in commands {
      let help = try work.spaceplan("help", command).output
      // `Try it first:` and `For example:` both bring one.
      let example = #/(?s)(For example|Try it first|From cron):?,?.{0,40}\bspaceplan /#
      #expect(help.contains(example), "\(help)")
      let afterUsage = help.components(separatedBy: "spaceplan \(command)").count
      #expect(afterUsage >= 2, "\(help)")
    }
    for (shell, word) in [("bash", "complete "), ("zsh", "#compdef spaceplan"), ("fish", "complete -c")] {
      let script = try work.spaceplan("--generate-completion-script", shell).output
      #expect(script.contains(word))
      for command in commands { #expect(script.contains(command), "\(shell): \(command)") }
    }
  }
}
