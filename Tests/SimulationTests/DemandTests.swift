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

private let minute: Int64 = 60

private func state(_ stage: SpaceStage, sleep: Int64?, on hardware: SpaceHardware = .t4Small) -> SpaceState {
  SpaceState(
    stage: stage, hardware: stage == .running ? hardware : nil, requestedHardware: hardware,
    sleepTime: sleep.map { Int($0 * minute) })
}

/// Of two hours, in minutes: asleep at first.
private func demand(_ changes: (at: Int64, state: SpaceState)...) -> Demand {
  let range = start..<start + 120 * minute
  return Demand(
    VisitLog(), recorded: Visits([]),
    states: Timeline(
      state(.sleeping, sleep: 60), over: range, changes: changes.map { (start + $0.at * minute, $0.state) }),
    gaps: [], starts: [], in: range)
}

private func minutes(_ visits: Visits) -> [Int64] { visits.arrivals.map { ($0.at - start) / minute } }

/// When it woke and fell asleep is known from look to look: nobody is invented where one visitor explains what was seen,
/// and somebody may have come in all of the time that is open.
@Test func whatLooksLeaveOpenIsNotTakenForVisits() {
  let range = start..<start + 180 * minute
  func demand(from begin: Int64, until end: Int64, sleep: Int64) -> Demand {
    // Looks every five minutes; what changed did so in the middle.
    let looks = (0...36).map { start + $0 * 5 * minute }
    return Demand(
      VisitLog(), recorded: Visits([]),
      states: Timeline(
        state(.sleeping, sleep: sleep), over: range,
        changes: [
          (start + begin * minute - 150, state(.running, sleep: sleep)),
          (start + end * minute - 150, state(.sleeping, sleep: sleep)),
        ]), looks: looks, gaps: [], starts: [], in: range)
  }
  func seconds(_ visits: Visits) -> [Int64] { visits.arrivals.map { $0.at - start } }
  // Seen awake from 15 to 30: for 16 to 25 minutes.
  let one = demand(from: 15, until: 35, sleep: 18)
  #expect(seconds(one.least) == [750])
  #expect(seconds(one.most).first == 601 && seconds(one.most).last == 17 * 60)
  #expect(one.basis.unknownSeconds == 17 * 60 - 601)
  // It fits best where it came a little later, and not at all with less than 16 minutes.
  #expect(seconds(demand(from: 15, until: 35, sleep: 16).least) == [841])
  #expect(seconds(demand(from: 15, until: 35, sleep: 15).least).count == 2)
  // Three do for 61 to 69 minutes, one each 21 at most, where the middles of looks would take four.
  let three = seconds(demand(from: 15, until: 80, sleep: 21).least)
  #expect(three.count == 3 && zip(three, three.dropFirst()).allSatisfy { $1 - $0 <= 21 * 60 })
  #expect((601...900).contains(three[0]) && (75 * 60 + 1...80 * 60).contains(three[2] + 21 * 60))
}

/// Where a log tells who came, nobody else has come, also between the looks around its end.
@Test func whatALogTellsOfIsNotOpen() {
  let range = start..<start + 60 * minute
  let demand = Demand(
    VisitLog(spans: [start..<start + 11 * minute]), recorded: Visits([]),
    states: Timeline(
      state(.sleeping, sleep: 10), over: range,
      changes: [
        (start + 12 * minute, state(.running, sleep: 10)), (start + 32 * minute, state(.sleeping, sleep: 10)),
      ]),
    looks: (0...12).map { start + $0 * 5 * minute }, gaps: [], starts: [], in: range)
  #expect(demand.most.arrivals.first?.at == start + 11 * minute)
  #expect(demand.basis.unknownSeconds == 14 * minute)
}

/// It sleeps no sooner than the start is done: who came last is not known from a shorter sleep time.
@Test func whatFellAsleepAsItHadStartedWasVisitedOnce() {
  let range = start..<start + 120 * minute
  let demand = Demand(
    VisitLog(), recorded: Visits([]),
    states: Timeline(
      state(.sleeping, sleep: 5), over: range,
      changes: [
        (start + 10 * minute, state(.running, sleep: 5)), (start + 20 * minute, state(.sleeping, sleep: 5)),
      ]),
    program: SpaceProgram(startup: 600), gaps: [], starts: [], in: range)
  #expect(minutes(demand.least) == [10])
  #expect(minutes(demand.most) == Array(10...15))
  // Nor has anybody to come before that to keep it awake.
  let longer = Demand(
    VisitLog(), recorded: Visits([]),
    states: Timeline(
      state(.sleeping, sleep: 5), over: range,
      changes: [
        (start + 10 * minute, state(.running, sleep: 5)), (start + 27 * minute, state(.sleeping, sleep: 5)),
      ]),
    program: SpaceProgram(startup: 600), gaps: [], starts: [], in: range)
  #expect(minutes(longer.least) == [10, 20, 22])
}

/// Where a lowered sleep time sends it to sleep, somebody may have come until that time before.
@Test func whoCameBeforeASleepTimeWasLoweredIsNotKnown() {
  let lowered = demand((10, state(.running, sleep: 60)), (50, state(.sleeping, sleep: 5)))
  #expect(minutes(lowered.least) == [10])
  #expect(minutes(lowered.most) == Array(10...44))
  #expect(lowered.basis.unknownSeconds == 35 * minute)
  // Awake for longer than it sleeps after: somebody came, at the latest as late as that.
  let long = demand((10, state(.running, sleep: 60)), (72, state(.sleeping, sleep: 5)))
  #expect(minutes(long.least) == [10, 67])
  // From never to sleep on.
  let never = demand((10, state(.running, sleep: nil)), (50, state(.sleeping, sleep: 5)))
  #expect(minutes(never.least) == [10] && minutes(never.most).last == 44)
}

/// The last visit was one sleep time before it fell asleep, also where that had another one then.
@Test func sleepTimesMayChangeWhileItIsAwake() {
  let raised = demand(
    (10, state(.running, sleep: 20)), (25, state(.running, sleep: 60)), (80, state(.sleeping, sleep: 60)))
  #expect(minutes(raised.least) == [10, 20])
  let loweredBefore = demand(
    (10, state(.running, sleep: 60)), (50, state(.running, sleep: 15)), (60, state(.sleeping, sleep: 15)))
  // From 50 on it would have slept at once had nobody come since 35.
  #expect(minutes(loweredBefore.least) == [10, 45])
  let stays = demand((10, state(.running, sleep: 60)), (50, state(.running, sleep: 15)))
  #expect(minutes(stays.least) == [10, 50, 65, 80, 95, 110])
}

/// Nobody is served by a Space that is paused or has failed, and nobody knows who came.
@Test(arguments: [SpaceStage.paused, .runtimeError]) func whoWasTurnedAwayIsNotKnown(stage: SpaceStage) {
  let halted = demand((30, state(stage, sleep: 60)), (40, state(.sleeping, sleep: 60)))
  #expect(halted.least.isEmpty && halted.basis.unknownSeconds == 10 * minute)
  #expect(minutes(halted.most) == Array(30..<40))
}

/// Other hardware starts by being asked for, whoever asked.
@Test func otherHardwareIsNoVisitor() {
  #expect(minutes(demand((10, state(.running, sleep: 60))).least) == [10, 70])
  let moved = demand((10, state(.running, sleep: 60, on: .a10gSmall)))
  #expect(minutes(moved.least) == [70])
}
