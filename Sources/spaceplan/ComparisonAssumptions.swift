import Money
import Reports
import Simulation
import Spaces
import Timelines

/// What a comparison rests on.
extension FleetComparison {
  /// What the result takes for granted.
  func assumptions(startup: Int64) -> [String] {
    var lines = [
      "Every rule is taken to act at its boundary to the second, and an idle rule as soon as its time is over.",
      "Nobody changes or holds anything by hand, no budget takes anything, the Hub refuses nothing, and the first hardware of several is always to be had.",
      "A start takes as long as most were seen to take; where looks leave that open, as near to \(NumberText.duration(startup)) as they allow.",
      "Visitors come when they came, however long they have to wait.",
      "Hours awake are those of each copy.",
    ]
    lines += inGroups(spaces) { $0.demand.sources }.map { sources, spaces in
      let sources = sources.map(\.rawValue).joined(separator: " and ")
      return sources.isEmpty
        ? "\(spaces.map(\.space).named): nothing is known about visits."
        : "\(spaces.map(\.space).named): visits are \(sources); unknown for \(unknownShares(spaces)) of the time."
    }
    lines += inGroups(spaces.filter { $0.range.lowerBound > range.lowerBound }) { $0.range.lowerBound }
      .map { start, spaces in "\(spaces.map(\.space).named): known from \(start) on." }
    return lines
  }

  /// Who does nothing by itself from the beginning on, whatever followed in fact.
  var haltedAtFirst: [String] {
    inGroups(spaces.filter { $0.beginsHalted != nil }) { $0.beginsHalted }.map { stage, spaces in
      "\(spaces.map(\.space).named) began \(stage?.rawValue ?? ""), and stays so under rules that do not end that; another --from may tell more"
    }
  }

  /// Of the time that is in no sum as nobody knows its price.
  private func unpriced(_ side: KeyPath<SpaceComparison, SimulatedCourse>, _ rules: String) -> [String] {
    let hardware = Set(spaces.flatMap { $0[keyPath: side].unpricedTimes.keys })
    return hardware.sorted { $0.rawValue < $1.rawValue }.map { hardware in
      let unpriced = spaces.filter { $0[keyPath: side].unpricedTimes[hardware] != nil }
      let time = unpriced.reduce(.zero) { $0 + ($1[keyPath: side].unpricedTimes[hardware] ?? .zero) }
      return
        "No price is known of \(hardware): \(NumberText.hours(time)) hours of \(unpriced.map(\.space).named) under the \(rules) rules are in no sum."
    }
  }

  /// What has no price, what share of the time is not known, and where nothing is.
  var doubt: String? {
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
        "Nothing is known about visits of \(blind.map(\.space).named); costs assume that \(blind.count == 1 ? "it is awake whenever its" : "they are awake whenever their") rules allow."
      )
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: "\n")
  }

  /// Many Spaces with the same answer together, a few each by itself; in the order of the first of each.
  private func inGroups<Key: Hashable>(
    _ spaces: [SpaceComparison], _ key: (SpaceComparison) -> Key
  ) -> [(key: Key, spaces: [SpaceComparison])] {
    Dictionary(grouping: spaces, by: key).flatMap { key, spaces in
      (spaces.count > [SpaceID].few ? [spaces] : spaces.map { [$0] }).map { (key: key, spaces: $0) }
    }.sorted { ($0.spaces.first?.space.description ?? "") < ($1.spaces.first?.space.description ?? "") }
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
