import Foundation
import JSON
import Testing
import Timelines

private let officeHours = """
    - name: chat
      spaces: [acme/chat]
      default: { hardware: cpu-basic }
      rules:
        - { name: morning, cron: "0 8 * * MON-FRI", set: { hardware: t4-small } }
        - { name: evening, cron: "0 19 * * MON-FRI", set: { hardware: cpu-basic } }
  """

/// A hold is a row and a run for one Space; the runs after it do the rest.
@Suite struct HoldTests {
  /// Runs came every 5 minutes; the last at 12:00, on `t4-small` with an hour of sleep that no rule names.
  private func workplace(_ rules: String = officeHours, zone: String = "UTC") async throws -> Workplace {
    let work = try Workplace(
      fleet: [
        ["id": "acme/chat", "hardware": "t4-small", "sleepTime": 3600],
        ["id": "acme/other", "hardware": "t4-small"],
      ], clock: "2026-10-05T11:45:00Z")
    work.environment["USER"] = "anna"
    try work.rules(rules, zone: zone)
    for minute in ["11:50", "11:55", "12:00"] {
      try await work.move(to: "2026-10-05T\(minute):00Z")
      #expect(try work.spaceplan("run").status == 0)
    }
    return work
  }

  private func run(_ work: Workplace, at instant: String) async throws {
    try await work.move(to: instant)
    let run = try work.spaceplan("run")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func itHoldsAtOnceAndTheRunAfterItsEndPutsThingsBack() async throws {
    let work = try await workplace(zone: "Europe/Paris")
    try await work.move(to: "2026-10-05T12:02:00Z")
    let hold = try work.spaceplan(
      "hold", "acme/chat", "--hardware", "a100-large", "--for", "3h", "--reason", "demo")
    #expect(hold.status == 0, "\(hold.errors)")
    #expect(hold.output.contains("t4-small → a100-large  0.40 → 2.50"))
    #expect(hold.output.contains("Held until 2026-10-05 17:02 Europe/Paris (2026-10-05T15:02:00Z) by anna@"))
    #expect(
      hold.output.contains(
        "The run of about 2026-10-05 17:05 Europe/Paris (2026-10-05T15:05:00Z) puts things back, as runs come every 5m."
      ))
    // 2.10 USD an hour more than the rules ask for by then.
    #expect(hold.output.contains("The 3m over costs up to 0.10 USD."))
    #expect(try await work.runtime("acme/chat").requestedHardware == .a100Large)
    #expect(try await work.runtime("acme/other").requestedHardware == .t4Small)

    try await run(work, at: "2026-10-05T12:05:00Z")
    try await run(work, at: "2026-10-05T15:01:59Z")
    #expect(try await work.changes().count == 1)
    try await run(work, at: "2026-10-05T15:05:00Z")
    #expect(try await work.runtime("acme/chat").requestedHardware == .t4Small)
    #expect(try await work.changes().count == 2)
  }

