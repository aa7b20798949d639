public import Pricing
public import Timelines

/// When a Space is visited, and when it is billed while nobody comes, by the hour of the week.
///
/// *Waste* is the time for which hardware that costs money is billed in hours of the clock in which nobody comes: all
/// of what is billed from 9:00 to 10:00 on a day on which nobody comes between 9:00 and 10:00, none of it if somebody
/// does. Each copy counts. Where visits are not known somebody may have come, so that is no waste.
public struct VisitedWeek: Sendable {
  /// How many people came, the fewest that explain what is known; by hour of the week.
  public let visits: [Int64]
  /// Seconds, by hour of the week.
  public let waste: [Int64]
  /// What waste is a part of: seconds on hardware that costs money.
  public let billedSeconds: Int64

  /// O(hours of the range and visits in it).
  ///
  /// - Parameters:
  ///   - billed: over all of the range.
  ///   - clock: of the hours.
  public init(
    _ demand: Demand, billed: Timeline<Billed?>, in range: Range<Instant>, prices: PriceTable,
    clock: WallClock
  ) {
    var visits = [Int64](repeating: 0, count: HourOfWeek.count)
    for visit in demand.least.clipped(to: range).arrivals {
      visits[HourOfWeek(at: visit.at, on: clock).index] += Int64(visit.count)
    }
    var waste = [Int64](repeating: 0, count: HourOfWeek.count)
    var all: Int64 = 0
    HourOfWeek.forEach(in: range, on: clock) { hour, stretch in
      let seconds = billed.paidSeconds(in: stretch, prices: prices)
      all += seconds
      if seconds > 0, demand.most.clipped(to: stretch).isEmpty { waste[hour.index] += seconds }
    }
    self.visits = visits
    self.waste = waste
    billedSeconds = all
  }

  public var wasteSeconds: Int64 { waste.reduce(0, +) }
}

extension Timeline<Billed?> {
  fileprivate func paidSeconds(in range: Range<Instant>, prices: PriceTable) -> Int64 {
    numberedSegments(in: range).reduce(0) { seconds, numbered in
      let segment = numbered.1
      guard let billed = segment.value, prices.rate(of: billed, at: segment.range.lowerBound) != .zero else {
        return seconds
      }
      return seconds + segment.range.clamped(to: range).seconds * Int64(billed.replicas)
    }
  }
}
