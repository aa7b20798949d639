import Synchronization

/// A clock whose sleepers wake at once, at the instant that they wanted; it remembers how long they slept.
final class SkippingClock: Clock, Sendable {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let state = Mutex((now: Duration.zero, naps: [Duration]()))

  var now: Instant { state.withLock { Instant(offset: $0.now) } }
  var minimumResolution: Duration { .nanoseconds(1) }
  /// How long each sleeper slept, in seconds.
  var naps: [Double] { state.withLock { $0.naps.map { $0 / .seconds(1) } } }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    state.withLock { state in
      state.naps.append(deadline.offset - state.now)
      state.now = max(state.now, deadline.offset)
    }
  }
}

/// A clock that stands still until the test moves it.
final class ManualClock: Clock, Sendable {
  typealias Instant = SkippingClock.Instant

  private struct State {
    var now: Duration = .zero
    var tickets = 0
    var sleepers: [Int: (end: Duration, wake: CheckedContinuation<Void, any Error>)] = [:]
    var watchers: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  var now: Instant { state.withLock { Instant(offset: $0.now) } }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let ticket = state.withLock { state in
      state.tickets += 1
      return state.tickets
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wake in
        let (isOver, watchers) = state.withLock { state in
          if Task.isCancelled || deadline.offset <= state.now { return (true, state.watchers) }
          state.sleepers[ticket] = (deadline.offset, wake)
          defer { state.watchers = [] }
          return (false, state.watchers)
        }
        if isOver { wake.resume() } else { for watcher in watchers { watcher.resume() } }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: ticket) }?.wake.resume(throwing: CancellationError())
    }
  }

  /// Waits until somebody sleeps who would wake within `step`, then moves the clock by it.
  func advance(by step: Duration) async {
    await withCheckedContinuation { watcher in
      let isAsleep = state.withLock { state in
        let isAsleep = state.sleepers.values.contains { $0.end <= state.now + step }
        if !isAsleep { state.watchers.append(watcher) }
        return isAsleep
      }
      if isAsleep { watcher.resume() }
    }
    let woken = state.withLock { state in
      state.now += step
      let woken = state.sleepers.filter { $0.value.end <= state.now }
      for ticket in woken.keys { state.sleepers.removeValue(forKey: ticket) }
      return woken.values.map(\.wake)
    }
    for wake in woken { wake.resume() }
  }
}
