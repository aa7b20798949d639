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

  private func cells(_ space: SpaceComparison) -> [String] {
    costs(space.actual, space.current.cost, space.proposed.cost, space.change)
      + fates([space.current], [space.proposed])
  }

  private var sums: [String] {
    costs(actual, current, proposed, change) + fates(spaces.map(\.current), spaces.map(\.proposed))
  }

  private func costs(
    _ actual: Bounds<Money>, _ current: Bounds<Money>, _ proposed: Bounds<Money>, _ change: Money
  ) -> [String] {
    [text(actual), text(current), text(proposed), NumberText.change(change)]
  }

  private func fates(_ current: [SimulatedCourse], _ proposed: [SimulatedCourse]) -> [String] {
    /// A dash where nothing tells of visits.
    func sum(_ courses: [SimulatedCourse], _ part: (VisitorTally) -> Int) -> String {
      let known = courses.compactMap(\.visitors)
      return known.isEmpty ? "-" : "\(known.reduce(0) { $0 + part($1) })"
    }
    func both(_ part: ([SimulatedCourse]) -> String) -> String { "\(part(current)) → \(part(proposed))" }
    return [
      both { NumberText.hours($0.reduce(.zero) { $0 + $1.time }) } + " h",
      both { sum($0, \.coldStarts) }, both { sum($0, \.turnedAway) }, waits(proposed.compactMap(\.waits)),
    ]
  }

  func table(_ style: Style, width: Int?, currency: String) -> String {
    let change = 4
    var table = TextTable([
      .left("SPACE"), .right("ACTUAL"), .right("CURRENT"), .right("NEW"), .right("CHANGE"), .right("AWAKE"),
      .right("COLD STARTS"), .right("TURNED AWAY"), .left("WAITS (MEDIAN, 95 %, LONGEST)"),
    ])
    for space in spaces {
      table.add(
        ([space.space.description] + cells(space)).enumerated().map {
          TextTable.Cell($1, $0 == change ? .bold : nil)
        })
    }
    if spaces.count > 1 {
      table.add(
        (["all"] + sums).enumerated().map { TextTable.Cell($1, [0, change].contains($0) ? .bold : nil) })
    }
    return """
      From \(range.lowerBound) to \(range.upperBound), hardware only, in \(currency)


      """ + table.text(style, width: width) + "\n" + summary(currency) + "\n"
  }

  func markdown(currency: String) -> String {
    let rows =
      spaces.map { [Markdown.code($0.space.description)] + cells($0) } + [[Markdown.bold("All")] + sums]
    return "# Simulation \(range.lowerBound) to \(range.upperBound)\n\nHardware only, in \(currency).\n\n"
      + Markdown.table(
        [
          .left("Space"), .right("Actual"), .right("Current rules"), .right("New rules"), .right("Change"),
          .right("Awake"), .right("Cold starts"), .right("Turned away"),
          .left("Waits (median, 95 %, longest)"),
        ], rows) + "\n" + summary(currency) + "\n"
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
      paid: minutes.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map(\.key.rawValue),
      sections: sections)
  }

  private func summary(_ currency: String) -> String {
    var sentences = [headline(currency)]
    let differences = largestDifferences(3)
    if !differences.isEmpty {
      let list = differences.map { "\($0.hour) (\(NumberText.change($0.perHour)))" }
      sentences.append("Both differ most in the hours of \(list.joined(separator: ", ")), on average.")
    }
    if let awake { sentences.append(awake) }
    let boundaries = [\SpaceComparison.current, \.proposed].map { side in
      spaces.reduce(0) { $0 + $1[keyPath: side].boundaries }
    }
    sentences.append("Boundaries crossed: \(boundaries[0]) → \(boundaries[1]).")
    if error != .zero {
      sentences.append(
        "The current rules replayed cost \(NumberText.change(error)) \(currency) against what happened: what people changed, failures, and visits that are not known."
      )
    }
    if let doubt { sentences.append(doubt) }
    return sentences.joined(separator: "\n")
  }

  private func headline(_ currency: String) -> String {
    let amount = "\(NumberText.money(change.magnitude)) \(currency)"
    var asides = [changeRange].compactMap(\.self)
    if change != .zero, current.estimate > .zero {
      asides.append("\(NumberText.percent(change.magnitude, of: current.estimate)) of the current rules")
    }
    let what =
      change == .zero ? "cost the same" : change < .zero ? "saved \(amount)" : "cost \(amount) more"
    return "The new rules would have \(what)"
      + (asides.isEmpty ? "." : " (\(asides.joined(separator: "; "))).")
  }

  /// `between 16.50 and 94.25`, as reports show bounds; nil where that says nothing.
  private var changeRange: String? {
    let bounds = changeBounds
    guard NumberText.money(bounds.low) != NumberText.money(bounds.high) else { return nil }
    func side(_ amount: Money) -> String {
      amount == .zero
        ? "nothing" : "\(NumberText.money(amount.magnitude)) \(amount < .zero ? "saved" : "more")"
    }
    // Where both ends save, or both cost more, the sentence says which.
    let isOneSided = change == .zero ? false : change < .zero ? bounds.high <= .zero : bounds.low >= .zero
    guard isOneSided else { return "between \(side(bounds.low)) and \(side(bounds.high))" }
    let ends = [bounds.low.magnitude, bounds.high.magnitude].sorted().map(NumberText.money)
    return "between \(ends[0]) and \(ends[1])"
  }

  /// Hours on each hardware, where there are several.
  private var awake: String? {
    func times(_ side: KeyPath<SpaceComparison, SimulatedCourse>) -> [SpaceHardware: BilledTime] {
      spaces.reduce(into: [:]) { $0.merge($1[keyPath: side].times, uniquingKeysWith: +) }
    }
    let (current, proposed) = (times(\.current), times(\.proposed))
    let hardware = Set(current.keys).union(proposed.keys).sorted { $0.rawValue < $1.rawValue }
    guard hardware.count > 1 else { return nil }
    let parts = hardware.map {
      "\(NumberText.hours(current[$0] ?? .zero)) → \(NumberText.hours(proposed[$0] ?? .zero)) h on \($0)"
    }
    return "Awake: \(parts.joined(separator: ", "))."
  }

  /// Of the time that is in no sum as nobody knows its price.
  private func unpriced(_ side: KeyPath<SpaceComparison, SimulatedCourse>, _ rules: String) -> [String] {
    spaces.flatMap { space in
      space[keyPath: side].unpricedTimes.sorted { $0.key.rawValue < $1.key.rawValue }.map { hardware, time in
        "No price is known of \(hardware): \(NumberText.hours(time)) hours of \(space.space) under the \(rules) rules are in no sum."
      }
    }
  }

  /// What has no price, what share of the time is not known, and where nothing is.
  private var doubt: String? {
    let all = spaces.reduce(0) { $0 + $1.demand.seconds }
    let unknown = spaces.reduce(0) { $0 + $1.demand.unknownSeconds }
    let blind = spaces.filter { $0.demand.sources.isEmpty }
    var sentences = unpriced(\.current, "current") + unpriced(\.proposed, "new")
    if unknown > 0, all > 0 {
      sentences.append(
        "For \(NumberText.share(unknown, of: all)) of the time it is not known when visitors came; bounds are for none and for always busy."
      )
    }
    if !blind.isEmpty {
      sentences.append(
        "Nothing is known about visits of \(names(blind)); costs assume that \(blind.count == 1 ? "it is awake whenever its" : "they are awake whenever their") rules allow."
      )
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: "\n")
  }

  private func text(_ money: Bounds<Money>) -> String {
    money.isCertain
      ? NumberText.money(money.estimate)
      : "\(NumberText.money(money.estimate)) (\(NumberText.money(money.low)) to \(NumberText.money(money.high)))"
  }

  private func waits(_ known: [WaitTally]) -> String {
    guard !known.isEmpty else { return "not known" }
    let waits = WaitTally(known)
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
      "turned_away", "wait_seconds", "boundaries", "awake_minutes", "unpriced_minutes",
    ])
    for space in spaces {
      text += CSVWriter.line([
        space.space.description, "actual", space.actual.low.description, space.actual.estimate.description,
        space.actual.high.description, "", "", "", "", "", "", "", "",
      ])
      for (name, course) in [("current", space.current), ("new", space.proposed)] {
        let fates = course.visitors.map {
          ["\($0.coldStarts)", "\($0.delayed)", "\($0.turnedAway)", "\($0.waitSeconds)"]
        }
        text += CSVWriter.line(
          [
            space.space.description, name, course.cost.low.description, course.cost.estimate.description,
            course.cost.high.description, course.paidTime.minutesText,
          ] + (fates ?? ["", "", "", ""]) + [
            "\(course.boundaries)", minutes(course.times), minutes(course.unpricedTimes),
          ])
      }
    }
    return text
  }

  /// `a10g-small=120 t4-small=60`.
  private func minutes(_ times: [SpaceHardware: BilledTime]) -> String {
    times.map { "\($0.key)=\($0.value.minutesText)" }.sorted().joined(separator: " ")
  }

  /// - Parameter assumptions: what it rests on, a line each; nil where nobody asked.
  func json(currency: String, assumptions: [String]?) -> JSONValue {
    var members: [String: JSONValue] = [
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
      "largest_differences": .array(
        largestDifferences(3).map {
          ["hour": .string($0.hour.description), "per_hour": .string($0.perHour.description)]
        }),
    ]
    members["assumptions"] = assumptions.map { .array($0.map(JSONValue.string)) }
    return .object(members)
  }

  private func json(_ course: SimulatedCourse) -> JSONValue {
    func minutes(_ times: [SpaceHardware: BilledTime]) -> JSONValue {
      .object(
        Dictionary(uniqueKeysWithValues: times.map { ($0.key.rawValue, .string($0.value.minutesText)) }))
    }
    return [
      "cost": .bounds(course.cost), "paid_minutes": .string(course.paidTime.minutesText),
      "awake_minutes": minutes(course.times), "unpriced_minutes": minutes(course.unpricedTimes),
      "cold_starts": .number(course.visitors.map { Int64($0.coldStarts) }),
      "delayed": .number(course.visitors.map { Int64($0.delayed) }),
      "turned_away": .number(course.visitors.map { Int64($0.turnedAway) }),
      "wait_seconds": .number(course.visitors?.waitSeconds),
      "wait_median": .number(course.waits?.percentile(50)), "wait_95": .number(course.waits?.percentile(95)),
      "wait_longest": .number(course.waits?.longest), "boundaries": .integer(Int64(course.boundaries)),
    ]
  }

  // MARK: What it rests on

  /// What the result takes for granted.
  func assumptions(startup: Int64) -> [String] {
    var lines = [
      "Every rule is taken to act at its boundary to the second, and an idle rule as soon as its time is over.",
      "Nobody changes anything by hand, the Hub refuses nothing, and the first hardware of several is always to be had.",
      "A start takes as long as it was seen to take, and \(NumberText.duration(startup)) on hardware on which none was seen.",
      "Visitors come when they came, however long they have to wait.",
      "Hours awake are those of each copy.",
    ]
    lines += inGroups(spaces) { $0.demand.sources }.map { sources, spaces in
      let sources = sources.map(\.rawValue).joined(separator: " and ")
      return sources.isEmpty
        ? "\(names(spaces)): nothing is known about visits."
        : "\(names(spaces)): visits are \(sources); unknown for \(unknownShares(spaces)) of the time."
    }
    lines += inGroups(spaces.filter { $0.range.lowerBound > range.lowerBound }) { $0.range.lowerBound }
      .map { start, spaces in "\(names(spaces)): known from \(start) on." }
    return lines
  }

  /// More Spaces than these of which the same is open are told in one line.
  private static let few = 3

  /// Many Spaces with the same answer together, a few each by itself; in the order of the first of each.
  private func inGroups<Key: Hashable>(
    _ spaces: [SpaceComparison], _ key: (SpaceComparison) -> Key
  ) -> [(key: Key, spaces: [SpaceComparison])] {
    Dictionary(grouping: spaces, by: key).flatMap { key, spaces in
      (spaces.count > Self.few ? [spaces] : spaces.map { [$0] }).map { (key: key, spaces: $0) }
    }.sorted { ($0.spaces.first?.space.description ?? "") < ($1.spaces.first?.space.description ?? "") }
  }

  /// All of a few; of many how many, and the first.
  private func names(_ spaces: [SpaceComparison]) -> String {
    let first = spaces.prefix(Self.few).map(\.space.description).joined(separator: ", ")
    return spaces.count <= Self.few
      ? first
      : "\(NumberText.count(spaces.count, "Space")) (\(first) and \(spaces.count - Self.few) more)"
  }

  /// `55.4 %`, or the least and the most of several: `10.2 % to 98.0 %`.
  private func unknownShares(_ spaces: [SpaceComparison]) -> String {
    func share(_ space: SpaceComparison) -> Double {
      Double(space.demand.unknownSeconds) / Double(max(1, space.demand.seconds))
    }
    let inOrder = spaces.sorted { share($0) < share($1) }
    let ends = [inOrder.first, inOrder.last].compactMap(\.self).map {
      NumberText.share($0.demand.unknownSeconds, of: max(1, $0.demand.seconds))
    }
    return Set(ends).count == 1 ? ends[0] : ends.joined(separator: " to ")
  }
}
