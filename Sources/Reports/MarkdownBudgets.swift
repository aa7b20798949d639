import Money
import Pricing

/// How budgets fared, in a Markdown report.
struct MarkdownBudgets {
  let report: CostReport

  var section: String {
    guard !report.budgets.isEmpty else { return "" }
    let currency = report.prices.currency
    let isDoubtful = report.budgets.contains { report.doubt($0.spent) != nil }
    let table = Markdown.table(
      [
        .left("budget of"), .right("a month, \(currency)"), .right("spent"),
        .right("at least", if: isDoubtful), .right("at most", if: isDoubtful), .right("of it"),
        .right("left"),
      ], report.budgets.map(cells))
    let notes = report.budgets.compactMap { budget in
      budget.note.map { note in
        "\n" + Markdown.escaped("The budget of \(budget.name): \(note)\(note.hasSuffix("?") ? "" : ".")")
          + "\n"
      }
    }.joined()
    let zone =
      report.period.zone.ianaName == "UTC"
      ? "" : "\nA budget is for a month of UTC, as the Hub invoices; what is spent is that of this report.\n"
    let adjustments =
      report.adjustments.isEmpty
      ? ""
      : "\nAdjustments of closed months, \(NumberText.money(report.adjustmentCost.estimate)), are not in what is spent.\n"
    return "## Budgets\n\n" + table + notes + adjustments + zone
  }

  private func cells(_ budget: BudgetSpending) -> [String] {
    let spent = budget.spent.shown
    let left = budget.monthly - budget.spent.estimate
    return [
      Markdown.escaped(budget.name), NumberText.money(budget.monthly),
      NumberText.money(budget.spent.estimate), NumberText.money(spent.low), NumberText.money(spent.high),
      NumberText.percent(budget.spent.estimate, of: budget.monthly),
      left < .zero ? Markdown.bold("\(NumberText.money(left.magnitude)) over") : NumberText.money(left),
    ]
  }
}
