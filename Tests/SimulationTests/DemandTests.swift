import Simulation
import Spaces
import Testing
import Timelines

private let start = Instant(secondsSince1970: 1_795_000_000)

/// A month that is missing between two logs is no month without visitors.
@Test func whatNoLogToldIsNotKnown() throws {
  let hour: Int64 = 3600
  let range = start..<start + 10 * hour
  let running = SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small)
  let visits = Visits([Visit(at: start + 10), Visit(at: start + 8 * hour)])
  let seen = Visits([Visit(at: start + 20), Visit(at: start + 3 * hour)])
  let demand = Demand(
    VisitLog(visits, spans: [start..<start + hour, start + 7 * hour..<start + 9 * hour]), recorded: seen,
    states: Timeline(running, over: range), gaps: [], starts: [], in: range)
  #expect(demand.basis.unknownSeconds == 7 * hour)
  #expect(demand.basis.sources == [.imported, .recorded])
  #expect(!demand.isKnown)
  // What a look saw counts where no log told, and only there.
  #expect(
    demand.least.arrivals.map(\.at) == [start + 10, start + 3 * hour, start + 8 * hour])
}

/// What a look saw is one of those who kept it awake: nobody else has to be taken to have come, while it was within the
/// sleep time of the others.
@Test func whoWasSeenNeedNotBeInferred() {
  let minute: Int64 = 60
  let range = start..<start + 120 * minute
  let up = SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: 1800)
  let asleep = SpaceState(stage: .sleeping, requestedHardware: .t4Small, sleepTime: 1800)
  func least(_ seen: Int64...) -> [Int64] {
    let demand = Demand(
      VisitLog(), recorded: Visits(seen.map { Visit(at: start + $0 * minute) }),
      states: Timeline(
        asleep, over: range, changes: [(start + 10 * minute, up), (start + 110 * minute, asleep)]),
      gaps: [], starts: [], in: range)
    return demand.least.arrivals.map { ($0.at - start) / minute }
  }
  // It woke at 10, was visited last at 80, and never slept in between.
  #expect(least() == [10, 40, 70, 80])
  #expect(least(30) == [10, 30, 60, 80])
  #expect(least(40, 70) == [10, 40, 70, 80])
  #expect(least(41) == [10, 40, 41, 71, 80])
  #expect(least(25, 50, 60) == [10, 25, 50, 60, 80])
}
