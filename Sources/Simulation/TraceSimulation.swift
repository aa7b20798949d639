public import Money
public import Pricing
public import Spaces
public import Timelines

/// The visits of one Space under several fixed sleep times, at the prices of one instant.
public struct TraceSimulation: Sendable {
  /// What one sleep time comes to.
  public struct Outcome: Sendable {
    public let sleep: SleepTime
    public let awakeSeconds: Int64
    public let billed: BilledTime
    /// The sum of a line a day (UTC).
    public let cost: Money
    public let visitors: VisitorTally
    /// How many people waited for a start.
    public let waiting: Int
    /// With what is taken for each cold start.
    public let total: Money
  }

  public let hardware: SpaceHardware
  public let perHour: Money
  public let range: Range<Instant>
  /// How many people came.
  public let visits: Int
  /// Seconds.
  public let startup: Int64
  public let perColdStart: Money
  /// In the order asked for.
  public let outcomes: [Outcome]
  public let best: BestSleep
  public let hindsight: ExactCost

  /// Nil where nobody came in the range, or the hardware has no price.
  ///
  /// - Parameters:
  ///   - prices: of one instant, see ``PriceTable/frozen(at:)``.
  ///   - startup: seconds that a start takes, 0 or more.
  ///   - perColdStart: what it is taken to cost that visitors wait for a start, 0 or more.
  public init?(
    _ visits: Visits, in range: Range<Instant>, on hardware: SpaceHardware, sleeps: [SleepTime],
    startup: Int64, perColdStart: Money, prices: PriceTable
  ) {
    let visits = visits.clipped(to: range)
    let end = range.upperBound
    guard let perHour = prices.hourlyPrice(of: hardware, at: range.lowerBound),
      let curve = SleepCurve(visits, until: end),
      let hindsight = visits.hindsight(
        until: end, startup: startup, perHour: perHour, perColdStart: perColdStart)
    else { return nil }
    self.hardware = hardware
    self.perHour = perHour
    self.range = range
    self.visits = visits.count
    self.startup = startup
    self.perColdStart = perColdStart
    self.hindsight = hindsight
    best = curve.best(startup: startup, perHour: perHour, perColdStart: perColdStart)
    outcomes = sleeps.map { sleep in
      let replay = SpaceReplay(visits, in: range, hardware: hardware, sleep: sleep, startup: startup)
      // A start counts as all else, also where it was not billed in those days.
      let awake = replay.states.map { $0.hardware.map { Billed(hardware: $0) } }
      let lines = prices.lineItems(of: Bounds(certain: awake), in: range, zone: .gmt)
      let cost = lines.totalCost.estimate
      return Outcome(
        sleep: sleep, awakeSeconds: replay.awakeSeconds,
        billed: lines.reduce(.zero) { $0 + ($1.minutes?.estimate ?? .zero) }, cost: cost,
        visitors: replay.visitors, waiting: replay.waits.people,
        total: cost + perColdStart.scaled(by: Int128(replay.visitors.coldStarts), over: 1))
    }
  }
}
