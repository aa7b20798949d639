import Foundation
import Money
import Pricing
import Schedules
import Simulation
import Spaces
import TestSupport
import Testing
import Timelines

private let first = Instant(secondsSince1970: 1_767_571_200)  // Monday, 2026-01-05
private let day: Int64 = 86_400

/// Every quarter of an hour, and at the end.
private func looks(_ range: Range<Instant>) -> [Instant] {
  Array(stride(from: 0, to: range.seconds - 1, by: 900)).map { range.lowerBound + $0 } + [
    range.upperBound - 1
  ]
}

private func intervals(_ changes: [(Instant, SpaceState)], until now: Instant) -> [Interval] {
  let timeline = Timelines.Timeline(changes[0].1, over: changes[0].0..<now, changes: changes)
  return timeline.segments.map { Interval(state: $0.value, looks: looks($0.range)) }
}

/// How forecasts of a Space that was looked at so did.
private func backtest(_ name: String, _ changes: [(Instant, SpaceState)], until now: Instant) throws
  -> Backtest
{
  let record = Backtest.Record(try SpaceID(name), intervals: intervals(changes, until: now), actions: [])
  return Backtest.of([record], zone: .gmt, now: now, prices: .builtIn).all
}

/// A Space that was looked at whenever something changed, and every quarter of an hour.
private func past(
  _ name: String, _ changes: [(Instant, SpaceState)], actions: [SpaceAction] = [], until now: Instant
) throws -> SpacePast {
  SpacePast(
    try SpaceID(name), intervals: intervals(changes, until: now), actions: actions, startup: 60, now: now,
    prices: .builtIn)
}

private func running(_ hardware: SpaceHardware, sleep: Int? = nil) -> SpaceState {
  SpaceState(stage: .running, hardware: hardware, requestedHardware: hardware, sleepTime: sleep)
}

private func asleep(_ hardware: SpaceHardware, sleep: Int = 3600) -> SpaceState {
  SpaceState(stage: .sleeping, requestedHardware: hardware, sleepTime: sleep)
}

private func forecast(
  _ past: SpacePast, at now: Instant, under policy: Policy? = nil, spent: Bounds<Money> = .zero
) -> SpaceForecast {
  let clock = WallClock(.gmt)
  let month = clock.month(of: clock.date(at: now))
  return SpaceForecast(
    of: past, rest: SpaceForecast.restOfMonth(month, zone: .gmt, now: now), zone: .gmt, now: now,
    schedule: policy.map { SpaceSchedule($0) }, isGranted: false, spent: spent, prices: .builtIn)
}

@Test func whatNeverChangesCostsTheSameInDaysToCome() throws {
  let now = first + 30 * day  // 2026-02-04
  let forecast = forecast(try past("acme/a", [(first, running(.t4Small))], until: now), at: now)
  // 25 days are left of February.
  let rest = try Money("0.40").scaled(by: 25 * 24, over: 1)
  #expect(forecast.total == Bounds(certain: rest))
  #expect(forecast.basis == .weeks(4))
}

@Test func weekdaysGoAsTheSameWeekdays() throws {
  // Mondays from 8 to 18, asleep else.
  let changes = (0..<5).flatMap { week in
    let monday = first + Int64(week) * 7 * day + 8 * 3600
    return [(monday, running(.t4Small, sleep: 3600)), (monday + 10 * 3600, asleep(.t4Small))]
  }
  let now = first + 32 * day  // Friday, 2026-02-06
  let forecast = forecast(try past("acme/a", changes, until: now), at: now)
  // The Mondays of February to come: 9, 16, 23; in between nothing.
  #expect(isCents(forecast.total.estimate, try Money("0.40").scaled(by: 30, over: 1)))
  let byDay = forecast.rest.expected
  #expect(byDay.count == 23)
  #expect(byDay.indices.filter { byDay[$0] != .zero } == [3, 10, 17])
}

@Test func rulesThatSettleItNeedNoHistory() throws {
  let now = first + 2 * day
  let policy = Policy(
    name: "p", patterns: [], default: Settings(hardware: .t4Small, sleep: .never),
    place: .init(file: "", line: 1, column: 1))
  let forecast = forecast(
    try past("acme/a", [(first, running(.cpuBasic, sleep: 172_800))], until: now), at: now, under: policy)
  #expect(forecast.basis == .rules)
  // 2026-01-07 to the end of January.
  #expect(forecast.total == Bounds(certain: try Money("0.40").scaled(by: 25 * 24, over: 1)))
}

@Test func tooLittleHistoryIsSaid() throws {
  let three = first + 3 * day
  let unknown = forecast(try past("acme/a", [(first, running(.t4Small))], until: three), at: three)
  #expect(unknown.basis == .unknown)
  #expect(unknown.rest.expected.allSatisfy { $0 == .zero })
  let nine = first + 9 * day
  let runRate = forecast(try past("acme/a", [(first, running(.t4Small))], until: nine), at: nine)
  #expect(runRate.basis == .runRate)
  let average = try Money("0.40").scaled(by: 18 * 24, over: 1)
  // Nine days prove little, but it can't be up for more than all of the time.
  #expect(runRate.total == Bounds(low: .zero, estimate: average, high: average))
}

/// Little is known of it, but that an exception keeps it up on dear hardware for a day.
@Test(arguments: [(Int64(3), 0), (Int64(9), 18 * 24)]) func whatIsKnownAheadCountsAlsoOfLittleHistory(
  known: Int64, hours: Int
) throws {
  let now = first + known * day
  let launch = """
    exceptions: [{ name: launch, from: 2026-01-20, until: 2026-01-21, set: { hardware: a100-large, sleep: never } }]
    """
  let past = try past("acme/a", [(first, running(.t4Small))], until: now)
  let total = forecast(past, at: now, under: try policy(launch)).total
  // 2.50 USD an hour.
  let others = try Money("0.40").scaled(by: Int128(hours == 0 ? 0 : hours - 24), over: 1)
  #expect(total.estimate == money(60) + others, "\(total)")
  #expect(total.low == money(60))
}

