import Foundation
import Pricing
import Spaces
import Testing
import Timelines

/// The table “From observations to charges, exactly” and what is said below it, each with figures that a person
/// can check: looks in minutes from midnight, 15 of which count as watched, and t4 costs a cent a minute.
struct Case: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let looks: [(Int64, SpaceState)]
  var actions: [Int64] = []
  let now: Int64
  let expected: [String]

  init(
    _ name: String, _ looks: [(Int64, SpaceState)], actions: [Int64] = [], now: Int64, _ expected: [String]
  ) {
    (testDescription, self.looks, self.actions, self.now, self.expected) = (
      name, looks, actions, now, expected
    )
  }
}

private let asleep = state(.sleeping, "t4")

private let equalLooks = [
  Case("watched", [(0, running("t4")), (10, running("t4"))], now: 10, ["t4@0.60 10/10/10 0.10/0.10/0.10"]),
  Case(
    "just watched", [(0, running("t4")), (15, running("t4"))], now: 15, ["t4@0.60 15/15/15 0.15/0.15/0.15"]),
  Case(
    "not watched", [(0, running("t4")), (30, running("t4"))], now: 30, ["t4@0.60 0/30/30 0.00/0.30/0.30"]),
  Case("asleep and watched", [(0, asleep), (10, asleep)], now: 10, []),
  Case("asleep, not watched", [(0, asleep), (30, asleep)], now: 30, ["t4@0.60 0/0/30 0.00/0.00/0.30"]),
  Case(
    "a gap cuts the low run in two",
    [(0, running("t4")), (10, running("t4")), (40, running("t4")), (50, running("t4"))], now: 50,
    ["t4@0.60 20/50/50 0.20/0.50/0.50"]),
  Case(
    "an action between equal looks changes nothing",
    [(0, running("t4")), (10, running("t4"))], actions: [5], now: 10, ["t4@0.60 10/10/10 0.10/0.10/0.10"]),
]

private let changesByUs = [
  Case(
    "watched", [(0, running("t4")), (10, running("a10g"))], actions: [4], now: 10,
    ["a10g@1.20 6/6/6 0.12/0.12/0.12", "t4@0.60 4/4/4 0.04/0.04/0.04"]),
  Case(
    "the last action counts", [(0, running("t4")), (10, running("a10g"))], actions: [6, 3], now: 10,
    ["a10g@1.20 4/4/4 0.08/0.08/0.08", "t4@0.60 6/6/6 0.06/0.06/0.06"]),
  Case(
    "an action at the first look counts", [(0, running("t4")), (10, running("a10g"))], actions: [0], now: 10,
    ["a10g@1.20 10/10/10 0.20/0.20/0.20"]),
  Case(
    "one at the second look does not", [(0, running("t4")), (10, running("a10g"))], actions: [10], now: 10,
    ["a10g@1.20 0/5/10 0.00/0.10/0.20", "t4@0.60 10/5/0 0.10/0.05/0.00"]),
  Case(
    "one before the first look does not", [(0, running("t4")), (10, running("a10g"))], actions: [-1], now: 10,
    ["a10g@1.20 0/5/10 0.00/0.10/0.20", "t4@0.60 10/5/0 0.10/0.05/0.00"]),
  Case(
    "not watched", [(0, running("t4")), (30, running("a10g"))], actions: [10], now: 30,
    ["a10g@1.20 0/20/20 0.00/0.40/0.40", "t4@0.60 0/10/10 0.00/0.10/0.10"]),
  Case(
    "asleep afterwards, not watched", [(0, running("t4")), (30, asleep)], actions: [10], now: 30,
    ["t4@0.60 0/10/30 0.00/0.10/0.30"]),
]

