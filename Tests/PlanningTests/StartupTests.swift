import Planning
import Spaces
import TestSupport
import Testing
import Timelines

private let hour: Int64 = 3600
private let start = Instant(secondsSince1970: 1_793_000_000)

private let all = Instant.distantPast..<Instant.distantFuture

private func looks(_ stage: SpaceStage, on hardware: SpaceHardware = .t4Small, _ seconds: Int64...)
  -> Interval
{
  let runsOn = stage.isAsleep ? nil : hardware
  return Interval(
    state: SpaceState(stage: stage, hardware: runsOn, requestedHardware: hardware, sleepTime: 3600),
    looks: seconds.map { start + $0 })
}

/// Woken a number of times an hour apart, and looked at a minute before, a number of seconds after it woke, and when it
/// had been up for long.
private func wakes(seenStarting: [Int64], up: [Int64]) -> [Interval] {
  zip(seenStarting, up).enumerated().flatMap { index, look in
    let woken = Int64(index) * 10 * hour
    return [
      looks(.sleeping, woken - 60), looks(.appStarting, woken + look.0),
      looks(.running, woken + look.1, woken + hour),
    ]
  }
}

private func woken(_ count: Int) -> [Visit] {
  (0..<count).map { Visit(at: start + Int64($0) * 10 * hour) }
}

/// Whoever came while it slept began the start: without visits it began between two looks.
@Test func aSpaceThatWakesTellsHowLongItsStartsTake() {
  let seen = StartupsSeen(wakes(seenStarting: [80, 118, 20], up: [300, 125, 400]), [])
  #expect(seen.seconds(assuming: 60, visits: woken(3), known: [all]) == [.t4Small: 119])
  #expect(seen.seconds(assuming: 300, visits: woken(3), known: [all]) == [.t4Small: 125])
  #expect(seen.seconds(assuming: 60) == [.t4Small: 60])
  #expect(seen.seconds(assuming: 300) == [.t4Small: 185])
  // Rules that act early go by starts that were asked for.
  #expect(seen.longest.isEmpty && seen.shortest.isEmpty)
}

/// A log that tells of somebody who did not wake it, and a start that took its time, are not all others.
@Test func whatMostStartsAllowCounts() {
  let seen = StartupsSeen(wakes(seenStarting: [70, 80, 900, 75], up: [100, 95, 960, 90]), [])
  #expect(seen.seconds(assuming: 60, visits: woken(4), known: [all]) == [.t4Small: 81])
  #expect(seen.seconds(assuming: 2000, visits: woken(4), known: [all]) == [.t4Small: 90])
  // One of two that are as near, as nobody is served too early by the longer.
  let apart = StartupsSeen(wakes(seenStarting: [10, 89], up: [40, 120]), [])
  #expect(apart.seconds(assuming: 65, visits: woken(2), known: [all]) == [.t4Small: 90])
}

/// Looks and visits of one second: it was asleep before whoever came then, and up before whoever came then.
@Test func whoComesInTheSecondOfALookComesAfterIt() {
  let intervals = [looks(.sleeping, 0), looks(.running, 300)]
  func seconds(_ visits: Int64...) -> [SpaceHardware: Int64] {
    StartupsSeen(intervals, []).seconds(
      assuming: 500, visits: visits.map { Visit(at: start + $0) }, known: [all])
  }
  #expect(seconds(300) == [.t4Small: 300])
  #expect(seconds(0, 270) == [.t4Small: 300])
  #expect(seconds(270) == [.t4Small: 30])
}

/// Between two looks it may have slept and been woken once more: by whom is not known then.
@Test func ofSeveralWakesBetweenLooksTheLastMayBeTheOne() {
  let intervals = [
    looks(.sleeping, 0), looks(.appStarting, 3 * hour, 3 * hour + 20, 5 * hour), looks(.running, 6 * hour),
  ]
  func seconds(assuming assumed: Int64, _ visits: Int64...) -> Int64? {
    let visits = visits.map { Visit(at: start + $0) }
    return StartupsSeen(intervals, []).seconds(assuming: assumed, visits: visits, known: [all])[.t4Small]
  }
  // Its sleep time is an hour. Whoever came last began the start that was seen 10 and 30 seconds later.
  #expect(seconds(assuming: 1, 30, 3 * hour - 10) == 31)
  #expect(seconds(assuming: 9 * hour, 30, 3 * hour - 10) == 6 * hour - 30)
  // Not two hours later: by then it may have been another.
  #expect(seconds(assuming: 1) == 21)
}