/// It ran throughout, and one visitor an hour came by day: with a short sleep time each pays for a start and ten
/// minutes. What it was on the first day tells nothing of days to come.
@Test(arguments: [
  running(.t4Small, sleep: 172_800), running(.cpuBasic, sleep: 172_800), running(.a10gSmall, sleep: 172_800),
  SpaceState(stage: .paused, requestedHardware: .t4Small, sleepTime: 172_800),
  SpaceState(stage: .buildError, requestedHardware: .t4Small, sleepTime: 172_800),
])
func anotherSleepTimeCostsWhatItsVisitorsMakeOfIt(atFirst: SpaceState) throws {
  let now = first + 30 * day  // 2026-02-04
  var past = try past(
    "acme/a", [(first, atFirst), (first + day, running(.t4Small, sleep: 172_800))], until: now)
  let all = (0..<30).flatMap { date in
    (9..<17).map { Visit(at: first + Int64(date) * day + Int64($0) * 3600) }
  }
  func policy(_ sleep: Int) -> Policy {
    Policy(
      name: "p", patterns: [], default: Settings(sleep: .after(seconds: sleep)),
      place: .init(file: "", line: 1, column: 1))
  }
  // A sleep time, and the seconds that it is then up a day: with an hour it stays up from the first to the last.
  // Also where the logs end three days ago: the days of a week before stand for those since.
  for (ends, sleep, up) in [
    (Int64(0), 172_800, 86_400), (0, 600, 8 * 600), (0, 1800, 8 * 1800), (0, 3600, 8 * 3600),
    (3, 600, 8 * 600),
  ] {
    past.log = VisitLog(Visits(all.filter { $0.at < now - ends * day }), spans: [first..<now - ends * day])
    let forecast = forecast(past, at: now, under: policy(sleep))
    let estimate = forecast.rest.total(after: .zero).estimate
    #expect(forecast.basis == (sleep == 172_800 ? .weeks(4) : .visits(weeks: 4)))
    // Where the logs end before, it may have been used just now, and sleeps a sleep time later.
    let awake = 25 * up + (ends > 0 ? sleep : 0)
    let expected = try Money("0.40").scaled(by: Int128(awake), over: 3600)
    // Each stretch is rounded to a nano-dollar.
    #expect((estimate - expected).magnitude < Money(nanoDollars: 200), "\(sleep)")
  }
  // What logs do not tell of for longer is not made up.
  past.log = VisitLog(past.log.visits, spans: [first..<now - 8 * day])
  let unknown = forecast(past, at: now, under: policy(600)).rest.total(after: .zero).estimate
  #expect(unknown == (try Money("0.40").scaled(by: 25 * 24, over: 1)))
}

/// Up from 8:00 to 13:00 on weekdays, when an idle rule takes it down until the rules put it up again.
private func idleAfternoons(sleep: Int?, until now: Instant) throws -> SpacePast {
  let days = (0..<(now - first) / day).filter { $0 % 7 < 5 }.map { first + $0 * day }
  let changes = days.flatMap { date in
    [
      (date + 8 * 3600, running(.a10gSmall, sleep: sleep)),
      (date + 13 * 3600, running(.cpuBasic, sleep: 172_800)),
    ]
  }
  let actions = try days.map { date in
    SpaceAction(
      space: try SpaceID("acme/a"), at: date + 13 * 3600, kind: .hardware, from: "a10g-small",
      to: "cpu-basic", outcome: .done, reason: "idle", cause: .idle)
  }
  return try past("acme/a", changes, actions: actions, until: now)
}

/// Weeks that begin in the middle of a run have a started minute more.
private func isCents(_ amount: Money, _ other: Money) -> Bool {
  (amount - other).magnitude < Money(nanoDollars: 10_000_000)
}

private func money(_ dollars: Int) -> Money { Money(nanoDollars: Int128(dollars) * 1_000_000_000) }

private func policy(_ yaml: String) throws -> Policy {
  let text = "version: 1\npolicies: [{ name: p, spaces: [acme/a], \(yaml) }]"
  let (schedules, mistakes) = Schedules.read([("rules.yaml", text)])
  #expect(!mistakes.contains { $0.severity == .error }, "\(mistakes)")
  return try #require(schedules.policies.first)
}

private let officeHours = """
  default: { hardware: cpu-basic }, rules: [
    { cron: "0 8 * * MON-FRI", set: { hardware: a10g-small, sleep: SLEEP } },
    { cron: "0 19 * * MON-FRI", set: { hardware: cpu-basic } }]
  """

/// It goes on to be taken down, also where rules alone would keep it up; but for hours in which a hold wins over that.
@Test(arguments: [("never", nil), ("12h", 43_200)])
func whatAnIdleRuleTookDownGoesOnToBe(sleep: String, seconds: Int?) throws {
  let now = first + 42 * day  // Monday, 2026-02-16
  let past = try idleAfternoons(sleep: seconds, until: now)
  let hours = officeHours.replacing("SLEEP", with: sleep)
  let idle = "idle: { after: 2h, set: { hardware: cpu-basic } }"
  // Ten weekdays are left of February.
  let kept = forecast(past, at: now, under: try policy("\(hours), \(idle)"))
  #expect(kept.basis == .weeks(5))
  #expect(isCents(kept.total.estimate, money(10 * 5)))
  #expect(kept.untold == [])
  let without = forecast(past, at: now, under: try policy(hours))
  #expect(isCents(without.total.estimate, money(10 * 11)))
  let launch = """
    exceptions: [{ name: launch, from: 2026-02-18, until: 2026-02-19, set: { hardware: a100-large } }]
    """
  let excepted = forecast(past, at: now, under: try policy("\(hours), \(idle), \(launch)"))
  #expect(isCents(excepted.total.estimate, money(9 * 5 + 60)))
}

/// Ten hours each weekday, three weeks ago on other hardware: what it was moved to stays, and that it was moved is no
/// reason to expect anything else of days to come than of the weeks before.
/// Rules that take it down and name nothing that brings it back leave it there.
@Test func whatRulesLeaveItOnStays() throws {
  let evenings = try policy(
    """
    rules: [
      { name: evening, cron: "0 18 * * *", set: { hardware: cpu-basic } },
      { name: morning, cron: "0 8 * * *", set: {} }]
    """)
  let now = first + 30 * day + 12 * 3600  // 2026-02-04
  let rest = forecast(
    try past("acme/a", [(first, running(.t4Small))], until: now), at: now, under: evenings)
  #expect(isCents(rest.total.estimate, try Money("0.40").scaled(by: 6, over: 1)))
}

/// Each day rules take it down at 18, and people bring it back at 9: which stands until the next boundary.
@Test(arguments: ["until-next-boundary", "report", "enforce"], [12, 3] as [Int64])
func whatPeopleBringBackTheyWillBringBack(drift: String, oclock: Int64) throws {
  let now = first + 30 * day + oclock * 3600  // 2026-02-04
  let past = try broughtBack(by: [.down], until: now)
  let evening = "{ name: evening, cron: \"0 18 * * *\", set: { hardware: cpu-basic } }"
  let morning = "{ name: morning, cron: \"0 8 * * *\", set: {} }"
  let hours = Int128((oclock == 12 ? 6 : 9) + 24 * 9)
  for rules in [evening, "\(evening), \(morning)"] {
    // Where an idle rule may act, rules alone settle nothing.
    for idle in ["", ", idle: { after: 20h, set: { hardware: cpu-basic } }"] {
      let rest = forecast(past, at: now, under: try policy("drift: \(drift), rules: [\(rules)]\(idle)"))
      // With a boundary at 8 nothing is named by day, so there is nothing to put back.
      let expected = drift == "enforce" && rules == evening ? 0 : hours
      let question = "\(rules)\(idle): \(rest.total)"
      #expect(isCents(rest.total.estimate, try Money("0.40").scaled(by: expected, over: 1)), "\(question)")
    }
  }
}

private let t4ByDay = """
  default: { hardware: cpu-basic }, rules: [
    { name: morning, cron: "0 9 * * *", set: { hardware: t4-small, sleep: 2h } },
    { name: evening, cron: "0 18 * * *", set: { hardware: cpu-basic } }]
  """

