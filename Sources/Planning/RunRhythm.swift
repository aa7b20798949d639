public import Timelines

/// How often runs come, going by those so far.
public struct RunRhythm: Hashable, Sendable {
  /// As many runs as are looked at: a day of hourly ones.
  public static let count = 24

  /// Runs further apart than this (an hour) can't be waited for by a rule that acts early: it would act a
  /// night before its time.
  private static let longestLead: Int64 = 3600

  private let last: Instant?
  /// Seconds from one run to the next, as a median; nil where there were fewer than two.
  public let usualGap: Int64?

  /// - Parameter runs: when the last ones began, in any order.
  public init(_ runs: [Instant]) {
    let runs = runs.sorted()
    let gaps = zip(runs, runs.dropFirst()).map { $1 - $0 }.sorted()
    last = runs.last
    usualGap = gaps.isEmpty ? nil : gaps[gaps.count / 2]
  }

  /// By how many seconds a run may come late for a rule that acts early.
  public var lateness: Int64 { usualGap.flatMap { $0 <= Self.longestLead ? $0 : nil } ?? 0 }

  /// The first run at or after an instant, if they go on as so far; nil where that can't be told.
  public func nextRun(atOrAfter instant: Instant) -> Instant? {
    guard let last, let usualGap, usualGap > 0 else { return nil }
    guard last < instant else { return last }
    return last + (instant - last + usualGap - 1) / usualGap * usualGap
  }
}
