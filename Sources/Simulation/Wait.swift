public import Spaces

/// What became of people who did not find a Space running.
public struct Wait: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    /// They woke it, and waited for all of the start.
    case coldStart
    /// It was on its way.
    case delayed
    /// It was paused or had failed.
    case turnedAway
  }

  public let visit: Visit
  public let outcome: Outcome
  /// Seconds that each of them waited; 0 for who was turned away.
  public let seconds: Int64

  package init(_ visit: Visit, _ outcome: Outcome, seconds: Int64) {
    (self.visit, self.outcome, self.seconds) = (visit, outcome, seconds)
  }
}

/// How visitors fared.
public struct VisitorTally: Hashable, Sendable {
  /// Starts that a visit caused, not visitors.
  public var coldStarts: Int
  /// Visitors who came while it was on its way, and waited for the rest of it.
  public var delayed: Int
  /// Visitors who came while it was paused or had failed.
  public var turnedAway: Int
  /// Seconds that all visitors together waited, as it looked when they came.
  public var waitSeconds: Int64

  public init(coldStarts: Int = 0, delayed: Int = 0, turnedAway: Int = 0, waitSeconds: Int64 = 0) {
    self.coldStarts = coldStarts
    self.delayed = delayed
    self.turnedAway = turnedAway
    self.waitSeconds = waitSeconds
  }

  mutating func add(_ wait: Wait) {
    switch wait.outcome {
    case .coldStart: coldStarts += 1
    case .delayed: delayed += wait.visit.count
    case .turnedAway: turnedAway += wait.visit.count
    }
    waitSeconds += wait.seconds * Int64(wait.visit.count)
  }
}
