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

/// Up from 8 to 22 o'clock, and paused at night: by our run for a cause, seen up for a moment after it, or by somebody else.
private func nights(_ cause: SpaceAction.Cause?) throws -> SpacePast {
  let days = (0..<14 as Range<Int64>).map { start + $0 * day }
  let changes = [(start, paused)] + days.flatMap { [($0 + 8 * hour, up), ($0 + 22 * hour + 60, paused)] }
  let space = try SpaceID("acme/chat")
  let actions = days.flatMap { midnight in
    [
      SpaceAction(
        space: space, at: midnight + 8 * hour, kind: .restart, from: "PAUSED", to: "RUNNING", outcome: .done,
        reason: "", cause: .endOfPause),
      SpaceAction(
        space: space, at: midnight + 22 * hour - 5, kind: .pause, from: "RUNNING", to: "PAUSED",
        outcome: .done,
        reason: "", cause: cause),
    ]
  }
  var past = try past(changes, cause == nil ? [] : actions, until: start + 14 * day)
  past.log = VisitLog(Visits(days.map { Visit(at: $0 + 9 * hour) }), spans: [start..<start + 14 * day])
  return past
}

/// As in runs: nothing asks for it any more in the morning.
@Test(arguments: [SpaceAction.Cause.rules, .refusedDowngrade, nil])
func aPauseOfOursEndsInReplaysAndForecasts(cause: SpaceAction.Cause?) throws {
  let past = try nights(cause)
  let night = cause == .refusedDowngrade ? "hardware: cpu-basic" : "state: paused"
  let rules = try schedule(
    """
    otherwise: pause, rules: [
      { cron: "0 8 * * *", set: { hardware: t4-small, sleep: 1h } }, { cron: "0 22 * * *", set: { \(night) } }]
    """)
  let comparison = try #require(replayed(past, rules, in: start + 7 * day..<start + 14 * day))
  // From 8:00, when it starts, to an hour after the visitor of nine.
  #expect(comparison.current.times[.t4Small]?.seconds == (cause == nil ? nil : Int128(7 * 2 * hour)))
  #expect(comparison.beginsHalted == (cause == nil ? .paused : nil))
  // The first night is that of the downgrade that was refused; those that are simulated are not.
  let basic: Int128? = cause == .refusedDowngrade ? Int128((6 * 10 + 2) * hour) : nil
  #expect(comparison.current.times[.cpuBasic]?.seconds == basic)
  let now = start + 13 * day + 23 * hour
  let always = try schedule("default: { hardware: t4-small, sleep: never }")
  let rest = SpaceForecast.restOfMonth(now..<now + day, zone: .gmt, now: now)
  let forecast = SpaceForecast(
    of: past, rest: rest, zone: .gmt, now: now, schedule: always, isGranted: false, spent: .zero,
    prices: .builtIn)
  if cause == nil {
    // Nobody knows when somebody starts it.
    #expect(forecast.basis == .runRate)
    #expect(forecast.total.estimate < (try Money("9.60")))
  } else {
    #expect(forecast.basis == .rules)
    #expect(forecast.total == Bounds(certain: try Money("9.60")))
  }
}

private let starting = SpaceState(
  stage: .appStarting, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: Int(hour))

/// A start in which a range begins ends as long after its own beginning as any.
@Test(arguments: [1, 50] as [Int64]) func aStartThatHasBegunGoesOn(after: Int64) throws {
  let asleep = SpaceState(stage: .sleeping, requestedHardware: .t4Small, sleepTime: Int(hour))
  let began = start + hour
  var past = SpacePast(
    try SpaceID("acme/chat"),
    intervals: [
      Interval(state: asleep, looks: [start, began - 1]),
      Interval(state: starting, looks: [began, began + 119]),
      Interval(state: up, looks: [began + 120, start + 2 * hour]),
    ], actions: [], startup: 120, now: start + 2 * hour, prices: .builtIn)
  past.log = VisitLog(
    Visits([Visit(at: began), Visit(at: began + 60), Visit(at: began + 121)]),
    spans: [start..<start + 2 * hour])
  let comparison = try #require(replayed(past, nil, in: began + after..<start + 2 * hour))
  #expect((57...60).contains(try #require(comparison.current.waits?.longest)))
  #expect(comparison.current.waits?.people == 1)
}

/// The Hub may still name the hardware of a Space that sleeps: that is no use of it.
@Test func aSleepIsNoUse() throws {
  let asleep = SpaceState(
    stage: .sleeping, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: Int(hour))
  let woken = start + 5 * hour
  var past = try past([(start, asleep), (woken, up)], until: start + 12 * hour)
  past.log = VisitLog(Visits([]), spans: [start..<start + 12 * hour])
  let comparison = try #require(replayed(past, nil, in: woken..<start + 12 * hour))
  // It woke in the quarter of an hour before, so somebody came then.
  #expect((hour - 900...hour).contains(Int64(comparison.current.times[.t4Small]?.seconds ?? 0)))
}

/// An older copy serves while the newer one starts.
@Test func whoComesWhileAnOlderCopyServesDoesNotWait() throws {
  let both = SpaceState(
    stage: .runningAppStarting, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: Int(hour))
  var past = try past([(start, both), (start + 60, up)], until: start + 12 * hour)
  past.log = VisitLog(Visits([Visit(at: start + 30)]), spans: [start..<start + 12 * hour])
  let comparison = try #require(replayed(past, nil, in: start + 10..<start + 12 * hour))
  #expect(comparison.current.waits?.people == 0)
}

