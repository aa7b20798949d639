import Acting
import ArgumentParser
import Foundation
import Hub
import JSON
import Pricing
import Spaces

/// What `hold`, `release` and `undo` share: each changes what people asked for, and runs the plan of the Spaces
/// that this concerns at once.
struct InterventionOptions: ParsableArguments {
  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var format: FormatOption<Run.Format>
  @OptionGroup var talk: QuietOption

  @Option(help: ArgumentHelp("Who does this, for the journal. (default: USER@host)", valueName: "name"))
  var who: String?

  @Flag(help: "Show what would be done; record nothing, and send nothing but reads.")
  var dryRun = false

  var isForPeople: Bool { format.read(default: .table) == .table }

  /// Who does this.
  var name: String {
    let environment = ProcessInfo.processInfo.environment
    let user = environment["USER"] ?? environment["LOGNAME"] ?? NSUserName()
    return who ?? "\(user)@\(ProcessInfo.processInfo.hostName)"
  }

  /// Looks at the Hub, lets `change` write down what is asked for, and does what the plan says then.
  ///
  /// A dry run does the same on a copy of the database. A crash after `change` leaves the rest to the next run.
  ///
  /// - Parameters:
  ///   - isPreview: a dry run, whatever was asked for.
  ///   - change: gives the Spaces to plan for, and whatever its command has to tell.
  func intervene<Telling: Sendable>(
    isPreview: Bool = false, _ change: (Scene) async throws -> (spaces: Set<SpaceID>, telling: Telling)
  ) async throws -> (result: RunResult, scene: Scene, telling: Telling) {
    let rules = try schedules.read()
    let prices = try pricing.read()
    let clock = try moment.clock()
    var mode = try moment.mode(dryRun: dryRun, talk)
    if isPreview, mode == .act { mode = .dryRun }
    let (recorded, lock) = try database.open(for: mode, since: clock())
    defer { withExtendedLifetime(lock) {} }
    let history = mode == .act ? recorded : try recorded.copy()
    return try await withHub(talk) { hub in
      try await Terminal.withProgress("looking at the Hub", quiet: talk.isQuiet) {
        let runner = Runner(
          hub: hub, history: history, schedules: rules, prices: prices, clock: clock)
        let fleet = try await runner.look(records: mode != .trial)
        try stop(at: fleet.blindness)
        let scene = Scene(
          history: history, rules: rules, prices: prices, runner: runner, fleet: fleet,
          situations: try runner.situations(of: fleet), now: clock(), isDryRun: mode != .act)
        let (spaces, telling) = try await change(scene)
        let result = try await runner.run(Runner.Options(mode, only: spaces), on: fleet)
        return (result, scene, telling)
      }
    }
  }

  /// Shows what was done.
  ///
  /// - Parameters:
  ///   - lines: what the command says below the table.
  ///   - members: what it adds to the JSON of a run.
  func show(_ result: RunResult, _ scene: Scene, lines: [String], members: [String: JSONValue]) {
    tellLate(result.late, talk)
    switch format.read(default: .table) {
    case .table:
      let table = RunTable(
        result: result, rules: scene.rules, currency: scene.prices.currency, detail: .verbose)
      Terminal.show(
        table.text(Terminal.style, width: Terminal.width) + lines.map { $0 + "\n" }.joined()
          + result.undoHint)
    case .json: showJSON(result, currency: scene.prices.currency, members)
    }
  }

  /// Says that there is nothing to do; to programs as a run that did nothing.
  ///
  /// - Parameter members: what the command adds to the JSON of a run.
  func showNothing(_ text: String, members: [String: JSONValue]) throws {
    talk.tell(text)
    guard !isForPeople else { return }
    let result = RunResult(
      ofNothingAt: try moment.clock()(), isDryRun: try dryRun || !moment.isReal())
    showJSON(result, currency: try pricing.read().currency, members)
  }

  private func showJSON(_ result: RunResult, currency: String, _ members: [String: JSONValue]) {
    let run = RunJSON.value(result, currency: currency).object ?? [:]
    Terminal.show(JSONValue.object(run.merging(members) { $1 }).text + "\n")
  }
}