  /// Each says the number by which it is undone.
  @Test func aHoldAndAReleaseTellHowToGoBack() async throws {
    let work = try await workplace()
    func number(_ output: String) throws -> String {
      let line = try #require(
        output.firstMatch(of: #/\nBack to how this run found things: (spaceplan undo \d+)\n/#))
      return String(line.1)
    }
    try await work.move(to: "2026-10-05T12:02:00Z")
    let hold = try work.spaceplan("hold", "acme/chat", "--hardware", "a100-large", "--for", "3h").output
    let undo = try number(hold)
    try await work.move(to: "2026-10-05T12:03:00Z")
    let release = try work.spaceplan("release", "acme/chat").output
    #expect(try number(release) != undo)
    try await work.move(to: "2026-10-05T12:04:00Z")
    let again = try work.shell("\(try number(release)) --yes")
    #expect(again.status == 0, "\(again.errors)")
    #expect(try await work.runtime("acme/chat").requestedHardware == .a100Large)
    // Where nothing is sent there is nothing to undo.
    let dry = try work.spaceplan("hold", "acme/chat", "--hardware", "t4-medium", "--for", "3h", "--dry-run")
    #expect(!dry.output.contains("undo"), "\(dry.output)")
  }

  @Test func aDryRunRecordsNothing() async throws {
    let work = try await workplace()
    let before = try work.spaceplan("export", "history", "--observations", "-").output
    try await work.move(to: "2026-10-05T12:02:00Z")
    let hold = try work.spaceplan("hold", "acme/chat", "--pause", "--for", "1h", "--dry-run")
    #expect(hold.status == 0)
    #expect(hold.output.contains("dry run: nothing was changed") && hold.output.contains("pause"))
    #expect(hold.output.contains("Would be held until 2026-10-05T13:02:00Z"))
    #expect(try await work.changes().isEmpty)
    #expect(try work.spaceplan("holds", "--all").errors.contains("no hold was ever made"))
    #expect(try work.spaceplan("export", "history", "--observations", "-").output == before)
  }

  @Test(arguments: [nil, 7200]) func whatNothingNamesGoesBackUnlessSomebodyChangedIt(meanwhile: Int64?)
    async throws
  {
    let work = try await workplace()
    try await work.move(to: "2026-10-05T12:02:00Z")
    #expect(try work.spaceplan("hold", "acme/chat", "--sleep", "never", "--for", "1h").status == 0)
    #expect(try await work.runtime("acme/chat").sleep == .never)
    try await run(work, at: "2026-10-05T12:30:00Z")
    if let meanwhile {
      try await work.call("POST", "/api/spaces/acme/chat/sleeptime", ["seconds": .integer(meanwhile)])
    }
    try await run(work, at: "2026-10-05T13:05:00Z")
    #expect(try await work.runtime("acme/chat").sleep == .after(seconds: meanwhile == nil ? 3600 : 7200))
    try await run(work, at: "2026-10-05T13:10:00Z")
    #expect(try await work.runtime("acme/chat").sleep == .after(seconds: meanwhile == nil ? 3600 : 7200))
  }

  @Test func aHoldThatNamesNothingKeepsWhatIs() async throws {
    let work = try await workplace()
    try await work.move(to: "2026-10-05T18:30:00Z")
    let hold = try work.spaceplan("hold", "acme/chat", "--until", "2026-10-05T21:00")
    #expect(hold.status == 0)
    #expect(hold.output.contains("hardware: t4-small, sleep: 1h, state: running, replicas: 1."))
    // The last run was hours ago: by them nobody can tell.
    #expect(hold.output.contains("It takes a run to put things back after that, and the last came at"))
    try await run(work, at: "2026-10-05T19:00:00Z")
    #expect(try await work.changes().isEmpty)
    try await run(work, at: "2026-10-05T21:00:00Z")
    #expect(try await work.runtime("acme/chat").requestedHardware == .cpuBasic)
  }

  @Test func ofTwoTheLaterWinsWhileItLasts() async throws {
    let work = try await workplace()
    try await work.move(to: "2026-10-05T12:02:00Z")
    try work.spaceplan("hold", "acme/chat", "--hardware", "a100-large", "--for", "3h", "--reason", "demo")
    try await work.move(to: "2026-10-05T12:30:00Z")
    let second = try work.spaceplan("hold", "acme/chat", "--hardware", "a10g-small", "--for", "1h")
    #expect(
      second.output.contains(
        "It wins over the hold until 2026-10-05T15:02:00Z, which names hardware: a100-large."))
    #expect(try await work.runtime("acme/chat").requestedHardware == .a10gSmall)
    try await run(work, at: "2026-10-05T13:30:00Z")
    #expect(try await work.runtime("acme/chat").requestedHardware == .a100Large)
    try await run(work, at: "2026-10-05T15:05:00Z")
    #expect(try await work.runtime("acme/chat").requestedHardware == .t4Small)
  }

  @Test func aPauseEndsWithItsHold() async throws {
    let work = try await workplace()
    try await work.move(to: "2026-10-05T12:02:00Z")
    #expect(try work.spaceplan("hold", "acme/chat", "--pause", "--for", "1h").status == 0)
    #expect(try await work.runtime("acme/chat").stage == .paused)
    try await run(work, at: "2026-10-05T12:30:00Z")
    #expect(try await work.runtime("acme/chat").stage == .paused)
    try await run(work, at: "2026-10-05T13:05:00Z")
    #expect(try await work.runtime("acme/chat").stage != .paused)
  }

