public import Timelines

/// People who came to a Space in one second.
public struct Visit: Hashable, Sendable {
  public var at: Instant
  /// How many, 1 or more.
  public var count: Int

  public init(at: Instant, count: Int = 1) {
    self.at = at
    self.count = count
  }
}
