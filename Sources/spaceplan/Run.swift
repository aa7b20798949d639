import Acting
import ArgumentParser
import Foundation
import History
import Hub
import Money
import Planning
import Schedules
import Spaces
import Timelines
import Webhooks

struct Run: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Look at all Spaces, and change what is not as it should be.",
    discussion: """
      Try it first:  spaceplan run --dry-run
      From cron:     */5 * * * *  cd ~/spaces && spaceplan run --quiet

      It applies what holds at the moment when it runs, so a run that comes
      late does what the latest rule asks for. With --quiet it says nothing
      unless something was changed or went wrong, or would be. Once a month it
      says what other rules could save, if that is anything.

      The keys of --format json are stable: new ones are added, none is renamed
      or removed. Money is text, in the currency of the prices; verdict is one
      of change, as_desired, left_alone and unmanaged; kind, from and to of a
      change are as in an export.
      """)

  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var format: FormatOption<Format>
  @OptionGroup var talk: QuietOption
  @OptionGroup var verbosity: VerboseOption

  @Flag(help: "Show what would be done; send nothing but reads.")
  var dryRun = false

  @Flag(help: "With --dry-run, end with status 2 if changes are pending.")
  var exitCode = false

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Plan for these Spaces only.", valueName: "owner/name"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp("Send at most so many changes; the rest waits for the next run.", valueName: "count"))
  var maxChanges: Int?

  func validate() throws {
    if let maxChanges, maxChanges < 0 { throw ValidationError("--max-changes is a number from 0 up.") }
    if exitCode, !dryRun { throw ValidationError("--exit-code goes with --dry-run.") }
  }

  func run() async throws {
    let rules = try schedules.read()
    let prices = try pricing.read()
    let clock = try moment.clock()
    let only = try only.isEmpty ? nil : Set(only.map { try parsed($0, option: "--only") { try SpaceID($0) } })
    let format = format.read(default: .table)
    let mode = try moment.mode(dryRun: dryRun, talk)
    let (history, lock) = try database.open(for: mode, since: clock())
    let result = try await withHub(talk) { hub in
      try await withOutbox(history, rules, clock) { outbox in
        try await Terminal.withProgress("looking at the Hub", quiet: talk.isQuiet) {
          let runner = Runner(
            hub: hub, history: history, schedules: rules, prices: prices, clock: clock, outbox: outbox)
          let fleet = try await runner.look(records: mode != .trial)
          try stop(at: fleet.blindness)
          // A name that is misspelt is told before anything is done for the others.
          let spaces = try only.map { names in
            let situations = try runner.situations(of: fleet)
            return try Set(names.map { try situations.of($0, in: fleet).space })
          }
          return try await runner.run(Runner.Options(mode, only: spaces, maxChanges: maxChanges), on: fleet)
        }
      }
    }
    // What to recommend may take minutes, and the next run does not wait for it.
    lock?.release()
    tellLate(result.late, talk)
    var advice: MonthlyAdvice?
    // What was done is told first, whatever becomes of the advice.
    var trouble: (any Error)?
    if !result.isDryRun, only == nil, result.isSound {
      do {
        advice = try await MonthlyAdvice.due(in: history, rules: rules, prices: prices, now: result.at)
      } catch {
        trouble = error
      }
    }
    switch format {
    case .table where talk.isQuiet && !result.isWorthTelling && advice == nil: break
    case .table:
      let detail: RunTable.Detail = talk.isQuiet ? .quiet : verbosity.isVerbose ? .verbose : .usual
      let table = RunTable(
        result: result, rules: rules, currency: prices.currency, detail: detail, advice: advice)
      Terminal.show(table.text(Terminal.style, width: Terminal.width) + result.undoHint)
    case .json:
      Terminal.show(RunJSON.value(result, currency: prices.currency, advice: advice).text + "\n")
    }
    try stop(atLaterLookThan: result.at, of: result.late, in: history)
    try end(result)
    if let trouble { throw trouble }
  }

  /// - Parameter body: gets nil where there is nobody to be told, as mostly.
  private func withOutbox<Value>(
    _ history: History, _ rules: Schedules, _ clock: @escaping @Sendable () -> Instant,
    _ body: (Outbox?) async throws -> Value
  ) async throws -> Value {
    guard try !rules.receivers.isEmpty || !history.waitingMessages().isEmpty else {
      return try await body(nil)
    }
    return try await withWebhookClient(version: Spaceplan.version) { webhooks in
      try await body(
        Outbox(
          history: history, receivers: rules.receivers,
          variable: { ProcessInfo.processInfo.environment[$0] }, send: webhooks.send, clock: clock))
    }
  }

  private func end(_ result: RunResult) throws {
    try result.end()
    if !result.failures.isEmpty { throw Ending(Ending.Status.actionFailed) }
    if exitCode, result.plans.contains(where: { !$0.changes.isEmpty }) {
      throw Ending(Ending.Status.changesPending)
    }
  }
}

extension RunResult {
  /// Ends the program where something that was asked for did not come about.
  func end() throws {
    if let broken { throw broken }
    if isNotAllowed {
      throw Ending(Ending.Status.notAllowed, "the Hub allowed none of the changes; see above")
    }
    if !failed.isEmpty { throw Ending(Ending.Status.actionFailed) }
  }

  /// How to go back, where hardware or a sleep time was changed.
  var undoHint: String {
    let canUndo = outcomes.contains { outcome in
      switch outcome.change.call {
      case .hardware, .sleep: outcome.outcome.mayHaveHappened
      case .replicas, .pause, .restart: false
      }
    }
    return canUndo ? run.map { "Back to how this run found things: spaceplan undo \($0)\n" } ?? "" : ""
  }

  /// Nothing went wrong.
  fileprivate var isSound: Bool { broken == nil && failures.isEmpty && failed.isEmpty }

  /// Something was or would be changed, happened or went wrong.
  fileprivate var isWorthTelling: Bool {
    !outcomes.isEmpty || !news.isEmpty || !failures.isEmpty
      || plans.contains { !$0.changes.isEmpty || $0.isInNewTrouble }
  }
}
