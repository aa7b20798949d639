import Money
import Pricing
import Reports
import Spaces
import Testing
import Timelines

private func inline(_ text: String) -> String { MarkdownAsHTML.inline(text[...]).markup }

private func blocks(_ text: String) -> String {
  var reader = MarkdownAsHTML(text)
  return reader.blocks().map(\.markup).joined(separator: "\n")
}

@Test func otherPeoplesWordsAreNoMarkup() {
  #expect(HTML("<script>\"&\"</script>").markup == "&lt;script&gt;&quot;&amp;&quot;&lt;/script&gt;")
  #expect(
    HTML.element("a", ["title": "\"><b>", "href": nil], [HTML("x")]).markup
      == "<a title=\"&quot;&gt;&lt;b&gt;\">x</a>")
  #expect(inline(#"\*a\* \<b\> \`c\` \$1"#) == "*a* &lt;b&gt; `c` $1")
  #expect(inline(#"``a`b\|<i>``"#) == "<code>a`b|&lt;i&gt;</code>")
}

@Test func boldWordsAndCodeAreShown() {
  #expect(inline("**12.00 USD** for `acme/chat`") == "<strong>12.00 USD</strong> for <code>acme/chat</code>")
  #expect(inline("no `fence") == "no `fence")
}

@Test func aListInAListIsOne() {
  #expect(
    blocks("- nobody looked:\n  - on Monday\n  - on Tuesday\n- one more\n")
      == "<ul><li>nobody looked:<ul><li>on Monday</li><li>on Tuesday</li></ul></li><li>one more</li></ul>")
}

@Test func blocksOfAReportAreRead() {
  let table = """
    | Space   |     cost |
    | :------ | -------: |
    | `a\\|b`  |     1.00 |
    | **Total** | **1.00** |

    """
  let html = blocks(
    "## Cost\n\nA line.\n\n\(table)\n- one\n- two\n<details>\n<summary>More</summary>\n\nx\n</details>\n")
  #expect(html.contains("<h2>Cost</h2>\n<p>A line.</p>"))
  #expect(html.contains("<th scope=\"row\"><code>a|b</code></th><td class=\"number\">1.00</td>"))
  #expect(html.contains("<td class=\"number\"><strong>1.00</strong></td>"))
  #expect(
    html.contains(
      "<ul><li>one</li><li>two</li></ul>\n<details>\n<summary>More</summary>\n<p>x</p>\n</details>"))
}

private func space(_ name: String) throws -> SpaceCosts {
  let start = try Instant("2026-10-05T00:00:00Z")
  let running = SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small)
  let asleep = SpaceState(stage: .sleeping, requestedHardware: .t4Small)
  func looks(_ from: Int64, _ until: Int64) -> [Instant] {
    stride(from: from, to: until, by: 900).map { start + $0 }
  }
  let day: Int64 = 86_400
  return SpaceCosts(
    try SpaceID(name),
    intervals: [
      Interval(state: running, looks: looks(0, day)), Interval(state: asleep, looks: looks(day, 2 * day)),
      // Nobody looked for half a day.
      Interval(state: running, looks: looks(5 * day / 2, 4 * day)),
    ], actions: [], period: try period(), prices: .builtIn, keepsCourse: true)
}

private func period() throws -> ReportPeriod {
  ReportPeriod(
    month: try CivilDate("2026-10-01"), zone: .gmt, now: try Instant("2026-10-09T00:00:00Z"))
}

private func page(_ names: [String], outlook: SpendingOutlook? = nil, budget: Money? = nil) throws -> String {
  var report = CostReport(period: try period(), spaces: try names.map(space), prices: .builtIn)
  report.budget = budget
  return report.html(tool: "spaceplan", outlook: outlook)
}

@Test func budgetsAreATable() throws {
  var report = CostReport(period: try period(), spaces: try ["acme/chat"].map(space), prices: .builtIn)
  #expect(!report.markdown().contains("## Budgets"))
  report.budgets = [
    BudgetSpending(name: "policy chat", monthly: try Money("10"), spent: Bounds(certain: try Money("12.5"))),
    BudgetSpending(
      name: "all Spaces", monthly: try Money("300"),
      spent: Bounds(low: try Money("100"), estimate: try Money("120"), high: try Money("130"))),
  ]
  #expect(
    report.markdown().contains(
      """
      ## Budgets

      | budget of   | a month, USD |  spent | at least | at most | of it |          left |
      | :---------- | -----------: | -----: | -------: | ------: | ----: | ------------: |
      | policy chat |        10.00 |  12.50 |    12.50 |   12.50 | 125 % | **2.50 over** |
      | all Spaces  |       300.00 | 120.00 |   100.00 |  130.00 |  40 % |        180.00 |
      """))
  #expect(report.html(tool: "spaceplan").contains("Budgets</h2>"))
}

@Test func thePageNeedsNothingElse() throws {
  let html = try page(["acme/chat"])
  #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
  #expect(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"))
  #expect(html.contains("default-src 'none'"))
}

@Test func thePageSaysWhatTheMarkdownSays() throws {
  let report = CostReport(period: try period(), spaces: [try space("acme/chat")], prices: .builtIn)
  let page = report.html()
  #expect(page.contains("<h1>Spaces cost, October 2026 so far</h1>"))
  #expect(page.contains("<strong>\(NumberText.money(report.total.estimate)) USD</strong>"))
  // Every figure of its tables.
  let rows = report.markdown(charts: .none).split(separator: "\n").filter { $0.hasPrefix("| ") }
  let cells: [String] = rows.flatMap { row in
    row.split(separator: "|").map { cell in String(cell.filter { $0 != " " }) }
  }
  let figures = cells.filter { cell in !cell.isEmpty && cell.allSatisfy { "0123456789.".contains($0) } }
  #expect(figures.count > 5)
  for figure in figures { #expect(page.contains(">\(figure)<"), "\(figure)") }
}

@Test func eachPictureHasWordsAndATable() throws {
  let html = try page(["acme/chat", "acme/\"quoted\"".replacing("\"", with: "q")])
  let pictures = html.matches(of: #/<figure>.*?</figure>/#).map { String($0.output) }
  #expect(pictures.count == 4)
  for picture in pictures {
    #expect(picture.contains("role=\"img\" aria-label=\""))
    #expect(picture.contains("<summary>As a table</summary>"))
  }
  // The days add up to the total.
  #expect(pictures[0].contains("<th scope=\"row\">2026-10-05</th>"))
  #expect(pictures[3].contains("nobody looked from 2026-10-06"))
}

@Test func whatIsExpectedIsDrawnWhereItIsKnown() throws {
  let days = try (9...31).map { day in
    SpendingOutlook.Day(
      day: try CivilDate("2026-10-\(day < 10 ? "0" : "")\(day)"),
      spending: Bounds(low: try Money("20"), estimate: try Money("30"), high: try Money("40")))
  }
  let html = try page(
    ["acme/chat"], outlook: SpendingOutlook(days: days, beginsToday: false), budget: try Money("35"))
  #expect(html.contains("class=\"band\"") && html.contains("class=\"budget\""))
  #expect(html.contains("Expected by the end: 30.00, between 20.00 and 40.00. Budget: 35.00."))
  let plain = try page(["acme/chat"])
  #expect(!plain.contains("class=\"band\"") && !plain.contains("class=\"budget\""))
}

@Test func aReportOfNothingIsAPageToo() throws {
  let page = CostReport(period: try period(), spaces: [], prices: .builtIn).html()
  #expect(page.contains("No Space has been looked at yet"))
  #expect(!page.contains("<figure>"))
}
