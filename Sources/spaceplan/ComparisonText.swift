import Money
import Pricing
import Reports
import Simulation
import Spaces
import Timelines

/// For people.
extension FleetComparison {
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
      both { NumberText.hours($0.reduce(.zero) { $0 + $1.paidTime }) },
      both { sum($0, \.coldStarts) }, both { sum($0, \.turnedAway) }, waits(proposed.compactMap(\.waits)),
    ]
  }

  func table(_ style: Style, width: Int?, currency: String) -> String {
    let change = 4
    var table = TextTable([
      .left("SPACE"), .right("ACTUAL"), .right("CURRENT"), .right("NEW"), .right("CHANGE"),
      .right("PAID HOURS"), .right("COLD STARTS"), .right("TURNED AWAY"),
      .left("WHO WAITS UNDER NEW (MEDIAN, 95 %, LONGEST)"),
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
          .right("Paid hours"), .right("Cold starts"), .right("Turned away"),
          .left("Who waits under the new (median, 95 %, longest)"),
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
      markdown: markdown(currency: currency) + pictured(sections.count), strips: strips, in: range,
      caption: "What each Space would have run on, from \(range.lowerBound) to \(range.upperBound)",
      paid: minutes.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map(\.key.rawValue),
      sections: sections)
  }

  /// Whom the pictures of a page show.
  private func pictured(_ count: Int) -> String {
    count == 0 || count == spaces.count
      ? "" : "\nPictures of single Spaces are of the \(count) whose cost changes most.\n"
  }

  private func summary(_ currency: String) -> String {
    var sentences = [headline(currency)]
    let differences = largestDifferences(3)
    if !differences.isEmpty {
      let list = differences.map { "\($0.hour) (\(NumberText.change($0.perHour)))" }
      sentences.append(
        "Both differ most in the hours of \(list.joined(separator: ", ")), on average (\(clock.zone.ianaName))."
      )
    }
    if let awake { sentences.append(awake) }
    if let onFreeHardware { sentences.append(onFreeHardware) }
    let boundaries = [\SpaceComparison.current, \.proposed].map { side in
      spaces.reduce(0) { $0 + $1[keyPath: side].boundaries }
    }
    sentences.append("Boundaries crossed: \(boundaries[0]) → \(boundaries[1]).")
    if modelError != .zero {
      sentences.append(
        "The current rules replayed come to \(NumberText.change(modelError)) \(currency) beside what happened; the difference is what people and budgets changed, failures, and visits that are not known."
      )
    }
    if let misses { sentences.append(misses) }
    if let doubt { sentences.append(doubt) }
    return sentences.joined(separator: "\n")
  }

  /// Whose change is smaller than the error of the model.
  private var misses: String? {
    let missed = spaces.filter { $0.change != .zero && $0.modelError.magnitude > $0.change.magnitude }
    return missed.isEmpty
      ? nil
      : "Rely little on what is said of \(missed.map(\.space).named): there the current rules replayed are further from what happened than from the new rules."
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

  /// Whom the columns on waiting say nothing of.
  private var onFreeHardware: String? {
    let sides = [\SpaceComparison.current, \.proposed].map { side in
      spaces.reduce(0) { $0 + ($1[keyPath: side].onFreeHardware ?? 0) }
    }
    return sides[0] == sides[1]
      ? nil
      : "Visitors who find it on cpu-basic, wait for nothing and have no paid hardware: \(sides[0]) → \(sides[1])."
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
}
