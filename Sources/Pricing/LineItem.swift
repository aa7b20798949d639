public import Foundation
public import Money
public import Spaces
public import Timelines

/// What one Space is charged for one day, hardware and price.
public struct LineItem: Hashable, Sendable {
  /// In the zone of the report.
  public let day: CivilDate
  public let subject: Subject
  /// The price that was in force; nil for storage, adjustments, and hardware without one.
  public let perHour: Money?
  /// Nil for storage and adjustments.
  public let minutes: Bounds<BilledTime>?
  /// Each rounded once, half to even, to a nano-dollar. Nil where there is no price: not priced is not free.
  public let cost: Bounds<Money>?
  /// What a line for storage is made of, in order of price; empty for hardware.
  public internal(set) var holdings: [StorageHolding] = []

  package init(
    day: CivilDate, subject: Subject, perHour: Money?, minutes: Bounds<BilledTime>?, cost: Bounds<Money>?,
    holdings: [StorageHolding] = []
  ) {
    (self.day, self.subject, self.perHour) = (day, subject, perHour)
    (self.minutes, self.cost, self.holdings) = (minutes, cost, holdings)
  }

  /// Minutes on hardware without a price.
  public var isUnpriced: Bool { cost == nil }

  /// In parts that add up to it exactly: each is what all up to it make together, less those before it.
  /// - Parameter weights: each 1 or more.
  /// - Returns: lines without ``holdings``.
  public func parts(by weights: [Int]) -> [LineItem] {
    let total = Int128(weights.reduce(0, +))
    var reached: Int128 = 0
    return weights.map { weight in
      let (from, to) = (reached, reached + Int128(weight))
      reached = to
      func part(_ amount: Int128) -> Int128 { amount * to / total - amount * from / total }
      return LineItem(
        day: day, subject: subject, perHour: perHour,
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
        day: line.day, subject: line.subject, perHour: .zero, minutes: minutes, cost: .zero)
      // What differed in its price only is one line now.
      if let last = lines.last, last.day == line.day, last.subject == line.subject,
        let before = last.minutes
      {
        free = LineItem(
          day: line.day, subject: line.subject, perHour: .zero, minutes: before + minutes, cost: .zero)
        lines.removeLast()
      }
      lines.append(free)
    }
  }

  /// The time on hardware without a price, in order of the hardware's names.
  public var unpricedMinutes: [(hardware: SpaceHardware, minutes: Bounds<BilledTime>)] {
    reduce(into: [SpaceHardware: Bounds<BilledTime>]()) { minutes, item in
      guard item.isUnpriced, let hardware = item.subject.hardware else { return }
      minutes[hardware, default: .zero] += item.minutes ?? .zero
    }.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
  }
}

extension SpaceUsage {
  /// The charges for a range: hardware and storage, by day, subject and price (none first).
  /// - Parameters:
  ///   - zone: its days are the lines' days.
  ///   - prices: the table with which the usage was made.
  public func lineItems(in range: Range<Instant>, zone: TimeZone, prices: PriceTable) -> [LineItem] {
    let items =
      hardwareLines(in: range, zone: zone, prices: prices)
      + prices.lineItems(of: storage, in: range, zone: zone)
    return items.sorted(by: LineItem.inOrder)
  }

