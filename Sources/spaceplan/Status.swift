import Acting
import ArgumentParser
import Foundation
import History
import Hub
import JSON
import Money
import Planning
import Pricing
import Reports
import Schedules
import Timelines

struct Status: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what Spaces are, what they should be, and what they cost.",
    discussion: """
      For example:  spaceplan status

      Looks at the Hub, records nothing and changes nothing. Costs are those of
      the present month (UTC) so far.
      """)

  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var format: FormatOption<Format>
  @OptionGroup var talk: QuietOption

  func run() async throws {
    let rules = try schedules.read()
    let prices = try pricing.read()
    let clock = try moment.clock()
    let format = format.read(default: .table)
    let history = try database.openForReading()
    let (survey, fleet) = try await withHub(talk) { hub in
      try await Terminal.withProgress("looking at the Hub", quiet: talk.isQuiet) {
        let runner = Runner(
          hub: hub, history: history, schedules: rules, prices: prices, clock: clock)
        let fleet = try await runner.look(records: false)
        return (try await runner.survey(of: fleet, now: clock()), fleet)
      }
    }
    try stop(at: fleet.blindness)
    let now = clock()
    let plans = survey.plans
    let month = ReportPeriod(month: WallClock(.gmt).date(at: now).startOfMonth, zone: .gmt, now: now)
    let costs = try await ClosedBooks(of: history, prices: prices, rules: rules, now: now)
      .report(in: month)
    let notes = fleet.news + fleet.notes + fleet.unmatchedNotes(by: rules)
    switch format {
    case .table:
      Terminal.show(table(plans, costs, at: now))
      let ofSpaces = plans.flatMap { plan in plan.notes.map { "\(plan.space): \($0)" } }
      let ofBudgets = survey.budgets.flatMap { $0.lines(prices.currency) }
      for note in notes + ofBudgets + ofSpaces { Terminal.tell(note) }
    case .json:
      Terminal.show(json(plans, costs, at: now, notes: notes, survey.budgets).text + "\n")
    }
  }

  private func table(_ plans: [SpacePlan], _ costs: CostReport, at now: Instant) -> String {
    guard !plans.isEmpty else { return "\(now)\n\nNo Space was seen, so there is nothing to show.\n" }
    let currency = costs.prices.currency
    let spent = Dictionary(uniqueKeysWithValues: costs.spaces.map { ($0.space, $0) })
    var table = TextTable([
      .left("SPACE"), .left("NOW"), .left("SHOULD BE"), .right("\(currency)/H"), .right("THIS MONTH"),
      .left("WHY"),
    ])
    for plan in plans {
      let month = spent[plan.space].map { NumberText.money($0.total.estimate) } ?? "-"
      table.add([
        "\(plan.space.description)", TextTable.Cell(plan.live.summary, plan.changes.isEmpty ? nil : .bold),
        "\(plan.shouldBe.isEmpty ? "-" : plan.shouldBe)", "\(plan.rate.map(NumberText.price) ?? "?")",
        "\(month)",
        "\(plan.why)",
      ])
    }
    return "\(now)\n\n" + table.text(Terminal.style, width: Terminal.width) + "\n" + summary(plans, costs)
  }

  private func summary(_ plans: [SpacePlan], _ costs: CostReport) -> String {
    let rate = plans.compactMap(\.rate).reduce(.zero, +)
    let total = costs.total.shown
    let currency = costs.prices.currency
    var text =
      "\(NumberText.price(rate)) \(currency) an hour now\(SpacePlan.unknown(plans.count { $0.rate == nil })); \(NumberText.money(total.estimate)) \(currency) this month so far"
    if !total.isCertain {
      let reason =
        costs.watched.seconds < costs.watched.of
        ? "because of gaps between looks" : "as changes between two looks are not known to the second"
      text += " (between \(NumberText.money(total.low)) and \(NumberText.money(total.high)), \(reason))"
    }
    if costs.addedIfUnchanged != .zero {
      text +=
        ", and \(NumberText.money(costs.addedIfUnchanged)) more if nothing has changed since the last look"
    }
    let pending = plans.flatMap(\.changes).count
    return text + ".\n"
      + (pending == 0
        ? "" : "\(NumberText.count(pending, "change")) pending: spaceplan run --dry-run shows them.\n")
  }

  private func json(
    _ plans: [SpacePlan], _ costs: CostReport, at now: Instant, notes: [String],
    _ budgets: [BudgetVerdict]
  ) -> JSONValue {
    let spent = Dictionary(uniqueKeysWithValues: costs.spaces.map { ($0.space, $0.total) })
    return [
      "at": .string(now.description), "currency": .string(costs.prices.currency),
      "notes": .array(notes.map(JSONValue.string)), "budgets": .array(budgets.map(\.json)),
      "spaces": .array(
        plans.map { plan in
          var members = RunJSON.space(plan).object ?? [:]
          members["this_month"] = .bounds(spent[plan.space])
          return .object(members)
        }),
      "per_hour": .string(plans.compactMap(\.rate).reduce(.zero, +).description),
      "per_hour_unknown": .integer(Int64(plans.count { $0.rate == nil })),
      "this_month": .bounds(costs.total),
      "this_month_if_unchanged": .string((costs.total.estimate + costs.addedIfUnchanged).description),
    ]
  }
}
