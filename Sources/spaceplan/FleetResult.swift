import CSV
import JSON
import Money
import Pricing
import Reports
import Simulation
import Spaces
import Timelines

extension FleetComparison {
  // MARK: For people

  func table(_ style: Style, width: Int?, currency: String) -> String {
    var table = TextTable([
      .left("SPACE"), .right("ACTUAL"), .right("CURRENT"), .right("NEW"), .right("CHANGE"),
      .right("AWAKE"), .right("COLD STARTS"), .right("TURNED AWAY"), .left("WAITS (MEDIAN, 95 %, LONGEST)"),
    ])
    for space in spaces {
      table.add([
        "\(space.space.description)", "\(text(space.actual))", "\(text(space.current.cost))",
        "\(text(space.proposed.cost))", TextTable.Cell(NumberText.change(space.change), .bold),
        "\(hours(space))", "\(space.current.visitors.coldStarts) → \(space.proposed.visitors.coldStarts)",
        "\(space.current.visitors.turnedAway) → \(space.proposed.visitors.turnedAway)",
        "\(waits(space.proposed.waits))",
      ])
    }
    if spaces.count > 1 {
      table.add([
        TextTable.Cell("all", .bold), "\(text(actual))", "\(text(current))", "\(text(proposed))",
        TextTable.Cell(NumberText.change(change), .bold),
      ])
    }
    return """
      From \(range.lowerBound) to \(range.upperBound), hardware only, in \(currency)


      """ + table.text(style, width: width) + "\n" + summary(currency) + "\n"
  }

