public import Foundation
public import Money
import Spaces
public import Timelines

/// What one Space is charged for one day, hardware and price.
public struct LineItem: Hashable, Sendable {
  /// In the zone of the report.
  public let day: CivilDate
  /// The hardware's name, or `storage-` and the name of a storage, or `adjustment-` and a closed month of which
  /// more became known.
  public let hardware: String
  /// The price that was in force; nil for storage, adjustments, and hardware without one.
  public let perHour: Money?
  /// Nil for storage and adjustments.
  public let minutes: Bounds<BilledTime>?
  /// Each rounded once, half to even, to a nano-dollar. Nil where there is no price: not priced is not free.
  public let cost: Bounds<Money>?
  /// What a line for storage is made of, in order of price; empty for hardware.
  public internal(set) var holdings: [StorageHolding] = []

  package init(
    day: CivilDate, hardware: String, perHour: Money?, minutes: Bounds<BilledTime>?, cost: Bounds<Money>?,
    holdings: [StorageHolding] = []
  ) {
    (self.day, self.hardware, self.perHour) = (day, hardware, perHour)
    (self.minutes, self.cost, self.holdings) = (minutes, cost, holdings)
  }

  /// Minutes on hardware without a price.
  public var isUnpriced: Bool { cost == nil }

  /// In parts that add up to it exactly: each is what all up to it make together, less those before it.
  /// - Parameter weights: each 1 or more.
  public func parts(by weights: [Int]) -> [LineItem] {
    let total = Int128(weights.reduce(0, +))
    var reached: Int128 = 0
    return weights.map { weight in
      let (from, to) = (reached, reached + Int128(weight))
      reached = to
      func part(_ amount: Int128) -> Int128 { amount * to / total - amount * from / total }
      return LineItem(
        day: day, hardware: hardware, perHour: perHour,
        minutes: minutes?.map { BilledTime(seconds: part($0.seconds)) },
        cost: cost?.map { Money(nanoDollars: part($0.nanoDollars)) })
    }
  }
}

extension Sequence<LineItem> {
  /// The sum of all costs. What is not priced is not in it: see ``unpricedMinutes``.
  public var totalCost: Bounds<Money> {
    reduce(.zero) { $0 + ($1.cost ?? .zero) }
  }

  /// The same lines; where somebody else pays for the hardware, at no price. Storage is no part of a grant.
  public func charged(isGranted: Bool) -> [LineItem] {
    guard isGranted else { return Array(self) }
    return reduce(into: []) { lines, line in
      guard let minutes = line.minutes else {
        lines.append(line)
        return
      }
      var free = LineItem(
        day: line.day, hardware: line.hardware, perHour: .zero, minutes: minutes, cost: .zero)
      // What differed in its price only is one line now.
      if let last = lines.last, last.day == line.day, last.hardware == line.hardware,
        let before = last.minutes
      {
        free = LineItem(
          day: line.day, hardware: line.hardware, perHour: .zero, minutes: before + minutes, cost: .zero)
        lines.removeLast()
      }
      lines.append(free)
    }
  }

  /// The time on hardware without a price, by hardware.
  public var unpricedMinutes: [String: Bounds<BilledTime>] {
    reduce(into: [:]) { minutes, item in
      if item.isUnpriced { minutes[item.hardware, default: .zero] += item.minutes ?? .zero }
    }
  }
}

extension SpaceUsage {
  /// The charges for a range: hardware and storage, by day, hardware (by code point) and price (none first).
  /// - Parameters:
  ///   - zone: its days are the lines' days.
  ///   - prices: the table with which the usage was made.
  public func lineItems(in range: Range<Instant>, zone: TimeZone, prices: PriceTable) -> [LineItem] {
    let items =
      hardwareLines(in: range, zone: zone, prices: prices)
      + prices.lineItems(of: storage, in: range, zone: zone)
    return items.sorted(by: LineItem.inOrder)
  }

  /// Those for hardware alone: what rules can change.
  public func hardwareLines(in range: Range<Instant>, zone: TimeZone = .gmt, prices: PriceTable) -> [LineItem]
  {
    prices.lineItems(of: billed, in: range, zone: zone)
  }
}

