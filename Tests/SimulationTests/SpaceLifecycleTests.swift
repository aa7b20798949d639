import Simulation
import Spaces
import Testing
import Timelines

private let midnight = Instant(secondsSince1970: 1_767_225_600)

/// What a life came to: `seconds since midnight, stage, current hardware or -`.
private func story(_ life: SpaceLifecycle) -> [String] {
  life.states.segments.map {
    "\($0.range.lowerBound - midnight) \($0.value.stage) \($0.value.hardware?.rawValue ?? "-")"
  }
}

private func life(
  _ stage: SpaceStage = .running, on hardware: SpaceHardware = .t4Small,
  sleep: SleepTime = .after(seconds: 300),
  program: SpaceProgram = SpaceProgram()
) -> SpaceLifecycle {
  SpaceLifecycle(stage: stage, hardware: hardware, sleep: sleep, program: program, at: midnight)
}

@Suite struct SpaceLifecycleTests {
  @Test func sleepsAfterTheLastVisitAndWakesAtTheNext() {
    var space = life()
    space.advance(to: midnight + 100)
    space.visit()
    #expect(space.nextDue == midnight + 400)
    space.advance(to: midnight + 1000)
    space.visit()
    space.advance(to: midnight + 1030)
    space.visit(count: 2)
    space.advance(to: midnight + 5000)
    #expect(
      story(space) == [
        "0 RUNNING t4-small", "400 SLEEPING -", "1000 APP_STARTING t4-small", "1060 RUNNING t4-small",
        "1330 SLEEPING -",
      ])
    #expect(space.visitors.coldStarts == 1)
    #expect(space.visitors.delayed == 2)
    #expect(space.visitors.waitSeconds == 60 + 2 * 30)
    #expect(space.nextDue == nil)
  }

  @Test(arguments: [(gap: Int64(300), coldStarts: 0), (301, 1)])
  func aVisitAtTheInstantOfSleepStillFindsItAwake(gap: Int64, coldStarts: Int) {
    var space = life()
    space.advance(to: midnight + gap)
    #expect(space.state.stage == .sleeping)
    space.visit()
    #expect(space.state.stage == (coldStarts == 0 ? .running : .appStarting))
    #expect(space.visitors.coldStarts == coldStarts)
  }

  @Test func sleepWaitsForTheEndOfTheStart() {
    var space = life(.sleeping, sleep: .after(seconds: 10))
    space.visit()
    space.advance(to: midnight + 1000)
    #expect(story(space) == ["0 APP_STARTING t4-small", "60 SLEEPING -"])
  }

  @Test func aStartOfNoTimeServesAtOnce() {
    var space = life(.sleeping, sleep: .after(seconds: 0), program: SpaceProgram(startup: 0))
    space.visit()
    #expect(story(space) == ["0 SLEEPING -"])
    #expect(space.visitors == VisitorTally(coldStarts: 1))
  }

  @Test(arguments: [SpaceStage.paused, .runtimeError, .buildError, SpaceStage(rawValue: "MOVING")])
  func turnsVisitorsAwayWherePausedOrFailed(stage: SpaceStage) {
    var space = life(stage)
    space.visit(count: 3)
    #expect(space.visitors == VisitorTally(turnedAway: 3))
    #expect(story(space) == ["0 \(stage) -"])
  }

  @Test func hardwareStartsAtOnceAndTheSameHardwareDoesNothing() {
    var space = life()
    space.advance(to: midnight + 10)
    space.requestHardware(.t4Small)
    #expect(space.state.stage == .running)
    space.requestHardware(.a10gSmall)
    #expect(space.state.sleepTime == 300)
    space.requestHardware(.cpuBasic, sleep: .after(seconds: 5))
    #expect(space.state.sleepTime == 172_800)
    space.requestSleepTime(.never)
    #expect(space.state.sleepTime == 172_800)
    space.requestHardware(.a10gSmall)
    #expect(space.state.sleepTime == nil)
    space.requestHardware(.a10gSmall, sleep: .after(seconds: 900))
    #expect(space.state.sleepTime == 900)
    #expect(story(space) == ["0 RUNNING t4-small", "10 APP_STARTING a10g-small"])
  }

  @Test(arguments: [SpaceStage.sleeping, .stopped, .building, .appStarting, .runtimeError])
  func hardwareStartsFromAnyStageButPaused(stage: SpaceStage) {
    var space = life(stage, program: SpaceProgram(build: 600))
    space.requestHardware(.l4x1)
    #expect(space.state.stage == .appStarting)
    #expect(space.state.hardware == .l4x1)
  }

  @Test func aPausedSpaceKeepsItsHardwareForTheRestart() {
    var space = life(.paused)
    space.requestHardware(.l4x1)
    space.advance(to: midnight + 50)
    #expect(space.state == SpaceState(stage: .paused, requestedHardware: .l4x1, sleepTime: 300))
    space.restart()
    space.advance(to: midnight + 110)
    #expect(story(space).suffix(2) == ["50 APP_STARTING l4x1", "110 RUNNING l4x1"])
  }

  @Test func anotherSleepTimeCountsFromTheLastUse() {
    var space = life(sleep: .never)
    #expect(space.nextDue == nil)
    space.advance(to: midnight + 1000)
    space.requestSleepTime(.after(seconds: 900))
    #expect(space.state.stage == .sleeping)
    #expect(story(space) == ["0 RUNNING t4-small", "1000 SLEEPING -"])
  }

  @Test func settingsCountBeforeVisitsAndVisitsBeforeSleepAtOneInstant() {
    var space = life()
    space.advance(to: midnight + 300)
    space.visit()
    space.pause()
    #expect(story(space) == ["0 RUNNING t4-small", "300 PAUSED -"])
    #expect(space.visitors == VisitorTally(turnedAway: 1))
    space.restart()
    #expect(space.visitors == VisitorTally(delayed: 1, waitSeconds: 60))
    #expect(story(space) == ["0 RUNNING t4-small", "300 APP_STARTING t4-small"])
  }

  @Test func whatIsOverdueAtBirthNeverRuns() {
    #expect(story(life(sleep: .after(seconds: 0))) == ["0 SLEEPING -"])
  }

  @Test func aProgramFailsOnHardwareThatItCannotUse() {
    var space = life(program: SpaceProgram(failsOn: [.cpuBasic]))
    space.requestHardware(.cpuBasic)
    space.advance(to: midnight + 100)
    #expect(story(space) == ["0 APP_STARTING cpu-basic", "60 RUNTIME_ERROR -"])
    space.requestHardware(.t4Small)
    space.advance(to: midnight + 200)
    #expect(story(space).last == "160 RUNNING t4-small")
  }

  @Test(arguments: [SpaceStage.buildError, .configError, .noAppFile])
  func whatNeedsMendingStaysSo(stage: SpaceStage) {
    var space = life(stage)
    space.requestHardware(.l4x1)
    space.restart()
    space.pause()
    space.restart()
    space.advance(to: midnight + 1000)
    #expect(space.state == SpaceState(stage: stage, requestedHardware: .l4x1, sleepTime: 300))
  }

  @Test func aBuildEndsInAStartAndACopyServesMeanwhile() {
    var space = life(program: SpaceProgram(build: 600))
    space.build()
    space.advance(to: midnight + 500)
    space.visit()
    space.advance(to: midnight + 1000)
    #expect(
      story(space) == [
        "0 RUNNING_BUILDING t4-small", "600 APP_STARTING t4-small", "660 RUNNING t4-small", "900 SLEEPING -",
      ])
    #expect(space.visitors == VisitorTally())
    var new = life(.building, program: SpaceProgram(startups: [.t4Small: 30], build: 100))
    new.visit()
    new.advance(to: midnight + 130)
    #expect(story(new) == ["0 BUILDING -", "100 APP_STARTING t4-small", "130 RUNNING t4-small"])
    #expect(new.visitors == VisitorTally(delayed: 1, waitSeconds: 130))
  }

  @Test func replicasNeedUpgradedHardware() {
    var space = life()
    space.requestReplicas(3)
    #expect(space.state.replicas == 3)
    space.requestHardware(.cpuBasic)
    space.requestReplicas(2)
    #expect(space.state.replicas == 1)
  }

  @Test func timeNeverGoesBack() {
    var space = life()
    space.advance(to: midnight + 10)
    space.advance(to: midnight)
    #expect(space.now == midnight + 10)
  }
}

/// It wakes nothing that has to be mended first, and nobody waits less than not at all.
@Test func aVisitorOfASpaceThatCannotStartIsTurnedAway() {
  var space = life(.sleeping, program: SpaceProgram(mending: .buildError))
  space.advance(to: midnight + 1000)
  space.visit(count: 2)
  #expect(space.visitors.turnedAway == 2)
  #expect(space.visitors.coldStarts == 0 && space.visitors.waitSeconds == 0)
  #expect(story(space).last == "1000 BUILD_ERROR -")
}