  func markdown(currency: String) -> String {
    var lines = [
      "# Simulation \(range.lowerBound) to \(range.upperBound)", "",
      "| Space | Actual | Current rules | New rules | Change | Awake | Cold starts | Turned away | Waits (median, 95 %, longest) |",
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for space in spaces {
      let cells = [
        space.space.description, text(space.actual), text(space.current.cost), text(space.proposed.cost),
        NumberText.change(space.change), hours(space),
        "\(space.current.visitors.coldStarts) → \(space.proposed.visitors.coldStarts)",
        "\(space.current.visitors.turnedAway) → \(space.proposed.visitors.turnedAway)",
        waits(space.proposed.waits),
      ]
      lines.append("| \(cells.joined(separator: " | ")) |")
    }
    lines.append(
      "| **All** | \(text(actual)) | \(text(current)) | \(text(proposed)) | **\(NumberText.change(change))** | | | | |"
    )
    return lines.joined(separator: "\n") + "\n\n" + summary(currency) + "\n"
  }

  /// What the Markdown says, with what each Space would have run on under both rules, and pictures of some.
  func html(currency: String, sections: [PictureSection]) -> String {
    let strips = spaces.flatMap { space in
      [("current", space.current), ("new", space.proposed)].compactMap { name, course in
        course.billed.map { CourseStrip("\(space.space) \(name)", $0) }
      }
    }
    let minutes = spaces.flatMap { [$0.current, $0.proposed] }
      .reduce(into: [SpaceHardware: BilledTime]()) { $0.merge($1.paidTimes, uniquingKeysWith: +) }
    return CoursePage.text(
      markdown: markdown(currency: currency), strips: strips, in: range,
      caption: "What each Space would have run on, from \(range.lowerBound) to \(range.upperBound)",
      paid: minutes.map { ($0.key.rawValue, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0),
      sections: sections)
  }

  private func summary(_ currency: String) -> String {
    var sentences: [String] = []
    let verb = change < .zero ? "save" : "cost"
    let amount = NumberText.money(change.magnitude)
    sentences.append(
      change == .zero
        ? "The new rules would have cost the same."
        : "The new rules would have \(verb == "save" ? "saved" : "cost") \(amount) \(currency)\(verb == "save" ? "" : " more") (\(NumberText.percent(change.magnitude, of: current.estimate)) of the current rules)."
    )
    let differences = largestDifferences(3)
    if !differences.isEmpty {
      let list = differences.map { "\($0.hour) (\(NumberText.change($0.perHour)))" }
      sentences.append("Both differ most at \(list.joined(separator: ", ")), an hour of an average week.")
    }
    if error != .zero {
      sentences.append(
        "What happened cost \(NumberText.change(-error)) \(currency) against the current rules replayed: what people changed, failures, and visits that are not known."
      )
    }
    if let doubt { sentences.append(doubt) }
    return sentences.joined(separator: "\n")
  }

  /// What share of the time is not known, and where nothing is.
  private var doubt: String? {
    let all = spaces.reduce(0) { $0 + $1.demand.seconds }
    let unknown = spaces.reduce(0) { $0 + $1.demand.unknownSeconds }
    let blind = spaces.filter { $0.demand.sources.isEmpty }.map(\.space.description)
    var sentences: [String] = []
    if unknown > 0, all > 0 {
      sentences.append(
        "For \(NumberText.share(unknown, of: all)) of the time it is not known when visitors came; bounds are for none and for always busy."
      )
    }
    if !blind.isEmpty {
      sentences.append(
        "Nothing is known about visits of \(blind.joined(separator: ", ")); costs assume that it is awake whenever its rules allow."
      )
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: "\n")
  }

  private func text(_ money: Bounds<Money>) -> String {
    money.isCertain
      ? NumberText.money(money.estimate)
      : "\(NumberText.money(money.estimate)) (\(NumberText.money(money.low)) to \(NumberText.money(money.high)))"
  }

  private func hours(_ space: SpaceComparison) -> String {
    "\(NumberText.hours(space.current.paidTime)) → \(NumberText.hours(space.proposed.paidTime)) h"
  }

  private func waits(_ waits: WaitTally) -> String {
    guard let median = waits.percentile(50), let most = waits.percentile(95), let longest = waits.longest
    else {
      return "nobody waits"
    }
    return "\(waits.people): " + [median, most, longest].map(NumberText.duration).joined(separator: ", ")
  }

  // MARK: For programs

  func csv() -> String {
    var text = CSVWriter.line([
      "space", "rules", "cost_low", "cost", "cost_high", "paid_minutes", "cold_starts", "delayed",
      "turned_away", "wait_seconds", "boundaries",
    ])
    for space in spaces {
      text += CSVWriter.line([
        space.space.description, "actual", space.actual.low.description, space.actual.estimate.description,
        space.actual.high.description, "", "", "", "", "", "",
      ])
      for (name, course) in [("current", space.current), ("new", space.proposed)] {
        text += CSVWriter.line([
          space.space.description, name, course.cost.low.description, course.cost.estimate.description,
          course.cost.high.description, course.paidTime.minutesText, "\(course.visitors.coldStarts)",
          "\(course.visitors.delayed)", "\(course.visitors.turnedAway)", "\(course.visitors.waitSeconds)",
          "\(course.boundaries)",
        ])
      }
    }
    return text
  }

  func json(currency: String) -> JSONValue {
    [
      "from": .string(range.lowerBound.description), "until": .string(range.upperBound.description),
      "currency": .string(currency),
      "spaces": .array(
        spaces.map { space in
          [
            "space": .string(space.space.description), "from": .string(space.range.lowerBound.description),
            "actual": .bounds(space.actual), "current": json(space.current), "new": json(space.proposed),
            "demand": [
              "sources": .array(space.demand.sources.map { .string($0.rawValue) }),
              "unknown_seconds": .integer(space.demand.unknownSeconds),
              "seconds": .integer(space.demand.seconds),
            ],
          ]
        }),
      "actual": .bounds(actual), "current": .bounds(current), "new": .bounds(proposed),
      "change": .string(change.description), "model_error": .string(error.description),
    ]
  }

  private func json(_ course: SimulatedCourse) -> JSONValue {
    [
      "cost": .bounds(course.cost), "paid_minutes": .string(course.paidTime.minutesText),
      "cold_starts": .integer(Int64(course.visitors.coldStarts)),
      "delayed": .integer(Int64(course.visitors.delayed)),
      "turned_away": .integer(Int64(course.visitors.turnedAway)),
      "wait_seconds": .integer(course.visitors.waitSeconds),
      "wait_median": .number(course.waits.percentile(50)), "wait_95": .number(course.waits.percentile(95)),
      "wait_longest": .number(course.waits.longest), "boundaries": .integer(Int64(course.boundaries)),
    ]
  }

  // MARK: What it rests on

  /// What the result takes for granted, one a line.
  func openQuestions(startup: Int64) -> String {
    var lines = [
      "Every rule is taken to act at its boundary to the second, and an idle rule as soon as its time is over.",
      "Nobody changes anything by hand, the Hub refuses nothing, and the first hardware of several is always to be had.",
      "A start takes as long as it was seen to take, and \(NumberText.duration(startup)) on hardware on which none was seen.",
      "Visitors come when they came, however long they have to wait.",
    ]
    for space in spaces {
      let sources = space.demand.sources.map(\.rawValue).joined(separator: " and ")
      let unknown = NumberText.share(space.demand.unknownSeconds, of: max(1, space.demand.seconds))
      lines.append(
        sources.isEmpty
          ? "\(space.space): nothing is known about visits."
          : "\(space.space): visits are \(sources); unknown for \(unknown) of the time.")
      if space.range.lowerBound > range.lowerBound {
        lines.append("\(space.space): known from \(space.range.lowerBound) on.")
      }
    }
    return "\nWhat this rests on:\n" + lines.map { "- \($0)\n" }.joined()
  }
}
