import Planning
import Spaces
import TestSupport
import Testing
import Timelines

private let hour: Int64 = 3600
private let start = Instant(secondsSince1970: 1_793_000_000)

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
  #expect(seen.seconds(assuming: 60, visits: woken(3)) == [.t4Small: 118])
  #expect(seen.seconds(assuming: 300, visits: woken(3)) == [.t4Small: 125])
  #expect(seen.seconds(assuming: 60) == [.t4Small: 60])
  #expect(seen.seconds(assuming: 300) == [.t4Small: 185])
  // Rules that act early go by starts that were asked for.
  #expect(seen.longest.isEmpty && seen.shortest.isEmpty)
}

/// A log that tells of somebody who did not wake it, and a start that took its time, are not all others.
@Test func whatMostStartsAllowCounts() {
  let seen = StartupsSeen(wakes(seenStarting: [70, 80, 900, 75], up: [100, 95, 960, 90]), [])
  #expect(seen.seconds(assuming: 60, visits: woken(4)) == [.t4Small: 80])
  #expect(seen.seconds(assuming: 2000, visits: woken(4)) == [.t4Small: 90])
}

/// What we started was not woken by a visit, and what fell asleep again in between was up for some time.
@Test func onlyWhatAVisitBeganIsAWake() throws {
  let intervals = [looks(.sleeping, 0), looks(.running, 50)]
  let restart = SpaceAction(
    space: try SpaceID("acme/chat"), at: start + 10, kind: .restart, from: "SLEEPING", to: "RUNNING",
    outcome: .done,
    reason: "")
  #expect(StartupsSeen(intervals, []).seconds(assuming: 60) == [.t4Small: 50])
  #expect(StartupsSeen(intervals, [restart]).seconds(assuming: 60).isEmpty)
  let slept = [looks(.sleeping, 0), looks(.appStarting, 20), looks(.sleeping, 500), looks(.running, 5000)]
  #expect(StartupsSeen(slept, []).seconds(assuming: 9000) == [.t4Small: 4500])
  let moved = [looks(.sleeping, 0), looks(.running, on: .a10gSmall, 50)]
  #expect(StartupsSeen(moved, []).seconds(assuming: 60).isEmpty)
}
