import Money
import Pricing
import Spaces
import Timelines

/// The tables of money in a Markdown report.
struct MarkdownCosts {
  let report: CostReport
  /// How many Spaces have a row of their own.
  var rowLimit = usualRows

  static let usualRows = 20

  private var period: ReportPeriod { report.period }
  private var total: Bounds<Money> { report.total.shown }

  // MARK: The whole

  var summary: String {
    guard !report.spacesWithLines.isEmpty else { return "" }
    let before = report.comparisonTotal?.shown
    var rows = [
      row("cost, \(report.prices.currency)", total.estimate, before?.estimate)
    ]
    if report.doubt(total) != nil || before.flatMap(report.doubt) != nil {
      rows.append([
        "at least", NumberText.money(total.low), before.map { NumberText.money($0.low) } ?? "n/a", "",
      ])
      rows.append([
        "at most", NumberText.money(total.high), before.map { NumberText.money($0.high) } ?? "n/a", "",
      ])
    }
    if let days = daysIfOtherLength, let before {
      func perDay(_ money: Money, _ days: Int64) -> Money { money.scaled(by: 1, over: Int128(days)) }
      rows.append(row("cost a day", perDay(total.estimate, days.now), perDay(before.estimate, days.before)))
    }
    let hoursBefore = report.spaces.reduce(BilledTime.zero) { $0 + $1.comparisonLines.paidTime }
    rows.append(
      [
        "paid hours", NumberText.hours(report.paidTime),
        before == nil ? "n/a" : NumberText.hours(hoursBefore),
        "",
      ])
    let isCompared = before != nil
    return Markdown.table(
      [
        .left(""), .right(period.name), .right(period.comparisonName, if: isCompared),
        .right("change", if: isCompared),
      ], rows)
  }

  private func row(_ title: String, _ now: Money, _ before: Money?) -> [String] {
    [
      title, NumberText.money(now), before.map(NumberText.money) ?? "n/a",
      report.change(from: before, to: now),
    ]
  }

  /// The numbers of days of two whole months that differ in it.
  private var daysIfOtherLength: (now: Int64, before: Int64)? {
    guard let month = period.month, !period.isRunning else { return nil }
    let now = month.startOfNextMonth.dayNumber - month.dayNumber
    let before = month.dayNumber - month.startOfPreviousMonth.dayNumber
    return now == before ? nil : (now, before)
  }

  // MARK: By Space

  var bySpace: String {
    let dearest = report.spacesWithLines.filter { !$0.isFree }
      .sorted { ($1.total.estimate, $0.space) < ($0.total.estimate, $1.space) }
    guard !dearest.isEmpty else { return "" }
    let free = report.spacesWithLines.count - dearest.count
    let shown = dearest.count > rowLimit ? dearest.prefix(rowLimit) : dearest[...]
    let others = dearest.dropFirst(shown.count)
    var rows = shown.map { space in
      let isPriced = space.lines.contains { $0.cost != nil } || !space.lines.contains(where: \.isUnpriced)
      return cells(
        Markdown.code(space.space.description), hardware(of: space), [space],
        cost: isPriced ? (space.hasUnpriced ? "*" : "") : nil)
    }
    if !others.isEmpty { rows.append(cells(NumberText.count(others.count, "other"), "", Array(others))) }
    if free > 0 { rows.append(cells("\(free) at no cost", "", [])) }
    rows.append(cells("Total", "", report.spacesWithLines).map(Markdown.bold))

    let isDoubtful = report.doubt(total) != nil || dearest.contains { report.doubt($0.total) != nil }
    let isCompared = dearest.contains { report.comparison(of: $0) != nil }
    return "## Cost by Space\n\n"
      + Markdown.table(
        [
          .left("Space"), .left("hardware"), .right("paid hours"), .right("cost, \(report.prices.currency)"),
          .right("at least", if: isDoubtful), .right("at most", if: isDoubtful), .right("share"),
          .right(period.comparisonName, if: isCompared), .right("change", if: isCompared),
        ], rows)
  }

  /// - Parameter cost: what follows the cost; nil where there is none, for want of a price.
  private func cells(_ name: String, _ hardware: String, _ spaces: [SpaceCosts], cost: String? = "")
    -> [String]
  {
    let sum = spaces.reduce(Bounds<Money>.zero) { $0 + $1.total }.shown
    let before = spaces.reduce(Money?.some(.zero)) { before, space in
      before.flatMap { sum in report.comparison(of: space).map { sum + $0.estimate } }
    }
    let isGone = spaces.count == 1 && spaces.allSatisfy(isGone)
    let time = spaces.reduce(BilledTime.zero) { $0 + $1.paidTime }
    return [
      name, hardware, NumberText.hours(time),
      cost.map { NumberText.money(sum.estimate) + $0 } ?? "not priced",
      NumberText.money(sum.low), NumberText.money(sum.high),
      NumberText.percent(sum.estimate, of: total.estimate), before.map(NumberText.money) ?? "n/a",
      report.change(from: before, to: sum.estimate, isGone: isGone),
    ]
  }

