import Money
import Pricing

/// The table of a Markdown report that is grouped by other things than Spaces.
struct MarkdownGroups {
  let report: CostReport
  /// One or two.
  let dimensions: [CostDimension]
  /// How many groups are shown before the others become one row; nil for all.
  let limit: Int?

  var section: String {
    let groups = report.groups(by: dimensions)
    guard !groups.isEmpty else { return "" }
    let shown = groups.prefix(limit ?? groups.count)
    let others = groups.dropFirst(shown.count)
    var rows = shown.map { group in
      cells(zip(group.keys, dimensions).map(name), [group])
    }
    let blank = Array(repeating: "", count: dimensions.count - 1)
    if !others.isEmpty {
      rows.append(cells([NumberText.count(others.count, "other")] + blank, Array(others)))
    }
    rows.append(cells(["Total"] + blank, groups).map(Markdown.bold))
    let isDoubtful =
      report.doubt(report.total) != nil || groups.contains { $0.cost.flatMap(report.doubt) != nil }
    let isCompared = groups.contains { $0.before != nil }
    let title = dimensions.map(\.title).joined(separator: " and ")
    return "## Cost by \(title)\n\n"
      + Markdown.table(
        dimensions.map { .left($0.name) } + [
          .right("paid hours"), .right("cost, \(report.prices.currency)"),
          .right("at least", if: isDoubtful), .right("at most", if: isDoubtful), .right("share"),
          .right(report.period.comparisonName, if: isCompared), .right("change", if: isCompared),
        ], rows)
  }

  private func name(of key: String?, in dimension: CostDimension) -> String {
    switch (key, dimension) {
    case (let key?, .space), (let key?, .owner), (let key?, .hardware): Markdown.code(key)
    case (let key?, _): Markdown.escaped(key)
    case (nil, .policy): "(no policy)"
    case (nil, _): "(no label)"
    }
  }

  private func cells(_ names: [String], _ groups: [CostGroup]) -> [String] {
    let sum = groups.compactMap(\.cost).reduce(.zero, +).shown
    let before = groups.compactMap(\.before).reduce(.zero, +)
    let isPriced = groups.contains { $0.cost != nil }
    let mark = groups.contains(where: \.isUnpriced) && groups.count == 1 ? "*" : ""
    return names + [
      NumberText.hours(groups.reduce(.zero) { $0 + $1.paidTime }),
      isPriced ? NumberText.money(sum.estimate) + mark : "not priced", NumberText.money(sum.low),
      NumberText.money(sum.high), NumberText.percent(sum.estimate, of: report.total.estimate),
      NumberText.money(before), report.change(from: before, to: sum.estimate),
    ]
  }
}

extension CostDimension {
  /// For a heading.
  fileprivate var title: String {
    switch self {
    case .space: "Space"
    case .label(let key): Markdown.escaped(key)
    default: name
    }
  }
}