/// Rules have it on a T4 from 9 to 18, and some days people move it at 10.
private func takenByHand(
  as states: [(hour: Int64, state: SpaceState)], on days: (Int64) -> Bool = { _ in true }, until now: Instant
) throws -> SpacePast {
  let dates = (0...(now - first) / day).map { (number: $0, start: first + $0 * day) }
  let changes = dates.flatMap { date in
    [(date.start, running(.cpuBasic)), (date.start + 9 * 3600, running(.t4Small, sleep: 7200))]
      + (days(date.number) ? states.map { (date.start + $0.hour * 3600, $0.state) } : [])
      + [(date.start + 18 * 3600, running(.cpuBasic))]
  }
  let space = try SpaceID("acme/a")
  let actions = dates.flatMap { date in
    [(9, "cpu-basic", "t4-small"), (18, "t4-small", "cpu-basic")].map { hour, old, new in
      SpaceAction(
        space: space, at: date.start + hour * 3600, kind: .hardware, from: old, to: new, outcome: .done,
        reason: "", cause: .rules)
    }
  }
  return try past(
    "acme/a", changes.filter { $0.0 < now }, actions: actions.filter { $0.at < now }, until: now)
}

/// The sleep time that people give what they take is theirs, too: an hour on the T4, and two on the A10G.
@Test func whatPeopleTakeSleepsAsTheySaid() throws {
  let now = first + 30 * day + 20 * 3600  // 2026-02-04
  let short = SpaceState(
    stage: .sleeping, requestedHardware: .a10gSmall, sleepTime: 900)
  let past = try takenByHand(as: [(10, running(.a10gSmall, sleep: 900)), (12, short)], until: now)
  let total = forecast(past, at: now, under: try policy(t4ByDay)).total
  #expect(isCents(total.estimate, money(24 * 2) + (try Money("0.40").scaled(by: 24, over: 1))), "\(total)")
  // Where no rule names hardware by day it is moved from cpu-basic, whose 48 hours do not go with it.
  let nights = "default: { hardware: cpu-basic }, rules: [{ name: night, cron: \"0 18 * * *\", set: {} }]"
  let fromFree = forecast(past, at: now, under: try policy(nights)).total
  #expect(isCents(fromFree.estimate, money(24 * 2)), "\(fromFree)")
}

/// Visits tell nothing of what people do by hand, and a sleep time that they set tells nothing of the rules.
@Test func whatPeopleDoByHandIsNotReplayed() throws {
  let now = first + 30 * day + 20 * 3600  // 2026-02-04
  var past = try takenByHand(as: [(10, running(.a10gSmall))], until: now)
  let expected = money(24 * 8) + (try Money("0.40").scaled(by: 24, over: 1))
  for isLogged in [false, true] {
    if isLogged {
      past.log = VisitLog(
        Visits((0..<31).map { Visit(at: first + Int64($0) * day + 10 * 3600) }), spans: [first..<now])
    }
    let asBefore = forecast(past, at: now, under: try policy(t4ByDay))
    #expect(asBefore.untold == [] && asBefore.basis == .weeks(4))
    #expect(isCents(asBefore.total.estimate, expected), "\(asBefore.total)")
    // Under other rules it is told that they are not in it.
    let longer = forecast(past, at: now, under: try policy(t4ByDay.replacing("2h", with: "5h")))
    #expect(longer.isOverruled && longer.untold.contains(.longerSleep))
    #expect(longer.total.estimate >= asBefore.total.estimate)
  }
}

@Test func theAverageCountsWhatPeopleDoByHand() throws {
  let now = first + 9 * day + 20 * 3600  // 2026-01-14
  let past = try takenByHand(as: [(10, running(.a10gSmall))], until: now)
  let forecast = forecast(past, at: now, under: try policy(t4ByDay))
  #expect(forecast.basis == .runRate)
  // About 8.40 a day, of 17.2 days.
  let whole = try Money("8.40").scaled(by: 172, over: 10)
  #expect(forecast.total.estimate > whole.scaled(by: 9, over: 10))
  #expect(forecast.total.estimate < whole.scaled(by: 11, over: 10))
  #expect(forecast.total.high > forecast.total.estimate)
}

/// That people took the same hardware once, long ago, and gave it a short sleep time, says nothing of what rules do with
/// it since.
@Test func whatRulesTakeIsNotByHand() throws {
  let now = first + 30 * day + 20 * 3600  // 2026-02-04
  let taken = SpaceState(
    stage: .running, hardware: .a10gSmall, requestedHardware: .a10gSmall, sleepTime: 900)
  let rules = t4ByDay.replacing("t4-small", with: "a10g-small")
  let space = try SpaceID("acme/a")
  func action(_ at: Instant, from: String, to: String) -> SpaceAction {
    SpaceAction(
      space: space, at: at, kind: .hardware, from: from, to: to, outcome: .done, reason: "", cause: .rules)
  }
  // Once at night; by day rules take it, and it sleeps from 12 on.
  let dates = (0...30).map { first + Int64($0) * day }
  var changes: [(Instant, SpaceState)] = []
  for (number, date) in dates.enumerated() {
    changes.append((date, running(.cpuBasic)))
    if number == 1 {
      changes += [(date + 2 * 3600, taken), (date + 4 * 3600, running(.cpuBasic))]
    }
    changes += [
      (date + 9 * 3600, running(.a10gSmall, sleep: 7200)), (date + 12 * 3600, asleep(.a10gSmall)),
      (date + 18 * 3600, running(.cpuBasic)),
    ]
  }
  let actions =
    [action(first + day + 4 * 3600, from: "a10g-small", to: "cpu-basic")]
    + dates.flatMap {
      [
        action($0 + 9 * 3600, from: "cpu-basic", to: "a10g-small"),
        action($0 + 18 * 3600, from: "a10g-small", to: "cpu-basic"),
      ]
    }
  let past = try past(
    "acme/a", changes.filter { $0.0 < now }, actions: actions.filter { $0.at < now }, until: now)
  let longer = forecast(past, at: now, under: try policy(rules.replacing("2h", with: "5h")))
  #expect(longer.untold.contains(.longerSleep))
  // Without a sleep time it never sleeps: nine hours of 24 days.
  let never = forecast(past, at: now, under: try policy(rules.replacing(", sleep: 2h", with: "")))
  #expect(isCents(never.total.estimate, money(24 * 9)), "\(never.total)")
}

/// What people took on one Saturday makes other Saturdays uncertain, and not what rules settle.
@Test func nothingCostsLessThanRulesSettle() throws {
  let now = first + 27 * day  // 2026-02-01
  let past = try takenByHand(as: [(10, running(.a100Large))], on: { $0 == 19 }, until: now)
  let total = forecast(
    past, at: now, under: try policy(t4ByDay.replacing("sleep: 2h", with: "sleep: never"))
  ).total
  #expect(total.low >= (try Money("0.40").scaled(by: 28 * 9, over: 1)), "\(total)")
  #expect(total.low < total.high)
}

