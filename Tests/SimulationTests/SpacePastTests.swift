import Money
import Pricing
import Schedules
import Simulation
import Spaces
import Testing
import Timelines

private let start = Instant(secondsSince1970: 1_791_158_400)  // Monday, 2026-10-05
private let day: Int64 = 86_400
private let hour: Int64 = 3600
private let up = SpaceState(
  stage: .running, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: Int(hour))
private let paused = SpaceState(stage: .paused, requestedHardware: .t4Small, sleepTime: Int(hour))

/// Looks every quarter of an hour, and what they saw from each instant on.
private func past(
  _ changes: [(Instant, SpaceState)], _ actions: [SpaceAction] = [], until now: Instant
) throws -> SpacePast {
  let states = Timelines.Timeline(changes[0].1, over: changes[0].0..<now, changes: changes)
  let intervals = states.segments.map { segment in
    Interval(
      state: segment.value,
      looks: stride(from: 0, to: segment.range.seconds, by: 900).map { segment.range.lowerBound + $0 })
  }
  return SpacePast(
    try SpaceID("acme/chat"), intervals: intervals, actions: actions, startup: 60, now: now, prices: .builtIn)
}

private func schedule(_ policy: String) throws -> SpaceSchedule {
  let (schedules, mistakes) = Schedules.read([
    ("rules.yaml", "version: 1\npolicies: [{ name: chat, spaces: [acme/chat], zone: UTC, \(policy) }]")
  ])
  #expect(!mistakes.contains { $0.severity == .error }, "\(mistakes)")
  return SpaceSchedule(try #require(schedules.policies.first))
}

private func replayed(_ past: SpacePast, _ schedule: SpaceSchedule?, in range: Range<Instant>)
  -> SpaceComparison?
{
  SpaceComparison(
    past, in: range, current: { range in schedule.map { RuleSteps($0, in: range) } }, proposed: { _ in nil },
    prices: .builtIn, isGranted: false, clock: WallClock(.gmt))
}

/// Up from 8 to 22 o'clock, and paused at night: by our run, or by somebody else.
private func nights(ours: Bool) throws -> SpacePast {
  let days = (0..<14 as Range<Int64>).map { start + $0 * day }
  let changes = [(start, paused)] + days.flatMap { [($0 + 8 * hour, up), ($0 + 22 * hour, paused)] }
  let space = try SpaceID("acme/chat")
  let actions = days.flatMap { midnight in
    [
      SpaceAction(
        space: space, at: midnight + 8 * hour, kind: .restart, from: "PAUSED", to: "RUNNING", outcome: .done,
        reason: "", cause: .endOfPause),
      SpaceAction(
        space: space, at: midnight + 22 * hour, kind: .pause, from: "RUNNING", to: "PAUSED", outcome: .done,
        reason: "", cause: .rules),
    ]
  }
  var past = try past(changes, ours ? actions : [], until: start + 14 * day)
  past.log = VisitLog(Visits(days.map { Visit(at: $0 + 9 * hour) }), spans: [start..<start + 14 * day])
  return past
}

/// As in runs: nothing asks for it any more in the morning.
@Test(arguments: [true, false]) func aPauseOfOursEndsInReplaysAndForecasts(ours: Bool) throws {
  let past = try nights(ours: ours)
  let rules = try schedule(
    """
    rules: [{ cron: "0 8 * * *", set: { hardware: t4-small, sleep: 1h } }, { cron: "0 22 * * *", set: { state: paused } }]
    """)
  let comparison = try #require(replayed(past, rules, in: start + 7 * day..<start + 14 * day))
  // From 8:00, when it starts, to an hour after the visitor of nine.
  #expect(comparison.current.time.seconds == (ours ? Int128(7 * 2 * hour) : 0), "\(comparison.current.time)")
  #expect(comparison.beginsHalted == (ours ? nil : .paused))
  let now = start + 13 * day + 23 * hour
  let always = try schedule("default: { hardware: t4-small, sleep: never }")
  let rest = SpaceForecast.restOfMonth(now..<now + day, zone: .gmt, now: now)
  let forecast = SpaceForecast(
    of: past, rest: rest, zone: .gmt, now: now, schedule: always, isGranted: false, spent: .zero,
    prices: .builtIn)
  let whole = try Money("9.60")
  #expect((forecast.basis == .rules && forecast.total == Bounds(certain: whole)) == ours)
}

/// What was deleted costs nothing more, whoever would have come.
@Test func whatIsGoneIsNotReplayed() throws {
  let gone = start + 3 * day
  let past = try past([(start, up), (gone, .gone)], until: start + 14 * day)
  let comparison = try #require(replayed(past, nil, in: start..<start + 14 * day))
  #expect(comparison.range.upperBound <= gone)
  #expect(comparison.current.cost.high <= (try Money("0.40").scaled(by: 3 * 24, over: 1)))
  #expect(replayed(past, nil, in: gone..<start + 14 * day) == nil)
}

/// A look a night tells nothing of the days between.
@Test func whoCameWhereNobodyLookedIsNotKnown() throws {
  let asleep = SpaceState(stage: .sleeping, requestedHardware: .t4Small, sleepTime: Int(hour))
  let looks = (0..<14 as Range<Int64>).map { start + $0 * day + 2 * hour }
  let past = SpacePast(
    try SpaceID("acme/chat"), intervals: [Interval(state: asleep, looks: looks)], actions: [], startup: 60,
    now: start + 14 * day, prices: .builtIn)
  let comparison = try #require(replayed(past, nil, in: looks[0]..<looks[13]))
  #expect(comparison.demand.unknownSeconds == 13 * day)
  #expect(comparison.current.cost.estimate == .zero)
  #expect(comparison.current.cost.high == (try Money("0.40").scaled(by: 13 * 24, over: 1)))
}

/// A look by a clock that stood at 1970, or will have stood still.
@Test func aLookOfAWrongClockBeginsNoHistory() throws {
  let looks = (0..<960 as Range<Int64>).map { start + $0 * 900 }
  let past = SpacePast(
    try SpaceID("acme/chat"),
    intervals: [Interval(state: up, looks: [Instant(secondsSince1970: 60)] + looks)],
    actions: [], startup: 60, now: start + 10 * day, prices: .builtIn)
  #expect(past.known(in: .distantPast ..< .distantFuture) == start..<start + 10 * day)
}
