import Acting
import Foundation
import History
import LocatedYAML
import Money
import Pricing
import Reports
import Schedules
import Simulation
import Spaces
import Spelling
import Timelines

/// `simulate --schedules`: recorded Spaces under the present rules and under others.
struct RulesCommand {
  let schedules: String?
  let current: String?
  let sets: [String]
  let policy: String?
  /// Seconds that a start takes where looks leave it open.
  let startup: Int64
  let range: Range<Instant>
  let zone: TimeZone
  let prices: PriceTable
  /// The instant whose prices these are throughout; nil where each day has its own.
  let pricesOf: Instant?
  let now: Instant
  let database: DatabaseOption

  func text(_ format: Simulate.Format, _ look: Terminal.Look, openQuestions: Bool) async throws -> String {
    let rules = try readRules()
    let history = try database.open(.existing)
    let known = try history.spaces()
    let spaces = try asked(of: known, rules)
    if schedules != nil, sets.isEmpty { tellOfUnknown(rules.proposed, known, spaces) }
    let comparisons = try await compare(spaces, of: history, rules, keepsCourse: format == .html)
    let unknown = Set(spaces.filter { $0.state?.stage != .gone }.map(\.name))
      .subtracting(comparisons.map(\.space)).sorted()
    guard let first = comparisons.map(\.range.lowerBound).min(),
      let last = comparisons.map(\.range.upperBound).max()
    else {
      throw Ending(
        Ending.Status.badInput,
        "nothing is known of any Space between \(range.lowerBound) and \(range.upperBound): observe first, or name another range with --from and --until"
      )
    }
    // What is known of the range that was asked for.
    let fleet = FleetComparison(comparisons, in: first..<last, clock: WallClock(zone))
    let charged = pricesOf.map { ["all is charged at the prices of \($0), also what happened"] } ?? []
    let notes =
      charged + rules.notes(on: spaces) + fleet.haltedAtFirst
      + (unknown.isEmpty
        ? [] : ["in no sum, as nothing is known of it in that time: \(unknown.named)"])
    for note in notes { Terminal.tell("note: \(note)") }
    let assumptions =
      openQuestions ? fleet.assumptions(startup: startup) + leftOut(known, spaces) + notes : nil
    let text =
      switch format {
      case .table: fleet.table(look.style, width: look.width, currency: prices.currency)
      case .markdown: fleet.markdown(currency: prices.currency)
      case .csv: fleet.csv()
      case .html:
        fleet.html(currency: prices.currency, sections: try pictures(of: fleet, spaces, history, rules))
      case .json: fleet.json(currency: prices.currency, assumptions: assumptions).text + "\n"
      }
    guard let assumptions, format == .table || format == .markdown else { return text }
    return text + "\nWhat this rests on:\n\n" + assumptions.map { "- \($0)\n" }.joined()
  }

