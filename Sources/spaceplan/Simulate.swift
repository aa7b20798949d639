import ArgumentParser
import Foundation
import Money
import Pricing
import Reports
import Schedules
import Simulation
import Spaces
import Timelines

struct Simulate: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, markdown, csv, json, html }

  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Show what Spaces would have cost under other rules, and who would have waited.",
    usage: """
      spaceplan simulate --schedules <folder> [<options>]
      spaceplan simulate --set <space>:<settings> [<options>]
      spaceplan simulate --trace <file> ... --hardware <name> [<options>]
      """,
    discussion: """
      For example:
      spaceplan simulate --schedules new --month 2026-10
      spaceplan simulate --set acme/chat:sleep=15m --from 2026-10-01
      spaceplan simulate --schedules new --format html --output new.html
      spaceplan simulate --trace visits.csv --hardware t4-small --sleep 5m,1h,never

      With rules, the recorded visits of Spaces are replayed under the present
      rules and the new ones, beside what really happened. Where visits are not
      known they are inferred from when a Space woke and fell asleep. It records
      nothing and needs no network. What the present rules replayed cost more (+)
      or less (-) than what really happened is the error of the model, in JSON
      model_error.

      A trace holds the visits of one Space, without any history: CSV with the
      columns at and count, or the log of a web server. Times in CSV that have
      no zone take that of --zone. The Space is asleep when it begins. Beside the
      sleep times asked for are the one that costs least, and what anyone would
      have paid who knew all visits beforehand.
      """)

  // MARK: Rules

  @Option(help: ArgumentHelp("The folder with the new rules.", valueName: "folder"))
  var schedules: String?

  @Option(
    help: ArgumentHelp(
      "The folder with the present rules. (SPACEPLAN_SCHEDULES; default: schedules)", valueName: "folder"))
  var current: String?

  @Option(
    help: ArgumentHelp(
      "Settings over the new rules, such as acme/chat:sleep=15m or acme/*:hardware=t4-small,sleep=1h.",
      valueName: "space:settings"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Only Spaces under this policy, present or new.", valueName: "name"))
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "Charge the prices of an instant throughout, as recommend does, instead of each day's.",
      valueName: "instant"))
  var pricesOf: String?

  @Option(
    help: ArgumentHelp(
      "The month, such as 2026-10, instead of --from and --until; up to now where it is not over.",
      valueName: "month"))
  var month: String?

  @Flag(help: "List what the result rests on.")
  var openQuestions = false

  // MARK: A trace

  @Option(
    name: .customLong("trace"), parsing: .upToNextOption,
    help: ArgumentHelp("Visits of one Space; - is standard input.", valueName: "file"))
  var traces: [String] = []

  @Option(help: ArgumentHelp("What it runs on.", valueName: "name"))
  var hardware: String?

  @Option(help: ArgumentHelp("Sleep times: durations, numbers of seconds, or never.", valueName: "list"))
  var sleep: String?

  @Option(
    help: ArgumentHelp("What it is taken to cost that visitors wait for a start.", valueName: "amount"))
  var coldStartCost: String?

  @Flag(help: "Leave out requests of monitors and crawlers, by the user agents of a log.")
  var peopleOnly = false

  // MARK: Both

  @OptionGroup var startup: StartupOption

  @Option(
    help: ArgumentHelp(
      "The first instant or date. (default: 28 days before the end; the first visit)", valueName: "instant"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "The instant or date that ends it. (default: now; after the last visit)", valueName: "instant"))
  var until: String?

  @OptionGroup var format: FormatOption<Format>

  @Option(
    help: ArgumentHelp(
      "Write to this file, as .md, .csv, .json or .html say; - is standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var zone: ZoneOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption

  private var isTrace: Bool { !traces.isEmpty }

  func validate() throws {
    let ofRules = schedules != nil || !set.isEmpty
    if isTrace == ofRules { throw ValidationError("Give --schedules or --set, or else --trace.") }
    if month != nil, from != nil || until != nil {
      throw ValidationError("Give --month, or --from and --until.")
    }
    if isTrace {
      guard month == nil else {
        throw ValidationError(
          "--month goes with --schedules or --set; of a trace, --from and --until take a part.")
      }
      guard hardware != nil else { throw ValidationError("--trace needs --hardware.") }
      if policy != nil || current != nil || openQuestions || pricesOf != nil {
        throw ValidationError(
          "--current, --policy, --prices-of and --open-questions go with --schedules or --set.")
      }
    } else if openQuestions, [.csv, .html].contains(format.read(default: .table, output: output)) {
      throw ValidationError("--open-questions goes with the formats table, markdown and json.")
    } else if hardware != nil || sleep != nil || coldStartCost != nil || peopleOnly {
      throw ValidationError("--hardware, --sleep, --cold-start-cost and --people-only go with --trace.")
    }
  }

  func run() async throws {
    let zone = try zone.read()
    let now = try moment.clock(zone: zone)()
    let startup = try startup.read()
    let prices = try pricing.read()
    let path = output ?? "-"
    let look = Terminal.look(of: path)
    let text: String
    if isTrace {
      let format = format.read(default: .table, output: output) { [.table, .json].contains($0) }
      // SPACEPLAN_ZONE says how people read, not how a file was written.
      let clock = self.zone.zone.map { _ in WallClock(zone) }
      text = try TraceCommand(
        files: traces, clock: clock, peopleOnly: peopleOnly, hardware: hardware ?? "", sleep: sleep,
        startup: startup, coldStartCost: coldStartCost ?? "0",
        from: try instant(from, option: "--from", zone), until: try instant(until, option: "--until", zone),
        prices: prices, now: now
      ).text(format, look)
    } else {
      let pricesOf = try instant(pricesOf, option: "--prices-of", zone)
      text = try await RulesCommand(
        schedules: schedules, current: current, sets: set, policy: policy,
        startup: startup,
        range: try range(zone, now: now), zone: zone,
        prices: pricesOf.map(prices.frozen) ?? prices, pricesOf: pricesOf, now: now, database: database
      ).text(format.read(default: .table, output: output), look, openQuestions: openQuestions)
    }
    try writeFile(text, to: path)
  }

  private func instant(_ text: String?, option: String, _ zone: TimeZone) throws -> Instant? {
    try text.map { text in try parsed(text, option: option) { try Instant($0, zone: zone) } }
  }

  /// What is replayed under rules.
  private func range(_ zone: TimeZone, now: Instant) throws -> Range<Instant> {
    if let month {
      let date = try parsed(month, option: "--month") { try CivilDate(month: $0) }
      let period = ReportPeriod(month: date, zone: zone, now: now)
      guard period.hasBegun else {
        throw Ending(
          Ending.Status.usage, "--month: \(period.title) has not begun, so there is nothing to replay")
      }
      return period.elapsed
    }
    let end = try instant(until, option: "--until", zone) ?? now
    let start = try instant(from, option: "--from", zone) ?? end - 28 * 86_400
    guard start < end else {
      throw Ending(Ending.Status.usage, "nothing lies between \(start) and \(end)")
    }
    return start..<end
  }
}
