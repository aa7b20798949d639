package import Money

/// What sleep times cost, and how often visitors then wait for a start, to be drawn: on a page, or in a terminal.
package struct CostCurve: Sendable {
  package struct Point: Sendable {
    let name: String
    let cost: Money
    /// How many starts are waited for.
    let starts: Int
    /// How many visitors found nobody to start it.
    let turnedAway: Int

    package init(_ name: String = "", cost: Money, starts: Int, turnedAway: Int = 0) {
      (self.name, self.cost, self.starts, self.turnedAway) = (name, cost, starts, turnedAway)
    }

    var words: String {
      "\(NumberText.money(cost)) with \(NumberText.count(starts, "cold start"))"
        + (turnedAway > 0 ? ", \(NumberText.count(turnedAway, "visitor")) turned away" : "")
    }
  }

  let title: String
  let currency: String
  /// All sleep times, the shortest first.
  let line: [Point]
  /// Sleep times that people choose from, by name.
  let usual: [Point]
  /// What is shown beside them.
  let marks: [Point]

  package init(_ title: String, currency: String, line: [Point], usual: [Point], marks: [Point]) {
    (self.title, self.currency, self.line, self.usual, self.marks) = (title, currency, line, usual, marks)
  }

  var most: Money { (line + marks).map(\.cost).max() ?? .zero }
  var mostStarts: Int { (line + marks).map(\.starts).max() ?? 0 }

  /// How long bars may be, the best first: on a narrow terminal shorter ones are better than more lines.
  private static let barWidths = [20, 10, 5]

  /// Sleep times and marks, a row each, with bars.
  package func text(_ style: Style, width: Int?) -> String {
    let tables = Self.barWidths.map(table)
    let table = tables.first { $0.fits(width) } ?? tables[tables.count - 1]
    return title + "\n" + table.text(style, width: width)
  }

  private func table(barWidth: Int) -> TextTable {
    var table = TextTable([
      .left("SLEEP"), .right(currency), .left(""), .right("COLD STARTS"), .left(""),
    ])
    let (most, mostStarts) = (most.nanoDollars, Int128(mostStarts))
    func add(_ point: Point, _ emphasis: Style.Emphasis?) {
      let turnedAway = point.turnedAway > 0 ? " and \(point.turnedAway) turned away" : ""
      table.add([
        TextTable.Cell(point.name, emphasis), "\(NumberText.money(point.cost))",
        "\(Sparkline.lying(point.cost.nanoDollars, of: most, width: barWidth))", "\(point.starts)",
        "\(Sparkline.lying(Int128(point.starts), of: mostStarts, width: barWidth))\(turnedAway)",
      ])
    }
    for point in usual { add(point, nil) }
    for point in marks { add(point, .bold) }
    return table
  }
}

extension HTMLCharts {
  /// Cost upwards, cold starts to the right; what is beside the curve has a number, which the list below explains.
  static func curve(_ curve: CostCurve) -> HTML {
    let axis = MoneyAxis(upTo: curve.most)
    let most = max(1, curve.mostStarts)
    /// At most ten steps of 1, 2 or 5 times a power of ten.
    var step = 1
    for factor in [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]
    where most > 10 * step { step = factor }
    let right = 24
    func x(_ starts: Int) -> Int { left + (Plot.width - right) * starts / most }
    var marks = gridLines(axis)
    for tick in stride(from: 0, through: most, by: step) {
      marks.append(label("\(tick)", x: x(tick), y: height - 8))
    }
    let points = curve.line.map { "\(x($0.starts)),\(axis.y($0.cost).text)" }.joined(separator: " ")
    marks.append(.shape("polyline", ["class": "spent", "points": points]))
    var places: [(x: Int, y: Int)] = []
    for (index, mark) in curve.marks.enumerated() {
      var place = (x: x(mark.starts), y: Int(axis.y(mark.cost).tenths / 10))
      // Beside those that stand there already.
      while places.contains(where: { abs($0.x - place.x) < 19 && abs($0.y - place.y) < 19 }) { place.x += 19 }
      places.append(place)
      marks.append(
        .element(
          "circle", ["class": "mark", "cx": "\(place.x)", "cy": "\(place.y)", "r": "9"],
          .element("title", [:], HTML("\(mark.name): \(mark.words)"))))
      marks.append(label("\(index + 1)", x: place.x, y: place.y + 4))
    }
    let list = HTML.element(
      "ol", [:], curve.marks.map { .element("li", [:], HTML("\($0.name): \($0.words)")) })
    return figure(
      curve.title,
      plot(([curve.title] + curve.marks.map { "\($0.name): \($0.words)." }).joined(separator: " "), marks),
      list, columns: [.left("sleep"), .right(curve.currency), .right("cold starts")],
      rows: (curve.usual + curve.marks).map { [$0.name, NumberText.money($0.cost), "\($0.starts)"] })
  }
}
