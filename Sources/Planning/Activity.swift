public import Timelines

/// What a Space's log and metrics tell of whether anybody is there.
public struct Activity: Hashable, Sendable {
  public enum Log: Hashable, Sendable {
    /// The instants of its latest lines, in order.
    case lines([Instant])
    case unknown(reason: String)
  }

  public enum Metrics: Hashable, Sendable {
    case working
    case quiet
    case unknown
  }

  public var log: Log
  public var metrics: Metrics

  public init(log: Log, metrics: Metrics) {
    self.log = log
    self.metrics = metrics
  }
}