/// A day on which an exception let it stay awake is none that others go like.
@Test func exceptionalDaysAreNoPattern() throws {
  let now = first + 30 * day  // 2026-02-04
  func total(_ exceptional: Set<Int64>, cause: SpaceAction.Cause) throws -> Bounds<Money> {
    let changes = (0..<30 as Range<Int64>).flatMap { number -> [(Instant, SpaceState)] in
      let noon = first + number * day + 12 * 3600
      let isLong = exceptional.contains(number)
      return [
        (noon, running(.t4Small, sleep: isLong ? nil : 3600)),
        (noon + (isLong ? 10 : 1) * 3600, asleep(.t4Small)),
      ]
    }
    let space = try SpaceID("acme/a")
    let actions = exceptional.flatMap { number in
      [(12, "3600", "-1", cause), (22, "-1", "3600", .rules)].map { hour, old, new, cause in
        SpaceAction(
          space: space, at: first + number * day + hour * 3600, kind: .sleep, from: old, to: new,
          outcome: .done, reason: "", cause: cause)
      }
    }
    let past = try past("acme/a", changes, actions: actions, until: now)
    return forecast(past, at: now, under: try policy("default: { hardware: t4-small, sleep: 1h }")).total
  }
  let usual = try total([], cause: .exception)
  #expect(isCents(usual.estimate, try Money("0.40").scaled(by: 25, over: 1)))
  let withExceptions = try total([22, 29], cause: .exception)
  #expect(isCents(withExceptions.estimate, usual.estimate) && isCents(withExceptions.high, usual.high))
  #expect(try total([22, 29], cause: .rules).estimate > usual.estimate)
}

/// On a T4, and on an A100 for an exception or a hold, which no rule follows: it goes back to the T4 when that ends.
@Test(
  arguments: [SpaceAction.Cause.exception, .hold],
  // Within, just when it has ended, and for days to come from its end on.
  [(seen: Int64(1), ahead: Int64(0), ofA100: 1), (2, 0, 0), (1, 1, 0)])
func whatWasForATimeGoesBack(
  cause: SpaceAction.Cause, _ times: (seen: Int64, ahead: Int64, ofA100: Int)
) throws {
  let start = first + 29 * day  // 2026-02-03
  let range = start..<start + 2 * day
  let now = start + times.seen * day
  let action = SpaceAction(
    space: try SpaceID("acme/a"), at: start, kind: .hardware, from: "t4-small", to: "a100-large",
    outcome: .done, reason: "", cause: cause)
  let past = try past(
    "acme/a", [(first, running(.t4Small)), (start, running(.a100Large))], actions: [action], until: now)
  var schedule = SpaceSchedule(try policy("priority: 1"))
  schedule.holds = [
    Override(
      kind: cause == .hold ? .hold : .exception, name: "launch", range: range,
      set: Settings(hardware: .a100Large))
  ]
  let days = now + times.ahead * day..<range.upperBound + 24 * day
  let forecast = SpaceForecast(
    of: past, rest: SpaceForecast.restOfMonth(days, zone: .gmt, now: now), zone: .gmt, now: now,
    schedule: schedule, isGranted: false, spent: .zero, prices: .builtIn)
  let expected = money(60 * times.ofA100) + (try Money("0.40").scaled(by: 24 * 24, over: 1))
  // Started minutes come again.
  let total = forecast.total
  #expect((total.estimate - expected).magnitude < (try Money("0.05")), "\(total)")
  #expect((total.high - expected).magnitude < (try Money("0.05")), "\(total)")
}

/// On an L4 for ten days, after a T4, but for a day of an exception: the L4 is what it stays on all the same.
@Test func whatWasForATimeIsNoMoveFromWhatIsUsual() throws {
  let now = first + 28 * day  // 2026-02-02
  let start = now - 4 * day
  let actions = try [
    (start, "l4x1", "a100-large", SpaceAction.Cause.exception), (start + day, "a100-large", "l4x1", .rules),
  ].map {
    SpaceAction(
      space: try SpaceID("acme/a"), at: $0, kind: .hardware, from: $1, to: $2, outcome: .done, reason: "",
      cause: $3)
  }
  let past = try past(
    "acme/a",
    [
      (first, running(.t4Small)), (now - 10 * day, running(.l4x1)), (start + 1, running(.a100Large)),
      (start + day + 1, running(.l4x1)),
    ], actions: actions, until: now)
  let total = forecast(past, at: now, under: try policy("priority: 1")).total
  let expected = try Money("0.80").scaled(by: 27 * 24, over: 1)
  #expect((total.estimate - expected).magnitude < (try Money("0.05")), "\(total)")
}

/// Three hours a day, and awake for two days of an exception: which has just begun, or is in force, or to come.
@Test(arguments: [Int64(0), 1, -2]) func aSleepTimeForATimeGoesBack(into: Int64) throws {
  let start = first + 29 * day  // 2026-02-03
  let now = start + into * day
  var changes = (0..<29 + min(0, into)).flatMap { number -> [(Instant, SpaceState)] in
    let morning = first + number * day + 9 * 3600
    return [
      (morning, running(.t4Small, sleep: 1800)), (morning + 3 * 3600, asleep(.t4Small, sleep: 1800)),
    ]
  }
  if into > 0 { changes.append((start, running(.t4Small))) }
  let action = SpaceAction(
    space: try SpaceID("acme/a"), at: start, kind: .sleep, from: "1800", to: "-1", outcome: .done, reason: "",
    cause: .exception)
  let past = try past("acme/a", changes, actions: into > 0 ? [action] : [], until: now)
  let launch = "{ name: launch, from: 2026-02-03, until: 2026-02-05, set: { sleep: never } }"
  let total = forecast(
    past, at: now, under: try policy("default: { hardware: t4-small }, exceptions: [\(launch)]")
  ).total
  // Of two days at most, from the first visitor on, and of others three hours.
  let most = Int128(min(2, 2 - into) * 24 + (24 + max(0, -into)) * 3)
  #expect(total.estimate <= (try Money("0.40").scaled(by: most, over: 1)) + money(1), "\(total)")
}

/// What somebody held and rules have now is how it goes on; while it is held it is none.
@Test func whatWasHeldMayHaveBecomeUsual() throws {
  let now = first + 30 * day  // 2026-02-04
  let space = try SpaceID("acme/a")
  let changes = (0..<30 as Range<Int64>).flatMap { number -> [(Instant, SpaceState)] in
    let noon = first + number * day + 12 * 3600
    let hardware = number < 15 ? SpaceHardware.t4Small : .a10gSmall
    return [
      (noon, running(hardware, sleep: 3600)), (noon + (number < 15 ? 1 : 10) * 3600, asleep(hardware)),
    ]
  }
  let action = SpaceAction(
    space: space, at: first + 15 * day + 12 * 3600, kind: .hardware, from: "t4-small", to: "a10g-small",
    outcome: .done, reason: "", cause: .hold)
  let past = try past("acme/a", changes, actions: [action], until: now)
  let policy = try policy("default: { hardware: a10g-small, sleep: 1h }")
  // Of four weeks the newer two, which were up for ten hours, count for most.
  #expect(forecast(past, at: now, under: policy).total.estimate > money(25 * 5))
  let held = Override(
    kind: .hold, name: "", range: first..<now + 86_400, set: Settings(hardware: .a10gSmall))
  let clock = WallClock(.gmt)
  let stillHeld = SpaceForecast(
    of: past,
    rest: SpaceForecast.restOfMonth(clock.month(of: clock.date(at: now)), zone: .gmt, now: now), zone: .gmt,
    now: now, schedule: SpaceSchedule(policy, holds: [held]), isGranted: false, spent: .zero, prices: .builtIn
  )
  #expect(stillHeld.total.estimate < money(25 * 2))
}

