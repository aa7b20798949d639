import Synchronization

/// Keeps all concurrent calls within the Hub's limits: few at a time, and no faster than it lets us.
final class Traffic: Sendable {
  /// The Hub counts these apart.
  enum Limit: Hashable, Sendable {
    case api
    case whoami
  }

  /// The Hub asks for a longer silence than anybody would wait for.
  struct TooLongAWait: Error {
    let seconds: Int64
  }

  static let longestWait: Duration = .seconds(600)

  private let time: HubTime
  private let gate = Turnstile(width: 8)
  private let lines: [Limit: Turnstile] = [.api: Turnstile(width: 1), .whoami: Turnstile(width: 1)]
  private let budgets = Mutex<[Limit: RateBudget]>([:])

  init(time: HubTime) {
    self.time = time
  }

  /// Runs one exchange as soon as it may be sent, and learns from what its answer says of the limit.
  func send<Value>(
    under limit: Limit, isolation: isolated (any Actor)? = #isolation,
    _ exchange: () async throws -> (value: Value, rate: RateLimit?)
  ) async throws -> Value {
    try await gate.pass {
      try await waitForStart(under: limit)
      do {
        let (value, rate) = try await exchange()
        budgets.withLock { $0[limit, default: RateBudget()].ended(now: time.now(), limit: rate) }
        return value
      } catch {
        budgets.withLock { $0[limit, default: RateBudget()].ended(now: time.now(), limit: nil) }
        throw error
      }
    }
  }

  /// The Hub refused a call and told to wait.
  func silence(_ limit: Limit, for wait: Duration) {
    budgets.withLock { $0[limit, default: RateBudget()].silence(until: time.now() + wait) }
  }

  private func waitForStart(under limit: Limit, isolation: isolated (any Actor)? = #isolation) async throws {
    // Who waits for the budget waits alone; the others stand behind, or all would start at once.
    try await lines[limit]?.pass {
      while true {
        let wait = try budgets.withLock { budgets -> Duration in
          let now = time.now()
          var budget = budgets[limit] ?? RateBudget()
          let start = budget.nextStart(now: now)
          guard start > now else {
            budget.started(now: now)
            budgets[limit] = budget
            return .zero
          }
          guard budget.silentUntil - now <= Self.longestWait + .seconds(1) else {
            throw TooLongAWait(seconds: (budget.silentUntil - now).components.seconds)
          }
          return start - now
        }
        guard wait > .zero else { return }
        try await time.sleep(wait)
      }
    }
  }
}
