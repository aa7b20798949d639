public import Pricing
public import Spaces
public import Timelines

/// What visits make of a Space that has one hardware and one sleep time throughout.
///
/// It is asleep when the range begins; an awake stretch is cut where the range ends.
public struct SleepTrial: Sendable {
  public let sleep: SleepTime
  public let range: Range<Instant>
  /// What could be seen of the Space.
  public let states: Timeline<SpaceState>
  /// How its visitors fared.
  public let visitors: VisitorTally
  /// How many people waited for a start.
  public let waiting: Int

  /// - Parameters:
  ///   - visits: those outside of the range are left out.
  ///   - startup: seconds from a visit to a sleeping Space until it is served, 0 or more.
  public init(
    _ visits: Visits, in range: Range<Instant>, hardware: SpaceHardware, sleep: SleepTime, startup: Int64
  ) {
    self.sleep = sleep
    self.range = range
    var life = SpaceLifecycle(
      stage: .sleeping, hardware: hardware, sleep: sleep, program: SpaceProgram(startup: startup),
      at: range.lowerBound)
    let arrivals = visits.clipped(to: range).arrivals
    var waiting = 0
    life.live(through: arrivals[...]) { waiting += $0.visit.count }
    self.waiting = waiting
    life.advance(to: range.upperBound)
    visitors = life.visitors
    states = life.states.clipped(to: range)
  }

  /// Seconds in which it started or ran.
  public var awakeSeconds: Int64 {
    states.integrate(into: 0) { total, segment in
      if segment.value.hardware != nil { total += segment.range.seconds }
    }
  }

  /// What it is charged: a line a day (UTC).
  public func lineItems(_ prices: PriceTable) -> [LineItem] {
    prices.lineItems(of: Bounds(certain: prices.billed(states)), in: range, zone: .gmt)
  }
}
