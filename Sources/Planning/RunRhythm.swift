public import Timelines

/// How often runs come, going by those so far.
public struct RunRhythm: Hashable, Sendable {
  public let last: Instant
  /// Seconds, above 0: the median of the times between runs.
  public let gap: Int64

  /// As many runs as are looked at: a day of hourly ones.
  public static let count = 24

  /// Runs further apart than this (an hour, which cron does not keep to the second) can't be waited for by a rule that
  /// acts early: it would act a night before its time.
  private static let longestLead: Int64 = 3660

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

  /// By how many seconds a run may come late for a rule that acts early.
  public var lateness: Int64 { gap <= Self.longestLead ? gap : 0 }
}