/// What rules had brought back nobody brings back where rules do not any more.
@Test func whatRulesBroughtBackPeopleDoNot() throws {
  let now = first + 30 * day + 12 * 3600  // 2026-02-04
  let past = try broughtBack(by: [.down, .up], until: now)
  let nights = try policy(
    """
    rules: [
      { name: evening, cron: "0 18 * * *", set: { hardware: cpu-basic } },
      { name: morning, cron: "0 8 * * *", set: {} }]
    """)
  let rest = forecast(past, at: now, under: nights)
  #expect(isCents(rest.total.estimate, try Money("0.40").scaled(by: 6, over: 1)), "\(rest.total)")
}

/// That it was moved before there were rules is no habit of overruling them.
@Test func whatCameBeforeRulesOverrulesNone() throws {
  let now = first + 10 * day
  let past = try past(
    "acme/a", [(first, running(.t4Small)), (first + 3 * day, running(.cpuBasic))], until: now)
  let forecast = forecast(past, at: now, under: try policy("default: { hardware: cpu-basic }"))
  #expect(forecast.basis == .rules)
  #expect(forecast.total == .zero)
}

private enum Move { case up, down }

/// Up each day from 9 to 18, moved up or down by rules of ours; else by people.
private func broughtBack(by rules: Set<Move>, until now: Instant) throws -> SpacePast {
  let dates = (0..<31).map { first + Int64($0) * day }
  let changes = dates.flatMap { date in
    [
      (date, running(.cpuBasic)), (date + 9 * 3600, running(.t4Small)),
      (date + 18 * 3600, running(.cpuBasic)),
    ]
  }
  let space = try SpaceID("acme/a")
  func action(_ at: Instant, from: SpaceHardware, to: SpaceHardware) -> SpaceAction {
    SpaceAction(
      space: space, at: at, kind: .hardware, from: from.rawValue, to: to.rawValue, outcome: .done, reason: "",
      cause: .rules)
  }
  let actions = dates.flatMap { date in
    (rules.contains(.up) ? [action(date + 9 * 3600, from: .cpuBasic, to: .t4Small)] : [])
      + (rules.contains(.down) ? [action(date + 18 * 3600, from: .t4Small, to: .cpuBasic)] : [])
  }
  return try past(
    "acme/a", changes.filter { $0.0 < now }, actions: actions.filter { $0.at < now }, until: now)
}

/// Other hardware starts it, and then it is up for its sleep time at least, whoever comes.
@Test func whatRulesStartIsUpForItsSleepTime() throws {
  let now = first + 30 * day  // 2026-02-04
  let past = try past(
    "acme/a", [(first, running(.t4Small, sleep: 3600)), (first + 7200, asleep(.t4Small))], until: now)
  let nights = try policy(
    """
    default: { hardware: t4-small, sleep: 1h }, rules: [
      { name: evening, cron: "0 18 * * *", set: { hardware: cpu-basic } },
      { name: morning, cron: "0 8 * * *", set: {} }]
    """)
  // An hour each of 25 mornings, and nobody comes.
  #expect(
    isCents(forecast(past, at: now, under: nights).total.estimate, try Money("0.40").scaled(by: 25, over: 1)))
}

@Test(arguments: [Int64(21), 3]) func aMoveIsNoChangeOfHabits(ago: Int64) throws {
  let now = first + 42 * day  // Monday, 2026-02-16
  let changes = (0..<42).filter { $0 % 7 < 5 }.flatMap { index -> [(Instant, SpaceState)] in
    let hardware = index < 42 - ago ? SpaceHardware.t4Small : .a10gSmall
    let morning = first + Int64(index) * day + 8 * 3600
    return [(morning, running(hardware, sleep: 3600)), (morning + 10 * 3600, asleep(hardware))]
  }
  let total = forecast(try past("acme/a", changes, until: now), at: now).total
  #expect(isCents(total.estimate, money(10 * 10)), "\(total)")
  #expect(isCents(total.low, total.high), "\(total)")
}

/// However much dearer a week was than those before: no day has more than 24 hours.
@Test func noCourseCostsMoreThanBeingUpThroughout() throws {
  // Every second week is up for twice as long as the others.
  let changes = (0..<42).flatMap { index -> [(Instant, SpaceState)] in
    let midnight = first + Int64(index) * day
    let hours: Int64 = index / 7 % 2 == 0 ? 11 : 22
    return [(midnight, running(.t4Small, sleep: 3600)), (midnight + hours * 3600, asleep(.t4Small))]
  }
  let now = first + 42 * day  // Monday, 2026-02-16
  let total = forecast(try past("acme/a", changes, until: now), at: now).total
  #expect(total.high <= (try Money("0.40").scaled(by: 13 * 24, over: 1)))
  #expect(total.low < total.estimate && total.estimate < total.high)
}

/// Paused by hand a week ago, after weeks up: nothing more is expected, but somebody may start it again.
@Test func whatIsPausedMayBeStarted() throws {
  let now = first + 42 * day  // Monday, 2026-02-16
  let paused = SpaceState(stage: .paused, requestedHardware: .t4Small)
  let past = try past("acme/a", [(first, running(.t4Small)), (first + 35 * day, paused)], until: now)
  let pause = Override(
    kind: .hold, name: "", range: now..<now + 30 * day, set: Settings(state: .paused))
  func expected(under policy: Policy) -> SpaceForecast {
    SpaceForecast(
      of: past, rest: [now..<now + day], zone: .gmt, now: now,
      schedule: SpaceSchedule(policy, holds: [pause]), isGranted: false, spent: .zero, prices: .builtIn)
  }
  let forecast = expected(under: Policy(name: "", patterns: []))
  #expect(forecast.basis == .stopped)
  #expect(forecast.total.low == .zero && forecast.total.estimate == .zero)
  // Five weeks of six, the latest of which counts most.
  #expect(forecast.total.high > money(5) && forecast.total.high < money(10))
  // Whoever starts it, rules have it on free hardware.
  let free = expected(under: try policy("default: { hardware: cpu-basic }"))
  #expect(free.basis == .stopped)
  #expect(free.total == .zero)
}

/// The day of the first look is no whole day: one week and a half-day more are not two weeks that may differ.
@Test func oneWholeWeekIsNoPattern() throws {
  let start = first + day / 2
  let seen = try past("acme/a", [(start, running(.t4Small, sleep: 3600))], until: start + 14 * day)
  #expect(forecast(seen, at: start + 14 * day).basis == .runRate)
  let longer = try past("acme/a", [(start, running(.t4Small, sleep: 3600))], until: start + 15 * day)
  #expect(forecast(longer, at: start + 15 * day).basis == .weeks(2))
}

@Test func hardwareWithoutAPriceIsTold() throws {
  let now = first + 30 * day
  let unknown = SpaceHardware(rawValue: "h900-large")
  let past = try past("acme/a", [(first, running(unknown))], until: now)
  #expect(forecast(past, at: now).unpriced == [unknown])
  let moved = forecast(past, at: now, under: try policy("default: { hardware: t4-small, sleep: 1h }"))
  #expect(moved.unpriced == [])
}

/// Many short runs: each begins a minute that is charged whole.
@Test func startedMinutesComeAgain() throws {
  let now = first + 28 * day  // Monday, 2026-02-02
  let changes = (0..<28 * 24).flatMap { hour -> [(Instant, SpaceState)] in
    let start = first + Int64(hour) * 3600
    return [(start, running(.t4Small, sleep: 3600)), (start + 91, asleep(.t4Small))]
  }
  let seen = try past("acme/a", changes, until: now)
  let month = try SpaceForecast.restOfMonth(
    WallClock(.gmt).month(of: CivilDate("2026-02-01")), zone: .gmt, now: now)
  let charged = seen.usage.hardwareLines(in: first..<now, prices: .builtIn).totalCost.estimate
  let total = forecast(seen, at: now).total.estimate
  let expected = charged.scaled(by: Int128(month.count), over: 28)
  #expect((total - expected).magnitude < expected.scaled(by: 1, over: 100), "\(total), \(expected)")
}