  /// The charges if nothing had changed between the last look and now: hardware, and then storage.
  public func lineItemsIfUnchanged(in range: Range<Instant>, zone: TimeZone, prices: PriceTable) -> [LineItem]
  {
    prices.lineItems(of: Bounds(certain: billedIfUnchanged), in: range, zone: zone)
      + prices.lineItems(of: storageIfUnchanged, in: range, zone: zone)
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
  /// less those up to its start, so that the parts add up exactly to the run. O(segments + hardware × days).
  /// - Parameters:
  ///   - billed: from the start of any run that reaches into the range.
  ///   - zone: its days are the lines' days.
  /// - Returns: in order of day, hardware and price.
  public func lineItems(
    of billed: Bounds<Timeline<Billed?>>, in range: Range<Instant>, zone: TimeZone
  ) -> [LineItem] {
    let days = civilDays(of: zone, in: range.clamped(to: billed.estimate.range))
    func charge(_ timeline: Timeline<Billed?>) -> [ChargeSheet] {
      var sheets: [ChargeSheet] = []
      for (_, run) in timeline.numberedSegments(in: range) {
        guard let value = run.value else { continue }
        let known = sheets.firstIndex { $0.hardware == value.hardware }
        if known == nil {
          sheets.append(ChargeSheet(of: value.hardware, days, hourlyPrices(of: value.hardware), rounding))
        }
        sheets[known ?? sheets.count - 1].enter(run.range, replicas: value.replicas)
      }
      return sheets
    }
    // Most of the time is certain, and is charged once.
    let sheets = billed.isCertain ? Bounds(certain: charge(billed.estimate)) : billed.map(charge)
    let used = Set([sheets.low, sheets.estimate, sheets.high].joined().map(\.hardware))
    return used.flatMap { hardware in
      ChargeSheet.lines(of: sheets.map { $0.first { $0.hardware == hardware } })
    }.sorted(by: LineItem.inOrder)
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
  private let rounding: PriceTable.Rounding
  private let keys: [Key]
  /// When each is in force. They follow each other.
  private let ranges: [Range<Instant>]
  /// What is billed in each, over replicas: of a day and the most replicas of ``Billed`` it fits in 64 bits.
  private var seconds: [Int64]
  /// The first range that the latest run reached, as runs come in order.
  private var first = 0

  private struct Key: Hashable {
    let day: CivilDate
    let perHour: Money?
  }

  init(
    of hardware: SpaceHardware, _ days: Timeline<CivilDate>, _ prices: Timeline<Money?>,
    _ rounding: PriceTable.Rounding
  ) {
    self.hardware = hardware
    self.rounding = rounding
    let segments = days.zip(prices) { Key(day: $0, perHour: $1) }.segments
    keys = segments.map(\.value)
    ranges = segments.map(\.range)
    seconds = Array(repeating: 0, count: segments.count)
  }

  /// - Parameter run: later than those before it.
  mutating func enter(_ run: Range<Instant>, replicas: Int) {
    while first < ranges.count, ranges[first].upperBound <= run.lowerBound { first += 1 }
    for number in first..<ranges.count {
      guard ranges[number].lowerBound < run.upperBound else { return }
      let part = ranges[number].clamped(to: run)
      let billed =
        rounding.billedSeconds(part.upperBound - run.lowerBound)
        - rounding.billedSeconds(part.lowerBound - run.lowerBound)
      seconds[number] += billed * Int64(replicas)
    }
  }

  /// Without those of no time. A price that comes back on the same day goes on with its sum.
  /// - Parameter sheets: of one hardware, or nil where there is no time on it.
  static func lines(of sheets: Bounds<ChargeSheet?>) -> [LineItem] {
    guard let sheet = sheets.estimate ?? sheets.high ?? sheets.low else { return [] }
    let seconds = sheets.map { $0?.seconds ?? Array(repeating: 0, count: sheet.keys.count) }
    var sums: [(key: Key, minutes: Bounds<BilledTime>)] = []
    var today = 0
    for (number, key) in sheet.keys.enumerated() {
      let minutes = seconds.map { BilledTime(seconds: Int128($0[number])) }
      guard minutes != .zero else { continue }
      if sums.last?.key.day != key.day { today = sums.count }
      if let place = sums[today...].firstIndex(where: { $0.key == key }) {
        sums[place].minutes += minutes
      } else {
        sums.append((key, minutes))
      }
    }
    return sums.map { key, minutes in
      LineItem(
        day: key.day, subject: .hardware(sheet.hardware), perHour: key.perHour, minutes: minutes,
        cost: key.perHour.map { perHour in minutes.map { $0.cost(perHour: perHour) } })
    }
  }
}

/// Tells line items apart, and orders them: by day, subject and price (none first).
struct LineKey: Hashable, Comparable {
  let day: CivilDate
  let subject: LineItem.Subject
  let perHour: Money?

  static func < (left: LineKey, right: LineKey) -> Bool {
    if left.day != right.day { return left.day < right.day }
    if left.subject != right.subject { return left.subject < right.subject }
    guard let rightPrice = right.perHour else { return false }
    return left.perHour.map { $0 < rightPrice } ?? true
  }
}

extension LineItem {
  package static func inOrder(_ left: LineItem, _ right: LineItem) -> Bool { left.key < right.key }

  private var key: LineKey { LineKey(day: day, subject: subject, perHour: perHour) }
}

/// The days that a clock of the zone shows, each from its first instant to that of the next.
func civilDays(of zone: TimeZone, in range: Range<Instant>) -> Timeline<CivilDate> {
  let clock = WallClock(zone)
  return Timeline(
    clock.date(at: range.lowerBound), over: range,
    changes: clock.days(in: range).map { ($0.range.lowerBound, $0.date) })
}
