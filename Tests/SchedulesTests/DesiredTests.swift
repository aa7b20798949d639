import Cron
import Foundation
import Schedules
import Spaces
import TestSupport
import Testing
import Timelines

private let officeHours = """
  default: { hardware: cpu-basic, sleep: 2h }
  rules:
    - { name: morning, cron: "0 8 * * MON-FRI", set: { hardware: a10g-small, sleep: 30m } }
    - { name: evening, cron: "0 19 * * MON-FRI", set: { hardware: cpu-basic } }
  """

/// Also long after a boundary that nobody acted on.
@Test(arguments: [
  ("2026-11-02T07:59:59", "cpu-basic", "2h", "evening", "2026-10-30T19:00"),
  ("2026-11-02T08:00", "a10g-small", "30m", "morning", "2026-11-02T08:00"),
  ("2026-11-02T18:59:59", "a10g-small", "30m", "morning", "2026-11-02T08:00"),
  ("2026-11-02T19:00", "cpu-basic", "2h", "evening", "2026-11-02T19:00"),
  ("2026-11-08T12:00", "cpu-basic", "2h", "evening", "2026-11-06T19:00"),
])
func theLatestBoundaryDecides(at: String, hardware: String, sleep: String, rule: String, since: String) throws
{
  let desired = try policy(officeHours).desired(at: try utc(at))
  let boundary = try utc(since)
  #expect(desired.hardware == .init(.init(rawValue: hardware), source: .rule(name: rule, since: boundary)))
  #expect(desired.sleep?.value.ruleText == sleep)
  #expect(desired.sleep?.source == (rule == "evening" ? .default : .rule(name: rule, since: boundary)))
  #expect(desired.state == nil && desired.replicas == nil)
  #expect(desired.boundary?.instant == boundary)
}

@Test func beforeTheFirstBoundaryTheDefaultHolds() throws {
  let policy = try policy(
    """
    default: { hardware: cpu-basic }
    rules: [{ cron: "0 0 30 2 *", set: { hardware: t4-small, state: running } }]
    """)
  let desired = policy.desired(at: try utc("2026-11-02"))
  #expect(desired == Desired(boundary: nil, default: Settings(hardware: .cpuBasic)))
  #expect(desired.settings == Settings(hardware: .cpuBasic))
  #expect(policy.nextBoundary(after: try utc("2026-11-02")) == nil)
}

private let atTheGap = """
  rules:
    - { name: later, cron: "30 2 * * *", set: { replicas: 3 } }
    - { name: earlier, cron: "0 2 * * *", set: { replicas: 2 } }
    - { name: shown, cron: "0 3 28 * *", set: { replicas: 4 } }
    - { name: shown too, cron: "0 3 28 * *", set: { replicas: 5 } }
  """

/// Paris skips 02:00 to 03:00 on 2027-03-28, New York on 2027-03-14.
@Test(arguments: [
  ("America/New_York", "2027-03-14T07:00", ["later", "earlier"]),
  ("Europe/Paris", "2027-03-28T01:00", ["shown too", "shown", "later", "earlier"]),
  ("Europe/Paris", "2027-03-29T00:30", ["later"]),
])
func theLaterWallTimeWinsThenTheLaterInTheFile(zone: String, at: String, names: [String]) throws {
  let policy = try policy(atTheGap, zone: zone)
  let instant = try utc(at)
  let boundary = try #require(policy.latestBoundary(atOrBefore: instant))
  #expect(boundary.instant == instant && boundary.name == names[0])
  #expect(policy.nextBoundary(after: instant - 1) == boundary)
  let firings = Array(policy.firings(in: instant..<instant + 1))
  #expect(firings.map(\.winner) == [boundary])
  #expect(firings.map { $0.others.reversed().map(\.name) } == [Array(names.dropFirst())])
}

