import Acting
import ArgumentParser
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
    abstract: "Live through five weeks of a small team against a simulated Hub; no account needed.",
    discussion: """
      For example:  spaceplan demo

      It leaves the folder demo/ with the database, the rules, the prices and the report, to go on with.
      """)

  private static let folder = "demo"
  /// Says that a folder was made by this command, which may then make it anew.
  private static let marker = "demo/.spaceplan-demo"

  func run() async throws {
    try prepareFolder()
    let fleetFile = FileManager.default.temporaryDirectory.appendingPathComponent(
      "spaceplan-demo-\(UUID().uuidString).json"
    ).path
    try writeFile(DemoTeam.fleet().text, to: fleetFile)
    defer { try? FileManager.default.removeItem(atPath: fleetFile) }
    let arguments = ["--clock", DemoTeam.start.description, "--fleet", fleetFile]

    let planned = try HubProcess(arguments)
    defer { planned.stop() }
    Terminal.show(
      """
      Six Spaces of a small team, on a simulated Hub at \(planned.endpoint), from \(DemoTeam.start) to
      \(DemoTeam.end). Somebody looks every 15 minutes (spaceplan observe), and cron calls spaceplan run.

      """)
    try await live(planned, isPlanned: true)
    let unplanned = try HubProcess(arguments)
    defer { unplanned.stop() }
    try await live(unplanned, isPlanned: false)

    try await show(planned)
    try await tellSavings(planned, unplanned)
    Terminal.show(
      """

      The folder demo/ holds the database, the rules, the prices and the report. Three things to try:
        cd demo && spaceplan report --month 2026-10 --format csv
        cd demo && spaceplan export history --actions -
        cd demo && spaceplan check

      """)
  }

  private func prepareFolder() throws {
    let files = FileManager.default
    if files.fileExists(atPath: Self.folder) {
      guard files.fileExists(atPath: Self.marker) else {
        throw Ending(
          Ending.Status.files,
          "there is a folder demo/ that this command did not make; move it away, or work in another folder")
      }
      try? files.removeItem(atPath: Self.folder)
    }
    try makeFolder("demo/schedules")
    try makeFolder("demo/pricing")
    try writeFile("", to: Self.marker)
    try writeFile(DemoTeam.rules, to: "demo/schedules/team.yaml")
    try writeFile(PriceTable.builtInText, to: "demo/pricing/\(PriceTable.builtInFileName)")
  }

  // MARK: Five weeks

  /// Moves the Hub's clock a quarter of an hour at a time, to the last.
  private func live(_ hub: HubProcess, isPlanned: Bool) async throws {
    let control = HubControl(endpoint: hub.endpoint)
    let owners = ["acme"]
    try await control.endLogStreams()
    try await withHubClient(configuration: try configuration(hub), version: Spaceplan.version) { client in
      var handChanges = DemoTeam.handChanges[...]
      let history = isPlanned ? try History(path: "demo/spaceplan.sqlite") : nil
      var now = DemoTeam.start
      while now <= DemoTeam.end {
        try await control.moveClock(to: now)
        if let change = handChanges.first, change.at <= now {
          _ = try await client.setHardware(change.hardware, sleep: nil, of: try SpaceID(change.space))
          handChanges.removeFirst()
        }
        if let history {
          let secondOfDay = (now - DemoTeam.start) % DemoTeam.day
          if secondOfDay % DemoTeam.hour == 0, DemoTeam.runHours.contains(secondOfDay / DemoTeam.hour) {
            _ = try spaceplan(["run", "--quiet"], at: now, hub, output: .nullDevice)
          } else {
            let look = now
            _ = try await Observer(hub: client, history: history, clock: { look }).observe(owners: owners)
          }
        }
        now = now + 15 * 60
      }
    }
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
    process.currentDirectoryURL = URL(fileURLWithPath: Self.folder)
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
    try type(["run"], at: eight)
    try type(["report", "--month", "2026-10", "--charts", "text"], at: eight)
    for (format, file) in [("markdown", "report.md"), ("csv", "report.csv")] {
      try spaceplan(["report", "--month", "2026-10", "--format", format, "--output", file], at: eight, hub)
    }
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
