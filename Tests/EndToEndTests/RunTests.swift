import Foundation
import GRDB
import JSON
import Testing
import Timelines

private let officeHours = """
    - name: chat
      spaces: [acme/chat]
      default: { hardware: cpu-basic }
      rules:
        - { name: morning, cron: "0 8 * * MON-FRI", set: { hardware: t4-small, sleep: 30m } }
        - { name: evening, cron: "0 19 * * MON-FRI", set: { hardware: cpu-basic } }
  """

@Suite struct RunTests {
  @Test func aRuleBecomesOneCallAndNothingMore() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules(officeHours)
    try await work.move(to: "2026-10-05T07:59:00Z")
    #expect(try work.spaceplan("run").status == 0)
    #expect(try await work.changes().isEmpty)

    try await work.move(to: "2026-10-05T08:00:00Z")
    let run = try work.spaceplan("run")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("cpu-basic → t4-small, sleep 30m"))
    #expect(run.output.contains("rule morning of 2026-10-05 08:00"))
    let changes = [#"POST /api/spaces/acme/chat/hardware {"flavor":"t4-small","sleepTimeSeconds":1800}"#]
    #expect(try await work.changes() == changes)

    try await work.move(to: "2026-10-05T08:05:00Z")
    #expect(try work.spaceplan("run").output.contains("as it should be"))
    #expect(try await work.changes() == changes)
  }

  @Test func someSpacesAreNamedByAnyOfTheirNamesAndAMistakeChangesNothing() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"], ["id": "acme/other"]])
    try work.rules("  - { name: all, spaces: [\"acme/*\"], default: { hardware: t4-small } }")
    for names in ["acme/chat acme/chta", "acme/other acme/chta --quiet"] {
      let run = try work.shell("spaceplan run --only \(names)")
      #expect(run.status == 64)
      #expect(run.errors.contains("no Space acme/chta was seen; did you mean acme/chat?"), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try await work.changes().isEmpty)
    try await work.control("spaces/rename", ["from": "acme/chat", "to": "acme/talk"])
    #expect(try work.spaceplan("explain", "acme/chat").output.hasPrefix("acme/talk at "))
    #expect(try work.spaceplan("run", "--only", "acme/chat").status == 0)
    #expect(try await work.runtime("acme/talk").requestedHardware == .t4Small)
    #expect(try await work.runtime("acme/other").requestedHardware == .cpuBasic)
    #expect(try work.spaceplan("explain", "acme/chat").output.hasPrefix("acme/talk at "))
  }

  /// What a run for some Spaces has done was not passed over.
  @Test func whatARunForSomeHasDoneIsNotPassedOver() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small", "sleepTime": 1800]])
    try work.rules(officeHours)
    try await work.move(to: "2026-10-05T18:00:00Z")
    #expect(try work.spaceplan("run").status == 0)
    try await work.move(to: "2026-10-05T19:05:00Z")
    #expect(try work.spaceplan("run", "--only", "acme/chat").output.contains("t4-small → cpu-basic"))
    try await work.move(to: "2026-10-06T08:30:00Z")
    let run = try work.spaceplan("run").output
    #expect(run.contains("cpu-basic → t4-small") && !run.contains("passed over"), "\(run)")
  }

  /// A look of a clock that was ahead keeps later ones out, which must not go unnoticed.
  @Test(arguments: [["observe", "--quiet"], ["run", "--quiet"]])
  func aClockThatWasAheadIsTold(command: [String]) async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules(officeHours)
    try work.spaceplan("observe", "--now", "2028-01-01T00:00:00Z")
    let look = try work.shell("spaceplan " + command.joined(separator: " "))
    #expect(look.status == 65, "\(look.errors)")
    #expect(
      look.errors.contains("is of 2028-01-01T00:00:00Z, after now: a clock was ahead then"), "\(look.errors)")
  }

  @Test func whatWasDoneIsToldAlsoWhereTheDatabaseBreaksAfterIt() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules(officeHours)
    try work.spaceplan("observe")
    try await DatabaseQueue(path: work.folder.appendingPathComponent("spaceplan.sqlite").path).write {
      try $0.execute(
        sql: "CREATE TRIGGER full BEFORE INSERT ON price_seen BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    }
    try await work.move(to: "2026-10-05T08:00:00Z")
    let run = try work.spaceplan("run")
    #expect(run.status == 74)
    #expect(run.errors.contains("disk is full"), "\(run.errors)")
    #expect(run.output.contains("cpu-basic → t4-small, sleep 30m"))
    #expect(run.output.contains("spaceplan undo 1"))
  }

  @Test func aDryRunSendsNothingButReads() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules(officeHours)
    try await work.move(to: "2026-10-05T09:00:00Z")
    let dry = try work.spaceplan("run", "--dry-run")
    #expect(dry.status == 0)
    #expect(dry.output.contains("dry run: nothing was changed"))
    #expect(dry.output.contains("1 change pending for 1 Space"))
    #expect(try work.spaceplan("run", "--dry-run", "--exit-code").status == 2)
    #expect(try await work.changes().isEmpty)
  }

  @Test func aMissedBoundaryHealsAndIsTold() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules(officeHours)
    try await work.move(to: "2026-10-05T07:00:00Z")
    try work.spaceplan("run")
    try await work.move(to: "2026-10-07T10:00:00Z")
    let run = try work.spaceplan("run")
    #expect(run.output.contains("cpu-basic → t4-small"))
    #expect(run.output.contains("passed over, as no run came in time: "))
    #expect(try await work.runtime("acme/chat").requestedHardware == .t4Small)
  }

  @Test func aChangeByHandIsRespectedUntilTheNextBoundary() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules(officeHours)
    try await work.move(to: "2026-10-05T08:00:00Z")
    try work.spaceplan("run")
    try await work.move(to: "2026-10-05T12:00:00Z")
    try work.spaceplan("run")
    try await work.call("POST", "/api/spaces/acme/chat/hardware", ["flavor": "a100-large"])
    try await work.move(to: "2026-10-05T12:05:00Z")
    let run = try work.spaceplan("run")
    #expect(
      run.output.contains(
        "hardware changed by hand after 2026-10-05 12:00; left so until the next boundary, 2026-10-05 19:00"))
    #expect(try await work.runtime("acme/chat").requestedHardware == .a100Large)
    try await work.move(to: "2026-10-05T19:00:00Z")
    try work.spaceplan("run")
    #expect(try await work.runtime("acme/chat").requestedHardware == .cpuBasic)
  }

  @Test func tenForgottenGPUsGoToFreeHardwareOnTheFirstRun() async throws {
    let visits = (0..<60).map { JSONValue.string("2026-10-01T\((10 + $0 / 10)):\(10 + $0 % 10):00Z") }
    let fleet = (0..<10).map { number -> JSONValue in
      ["id": .string("acme/demo-\(number)"), "hardware": "a10g-small", "visits": .array(visits)]
    }
    let work = try Workplace(fleet: .array(fleet), clock: "2026-10-01T00:00:00Z")
    try work.rules(
      "  - { name: demos, spaces: [\"acme/*\"], idle: { after: 2h, set: { hardware: cpu-basic } } }")
    try await work.move(to: "2026-10-04T02:00:00Z")
    try await work.endLogStreams()
    let run = try work.spaceplan("run")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("idle since 2026-10-01 15:"))
    #expect(run.output.contains("10 changes done for 10 Spaces; 10.00 USD an hour, then 0.00"))
    for number in 0..<10 {
      #expect(try await work.runtime("acme/demo-\(number)").requestedHardware == .cpuBasic)
    }
    // It stays so: the idle rule's change is not undone by the next run, nor judged again.
    try await work.move(to: "2026-10-05T02:00:00Z")
    try work.spaceplan("run")
    #expect(try await work.changes().count == 10)
  }

  @Test func aPauseByItsOwnerIsLeftAlone() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "stage": "PAUSED"]])
    try work.rules(officeHours)
    try await work.move(to: "2026-10-05T08:00:00Z")
    let run = try work.spaceplan("run")
    #expect(run.output.contains("paused by somebody else"))
    #expect(try await work.changes().isEmpty)
  }

  @Test func aPauseOfOursEndsWhenNothingAsksForIt() async throws {
    let work = try Workplace(fleet: [["id": "acme/batch", "hardware": "l40sx1"]])
    try work.rules(
      """
        - name: batch
          spaces: [acme/batch]
          rules:
            - { name: night, cron: "0 20 * * *", set: { state: paused } }
            - { name: day, cron: "0 8 * * *", set: { hardware: t4-small } }
      """)
    try await work.move(to: "2026-10-05T20:00:00Z")
    try work.spaceplan("run")
    #expect(try await work.runtime("acme/batch").stage == .paused)
    try await work.move(to: "2026-10-06T08:00:00Z")
    let run = try work.spaceplan("run")
    #expect(run.output.contains("nothing asks for the pause any more"))
    let changes = try await work.changes()
    #expect(
      changes.map { $0.split(separator: " ")[1].split(separator: "/").last } == [
        "pause", "hardware", "restart",
      ])
    #expect(try await work.runtime("acme/batch").requestedHardware == .t4Small)
  }

  @Test func aRefusedDowngradeStopsNobodyElse() async throws {
    let work = try Workplace(fleet: [
      ["id": "acme/a", "hardware": "a100-large"], ["id": "acme/b", "hardware": "t4-small"],
      ["id": "acme/c", "hardware": "l4x1", "stage": "SLEEPING"],
    ])
    try await work.control("account", ["owner": "acme", "cpuBasicLimit": 1])
    try work.rules("  - { name: off, spaces: [\"acme/*\"], default: { hardware: cpu-basic } }")
    try await work.move(to: "2026-10-05T08:00:00Z")
    let run = try work.spaceplan("run")
    #expect(run.status == 1)
    #expect(run.output.contains("otherwise: pause"))
    // The one that saves most got the place.
    #expect(try await work.runtime("acme/a").requestedHardware == .cpuBasic)
    #expect(try await work.runtime("acme/b").requestedHardware == .t4Small)

    try work.rules(
      "  - { name: off, spaces: [\"acme/*\"], default: { hardware: cpu-basic }, otherwise: pause }")
    try await work.move(to: "2026-10-05T08:05:00Z")
    // What the policy names for that was done, so nothing failed, and nobody is told to name it.
    let paused = try work.spaceplan("run")
    #expect(
      paused.status == 0 && !paused.output.contains("otherwise: pause` in the policy"), "\(paused.output)")
    #expect(try await work.runtime("acme/b").stage == .paused)
    // Paused it stays while nothing but the refused hardware is asked for.
    let before = try await work.changes().count
    try await work.move(to: "2026-10-05T08:10:00Z")
    #expect(try work.spaceplan("run").status == 0)
    #expect(try await work.changes().count == before)
  }

  /// Of several hardware what was got tells what it costs; what came to nothing costs nothing.
  @Test func ratesAndEffectsAreOfWhatWasDone() async throws {
    let work = try Workplace(fleet: [
      ["id": "acme/a", "hardware": "a10g-small"], ["id": "acme/b", "hardware": "a10g-small"],
    ])
    try work.rules(
      """
        - { name: a, spaces: [acme/a], default: { hardware: [a100-large, t4-small], sleep: 1h } }
        - { name: b, spaces: [acme/b], default: { hardware: t4-small, sleep: 1h } }
      """)
    for (path, body) in [("*/a/hardware", "*a100*"), ("*/b/hardware", "*")] {
      try await work.control(
        "faults",
        ["path": .string(path), "body": .string(body), "kind": "status", "status": 403, "error": "no"])
    }
    try await work.move(to: "2026-10-31T00:00:00Z")
    let run = try work.spaceplan("run", "--format", "json")
    let spaces = try JSONValue(parsing: Data(run.output.utf8))["spaces"]?.array ?? []
    #expect(spaces.map { $0["per_hour_after"]?.string } == ["0.400000000", "1.000000000"])
    #expect(spaces.map { $0["month_effect"]?.string } == ["-14.400000000", "0.000000000"])
  }

  /// cron's mail tells of it, once.
  @Test func aQuietRunTellsOnceWhatWentWrong() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "fails": ["t4-small"]]])
    try work.rules(officeHours)
    try await work.move(to: "2026-10-05T08:00:00Z")
    #expect(try work.spaceplan("run", "--quiet").output.contains("cpu-basic → t4-small"))
    try await work.move(to: "2026-10-05T08:05:00Z")
    let told = try work.spaceplan("run", "--quiet")
    #expect(
      told.output.contains("acme/chat: it fails on t4-small, which spaceplan gave it on 2026-10-05 08:00"))
    #expect(told.status == 0)
    try await work.move(to: "2026-10-05T08:10:00Z")
    #expect(try work.spaceplan("run", "--quiet").output == "")
    #expect(try work.spaceplan("run").output.contains("it fails on t4-small"))
  }

  @Test func aRenamedSpaceIsOneSpace() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules(officeHours)
    try await work.move(to: "2026-10-05T08:00:00Z")
    try work.spaceplan("run")
    try await work.control("spaces/rename", ["from": "acme/chat", "to": "acme/talk"])
    try await work.move(to: "2026-10-05T19:00:00Z")
    let run = try work.spaceplan("run")
    #expect(run.output.contains("acme/chat was renamed to acme/talk: write the new name in the rules"))
    #expect(try await work.runtime("acme/talk").requestedHardware == .cpuBasic)
    // In the look that found it, and in those after it.
    #expect(try !work.spaceplan("run").output.contains("has no Space"))
    let check = try work.spaceplan("check").output
    #expect(check.contains("acme/chat was renamed to acme/talk"))
    #expect(!check.contains("has no Space") && !check.contains("never changed"), "\(check)")
    let csv = try work.spaceplan("report", "--month", "2026-10", "--format", "csv").output
    #expect(csv.contains("acme/talk,2026-10-05,t4-small"))
    #expect(!csv.contains("acme/chat"))
  }

  @Test func aVanishedSpaceIsGoneAndAskedForOnce() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small"], ["id": "acme/other"]])
    try work.rules("  - { name: all, spaces: [\"acme/*\"] }")
    try work.spaceplan("observe")
    try await work.call("DELETE", "/_simulator/spaces/acme/chat")
    try await work.move(to: "2026-10-05T00:10:00Z")
    #expect(try work.spaceplan("observe").errors.contains("acme/chat is gone"))
    let before = try await work.requests().count
    try await work.move(to: "2026-10-05T00:20:00Z")
    try work.spaceplan("observe")
    #expect(try await work.requests().count == before + 1)
    #expect(try work.spaceplan("export", "history", "--observations", "-").output.contains("acme/chat,GONE"))
  }

  @Test func whatNoPolicyIsForAnyMoreIsLeftAndTold() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: never } }")
    try await work.move(to: "2026-10-05T08:00:00Z")
    try work.spaceplan("run")
    try work.rules("  []")
    try await work.move(to: "2026-10-05T19:00:00Z")
    let run = try work.spaceplan("run")
    #expect(run.output.contains("no policy is for it any more"))
    #expect(run.output.contains("0.40"))
    #expect(try await work.changes().count == 1)
  }

  @Test func theSecondRunSaysWhoHoldsTheLock() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules(officeHours)
    let lock = open(work.folder.appendingPathComponent("spaceplan.sqlite.lock").path, O_RDWR | O_CREAT, 0o644)
    defer { close(lock) }
    _ = "process 4711".withCString { Foundation.write(lock, $0, 12) }
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let run = try work.spaceplan("run")
    #expect(run.status == 75)
    #expect(run.errors.contains("process 4711"))
    #expect(try work.spaceplan("run", "--dry-run").status == 0)
  }
}

