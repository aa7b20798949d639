import Foundation
import Testing

/// Reports that add up by something else, from a real history and rules.
@Suite struct ReportTests {
  private func workplace() async throws -> Workplace {
    let work = try Workplace(
      fleet: [
        ["id": "acme/chat", "hardware": "t4-small"], ["id": "acme/gift", "hardware": "a10g-small"],
        ["id": "labs/x", "hardware": "t4-small"],
      ])
    try work.rules(
      """
        - { name: chat, spaces: [acme/chat], labels: { team: research } }
        - { name: gift, spaces: [acme/gift], granted: true }
        - { name: labs, spaces: ["labs/*"], split: { research: 1, product: 3 } }
      """)
    for minute in stride(from: 0, through: 60, by: 15) {
      try await work.move(to: "2026-10-05T0\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00Z")
      try work.spaceplan("observe")
    }
    return work
  }

  private func costs(_ report: Workplace.Outcome, keys: Int = 1) -> [String] {
    report.output.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      return (fields[..<keys] + [fields[fields.count - 2].prefix(4)]).joined(separator: " ")
    }
  }

  @Test func costsAreAddedUpByWhatTheRulesSay() async throws {
    let work = try await workplace()
    #expect(
      costs(try work.spaceplan("report", "--format", "csv", "--by", "label"))
        == ["product 0.30", "research 0.50", " 0.00"].sorted())
    #expect(
      costs(try work.spaceplan("report", "--format", "csv", "--by", "policy"))
        == ["chat 0.40", "gift 0.00", "labs 0.40"])
    #expect(
      costs(try work.spaceplan("report", "--format", "csv", "--by", "owner,day"), keys: 2)
        == ["acme 2026-10-05 0.40", "labs 2026-10-05 0.40"])
    let markdown = try work.spaceplan("report", "--by", "label:team")
    #expect(markdown.output.contains("## Cost by team\n"))
    #expect(markdown.output.contains("A grant pays for the hardware of `acme/gift`: worth 1.00 USD"))
    #expect(try work.spaceplan("status").output.contains("0.80 USD an hour now; 0.80 USD this month so far"))
  }

  @Test(arguments: [
    (
      ["--by", "hardwear"],
      "'hardwear' is none of space, owner, hardware, policy, day, week, month, label; did you mean hardware?"
    ),
    (["--by", "label:site"], "--by label:site: which label? (label:team)"),
    (["--by", "day,week,month"], "--by takes one or two different words"),
    (["--by", "day,day"], "--by takes one or two different words"),
    (["--top", "0"], "--top is a number from 1 up"),
    (["--top", "3", "--format", "csv"], "--top goes with --format markdown"),
    (["--raw", "--format", "csv"], "--raw is for labels and policies, so it goes with --by"),
    (["--by", "owner", "--charts", "text"], "--charts does nothing"),
  ])
  func whatCantBeAddedUpIsSaid(arguments: [String], words: String) async throws {
    let work = try await workplace()
    let report = try work.shell((["spaceplan", "report"] + arguments).joined(separator: " "))
    #expect(report.status == 64)
    #expect(report.errors.contains(words), "\(report.errors)")
  }

  @Test func aFilesNameTellsTheFormat() async throws {
    let work = try await workplace()
    func written(_ options: String, to file: String) throws -> String {
      let result = try work.shell("spaceplan report \(options) --output \(file)")
      #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
      return try work.read(file)
    }
    let markdown = "# Spaces cost"
    for (file, start) in [
      ("oct.html", "<!DOCTYPE html>"), ("oct.HTML", "<!DOCTYPE html>"), ("oct.csv", "space,"),
      ("oct.json", "{"), ("oct.md", markdown), ("oct.txt", markdown), ("csv", markdown),
    ] {
      #expect(try written("", to: file).lowercased().hasPrefix(start.lowercased()), "\(file)")
    }
    #expect(try written("--format csv", to: "a.html").hasPrefix("space,"))
    // What the command line says comes before what the environment does.
    #expect(try written("--crlf", to: "b.csv").hasPrefix("space,"))
    let variable = try work.shell("SPACEPLAN_FORMAT=json spaceplan report --output c.csv && head -c 6 c.csv")
    #expect(variable.output == "space,")
  }

  @Test func aReportNeedsNoRules() async throws {
    let work = try await workplace()
    try work.shell("rm -r schedules")
    #expect(costs(try work.spaceplan("report", "--format", "csv", "--by", "policy")) == [" 1.80"])
    let label = try work.spaceplan("report", "--by", "label")
    #expect(label.status == 64 && label.errors.contains("which label? (the rules have none)"))
    #expect(try work.spaceplan("report", "--schedules", "schedules").status == 74)
  }
}