/// A start that takes longer than the sleep time ends in sleep.
@Test func whatFellAsleepAgainHadStarted() throws {
  let intervals = [looks(.sleeping, 0), looks(.appStarting, 300, 600), looks(.sleeping, 900)]
  let seen = StartupsSeen(intervals, [])
  #expect(seen.seconds(assuming: 60, visits: [Visit(at: start + 7)], known: [all]) == [.t4Small: 594])
  #expect(seen.seconds(assuming: 9000, visits: [Visit(at: start + 7)], known: [all]) == [.t4Small: 893])
  // It starts throughout, also for longer than its sleep time, where it was looked at all the time.
  let minutes = (1...70).map { Int64($0) * 60 }
  let long = [
    looks(.sleeping, 0),
    Interval(state: intervals[1].state, looks: minutes.map { start + $0 }), looks(.sleeping, 71 * 60),
  ]
  #expect(StartupsSeen(long, []).seconds(assuming: 60) == [.t4Small: 69 * 60 + 1])
  let asked = SpaceAction(
    space: try SpaceID("acme/chat"), at: start + 100, kind: .hardware, from: "cpu-basic", to: "t4-small",
    outcome: .done, reason: "")
  #expect(StartupsSeen(intervals, [asked]).longest == [.t4Small: 500])
  #expect(StartupsSeen(intervals, [asked]).shortest == [.t4Small: 800])
  // What was not seen to start has not slept again: looks that saw the same may be told in parts.
  #expect(StartupsSeen([looks(.sleeping, 0), looks(.sleeping, 300)], []).seconds(assuming: 60).isEmpty)
  #expect(StartupsSeen([looks(.sleeping, 0), looks(.sleeping, 300)], [asked]).shortest.isEmpty)
}

/// What we started was not woken by a visit.
@Test func onlyWhatAVisitBeganIsAWake() throws {
  let intervals = [looks(.sleeping, 0), looks(.running, 50)]
  let restart = SpaceAction(
    space: try SpaceID("acme/chat"), at: start + 10, kind: .restart, from: "SLEEPING", to: "RUNNING",
    outcome: .done,
    reason: "")
  #expect(StartupsSeen(intervals, []).seconds(assuming: 60) == [.t4Small: 50])
  #expect(StartupsSeen(intervals, [restart]).seconds(assuming: 60).isEmpty)
  let slept = [looks(.sleeping, 0), looks(.appStarting, 20), looks(.sleeping, 500), looks(.running, 5000)]
  #expect(StartupsSeen(slept, []).seconds(assuming: 9000) == [.t4Small: 500])
  let moved = [looks(.sleeping, 0), looks(.running, on: .a10gSmall, 50)]
  #expect(StartupsSeen(moved, []).seconds(assuming: 60).isEmpty)
  let built = [
    looks(.sleeping, 0), looks(.building, 20, 900), looks(.appStarting, 1000), looks(.running, 1050),
  ]
  #expect(StartupsSeen(built, []).seconds(assuming: 60).isEmpty)
}

/// A start of one that took long is not what others allow, which were seen up just then.
@Test func rangesThatMeetAgreeOnNothing() {
  let seen = StartupsSeen(wakes(seenStarting: [20, 20, 300], up: [300, 300, 900]), [])
  #expect(seen.seconds(assuming: 60, visits: woken(3), known: [all]) == [.t4Small: 60])
}

/// Where a log does not reach from look to look somebody may have come of whom it does not tell.
@Test func whoCameWhereNoLogToldMayHaveBegunIt() {
  let seen = StartupsSeen([looks(.sleeping, 0), looks(.appStarting, 3000), looks(.running, 3600)], [])
  func seconds(_ known: Range<Int64>) -> Int64? {
    seen.seconds(
      assuming: 60, visits: [Visit(at: start + 120)],
      known: [start + known.lowerBound..<start + known.upperBound])[
        .t4Small]
  }
  #expect(seconds(0..<3001) == 2881)
  #expect(seconds(0..<3000) == 60 && seconds(1..<3601) == 60)
}
