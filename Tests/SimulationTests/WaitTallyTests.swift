import Simulation
import Spaces
import Testing
import Timelines

private func tally(_ waits: (seconds: Int64, people: Int, outcome: Wait.Outcome)...) -> WaitTally {
  waits.reduce(into: WaitTally()) { tally, wait in
    tally.add(
      Wait(Visit(at: Instant(secondsSince1970: 0), count: wait.people), wait.outcome, seconds: wait.seconds))
  }
}

@Test func waitsAreCountedFromTheShortest() {
  let waits = tally(
    (60, 1, .coldStart), (30, 2, .delayed), (60, 3, .coldStart), (5, 4, .delayed), (0, 90, .turnedAway))
  #expect(waits.people == 10)
  #expect(waits.longest == 60)
  // Four waited 5 seconds, two 30, and four 60.
  #expect([1, 40, 41, 60, 61, 100].map(waits.percentile) == [5, 5, 30, 30, 60, 60])
}

@Test func nobodyWaited() {
  for waits in [tally(), tally((0, 3, .turnedAway))] {
    #expect(waits.people == 0)
    #expect(waits.longest == nil)
    #expect(waits.percentile(95) == nil)
  }
}
