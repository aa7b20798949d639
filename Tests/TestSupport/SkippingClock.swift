import Synchronization

/// A clock whose sleepers wake at once, at the instant that they wanted; it remembers how long they slept.
public final class SkippingClock: Clock, Sendable {
  public struct Instant: InstantProtocol {
    public var offset: Duration

    public init(offset: Duration) { self.offset = offset }

    public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    public func duration(to other: Instant) -> Duration { other.offset - offset }
    public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let state = Mutex((now: Duration.zero, naps: [Duration]()))

  public init() {}

  public var now: Instant { state.withLock { Instant(offset: $0.now) } }
  public var minimumResolution: Duration { .nanoseconds(1) }
  /// How long each sleeper slept, in seconds.
  public var naps: [Double] { state.withLock { $0.naps.map { $0 / .seconds(1) } } }

  public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    state.withLock { state in
      state.naps.append(deadline.offset - state.now)
      state.now = max(state.now, deadline.offset)
    }
  }
}
