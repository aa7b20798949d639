/// A clock of any kind, seen as the time since its user was made: what waits and time-outs need of it.
struct HubTime: Sendable {
  let now: @Sendable () -> Duration
  let sleep: @Sendable (Duration) async throws -> Void

  init(_ clock: any Clock<Duration>) {
    self = Self.opening(clock)
  }

  private init(
    now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    (self.now, self.sleep) = (now, sleep)
  }

  private static func opening<C: Clock>(_ clock: C) -> HubTime where C.Duration == Duration {
    let start = clock.now
    return HubTime(
      now: { start.duration(to: clock.now) }, sleep: { try await clock.sleep(for: $0, tolerance: nil) })
  }

  /// Runs `work`, but no longer than `limit`: then it is cancelled, and the result is nil.
  func limited<Value: Sendable>(
    to limit: Duration, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await work() }
      group.addTask {
        try await sleep(limit)
        return nil
      }
      return try await group.next() ?? nil
    }
  }
}