/// Paris turns its clock back on 2026-10-25; Apia had no 2011-12-30; St. John's was put back over midnight.
@Test(arguments: [
  ("UTC", "2026-11-02T00:00", "2026-11-02T00:00", "2026-11-03T00:00"),
  ("Europe/Paris", "2026-10-25T12:00", "2026-10-24T22:00", "2026-10-25T23:00"),
  ("Pacific/Apia", "2011-12-30T09:59:59", "2011-12-29T10:00", "2011-12-30T10:00"),
  ("Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00", "2011-12-31T10:00"),
  ("America/St_Johns", "2010-11-07T03:00", "2010-11-07T02:30", "2010-11-08T03:30"),
  ("America/Sao_Paulo", "2018-11-04T03:00", "2018-11-04T03:00", "2018-11-05T02:00"),
])
func aPolicyWithoutRulesHasMidnights(zone: String, at: String, latest: String, next: String) throws {
  let policy = try policy("default: { hardware: cpu-basic }", zone: zone)
  let boundary = try #require(policy.latestBoundary(atOrBefore: try utc(at)))
  #expect(boundary.instant == (try utc(latest)))
  #expect(boundary.rule == nil && boundary.name == "midnight" && boundary.set.isEmpty)
  #expect(boundary.wallTime.secondOfDay == 0)
  #expect(policy.nextBoundary(after: try utc(at))?.instant == (try utc(next)))
}

/// A date that the clock skips has no midnight of its own.
@Test func aSkippedDateIsNoSecondBoundary() throws {
  let policy = try policy("default: { hardware: cpu-basic }", zone: "Pacific/Apia")
  let firings = Array(policy.firings(in: try utc("2011-12-29")..<utc("2012-01-01")))
  #expect(firings.map(\.winner.wallTime.date.description) == ["2011-12-29", "2011-12-31", "2012-01-01"])
  #expect(firings.allSatisfy { $0.others.isEmpty })
}

