import Synchronization
import TestSupport

/// A clock that stands still until the test moves it.
final class ManualClock: Clock, Sendable {
  typealias Instant = SkippingClock.Instant

  private struct State {
    var now: Duration = .zero
    var readings = 0
    var tickets = 0
    var sleepers: [Int: (end: Duration, wake: CheckedContinuation<Void, any Error>)] = [:]
  }

  private let state = Mutex(State())

  var now: Instant {
    state.withLock { state in
      state.readings += 1
      return Instant(offset: state.now)
    }
  }

  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let ticket = state.withLock { state in
      state.tickets += 1
      return state.tickets
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wake in
        let isOver = state.withLock { state in
          let isOver = Task.isCancelled || deadline.offset <= state.now
          if !isOver { state.sleepers[ticket] = (deadline.offset, wake) }
          return isOver
        }
        if isOver { wake.resume() }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: ticket) }?.wake.resume(throwing: CancellationError())
    }
  }

  /// Waits until somebody sleeps who would wake within `step`, then moves the clock by it.
  func advance(by step: Duration) async {
    while !state.withLock({ state in state.sleepers.values.contains { $0.end <= state.now + step } }) {
      await Task.yield()
    }
    let woken = state.withLock { state in
      state.now += step
      let woken = state.sleepers.filter { $0.value.end <= state.now }
      for ticket in woken.keys { state.sleepers.removeValue(forKey: ticket) }
      return woken.values.map(\.wake)
    }
    for wake in woken { wake.resume() }
  }

  /// Waits until somebody sleeps until `end`, does `action`, and waits until that made somebody read the clock.
  func reading(whileSomebodySleepsUntil end: Duration, after action: () -> Void) async {
    while !state.withLock({ $0.sleepers.values.contains { $0.end == end } }) { await Task.yield() }
    let before = state.withLock { $0.readings }
    action()
    while state.withLock({ $0.readings == before }) { await Task.yield() }
  }
}