/// What a page marks as recommended is what a simulation of it comes to, also where that begins in a pause of ours.
@Test func whatIsRecommendedIsMarkedAsItIsSimulated() throws {
  let past = try nights(.rules)
  let today = try schedule(
    """
    default: { hardware: t4-small, sleep: never }, rules: [
      { cron: "0 8 * * *", set: { state: running } }, { cron: "0 22 * * *", set: { state: paused } }]
    """)
  let now = start + 14 * day
  let recommendation = try Recommendation(
    of: past, in: start..<now, current: today, promise: .coldStartCost(Money("0.01")), rules: 0,
    prices: .builtIn, zone: .gmt, now: now)
  #expect(recommendation.isBetter)
  let plan = SpaceSchedule(recommendation.policy)
  let comparison = try #require(
    SpaceComparison(
      past, in: start + 7 * day..<now, current: { RuleSteps(today, in: $0) },
      proposed: { RuleSteps(plan, in: $0) }, prices: .builtIn, isGranted: false, clock: WallClock(.gmt),
      keepsCourse: true))
  let pictures = try #require(
    SpacePictures(
      of: past, comparison, recommendation: recommendation, isGranted: false, prices: .builtIn,
      clock: WallClock(.gmt)))
  func mark(_ way: SleepTradeOff.Way) throws -> SleepTradeOff.Point {
    try #require(pictures.tradeOff?.marks.first { $0.way == way }?.point)
  }
  #expect(try mark(.recommended(recommendation.plan)) == mark(.new))
  #expect(try mark(.new).cost > .zero)
}

/// What we asked for and no look ever showed is not in force.
@Test func whatNobodySawTakeEffectIsNotInForce() throws {
  let space = try SpaceID("acme/chat")
  let sent = SpaceAction(
    space: space, at: start + hour, kind: .hardware, from: "t4-small", to: "cpu-basic", outcome: .done,
    reason: "",
    cause: .idle)
  var past = try past([(start, up)], [sent], until: start + 21 * day)
  past.log = VisitLog(Visits([]), spans: [start..<start + 21 * day])
  let rules = try schedule(
    "default: { hardware: t4-small, sleep: never }, idle: { after: 1h, set: { hardware: cpu-basic } }")
  let now = start + 21 * day
  let forecast = SpaceForecast(
    of: past, rest: [now..<now + day], zone: .gmt, now: now, schedule: rules, isGranted: false, spent: .zero,
    prices: .builtIn)
  // No idle rule was seen to act, so that visits are replayed under it.
  #expect(forecast.basis == .visits(weeks: 2), "\(forecast.basis)")
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

/// A look a night tells nothing of the days between, whatever it saw.
@Test(arguments: [SpaceStage.sleeping, .running]) func whoCameWhereNobodyLookedIsNotKnown(stage: SpaceStage)
  throws
{
  let seen = SpaceState(
    stage: stage, hardware: stage == .running ? .t4Small : nil, requestedHardware: .t4Small,
    sleepTime: Int(hour))
  let looks = (0..<14 as Range<Int64>).map { start + $0 * day + 2 * hour }
  let past = SpacePast(
    try SpaceID("acme/chat"), intervals: [Interval(state: seen, looks: looks)], actions: [], startup: 60,
    now: start + 14 * day, prices: .builtIn)
  let comparison = try #require(replayed(past, nil, in: looks[0]..<looks[13]))
  let whole = try Money("0.40").scaled(by: 13 * 24, over: 1)
  #expect(comparison.demand.unknownSeconds == 13 * day)
  #expect(comparison.current.cost.low <= (try Money("0.50")), "\(comparison.current.cost)")
  #expect(comparison.current.cost.estimate == (stage == .running ? whole : .zero))
  #expect(comparison.current.cost.high == whole)
}

/// Looks of a timer that is late by seconds, and less than a sleep time apart, leave nothing open.
@Test func inLessThanASleepTimeNobodyCameUnseen() throws {
  let asleep = SpaceState(stage: .sleeping, requestedHardware: .t4Small, sleepTime: Int(hour))
  let looks = (0..<96 as Range<Int64>).map { start + $0 * 900 + $0 % 3 * 7 }
  let past = SpacePast(
    try SpaceID("acme/chat"), intervals: [Interval(state: asleep, looks: looks)], actions: [], startup: 60,
    now: start + day, prices: .builtIn)
  let comparison = try #require(replayed(past, nil, in: looks[0]..<looks[95]))
  #expect(comparison.demand.unknownSeconds == 0 && comparison.current.cost == .zero)
}

/// What was gone for some days and came back cost nothing meanwhile, in replays, too.
@Test func whatWasGoneMeanwhileIsNotReplayedThen() throws {
  let past = try past(
    [(start, up), (start + 3 * day, .gone), (start + 5 * day, up)], until: start + 10 * day)
  let comparison = try #require(replayed(past, nil, in: start..<start + 10 * day))
  let week = try Money("0.40").scaled(by: 8 * 24, over: 1)
  #expect(comparison.current.cost.high <= week, "\(comparison.current.cost)")
  #expect(comparison.current.cost.estimate > week.scaled(by: 95, over: 100), "\(comparison.current.cost)")
}

/// A look by a clock that stood at 1970, or runs ahead by years.
@Test(arguments: [Int64(60), 2_100_000_000]) func aLookOfAWrongClockBeginsNoHistory(second: Int64) throws {
  let looks = (0..<960 as Range<Int64>).map { start + $0 * 900 }
  let all = ([Instant(secondsSince1970: second)] + looks).sorted()
  let past = SpacePast(
    try SpaceID("acme/chat"), intervals: [Interval(state: up, looks: all)],
    actions: [], startup: 60, now: start + 10 * day, prices: .builtIn)
  #expect(past.known(in: .distantPast..<start + 10 * day) == start..<start + 10 * day)
  // Who asks for the time before such a gap gets it.
  #expect(past.known(in: .distantPast..<start - day).isEmpty == (second > start.secondsSince1970))
}
