public import Money
public import Pricing
public import Spaces
public import Timelines

/// What a rhythm of looking would have made of a month: its charges by the looks that the rhythm would have taken.
public struct LookingRhythm: Sendable {
  /// Seconds between two looks.
  public let seconds: Int64
  public let total: Bounds<Money>

  public init(seconds: Int64, total: Bounds<Money>) {
    (self.seconds, self.total) = (seconds, total.shown)
  }

  /// What is left open.
  public var width: Money { total.high - total.low }

  /// Every minute, 5, 15 and 60 minutes.
  public static let usual: [Int64] = [60, 300, 900, 3600]
}

extension Sequence<Interval> {
  /// Only the looks that a rhythm would have taken: of those recorded, the latest at or before each tick. Ticks are
  /// the whole multiples of the rhythm since 1970, as cron has them.
  /// - Parameters:
  ///   - seconds: between two ticks, 1 or more.
  ///   - now: the last tick is at or before it.
  public func looks(every seconds: Int64, until now: Instant) -> [Interval] {
    let all = flatMap { interval in interval.looks.map { (at: $0, state: interval.state) } }
    var kept: [Interval] = []
    for (index, look) in all.enumerated() {
      let tick = look.at.firstTick(every: seconds)
      guard tick <= now, index + 1 == all.count || tick < all[index + 1].at else { continue }
      if let last = kept.last, last.state == look.state {
        kept[kept.count - 1].looks.append(look.at)
      } else {
        kept.append(Interval(state: look.state, looks: [look.at]))
      }
    }
    return kept
  }
}

extension Instant {
  /// The first multiple of so many seconds since 1970 that is not before it.
  fileprivate func firstTick(every seconds: Int64) -> Instant {
    let passed = secondsSince1970 % seconds
    let since = passed < 0 ? passed + seconds : passed
    return since == 0 ? self : self + (seconds - since)
  }
}

extension Sequence<[Instant]> {
  /// How far apart looks mostly are, in seconds: the median of all times between two looks at one Space, of which
  /// each element has those in order. Nil where no Space was looked at twice.
  public var usualGap: Int64? {
    let gaps = flatMap { looks in zip(looks, looks.dropFirst()).map { $1 - $0 } }.sorted()
    return gaps.isEmpty ? nil : gaps[gaps.count / 2]
  }
}
