import Foundation
import Testing
import Timelines

/// Every command of the README does what it says, one after the other, in an empty folder.
@Suite struct ReadmeTests {
  private static let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("README.md")

  /// Commands that build and install this program, as the continuous integration does.
  private static let excepted = ["make demo", "make test", "make build", "sudo install "]

  /// The lines of all blocks of a kind.
  private func lines(of kind: String) throws -> [String] {
    var lines: [String] = []
    var isInside = false
    for line in try String(contentsOf: Self.readme, encoding: .utf8).split(separator: "\n") {
      let text = line.trimmingCharacters(in: .whitespaces)
      if text.hasPrefix("```") { isInside = text == "```" + kind } else if isInside { lines.append(text) }
    }
    return lines
  }

  /// The blocks of rules, as they stand.
  private func examplesOfRules() throws -> [String] {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    return text.matches(of: #/(?s)\n```yaml\n(.*?)\n```\n/#).map { String($0.1) }
  }

  /// The lines of the picture that begins so, without what is left out, and empty ones.
  static func picture(of command: String) throws -> [Substring] {
    let text = try String(contentsOf: readme, encoding: .utf8)
    let pictures = text.matches(of: #/(?s)\n```text\n(.*?)\n```\n/#).map(\.1)
    let picture = try #require(pictures.first { $0.hasPrefix("$ \(command)") })
    return picture.split(separator: "\n").filter { $0 != "…" }
  }

  private func exampleOfRules() throws -> String { try #require(try examplesOfRules().first) }

  private func workplace() throws -> Workplace {
    try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small"]])
  }

  @Test func everyCommandRuns() throws {
    let commands = try lines(of: "sh").filter { line in
      !Self.excepted.contains(where: line.hasPrefix)
    }
    #expect(commands.contains("spaceplan run --dry-run"))
    #expect(commands.contains { $0.hasPrefix("spaceplan import") })
    #expect(commands.contains { $0.hasPrefix("spaceplan hold ") })
    let work = try workplace()
    try work.write(try exampleOfRules(), to: "example.yaml")
    // "Edit the rules", the README says after this.
    let steps = commands.flatMap { command in
      command == "spaceplan init" ? [command, "cp ../example.yaml schedules/spaces.yaml"] : [command]
    }
    let result = try work.shell((["set -x"] + steps).joined(separator: "\n"))
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func checkFindsNothingInTheRules() throws {
    let examples = try examplesOfRules()
    #expect(examples.count > 1)
    for example in examples {
      let work = try workplace()
      try work.write(example, to: "schedules/spaces.yaml")
      let result = try work.spaceplan("check", "--strict", "--offline")
      #expect(result.status == 0, "\(result.output)")
      // Nor does it wonder about anything.
      #expect(result.output.isEmpty, "\(result.output)")
    }
  }

  @Test func oneSignIsForWhatIsLeftOut() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    #expect(!text.contains("..."))
  }

  @Test func everyCronLineRunsWithTheVariablesOfCron() throws {
    let crontab = try lines(of: "cron")
    let work = try workplace()
    try work.shell("mkdir spaces && cd spaces && spaceplan init && spaceplan observe")
    try work.write("secret-token", to: ".cache/huggingface/token")
    let variables = crontab.filter { $0.contains(#/^[A-Z_]+=/#) }
    #expect(variables.contains { $0.hasPrefix("PATH=") && $0.contains("/usr/local/bin") })
    let commands = crontab.compactMap { line -> String? in
      let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      guard fields.count == 6, !line.contains(#/^[A-Z_]+=/#) else { return nil }
      return fields[5].trimmingCharacters(in: .whitespaces).replacing("\\%", with: "%")
    }
    #expect(commands.count == crontab.count - variables.count)
    #expect(commands.contains { $0.contains("report --month") })
    for command in commands {
      let result = try work.shell("unset HF_TOKEN\n" + command)
      #expect(result.status == 0, "\(command): \(result.errors)")
    }
  }
}
