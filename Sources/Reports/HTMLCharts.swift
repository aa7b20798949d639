import Money
import Pricing
import Timelines

/// Pictures as inline SVG, each with a sentence for who can't see it and its numbers in a table.
enum HTMLCharts {
  static let (width, height) = (900, 240)
  static let (left, top, bottom) = (64, 12, 28)

  static func figure(
    _ caption: String, _ picture: HTML, _ below: HTML = .empty, columns: [Column], rows: [[String]]
  ) -> HTML {
    .element(
      "figure", [:],
      [
        .element("figcaption", [:], HTML(caption)), picture, below,
        .element("details", [:], .element("summary", [:], "As a table") + table(columns, rows)),
      ])
  }

  static func table(_ columns: [Column], _ rows: [[String]]) -> HTML {
    func number(_ index: Int) -> String? { columns[index].alignment == .right ? "number" : nil }
    return .element(
      "div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": "Table"],
      .element(
        "table", [:],
        [
          .element(
            "thead", [:],
            .element(
              "tr", [:],
              columns.indices.map {
                .element("th", ["scope": "col", "class": number($0)], HTML(columns[$0].title))
              })),
          .element(
            "tbody", [:],
            rows.map { row in
              .element(
                "tr", [:],
                row.indices.map { index in
                  index == 0
                    ? .element("th", ["scope": "row"], HTML(row[0]))
                    : .element("td", ["class": number(index)], HTML(row[index]))
                })
            }),
        ]))
  }

  // MARK: Spend by day

  /// What each day cost, stacked by hardware.
  static func days(_ report: CostReport, _ colours: HardwareColours) -> HTML? {
    let days = report.days
    var costs: [CivilDate: [String: Money]] = [:]
    for line in report.spaces.lazy.flatMap(\.lines) {
      guard let cost = line.cost?.estimate, cost != .zero, !line.subject.isAdjustment else { continue }
      costs[line.day, default: [:]][line.subject.name, default: .zero] += cost
    }
    guard days.count > 1, !costs.isEmpty else { return nil }
    let order = report.hardware.map(\.subject.name)
    let most = days.map(\.cost.estimate).max() ?? .zero
    let axis = MoneyAxis(upTo: most)
    let step = Plot.width / days.count
    var marks = gridLines(axis)
    for (index, day) in days.enumerated() {
      var base = Money.zero
      for hardware in order {
        guard let cost = costs[day.day]?[hardware] else { continue }
        let (low, high) = (axis.y(base), axis.y(base + cost))
        base += cost
        marks.append(
          .element(
            "rect",
            [
              "class": colours.name(of: hardware), "x": "\(left + index * step + step / 8)", "y": high.text,
              "width": "\(max(1, step * 3 / 4))", "height": (low - high).text,
            ], .element("title", [:], HTML("\(day.day) \(hardware): \(NumberText.money(cost))"))))
      }
      if index % max(1, days.count / 10) == 0 {
        marks.append(label("\(day.day)".suffix(5), x: left + index * step + step / 2, y: height - 8))
      }
    }
    let total = days.reduce(Money.zero) { $0 + $1.cost.estimate }
    let used = Set(costs.values.flatMap(\.keys))
    return figure(
      "Cost of each day by hardware, \(report.prices.currency)",
      plot(
        "Cost of each day: \(NumberText.money(total)) over \(days.count) days, at most \(NumberText.money(most)) on one.",
        marks),
      colours.legend(used),
      columns: [.left("day")] + order.filter(used.contains).map(Column.right) + [.right("all")],
      rows: days.map { day in
        ["\(day.day)"]
          + order.filter(used.contains).map { NumberText.money(costs[day.day]?[$0] ?? .zero) }
          + [NumberText.money(day.cost.estimate)]
      })
  }

  // MARK: The month so far

  /// What was spent up to each day, what is expected, and the budget.
  static func month(_ report: CostReport, _ outlook: SpendingOutlook?) -> HTML? {
    let budget = report.budget
    let days = report.days
    guard days.count > 1, !report.spacesWithLines.isEmpty else { return nil }
    var sum = Money.zero
    let spent = days.map { day -> Money in
      sum += day.cost.estimate
      return sum
    }
    let expected = outlook?.days ?? []
    let most = ([spent.last, expected.map(\.spending.high).max(), budget].compactMap(\.self)).max() ?? .zero
    let axis = MoneyAxis(upTo: most)
    // Today is both: what was spent until now, and what is expected by its end.
    let first = days.count - (expected.isEmpty ? 0 : outlook?.beginsToday == true ? 1 : 0)
    let count = max(days.count, first + expected.count)
    func x(_ index: Int) -> Int { left + Plot.width * (index + 1) / count }
    var marks = gridLines(axis)
    func points(_ values: [(Int, Money)]) -> String {
      values.map { "\($0.0),\(axis.y($0.1).text)" }.joined(separator: " ")
    }
    let soFar = [(left, Money.zero)] + spent.enumerated().map { (x($0.offset), $0.element) }
    if !expected.isEmpty {
      let start = (x(days.count - 1), sum)
      let later = expected.enumerated().dropFirst(outlook?.beginsToday == true ? 1 : 0)
      let highs = [start] + later.map { (x(first + $0.offset), $0.element.spending.high) }
      let lows = [start] + later.map { (x(first + $0.offset), $0.element.spending.low) }
      marks.append(.shape("polygon", ["class": "band", "points": points(highs + lows.reversed())]))
      marks.append(
        .shape(
          "polyline",
          [
            "class": "expected",
            "points": points([start] + later.map { (x(first + $0.offset), $0.element.spending.estimate) }),
          ]))
    }
    if let budget {
      let y = axis.y(budget).text
      marks.append(.shape("line", ["class": "budget", "x1": "\(left)", "x2": "\(width)", "y1": y, "y2": y]))
      marks.append(label("budget", x: width - 26, y: Int(axis.y(budget).tenths / 10) - 5))
    }
    marks.append(.shape("polyline", ["class": "spent", "points": points(soFar)]))
    let sentence = sentence(report, spent: sum, expected: expected.last?.spending)
    return figure(
      "Spending up to each day, \(report.prices.currency)\(expected.isEmpty ? "" : ", and what is expected (eight months of ten)")",
      plot(sentence, marks), .element("p", ["class": "facts"], HTML(sentence)),
      columns: [.left("up to"), .right("spent"), .right("low"), .right("expected"), .right("high")],
      rows: zip(days, spent).map { ["\($0.day)", NumberText.money($1), "", "", ""] }
        + expected.map {
          [
            "\($0.day)", "", NumberText.money($0.spending.low), NumberText.money($0.spending.estimate),
            NumberText.money($0.spending.high),
          ]
        })
  }

  private static func sentence(_ report: CostReport, spent: Money, expected: Bounds<Money>?) -> String {
    var sentence = "Spent\(report.period.isRunning ? " so far" : ""): \(NumberText.money(spent))."
    if let expected {
      sentence +=
        " Expected by the end: \(NumberText.money(expected.estimate)), between \(NumberText.money(expected.low)) and \(NumberText.money(expected.high))."
    }
    let adjustments = report.adjustmentCost.estimate
    if adjustments != .zero {
      sentence += " Adjustments of closed months, \(NumberText.money(adjustments)), are not in it."
    }
    if let budget = report.budget { sentence += " Budget: \(NumberText.money(budget))." }
    return sentence
  }

  // MARK: Hours of the week

  /// How many hours were paid for in each hour of the week.
  static func week(_ report: CostReport) -> HTML? {
    var seconds = [Int64](repeating: 0, count: HourOfWeek.count)
    let clock = WallClock(report.period.zone)
    for course in report.spaces.lazy.compactMap(\.course) {
      for segment in course.segments {
        guard let billed = segment.value,
          report.prices.rate(of: billed, at: segment.range.lowerBound) != .zero
        else { continue }
        HourOfWeek.forEach(in: segment.range, on: clock) { hour, range in
          seconds[hour.index] += range.seconds * Int64(billed.replicas)
        }
      }
    }
    let map = HourMap("Paid hours", seconds, in: .hours, zone: report.period.zone)
    return map.busiest == nil ? nil : hours(map)
  }

  /// A row a weekday, a column an hour.
  static func hours(_ map: HourMap) -> HTML {
    let (cellWidth, cellHeight) = (34, 24)
    let most = max(1, map.values.max() ?? 0)
    var marks: [HTML] = []
    for (index, value) in map.values.enumerated() {
      let hour = HourOfWeek(index)
      let level = value == 0 ? 0 : 1 + Int(value * 4 / most)
      marks.append(
        .element(
          "rect",
          [
            "class": level == 0 ? "cell" : "cell h\(level)", "x": "\(48 + hour.hour * cellWidth)",
            "y": "\(20 + hour.day * cellHeight)", "width": "\(cellWidth - 2)", "height": "\(cellHeight - 2)",
          ], .element("title", [:], HTML("\(hour): \(map.unit.words(value))"))))
    }
    for day in 0..<7 {
      marks.append(label(HourMap.name(ofDay: day), x: 24, y: 36 + day * cellHeight))
    }
    for hour in stride(from: 0, to: 24, by: 3) {
      marks.append(label("\(hour)", x: 48 + hour * cellWidth + 16, y: 14))
    }
    return figure(
      map.title, plot(map.title, width: 48 + 24 * cellWidth, height: 20 + 7 * cellHeight, marks),
      map.note.map { .element("p", ["class": "facts"], HTML($0)) } ?? .empty,
      columns: [.left("day")] + (0..<24).map { .right("\($0)") },
      rows: (0..<7).map { day in
        [HourMap.name(ofDay: day)] + map.values(ofDay: day).map(map.unit.text)
      })
  }

  // MARK: Strips

  /// What each Space ran on, and where nobody looked.
  static func strips(_ report: CostReport, _ colours: HardwareColours) -> HTML? {
    let range = report.period.elapsed
    let strips = report.spaces.compactMap { space in
      space.course.flatMap { course in
        space.known.isEmpty ? nil : CourseStrip(space.space.description, course, gaps: space.gaps)
      }
    }
    guard !strips.isEmpty, range.seconds > 0 else { return nil }
    return self.strips(
      strips, in: range,
      title:
        "What each Space ran on, from \(report.period.minute(range.lowerBound)) to \(report.period.minute(range.upperBound))",
      colours)
  }

  static func strips(
    _ strips: [CourseStrip], in range: Range<Instant>, title: String, _ colours: HardwareColours
  ) -> HTML {
    let scale = 4000
    func x(_ instant: Instant) -> Int { Int((instant - range.lowerBound) * Int64(scale) / range.seconds) }
    func rect(_ name: String, _ part: Range<Instant>, _ title: String) -> HTML? {
      let (start, end) = (x(part.lowerBound), x(part.upperBound))
      guard end > start else { return nil }
      return .element(
        "rect", ["class": name, "x": "\(start)", "width": "\(end - start)", "height": "20"],
        .element("title", [:], HTML(title)))
    }
    let track = HTML.shape("rect", ["class": "track", "width": "\(scale)", "height": "20"])
    let items = strips.map { strip -> HTML in
      let runs = strip.course.segments.compactMap { segment in
        segment.value.flatMap { billed in
          let copies = billed.replicas == 1 ? "" : " × \(billed.replicas)"
          return rect(
            colours.name(of: billed.hardware.rawValue), segment.range,
            "\(billed.hardware)\(copies) from \(segment.range.lowerBound)")
        }
      }
      let gaps = strip.gaps.compactMap {
        rect("gap", $0, "nobody looked from \($0.lowerBound) to \($0.upperBound)")
      }
      return .element(
        "li", [:],
        .element("span", ["title": strip.title], HTML(strip.title))
          + .element(
            "svg",
            [
              "viewBox": "0 0 \(scale) 20", "preserveAspectRatio": "none", "role": "img",
              "aria-label": "\(strip.title): \(strip.words)",
            ], [track] + runs + gaps))
    }
    return figure(
      title, .element("ul", ["class": "strips"], items),
      colours.legend(
        strips.flatMap(\.hardware),
        others: [("free", "free hardware"), ("track", "not billed")]
          + (strips.contains { !$0.gaps.isEmpty } ? [("gap", "nobody looked")] : [])),
      columns: [.left("Space"), .left("ran on")], rows: strips.map { [$0.title, $0.words] })
  }

  // MARK: Drawing

  enum Plot {
    static let width = HTMLCharts.width - HTMLCharts.left - 8
    static let height = HTMLCharts.height - HTMLCharts.top - HTMLCharts.bottom
  }

  static func plot(
    _ text: String, width: Int = width, height: Int = height, _ marks: [HTML]
  ) -> HTML {
    .element(
      "div", ["class": "scroll chart", "tabindex": "0", "role": "group", "aria-label": "Chart"],
      .element("svg", ["viewBox": "0 0 \(width) \(height)", "role": "img", "aria-label": text], marks))
  }

  static func label(_ text: some StringProtocol, x: Int, y: Int, anchor: String = "middle") -> HTML {
    .element(
      "text", ["x": "\(x)", "y": "\(y)", "text-anchor": anchor, "aria-hidden": "true"], HTML(String(text)))
  }

  static func gridLines(_ axis: MoneyAxis) -> [HTML] {
    axis.ticks.flatMap { tick in
      let y = axis.y(tick)
      return [
        .shape("line", ["class": "axis", "x1": "\(left)", "x2": "\(width)", "y1": y.text, "y2": y.text]),
        label(NumberText.money(tick), x: left - 6, y: Int(y.tenths / 10) + 4, anchor: "end"),
      ]
    }
  }

  /// A place on a picture, in tenths of its units.
  struct Place {
    let tenths: Int128

    var text: String { tenths.decimalText(places: 1, atLeast: 0) }

    static func - (left: Place, right: Place) -> Place { Place(tenths: left.tenths - right.tenths) }
  }

  /// Money from the bottom up.
  struct MoneyAxis {
    private let step: Money
    private let count: Int

    /// At most five steps of 1, 2 or 5 times a power of ten, at least cents.
    init(upTo most: Money) {
      var step = Money(nanoDollars: 10_000_000)
      let factors: [(Int128, Int128)] = [(2, 1), (5, 2), (2, 1)]
      var index = 0
      while step.scaled(by: 5, over: 1) < most {
        step = step.scaled(by: factors[index % 3].0, over: factors[index % 3].1)
        index += 1
      }
      self.step = step
      count = max(1, Int((most.nanoDollars + step.nanoDollars - 1) / step.nanoDollars))
    }

    var ticks: [Money] { (0...count).map { step.scaled(by: Int128($0), over: 1) } }

    func y(_ amount: Money) -> Place {
      let whole = step.nanoDollars * Int128(count)
      let height = Int128(Plot.height * 10)
      return Place(tenths: Int128((top + Plot.height) * 10) - amount.nanoDollars * height / whole)
    }
  }
}
