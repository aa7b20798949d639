import Synchronization

/// Lets a fixed number of tasks through at a time, in the order in which they came.
final class Turnstile: Sendable {
  private struct State {
    var free: Int
    var arrivals: UInt64 = 0
    var waiting: [(ticket: UInt64, entrance: CheckedContinuation<Void, any Error>)] = []
    /// Tickets of tasks that were cancelled before they stood in the line.
    var cancelled: Set<UInt64> = []
  }

  private let state: Mutex<State>

  init(width: Int) {
    state = Mutex(State(free: width))
  }

  /// Runs `work` when a place is free.
  func pass<Value>(
    isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> Value
  ) async throws -> Value {
    try await enter()
    defer { leave() }
    return try await work()
  }

  private func enter() async throws {
    let ticket = state.withLock { state in
      state.arrivals += 1
      return state.arrivals
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { entrance in
        let mayEnter: Bool? = state.withLock { state in
          if state.cancelled.remove(ticket) != nil { return false }
          guard state.free == 0 else {
            state.free -= 1
            return true
          }
          state.waiting.append((ticket, entrance))
          return nil
        }
        switch mayEnter {
        case true?: entrance.resume()
        case false?: entrance.resume(throwing: CancellationError())
        case nil: break
        }
      }
    } onCancel: {
      let entrance: CheckedContinuation<Void, any Error>? = state.withLock { state in
        guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
          state.cancelled.insert(ticket)
          return nil
        }
        return state.waiting.remove(at: index).entrance
      }
      entrance?.resume(throwing: CancellationError())
    }
    _ = state.withLock { $0.cancelled.remove(ticket) }
  }

  private func leave() {
    let next: CheckedContinuation<Void, any Error>? = state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().entrance
    }
    next?.resume()
  }
}