  private func readRules() throws -> FleetRules {
    let present = try SchedulesOption(folder: current).readIfPresent(
      option: "--current", telling: Terminal.tell)
    let rules = FleetRules(
      current: present, proposed: try schedules.map { try SchedulesOption(folder: $0).read() } ?? present,
      settings: try sets.map(SettingsArgument.init), range: range)
    let names = (rules.current.policies + rules.proposed.policies).map(\.name)
    if let policy, !names.contains(policy) {
      let nearest = Spelling.nearest(to: policy, among: names)
      throw Ending(
        Ending.Status.usage,
        "--policy: no policy is called '\(policy)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
    for hardware in rules.settings.compactMap(\.settings.hardware) {
      _ = try pricedHardware(hardware.rawValue, prices, now: now, option: "--set")
    }
    return rules
  }

  /// Those of the Spaces that the history knows that the question is about, at least one.
  private func asked(of known: [KnownSpace], _ rules: FleetRules) throws -> [KnownSpace] {
    let spaces = known.filter { space in
      // A quick question is about whom it names.
      let isAsked =
        schedules != nil || sets.isEmpty || policy != nil
        || rules.settings.contains { $0.pattern.matches(space.name) }
      return isAsked && rules.concerns(space.names, policy: policy)
    }
    if let policy, spaces.isEmpty {
      throw Ending(Ending.Status.badInput, "the history knows no Space under policy '\(policy)'")
    }
    if spaces.isEmpty, sets.isEmpty, !known.isEmpty {
      throw Ending(
        Ending.Status.badInput,
        "no Space that the history knows is under a policy of the present rules or the new ones: name it there, or ask with --set"
      )
    }
    for argument in rules.settings where !spaces.contains(where: { argument.pattern.matches($0.name) }) {
      let isKnown = known.contains { argument.pattern.matches($0.name) }
      let nearest = argument.pattern.exactName?.nearest(among: known.map(\.name))
      throw Ending(
        Ending.Status.usage,
        isKnown
          ? "--set: no Space that \(argument.pattern) matches is under policy '\(policy ?? "")'"
          : "--set: the history knows no Space that \(argument.pattern) matches"
            + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
    return spaces
  }

  /// Who is in no sum as no policy is for them, where rules are compared.
  private func leftOut(_ known: [KnownSpace], _ simulated: [KnownSpace]) -> [String] {
    guard sets.isEmpty, policy == nil else { return [] }
    let others = Set(known.map(\.name)).subtracting(simulated.map(\.name)).sorted()
    return others.isEmpty ? [] : ["In no sum, as no policy is for it: \(others.named)."]
  }

  /// What the new rules name and nobody ever saw.
  private func tellOfUnknown(_ rules: Schedules, _ known: [KnownSpace], _ simulated: [KnownSpace]) {
    for claim in rules.claims
    where !known.contains(where: { $0.names.contains(where: claim.pattern.matches) }) {
      let name = (claim.pattern.isExact ? "" : "like ") + "\(claim.pattern)"
      let message = "policy \(rules.policies[claim.policy].name): the history knows no Space \(name)"
      Terminal.tell("\(Diagnostic(.warning, at: claim.place, message: message))")
    }
    if !simulated.contains(where: { rules.assignment(of: $0.names).policy != nil }) {
      Terminal.tell("the new rules are for none of these Spaces")
    }
  }

  /// How many Spaces have pictures: at those of hundreds nobody looks.
  private static let mostPictures = 10

  /// Of the Spaces that the new rules change most.
  private func pictures(
    of fleet: FleetComparison, _ spaces: [KnownSpace], _ history: History, _ rules: FleetRules
  ) throws -> [PictureSection] {
    let names = Dictionary(spaces.map { ($0.name, $0.names) }) { first, _ in first }
    return try fleet.mostChanged(Self.mostPictures).compactMap { comparison in
      let past = try history.past(of: comparison.space, startup: startup, now: now, prices: prices)
      let names = names[comparison.space] ?? [comparison.space]
      let found = RecommendResult.Space(
        past, rules.current.assignment(of: names), promise: .usual, rules: 4, prices: prices.frozen(at: now),
        zone: zone, now: now)
      var recommendation: Recommendation?
      if case .found(let one) = found.outcome { recommendation = one }
      return SpacePictures(
        of: past, comparison, recommendation: recommendation,
        isGranted: rules.current.assignment(of: names).isGranted, prices: prices,
        clock: WallClock(zone)
      )?.section(currency: prices.currency, zone: zone)
    }
  }

  private func compare(
    _ spaces: [KnownSpace], of history: History, _ rules: FleetRules, keepsCourse: Bool
  ) async throws -> [SpaceComparison] {
    let (steps, clock) = (StepMemory(), WallClock(zone))
    let (range, prices) = (range, prices)
    return try await onAllCores(spaces) { space in
      let past = try history.past(of: space.name, startup: startup, now: now, prices: prices)
      return (past: past, sides: rules.sides(for: space.names, past))
    } _: { past, sides in
      SpaceComparison(
        past, in: range, current: { steps.steps(of: sides.current, in: $0) },
        proposed: { steps.steps(of: sides.proposed, in: $0) }, prices: prices, isGranted: sides.isGranted,
        clock: clock, keepsCourse: keepsCourse)
    }.compactMap(\.self)
  }
}
