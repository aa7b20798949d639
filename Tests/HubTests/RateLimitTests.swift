import Hub
import TestSupport
import Testing

@Test(
  arguments: [
    (#""api";r=0;t=55"#, #""fixed window";"api";q=500;w=300"#, [0, 55, 500]),
    (#"api; r=12 ; t="7""#, "", [12, 7, nil]),
    (#""api";r=9;t=1, "pages";r=3;t=20"#, "", [3, 20, nil]),
    ("", "", nil), (#""api";r=1"#, "", nil), ("garbage", "", nil),
  ] as [(String, String, [Int?]?)])
func rateLimitHeaders(limit: String, policy: String, expected: [Int?]?) {
  let read = RateLimit(limits: [limit], policies: [policy])
  #expect(read.map { [$0.remaining, $0.seconds, $0.quota] } == expected)
}

/// What the Hub says of `remaining` calls in a window of `seconds` more.
private func limit(_ remaining: Int, _ seconds: Int, quota: Int = 100) -> RateLimit? {
  RateLimit(
    limits: ["\"api\";r=\(remaining);t=\(seconds)"], policies: ["\"fixed window\";\"api\";q=\(quota);w=300"])
}

private func start(of budget: RateBudget, at seconds: Int) -> Double {
  budget.nextStart(now: .seconds(seconds)) / .seconds(1)
}

@Test func callsAreSpreadWhenFewAreLeft() {
  var budget = RateBudget()
  budget.started(now: .zero)
  #expect(start(of: budget, at: 0) == 0)  // Nothing is known: at once.
  budget.ended(now: .zero, limit: limit(50, 100))
  #expect(start(of: budget, at: 0) == 0)  // Many are left: at once.
  budget.started(now: .zero)
  budget.ended(now: .zero, limit: limit(4, 100))
  #expect(start(of: budget, at: 0) == 20)  // Four calls in 100 seconds: at 20, 40, 60 and 80.
  budget.started(now: .seconds(20))
  budget.ended(now: .seconds(20), limit: limit(3, 80))
  #expect(start(of: budget, at: 20) == 40)
  #expect(start(of: budget, at: 100) == 100)  // The window is over.
}

@Test func zeroIsSilenceForOneSecondMore() {
  var budget = RateBudget()
  budget.started(now: .zero)
  budget.ended(now: .zero, limit: limit(0, 55))
  #expect(start(of: budget, at: 0) == 56)
  #expect(start(of: budget, at: 56) == 56)
}

@Test func callsThatAreNotAnsweredMayBeTheLast() {
  var budget = RateBudget()
  for _ in 0..<3 { budget.started(now: .zero) }
  budget.ended(now: .zero, limit: limit(2, 100))
  #expect(start(of: budget, at: 0) == 0.25)
  budget.ended(now: .zero, limit: limit(1, 100))
  budget.ended(now: .zero, limit: nil)
  #expect(start(of: budget, at: 0) == 50)
}

@Test func theLeastCountsWhenAnswersOvertakeEachOther() {
  var budget = RateBudget()
  for _ in 0..<3 { budget.started(now: .zero) }
  budget.ended(now: .seconds(1), limit: limit(2, 29))
  budget.ended(now: .seconds(1), limit: limit(4, 29))
  budget.ended(now: .seconds(1), limit: limit(3, 29))
  #expect(start(of: budget, at: 1) == 10)  // Two are left of a window that ends at 30.
}

/// A Hub with a fixed window, calls that take a while, and one budget: however they interleave, none is refused.
@Test(arguments: 1...100 as ClosedRange<UInt64>) func neverRefused(seed: UInt64) {
  var random = SplitMix64(seed: seed)
  let quota = Int.random(in: 10...60, using: &random)
  let window = Int.random(in: 5...300, using: &random)
  var budget = RateBudget()
  var (now, windowStart, used) = (0, 0, 0)
  var answers: [(at: Int, limit: RateLimit?)] = []
  for _ in 0..<200 {
    // Nothing starts before an answer that came first, nor with 8 in flight.
    while true {
      let start = Int((budget.nextStart(now: .milliseconds(now)) / .milliseconds(1)).rounded(.up))
      if let first = answers.indices.min(by: { answers[$0].at < answers[$1].at }),
        answers[first].at <= max(start, now) || answers.count == 8
      {
        let answer = answers.remove(at: first)
        now = max(now, answer.at)
        budget.ended(now: .milliseconds(now), limit: answer.limit)
      } else if start > now {
        now = start
      } else {
        break
      }
    }
    budget.started(now: .milliseconds(now))
    if now >= windowStart + window * 1000 { (windowStart, used) = (now / 1000 * 1000, 0) }
    used += 1
    #expect(used <= quota)
    let seconds = (windowStart + window * 1000 - now + 999) / 1000
    answers.append(
      (now + Int.random(in: 1...900, using: &random), limit(quota - used, seconds, quota: quota)))
  }
}