/// What is kept in storage is charged in the months that a backtest looks at, and in its forecasts.
@Test func aBacktestKnowsStorage() throws {
  let state = SpaceState(
    stage: .running, hardware: .t4Small, requestedHardware: .t4Small, storage: .init(rawValue: "large"))
  let now = first + 90 * day
  let backtest = try backtest("acme/a", [(first, state)], until: now)
  #expect(backtest.count > 0 && backtest.covered == backtest.count)
  #expect(backtest.forecast.error < Money(nanoDollars: 100_000_000), "\(backtest.forecast.error)")
}

/// Nobody looked while it slept for weeks: a forecast of then did not know that.
@Test func aBacktestKnowsNoMoreThanWasKnownThen() throws {
  let now = first + 57 * day  // 2026-03-03
  let seen = intervals([(first, running(.t4Small))], until: first + 30 * day)
  let later = Interval(state: running(.t4Small), looks: [first + 52 * day, now - 1])
  let record = Backtest.Record(try SpaceID("acme/a"), intervals: seen + [later], actions: [])
  let backtest = Backtest.of([record], zone: .gmt, now: now, prices: .builtIn).all
  // Of February, forecast on five days: nobody has looked since its fourth.
  #expect(backtest.count == 5)
  #expect(backtest.forecast.error > money(30), "\(backtest.forecast.error)")
}

@Test func aBacktestChargesNothingWhereAGrantPays() throws {
  let now = first + 120 * day
  let record = Backtest.Record(
    try SpaceID("acme/a"), intervals: intervals([(first, running(.t4Small))], until: now), actions: [],
    isGranted: true)
  let backtest = Backtest.of([record], zone: .gmt, now: now, prices: .builtIn).all
  #expect(backtest.count > 0)
  #expect(backtest.actual == .zero && backtest.forecast.error == .zero && backtest.runRate.error == .zero)
}

/// As `forecast` without rules: what is paused stays so.
@Test func aBacktestExpectsNothingOfWhatIsPaused() throws {
  let paused = SpaceState(stage: .paused, requestedHardware: .t4Small)
  let backtest = try backtest(
    "acme/a", [(first, running(.t4Small)), (first + 20 * day, paused)], until: first + 57 * day)
  #expect(backtest.count == 5)
  #expect(backtest.forecast.error == .zero)
}

/// But not what is paused each night, as at the midnights from which a backtest looks on.
@Test func aBacktestExpectsWhatIsPausedEachNightToStartAgain() throws {
  let paused = SpaceState(stage: .paused, requestedHardware: .t4Small)
  let nights = (0..<57).flatMap { number in
    let midnight = first + Int64(number) * day
    return [(midnight + 6 * 3600, running(.t4Small)), (midnight + 22 * 3600, paused)]
  }
  let backtest = try backtest("acme/a", [(first, paused)] + nights, until: first + 57 * day)
  #expect(backtest.count == 5 && backtest.actual > .zero)
  #expect(backtest.forecast.error == .zero)
}

/// Looks and actions after an instant change nothing of what is forecast then.
@Test func whatCameLaterIsNotKnown() throws {
  let now = first + 30 * day
  let changes = [
    (first, running(.t4Small)), (now + day, running(.a100Large)), (now + 2 * day, asleep(.t4Small)),
  ]
  let action = SpaceAction(
    space: try SpaceID("acme/a"), at: now + day, kind: .hardware, from: "t4-small", to: "a100-large",
    outcome: .done, reason: "", cause: .hold)
  let all = SpacePast(
    try SpaceID("acme/a"), intervals: intervals(changes, until: now + 5 * day), actions: [action],
    startup: 60,
    now: now, prices: .builtIn)
  let cut = try past("acme/a", [(first, running(.t4Small))], until: now)
  #expect(forecast(all, at: now).total == forecast(cut, at: now).total)
  let coming = SpacePast(
    try SpaceID("acme/a"), intervals: intervals([(now + day, running(.t4Small))], until: now + 5 * day),
    actions: [], startup: 60, now: now, prices: .builtIn)
  #expect(forecast(coming, at: now).total == .zero)
}

/// What was removed is not charged; what nobody has looked at since is taken to be there.
@Test(arguments: [(Int64(12), Int64(0), false), (72, 25, true)])
func storageIsChargedAsItWasSeenLast(removed: Int64, unwatched: Int64, isCharged: Bool) throws {
  let now = first + 30 * day  // 2026-02-04
  let large = SpaceState(
    stage: .running, hardware: .cpuBasic, requestedHardware: .cpuBasic, storage: .init(rawValue: "large"))
  let seen = try past(
    "acme/a", isCharged ? [(first, large)] : [(first, large), (now - removed * 3600, running(.cpuBasic))],
    until: now - unwatched * 3600)
  #expect((forecast(seen, at: now).total.estimate > .zero) == isCharged)
}

/// Nobody knows what it costs; it is no more than if it stays up.
@Test func aFirstLookIsNoZero() throws {
  let now = first + 20 * day  // 2026-01-25
  let past = SpacePast(
    try SpaceID("acme/a"), intervals: [Interval(state: running(.t4Small), looks: [now])], actions: [],
    startup: 60, now: now, prices: .builtIn)
  let forecast = forecast(past, at: now)
  #expect(forecast.basis == .unknown && forecast.total.low == .zero)
  #expect(forecast.total.high == (try Money("0.40").scaled(by: 7 * 24, over: 1)))
}

/// Up from 8:00 to 20:00 in Paris, which the rules ask for and a run a little late, on hardware that sleeps after two
/// hours.
private func parisDays(until now: Instant, late: Int64 = 0, without days: Range<Int64> = 0..<0) throws
  -> SpacePast
{
  let clock = WallClock(try TimeZone(ianaName: "Europe/Paris"))
  let date = clock.date(at: first)
  let changes = (0..<(now - first) / day + 1).filter { !days.contains($0) }.flatMap { number in
    let midnight = clock.start(of: date + number)
    let offset = clock.offset(at: midnight + 12 * 3600) - clock.offset(at: midnight)
    return [
      (midnight + 8 * 3600 - offset + late, running(.a10gSmall, sleep: 7200)),
      (midnight + 20 * 3600 - offset + late, running(.cpuBasic, sleep: 172_800)),
    ]
  }
  return try past("acme/a", changes.filter { $0.0 < now }, until: now)
}

private let parisHours = """
  zone: Europe/Paris, default: { hardware: cpu-basic }, rules: [
    { cron: "0 8 * * *", set: { hardware: a10g-small, sleep: 2h } }, { cron: "0 20 * * *", set: { hardware: cpu-basic } }]
  """

