import Money
import Pricing
import Spaces
import Timelines

/// What the numbers of a Markdown report are made of.
struct MarkdownNotes {
  let report: CostReport
  let tool: String?

  private var prices: PriceTable { report.prices }
  private var period: ReportPeriod { report.period }

  var section: String {
    guard report.period.hasBegun, !report.spacesWithLines.isEmpty else { return "" }
    let notes = ([closing] + adjustments + [rounding, billing, hours, grants, priceDate, scope])
      .filter { !$0.isEmpty }
    return "## Notes\n\n" + notes.map { "- \($0)\n" }.joined()
  }

  private var closing: String {
    guard let last = report.closings.last else { return "" }
    let before = report.closings.dropLast().map(\.description)
    let anew = before.isEmpty ? "" : ", after it was closed at \(before.joined(separator: " and "))"
    return
      "Closed at \(last)\(anew), and shown as it was known then; what became known later is an adjustment of a later month."
  }

  /// The largest, and how many more.
  private var adjustments: [String] {
    let all = report.adjustments.sorted {
      ($1.cost.estimate.magnitude, $0.month, $0.space) < ($0.cost.estimate.magnitude, $1.month, $1.space)
    }
    return all.prefix(10).map {
      "Adjustment of \($0.month.yearAndMonth), which is closed, for \(Markdown.code($0.space.description)): "
        + "\(NumberText.change($0.cost.estimate)) \(prices.currency), as \($0.reason)."
    } + (all.count > 10 ? ["\(all.count - 10) smaller adjustments of closed months are in the sums."] : [])
  }

  private var rounding: String {
    let parts = report.spaces.map(\.total.estimate)
    let cents = { (money: Money) in money.nanoDollars.dividedHalfToEven(by: 10_000_000) }
    return parts.reduce(0) { $0 + cents($1) } == cents(report.total.estimate)
      ? ""
      : "Amounts are exact and rounded only here: printed ones may not add up to the last digit."
  }

  private var billing: String {
    let minutes = prices.rounding == .up ? "Started minutes" : "Seconds"
    let rules = prices.billableStages.clipped(to: period.elapsed).segments.filter { !$0.value.isEmpty }
    let stages = rules.map { rule in
      let names = rule.value.map(\.rawValue).sorted().map(Markdown.code).joined(separator: ", ")
      return rule.range.lowerBound > period.range.lowerBound
        ? "from \(period.day(rule.range.lowerBound)) in \(names)" : "in \(names)"
    }
    return stages.isEmpty
      ? "The table of prices has no billing rule for this time: nothing is charged."
      : "\(minutes) are charged for each replica, while a Space is \(stages.joined(separator: "; "))."
  }

  private var hours: String {
    report.paidTime > .zero ? "Paid hours are those on hardware that costs money, for each replica." : ""
  }

  private var grants: String {
    let granted = report.spaces.filter(\.tags.isGranted)
    guard !granted.isEmpty else { return "" }
    let names =
      granted.prefix(5).map { Markdown.code($0.space.description) }
      + (granted.count > 5 ? ["\(granted.count - 5) more"] : [])
    let worth = granted.reduce(Money.zero) { $0 + $1.granted }
    return
      "A grant pays for the hardware of \(names.joined(separator: ", ")): worth \(NumberText.money(worth)) \(prices.currency), which is not in the sums."
  }

  private var priceDate: String {
    let dates =
      (prices.hardware.flatMap(\.prices) + prices.storage.flatMap(\.prices)).map { $0.learned ?? $0.from }
      + prices.billingRules.map { $0.learned ?? $0.from }
    return dates.max().map { "The newest entry in the table of prices is of \($0.description.prefix(10))." }
      ?? ""
  }

  private var scope: String {
    "Worked out from looks at the Spaces; not an invoice. Not included: credits, tax, subscriptions, "
      + "storage elsewhere, and all that is not a Space."
      + (tool.map { " Made by \(Markdown.escaped($0))." } ?? "")
  }
}