  /// Before the end of the period the Hub had it no more.
  private func isGone(_ space: SpaceCosts) -> Bool {
    space.known.upperBound < period.elapsed.upperBound
  }

  /// What it was charged for, dearest first, then longest; three at most.
  private func hardware(of space: SpaceCosts) -> String {
    var sums: [LineItem.Subject: (cost: Money, time: BilledTime)] = [:]
    for line in space.lines {
      let sum = sums[line.subject] ?? (.zero, .zero)
      sums[line.subject] = (
        sum.cost + (line.cost?.estimate ?? .zero), sum.time + (line.minutes?.estimate ?? .zero)
      )
    }
    let ordered = sums.sorted {
      ($1.value.cost, $1.value.time, $0.key) < ($0.value.cost, $0.value.time, $1.key)
    }
    let names = ordered.prefix(3).map { Markdown.code($0.key.name) }
    return (names + (ordered.count > 3 ? ["\(ordered.count - 3) more"] : [])).joined(separator: ", ")
  }

  // MARK: What changed

  /// At most five up and five down; the others in one row, so that the changes add up to the total's. Of a few
  /// Spaces the table above shows it all.
  var movers: String {
    let moved = report.movers.filter { NumberText.isShown($0.change) }
    let all = report.spacesWithLines.filter { !$0.isFree }
    guard !moved.isEmpty, all.count > 5, let before = report.comparisonTotal else { return "" }
    let shown =
      moved.filter { $0.change > .zero }.prefix(5) + moved.filter { $0.change < .zero }.prefix(5)
    let names = Set(shown.map(\.space.space))
    let others = all.filter { !names.contains($0.space) }
    var rows = moved.filter { names.contains($0.space.space) }.map { mover in
      moverCells(
        Markdown.code(mover.space.space.description), mover.space.comparisonTotal.estimate,
        mover.space.total.estimate, isGone: isGone(mover.space))
    }
    if !others.isEmpty {
      rows.append(
        moverCells(
          NumberText.count(others.count, "other"), others.reduce(.zero) { $0 + $1.comparisonTotal.estimate },
          others.reduce(.zero) { $0 + $1.total.estimate }))
    }
    rows.append(moverCells("Total", before.estimate, total.estimate).map(Markdown.bold))
    return "## What changed most\n\n"
      + Markdown.table(
        [.left("Space"), .right(period.comparisonName), .right(period.name), .right("change")], rows)
  }

  private func moverCells(_ name: String, _ before: Money, _ now: Money, isGone: Bool = false) -> [String] {
    [
      name, NumberText.money(before), NumberText.money(now),
      report.change(from: before, to: now, isGone: isGone),
    ]
  }

  // MARK: By hardware

  var byHardware: String {
    let hardware = report.hardware
    guard !hardware.isEmpty else { return "" }
    var rows = hardware.map { costs in
      let prices = costs.perHour.map(NumberText.price)
      return [
        Markdown.code(costs.subject.name), Markdown.escaped(costs.name),
        prices.count > 2 ? "\(prices[0]) to \(prices[prices.count - 1])" : prices.joined(separator: ", "),
        costs.time.map(NumberText.hours) ?? "",
        costs.cost.map { NumberText.money($0) + (costs.isUnpriced ? "*" : "") } ?? "not priced",
        costs.cost.map { NumberText.percent($0, of: total.estimate) } ?? "",
      ]
    }
    rows.append(
      [
        "Total", "", "", "", NumberText.money(total.estimate),
        NumberText.percent(total.estimate, of: total.estimate),
      ]
      .map(Markdown.bold))
    return "## Cost by hardware\n\n"
      + Markdown.table(
        [
          .left("hardware"), .left("name"), .right("\(report.prices.currency) an hour"), .right("hours"),
          .right("cost, \(report.prices.currency)"), .right("share"),
        ], rows)
  }

  // MARK: By day

  var byDay: String {
    let days = report.days
    guard days.count > 1, !report.spacesWithLines.isEmpty else { return "" }
    let unknown = days.prefix { day in report.firstLookInside.map { day.range.upperBound <= $0 } ?? false }
    var rows = unknown.last.map { [["until \($0.day)", "", "", "", "nobody looked"]] } ?? []
    func row(_ name: String, _ cost: Bounds<Money>, _ remark: String = "") -> [String] {
      [name] + [cost.estimate, cost.low, cost.high].map(NumberText.money) + [remark]
    }
    rows += days.dropFirst(unknown.count).map {
      row($0.day.description, $0.cost.shown, $0.isWatched ? "" : "nobody looked")
    }
    let adjustments = report.adjustmentCost
    if adjustments != .zero { rows.append(row("adjustments", adjustments.shown)) }
    rows.append(row("Total", total).map(Markdown.bold))
    let isDoubtful = report.doubt(total) != nil
    let table = Markdown.table(
      [
        .left("day"), .right("cost, \(report.prices.currency)"), .right("at least", if: isDoubtful),
        .right("at most", if: isDoubtful), .left("", if: days.contains { !$0.isWatched }),
      ], rows)
    return "<details>\n<summary>Cost by day</summary>\n\n\(table)\n</details>\n"
  }
}
