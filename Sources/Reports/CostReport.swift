public import Money
public import Pricing
public import Spaces
public import Timelines

/// What Spaces cost in a period: the one model of a report, with a file for each format over it.
///
/// All sums are sums of line items, so every table adds up to the nano-dollar.
public struct CostReport: Sendable {
  public let period: ReportPeriod
  /// All that the history knows, in order of name.
  public let spaces: [SpaceCosts]
  public let prices: PriceTable
  public let total: Bounds<Money>
  /// The first look at an owner's Spaces, by owner.
  let firstLooks: [String: Instant]
  let watchedGap: Int64
  /// What all Spaces together may cost in the period; nil for no limit.
  public var budget: Money?
  /// What was spent of each budget, where the period is a month.
  public var budgets: [BudgetSpending] = []
  /// What became known of closed months, as lines of this one.
  public internal(set) var adjustments: [Adjustment] = []
  /// When the month was closed, and closed anew: all is as it was known at the last. Empty for what is not closed.
  public internal(set) var closings: [Instant] = []

  /// - Parameters:
  ///   - spaces: of all Spaces that the history knows, made for the same period with the same prices.
  ///   - watchedGap: the longest time between two looks that counts as watched, in seconds.
  public init(
    period: ReportPeriod, spaces: some Sequence<SpaceCosts>, prices: PriceTable,
    watchedGap: Int64 = SpaceUsage.usualWatchedGap
  ) {
    self.period = period
    self.spaces = spaces.sorted { $0.space < $1.space }
    total = self.spaces.reduce(.zero) { $0 + $1.total }
    self.prices = prices
    self.watchedGap = watchedGap
    firstLooks = self.spaces.reduce(into: [:]) { first, space in
      guard let look = space.firstLook else { return }
      first[space.space.owner] = min(first[space.space.owner] ?? look, look)
    }
  }

  func replacing(spaces: [SpaceCosts]) -> CostReport {
    var report = CostReport(period: period, spaces: spaces, prices: prices, watchedGap: watchedGap)
    (report.budget, report.budgets) = (budget, budgets)
    (report.adjustments, report.closings) = (adjustments, closings)
    return report
  }

  /// The time on hardware that costs money, estimated.
  public var paidTime: BilledTime { spaces.reduce(.zero) { $0 + $1.paidTime } }

  /// What the time since the last looks adds to a running period if nothing has changed.
  public var addedIfUnchanged: Money { spaces.reduce(.zero) { $0 + $1.addedIfUnchanged } }

  /// The last look at any Space, at most the end of the period; nil if there was none.
  public var dataUntil: Instant? {
    spaces.compactMap(\.lastLook).max().map { min($0, period.range.upperBound) }
  }

  /// The first look at any Space, where it lies inside the period: what was before is not known.
  var firstLookInside: Instant? {
    firstLooks.values.min().flatMap {
      period.elapsed.contains($0) && $0 > period.range.lowerBound + watchedGap ? $0 : nil
    }
  }

  /// How much of the time somebody looked, added up over Spaces, from the first look at each.
  public var watched: (seconds: Int64, of: Int64) {
    let known = spaces.reduce(0) { $0 + $1.known.seconds }
    return (known - spaces.reduce(0) { $0 + $1.gapSeconds }, known)
  }

  /// Those that the period or the time before it has something to say about.
  var spacesWithLines: [SpaceCosts] {
    spaces.filter { !$0.lines.isEmpty || !$0.comparisonLines.isEmpty || !$0.unpricedStorage.isEmpty }
  }
}

// MARK: Compared with the time before

extension CostReport {
  /// What the Space cost in the time that the period is compared with; nil where the history does not reach back
  /// that far. A Space counts as new, not as unknown, if others of its owner were looked at before.
  public func comparison(of space: SpaceCosts) -> Bounds<Money>? {
    guard let first = firstLooks[space.space.owner], first <= period.comparison.lowerBound + watchedGap else {
      return nil
    }
    return space.comparisonTotal
  }

  /// What all Spaces cost in the time that the period is compared with; nil where that is not known of each.
  public var comparisonTotal: Bounds<Money>? {
    guard !compared.isEmpty, period.hasBegun else { return nil }
    return compared.reduce(.zero) { total, space in
      guard let total, let before = comparison(of: space) else { return nil }
      return total + before
    }
  }

  /// The owner whose Spaces were looked at last for the first time, and when: where the time before is not known
  /// of all, it is not of this one's.
  var lastOwnerToBeSeen: (owner: String, first: Instant)? {
    let owners = Set(compared.map(\.space.owner))
    return firstLooks.filter { owners.contains($0.key) }
      .max { ($0.value, $1.key) < ($1.value, $0.key) }
      .map { ($0.key, $0.value) }
  }

  private var compared: [SpaceCosts] { spacesWithLines.isEmpty ? spaces : spacesWithLines }

