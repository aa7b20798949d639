/// How many Hub calls are answered in a window of fixed length.
///
/// A window ends when either the Hub's clock or the real one has moved on by its length: a client waits in
/// real time, and a test moves the clock.
struct RateLimit: Sendable {
  /// As for the largest plan, so that it is in nobody's way unless a test wants it.
  var quota = 10_000
  /// Seconds.
  var window: Int64 = 300
  private var used = 0
  private var start: (virtual: Int64, real: ContinuousClock.Instant)?

  /// Counts a call. False if there are too many.
  mutating func admit(virtual: Int64, real: ContinuousClock.Instant) -> Bool {
    if secondsLeft(virtual: virtual, real: real) <= 0 {
      start = (virtual, real)
      used = 0
    }
    guard used < quota else { return false }
    used += 1
    return true
  }

  /// What the two headers say.
  func headers(virtual: Int64, real: ContinuousClock.Instant) -> [(name: String, value: String)] {
    let left = max(0, secondsLeft(virtual: virtual, real: real))
    return [
      ("RateLimit", "\"api\";r=\(quota - used);t=\(left)"),
      ("RateLimit-Policy", "\"fixed window\";\"api\";q=\(quota);w=\(window)"),
    ]
  }

  private func secondsLeft(virtual: Int64, real: ContinuousClock.Instant) -> Int64 {
    guard let start else { return 0 }
    let passed = max(virtual - start.virtual, (real - start.real).components.seconds)
    return window - passed
  }
}