private let changesByOthers = [
  Case(
    "watched", [(0, running("t4")), (10, running("a10g"))], now: 10,
    ["a10g@1.20 0/5/10 0.00/0.10/0.20", "t4@0.60 10/5/0 0.10/0.05/0.00"]),
  Case("asleep, watched", [(0, running("t4")), (10, asleep)], now: 10, ["t4@0.60 0/5/10 0.00/0.05/0.10"]),
  Case(
    "asleep, not watched", [(0, running("t4")), (30, asleep)], now: 30, ["t4@0.60 0/15/30 0.00/0.15/0.30"]),
  Case(
    "the dearer potential", [(0, asleep), (30, state(.paused, "a10g"))], now: 30,
    ["a10g@1.20 0/0/30 0.00/0.00/0.60"]),
  Case(
    "only the sleep time", [(0, running("t4")), (10, state(.running, "t4", sleepTime: -1))], now: 10,
    ["t4@0.60 10/10/10 0.10/0.10/0.10"]),
  Case(
    "equal rates of nothing: what was seen first stands", [(0, asleep), (10, running("free"))], now: 10,
    ["free@0.00 0/5/0 0.00/0.00/0.00"]),
  Case(
    "without a price is nothing, and keeps its name", [(0, running("mystery")), (10, running("free"))],
    now: 10,
    ["free@0.00 0/5/0 0.00/0.00/0.00", "mystery 10/5/10 not priced"]),
  Case(
    "a known price is dearer than an unknown", [(0, running("mystery")), (10, running("t4"))], now: 10,
    ["mystery 10/5/0 not priced", "t4@0.60 0/5/10 0.00/0.05/0.10"]),
  Case(
    "replicas count for what is dearer", [(0, running("t4", replicas: 3)), (10, running("a10g"))], now: 10,
    ["a10g@1.20 10/5/0 0.20/0.10/0.00", "t4@0.60 0/15/30 0.00/0.15/0.30"]),
]

private let afterTheLastLook = [
  Case("watched", [(0, running("t4"))], now: 10, ["t4@0.60 10/10/10 0.10/0.10/0.10"]),
  Case("not watched", [(0, running("t4"))], now: 40, ["t4@0.60 15/15/40 0.15/0.15/0.40"]),
  Case("asleep", [(0, asleep)], now: 5, ["t4@0.60 0/0/5 0.00/0.00/0.05"]),
  Case(
    "later looks are left out", [(0, asleep), (10, running("t4"))], now: 5, ["t4@0.60 0/0/5 0.00/0.00/0.05"]),
  Case("no look yet", [(10, running("t4"))], now: 5, []),
]

private let gone = [
  Case("for good", [(0, running("t4")), (10, .gone)], now: 60, ["t4@0.60 0/5/10 0.00/0.05/0.10"]),
  Case(
    "for good, not watched", [(0, running("t4")), (30, .gone), (90, .gone)], now: 600,
    ["t4@0.60 0/15/30 0.00/0.15/0.30"]),
  Case(
    "after our action", [(0, running("t4")), (10, .gone)], actions: [4], now: 60,
    ["t4@0.60 4/4/4 0.04/0.04/0.04"]),
  Case(
    "and found again", [(0, running("t4")), (10, .gone), (20, .gone), (30, running("a10g"))], now: 30,
    ["a10g@1.20 0/0/20 0.00/0.00/0.40", "t4@0.60 0/5/10 0.00/0.05/0.10"]),
  Case(
    "and found again, dearer before", [(0, state(.paused, "a10g")), (10, .gone), (20, running("t4"))],
    actions: [15], now: 20, ["a10g@1.20 0/0/10 0.00/0.00/0.20"]),
  Case("at first", [(0, .gone), (10, running("t4"))], now: 10, ["t4@0.60 0/0/10 0.00/0.00/0.10"]),
  Case("always", [(0, .gone), (10, .gone)], now: 100, []),
  Case(
    "with hardware all the same", [(0, state(.gone, "t4")), (60, state(.gone, "t4", storage: .small))],
    now: 100, []),
]

private let states = [
  Case(
    "hardware that is asked for", [(0, state(.appStarting, nil, requested: "t4"))], now: 1,
    ["t4@0.60 1/1/1 0.01/0.01/0.01"]),
  Case(
    "current before requested", [(0, state(.appStarting, "a10g", requested: "t4"))], now: 1,
    ["a10g@1.20 1/1/1 0.02/0.02/0.02"]),
  Case("static", [(0, running(nil))], now: 60, []),
  Case("two replicas", [(0, running("t4", replicas: 2))], now: 10, ["t4@0.60 20/20/20 0.20/0.20/0.20"]),
  Case("no replica", [(0, running("t4", replicas: 0)), (30, running("t4", replicas: 0))], now: 60, []),
  Case("free keeps its line", [(0, running("free"))], now: 10, ["free@0.00 10/10/10 0.00/0.00/0.00"]),
  Case(
    "a stage from tomorrow", [(0, state(SpaceStage(rawValue: "NEW"), "free"))], now: 10,
    ["free@0.00 0/0/10 0.00/0.00/0.00"]),
]

