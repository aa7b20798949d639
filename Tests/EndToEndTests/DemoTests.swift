import Foundation
import JSON
import Testing

@Suite struct DemoTests {
  /// Starts a demo and ends it as soon as it has said what it does.
  /// - Returns: what it and all that it started said on standard error, which ends when the last of them does.
  private func beginAndEnd(_ work: Workplace) throws -> String {
    let (output, errors) = (Pipe(), Pipe())
    let demo = try work.start(["demo"], output: output, errors: errors)
    try errors.fileHandleForWriting.close()
    let first = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    demo.terminate()
    demo.waitUntilExit()
    let said = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(first.contains("Six Spaces"), "\(said)")
    return said
  }

  @Test func nothingOutlivesADemoThatIsEnded() throws {
    let work = try Workplace()
    #expect(try beginAndEnd(work).isEmpty)
    #expect(try work.shell("ls -A demo").output.contains("fleet.json"))
  }

  @Test func aDemoIsMadeAnewOnlyWhereNothingIsLost() throws {
    let work = try Workplace()
    _ = try beginAndEnd(work)
    _ = try beginAndEnd(work)
    try work.write("mine", to: "demo/notes.txt")
    try work.shell("echo '# mine' >> demo/schedules/team.yaml")
    let again = try work.spaceplan("demo")
    #expect(again.status == 74)
    #expect(again.errors.contains("changed or added: notes.txt, schedules/team.yaml;"))
    #expect(try work.read("demo/notes.txt") == "mine")
  }

  @Test func aFolderOfAnotherMakerIsLeftAlone() throws {
    let work = try Workplace()
    try work.write("mine", to: "demo/notes.txt")
    let demo = try work.spaceplan("demo")
    #expect(demo.status == 74)
    #expect(demo.errors.contains("this command did not make"))
    #expect(try work.read("demo/notes.txt") == "mine")
  }

  /// Whether an output has these lines, in their order.
  private func expect(_ lines: some Sequence<Substring>, in output: String) {
    var rest = output.split(separator: "\n")[...]
    for line in lines {
      let place = rest.firstIndex(of: line)
      #expect(place != nil, "\(line)")
      if let place { rest = rest[(place + 1)...] }
    }
  }

  /// What the demo says last, and the README's pictures of commands that look at Spaces.
  private func lookAtTheSpaces(as output: String, left work: Workplace) async throws {
    let words = output.split(separator: "\n").suffix(3).map { $0.drop { $0 == " " } }
    try #require(words.count == 3)
    // The README has the same three lines.
    #expect(try ReadmeTests.picture(of: "spaceplan-hub") == words.map { "$ \($0)" })
    let clock = try #require(words[0].firstMatch(of: #/--clock (\S+)/#)).1
    let hub = try Workplace(
      fleet: try JSONValue(parsing: Data(try work.read("demo/fleet.json").utf8)), clock: String(clock))
    try hub.shell("cp -r '\(work.folder.path)/demo' .")
    hub.environment["USER"] = "you"
    let status = try hub.shell(
      words[1...].joined(separator: "\n").replacing("http://127.0.0.1:8765", with: hub.endpoint))
    #expect(status.status == 0, "\(status.errors)")
    #expect(status.output.contains(#/\nacme\/chat +RUNNING a10g-small, sleep 30m /#), "\(status.output)")
    #expect(!status.output.contains("by hand"), "\(status.output)")
    for (command, minute) in [("spaceplan hold", 3), ("spaceplan explain", 4)] {
      try await hub.move(to: "2026-11-02T08:0\(minute):00Z")
      let picture = try ReadmeTests.picture(of: command)
      let shown = try hub.shell("cd demo && \(picture[0].dropFirst(2))")
      #expect(shown.status == 0, "\(shown.errors)")
      expect(
        picture.dropFirst(),
        in: shown.output.replacing("@\(ProcessInfo.processInfo.hostName)", with: "@laptop"))
    }
  }

  @Test func theWholeDemoSavesMoneyAndLeavesWhatItNames() async throws {
    let work = try Workplace()
    let demo = try work.spaceplan("demo")
    #expect(demo.status == 0, "\(demo.errors)")
    #expect(demo.output.contains("USD saved"))
    // The Hub's own bill lies within what the looks leave open.
    #expect(demo.output.contains("$ spaceplan reconcile --month 2026-10\n"))
    #expect(demo.output.contains(#/\nall .* (matched|explained)\n/#))
    #expect(!demo.output.contains("unexplained"))
    for command in demo.output.split(separator: "\n").filter({ $0.hasPrefix("  cd demo && spaceplan ") }) {
      #expect(try work.shell(String(command)).status == 0, "\(command)")
    }
    // The README's pictures of it, line by line.
    expect(try ReadmeTests.picture(of: "spaceplan run"), in: demo.output)
    expect(try ReadmeTests.picture(of: "spaceplan reconcile"), in: demo.output)
    for (command, now) in [
      ("spaceplan simulate --set", "2026-11-02T08:02:01Z"), ("spaceplan recommend", ""),
      ("spaceplan next --cron", ""),
    ] {
      let picture = try ReadmeTests.picture(of: command)
      let output = try work.shell("cd demo && SPACEPLAN_NOW=\(now) \(picture[0].dropFirst(2))").output
      expect(picture.dropFirst(), in: output)
    }
    // What is so of all of them is said once.
    let later = try work.shell("cd demo && spaceplan forecast --now 2026-11-09T08:00:00Z").output
    #expect(later.split(separator: "\n").count { $0.hasPrefix("Nobody has looked at ") } == 1, "\(later)")
    try await lookAtTheSpaces(as: demo.output, left: work)
    try work.write("mine", to: "demo/report.md")
    #expect(try work.spaceplan("demo").errors.contains("changed or added: report.md;"))
  }
}
