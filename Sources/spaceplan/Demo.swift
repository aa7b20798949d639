import Acting
import ArgumentParser
import Cron
import Foundation
import History
import Hub
import Pricing
import Reports
import Schedules
import Spaces
import Timelines

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Live through five weeks of a small team against a simulated Hub; no account needed.",
    discussion: """
      For example:  spaceplan demo

      It leaves the folder demo/ with the database, the rules, the prices, the
      report, and the Spaces as they have become, to go on with.
      """)

  func run() async throws {
    _ = try HubProcess.program()
    try DemoFolder.make()
    let arguments = ["--clock", DemoTeam.start.description, "--fleet", DemoFolder.fleet]

    let planned = try HubProcess(arguments)
    defer { planned.stop() }
    Terminal.show(
      """
      Six Spaces of a small team, on a simulated Hub at \(planned.endpoint), from \(DemoTeam.start) to
      \(DemoTeam.end). Somebody looks every 15 minutes (spaceplan observe), and cron calls spaceplan run.

      """)
    try await live(planned)
    let unplanned = try HubProcess(arguments)
    defer { unplanned.stop() }
    try await liveUnplanned(unplanned)

    try await show(planned)
    try await tellSavings(planned, unplanned)
    let later = DemoTeam.end + 18 * 60
    try await keepFleet(planned, at: later)
    try DemoFolder.seal()
    Terminal.show(
      """

      The folder demo/ holds the database, the rules, the prices and the report. Three things to try:
        cd demo && spaceplan report --month 2026-10 --format csv
        cd demo && spaceplan export history --actions -
        cd demo && spaceplan next --days 3

      Commands that look at Spaces (status, explain, run, hold, …) ask the real Hub, which needs a token and knows
      nothing of this team. A simulated one, with the Spaces as they are now, and how to ask it:
        spaceplan-hub --port 8765 --clock \(later) --fleet demo/fleet.json &
        cd demo && export HF_ENDPOINT=http://127.0.0.1:8765 HF_TOKEN=demo SPACEPLAN_NOW=\(later)
        spaceplan status

      """)
  }

  /// Writes down what the Spaces have become, for another simulated Hub.
  private func keepFleet(_ hub: HubProcess, at instant: Instant) async throws {
    try await HubControl(endpoint: hub.endpoint).moveClock(to: instant)
    let spaces = try await withHubClient(
      configuration: try configuration(hub), version: Spaceplan.version
    ) { try await $0.spaces(of: "acme") }
    let states = spaces.compactMap { space in space.runtime.map { (space.id, SpaceState($0)) } }
    try writeFile(
      DemoTeam.fleet(after: Dictionary(states) { first, _ in first }).text, to: DemoFolder.fleet)
  }

  // MARK: Five weeks

  /// Moves the Hub's clock a quarter of an hour at a time, to the last.
  private func live(_ hub: HubProcess) async throws {
    let control = HubControl(endpoint: hub.endpoint)
    try await control.endLogStreams()
    let runs = try DemoTeam.runs()
    defer { Terminal.wipeProgress() }
    try await withHubClient(configuration: try configuration(hub), version: Spaceplan.version) { client in
      var handChanges = DemoTeam.handChanges[...]
      let history = try History(path: DemoFolder.path + "/spaceplan.sqlite")
      var now = DemoTeam.start
      while now <= DemoTeam.end {
        try await control.moveClock(to: now)
        if let change = handChanges.popFirst(at: now) { try await change.make(with: client) }
        if runs.contains(now) {
          _ = try spaceplan(["run", "--quiet"], at: now, hub, output: .nullDevice)
        } else {
          let look = now
          _ = try await Observer(hub: client, history: history, clock: { look }).observe(owners: ["acme"])
        }
        if (now - DemoTeam.start) % DemoTeam.day == 0 { Terminal.progress("living through \(now) …") }
        now = now + 15 * 60
      }
    }
  }

  /// The same weeks without anybody who looks or acts, but for what is done by hand.
  private func liveUnplanned(_ hub: HubProcess) async throws {
    let control = HubControl(endpoint: hub.endpoint)
    try await withHubClient(configuration: try configuration(hub), version: Spaceplan.version) { client in
      for change in DemoTeam.handChanges {
        try await control.moveClock(to: change.at)
        try await change.make(with: client)
      }
    }
    try await control.moveClock(to: DemoTeam.end)
  }

  private func configuration(_ hub: HubProcess) throws -> HubConfiguration {
    HubConfiguration(
      endpoint: try HubEndpoint(hub.endpoint, source: "the demo"),
      token: try HubToken("demo", source: "the demo"))
  }

  /// Calls this program as cron or a person would, in the folder of the demo.
  @discardableResult
  private func spaceplan(
    _ arguments: [String], at now: Instant, _ hub: HubProcess, output: FileHandle = .standardOutput
  ) throws -> Int32 {
    let process = Process()
    process.executableURL = Bundle.main.executableURL
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: DemoFolder.path)
    process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SPACEPLAN_") }
      .merging([
        "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "demo", "SPACEPLAN_NOW": now.description,
      ]) { $1 }
    process.standardOutput = output
    if output === FileHandle.nullDevice { process.standardError = output }
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  // MARK: What a person would type then

  private func show(_ hub: HubProcess) async throws {
    let eight = DemoTeam.end + 16 * 60
    func type(_ arguments: [String], at now: Instant) throws {
      Terminal.show("\n$ spaceplan \(arguments.joined(separator: " "))\n")
      try spaceplan(arguments, at: now, hub)
    }
    try type(["status"], at: DemoTeam.end + 60)
    try await HubControl(endpoint: hub.endpoint).moveClock(to: eight)
    try type(["run", "--dry-run"], at: eight)
    try await HubControl(endpoint: hub.endpoint).moveClock(to: eight + 60)
    try type(["run"], at: eight + 60)
    try type(["report", "--month", "2026-10", "--charts", "text"], at: eight + 60)
    for (format, file) in [("markdown", "report.md"), ("csv", "report.csv")] {
      try spaceplan(
        ["report", "--month", "2026-10", "--format", format, "--output", file], at: eight + 60, hub)
    }
    try type(["reconcile", "--month", "2026-10"], at: eight + 60)
  }

  /// The simulator's own bills of the same weeks, with spaceplan and without.
  private func tellSavings(_ planned: HubProcess, _ unplanned: HubProcess) async throws {
    let (with, without) = (
      try await HubControl(endpoint: planned.endpoint).bill(from: DemoTeam.start, until: DemoTeam.end),
      try await HubControl(endpoint: unplanned.endpoint).bill(from: DemoTeam.start, until: DemoTeam.end)
    )
    Terminal.show(
      """

      The same five weeks on the simulated Hub's own bill: \(NumberText.money(without)) USD without spaceplan,
      \(NumberText.money(with)) USD with it: \(NumberText.money(without - with)) USD saved (\(NumberText.percent(without - with, of: without))).

      """)
  }
}

extension DemoTeam {
  /// When cron calls `spaceplan run`.
  fileprivate static func runs() throws -> Set<Instant> {
    try Set(
      crontab.flatMap { line in
        try CronExpression(line).occurrences(in: start..<(end + 1), zone: .gmt)
      })
  }
}

extension DemoTeam.HandChange {
  fileprivate func make(with client: HubClient) async throws {
    _ = try await client.setHardware(hardware, of: try SpaceID(space))
  }
}

extension ArraySlice<DemoTeam.HandChange> {
  /// What is due, once.
  fileprivate mutating func popFirst(at now: Instant) -> DemoTeam.HandChange? {
    guard let first, first.at <= now else { return nil }
    return removeFirst()
  }
}