  /// What changed, the largest first, then by name; empty where it is not known.
  public var movers: [(space: SpaceCosts, change: Money)] {
    guard comparisonTotal != nil else { return [] }
    return
      spacesWithLines
      .map { ($0, $0.total.estimate - $0.comparisonTotal.estimate) }
      .filter { $0.1 != .zero }
      .sorted { ($1.1.magnitude, $0.0.space) < ($0.1.magnitude, $1.0.space) }
  }
}

// MARK: By day and by hardware

/// What a day cost, over all Spaces.
public struct DayCosts: Sendable {
  public let day: CivilDate
  /// The part of the day in the period.
  public let range: Range<Instant>
  public fileprivate(set) var cost: Bounds<Money>
  /// Somebody looked at some Space on this day.
  public fileprivate(set) var isWatched: Bool
}

/// What one hardware cost, or storage or an adjustment, over all Spaces.
public struct HardwareCosts: Sendable {
  public let subject: LineItem.Subject
  /// As in the table of prices; nil where it is not there.
  public let label: String?
  /// The prices of an hour that were charged, in order.
  public fileprivate(set) var perHour: [Money]
  /// Estimated, with the time that has no price; nil for storage.
  public fileprivate(set) var time: BilledTime?
  /// Estimated; nil where nothing has a price.
  public fileprivate(set) var cost: Money?
  /// A part of its time has no price.
  public fileprivate(set) var isUnpriced: Bool

  /// For people: its label, or what else it is; empty for hardware without a label.
  var name: String {
    switch subject {
    case .hardware: label ?? ""
    case .storage: "persistent storage"
    case .adjustment(let month): "what became known of \(month.yearAndMonth)"
    }
  }
}

extension CostReport {
  /// The days that have begun, in order. Adjustments are of other months, and in none of them.
  public var days: [DayCosts] {
    var costs: [CivilDate: Bounds<Money>] = [:]
    for space in spaces {
      for line in space.lines where !line.subject.isAdjustment {
        costs[line.day, default: .zero] += line.cost ?? .zero
      }
    }
    let known = spaces.map { ($0.known, $0.gaps) }
    return period.days.map { date, range in
      let isWatched = known.contains { known, gaps in
        let part = known.clamped(to: range)
        return part.seconds > gaps.overlap(with: part) || gaps.hasLook(in: part, before: known.upperBound)
      }
      return DayCosts(day: date, range: range, cost: costs[date] ?? .zero, isWatched: isWatched)
    }
  }

  /// What became known of closed months, which is in no day.
  var adjustmentCost: Bounds<Money> {
    spaces.lazy.flatMap(\.lines).filter(\.subject.isAdjustment).totalCost
  }

  /// Dearest first, then by name.
  public var hardware: [HardwareCosts] {
    var found: [LineItem.Subject: HardwareCosts] = [:]
    for line in spaces.lazy.flatMap(\.lines) {
      var costs =
        found[line.subject]
        ?? HardwareCosts(
          subject: line.subject, label: line.subject.hardware.flatMap { prices.listing(of: $0)?.label },
          perHour: [], time: nil, cost: nil, isUnpriced: false)
      if let perHour = line.perHour, !costs.perHour.contains(perHour) { costs.perHour.append(perHour) }
      if let minutes = line.minutes { costs.time = (costs.time ?? .zero) + minutes.estimate }
      if let cost = line.cost { costs.cost = (costs.cost ?? .zero) + cost.estimate }
      if line.isUnpriced { costs.isUnpriced = true }
      found[line.subject] = costs
    }
    return found.values.map { costs in
      var costs = costs
      costs.perHour.sort()
      return costs
    }.sorted { ($1.cost ?? .zero, $0.subject) < ($0.cost ?? .zero, $1.subject) }
  }

  /// The time on hardware without a price, by name of the hardware.
  public var unpricedMinutes: [(hardware: SpaceHardware, minutes: Bounds<BilledTime>)] {
    spaces.lazy.flatMap(\.lines).unpricedMinutes
  }
}

extension [Range<Instant>] {
  /// Whether one of them begins or ends with a look in another range. After the last look none does.
  fileprivate func hasLook(in range: Range<Instant>, before end: Instant) -> Bool {
    self[partitioningIndex { $0.upperBound > range.lowerBound }...].prefix {
      $0.lowerBound < range.upperBound && $0.upperBound < end
    }
    .contains { $0.lowerBound >= range.lowerBound || $0.upperBound < range.upperBound }
  }

  /// The seconds of these ranges, which are in order and apart, in another one. O(log n + those in it).
  fileprivate func overlap(with range: Range<Instant>) -> Int64 {
    self[partitioningIndex { $0.upperBound > range.lowerBound }...].prefix {
      $0.lowerBound < range.upperBound
    }
    .reduce(0) { $0 + $1.clamped(to: range).seconds }
  }
}
