import Money
import Pricing
import Timelines

extension CostReport {
  /// The report for people: on one screen what was spent, where, what changed, what spaceplan did about it, and
  /// what is uncertain and why. The same report gives the same bytes.
  /// - Parameters:
  ///   - charts: how the cost of each day is drawn.
  ///   - tool: the program and its version, for the last line.
  ///   - dimensions: one or two by which costs are added up instead of by Space and hardware; none for the usual.
  ///   - top: how many rows the table by Space or group has before the others become one; nil for the usual: 20,
  ///     and of times all.
  public func markdown(
    charts: Charts = .mermaid, tool: String? = nil, by dimensions: [CostDimension] = [], top: Int? = nil
  ) -> String {
    guard dimensions.isEmpty else {
      let limit = top ?? (dimensions.contains(where: \.isTime) ? nil : MarkdownCosts.usualRows)
      let sections = [
        heading, headline, MarkdownCosts(report: self).summary,
        MarkdownGroups(report: self, dimensions: dimensions, limit: limit).section,
        MarkdownDoubts(report: self).section, MarkdownNotes(report: self, tool: tool).section,
      ]
      return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }
    let costs = MarkdownCosts(report: self, rowLimit: top ?? MarkdownCosts.usualRows)
    let sections = [
      heading, headline, costs.summary, MarkdownBudgets(report: self).section, dailyChart(charts),
      costs.bySpace, costs.movers, costs.byHardware,
      MarkdownDeeds(report: self).section, MarkdownDoubts(report: self).section,
      MarkdownNotes(report: self, tool: tool).section, costs.byDay,
    ]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var heading: String {
    let running = period.isRunning ? " so far" : ""
    var facts = Set(spaces.map(\.space.owner)).sorted().map(Markdown.code)
    if facts.count > 5 { facts = [NumberText.count(facts.count, "owner")] }
    var line = [facts.joined(separator: ", ")].filter { !$0.isEmpty }
    line.append(
      "\(period.day(period.range.lowerBound)) until \(period.day(period.range.upperBound)) "
        + "(\(period.zone.ianaName))")
    line.append(prices.currency)
    if let dataUntil, period.range.lowerBound < dataUntil {
      line.append("data until \(period.minute(dataUntil))")
    }
    if watched.of > 0 {
      let since = firstLookInside.map { " since the first look (\(period.minute($0)))" } ?? ""
      line.append("observed \(NumberText.share(watched.seconds, of: watched.of)) of the time\(since)")
    }
    return "# Spaces cost, \(period.title)\(running)\n\n\(line.joined(separator: " · "))\n"
  }

  // MARK: The sentence that says it all

  private var headline: String {
    guard period.hasBegun else { return "This time has not begun.\n" }
    guard !spaces.isEmpty else { return "No Space has been looked at yet: there is nothing to report.\n" }
    guard spaces.contains(where: { !$0.known.isEmpty }) else {
      return "No Space was looked at in this time: there is nothing to report.\n"
    }
    var text = "**\(NumberText.money(total.estimate)) \(prices.currency)**"
    if period.isRunning { text += " so far" }
    if let range = doubt(total) { text += " (\(range))" }
    text += comparisonClause + "."
    if addedIfUnchanged != .zero {
      text += " If nothing has changed since the last look, \(NumberText.money(addedIfUnchanged)) more."
    }
    if spaces.contains(where: \.hasUnpriced) {
      text += " What has no price is not in it: see below."
    }
    return text + "\n"
  }

  private var comparisonClause: String {
    let phrase = period.comparisonPhrase
    guard let before = comparisonTotal else {
      return "; nothing to compare with\(reasonForNoComparison)"
    }
    let change = total.estimate - before.estimate
    guard change != .zero else { return ", the same as in \(phrase)" }
    let size = NumberText.money(change.magnitude)
    let percent = before.estimate > .zero ? " (\(signedPercent(change, of: before.estimate)))" : ""
    return ", \(size) \(change < .zero ? "less" : "more") than in \(phrase)\(percent)\(reason(for: change))"
  }

  private var reasonForNoComparison: String {
    guard let (owner, first) = lastOwnerToBeSeen else { return "" }
    let whose = Set(firstLooks.values).count > 1 ? " at \(Markdown.code(owner))" : ""
    return ", as looks\(whose) began on \(period.minute(first).prefix(10))"
  }

  /// The Space that moved the total most in the direction in which it went, if others moved as well.
  private func reason(for change: Money) -> String {
    let movers = movers
    guard movers.count > 1, let main = movers.first(where: { ($0.change < .zero) == (change < .zero) }) else {
      return ""
    }
    let word = main.change.magnitude.scaled(by: 2, over: 1) < change.magnitude ? "most of all" : "mostly"
    return ", \(word) \(Markdown.code(main.space.space.description)) (\(NumberText.change(main.change)))"
  }

  // MARK: Words shared by the sections

  /// `between 170.10 and 190.30`; nil where that says nothing.
  func doubt(_ bounds: Bounds<Money>) -> String? {
    let (low, high) = (NumberText.money(bounds.shown.low), NumberText.money(bounds.shown.high))
    return low == high ? nil : "between \(low) and \(high)"
  }

  /// `-23.10 (-11 %)`, `+3.20 (from nothing)`, `0.00`, `n/a`.
  func change(from before: Money?, to now: Money, isGone: Bool = false) -> String {
    guard let before else { return "n/a" }
    let change = now - before
    guard NumberText.isShown(change) else { return NumberText.change(change) }
    let kind =
      before == .zero ? "from nothing" : isGone && now == .zero ? "gone" : signedPercent(change, of: before)
    return "\(NumberText.change(change)) (\(kind))"
  }

  func signedPercent(_ change: Money, of base: Money) -> String {
    (change > .zero ? "+" : "") + NumberText.percent(change, of: base)
  }

  private func dailyChart(_ charts: Charts) -> String {
    guard let chart = DayChart(self) else { return "" }
    let picture = chart.markdown(charts)
    return chart.sentence + "\n" + (picture.isEmpty ? "" : "\n" + picture)
  }
}
