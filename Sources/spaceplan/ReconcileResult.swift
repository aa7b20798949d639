import CSV
import JSON
import Money
import Pricing
import Reports

/// The history beside the Hub's billing usage, for people and programs.
struct ReconcileResult {
  let report: CostReport
  /// Nil where there is no usage to compare with.
  let reconciliation: Reconciliation?
  /// How far apart looks mostly were, in seconds; nil where there are no two.
  let recordedEvery: Int64?
  /// By rhythms that were recorded, the shortest first.
  let rhythms: [LookingRhythm]
  /// The longest time between two looks that counts as watched, in seconds.
  let watchedGap: Int64

  private var currency: String { report.prices.currency }
  private var withoutAnswer: [Int64] {
    LookingRhythm.usual.filter { rhythm in !rhythms.contains { $0.seconds == rhythm } }
  }

  // MARK: For people

  func table(_ style: Style, width: Int?) -> String {
    (reconciliation.map { table($0, style, width) } ?? "") + accuracy(style, width)
  }

  private func table(_ reconciliation: Reconciliation, _ style: Style, _ width: Int?) -> String {
    var text =
      "\(report.period.title) (UTC), in \(currency): what the looks make, and what the Hub's billing usage says\n\n"
    var table = TextTable([
      .left("SPACE"), .right("BY LOOKS"), .right("AT LEAST"), .right("AT MOST"), .right("BY THE HUB"),
      .right("DIFFERENCE"), .left("VERDICT"),
    ])
    for row in reconciliation.rows { table.add(cells(row, row.space?.description ?? "(no Space named)")) }
    table.add(cells(reconciliation.sum, "all"))
    text += table.text(style, width: width) + "\n"

    let doubtful = reconciliation.rows + (reconciliation.rows.isEmpty ? [reconciliation.sum] : [])
    for row in doubtful where row.verdict == .unexplained {
      let name = row.space?.description ?? (reconciliation.rows.isEmpty ? "all" : "(no Space named)")
      for (index, cause) in row.causes.enumerated() {
        text += "\(name): \(index == 0 ? "" : "or ")\(cause.text); \(cause.next).\n"
      }
    }
    if reconciliation.rows.isEmpty, !reconciliation.usage.lines.isEmpty {
      text += "The usage does not tell what each Space cost, so only the sum is compared.\n"
    }
    text +=
      "matched: the same to a cent, as the Hub shows amounts, and to half a millionth of a dollar for each minute, as it rounds prices.\n"
    if doubtful.contains(where: { $0.verdict == .explained }) {
      text += "explained: between the least and the most, which differ as nobody looks all the time.\n"
    }
    if reconciliation.freeSpaces > 0 {
      let count = reconciliation.freeSpaces
      text += "\(NumberText.count(count, "Space")) cost\(count == 1 ? "s" : "") nothing on either side.\n"
    }
    let others = reconciliation.usage.others.filter { $0.amount != .zero }
    if !others.isEmpty {
      let list = others.map { "\(printable($0.product)) \(NumberText.money($0.amount))" }
      text += "Not about Spaces, so not compared: \(list.joined(separator: ", ")).\n"
    }
    if !reconciliation.otherOwners.isEmpty {
      text +=
        "Not compared, as this is not their usage: \(reconciliation.otherOwners.joined(separator: ", ")).\n"
    }
    for source in reconciliation.usage.sources { text += source + "\n" }
    let unread = reconciliation.usage.unread
    for reason in unread.prefix(Self.shown) { text += "Not taken: \(reason)\n" }
    if unread.count > Self.shown { text += "… and \(unread.count - Self.shown) more that were not taken.\n" }
    return text + "\n"
  }

  private static let shown = 5

  private func cells(_ row: Reconciliation.Row, _ name: String) -> [TextTable.Cell] {
    let emphasis: Style.Emphasis? =
      switch row.verdict {
      case .matched: nil
      case .explained: .dim
      case .unexplained: .failure
      }
    return [
      TextTable.Cell(name, .bold), "\(NumberText.money(row.ours.estimate))",
      "\(NumberText.money(row.ours.low))", "\(NumberText.money(row.ours.high))",
      "\(row.usage.map(NumberText.money) ?? "-")", "\(NumberText.change(row.difference))",
      TextTable.Cell(row.verdict.rawValue, emphasis),
    ]
  }