  /// Other hardware starts no Space that a rule has paused; a hold that says so does, until it ends.
  @Test func whatARulePausedCanBeStartedForATime() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small", "sleepTime": 3600]])
    try work.rules(
      """
        - name: night
          spaces: [acme/chat]
          default: { hardware: t4-small, sleep: 1h }
          rules: [{ name: off, cron: "0 20 * * *", set: { state: paused } }]
      """)
    try await run(work, at: "2026-10-05T20:00:00Z")
    #expect(try await work.runtime("acme/chat").stage == .paused)
    try await work.move(to: "2026-10-05T22:00:00Z")
    let hardware = try work.spaceplan("hold", "acme/chat", "--hardware", "l4x1", "--for", "2h")
    #expect(hardware.output.contains("It stays paused: a hold with --resume would start it."))
    #expect(try await work.runtime("acme/chat").stage == .paused)
    try await work.move(to: "2026-10-05T22:05:00Z")
    let resumed = try work.spaceplan("hold", "acme/chat", "--resume", "--for", "1h")
    #expect(resumed.status == 0 && !resumed.output.contains("It stays paused"), "\(resumed.output)")
    #expect(!resumed.output.contains("It goes on running"))
    let live = try await work.runtime("acme/chat")
    #expect(live.stage == .appStarting && live.hardware == .l4x1)
    try await run(work, at: "2026-10-05T22:30:00Z")
    #expect(try await work.runtime("acme/chat").stage == .running)
    try await run(work, at: "2026-10-05T23:10:00Z")
    #expect(try await work.runtime("acme/chat").stage == .paused)
    #expect(try work.spaceplan("hold", "acme/chat", "--resume", "--pause", "--for", "1h").status == 64)
  }

  /// Whoever paused it, and also where nobody has looked since.
  @Test func whatSomebodyPausedCanBeStartedForATime() async throws {
    let work = try await workplace()
    try await work.control("spaces", [["id": "acme/chat", "hardware": "t4-small", "stage": "PAUSED"]])
    try await work.move(to: "2026-10-05T12:02:00Z")
    let resumed = try work.spaceplan("hold", "acme/chat", "--resume", "--for", "1h")
    #expect(resumed.status == 0)
    #expect(resumed.output.contains("It goes on running after that, as no rule pauses it again."))
    #expect(try await work.runtime("acme/chat").stage == .appStarting)
  }

  @Test func aReleaseEndsItAtOnce() async throws {
    let work = try await workplace()
    try await work.move(to: "2026-10-05T12:02:00Z")
    try work.spaceplan("hold", "acme/chat", "--hardware", "a100-large", "--for", "3h", "--reason", "demo")
    try await work.move(to: "2026-10-05T12:10:00Z")
    #expect(try work.spaceplan("release", "acme/chat", "--dry-run").status == 0)
    #expect(try await work.changes().count == 1)
    let release = try work.spaceplan("release", "--all", "--who", "ben@desk")
    #expect(release.status == 0, "\(release.errors)")
    #expect(release.output.contains("Released: acme/chat, held until 2026-10-05T15:02:00Z by anna@"))
    #expect(try await work.runtime("acme/chat").requestedHardware == .t4Small)
    let again = try work.spaceplan("release", "acme/chat")
    #expect(again.status == 64)
    #expect(again.errors.contains("no hold of acme/chat stands"))
    #expect(try work.spaceplan("release", "--all").status == 0)
  }

  @Test func holdsAreListed() async throws {
    let work = try await workplace()
    #expect(try work.spaceplan("holds").errors.contains("no hold stands"))
    try await work.move(to: "2026-10-05T12:02:00Z")
    try work.spaceplan("hold", "acme/chat", "--sleep", "2h", "--for", "1h", "--reason", "demo")
    try work.spaceplan(
      "hold", "acme/chat", "--hardware", "t4-medium", "--for", "3h", "--who", "ben@desk")
    try await work.move(to: "2026-10-05T14:00:00Z")
    let standing = try work.spaceplan("holds").output
    #expect(standing.contains("acme/chat  hardware: t4-medium  2026-10-05T15:02:00Z  ben@desk"))
    #expect(!standing.contains("sleep: 2h"))
    #expect(try work.spaceplan("holds", "--all").output.contains("2026-10-05T13:02:00Z, ended"))
    let all = try JSONValue(
      parsing: Data(try work.spaceplan("holds", "--all", "--format", "json").output.utf8)
    ).array
    #expect(all?.count == 2)
    #expect(all?[0]["sleep"] == 7200 && all?[0]["reason"] == "demo" && all?[0]["released_at"] == .null)
    #expect(all?[1]["hardware"] == "t4-medium" && all?[1]["who"] == "ben@desk")
    #expect(try work.spaceplan("export", "history", "--actions", "-").errors.contains("2 holds not exported"))
  }

  @Test func theJSONOfAHoldIsThatOfARunAndMore() async throws {
    let work = try await workplace()
    try await work.move(to: "2026-10-05T12:02:00Z")
    let text = try work.spaceplan(
      "hold", "acme/chat", "--hardware", "a100-large", "--for", "1h", "--format", "json")
    let json = try JSONValue(parsing: Data(text.output.utf8))
    #expect(json["hold"]?["until"] == "2026-10-05T13:02:00Z")
    #expect(json["next_run"] == "2026-10-05T13:05:00Z" && json["cost_over"] == "0.105000000")
    #expect(json["run"] == 4 && json["spaces"]?.array?.count == 1)
    #expect(json["totals"]?["per_hour_after"] == "2.500000000")
  }

  // MARK: What can't be held, and what it says

  @Test(arguments: [
    (["acme/prod", "--pause", "--for", "1h"], "acme/prod can't be held: protected"),
    (["acme/other", "--pause", "--for", "1h"], "acme/other can't be held: no policy is for it"),
    (["acme/chta", "--pause", "--for", "1h"], "no Space acme/chta was seen; did you mean acme/chat?"),
    (["chat", "--for", "1h"], "the Space: "),
    (["acme/chat", "--until", "2026-10-04"], "not after now"),
    (["acme/chat", "--for", "0s"], "not after now"),
    (["acme/chat", "--for", "400d"], "more than a year"),
    (["acme/chat", "--for", "3"], "--for: "), (["acme/chat", "--until", "noon"], "--until: "),
    (["acme/chat", "--sleep", "soon", "--for", "1h"], "--sleep: "),
    (
      ["acme/chat", "--hardware", "t4-smal", "--for", "1h"],
      "--hardware: the Hub has no hardware t4-smal; did you mean t4-small?"
    ),
    (["acme/chat", "--replicas", "0", "--for", "1h"], "--replicas is a number from 1 up"),
    (["acme/chat", "--pause"], "Give either --for or --until"),
  ])
  func whatCantBeHeldIsSaid(arguments: [String], words: String) throws {
    let work = try Workplace(fleet: [["id": "acme/chat"], ["id": "acme/other"], ["id": "acme/prod"]])
    try work.rules(officeHours + "\n  - { name: prod, spaces: [acme/prod], protect: true }")
    let hold = try work.shell("spaceplan hold " + arguments.joined(separator: " "))
    #expect(hold.status == 64)
    #expect(hold.errors.contains(words), "\(hold.errors)")
    #expect(!(try work.spaceplan("holds").output.contains("acme")))
  }

  @Test(arguments: [
    (["--hardware", "t4-small"], "Coming from cpu-basic, it never sleeps, as nothing names a sleep time"),
    (["--sleep", "1h"], "On cpu-basic neither the sleep time nor copies can be set."),
    (["--pause"], "It takes a run to put things back after that, and too few came to tell when."),
  ])
  func whatMaySurpriseIsSaid(arguments: [String], words: String) throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: chat, spaces: [acme/chat] }")
    let hold = try work.shell(
      "spaceplan hold acme/chat --for 1h " + arguments.joined(separator: " "))
    #expect(hold.status == 0, "\(hold.errors)")
    #expect(hold.output.contains(words), "\(hold.output)")
  }

  /// What the Hub has and the table of prices has not may well be meant; the sum says what it leaves out.
  @Test func hardwareWithoutAPriceCanBeHeld() throws {
    let work = try Workplace(
      fleet: [["id": "acme/chat"]],
      prices: {
        $0.replacing(
          "\nhardware:\n",
          with: "\nhardware:\n  new-gpu: { label: New GPU, prices: [{ from: 2025-01-01, per_hour: 3 }] }\n")
      })
    try work.rules("  - { name: chat, spaces: [acme/chat] }")
    let hold = try work.shell("spaceplan hold acme/chat --hardware new-gpu --for 1h")
    #expect(hold.status == 0, "\(hold.errors)")
    #expect(
      hold.output.contains("There is no price for new-gpu, so what it costs is not known"), "\(hold.output)")
    #expect(
      hold.output.contains("0.00 USD an hour, then 0.00 and what is not known for 1 Space."), "\(hold.output)"
    )
    let status = try work.spaceplan("status").output
    #expect(status.contains("0.00 USD an hour now and what is not known for 1 Space; "), "\(status)")
  }

  /// What a hold costs is beside the rules, whatever hold was released since the last run.
  @Test func aReleasedHoldIsNotWhatUndoIsBeside() async throws {
    let work = try await workplace()
    try work.spaceplan("hold", "acme/chat", "--hardware", "a100-large", "--for", "8h")
    try await work.move(to: "2026-10-05T12:10:00Z")
    try work.spaceplan("release", "acme/chat")
    try await work.move(to: "2026-10-05T12:20:00Z")
    let undo = try work.spaceplan("undo", "--dry-run").output
    // 2.10 an hour more until 19:00.
    #expect(undo.contains("t4-small → a100-large") && undo.contains("+14.00"), "\(undo)")
  }

  @Test func aHoldWinsOverAChangeByHand() async throws {
    let work = try await workplace(officeHours + "\n    drift: report")
    try await work.call("POST", "/api/spaces/acme/chat/hardware", ["flavor": "a100-large"])
    try await work.move(to: "2026-10-05T12:10:00Z")
    #expect(try work.spaceplan("run").output.contains("only reported"))
    #expect(try work.spaceplan("hold", "acme/chat", "--hardware", "a10g-small", "--for", "1h").status == 0)
    #expect(try await work.runtime("acme/chat").requestedHardware == .a10gSmall)
  }

  @Test func aRefusalByTheHubIsToldAndTriedAgain() async throws {
    let work = try await workplace()
    try await work.control(
      "faults",
      ["method": "POST", "path": "*/hardware", "kind": "status", "status": 400, "times": 1])
    try await work.move(to: "2026-10-05T12:02:00Z")
    let hold = try work.spaceplan("hold", "acme/chat", "--hardware", "a100-large", "--for", "1h")
    #expect(hold.status == 1)
    #expect(hold.output.contains("t4-small → a100-large: refused"))
    try await run(work, at: "2026-10-05T12:05:00Z")
    #expect(try await work.runtime("acme/chat").requestedHardware == .a100Large)
  }

  @Test func anotherRunKeepsAHoldOut() async throws {
    let work = try await workplace()
    let lock = open(work.folder.appendingPathComponent("spaceplan.sqlite.lock").path, O_RDWR | O_CREAT, 0o644)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let hold = try work.spaceplan("hold", "acme/chat", "--pause", "--for", "1h")
    #expect(hold.status == 75)
    #expect(try work.spaceplan("holds").errors.contains("no hold stands"))
    #expect(try work.spaceplan("hold", "acme/chat", "--pause", "--for", "1h", "--dry-run").status == 0)
  }

  @Test func whatACrashCutOffTheNextRunDoes() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small"]])
    try work.rules(officeHours)
    try await work.move(to: "2026-10-05T12:02:00Z")
    // The hold is written down, and the Hub has not answered yet.
    try await work.control(
      "faults", ["method": "POST", "path": "*/hardware", "kind": "delay", "seconds": 600, "times": 1])
    let hold = try work.start(["hold", "acme/chat", "--hardware", "a100-large", "--for", "1h"])
    while hold.isRunning, try !work.spaceplan("holds").output.contains("a100-large") {}
    kill(hold.processIdentifier, SIGKILL)
    hold.waitUntilExit()
    #expect(try work.spaceplan("holds").output.contains("a100-large"))
    try await run(work, at: "2026-10-05T12:05:00Z")
    #expect(try await work.runtime("acme/chat").requestedHardware == .a100Large)
    try await run(work, at: "2026-10-05T13:05:00Z")
    #expect(try await work.runtime("acme/chat").requestedHardware == .t4Small)
  }
}

