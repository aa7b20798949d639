import Acting
import ArgumentParser
import Cron
import Foundation
import History
import Planning
import Pricing
import Schedules
import Spaces
import Spelling
import Timelines

struct Next: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, ics }

  static let configuration = CommandConfiguration(
    commandName: "next",
    abstract: "Show the boundaries to come and what each changes, or when a cron expression fires.",
    discussion: """
      For example:  spaceplan next --days 14
                    spaceplan next acme/chat --format ics > chat.ics
                    spaceplan next --cron "0 8 * * MON-FRI" --zone Europe/Paris

      Asks nothing of the Hub: holds are known from the database, what Spaces'
      own variables ask for is not. Prices are an hour's, while the Space runs.
      """)

  @Argument(help: ArgumentHelp("Only these policies or Spaces.", valueName: "name"))
  var names: [String] = []

  @Option(help: ArgumentHelp("How many days to look ahead, 1 to 366. (default: 7)", valueName: "n"))
  var days: Int?

  @Option(help: ArgumentHelp("Try this expression; no files are read.", valueName: "expression"))
  var cron: String?

  @Option(help: ArgumentHelp("Begin after this instant; else now.", valueName: "instant"))
  var after: String?

  @Option(help: ArgumentHelp("How many firings of the expression, 1 to 1000. (default: 10)", valueName: "n"))
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "Your time zone, for a second column; with --cron the zone it is for. (SPACEPLAN_ZONE; default: this machine's, with --cron UTC)",
      valueName: "name"))
  var zone: String?

  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var format: FormatOption<Format>

  func validate() throws {
    if let days, !(1...366).contains(days) { throw ValidationError("--days takes 1 to 366") }
    if let count, !(1...1000).contains(count) { throw ValidationError("--count takes 1 to 1000") }
    if cron == nil, count != nil { throw ValidationError("--count is for --cron; boundaries take --days") }
    if cron != nil, days != nil || !names.isEmpty {
      throw ValidationError("--cron is tried by itself: it takes --count, not --days or names")
    }
    if cron != nil, format.format == .ics { throw ValidationError("--format ics is not for --cron") }
  }

  func run() throws {
    let zone = try givenZone()
    if let cron {
      try tryOut(cron, zone: zone ?? .gmt)
    } else {
      try showBoundaries(zone: zone ?? .current)
    }
  }

  private func givenZone() throws -> TimeZone? {
    try Variables.given(zone, "ZONE").map { text, source in
      try parsed(text, option: source) { try TimeZone(ianaName: $0) }
    }
  }

  private func start(_ zone: TimeZone) throws -> Instant {
    try after.map { text in try parsed(text, option: "--after") { try Instant($0, zone: zone) } }
      ?? moment.clock(zone: zone)()
  }

  private func tryOut(_ text: String, zone: TimeZone) throws {
    let expression = try parsed(text, option: "--cron") { try CronExpression($0) }
    let trial = CronTrial(
      expression: expression, clock: WallClock(zone), after: try start(zone), count: count ?? 10)
    switch format.read(default: .table) {
    case .json: Terminal.show(trial.json.text + "\n")
    default: Terminal.show(trial.text)
    }
  }

  private func showBoundaries(zone: TimeZone) throws {
    let rules = try schedules.read()
    let prices = try pricing.read()
    let now = try moment.clock(zone: zone)()
    let start = try start(zone)
    let history = database.exists ? try database.open(.existing) : nil
    let subjects = try chosen(try rules.subjects(history: history, now: start), rules)
    let range = start + 1..<start + Int64(days ?? 7) * 86_400 + 1
    let listing = BoundaryListing(subjects, in: range, prices: prices, reader: WallClock(zone))
    switch format.read(default: .table) {
    case .table where rules.policies.isEmpty:
      Terminal.show(
        "There are no rules yet, so nothing is going to change: write some into \(schedules.folder)/, "
          + "as the comments there show, and try `spaceplan check`.\n")
    case .table: Terminal.show(listing.table(now: start))
    case .json: Terminal.show(listing.json.text + "\n")
    case .ics: Terminal.show(listing.feed.text(now: now))
    }
  }

  /// What was named, or all. A Space stands for its policy where it has no schedule of its own.
  private func chosen(_ subjects: [ScheduleSubject], _ rules: Schedules) throws -> [ScheduleSubject] {
    guard !names.isEmpty else { return subjects }
    return try names.flatMap { name in
      let found = subjects.filter { subject in
        subject.schedule.policy.name == name
          || subject.spaces.contains { $0.description == name }
      }
      if !found.isEmpty { return found }
      guard let space = try? SpaceID(name) else {
        let nearest = Spelling.nearest(to: name, among: rules.policies.map(\.name))
        throw Ending(
          Ending.Status.usage,
          "there is no policy '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
      }
      let assignment = rules.assignment(of: [space])
      switch assignment {
      case .policy(let policy, _):
        let common = subjects.filter { $0.schedule.policy.name == policy.name && !$0.isSpecial }
        // Where each Space that is known has a schedule of its own, this one has the policy's all the same.
        return common.isEmpty
          ? [ScheduleSubject(schedule: SpaceSchedule(policy), spaces: [], isSpecial: false)] : common
      case .conflict:
        throw Ending(
          Ending.Status.usage, "\(space): \(assignment.reasonToLeaveAlone(on: nil) ?? "no policy is for it")")
      case .unmanaged:
        throw Ending(Ending.Status.usage, "no policy is for \(space), so it has no boundaries")
      }
    }
  }
}