private let crons = [
  "0 8 * * *", "0 19 * * MON-FRI", "*/30 2 * * *", "30 2 * * *", "0 2 * * *", "0 3 * * *", "0 0 1 * *",
  "30 1 * * SUN", "0 0 30 2 *",
]
private let zones = ["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]

private func randomPolicy(using random: inout SplitMix64) throws -> Policy {
  func settings() -> String {
    let parts = [
      "hardware: \(["t4-small", "l4x1"][Int.random(in: 0..<2, using: &random)])", "sleep: 1h",
      "state: paused",
      "replicas: \(Int.random(in: 1...3, using: &random))",
    ]
    return "{ \(parts.filter { _ in Bool.random(using: &random) }.joined(separator: ", ")) }"
  }
  let rules = (0..<Int.random(in: 0...4, using: &random)).map { index in
    "  - { name: r\(index), cron: \"\(crons[Int.random(in: 0..<crons.count, using: &random)])\", "
      + "set: \(settings()) }\n"
  }
  return try policy(
    "default: \(settings())\nrules:\n" + rules.joined(),
    zone: zones[Int.random(in: 0..<zones.count, using: &random)])
}

/// The settings as the design words them: of all firings at or before the instant the latest, then the one
/// with the later wall time, then the later in the file.
private func naiveSettings(_ policy: Policy, at instant: Instant) -> Settings {
  var best: (instant: Instant, wallTime: WallTime, set: Settings)?
  for rule in policy.rules {
    guard let occurrence = rule.cron.latestOccurrence(atOrBefore: instant, in: policy.zone) else { continue }
    if let best, (occurrence.instant, occurrence.wallTime) < (best.instant, best.wallTime) { continue }
    best = (occurrence.instant, occurrence.wallTime, rule.set)
  }
  return (best?.set ?? Settings()).completed(by: policy.default)
}

@Test(arguments: UInt64(1)...100) func theTimelineIsWhatEachInstantSays(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let policy = try randomPolicy(using: &random)
  // Around the clock changes of 2027.
  let start = try utc("2027-03-01") + Int64.random(in: 0..<20_000_000, using: &random)
  let range = start..<start + Int64.random(in: 1..<6_000_000, using: &random)
  let timeline = policy.desired(over: range)
  let boundaries = Array(policy.boundaries(in: range))
  #expect(zip(boundaries, boundaries.dropFirst()).allSatisfy { $0.instant < $1.instant })
  #expect(boundaries.allSatisfy { range.contains($0.instant) })
  #expect(timeline.segments.count <= boundaries.count + 1)

  var instants = boundaries.prefix(20).flatMap { [$0.instant - 1, $0.instant, $0.instant + 1] }
  instants += (0..<20).map { _ in start + Int64.random(in: 0..<range.seconds, using: &random) }
  for instant in instants where range.contains(instant) {
    let desired = policy.desired(at: instant)
    #expect(timeline.value(at: instant) == desired, "at \(instant)")
    #expect(desired.settings == naiveSettings(policy, at: instant), "at \(instant)")
    #expect(policy.nextBoundary(after: instant).map(\.instant) ?? .distantFuture > instant)
    let next = boundaries.first { $0.instant > instant }
    if let next { #expect(policy.nextBoundary(after: instant) == next) }
  }
}

/// Rules that act early, begin or end, with holds above them: what is followed is what is looked up.
@Test(arguments: UInt64(1)...200) func turnsAreWhatEachInstantSays(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  var policy = try randomPolicy(using: &random)
  let start = try utc("2027-03-01") + Int64.random(in: 0..<20_000_000, using: &random)
  let range = start..<start + Int64.random(in: 1..<3_000_000, using: &random)
  func part() -> Range<Instant> {
    let begin = start + Int64.random(in: -500_000..<range.seconds, using: &random)
    return begin..<begin + Int64.random(in: 1..<1_000_000, using: &random)
  }
  for index in policy.rules.indices {
    if Int.random(in: 0..<3, using: &random) == 0 { policy.rules[index].validity = part() }
    // Some begin with a firing, or a little before: one that acts early has acted then.
    if Bool.random(using: &random),
      let occurrence = policy.rules[index].cron.next(after: part().lowerBound, in: policy.zone)
    {
      let begin = occurrence - Int64.random(in: 0..<2, using: &random) * 60
      policy.rules[index].validity = begin..<begin + 2_000_000
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: policy.rules[index].lead = .measured
    case 1: policy.rules[index].lead = .fixed(Int64.random(in: 1..<10_000, using: &random))
    default: break
    }
  }
  let settings = [
    Settings(hardware: .t4Small), Settings(hardware: .cpuBasic, sleep: .never), Settings(state: .paused),
    Settings(replicas: 2),
  ]
  var schedule = SpaceSchedule(policy, startup: StartupTimes(runsEvery: 300))
  for _ in 0..<Int.random(in: 0...4, using: &random) {
    // Some begin or end together, or at a boundary.
    let ends = schedule.holds.map(\.range.upperBound) + policy.boundaries(in: range).prefix(9).map(\.instant)
    var part = part()
    if let end = ends.randomElement(using: &random), end > part.lowerBound { part = part.lowerBound..<end }
    let set = settings[Int.random(in: 0..<settings.count, using: &random)]
    schedule.holds.append(Override(kind: .hold, name: "", range: part, set: set))
  }
  let turns = schedule.turns(in: range)
  #expect(turns.map(\.instant) == Set(schedule.boundaries(in: range).map(\.instant)).sorted())
  for turn in turns {
    #expect(turn.desired == schedule.desired(at: turn.instant), "seed \(seed), at \(turn.instant)")
    let bounds = Setting.allCases.filter {
      schedule.latestBoundary(of: $0, atOrBefore: turn.instant, midnight: false)?.instant == turn.instant
    }
    #expect(turn.bounds == bounds, "seed \(seed), at \(turn.instant)")
  }
}