/// What a hold does to its policy's budget.
@Suite struct HoldBudgetTests {
  @Test func aHoldThatBreaksTheBudgetSaysSoAndIsMade() async throws {
    let work = try Workplace(
      fleet: [["id": "acme/chat", "hardware": "t4-small"], ["id": "acme/other", "hardware": "t4-small"]],
      clock: "2026-10-05T00:00:00Z")
    try work.rules(
      "  - { name: chat, spaces: [\"acme/*\"], default: { sleep: never }, budget: { monthly: 50 } }")
    for hour in ["00", "01", "02"] {
      for minute in ["05", "15", "25", "35", "45", "55"] {
        try await work.move(to: "2026-10-05T\(hour):\(minute):00Z")
        try work.spaceplan("observe")
      }
    }
    try await work.move(to: "2026-10-05T02:56:00Z")
    func hold(_ hours: Int) throws -> String {
      try work.spaceplan("hold", "acme/chat", "--hardware", "a100-large", "--for", "\(hours)h", "--dry-run")
        .output
    }
    #expect(try hold(10).contains("would break") == false)
    // Two Spaces, 2 hours and 51 minutes at 0.40.
    let text = try hold(20)
    #expect(
      text.contains(
        "It would break the budget of policy chat, 50.00 USD a month: 52.28 in 2026-10 (2.28 spent, up to 50.00 for the hold)."
      ), "\(text)")
  }
}