extension PriceTable {
  /// The one place where hardware time becomes money; for history and for simulations.
  ///
  /// A run is a stretch with the same hardware and replicas, and may begin before the range. Its minutes up to
  /// `x` are `ceil((x − start) / 60)`; a day, or a part of one with its own price, gets the minutes up to its end
  /// less those up to its start, so that the parts add up exactly to the run. O(segments + days).
  /// - Parameters:
  ///   - billed: from the start of any run that reaches into the range.
  ///   - zone: its days are the lines' days.
  /// - Returns: in order of day, hardware and price.
  public func lineItems(
    of billed: Bounds<Timeline<Billed?>>, in range: Range<Instant>, zone: TimeZone
  ) -> [LineItem] {
    let days = civilDays(of: zone, in: range.clamped(to: billed.estimate.range))
    var sheets: [ChargeSheet] = []
    // Most of the time is certain, and is charged once.
    let scenarios: [(Timeline<Billed?>, (BilledTime) -> Bounds<BilledTime>)] =
      billed.isCertain
      ? [(billed.estimate, { Bounds(certain: $0) })]
      : [
        (billed.low, { Bounds(low: $0, estimate: .zero, high: .zero) }),
        (billed.estimate, { Bounds(low: .zero, estimate: $0, high: .zero) }),
        (billed.high, { Bounds(low: .zero, estimate: .zero, high: $0) }),
      ]
    // By itself: a closure would copy the table for each run.
    let rounding = rounding
    for (timeline, bounds) in scenarios {
      for (_, run) in timeline.numberedSegments(in: range) {
        guard let billed = run.value else { continue }
        let hardware = billed.hardware
        let known = sheets.firstIndex { $0.hardware == hardware }
        if known == nil { sheets.append(ChargeSheet(of: hardware, days, hourlyPrices(of: hardware))) }
        sheets[known ?? sheets.count - 1].enter(run.range) {
          let seconds =
            rounding.billedSeconds($0.upperBound - run.range.lowerBound)
            - rounding.billedSeconds($0.lowerBound - run.range.lowerBound)
          return bounds(BilledTime(seconds: Int128(seconds) * Int128(billed.replicas)))
        }
      }
    }
    return sheets.flatMap(\.lines).sorted(by: LineItem.inOrder)
  }
}

extension PriceTable.Rounding {
  /// What is billed of a run so far, in seconds: whole started minutes, unless the table says exactly.
  fileprivate func billedSeconds(_ elapsed: Int64) -> Int64 {
    switch self {
    case .up: (elapsed + 59) / 60 * 60
    case .exact: elapsed
    }
  }
}

/// Where the time on one hardware is added up, by day and price.
private struct ChargeSheet {
  let hardware: SpaceHardware
  private let keys: [Key]
  /// When each is in force.
  private let ranges: [Range<Instant>]
  private var minutes: [Bounds<BilledTime>]

  private struct Key: Hashable {
    let day: CivilDate
    let perHour: Money?
  }

  init(of hardware: SpaceHardware, _ days: Timeline<CivilDate>, _ prices: Timeline<Money?>) {
    self.hardware = hardware
    let segments = days.zip(prices) { Key(day: $0, perHour: $1) }.segments
    keys = segments.map(\.value)
    ranges = segments.map(\.range)
    minutes = Array(repeating: .zero, count: segments.count)
  }

  /// - Parameter time: what is billed of a part of the run.
  mutating func enter(_ run: Range<Instant>, _ time: (Range<Instant>) -> Bounds<BilledTime>) {
    var number = ranges.partitioningIndex { $0.upperBound > run.lowerBound }
    while number < ranges.count, ranges[number].lowerBound < run.upperBound {
      minutes[number] += time(ranges[number].clamped(to: run))
      number += 1
    }
  }

  /// Without those of no time. A price that comes back on the same day goes on with its sum.
  var lines: [LineItem] {
    let name = hardware.rawValue
    var sums: [(key: Key, minutes: Bounds<BilledTime>)] = []
    var today = 0
    for (key, minutes) in zip(keys, minutes) where minutes != .zero {
      if sums.last?.key.day != key.day { today = sums.count }
      if let place = sums[today...].firstIndex(where: { $0.key == key }) {
        sums[place].minutes += minutes
      } else {
        sums.append((key, minutes))
      }
    }
    return sums.map { key, minutes in
      LineItem(
        day: key.day, hardware: name, perHour: key.perHour, minutes: minutes,
        cost: key.perHour.map { perHour in minutes.map { $0.cost(perHour: perHour) } })
    }
  }
}

/// Tells line items apart, and orders them: by day, hardware (by code point) and price (none first).
struct LineKey: Hashable, Comparable {
  let day: CivilDate
  let hardware: String
  let perHour: Money?

  static func < (left: LineKey, right: LineKey) -> Bool {
    if left.day != right.day { return left.day < right.day }
    if left.hardware != right.hardware { return left.hardware < right.hardware }
    guard let rightPrice = right.perHour else { return false }
    return left.perHour.map { $0 < rightPrice } ?? true
  }
}

extension LineItem {
  package static func inOrder(_ left: LineItem, _ right: LineItem) -> Bool { left.key < right.key }

  private var key: LineKey { LineKey(day: day, hardware: hardware, perHour: perHour) }
}

/// The days that a clock of the zone shows, each from its first instant to that of the next.
func civilDays(of zone: TimeZone, in range: Range<Instant>) -> Timeline<CivilDate> {
  let clock = WallClock(zone)
  var date = clock.date(at: range.lowerBound)
  var changes: [(Instant, CivilDate)] = []
  var start = range.lowerBound
  while start < range.upperBound {
    changes.append((start, date))
    date = date + 1
    start = clock.start(of: date)
  }
  return Timeline(date, over: range, changes: changes)
}