/// The clock changes on 2026-03-29: hours before and after it are alike by the clock, and a run that is late by minutes
/// is no other rule.
@Test(arguments: [("2026-03-27", Int64(0)), ("2026-03-29", 300), ("2026-03-31", 0), ("2026-04-20", 300)])
func hoursAreAlikeAcrossAChangeOfTheClock(now: String, late: Int64) throws {
  let now = try Instant(now, zone: .gmt)
  let forecast = forecast(
    try parisDays(until: now, late: late), at: now, under: try policy(parisHours))
  #expect(forecast.untold == [])
  let clock = WallClock(.gmt)
  let days = (clock.month(at: now).upperBound - now) / day
  let expected = money(Int(days) * 12)
  #expect((forecast.total.estimate - expected).magnitude <= money(1), "\(forecast.total), \(expected)")
  #expect((forecast.total.high - forecast.total.low) < money(2), "\(forecast.total)")
}

/// A day on which nobody knows what rules make of visits makes that day uncertain, and no other.
@Test func anExceptionLeavesOtherDaysAsCertainAsTheyWere() throws {
  let now = try Instant("2026-03-10", zone: .gmt)
  let thrift = """
    exceptions: [{ name: thrift, from: 2026-03-20, until: 2026-03-21, set: { hardware: a10g-small, sleep: 10m } }]
    """
  let forecast = forecast(try parisDays(until: now), at: now, under: try policy("\(parisHours), \(thrift)"))
  #expect(!forecast.untold.isEmpty)
  // In Paris the day is part of two of UTC.
  #expect(forecast.total.low > money(19 * 12) && forecast.total.low < money(22 * 12))
  #expect(forecast.total.high > money(22 * 12))
}

/// Weeks in which it was given up, or held on something else, for a time are no other rules.
@Test func whatWasForATimeIsNoSign() throws {
  let now = try Instant("2026-03-10", zone: .gmt)
  let number = (now - first) / day
  func untold(_ cause: SpaceAction.Cause?) throws -> UnseenRules {
    let seen = try parisDays(until: now, without: number - 10..<number - 3)
    let actions = try (number - 10..<number - 3).map { date in
      SpaceAction(
        space: try SpaceID("acme/a"), at: first + date * day - 4 * 3600, kind: .hardware, from: "a10g-small",
        to: "cpu-basic", outcome: .done, reason: "", cause: cause)
    }
    let past = SpacePast(
      seen.space,
      intervals: seen.states.segments.compactMap { segment in
        segment.value.map { Interval(state: $0, looks: looks(segment.range)) }
      }, actions: actions, startup: 60, now: now, prices: .builtIn)
    return forecast(past, at: now, under: try policy(parisHours)).untold
  }
  #expect(try untold(.budget) == [])
  // By hand: then it may stay so.
  #expect(try untold(nil) == .upgrade)
}

/// One week of visits does not tell how weeks differ.
@Test func oneWeekOfVisitsIsNotReplayed() throws {
  let start = first + day / 2
  let now = start + 14 * day
  var past = try past("acme/a", [(start, running(.t4Small))], until: now)
  past.log = VisitLog(Visits((0..<14 * 24).map { Visit(at: start + $0 * 3600) }), spans: [start..<now])
  let rules = try policy("default: { hardware: t4-small, sleep: 10m }")
  #expect(forecast(past, at: now, under: rules).basis == .runRate)
}

/// Each week is as the one before: what is rounded on the way to a forecast does not put months outside of it.
@Test func whatIsRegularFallsIntoItsInterval() throws {
  let now = first + 150 * day
  let changes = (0..<150).filter { $0 % 7 < 5 }.flatMap { index -> [(Instant, SpaceState)] in
    let morning = first + Int64(index) * day + 8 * 3600
    return [(morning, running(.t4Small, sleep: 3600)), (morning + 3607, asleep(.t4Small))]
  }
  let backtest = try backtest("acme/a", changes, until: now)
  #expect(backtest.count > 0 && backtest.covered == backtest.count, "\(backtest.covered)")
}

/// Rules that no recent week has seen do with its visitors what they would have done: somebody every hour from 8 to 16,
/// for whom it was up day and night, or on free hardware.
@Test(arguments: [
  // Up from the first visitor to two hours after the last, when it goes to hardware that is free.
  (
    "default: { hardware: t4-small }, idle: { after: 2h, set: { hardware: cpu-basic } }, rules: [{ cron: '0 8 * * *', set: { hardware: t4-small } }]",
    running(.t4Small), 25 * 10 * 3600, 0
  ),
  // Ten minutes a visitor on one day, after which it sleeps until the next morning.
  (
    "exceptions: [{ name: thrift, from: 2026-02-10, until: 2026-02-11, set: { sleep: 10m } }]",
    running(.t4Small), 24 * 86_400 + 9 * 600 - 8 * 3600, 9
  ),
  ("default: { hardware: t4-small, sleep: 10m }", running(.cpuBasic, sleep: 172_800), 25 * 9 * 600, 240),
])
func newRulesDoWithVisitorsWhatNoWeekHasSeen(
  rules: String, state: SpaceState, seconds: Int, unsure: Int
) throws {
  let now = first + 30 * day  // 2026-02-04
  var past = try past("acme/a", [(first, state)], until: now)
  let visits = Visits((0..<30).flatMap { date in (8..<17).map { Visit(at: first + date * day + $0 * 3600) } })
  past.log = VisitLog(visits, spans: [first..<now])
  let told = forecast(past, at: now, under: try policy(rules))
  #expect(told.basis == .visits(weeks: 4) && told.untold == [])
  let expected = try Money("0.40").scaled(by: Int128(seconds), over: 3600)
  #expect((told.total.estimate - expected).magnitude < money(1), "\(told.total)")
  // Without a log that is not in it, and said to be.
  past.log = VisitLog(visits)
  let blind = forecast(past, at: now, under: try policy(rules))
  #expect(!blind.untold.isEmpty)
  // Of 240 dollars what those days cost may not come; it is no less that may.
  #expect(isCents(blind.total.high, money(240)))
  #expect((money(239 - unsure)...money(240 - unsure)).contains(blind.total.low), "\(blind.total)")
}

/// No other sleep time wakes it, nor does the same hardware.
@Test(arguments: [
  (asleep(.t4Small), "{ hardware: t4-small, sleep: never }", "0", false),
  (asleep(.t4Small), "{ hardware: l4x1, sleep: never }", "480", true),
  (asleep(.cpuBasic), "{ hardware: t4-small, sleep: never }", "240", true),
  // What is not asked for is never after cpu-basic.
  (asleep(.cpuBasic), "{ hardware: t4-small }", "240", true),
  (asleep(.cpuBasic), "{ hardware: t4-small, sleep: 1h }", "0.4", false),
  (SpaceState(stage: .paused, requestedHardware: .t4Small), "{ hardware: l4x1, sleep: never }", "0", false),
  (
    SpaceState(stage: .buildError, requestedHardware: .t4Small), "{ hardware: l4x1, sleep: never }", "0",
    false
  ),
])
func whoWakesWithoutVisitors(state: SpaceState, settings: String, dollars: String, isSettled: Bool) throws {
  let now = first + 30 * day  // 2026-02-04
  let forecast = forecast(
    try past("acme/a", [(first, state)], until: now), at: now, under: try policy("default: \(settings)"))
  #expect(forecast.total.estimate == (try Money(dollars)), "\(forecast.total)")
  #expect((forecast.basis == .rules) == isSettled)
}

