import Money
import Simulation
import Spaces
import TestSupport
import Testing
import Timelines

/// Random visits on few seconds, so that gaps are often equal to each other, to sleep times and to starts.
private struct Case {
  var visits: Visits
  var range: Range<Instant>
  var startup: Int64
  var perHour: Money
  var perColdStart: Money
  var random: SplitMix64

  init(seed: UInt64, most: Int = 40) {
    var random = SplitMix64(seed: seed)
    let origin = Instant(secondsSince1970: 86_400 * 20_000 - 300)
    visits = Visits(
      (0...Int.random(in: 0..<most, using: &random)).map { _ in
        Visit(
          at: origin + Int64.random(in: 0..<600, using: &random), count: Int.random(in: 1...3, using: &random)
        )
      })
    let last = visits.arrivals.last?.at ?? origin
    range = origin..<last + Int64.random(in: 1...90, using: &random)
    startup = [0, 1, 10, 60].randomElement(using: &random) ?? 0
    perHour = Money(nanoDollars: [0, 400_000_000, 2_500_000_000].randomElement(using: &random) ?? 0)
    perColdStart = Money(nanoDollars: [0, 1_111_111, 50_000_000].randomElement(using: &random) ?? 0)
    self.random = random
  }

  func trial(_ sleep: SleepTime) -> SpaceReplay {
    SpaceReplay(visits, in: range, hardware: .t4Small, sleep: sleep, startup: startup)
  }

  func cost(_ awakeSeconds: Int64, _ coldStarts: Int) -> ExactCost {
    ExactCost(
      awakeSeconds: awakeSeconds, coldStarts: coldStarts, perHour: perHour, perColdStart: perColdStart)
  }
}

@Test(arguments: 0..<200 as Range<UInt64>)
func theCurveIsWhatReplaysAre(seed: UInt64) throws {
  var example = Case(seed: seed)
  let curve = try #require(SleepCurve(example.visits, until: example.range.upperBound))
  let seconds = (0..<8).map { _ in example.startup + Int64.random(in: 0..<120, using: &example.random) }
  for sleep in [SleepTime.never] + seconds.map({ .after(seconds: Int($0)) }) {
    let trial = example.trial(sleep)
    let outcome = curve.outcome(of: sleep)
    #expect(outcome.awakeSeconds == trial.awakeSeconds, "seed \(seed), sleep \(sleep)")
    #expect(outcome.coldStarts == trial.visitors.coldStarts, "seed \(seed), sleep \(sleep)")
  }
}

@Test(arguments: 0..<60 as Range<UInt64>)
func noSleepTimeIsBetterThanTheBest(seed: UInt64) throws {
  let example = Case(seed: seed)
  let curve = try #require(SleepCurve(example.visits, until: example.range.upperBound))
  let best = curve.best(
    startup: example.startup, perHour: example.perHour, perColdStart: example.perColdStart)
  let longest = example.range.seconds + 1
  let all = (example.startup...longest).map { SleepTime.after(seconds: Int($0)) } + [.never]
  let costs = all.map { sleep in
    let outcome = curve.outcome(of: sleep)
    return (sleep, example.cost(outcome.awakeSeconds, outcome.coldStarts))
  }
  // The first of those that cost least: the shortest.
  let least = try #require(costs.min { $0.1 < $1.1 })
  #expect(best.sleep == least.0, "seed \(seed)")
  #expect(best.cost == least.1, "seed \(seed)")
}

/// Every way to stay or to sleep after each visit, tried.
private func leastByTrial(_ example: Case) -> ExactCost {
  let arrivals = example.visits.arrivals
  func least(after index: Int, readyAt ready: Instant) -> ExactCost {
    guard index + 1 < arrivals.count else { return example.cost(0, 0) }
    let next = arrivals[index + 1].at
    if next <= ready { return least(after: index + 1, readyAt: ready) }
    let stay = example.cost(next - ready, 0) + least(after: index + 1, readyAt: next)
    let sleep = example.cost(0, 1) + cold(index + 1)
    return min(stay, sleep)
  }
  func cold(_ index: Int) -> ExactCost {
    let at = arrivals[index].at
    return example.cost(min(example.startup, example.range.upperBound - at), 0)
      + least(after: index, readyAt: at + example.startup)
  }
  return example.cost(0, 1) + cold(0)
}

@Test(arguments: 0..<100 as Range<UInt64>)
func hindsightIsTheLeastOfAllWays(seed: UInt64) throws {
  let example = Case(seed: seed, most: 12)
  let hindsight = try #require(
    example.visits.hindsight(
      until: example.range.upperBound, startup: example.startup, perHour: example.perHour,
      perColdStart: example.perColdStart))
  #expect(hindsight == leastByTrial(example), "seed \(seed)")
}

/// Visits told one by one are the same life as visits told together.
@Test(arguments: 0..<200 as Range<UInt64>)
func manyVisitsAreEachVisit(seed: UInt64) {
  var example = Case(seed: seed)
  // Also in bursts, so that very many come within a sleep time.
  if !seed.isMultiple(of: 2) {
    example.visits = Visits(
      example.visits.arrivals.flatMap { visit in
        (0..<Int64.random(in: 1...40, using: &example.random)).map { Visit(at: visit.at + $0) }
      })
  }
  let sleep = SleepTime.after(seconds: Int.random(in: 0..<80, using: &example.random))
  func life() -> SpaceLifecycle {
    SpaceLifecycle(
      stage: .sleeping, hardware: .t4Small, sleep: sleep, program: SpaceProgram(startup: example.startup),
      at: example.range.lowerBound)
  }
  var together = life()
  var oneByOne = life()
  var waits: Int64 = 0
  together.live(through: example.visits.arrivals[...]) { waits += $0.seconds * Int64($0.visit.count) }
  for visit in example.visits.arrivals {
    oneByOne.advance(to: visit.at)
    oneByOne.visit(count: visit.count)
  }
  let isSame = together == oneByOne
  #expect(isSame, "seed \(seed)")
  #expect(waits == together.visitors.waitSeconds, "seed \(seed)")
}

@Test func nobodyCame() {
  #expect(SleepCurve(Visits([]), until: Instant(secondsSince1970: 5)) == nil)
  #expect(
    Visits([]).hindsight(
      until: Instant(secondsSince1970: 5), startup: 60, perHour: .zero, perColdStart: .zero) == nil)
}

@Test func visitsOfOneSecondAreOneArrival() {
  let at = Instant(secondsSince1970: 100)
  let visits = Visits([Visit(at: at + 5), Visit(at: at, count: 2), Visit(at: at + 5, count: 3)])
  #expect(visits.arrivals == [Visit(at: at, count: 2), Visit(at: at + 5, count: 4)])
  #expect(visits.count == 6)
  #expect(visits.span == at..<at + 6)
  #expect(visits.clipped(to: at + 1..<at + 5).isEmpty)
}
