/// What an answer says of the calls that are left: `RateLimit: "api";r=0;t=55`, and of the window's size:
/// `RateLimit-Policy: "fixed window";"api";q=500;w=300`.
package struct RateLimit: Hashable {
  /// Calls left in this window.
  package var remaining: Int
  /// Seconds until the next window begins, at most ``longestWait``.
  package var seconds: Int
  /// Calls in a whole window, where it is told.
  package var quota: Int?

  /// Seconds, a year: what an answer tells beyond that is taken for it, so that sums stay in range.
  package static let longestWait = 365 * 86_400

  /// Nil where the first field is missing or has no `r` and `t`; of several limits the tightest counts.
  package init?(limits: [String], policies: [String]) {
    let items = limits.flatMap { $0.split(separator: ",") }.compactMap { item -> (Int, Int)? in
      let values = Self.parameters(item)
      guard let remaining = values["r"], let seconds = values["t"] else { return nil }
      return (max(0, remaining), min(max(0, seconds), Self.longestWait))
    }
    guard let tightest = items.min(by: { ($0.0, -$0.1) < ($1.0, -$1.1) }) else { return nil }
    (remaining, seconds) = tightest
    quota = policies.flatMap { $0.split(separator: ",") }.compactMap { Self.parameters($0)["q"] }.min()
  }

  private static func parameters(_ item: Substring) -> [String: Int] {
    var values: [String: Int] = [:]
    for part in item.split(separator: ";") {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else { continue }
      let name = sides[0].filter { !$0.isWhitespace }
      values[name] = Int(sides[1].filter { !$0.isWhitespace && $0 != "\"" })
    }
    return values
  }
}

/// When the next call may be sent, by what the Hub said of the calls that are left. Pure: instants are
/// passed in, as the time since some start.
///
/// Calls go out at once while many are left. When few are, those are spread over the rest of the window, so
/// that a run that shares its limit with others slows down rather than being refused. When none is, or the
/// Hub refused one, nothing is sent until the time that it told.
package struct RateBudget {
  /// The least that the Hub said is left in this window, and when the window ends; nil if not known.
  private var remaining: Int?
  private var windowEnd: Duration = .zero
  private var quota: Int?
  private var blockedUntil: Duration = .zero
  private var lastStart: Duration = .zero
  private var inFlight = 0

  package init() {}

  /// Pacing is a courtesy: more than this a call would be a stand-still.
  private static let longestPace: Duration = .seconds(60)
  /// How soon to ask again while all that is left may be in flight.
  private static let patience: Duration = .milliseconds(250)
  /// The Hub counts whole seconds, so two tellings of one window's end may differ by one.
  private static let jitter: Duration = .seconds(2)

  /// Few is a tenth of the window, and never less than what may be in flight at once.
  private var few: Int { max(8, (quota ?? 100) / 10) }

  /// Until when the Hub wants silence; in the past if it does not.
  package var silentUntil: Duration { blockedUntil }

  /// When to start the next call: `now` or earlier means at once, else ask again then.
  package func nextStart(now: Duration) -> Duration {
    if now < blockedUntil { return blockedUntil }
    guard let remaining, now < windowEnd, remaining <= few else { return now }
    // Calls that are not answered may not be counted yet.
    let left = remaining - inFlight
    guard left > 0 else { return min(windowEnd, now + Self.patience) }
    return lastStart + min((windowEnd - lastStart) / (left + 1), Self.longestPace)
  }

  package mutating func started(now: Duration) {
    inFlight += 1
    lastStart = now
  }

  /// A call ended, with or without an answer.
  package mutating func ended(now: Duration, limit: RateLimit?) {
    inFlight -= 1
    guard let limit else { return }
    quota = limit.quota ?? quota
    let end = now + .seconds(limit.seconds)
    if remaining == nil || now >= windowEnd || end > windowEnd + Self.jitter {
      (remaining, windowEnd) = (limit.remaining, end)
    } else if end >= windowEnd - Self.jitter {
      // Answers overtake each other, so the least that was told in this window counts.
      remaining = min(remaining ?? limit.remaining, limit.remaining)
    }
    if limit.remaining == 0 { silence(until: end + .seconds(1)) }
  }

  /// The Hub refused a call, or said that none is left.
  package mutating func silence(until instant: Duration) {
    blockedUntil = max(blockedUntil, instant)
  }
}