  private func accuracy(_ style: Style, _ width: Int?) -> String {
    guard let recordedEvery else { return "" }
    var text = "How much looking at other intervals would have left open of \(report.period.title)\n\n"
    var table = TextTable([
      .left("LOOKING EVERY"), .right("BY LOOKS"), .right("AT LEAST"), .right("AT MOST"), .right("LEFT OPEN"),
    ])
    let total = report.total.shown
    table.add(cells("as recorded", total, total.high - total.low))
    for rhythm in rhythms {
      table.add(cells(NumberText.duration(rhythm.seconds), rhythm.total, rhythm.width))
    }
    text += table.text(style, width: width) + "\n"
    let tooLong = rhythms.map(\.seconds).filter { $0 > watchedGap }.map(NumberText.duration)
    if !tooLong.isEmpty {
      text +=
        "All that lies between two looks is open where they are more than \(NumberText.duration(watchedGap)) apart, as those of \(tooLong.joined(separator: " and ")) are.\n"
    }
    if !withoutAnswer.isEmpty {
      let list = withoutAnswer.map(NumberText.duration).joined(separator: " or ")
      text +=
        "Looks are mostly \(NumberText.duration(recordedEvery)) apart, so what \(list) would have left open can't be told.\n"
    }
    return text
  }

  private func cells(_ name: String, _ total: Bounds<Money>, _ width: Money) -> [TextTable.Cell] {
    [
      "\(name)", "\(NumberText.money(total.estimate))", "\(NumberText.money(total.low))",
      "\(NumberText.money(total.high))", "\(NumberText.money(width))",
    ]
  }

  // MARK: For programs

  var json: JSONValue {
    [
      "month": .string(report.period.month?.yearAndMonth ?? ""), "currency": .string(currency),
      "spaces": reconciliation.map { .array($0.rows.map(json)) } ?? .null,
      "all": reconciliation.map { json($0.sum) } ?? .null,
      "other_products": .array(
        (reconciliation?.usage.others ?? []).map {
          ["product": .string($0.product), "amount": .string($0.amount.description)]
        }),
      "owners_not_compared": .array((reconciliation?.otherOwners ?? []).map { .string($0) }),
      "sources": .array((reconciliation?.usage.sources ?? []).map { .string($0) }),
      "not_taken": .array((reconciliation?.usage.unread ?? []).map { .string($0) }),
      "recorded_every_seconds": .number(recordedEvery),
      "looking": .array(
        rhythms.map {
          [
            "every_seconds": .integer($0.seconds), "cost": .bounds($0.total),
            "left_open": .string($0.width.description),
          ]
        }),
    ]
  }

  private func json(_ row: Reconciliation.Row) -> JSONValue {
    [
      "space": .text(row.space?.description), "cost": .bounds(row.ours),
      "usage": .text(row.usage?.description), "difference": .string(row.difference.description),
      "tolerance": .string(row.tolerance.description), "verdict": .string(row.verdict.rawValue),
      "causes": .array(
        row.causes.map { ["id": .string($0.id), "text": .string($0.text), "next": .string($0.next)] }),
    ]
  }

  /// A line a Space, without a total; where the usage does not tell of single Spaces, one line without a name.
  var csv: String {
    let heads = [
      "space", "cost_low", "cost", "cost_high", "usage", "difference", "tolerance", "verdict", "cause",
    ]
    let rows = reconciliation.map { $0.rows.isEmpty ? [$0.sum] : $0.rows } ?? []
    return
      ([heads]
      + rows.map { row in
        [
          row.space?.description ?? "", row.ours.low.description, row.ours.estimate.description,
          row.ours.high.description, row.usage?.description ?? "", row.difference.description,
          row.tolerance.description, row.verdict.rawValue, row.causes.first?.id ?? "",
        ]
      }).map { CSVWriter.line($0) }.joined()
  }
}
