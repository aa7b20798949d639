import Money
import Pricing
import Spaces
import Timelines

/// What is uncertain and why, in a Markdown report.
struct MarkdownDoubts {
  let report: CostReport

  private static let limit = 5
  private var period: ReportPeriod { report.period }

  var section: String {
    let facts = [changes, gaps, mostDoubtfulDays, firstLooks, unpriced].filter { !$0.isEmpty }
    return facts.isEmpty ? "" : "## What is uncertain\n\n" + facts.joined()
  }

  /// Doubt without a gap comes from changes between two looks.
  private var changes: String {
    let doubtful = report.spaces.filter { $0.gaps.isEmpty && report.doubt($0.total) != nil }
    guard !doubtful.isEmpty else { return "" }
    return "- \(names(doubtful.map(\.space))) changed between two looks: exactly when is not known.\n"
  }

  // MARK: Gaps

  private struct Gap: Hashable {
    let range: Range<Instant>
    let isEstimated: Bool

    var seconds: Int64 { range.seconds }
    var order: (Instant, Instant, Int) { (range.lowerBound, range.upperBound, isEstimated ? 0 : 1) }
  }

  private func gaps(of space: SpaceCosts) -> [Gap] {
    space.gaps.map { Gap(range: $0, isEstimated: space.isEstimated($0)) }
  }

  /// The same stretch may be a gap of many Spaces: then nobody looked at all.
  private var gaps: String {
    var counts: [Gap: Int64] = [:]
    for space in report.spaces {
      for gap in gaps(of: space) { counts[gap, default: 0] += 1 }
    }
    guard !counts.isEmpty else { return "" }
    // Of a million gaps a few are shown.
    let largest = counts.largest(counts.count == Self.limit + 1 ? Self.limit + 1 : Self.limit) {
      let (first, second) = ($0.key.seconds * $0.value, $1.key.seconds * $1.value)
      return first == second ? $0.key.order < $1.key.order : first > second
    }
    var text =
      "- For \(unwatchedShare) of the time nobody looked. The estimate takes what was seen before and after, "
      + "the bounds take nothing and all of it as running:\n"
    for (gap, _) in largest {
      let spaces = report.spaces.filter {
        $0.gaps.contains(gap.range) && $0.isEstimated(gap.range) == gap.isEstimated
      }.map(\.space)
      text +=
        "  - \(period.minute(gap.range.lowerBound)) to \(end(of: gap)) (\(NumberText.duration(gap.seconds))\(gap.isEstimated ? "" : ", not in the estimate")): "
        + "\(names(spaces))\n"
    }
    if counts.count > largest.count {
      let seconds =
        counts.reduce(0) { $0 + $1.key.seconds * $1.value }
        - largest.reduce(0) { $0 + $1.key.seconds * $1.value }
      text += "  - \(counts.count - largest.count) more, together \(NumberText.duration(seconds))\n"
    }
    return text
  }

  private var unwatchedShare: String {
    let (seconds, all) = report.watched
    return NumberText.share(all - seconds, of: all)
  }

  private func end(of gap: Gap) -> String {
    let isNow = period.isRunning && gap.range.upperBound == period.now && !gap.isEstimated
    return isNow ? "now" : period.minute(gap.range.upperBound)
  }

  private func names(_ spaces: [SpaceID]) -> String {
    if spaces.count > 1, spaces.count == report.spaces.count(where: { !$0.known.isEmpty }) {
      return "all \(spaces.count) Spaces"
    }
    let names = spaces.prefix(3).map { Markdown.code($0.description) }
    return (names + (spaces.count > 3 ? ["\(spaces.count - 3) more"] : [])).joined(separator: ", ")
  }

  // MARK: Days

  private var mostDoubtfulDays: String {
    let days = report.days.filter { report.doubt($0.cost) != nil }
      .map { (day: $0.day, cost: $0.cost.shown) }
      .sorted { ($1.cost.high - $1.cost.low, $0.day) < ($0.cost.high - $0.cost.low, $1.day) }
    guard days.count > 1 else { return "" }
    let shown = days.prefix(3).map { day in
      "\(day.day) (\(NumberText.money(day.cost.low)) to \(NumberText.money(day.cost.high)))"
    }
    return "- Most uncertain days: \(shown.joined(separator: ", ")).\n"
  }

  // MARK: Before the first look, and without a price

  /// A Space of an owner whose others were looked at before is new; of the others nobody knows what was before.
  private var firstLooks: String {
    let late = report.spaces.compactMap { space -> (space: SpaceID, first: Instant)? in
      guard let first = space.firstLook, period.elapsed.contains(first), first > period.elapsed.lowerBound
      else { return nil }
      return (space.space, first)
    }
    let (new, unknown) = (late.filter(isNew), late.filter { !isNew($0) })
    var text = ""
    if let first = unknown.first?.first {
      let isOne = unknown.allSatisfy { $0.first == first }
      text +=
        "- What \(isOne ? names(unknown.map(\.space)) : "Spaces") cost before the first look "
        + "(\(isOne ? period.minute(first) : dated(unknown))) is not known, and in no sum.\n"
    }
    if !new.isEmpty { text += "- New, and charged from the first look on: \(dated(new)).\n" }
    return text
  }

  private func isNew(_ late: (space: SpaceID, first: Instant)) -> Bool {
    report.firstLooks[late.space.owner].map { $0 < late.first } ?? false
  }

  private func dated(_ spaces: [(space: SpaceID, first: Instant)]) -> String {
    let shown = spaces.prefix(Self.limit).map {
      "\(Markdown.code($0.space.description)) \(period.minute($0.first))"
    }
    let rest = spaces.count - shown.count
    return (shown + (rest > 0 ? ["\(rest) more"] : [])).joined(separator: ", ")
  }

  private var unpriced: String {
    var text = ""
    for (hardware, minutes) in report.unpricedMinutes {
      let spaces = report.spaces.filter {
        $0.lines.contains { $0.isUnpriced && $0.subject.hardware == hardware }
      }
      text +=
        "- \\* No price is known of \(Markdown.code(hardware.rawValue)): \(NumberText.hours(minutes.estimate)) hours of "
        + "\(names(spaces.map(\.space))) are in no sum.\n"
    }
    let storage = Set(report.spaces.flatMap(\.unpricedStorage)).sorted { $0.rawValue < $1.rawValue }
    for storage in storage {
      let spaces = report.spaces.filter { $0.unpricedStorage.contains(storage) }
      text +=
        "- \\* No price is known of \(Markdown.code(storage.rawValue)) persistent storage of "
        + "\(names(spaces.map(\.space))): it is in no sum.\n"
    }
    return text
  }
}

extension Sequence {
  /// The first of a sorted sequence, without sorting the rest.
  ///
  /// - Parameter precedes: whether the first comes before the second.
  fileprivate func largest(_ count: Int, by precedes: (Element, Element) -> Bool) -> [Element] {
    var first: [Element] = []
    for element in self {
      if first.count == count, let last = first.last, !precedes(element, last) { continue }
      first.insert(element, at: first.firstIndex { precedes(element, $0) } ?? first.count)
      if first.count > count { first.removeLast() }
    }
    return first
  }
}
