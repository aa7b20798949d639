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
    imported: visits, known: [start..<start + hour, start + 7 * hour..<start + 9 * hour], recorded: seen,
    states: Timeline(running, over: range), starts: [], in: range)
  #expect(demand.unknownSeconds == 7 * hour)
  #expect(demand.sources == [.imported, .recorded])
  #expect(!demand.isKnown)
  // What a look saw counts where no log told, and only there.
  #expect(
    demand.least.arrivals.map(\.at) == [start + 10, start + 3 * hour, start + 8 * hour])
}
