public import Money
public import Pricing
public import Schedules
import Spaces
public import Timelines

extension SpaceSchedule {
  /// The least that a Space costs in a range if its rules are followed: nobody visits, so it sleeps, and is found
  /// idle, as soon as it may. What is not known counts as nothing, and so does what a grant pays for.
  ///
  /// A Space that never sleeps costs its hardware throughout, or until its idle rule acts; one that does is up for
  /// its sleep time after each change of hardware, which starts it.
  public func leastCost(in range: Range<Instant>, prices: PriceTable) -> Money {
    guard !policy.isGranted else { return .zero }
    var before = desired(at: range.lowerBound - 1).settings
    return desired(over: range).map(\.settings).integrate(into: .zero) { (total: inout Money, segment) in
      let settings = segment.value
      let isStarted = settings.hardware != before.hardware || before.state == .paused
      before = settings
      guard let billed = settings.billed(), let rate = prices.lowestRate(of: billed, in: segment.range) else {
        return
      }
      var seconds: Int64 = 0
      switch settings.sleep {
      case .never where billed.hardware != .cpuBasic: seconds = segment.range.seconds
      case .after(let sleep) where isStarted: seconds = min(Int64(sleep), segment.range.seconds)
      default: break
      }
      if let idle = policy.idle { seconds = min(seconds, idle.after) }
      total += rate.scaled(by: Int128(seconds), over: 3600)
    }
  }
}

extension PriceTable {
  /// Of those at both ends of a range; nil where one is not known.
  fileprivate func lowestRate(of billed: Billed, in range: Range<Instant>) -> Money? {
    guard let first = rate(of: billed, at: range.lowerBound),
      let last = rate(of: billed, at: range.upperBound - 1)
    else { return nil }
    return min(first, last)
  }
}
