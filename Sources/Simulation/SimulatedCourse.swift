public import Money
public import Pricing
public import Spaces
public import Timelines

/// What one set of rules makes of a Space in a range: what it costs, and how its visitors fare.
public struct SimulatedCourse: Sendable {
  /// Bounds where visits are not known. The least demand that explains what was seen is the estimate; where nothing
  /// tells of visits, that it was always busy.
  public let cost: Bounds<Money>
  /// The estimated time on each hardware, in stages that are billed, also where that is free.
  public let times: [SpaceHardware: BilledTime]
  /// The part of it that costs money.
  public let paidTimes: [SpaceHardware: BilledTime]
  /// The part of it that is in no sum, as nobody knows its price.
  public let unpricedTimes: [SpaceHardware: BilledTime]
  /// What it was billed for, by the estimate; nil where nobody asked for pictures.
  public let billed: Timeline<Billed?>?
  /// Nil where nothing tells of visits.
  public let visitors: VisitorTally?
  public let waits: WaitTally?
  /// Visitors who find it running on `cpu-basic`: they wait for nothing, and have no paid hardware.
  public let onFreeHardware: Int?
  /// How many boundaries were crossed.
  public let boundaries: Int
  /// What each hour of the week cost in all, by the estimate, in 3600ths of a nano-dollar.
  let hours: [Int128]

  /// The time in stages that are billed.
  public var time: BilledTime { times.values.reduce(.zero, +) }
  /// The time on hardware that costs money.
  public var paidTime: BilledTime { paidTimes.values.reduce(.zero, +) }

  /// - Parameters:
  ///   - steps: of the rules; nil where nothing may be changed.
  ///   - isGranted: somebody else pays for its hardware.
  ///   - clock: of the hours of the week.
  ///   - keepsCourse: for pictures.
  public init(
    of past: SpacePast, from beginning: Beginning, demand: Demand, under steps: RuleSteps?,
    in range: Range<Instant>, prices: PriceTable, isGranted: Bool, clock: WallClock, keepsCourse: Bool = false
  ) {
    func replay(_ visits: Visits) -> SpaceReplay {
      SpaceReplay(from: beginning, under: steps, visits: visits, in: range, prices: prices)
    }
    let least = replay(demand.least)
    let most = demand.isKnown ? least : replay(demand.most)
    let fewest = demand.fewest == demand.least ? least : replay(demand.fewest)
    // Where nothing is known it is never taken for a Space that nobody visits.
    let taken = demand.basis.sources.isEmpty ? most : least
    let billed = past.present(prices.billed(taken.states))
    let bounds =
      demand.isKnown
      ? Bounds(certain: billed)
      : Bounds(
        low: past.present(prices.billed(fewest.states)), estimate: billed,
        high: past.present(prices.billed(most.states)))
    let lines = prices.lineItems(of: bounds, in: range, zone: .gmt).charged(isGranted: isGranted)
    cost = lines.totalCost.shown
    func time(_ belongs: (LineItem) -> Bool) -> [SpaceHardware: BilledTime] {
      lines.reduce(into: [:]) { times, line in
        guard let hardware = line.subject.hardware, let time = line.minutes?.estimate, time > .zero,
          belongs(line)
        else { return }
        times[hardware, default: .zero] += time
      }
    }
    times = time { _ in true }
    paidTimes = time { ($0.perHour ?? .zero) > .zero }
    unpricedTimes = time(\.isUnpriced)
    self.billed = keepsCourse ? billed : nil
    let tells = !demand.basis.sources.isEmpty
    visitors = tells ? least.visitors : nil
    waits = tells ? least.waits : nil
    // Nearly no Space is there, and to look for who came takes time.
    let served = times[.cpuBasic] == nil ? 0 : demand.least.served(onFreeHardware: least.states).count
    onFreeHardware = tells ? served : nil
    boundaries = steps?.boundaries ?? 0
    hours = isGranted ? HourlyCost.none : HourlyCost.of(billed, prices: prices, clock: clock)
  }
}
