import ArgumentParser
import Foundation
import History
import Hub
import Money
import Pricing
import Reports
import Schedules
import Spaces
import Spelling
import Timelines

struct Reconcile: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, csv }

  static let configuration = CommandConfiguration(
    commandName: "reconcile",
    abstract: "Compare what Spaces cost in a month with the Hub's billing usage.",
    discussion: """
      For example:
      spaceplan reconcile --month 2026-10
      spaceplan reconcile --month 2026-10 --usage usage.csv
      spaceplan reconcile --month 2026-10 --format json

      A month is one of UTC, as on the Hub's bill. What is known of it now is
      compared, also where the month was closed.

      The Hub is asked for the usage of each owner of recorded Spaces: of the
      token's own user, and of organizations that it belongs to. The call is not
      documented, and a fine-grained token needs the right to read billing. Where
      it does not answer, download the usage from the billing page and name it
      with --usage: CSV with columns such as space, product and amount_usd, or
      the JSON that the call answers; - is standard input. Which columns were
      taken is told.

      matched is what is the same to a cent, explained what lies between the least
      and the most that the looks leave open, and unexplained all else, with the
      causes that the data support. At the end is what looking more or less often
      would have left open, worked out from the looks that are recorded.

      Exit status: 0 where all is matched or explained, 1 where something is not.
      """)

  @Option(help: ArgumentHelp("The month, such as 2026-10; else the present one.", valueName: "month"))
  var month: String?

  @Option(help: ArgumentHelp("The usage as a file, CSV or JSON; - is standard input.", valueName: "file"))
  var usage: String?

  @Option(help: ArgumentHelp("Compare only the Spaces of this user or organization.", valueName: "name"))
  var owner: String?

  @Option(
    help: ArgumentHelp("The longest time between two looks that counts as watched.", valueName: "duration"))
  var watchedGap = "15m"

  @OptionGroup var format: FormatOption<Format>
  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var talk: QuietOption

  func run() async throws {
    let now = try moment.clock()()
    let day = try month.map { text in try parsed(text, option: "--month") { try CivilDate(month: $0) } }
    let period = ReportPeriod(month: day ?? WallClock(.gmt).date(at: now).startOfMonth, zone: .gmt, now: now)
    guard period.hasBegun else {
      throw Ending(Ending.Status.usage, "--month: \(period.title) has not begun yet")
    }
    let gap = try parsed(watchedGap, option: "--watched-gap") { try DurationText.seconds($0) }
    let prices = try pricing.read()
    let rules = try schedules.readIfPresent()
    let history = try database.open(.existing)
    // A file that can't be read ends it before anything else is done.
    let given = try usage.map { try read($0, period, prices) }

    let looking = try await Looking(
      at: history, of: owner, in: period, rules: rules, prices: prices, watchedGap: gap)
    let report = looking.report
    var (found, trouble) = (given, (any Error)?.none)
    if found == nil {
      do {
        found = try await askHub(report, now: now)
      } catch {
        trouble = error
      }
    }
    let reconciliation = try found.map { usage in
      Reconciliation(report, with: usage, owner: owner, names: try history.presentNames())
    }
    let result = ReconcileResult(
      report: report, reconciliation: reconciliation, recordedEvery: looking.recordedEvery,
      rhythms: looking.rhythms, watchedGap: gap)
    switch format.read(default: .table) {
    case .table: Terminal.show(result.table(Terminal.style, width: Terminal.width))
    case .json: Terminal.show(result.json.text + "\n")
    case .csv: Terminal.show(result.csv)
    }
    if let trouble { throw trouble }
    if reconciliation?.isExplained == false { throw Ending(Ending.Status.actionFailed) }
  }

  // MARK: The usage

  private func read(_ path: String, _ period: ReportPeriod, _ prices: PriceTable) throws -> BillingUsage {
    do {
      return try BillingUsage(
        try readFile(path), file: path == "-" ? "standard input" : path,
        days: Self.days(of: period), currency: prices.currency)
    } catch let error as UnreadableUsage {
      throw Ending(Ending.Status.badInput, error.description)
    }
  }

  private static func days(of period: ReportPeriod) -> Range<CivilDate> {
    let start = period.month ?? WallClock(.gmt).date(at: period.range.lowerBound)
    return start..<start.startOfNextMonth
  }

  /// Of each owner of Spaces that the report has lines of.
  private func askHub(_ report: CostReport, now: Instant) async throws -> BillingUsage {
    let range = report.period.range.lowerBound..<min(report.period.range.upperBound, now)
    let owners = owner.map { [$0] } ?? Set(report.spaces.map(\.space.owner)).sorted()
    guard !owners.isEmpty else {
      throw Ending(Ending.Status.files, "no Space is recorded, so there is nothing to compare")
    }
    return try await withHub(talk) { hub in
      try await Terminal.withProgress("asking the Hub", quiet: talk.isQuiet) {
        var (usage, refused) = (BillingUsage(), [String]())
        do throws(HubError) {
          let account = try await hub.whoami()
          for owner in owners {
            let isUser = owner == account.name
            guard isUser || account.organizations.contains(where: { $0.name == owner }) else {
              refused.append(
                "the token is \(account.name)'s, who is not \(owner) and belongs to no organization of that name"
              )
              continue
            }
            do throws(HubError) {
              let json = try await hub.billingUsage(ofOrganization: isUser ? nil : owner, in: range)
              let found = BillingUsage(
                json: json, owner: owner, source: "The Hub's usage of \(owner)",
                days: Self.days(of: report.period))
              if let problem = found.problem {
                refused.append("the Hub's usage of \(owner) is not as it was known: \(problem)")
              } else {
                usage = usage + found
              }
            } catch {
              refused.append(Self.reason(error))
            }
          }
        } catch {
          refused.append(Self.reason(error))
        }
        guard usage.owners.isEmpty else {
          for reason in refused { Terminal.tell("\(reason), so its Spaces are not compared") }
          return usage
        }
        throw Ending(
          Ending.Status.outOfReach,
          refused.joined(separator: "\n")
            + "\nThe Hub's call for the usage is not documented and may not answer. "
            + "Download the usage from \(hub.configuration.endpoint)/settings/billing, or of an organization from its"
            + " own billing page, and give it with --usage FILE.")
      }
    }
  }

  private static func reason(_ error: HubError) -> String {
    switch error.kind {
    case .forbidden, .noSpaceOrNoAccess:
      "\(error). A fine-grained token needs the right to read billing, of an organization too"
    default: "\(error)"
    }
  }
}

