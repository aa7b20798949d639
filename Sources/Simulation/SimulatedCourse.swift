public import Money
public import Pricing
public import Spaces
public import Timelines

/// What one set of rules makes of a Space in a range: what it costs, and how its visitors fare.
public struct SimulatedCourse: Sendable {
  /// Bounds where visits are not known. The least demand that explains what was seen is the estimate; where nothing
  /// tells of visits, that it was always busy.
  public let cost: Bounds<Money>
  /// The estimated time on hardware that costs money, by its name.
  public let paidTimes: [String: BilledTime]
  /// What it was billed for, by the estimate; nil where nobody asked for pictures.
  public let billed: Timeline<Billed?>?
  public let visitors: VisitorTally
  public let waits: WaitTally
  /// How many boundaries were crossed.
  public let boundaries: Int
  /// What each hour of the week cost in all, by the estimate, in 3600ths of a nano-dollar.
  let hours: [Int128]

  /// The time on hardware that costs money.
  public var paidTime: BilledTime { paidTimes.values.reduce(.zero, +) }

  /// - Parameters:
  ///   - steps: of the rules; nil where nothing may be changed.
  ///   - isGranted: somebody else pays for its hardware.
  ///   - clock: of the hours of the week.
  ///   - keepsCourse: for pictures.
  public init(
    of past: SpacePast, from start: SpaceState, demand: Demand, under steps: RuleSteps?,
    in range: Range<Instant>, prices: PriceTable, isGranted: Bool, clock: WallClock, keepsCourse: Bool = false
  ) {
    func replay(_ visits: Visits) -> SpaceReplay {
      SpaceReplay(from: start, under: steps, visits: visits, program: past.program, in: range, prices: prices)
    }
    let least = replay(demand.least)
    let most = demand.isKnown ? least : replay(demand.most)
    // Where nothing is known it is never taken for a Space that nobody visits.
    let taken = demand.sources.isEmpty ? most : least
    let billed = prices.billed(taken.states)
    let bounds =
      demand.isKnown
      ? Bounds(certain: billed)
      : Bounds(low: prices.billed(least.states), estimate: billed, high: prices.billed(most.states))
    let lines = prices.lineItems(of: bounds, in: range, zone: .gmt).charged(isGranted: isGranted)
    cost = lines.totalCost.shown
    paidTimes = lines.reduce(into: [:]) { times, line in
      guard let perHour = line.perHour, perHour > .zero else { return }
      times[line.hardware, default: .zero] += line.minutes?.estimate ?? .zero
    }
    self.billed = keepsCourse ? billed : nil
    visitors = demand.sources.isEmpty ? VisitorTally() : least.visitors
    waits = WaitTally(demand.sources.isEmpty ? [] : least.waits)
    boundaries = steps?.boundaries ?? 0
    hours = isGranted ? HourlyCost.none : HourlyCost.of(billed, prices: prices, clock: clock)
  }
}

/// How long visitors waited who did not find a Space running.
public struct WaitTally: Hashable, Sendable {
  /// How many waited so many seconds, the shortest first.
  private let counts: [(seconds: Int64, people: Int)]

  init(_ waits: [Wait]) {
    var counts: [Int64: Int] = [:]
    for wait in waits where wait.outcome != .turnedAway {
      counts[wait.seconds, default: 0] += wait.visit.count
    }
    self.counts = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// How many waited.
  public var people: Int { counts.reduce(0) { $0 + $1.people } }
  /// The longest wait in seconds; nil where nobody waited.
  public var longest: Int64? { counts.last?.seconds }

  /// The shortest wait that is not exceeded by so many percent of those who waited; nil where nobody did.
  /// - Parameter percent: 1 to 100.
  public func percentile(_ percent: Int) -> Int64? {
    let rank = (people * percent + 99) / 100
    var passed = 0
    for count in counts {
      passed += count.people
      if passed >= rank { return count.seconds }
    }
    return nil
  }

  public static func == (left: WaitTally, right: WaitTally) -> Bool {
    left.counts.elementsEqual(right.counts, by: ==)
  }

  public func hash(into hasher: inout Hasher) {
    for count in counts {
      hasher.combine(count.seconds)
      hasher.combine(count.people)
    }
  }
}

/// Costs by hour of the week, exactly, for pictures and comparisons: started minutes are not rounded up.
enum HourlyCost {
  static let none = [Int128](repeating: 0, count: HourOfWeek.count)

  static func of(_ billed: Timeline<Billed?>, prices: PriceTable, clock: WallClock) -> [Int128] {
    var hours = none
    forEachPrice(of: billed, prices: prices) { perSecond, range in
      HourOfWeek.forEach(in: range, on: clock) { hour, range in
        hours[hour.index] += perSecond * Int128(range.seconds)
      }
    }
    return hours
  }

  /// Of all hours together, rounded once.
  static func total(of billed: Timeline<Billed?>, prices: PriceTable) -> Money {
    var parts: Int128 = 0
    forEachPrice(of: billed, prices: prices) { parts += $0 * Int128($1.seconds) }
    return Money(nanoDollars: parts).scaled(by: 1, over: 3600)
  }

  /// - Parameter body: gets nano-dollars an hour for each second of a range.
  private static func forEachPrice(
    of billed: Timeline<Billed?>, prices: PriceTable, _ body: (Int128, Range<Instant>) -> Void
  ) {
    // Neighbours mostly run on the same.
    var latest: (hardware: SpaceHardware, prices: Timeline<Money?>)?
    for segment in billed.segments {
      guard let value = segment.value else { continue }
      let hourly =
        if let latest, latest.hardware == value.hardware { latest.prices } else {
          prices.hourlyPrices(of: value.hardware)
        }
      latest = (value.hardware, hourly)
      for (_, priced) in hourly.numberedSegments(in: segment.range) {
        guard let perHour = priced.value, perHour > .zero else { continue }
        body(perHour.nanoDollars * Int128(value.replicas), priced.range.clamped(to: segment.range))
      }
    }
  }
}
