import Foundation
import JSON
import Spaces
import Testing
import Timelines

/// Everything is to be on free hardware in the evening, which somebody regrets.
@Suite struct UndoTests {
  private func workplace() async throws -> Workplace {
    let work = try Workplace(fleet: [
      ["id": "acme/chat", "hardware": "a10g-small", "sleepTime": 3600],
      ["id": "acme/demo", "hardware": "t4-small", "sleepTime": 7200],
      ["id": "acme/late", "hardware": "t4-small"],
    ])
    try work.rules(
      """
        - name: off
          spaces: [acme/chat, acme/demo]
          rules:
            - { name: evening, cron: "0 19 * * *", set: { hardware: cpu-basic } }
            - { name: tidy, cron: "0 22 * * *", set: { hardware: cpu-basic } }
        - { name: other, spaces: [acme/late], rules: [{ cron: "0 20 * * *", set: { hardware: cpu-basic } }] }
      """, zone: "Europe/Paris")
    try await work.move(to: "2026-10-05T18:00:00Z")
    let run = try work.spaceplan("run")
    #expect(run.output.hasSuffix("Back to how this run found things: spaceplan undo 1\n"), "\(run.output)")
    #expect(try await work.changes().count == 3)
    return work
  }

  private func hardware(_ work: Workplace) async throws -> [SpaceHardware?] {
    var all: [SpaceHardware?] = []
    for name in ["chat", "demo", "late"] {
      all.append(try await work.runtime("acme/\(name)").requestedHardware)
    }
    return all
  }

  @Test func theLastRunIsUndoneUntilTheNextBoundary() async throws {
    let work = try await workplace()
    try await work.call("POST", "/api/spaces/acme/late/hardware", ["flavor": "a100-large"])
    try await work.move(to: "2026-10-05T18:30:00Z")
    let dry = try work.spaceplan("undo", "--dry-run")
    #expect(dry.output.contains("cpu-basic → a10g-small, sleep 1h"))
    #expect(
      dry.output.contains(
        "acme/demo: hardware: t4-small, sleep: 2h, held until 2026-10-05 22:00 Europe/Paris (2026-10-05T20:00:00Z)."
      ))
    #expect(dry.output.contains("acme/late: left as it is: its hardware was changed since."))
    #expect(try await work.changes().count == 4)

    let undo = try work.spaceplan("undo", "--yes")
    #expect(undo.status == 0, "\(undo.errors)")
    #expect(try await hardware(work) == [.a10gSmall, .t4Small, .a100Large])
    #expect(try await work.runtime("acme/chat").sleep == .after(seconds: 3600))
    #expect(try work.spaceplan("holds").output.contains("undo of run 1, 2026-10-05T18:00:00Z"))

    try await work.move(to: "2026-10-05T19:00:00Z")
    try work.spaceplan("run")
    #expect(try await hardware(work) == [.a10gSmall, .t4Small, .a100Large])
    try await work.move(to: "2026-10-05T20:00:00Z")
    try work.spaceplan("run")
    #expect(try await hardware(work).prefix(2) == [.cpuBasic, .cpuBasic])
  }

  @Test func nobodyToAskIsNoYes() async throws {
    let work = try await workplace()
    let undo = try work.shell("spaceplan undo 1 < /dev/null")
    #expect(undo.status == 64)
    #expect(undo.output.contains("held until"))
    #expect(undo.errors.contains("--yes answers yes"))
    #expect(try await work.changes().count == 3)
    #expect(try work.spaceplan("holds").errors.contains("no hold stands"))
  }

  @Test func aRunIsNamedByItsNumber() async throws {
    let work = try await workplace()
    try await work.move(to: "2026-10-05T18:30:00Z")
    try work.spaceplan("hold", "acme/demo", "--hardware", "a100-large", "--for", "1h")
    let none = try work.spaceplan("undo", "99", "--yes")
    #expect(none.status == 64)
    #expect(none.errors.contains("there was no run 99"))
    let json = try JSONValue(
      parsing: Data(try work.spaceplan("undo", "1", "--yes", "--format", "json").output.utf8))
    #expect(json["holds"]?.array?.map { $0["space"] } == ["acme/chat", "acme/late"])
    #expect(json["left"]?.array == [["space": "acme/demo", "why": "its hardware was changed since"]])
    #expect(try await hardware(work) == [.a10gSmall, .a100Large, .t4Small])
  }

  @Test func withoutARunThereIsNothingToUndo() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: all, spaces: [acme/chat] }")
    #expect(try work.spaceplan("undo").status == 74)
    try work.spaceplan("run")
    let undo = try work.spaceplan("undo")
    #expect(undo.status == 0)
    #expect(undo.errors.contains("no run has changed anything yet") && undo.output.isEmpty)
  }

  /// What a program reads is JSON also where there is nothing to tell.
  @Test func nothingIsJSONToo() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: all, spaces: [acme/chat] }")
    func json(_ command: String) throws -> JSONValue {
      try JSONValue(parsing: Data(try work.shell("spaceplan \(command) --format json").output.utf8))
    }
    #expect(try json("status")["spaces"]?.array?.count == 1)
    #expect(try json("next").array != nil)
    try work.spaceplan("run")
    for command in ["undo", "undo --quiet", "undo --dry-run", "release --all"] {
      let result = try json(command)
      #expect(result["spaces"] == [] && result["run"] == .null, "\(command): \(result)")
      #expect(result["totals"]?["changes_pending"]?.integer == 0 && result["currency"] == "USD")
      #expect(result["dry_run"] == .bool(command.hasSuffix("--dry-run")))
      #expect(
        command.hasPrefix("undo") ? result["holds"] == [] && result["left"] == [] : result["released"] == [])
    }
    #expect(try json("holds") == [])
    let recommended = try json("recommend")
    #expect(recommended["spaces"] == [])
    #expect(
      recommended["left"]?.array?.first?["why"]
        == "two weeks have to be known; enough is on 2026-10-19T00:00:00Z")
    #expect(try json("forecast")["spaces"]?.array?.count == 1)
    #expect(try json("report")["version"]?.integer == 1)
  }

  /// An error is none, and is no result either.
  @Test(arguments: ["recommend", "forecast", "simulate --schedules schedules"])
  func whatCanNotBeToldIsNoJSON(command: String) throws {
    let work = try Workplace()
    try work.rules("  - { name: all, spaces: [acme/chat] }")
    try work.write("observed_at,space,stage,hardware\n", to: "looks.csv")
    try work.spaceplan("import", "history", "--observations", "looks.csv")
    let outcome = try work.shell("spaceplan \(command) --format json || exit $?")
    #expect(outcome.status == 65 && outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.errors.contains("spaceplan: "), "\(outcome.errors)")
    for other in ["holds", "report"] {
      let outcome = try work.shell("spaceplan \(other) --format json")
      _ = try JSONValue(parsing: Data(outcome.output.utf8))
    }
  }
}
