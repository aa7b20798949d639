import Foundation
import Reports
import Testing

/// Reports as they are handed out, byte by byte. `SPACEPLAN_REWRITE_GOLDEN=1 swift test --filter GoldenTests`
/// writes them anew and fails, so that nobody forgets to read what changed.
struct GoldenTests {
  @Test(arguments: GoldenCase.all) func isAsWritten(golden: GoldenCase) throws {
    let report = try golden.report()
    try compare(report.markdown(tool: "spaceplan 0.0.0"), with: golden.name + "/report.md")
    try compare(report.csv(), with: golden.name + "/report.csv")
  }

  @Test func textCharts() throws {
    let report = try #require(GoldenCase.all.first { $0.name == "running-month" }).report()
    try compare(report.markdown(charts: .text), with: "running-month/text-charts.md")
  }

  @Test func groups() throws {
    let report = try #require(GoldenCase.all.first { $0.name == "many-spaces" }).report()
    try compare(report.markdown(by: [.hardware, .month], top: 6), with: "many-spaces/by-hardware-month.md")
    try compare(report.markdown(by: [.owner]), with: "many-spaces/by-owner.md")
    try compare(report.csv(by: [.hardware, .week]), with: "many-spaces/by-hardware-week.csv")
    let month = try #require(GoldenCase.all.first { $0.name == "month" }).report()
    try compare(month.json(by: [.space]).text + "\n", with: "month/report.json")
  }

  func compare(_ text: String, with path: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(path)")
    if ProcessInfo.processInfo.environment["SPACEPLAN_REWRITE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("\(path) is written anew: read what changed, then run without SPACEPLAN_REWRITE_GOLDEN")
      return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    guard text != expected else { return }
    let difference = text.split(separator: "\n", omittingEmptySubsequences: false)
      .difference(from: expected.split(separator: "\n", omittingEmptySubsequences: false))
    let lines = difference.prefix(40).map { change in
      switch change {
      case .remove(let line, let text, _): "-\(line + 1): \(text)"
      case .insert(let line, let text, _): "+\(line + 1): \(text)"
      }
    }
    Issue.record("\(path) differs:\n\(lines.joined(separator: "\n"))")
  }
}
