/// How long the client waits for the Hub's answers, on which clock.
public struct HubTimeouts: Sendable {
  /// For one answer to a question, 30 seconds unless told otherwise.
  public var read: Duration
  /// For the answer to a change, which counts as unclear after it; 60 seconds unless told otherwise.
  public var change: Duration
  /// For a question with all its repetitions, but without the waits that the Hub asks for.
  public var wholeRead: Duration
  public var clock: any Clock<Duration>

  public init(
    read: Duration = .seconds(30), change: Duration = .seconds(60), wholeRead: Duration = .seconds(150),
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    (self.read, self.change, self.wholeRead, self.clock) = (read, change, wholeRead, clock)
  }
}
