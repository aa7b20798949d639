import ArgumentParser
import Foundation
import History
import Money
import Pricing
import Reports
import Schedules
import Simulation
import Spaces
import Timelines

struct Recommend: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Find the cheapest sleep times and windows that keep a promise to visitors.",
    usage: "spaceplan recommend [<owner/name> ...] [<options>]",
    discussion: """
      For example:
      spaceplan recommend acme/chat --max-cold-start-rate 5%
      spaceplan recommend --cold-start-cost 0.05 --write schedules --dry-run

      Sleep times, and windows of the week with sleep times of their own, are
      fitted on the first three quarters of what is known of a Space's visits,
      and judged by the last quarter (whole weeks, at least one), beside
      today's rules. Of what saves, the first is proposed that keeps a promise
      of waiting in nineteen of twenty stretches of four weeks, drawn by lot
      from the last twelve. What is fitted on the last third of the first part
      alone (two weeks at least) is taken where it alone can be relied on, or
      saves a fiftieth more on the last quarter. What does not save a hundredth
      there is not proposed; where today's rules break the promise, what keeps
      it is shown with its cost. Prices are those of --now.

      Windows may also be on cpu-basic where the Space has run there or rules put
      it there, and logs tell who came. Whoever then finds it there counts among
      those who wait. --hardware t4-medium,cpu-basic allows other hardware all
      week, and windows on cpu-basic; the name of the hardware that it runs on no
      other.

      With --write folder each Space's policy gets the new default and rules
      where it is for that Space alone; else the Space gets a policy of its own
      behind it. All else in the files stays, with comments and order.

      For one Space it also shows when it is visited, when it is billed in hours
      in which nobody comes, and what every sleep time costs.
      """)

  @Argument(help: ArgumentHelp("Spaces. (default: all)", valueName: "owner/name"))
  var spaces: [String] = []

  @Option(
    help: ArgumentHelp(
      "The share of visitors who may wait for a start, be turned away, or find it on cpu-basic where today's rules would not have it, such as 5%. (default: 5%)",
      valueName: "share"))
  var maxColdStartRate: String?

  @Option(help: ArgumentHelp("What a start that visitors wait for is taken to cost.", valueName: "amount"))
  var coldStartCost: String?

  @Option(
    help: ArgumentHelp("The most rules to propose for a Space; windows take two each.", valueName: "count"))
  var maxRules = 4

  @Option(
    help: ArgumentHelp(
      "Hardware that may be proposed beside what it runs on, separated by commas. (default: cpu-basic, where it has run or rules put it, and logs tell who came)",
      valueName: "hardware"))
  var hardware: String?

  @Flag(help: "Show other ways beside it: today's rules, each of the Hub's sleep times, and hindsight.")
  var compare = false

  @Option(
    help: ArgumentHelp(
      "Write what is better into the rules of a folder, or into a new file.", valueName: "folder or file"))
  var write: String?

  @Flag(help: "With --write, show what would be written; write nothing.")
  var dryRun = false

  @OptionGroup var startup: StartupOption

  @OptionGroup var format: FormatOption<Format>
  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var zone: ZoneOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var talk: QuietOption

  func validate() throws {
    if maxColdStartRate != nil, coldStartCost != nil {
      throw ValidationError("Give --max-cold-start-rate or --cold-start-cost, not both.")
    }
    if dryRun, write == nil { throw ValidationError("--dry-run goes with --write.") }
    if maxRules < 0 { throw ValidationError("--max-rules is a number from 0 up.") }
  }

  func run() async throws {
    if let write { try checkTarget(write) }
    let zone = try zone.read()
    let now = try moment.clock(zone: zone)()
    let rules = try schedules.readIfPresent(telling: talk.tell)
    let prices = try pricing.read()
    let promise = try promise()
    let seconds = try startup.read()
    let others = try others(prices, now: now)
    let history = try database.open(.existing)
    let (known, unknown) = try chosen(from: history)
    let results =
      try await history.recommendations(
        for: known, rules: rules, promise: promise, maxRules: maxRules, others: others, startup: seconds,
        prices: prices, zone: zone, now: now) + unknown
    var pictures: PictureSection?
    if !spaces.isEmpty, results.count == 1, case .found(let recommendation)? = results.first?.outcome {
      let past = try history.past(of: recommendation.space, startup: seconds, now: now, prices: prices)
      pictures = SpacePictures(
        of: past, recommendation, prices: prices.frozen(at: now), clock: WallClock(recommendation.zone)
      ).section(currency: prices.currency, zone: recommendation.zone)
    }
    let result = RecommendResult(
      spaces: results, prices: prices, now: now, compares: compare, options: options(now: now),
      pictures: pictures)
    switch format.read(default: .table) {
    case .table: Terminal.show(result.table(Terminal.style, width: Terminal.width))
    case .json: Terminal.show(result.json.text + "\n")
    }
    if let write { try writeRules(result, known, to: write) }
    if let first = unknown.first {
      let rest = known.isEmpty ? "" : "; the others were answered"
      throw Ending(Ending.Status.usage, "the history knows no Space \(first.space)\(rest)")
    }
  }

  /// What a simulation has to be told, too.
  private func options(now: Instant) -> [String] {
    [
      ("--now", moment.now.map { _ in "\(now)" }),
      ("--current", schedules.schedules), ("--database", database.database), ("--pricing", pricing.pricing),
      ("--startup", startup.startup),
    ].compactMap { name, value in
      value.map {
        $0.contains(/^[\w.\/:-]+$/) ? "\(name) \($0)" : "\(name) '\($0.replacing("'", with: #"'\''"#))'"
      }
    }
  }

  private func others(_ prices: PriceTable, now: Instant) throws -> [SpaceHardware]? {
    try hardware?.split(separator: ",", omittingEmptySubsequences: false).map { name in
      let hardware = try pricedHardware(name.trimmingCharacters(in: .whitespaces), prices, now: now)
      guard hardware == .cpuBasic || !prices.isFree(hardware, at: now) else {
        throw Ending(
          Ending.Status.usage,
          "--hardware: '\(hardware)' costs nothing; of free hardware only cpu-basic can be proposed")
      }
      return hardware
    }
  }

  private func promise() throws -> Promise {
    if let coldStartCost {
      return .coldStartCost(try amount(coldStartCost, option: "--cold-start-cost"))
    }
    guard let text = maxColdStartRate else { return .usual }
    let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
    guard let share = try? Money(digits.trimmingCharacters(in: .whitespaces)), share >= .zero else {
      throw Ending(
        Ending.Status.usage, "--max-cold-start-rate: '\(text)' is not a share, such as 5% or 0.05")
    }
    let (perThousand, finer) = share.scaled(by: text.hasSuffix("%") ? 10 : 1000, over: 1).nanoDollars
      .quotientAndRemainder(dividingBy: 1_000_000_000)
    guard finer == 0 else {
      throw Ending(
        Ending.Status.usage,
        "--max-cold-start-rate: '\(text)' is finer than a tenth of a percent, such as 0.1%")
    }
    guard perThousand <= 1000 else {
      throw Ending(
        Ending.Status.usage,
        "--max-cold-start-rate: '\(text)' is more than all of them\(text.hasSuffix("%") ? "" : "; did you mean \(text)%?")"
      )
    }
    return .waiting(perThousand: Int(perThousand))
  }

  /// What was named, or all; and names of which nothing is known.
  private func chosen(
    from history: History
  ) throws -> (known: [KnownSpace], unknown: [RecommendResult.Space]) {
    let all = try history.spacesKnown()
    guard !spaces.isEmpty else { return (all.filter { $0.state?.stage != .gone }, []) }
    var (known, unknown): ([KnownSpace], [RecommendResult.Space]) = ([], [])
    for text in spaces {
      let id = try parsed(text, option: "the Space") { try SpaceID($0) }
      if let space = all.first(where: { $0.names.contains(id) }) {
        if !known.contains(where: { $0.name == space.name }) { known.append(space) }
      } else {
        let nearest = id.nearest(among: all.map(\.name))
        let hint = nearest.map { "did you mean \($0)?" } ?? "`spaceplan observe` records a look"
        unknown.append(
          RecommendResult.Space(space: id, outcome: .left("the history knows no such Space; \(hint)")))
      }
    }
    return (known, unknown)
  }

  private func writeRules(_ result: RecommendResult, _ known: [KnownSpace], to path: String) throws {
    guard !result.better.isEmpty else {
      Terminal.tell("nothing better was found, so nothing is written to \(path)")
      return
    }
    let beside = rulesBeside(path)
    var folder = try ruleFolder(path)
    var left = 0
    for recommendation in result.better {
      let names = known.first { $0.name == recommendation.space }?.names ?? [recommendation.space]
      if let policy = beside.flatMap({ policy(for: names, in: $0) }) {
        left += 1
        Terminal.tell(
          "\(recommendation.space) is not written: the folder of \(path) has policy \(policy.name) for it; --write with that folder changes it there"
        )
        continue
      }
      do throws(RuleFolderProblem) {
        try folder.put(recommendation.policy, for: names)
      } catch {
        left += 1
        Terminal.tell(
          "\(recommendation.space) is not written: \(error)\nWrite it there yourself; this was judged:\n\(recommendation.yaml)"
        )
      }
    }
    let changed = folder.changed
    let difference = changed.map { LineDifference.text($0.before, $0.text, name: $0.name) }.joined()
    if dryRun, format.read(default: .table) == .table {
      Terminal.show("\n" + difference)
    } else if dryRun {
      Terminal.tell(difference)
    }
    if !dryRun {
      for file in changed { try writeFile(file.text, to: file.name) }
      for file in changed { talk.tell("\(file.name) is written; spaceplan check tells what it thinks of it") }
    }
    if changed.isEmpty, left == 0 { talk.tell("\(path) has all of it already") }
    if left > 0 {
      throw Ending(
        Ending.Status.badInput, "\(NumberText.count(left, "Space")) could not be written; see above")
    }
  }

  /// Rules go into a folder that is there, or into a new file.
  private func checkTarget(_ path: String) throws {
    guard !isFolder(path) else { return }
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Ending(
        Ending.Status.files, "\(path) exists already; name the folder that it is in, or a new file")
    }
    guard ["yaml", "yml"].contains((path as NSString).pathExtension) else {
      throw Ending(
        Ending.Status.usage, "--write: there is no folder \(path); the name of a new file ends in .yaml")
    }
  }

  /// The policy by which a new one for a Space's name would be of no use, or whose other words it would lack.
  private func policy(for names: [SpaceID], in rules: Schedules) -> Policy? {
    guard let policy = rules.assignment(of: names).policies.first else { return nil }
    let isExact = rules.claims.contains { $0.pattern.isExact && names.contains(where: $0.pattern.matches) }
    return isExact || policy.saysMore ? policy : nil
  }

  /// The rules in the folder of a new file: two policies with equal right to a Space would stop both.
  private func rulesBeside(_ path: String) -> Schedules? {
    guard !isFolder(path) else { return nil }
    let folder = (path as NSString).deletingLastPathComponent
    // A folder of anything else has none.
    return try? SchedulesOption(folder: folder.isEmpty ? "." : folder).readWithDiagnostics().0
  }

  /// The rules that are there, or none where a new file is to be made.
  private func ruleFolder(_ path: String) throws -> RuleFolder {
    let isFolder = isFolder(path)
    let files = isFolder ? try yamlFiles(in: path, option: "--write") : []
    do {
      return try RuleFolder(
        files.map { (name: $0.name, text: String(decoding: $0.bytes, as: UTF8.self)) },
        newFile: isFolder ? (path as NSString).appendingPathComponent("recommended.yaml") : path,
        calendar: SchedulesOption.calendar)
    } catch {
      throw Ending(Ending.Status.badInput, "nothing is written to \(path): \(error)")
    }
  }
}

extension History {
  /// All Spaces that it knows.
  /// - Throws: an ``Ending`` where it knows none.
  func spacesKnown() throws -> [KnownSpace] {
    let known = try spaces()
    guard !known.isEmpty else {
      throw Ending(Ending.Status.badInput, "the history knows no Space: run or observe first, or import it")
    }
    return known
  }
}
