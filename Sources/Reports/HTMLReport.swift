public import Money
public import Timelines

/// What a period is expected to have cost by the end of each day to come.
public struct SpendingOutlook: Sendable {
  public struct Day: Sendable {
    public let day: CivilDate
    public let low: Money
    public let estimate: Money
    public let high: Money

    public init(day: CivilDate, low: Money, estimate: Money, high: Money) {
      self.day = day
      self.low = low
      self.estimate = estimate
      self.high = high
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

/// The look of every page: its head, its style and its frame.
enum HTMLPage {
  static func text(title: String, header: HTML, main: HTML) -> String {
    let style = String(decoding: PackageResources.report_css, as: UTF8.self)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(HTML(title).markup)</title>
      <style>
      \(style)</style>
      </head>
      <body>
      <svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>\
      <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse">\
      <path class="hatch" d="M0 8L8 0"/></pattern></defs></svg>
      <header>\(header.markup)</header>
      <main>\(main.markup)</main>
      </body>
      </html>

      """
  }
}

/// A page that is made of Markdown and of what Spaces ran on: of a simulation.
package enum CoursePage {
  /// - Parameters:
  ///   - markdown: as this module writes it, with its heading.
  ///   - paid: hardware that costs money, in the order of its colours.
  ///   - sections: pictures of single Spaces, below.
  package static func text(
    markdown: String, strips: [CourseStrip], in range: Range<Instant>, caption: String, paid: [String],
    sections: [PictureSection] = []
  ) -> String {
    var text = MarkdownAsHTML(markdown)
    let blocks = text.blocks()
    let picture =
      strips.isEmpty
      ? HTML.empty : HTMLCharts.strips(strips, in: range, title: caption, HardwareColours(paid))
    return HTMLPage.text(
      title: text.title, header: .element("h1", [:], HTML(text.title)),
      main: blocks.joined + picture + sections.map(\.html).joined)
  }
}