private let everyMinute = "07:52 07:53 07:54 07:55 07:56 07:57 07:58 07:59 08:00 08:01"
private let oftenAtLast = "05:00 06:00 07:00 07:05 07:10 07:15 07:20 07:25 07:50 07:55 08:00"

/// A start that was seen, a rhythm that changes and an end of a pause tell that less time would do: what a rule has
/// done early stays.
@Suite struct ReadyTests {
  @Test(arguments: [
    (everyMinute, "hardware: l4x1", "hardware: cpu-basic", ["hardware"]),
    (oftenAtLast, "hardware: l4x1", "hardware: cpu-basic", ["hardware"]),
    (oftenAtLast, "state: running", "state: paused", ["pause", "restart"]),
  ]) func whatHasActedEarlyStays(times: String, up: String, down: String, calls: [String]) async throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "startup": 60]])
    try work.rules(
      """
        - name: chat
          spaces: [acme/chat]
          default: { hardware: cpu-basic, sleep: 1h }
          rules:
            - { name: up, cron: "0 8 * * *", set: { \(up) }, ready: true }
            - { name: down, cron: "0 20 * * *", set: { \(down) } }
      """)
    for time in times.split(separator: " ") {
      try await work.move(to: "2026-10-05T\(time):00Z")
      #expect(try work.spaceplan("run").status == 0)
    }
    let changes = try await work.controls.changes()
    #expect(changes == calls.map { "POST /api/spaces/acme/chat/\($0)" })
  }
}
