public import Pricing
public import Schedules
import Spaces
public import Timelines

/// How often runs come, going by those so far.
public struct RunRhythm: Hashable, Sendable {
  public let last: Instant
  /// Seconds, above 0: the median of the times between runs.
  public let gap: Int64

  /// Nil where there were fewer than two.
  /// - Parameter runs: when the latest began, in order of time.
  public init?(_ runs: [Instant]) {
    let gaps = zip(runs, runs.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.sorted()
    guard let last = runs.last, !gaps.isEmpty else { return nil }
    self.last = last
    gap = gaps[gaps.count / 2]
  }

  /// The first run at or after an instant, if they go on so; after ``last``.
  public func run(atOrAfter instant: Instant) -> Instant {
    last + max(1, (instant - last + gap - 1) / gap) * gap
  }

  /// Whether runs have most likely stopped: two that were due did not come.
  public func hasStopped(at now: Instant) -> Bool { now - last > 2 * gap + 60 }
}

extension Planner {
  /// What a Space costs more an hour, if it is up, from the end of a hold until something puts it back; zero
  /// where it costs no more, nil where a price is not known.
  ///
  /// - Parameter situation: before the hold takes effect, but with it among its ``Situation/holds``.
  public func rateOver(_ hold: Override, of situation: Situation) -> Money? {
    guard case .policy(let policy, _) = situation.assignment else { return .zero }
    let schedule = schedule(of: situation, policy)
    let end = hold.range.upperBound
    func rate(_ settings: Settings) -> Money? {
      guard settings.state != .paused else { return .zero }
      var state = situation.live
      state.hardware = settings.hardware ?? situation.hardware
      if let replicas = settings.replicas { state.replicas = replicas }
      if state.hardware == .cpuBasic { state.replicas = 1 }
      return prices.potential(of: state, at: end)
    }
    guard let held = rate(schedule.desired(at: end - 1).settings),
      let after = rate(schedule.desired(at: end).settings)
    else { return nil }
    return max(held - after, .zero)
  }
}