/// A month's charges by all looks, and by those that other rhythms would have taken.
private struct Looking {
  let report: CostReport
  /// How far apart looks mostly were, in seconds; nil where there are no two.
  let recordedEvery: Int64?
  /// Those that the looks can tell of, the shortest first.
  let rhythms: [LookingRhythm]

  /// - Parameter owner: whose Spaces; nil for all.
  /// - Throws: an ``Ending`` where the owner has none.
  init(
    at history: History, of owner: String?, in period: ReportPeriod, rules: Schedules, prices: PriceTable,
    watchedGap: Int64
  ) async throws {
    let known = try history.spaces()
    let wanted = known.filter { owner == nil || $0.name.owner == owner }
    if let owner, wanted.isEmpty {
      let nearest = Spelling.nearest(to: owner, among: Set(known.map(\.name.owner)).sorted())
      throw Ending(
        Ending.Status.usage,
        "--owner: no Space of \(owner) was ever looked at" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
    let spaces = try await onAllCores(wanted) { space in
      try history.recorded(space, rules: rules)
    } _: { space in
      func costs(_ space: RecordedSpace) -> SpaceCosts {
        space.costs(in: period, prices: prices, watchedGap: watchedGap)
      }
      return (
        costs: costs(space), looks: space.intervals.flatMap(\.looks).filter(period.range.contains),
        totals: LookingRhythm.usual.map { costs(space.looked(every: $0, until: period.now)).total }
      )
    }
    report = CostReport(
      period: period, spaces: spaces.map(\.costs), prices: prices, watchedGap: watchedGap)
    let every = spaces.map(\.looks).usualGap
    recordedEvery = every
    rhythms = LookingRhythm.usual.enumerated().filter { (every ?? .max) <= $0.element }.map {
      index, seconds in
      LookingRhythm(seconds: seconds, total: spaces.reduce(.zero) { $0 + $1.totals[index] })
    }
  }
}
