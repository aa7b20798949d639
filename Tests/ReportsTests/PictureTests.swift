import Foundation
import Money
import Reports
import Testing

private func values(_ some: [Int: Int64]) -> [Int64] { (0..<168).map { some[$0] ?? 0 } }

@Test func anHourMapInATerminalIsARowADay() {
  let map = HourMap(
    "Visits", values([9: 8, 10: 1, 24 + 23: 4]), in: .count("visit"), zone: .gmt, note: "A note.")
  let lines = map.text.split(separator: "\n").map(String.init)
  #expect(lines[0] == "Visits by hour of the week (UTC); most at Mon 09:00.")
  #expect(lines[1] == "     0     3     6     9     12    15    18    21")
  #expect(lines[2] == "Mon  · · · · · · · · · ██▁▁· · · · · · · · · · · · ·   9 visits")
  #expect(lines[3].hasSuffix("· ▄▄  4 visits"))
  #expect(lines.count == 10 && lines[9] == "A note.")
  #expect(lines[2...8].allSatisfy { $0.prefix(53).count == 53 })
}

@Test func anEmptyHourMapSaysSo() {
  let map = HourMap("Billed hours without visitors", values([:]), in: .hours, zone: .gmt)
  #expect(map.text == "Billed hours without visitors by hour of the week (UTC); none.\n")
}

private func curve() throws -> CostCurve {
  func point(_ name: String, _ cost: String, _ starts: Int) throws -> CostCurve.Point {
    CostCurve.Point(name, cost: try Money(cost), starts: starts)
  }
  return CostCurve(
    "Cost & starts", currency: "USD",
    line: [try point("", "10", 40), try point("", "20", 10), try point("", "80", 1)],
    usual: [try point("1m", "10", 40), try point("1h", "20", 10), try point("never", "80", 1)],
    marks: [
      try point("today's rules", "40", 8), try point("recommended: sleep <1h", "20", 10),
      try point("best fixed in hindsight: 1h", "20", 10),
    ])
}

@Test func aCurveInATerminalIsATableWithBars() throws {
  let lines = try curve().text(.plain, width: nil).split(separator: "\n").map(String.init)
  #expect(lines[0] == "Cost & starts")
  #expect(lines[2].hasPrefix("1m") && lines[2].contains("10.00  ██▌ "))
  #expect(lines[4].contains(String(repeating: "█", count: 20)))
  #expect(lines[5].hasPrefix("today's rules") && lines.count == 8)
  // On a narrow terminal bars are shorter, and no row takes two lines.
  let narrow = try curve().text(.plain, width: 75).split(separator: "\n").map(String.init)
  #expect(narrow.count == 8 && narrow.allSatisfy { $0.count <= 75 })
  #expect(narrow[4].contains(" " + String(repeating: "█", count: 10) + " "))
}

@Test func picturesOfASpaceArePartOfThePage() throws {
  let section = PictureSection(
    "acme/chat",
    maps: [
      HourMap("Visits", values([9: 8]), in: .count("visit"), zone: .gmt, note: "Others <may> have come.")
    ],
    curve: try curve())
  let page = CoursePage.text(
    markdown: "# Simulation\n\nNothing.\n", strips: [],
    in: .init(uncheckedBounds: (.distantPast, .distantFuture)),
    caption: "", paid: [], sections: [section])
  #expect(page.contains("<h2>acme/chat</h2><figure>"))
  #expect(page.contains("<title>Mon 09:00: 8 visits</title>"))
  #expect(page.contains("<p class=\"facts\">Others &lt;may&gt; have come.</p>"))
  let pictures = page.matches(of: #/<figure>.*?</figure>/#).map { String($0.output) }
  #expect(pictures.count == 2)
  for picture in pictures {
    #expect(
      picture.contains("role=\"img\" aria-label=\"") && picture.contains("<summary>As a table</summary>"))
  }
  #expect(pictures[1].contains("<li>recommended: sleep &lt;1h: 20.00 with 10 cold starts</li>"))
  #expect(pictures[1].contains("<th scope=\"row\">never</th><td class=\"number\">80.00</td>"))
  // Marks that would lie on each other stand beside each other.
  let places = pictures[1].matches(of: #/<circle class="mark" cx="(\d+)" cy="(\d+)"/#).map {
    "\($0.1) \($0.2)"
  }
  #expect(places.count == 3 && Set(places).count == 3)
}
