public import Money
public import Pricing
import Spaces
import Timelines

/// What the costs of a report may be added up by.
public enum CostDimension: Hashable, Sendable {
  case space, owner, hardware, policy, day, week, month
  /// The label with this key.
  case label(String)

  /// As the command line has it: `space`, or `label:team`.
  public var name: String {
    switch self {
    case .space: "space"
    case .owner: "owner"
    case .hardware: "hardware"
    case .policy: "policy"
    case .day: "day"
    case .week: "week"
    case .month: "month"
    case .label(let key): "label:\(key)"
    }
  }

  /// Whether its groups follow each other in time.
  var isTime: Bool { [.day, .week, .month].contains(self) }

  /// Whether people choose its words, so that a spreadsheet might take one for a formula.
  var isFreeText: Bool {
    switch self {
    case .policy, .label: true
    default: false
    }
  }
}

/// The sum of all charges that have the same keys.
public struct CostGroup: Sendable {
  /// One for each dimension asked for; nil where a Space has none: no policy is for it, or it has no such label.
  public let keys: [String?]
  /// The one price of an hour that all of it was charged at; nil where there were several, or none.
  public fileprivate(set) var perHour: Money?
  /// Nil for storage alone.
  public fileprivate(set) var minutes: Bounds<BilledTime>?
  /// The part of it on hardware that costs money, estimated.
  public fileprivate(set) var paidTime: BilledTime
  /// Nil where nothing has a price.
  public fileprivate(set) var cost: Bounds<Money>?
  /// A part of its time has no price.
  public fileprivate(set) var isUnpriced: Bool
  /// What the same cost in the time that the period is compared with; nil where that is not known, or the
  /// groups are times themselves.
  public fileprivate(set) var before: Money?
  /// Something of it lies in the period.
  public fileprivate(set) var hasLines = false

  fileprivate init(keys: [String?]) {
    self.keys = keys
    (paidTime, isUnpriced) = (.zero, false)
  }

  /// What has cost something only in the time before: now it costs nothing.
  fileprivate init(goneWithKeys keys: [String?]) {
    self.init(keys: keys)
    cost = .zero
  }

  fileprivate mutating func add(_ line: LineItem, isFirst: Bool) {
    hasLines = true
    perHour = isFirst || perHour == line.perHour ? line.perHour : nil
    if let time = line.minutes {
      minutes = (minutes ?? .zero) + time
      if let price = line.perHour, price > .zero { paidTime += time.estimate }
    }
    if let amount = line.cost { cost = (cost ?? .zero) + amount }
    if line.isUnpriced { isUnpriced = true }
  }
}

extension CostReport {
  /// The charges of the period, added up; the sum of all groups is the report's total, to the nano-dollar.
  ///
  /// Times come in order, all else dearest first and then by name, what has no key last.
  public func groups(by dimensions: [CostDimension]) -> [CostGroup] {
    var groups: [[String?]: CostGroup] = [:]
    for space in spaces {
      for line in space.lines {
        for (keys, part) in parts(of: line, space, dimensions) {
          let isFirst = groups[keys] == nil
          groups[keys, default: CostGroup(keys: keys)].add(part, isFirst: isFirst)
        }
      }
    }
    if !dimensions.contains(where: \.isTime), comparisonTotal != nil { compare(&groups, dimensions) }
    return ordered(Array(groups.values), dimensions)
  }

  private func compare(_ groups: inout [[String?]: CostGroup], _ dimensions: [CostDimension]) {
    for keys in groups.keys { groups[keys]?.before = .zero }
    for space in spaces {
      for line in space.comparisonLines {
        for (keys, part) in parts(of: line, space, dimensions) {
          groups[keys, default: CostGroup(goneWithKeys: keys)].before =
            (groups[keys]?.before ?? .zero) + (part.cost?.estimate ?? .zero)
        }
      }
    }
  }

  /// A line's keys; several, each with its part, where a label's cost is shared. Who shares it is the key of
  /// every label that the Space lacks, so that each has one part.
  private func parts(
    of line: LineItem, _ space: SpaceCosts, _ dimensions: [CostDimension]
  ) -> [(keys: [String?], part: LineItem)] {
    func keys(_ share: SpaceTags.Share?) -> [String?] {
      dimensions.map { key(of: line, space, share, $0) }
    }
    let isShared = dimensions.contains { dimension in
      if case .label(let key) = dimension { space.tags.labels[key] == nil } else { false }
    }
    guard isShared, !space.tags.split.isEmpty else { return [(keys(nil), line)] }
    let parts = line.parts(by: space.tags.split.map(\.weight))
    return zip(space.tags.split, parts).map { (keys($0), $1) }
  }

  private func key(
    of line: LineItem, _ space: SpaceCosts, _ share: SpaceTags.Share?, _ dimension: CostDimension
  ) -> String? {
    switch dimension {
    case .space: space.space.description
    case .owner: space.space.owner
    case .hardware: line.subject.name
    case .policy: space.tags.policy
    case .day: line.day.description
    case .week: line.day.isoWeek
    case .month: line.day.yearAndMonth
    case .label(let key): space.tags.labels[key] ?? share?.name
    }
  }

  private func ordered(_ groups: [CostGroup], _ dimensions: [CostDimension]) -> [CostGroup] {
    guard let first = dimensions.first else { return groups }
    // What the first dimension's keys cost together, so that its groups stay together.
    let sums = groups.reduce(into: [String?: Money]()) { sums, group in
      sums[group.keys[0], default: .zero] += group.cost?.estimate ?? .zero
    }
    func place(_ group: CostGroup, _ dimension: CostDimension, _ cost: Money, _ key: String?) -> (
      Int, Money, String
    ) {
      (key == nil && !dimension.isTime ? 1 : 0, dimension.isTime ? .zero : -cost, key ?? "")
    }
    return groups.sorted { left, right in
      let outer = [left, right].map { place($0, first, sums[$0.keys[0]] ?? .zero, $0.keys[0]) }
      guard outer[0] == outer[1], let last = dimensions.dropFirst().first else { return outer[0] < outer[1] }
      let inner = [left, right].map { place($0, last, $0.cost?.estimate ?? .zero, $0.keys[1]) }
      return inner[0] < inner[1]
    }
  }
}

extension CivilDate {
  /// The week of ISO 8601, which begins on Monday and belongs to the year of its Thursday: `2026-W44`.
  var isoWeek: String {
    let thursday = self + Int64(3 - (weekday + 6) % 7)
    let first = CivilDate(year: thursday.year, month: 1, day: 1) ?? thursday
    let week = (thursday.dayNumber - first.dayNumber) / 7 + 1
    return "\(thursday.description.prefix(4))-W\(week < 10 ? "0" : "")\(week)"
  }
}
