public import Money
import Spaces
public import Timelines

extension Visits {
  /// The least that these visits can cost anyone who knows all of them beforehand: after each, once the Space is
  /// ready, it sleeps at once or stays awake until the next. Nil where nobody came.
  ///
  /// No rule that does not know what comes can promise better than twice as much. Of two ways that cost the same,
  /// the one with fewer cold starts. O(n), from the last visit to the first.
  ///
  /// - Parameters:
  ///   - until: the end, after the last visit: a start is cut there.
  ///   - startup: seconds, 0 or more.
  ///   - perColdStart: what it is taken to cost that visitors wait for a start.
  public func hindsight(
    until: Instant, startup: Int64, perHour: Money, perColdStart: Money
  ) -> ExactCost? {
    guard let last = arrivals.last, last.at < until else { return nil }
    func cost(_ awakeSeconds: Int64, _ coldStarts: Int) -> ExactCost {
      ExactCost(
        awakeSeconds: awakeSeconds, coldStarts: coldStarts, perHour: perHour, perColdStart: perColdStart)
    }
    func better(_ stay: ExactCost, _ sleep: ExactCost) -> ExactCost {
      stay == sleep ? (sleep.coldStarts < stay.coldStarts ? sleep : stay) : min(stay, sleep)
    }
    // What each visit and all after it cost if it is cold, without its own cold start, and if it is warm.
    var ifCold = [ExactCost](repeating: cost(0, 0), count: arrivals.count)
    var ifWarm = ifCold
    // The first visit after the start that the present one causes.
    var afterStart = arrivals.count
    for index in arrivals.indices.reversed() {
      let at = arrivals[index].at
      let ready = at + startup
      while afterStart > index + 1, arrivals[afterStart - 1].at > ready { afterStart -= 1 }
      /// From an instant at which it is ready until the visit with an index, and from there on.
      func rest(from ready: Instant, to next: Int) -> ExactCost {
        guard next < arrivals.count else { return cost(0, 0) }
        let stay = cost(arrivals[next].at - ready, 0) + ifWarm[next]
        return better(stay, cost(0, 1) + ifCold[next])
      }
      ifWarm[index] = rest(from: at, to: index + 1)
      ifCold[index] = cost(min(startup, until - at), 0) + rest(from: ready, to: afterStart)
    }
    return cost(0, 1) + ifCold[0]
  }
}