@Test(arguments: equalLooks + changesByUs + changesByOthers + afterTheLastLook + gone + states)
func observationsBecomeCharges(_ example: Case) throws {
  let prices = try table()
  let usage = usage(
    example.looks.map { (minute($0), $1) }, actions: example.actions.map(minute), now: minute(example.now),
    prices: prices)
  let items = usage.lineItems(in: always, zone: .gmt, prices: prices)
  #expect(items.map(\.line) == example.expected)
  #expect(items.allSatisfy { $0.day.description == "2026-02-01" })
}

@Test func theMiddleIsRoundedDownToASecond() throws {
  let prices = try table()
  let usage = usage(
    [(midnight, running("t4")), (midnight + 601, running("a10g"))], now: midnight + 601, prices: prices)
  #expect(
    usage.lineItems(in: always, zone: .gmt, prices: prices).map(\.line) == [
      "a10g@1.20 0/6/11 0.00/0.12/0.22", "t4@0.60 11/5/0 0.11/0.05/0.00",
    ])
}

@Test func cheaperAndDearerAreDecidedAtEachInstant() throws {
  let prices = try table(
    testPrices.replacing(
      "per_hour: 1.20 }", with: "per_hour: 1.20 }, { from: 2026-02-01T00:04:00Z, per_hour: 0.30 }"))
  let usage = usage(
    [(minute(0), running("t4")), (minute(10), running("a10g"))], now: minute(10), prices: prices)
  #expect(
    usage.lineItems(in: always, zone: .gmt, prices: prices).map(\.line) == [
      "a10g@0.30 6/5/0 0.03/0.025/0.00", "a10g@1.20 0/0/4 0.00/0.00/0.08", "t4@0.60 4/5/6 0.04/0.05/0.06",
    ])
}

@Test func aBillingRuleHoldsFromItsInstant() throws {
  let prices = try table(
    testPrices.replacing(
      "stages: [", with: "stages: [{ from: 2026-02-01T00:04:30Z, billable: [RUNNING] }, "))
  let usage = usage([(minute(0), state(.appStarting, "t4"))], now: minute(10), prices: prices)
  #expect(
    usage.lineItems(in: always, zone: .gmt, prices: prices).map(\.line) == ["t4@0.60 5/5/10 0.05/0.05/0.10"])
}

@Test func gapsAreKept() throws {
  let prices = try table()
  let looks = [
    (10, running("t4")), (20, running("t4")), (50, running("t4")), (55, SpaceState.gone), (58, .gone),
    (60, asleep), (90, running("t4")),
  ].map { (minute($0), $1) }
  let usage = usage(looks, now: minute(120), prices: prices)
  let expected = [(20, 50), (55, 60), (60, 90), (105, 120)].map { minute($0)..<minute($1) }
  #expect(usage.gaps == expected)
  #expect(usage.gapSeconds(in: minute(40)..<minute(70)) == (10 + 5 + 10) * 60)
  #expect(
    prices.lineItems(of: Bounds(certain: usage.billedIfUnchanged), in: always, zone: .gmt).map(\.line) == [
      // 10 to 52:30, then from the middle of 60 and 90 until now
      "t4@0.60 88/88/88 0.88/0.88/0.88"
    ])
}

/// A long absence is stored in several rows, and began with the first of them.
@Test func whatIsGoneIsGoneSinceTheFirstLookThatMissedIt() {
  let start = Instant(secondsSince1970: 1_790_812_800)
  func interval(_ state: SpaceState, _ minutes: Int64...) -> Interval {
    Interval(state: state, looks: minutes.map { start + $0 * 60 })
  }
  func goneSince(_ intervals: [Interval]) -> Int64? {
    SpaceUsage(intervals: intervals, actions: [], now: start + 6000, prices: .builtIn).goneSince.map {
      ($0 - start) / 60
    }
  }
  let up = SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small)
  #expect(goneSince([interval(up, 0, 5), interval(.gone, 10, 15), interval(.gone, 20, 25)]) == 10)
  #expect(goneSince([interval(.gone, 0), interval(up, 5), interval(.gone, 10), interval(.gone, 200)]) == 10)
  #expect(goneSince([interval(.gone, 0), interval(up, 5)]) == nil)
  #expect(goneSince([]) == nil)
}
