public import Money
public import Spaces
public import Timelines

/// What every fixed sleep time makes of the same visits: seconds awake and cold starts.
///
/// A stretch awake depends on nothing but the gaps between visits as long as the sleep time is not shorter than a
/// start takes: a gap not longer than the sleep time is spent awake, a longer one costs the sleep time and a cold
/// start. So one sort answers all of them.
public struct SleepCurve: Sendable {
  /// The lengths of the gaps in seconds, in order.
  public let gaps: [Int64]
  /// The sum of the gaps before each index.
  private let sums: [Int64]
  /// From the first visit to the end.
  private let range: Range<Instant>
  /// From the last visit to the end.
  private let rest: Int64

  /// Nil where nobody came before the end. O(n log n).
  ///
  /// - Parameter until: the end, after the last visit: the last stretch awake is cut there.
  public init?(_ visits: Visits, until: Instant) {
    let arrivals = visits.arrivals
    guard let first = arrivals.first, let last = arrivals.last, last.at < until else { return nil }
    var gaps = [Int64](unsafeUninitializedCapacity: arrivals.count - 1) { buffer, count in
      for index in 1..<arrivals.count { buffer[index - 1] = arrivals[index].at - arrivals[index - 1].at }
      count = arrivals.count - 1
    }
    gaps.sort()
    var sum: Int64 = 0
    sums =
      [0]
      + gaps.map { gap in
        sum += gap
        return sum
      }
    self.gaps = gaps
    range = first.at..<until
    rest = until - last.at
  }

  /// - Parameter sleep: not shorter than a start takes.
  public func outcome(of sleep: SleepTime) -> (awakeSeconds: Int64, coldStarts: Int) {
    switch sleep {
    case .never: (range.seconds, 1)
    case .after(let seconds):
      outcome(of: Int64(seconds), shorterGaps: gaps.partitioningIndex { $0 > Int64(seconds) })
    }
  }

  private func outcome(of seconds: Int64, shorterGaps: Int) -> (awakeSeconds: Int64, coldStarts: Int) {
    let longerGaps = gaps.count - shorterGaps
    return (sums[shorterGaps] + seconds * Int64(longerGaps) + min(seconds, rest), longerGaps + 1)
  }

  /// The sleep time that costs least of all whole seconds that are not shorter than a start takes, and never; the
  /// shorter of two that cost the same.
  ///
  /// Between the lengths of two gaps the cost only grows with the sleep time: so the lengths, and that of the
  /// start, are all that can be best. O(n).
  ///
  /// - Parameters:
  ///   - startup: seconds, 0 or more.
  ///   - perColdStart: what it is taken to cost that visitors wait for a start.
  public func best(startup: Int64, perHour: Money, perColdStart: Money) -> BestSleep {
    func cost(_ outcome: (awakeSeconds: Int64, coldStarts: Int)) -> ExactCost {
      ExactCost(
        awakeSeconds: outcome.awakeSeconds, coldStarts: outcome.coldStarts, perHour: perHour,
        perColdStart: perColdStart)
    }
    var index = gaps.partitioningIndex { $0 > startup }
    var best = BestSleep(
      sleep: .after(seconds: Int(startup)), cost: cost(outcome(of: startup, shorterGaps: index)))
    while index < gaps.count {
      let gap = gaps[index]
      repeat { index += 1 } while index < gaps.count && gaps[index] == gap
      let candidate = cost(outcome(of: gap, shorterGaps: index))
      if candidate < best.cost { best = BestSleep(sleep: .after(seconds: Int(gap)), cost: candidate) }
    }
    let never = cost(outcome(of: .never))
    return never < best.cost ? BestSleep(sleep: .never, cost: never) : best
  }

  /// The shortest sleep time that keeps a promise of waiting: the cheapest of those that do, as time awake only grows
  /// with the sleep time and waiting only shrinks. O(log n) trials.
  ///
  /// - Parameters:
  ///   - least: seconds, not shorter than a start takes.
  ///   - keeps: holds for all that are longer than one for which it holds; never is not tried.
  func shortest(from least: Int64, where keeps: (SleepTime) -> Bool) -> SleepTime {
    let candidates = [least] + gaps[gaps.partitioningIndex { $0 > least }...]
    let first = candidates.partitioningIndex { keeps(.after(seconds: Int($0))) }
    return first < candidates.count ? .after(seconds: Int(candidates[first])) : .never
  }
}

/// A fixed sleep time, and what it costs.
public struct BestSleep: Hashable, Sendable {
  public let sleep: SleepTime
  public let cost: ExactCost
}
