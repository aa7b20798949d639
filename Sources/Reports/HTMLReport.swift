public import Money
public import Pricing
public import Timelines

/// What a period is expected to have cost by the end of each day to come.
public struct SpendingOutlook: Sendable {
  public struct Day: Sendable {
    public let day: CivilDate
    public let spending: Bounds<Money>

    public init(day: CivilDate, spending: Bounds<Money>) {
      (self.day, self.spending) = (day, spending)
    }
  }

  /// In order.
  public let days: [Day]
  /// The first of them has begun.
  public let beginsToday: Bool

  public init(days: [Day], beginsToday: Bool) {
    self.days = days
    self.beginsToday = beginsToday
  }
}

extension CostReport {
  /// The report as one page that needs nothing else: no script, no network. It says what the Markdown says, with
  /// pictures; each has its numbers in a table.
  ///
  /// - Parameters:
  ///   - outlook: what is expected of a period that is not over; nil where nothing is.
  public func html(
    tool: String? = nil, by dimensions: [CostDimension] = [], top: Int? = nil,
    outlook: SpendingOutlook? = nil
  ) -> String {
    var text = MarkdownAsHTML(markdown(charts: .none, tool: tool, by: dimensions, top: top))
    let blocks = text.blocks()
    let colours = HardwareColours(self)
    let charts = [
      HTMLCharts.days(self, colours), HTMLCharts.month(self, outlook), HTMLCharts.week(self),
      HTMLCharts.strips(self, colours),
    ].compactMap(\.self)
    // The facts, the sentence that says it all and the figures come first, then the pictures.
    let head = blocks.prefix { !$0.markup.hasPrefix("<h2") }
    let pictures =
      charts.isEmpty ? HTML.empty : .element("h2", [:], "In pictures") + charts.joined
    return HTMLPage.text(
      title: text.title,
      header: .element("h1", [:], HTML(text.title))
        + (head.first.map { .element("div", ["class": "facts"], $0) } ?? .empty),
      main: (head.dropFirst().first.map { .element("div", ["class": "headline"], $0) } ?? .empty)
        + Array(head.dropFirst(2)).joined + pictures + Array(blocks.dropFirst(head.count)).joined)
  }
}