/// By day it does not sleep once somebody has come.
@Test func hoursWithoutSleepBeginWithTheFirstVisitor() throws {
  let now = first + 30 * day  // 2026-02-04
  let days = (0..<30 as Range<Int64>).flatMap { date -> [(Instant, SpaceState)] in
    let midnight = first + date * day
    return [
      (midnight, asleep(.t4Small)), (midnight + 9 * 3600, running(.t4Small, sleep: 3600)),
      (midnight + 17 * 3600, asleep(.t4Small)),
    ]
  }
  let rules = """
    default: { hardware: t4-small, sleep: 10m }, zone: UTC, rules: [
      { cron: "0 8 * * *", set: { sleep: never } }, { cron: "0 18 * * *", set: { sleep: 10m } }]
    """
  let forecast = forecast(try past("acme/a", days, until: now), at: now, under: try policy(rules))
  #expect(
    isCents(forecast.total.estimate, money(90)), "\(forecast.total)")
}

/// What nobody watched is not known to be free: weeks before the last look tell of days to come.
@Test(arguments: [Int64(12), 30])
func timeInWhichNobodyLookedIsNoTimeOff(known: Int64) throws {
  let seen = try past("acme/a", [(first, running(.t4Small))], until: first + known * day)
  let now = first + 44 * day  // 2026-02-18
  let unwatched = SpacePast(
    seen.space, intervals: [Interval(state: running(.t4Small), looks: looks(first..<first + known * day))],
    actions: [], startup: 60, now: now, prices: .builtIn)
  let forecast = forecast(unwatched, at: now)
  #expect(isCents(forecast.total.estimate, try Money("0.40").scaled(by: 11 * 24, over: 1)))
  #expect(forecast.known == first + known * day + 899)
}

@Test func whatIsGoneCostsNothingMore() throws {
  let now = first + 30 * day
  let gone = forecast(
    try past("acme/a", [(first, running(.t4Small)), (first + 29 * day, .gone)], until: now), at: now)
  #expect(gone.basis == .over)
  #expect(gone.total == Bounds(certain: .zero))
}

@Test func theSumOfTwoIsNotTheSumOfIntervals() throws {
  let now = first + 150 * day
  let one = forecast(try past("acme/s1", service(1, days: 150), until: now), at: now)
  let other = forecast(try past("acme/s2", service(2, days: 150), until: now), at: now)
  let sum = (one.rest + other.rest).total(after: .zero)
  let bounds = one.total + other.total
  #expect(bounds.low < sum.low && sum.high < bounds.high, "\(sum), \(bounds)")
  #expect(sum.estimate == bounds.estimate)
}

/// A service with working hours, noise, weeks that are busier than others, and a level that may change for good.
private func service(_ seed: UInt64, days: Int64) -> [(Instant, SpaceState)] {
  var random = SplitMix64(seed: seed)
  func uniform(_ low: Double, _ high: Double) -> Double { Double.random(in: low...high, using: &random) }
  func noise(_ deviation: Double) -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + uniform(0, 1) } * deviation
  }
  let hours = uniform(2, 14)
  let weekend = uniform(0, 0.6)
  let daily = uniform(0.05, 0.5)
  let weekly: Double = [0, 0, 0.05, 0.12][Int.random(in: 0..<4, using: &random)]
  let changesForGood = Int.random(in: 0..<4, using: &random) == 0
  var level = 1.0
  var week = 0.0
  var changes: [(Instant, SpaceState)] = [(first, asleep(.t4Small))]
  for index in 0..<days {
    if index % 7 == 0 { week = week * 0.9 + noise(weekly) }
    if changesForGood, Int.random(in: 0..<45, using: &random) == 0 { level = uniform(0.3, 2) }
    let awake = hours * (index % 7 >= 5 ? weekend : 1) * level * exp(week + noise(daily))
    let seconds = Int64(min(awake, 23) * 3600)
    guard seconds > 0 else { continue }
    let start = first + index * day + 1800
    changes += [(start, running(.t4Small, sleep: 3600)), (start + seconds, asleep(.t4Small))]
  }
  return changes
}

/// Better than its baselines on most series and in sum, and with an interval that holds what it promises.
@Test func forecastsAreBetterThanRunRateAndLastMonth() throws {
  let days: Int64 = 150
  var (forecast, runRate, lastMonth) = (Money.zero, Money.zero, Money.zero)
  var (better, covered, count) = (0, 0, 0)
  for seed in 0..<40 as Range<UInt64> {
    let backtest = try backtest("acme/s\(seed)", service(seed, days: days), until: first + days * day)
    forecast += backtest.forecast.loss
    runRate += backtest.runRate.loss
    lastMonth += backtest.lastMonth.loss
    if backtest.forecast.loss < min(backtest.runRate.loss, backtest.lastMonth.loss) { better += 1 }
    covered += backtest.covered
    count += backtest.count
  }
  #expect(forecast < runRate)
  #expect(forecast < lastMonth)
  #expect(better >= 30, "\(better) of 40")
  #expect((75...85).contains(covered * 100 / count), "\(covered) of \(count)")
}

@Test(arguments: [("100", BudgetForecast.State.onTrack), ("9.59", .broken)])
func budgetsFareAsSpendingDoes(monthly: String, state: BudgetForecast.State) throws {
  let days = (0..<2).map { first + $0 * day..<first + ($0 + 1) * day }
  let rest = ForecastPaths(days: days, certain: [try Money("9.60"), try Money("9.60")])
  #expect(
    BudgetForecast(monthly: try Money(monthly), spent: Bounds(certain: try Money("9.60")), rest: rest).state
      == state)
}

@Test func aBudgetBreaksOnTheDayOnWhichMoreIsSpent() throws {
  let days = (0..<2).map { first + $0 * day..<first + ($0 + 1) * day }
  let rest = ForecastPaths(days: days, certain: [try Money("9.60"), try Money("9.60")])
  // Spent to the last cent it is not broken.
  let budget = BudgetForecast(
    monthly: try Money("19.20"), spent: Bounds(certain: try Money("9.60")), rest: rest)
  #expect(budget.state == .willBreak(days[1]))
  #expect(budget.isSure)
  #expect(budget.total == Bounds(certain: try Money("28.80")))
}

/// What is spent to the cent is not on track, and not broken either.
@Test(arguments: [
  ("9.60", BudgetForecast.State.usedUp), ("9.604", .usedUp), ("9.61", .onTrack), ("0", .onTrack),
])
func aBudgetIsUsedUpWhereNothingIsLeftOrExpected(monthly: String, state: BudgetForecast.State) throws {
  let days = [first..<first + day]
  let spent = try monthly == "0" ? Money.zero : Money("9.60")
  let budget = BudgetForecast(
    monthly: try Money(monthly), spent: Bounds(certain: spent),
    rest: ForecastPaths(days: days, certain: [.zero]))
  #expect(budget.state == state)
}

/// What nobody saw may have been spent, and is nothing to act on.
@Test func onlyWhatIsCertainDemandsAction() throws {
  let spent = Bounds(low: try Money("9"), estimate: try Money("30"), high: try Money("31"))
  let budget = BudgetForecast(
    monthly: try Money("20"), spent: spent, rest: ForecastPaths(days: [], certain: []))
  #expect(budget.state == .broken)
  #expect(!budget.demandsAction)
  #expect(budget.total == Bounds(low: spent.low, estimate: spent.estimate, high: spent.high))
}
