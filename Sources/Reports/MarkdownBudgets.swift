import Money
import Pricing

/// How budgets fared, in a Markdown report.
struct MarkdownBudgets {
  let report: CostReport

  var section: String {
    guard !report.budgets.isEmpty else { return "" }
    let currency = report.prices.currency
    let isCertain = report.budgets.allSatisfy { report.doubt($0.spent) == nil }
    let columns: [(column: Column, cell: (BudgetSpending) -> String)] = [
      (.left("budget of"), { Markdown.escaped($0.name) }),
      (.right("a month, \(currency)"), { NumberText.money($0.monthly) }),
      (.right("spent"), { NumberText.money($0.spent.estimate) }),
      (.right("at least"), { NumberText.money($0.spent.shown.low) }),
      (.right("at most"), { NumberText.money($0.spent.shown.high) }),
      (.right("of it"), { NumberText.percent($0.spent.estimate, of: $0.monthly) }),
      (
        .right("left"),
        { budget in
          let left = budget.monthly - budget.spent.estimate
          return left < .zero
            ? Markdown.bold("\(NumberText.money(left.magnitude)) over") : NumberText.money(left)
        }
      ),
    ]
    let kept = columns.indices.filter { !isCertain || ![3, 4].contains($0) }.map { columns[$0] }
    let zone =
      report.period.zone.ianaName == "UTC"
      ? "" : "\nA budget is for a month of UTC, as the Hub invoices; what is spent is that of this report.\n"
    return "## Budgets\n\n"
      + Markdown.table(kept.map(\.column), report.budgets.map { budget in kept.map { $0.cell(budget) } })
      + zone
  }
}
