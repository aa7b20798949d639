import Money
import Pricing
import Reports
import Spaces
import TestSupport
import Testing
import Timelines

private let start = Instant(secondsSince1970: 1_790_812_800)  // 2026-10-01

/// A Space that changes at random, and looks at random.
private func looks(_ random: inout SplitMix64) -> (changes: [(Instant, SpaceState)], intervals: [Interval]) {
  let states = [SpaceState.running("t4-small"), .asleep("t4-small"), .running("l4x1"), .paused, .gone]
  var (changes, at) = ([(Instant, SpaceState)](), start)
  while at < start + 6 * 86_400 {
    changes.append((at, states[Int.random(in: 0..<states.count, using: &random)]))
    at = at + Int64.random(in: 60...40_000, using: &random)
  }
  var intervals: [Interval] = []
  at = start + Int64.random(in: 0...1000, using: &random)
  while at < start + 5 * 86_400 {
    let state = changes.last { $0.0 <= at }?.1 ?? .paused
    if intervals.last?.state == state {
      intervals[intervals.count - 1].looks.append(at)
    } else {
      intervals.append(Interval(state: state, looks: [at]))
    }
    at = at + Int64.random(in: 1...1500, using: &random)
  }
  return (changes, intervals)
}

@Suite struct LookingRhythmTests {
  /// Tick by tick, the latest look at or before it.
  @Test(arguments: 1...UInt64(40)) func keepsWhatEachTickWouldHaveSeen(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (_, intervals) = looks(&random)
    let all = intervals.flatMap { interval in interval.looks.map { ($0, interval.state) } }
    let seconds = [60, 300, 900, 3600, 7][Int(seed % 5)] as Int64
    let now = start + 4 * 86_400 + Int64.random(in: 0...86_400, using: &random)
    var expected: [Instant: SpaceState] = [:]
    for tick in stride(from: start.secondsSince1970, through: now.secondsSince1970, by: 1)
    where tick % seconds == 0 {
      if let look = all.last(where: { $0.0.secondsSince1970 <= tick }) { expected[look.0] = look.1 }
    }
    let kept = intervals.looks(every: seconds, until: now)
    let found = kept.flatMap { interval in interval.looks.map { ($0, interval.state) } }
    #expect(found.map(\.0) == expected.keys.sorted())
    #expect(found.allSatisfy { expected[$0.0] == $0.1 })
    #expect(!zip(kept, kept.dropFirst()).contains { $0.state == $1.state })
  }

  /// A rhythm finer than the looks leaves all of them, so all charges.
  @Test(arguments: 1...UInt64(20)) func aFinerRhythmChangesNothing(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (_, intervals) = looks(&random)
    let period = ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: start + 5 * 86_400)
    func total(_ intervals: [Interval]) throws -> Bounds<Money> {
      SpaceCosts(try SpaceID("a/b"), intervals: intervals, actions: [], period: period, prices: .builtIn)
        .total
    }
    #expect(try total(intervals.looks(every: 1, until: period.now)) == total(intervals))
  }

  @Test func fewerLooksLeaveMoreOpen() throws {
    let space = Life(
      space: try SpaceID("a/b"),
      changes: [(start, .running("t4-small")), (start + 36_420, .asleep("t4-small"))])
    let intervals = space.intervals(in: start..<(start + 31 * 86_400 + 1), every: 60)
    let period = ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: start + 31 * 86_400)
    let open = LookingRhythm.usual.map { seconds in
      let costs = SpaceCosts(
        space.space, intervals: intervals.looks(every: seconds, until: period.now), actions: [],
        period: period, prices: .builtIn)
      return LookingRhythm(seconds: seconds, total: costs.total).width
    }
    // It changed at 10:07, at 0.40 an hour: one minute, from 10:05 to 10:10, and from 10:00 to 10:15 are open. An
    // hour is longer than counts as watched, so that all of the month is.
    #expect(try open == ["0.006666667", "0.033333334", "0.10", "297.60"].map { try Money($0) })
  }

  @Test func theUsualGapIsTheMedian() {
    #expect([[Instant]]().usualGap == nil)
    #expect([[start], []].usualGap == nil)
    #expect([[start, start + 300, start + 600, start + 90_000], [start, start + 301]].usualGap == 301)
  }
}
