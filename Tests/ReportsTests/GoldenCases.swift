import Foundation
import Pricing
import Reports
import Spaces
import Testing
import Timelines

/// A report on a small team's Spaces, made from what a case says; its files are in the folder of its name.
struct GoldenCase: CustomTestStringConvertible, Sendable {
  let name: String
  let report: @Sendable () throws -> CostReport

  var testDescription: String { name }

  static let all = [
    GoldenCase(name: "month", report: month),
    GoldenCase(name: "running-month", report: runningMonth),
    GoldenCase(name: "first-month", report: firstMonth),
    GoldenCase(name: "first-days", report: firstDays),
    GoldenCase(name: "gaps", report: gaps),
    GoldenCase(name: "without-price", report: withoutPrice),
    GoldenCase(name: "nothing", report: nothing),
    GoldenCase(name: "odd-names", report: oddNames),
    GoldenCase(name: "clock-change", report: clockChange),
    GoldenCase(name: "many-spaces", report: manySpaces),
    GoldenCase(name: "range", report: range),
    GoldenCase(name: "other-choice", report: otherChoice),
  ]
}

private let utc = TimeZone.gmt

private func at(_ text: String, _ zone: TimeZone = utc) throws -> Instant { try Instant(text, zone: zone) }

/// Runs on hardware from eight to seven on weekdays, and on `cpu-basic` else; changed by spaceplan, twenty
/// seconds after it looked.
private func officeHours(
  _ name: String, _ hardware: String, from: String, until: String, zone: TimeZone = utc
)
  throws -> Life
{
  let clock = WallClock(zone)
  let space = try SpaceID(name)
  let end = try CivilDate(until)
  var day = try CivilDate(from)
  var changes = [(at: clock.start(of: day), state: SpaceState.running("cpu-basic"))]
  var actions: [SpaceAction] = []
  while day < end {
    if (1...5).contains(day.weekday) {
      let morning = clock.instant(showing: WallTime(date: day, secondOfDay: 8 * 3600 + 20))
      let evening = clock.instant(showing: WallTime(date: day, secondOfDay: 19 * 3600 + 20))
      changes += [(morning, .running(hardware)), (evening, .running("cpu-basic"))]
      for (instant, from, to) in [(morning, "cpu-basic", hardware), (evening, hardware, "cpu-basic")] {
        actions.append(
          SpaceAction(
            space: space, at: instant, kind: .hardware, from: from, to: to, outcome: .done,
            reason: to == hardware ? "rule morning" : "rule evening"))
      }
    }
    day = day + 1
  }
  return Life(space: space, changes: changes, actions: actions)
}

/// Three Spaces, each of which became cheaper or dearer than the month before.
private func team() throws -> [Life] {
  var chat = try officeHours("acme/chat", "a10g-small", from: "2026-08-20", until: "2026-11-10")
  chat.actions.append(
    SpaceAction(
      space: chat.space, at: try at("2026-10-14T12:05"), kind: .sleep, from: "-1", to: "3600", outcome: .done,
      reason: "rule evening"))
  var demo = Life(
    space: try SpaceID("acme/demo"),
    changes: [
      (try at("2026-08-25"), .running("t4-small")), (try at("2026-10-09T12:00"), .running("cpu-basic")),
    ])
  for minute in 0..<3 {
    demo.actions.append(
      SpaceAction(
        space: demo.space, at: try at("2026-10-09T11:00") + Int64(minute * 300), kind: .hardware,
        from: "t4-small", to: "cpu-basic", outcome: .refused,
        reason: "idle since 2026-10-02 09:00; 403: too many Spaces on cpu-basic"))
  }
  demo.actions.append(
    SpaceAction(
      space: demo.space, at: try at("2026-10-09T12:00"), kind: .hardware, from: "t4-small", to: "cpu-basic",
      outcome: .done, reason: "idle since 2026-10-02 09:00"))
  let batch = Life(
    space: try SpaceID("acme/batch"),
    changes: [
      (try at("2026-09-20"), .running("l40sx1")), (try at("2026-09-21T06:00"), .paused),
      (try at("2026-10-17"), .running("l40sx1")), (try at("2026-10-19T07:30"), .asleep("l40sx1")),
      (try at("2026-10-24"), .running("l40sx1")), (try at("2026-10-25T21:10"), .paused),
    ],
    actions: [
      SpaceAction(
        space: try SpaceID("acme/batch"), at: try at("2026-10-25T21:10"), kind: .pause, from: "RUNNING",
        to: "PAUSED", outcome: .done, reason: "rule sunday")
    ])
  return [chat, demo, batch]
}

private func october(_ now: String, zone: TimeZone = utc) throws -> ReportPeriod {
  ReportPeriod(month: try CivilDate(month: "2026-10"), zone: zone, now: try at(now, zone))
}

private func month() throws -> CostReport {
  CostReport(
    on: try team(), looks: try at("2026-08-20")..<(try at("2026-11-02")), period: try october("2026-11-02"))
}

/// In the middle of a month; the last look is five hours ago.
private func runningMonth() throws -> CostReport {
  CostReport(
    on: try team(), looks: try at("2026-08-20")..<(try at("2026-10-20T09:10")),
    period: try october("2026-10-20T14:00"))
}

private func firstMonth() throws -> CostReport {
  CostReport(
    on: try team(), looks: try at("2026-10-05T10:30")..<(try at("2026-11-02")),
    period: try october("2026-11-02"))
}

/// One Space, since the day before yesterday, and another that was made yesterday.
private func firstDays() throws -> CostReport {
  let chat = try officeHours("acme/chat", "a10g-small", from: "2026-10-18", until: "2026-10-30")
  let draft = Life(
    space: try SpaceID("acme/draft"), changes: [(try at("2026-10-19T15:00"), .running("cpu-basic"))])
  return CostReport(
    on: [chat, draft], looks: try at("2026-10-18T02:31")..<(try at("2026-10-20T14:00")),
    period: try october("2026-10-20T14:00"))
}

/// A planner that was down for three days, and another time for an evening.
private func gaps() throws -> CostReport {
  CostReport(
    on: try team(), looks: try at("2026-08-20")..<(try at("2026-11-02")),
    blind: [
      try at("2026-10-06T17:40")..<(try at("2026-10-09T16:00")),
      try at("2026-10-24T18:00")..<(try at("2026-10-24T23:00")),
      try at("2026-09-11T18:00")..<(try at("2026-09-12T08:00")),
    ], period: try october("2026-11-02"))
}

private func withoutPrice() throws -> CostReport {
  let lives = [
    Life(
      space: try SpaceID("acme/new-gpu"),
      changes: [
        (try at("2026-08-25"), .running("cpu-basic")), (try at("2026-10-12T09:00"), .running("b300x8")),
        (try at("2026-10-13T09:00"), .running("t4-small")),
        (try at("2026-10-13T12:00"), .running("cpu-basic")),
      ]),
    Life(
      space: try SpaceID("acme/tomorrow"),
      changes: [
        (try at("2026-10-02T09:20"), .running("b300x8")), (try at("2026-10-02T17:20"), .asleep("b300x8")),
      ]),
    Life(
      space: try SpaceID("acme/archive"),
      changes: [(try at("2026-08-25"), .running("cpu-basic", storage: .small))]),
    Life(
      space: try SpaceID("acme/attic"),
      changes: [
        (try at("2026-08-25"), .running("cpu-basic", storage: SpaceStorage(rawValue: "gigantic")))
      ]),
  ]
  return CostReport(
    on: lives, looks: try at("2026-08-20")..<(try at("2026-11-02")), period: try october("2026-11-02"))
}

private func nothing() throws -> CostReport {
  CostReport(period: try october("2026-11-02"), spaces: [], prices: .builtIn)
}

/// Names, hardware and reasons that Markdown would take for markup.
private func oddNames() throws -> CostReport {
  let space = try SpaceID("_acme_/--__demo__.v1.0--")
  let odd = Life(
    space: space,
    changes: [
      (try at("2026-08-25"), .running("t4-small")), (try at("2026-10-04"), .running("x|y`z*")),
      (try at("2026-10-04T01:00"), .running("a10g-small")), (try at("2026-10-20"), .gone),
    ],
    actions: [
      SpaceAction(
        space: space, at: try at("2026-10-05"), kind: .hardware, from: "a10g-small", to: "x|y`z*",
        outcome: .failed,
        reason: "rule *night* | <script>alert(1)</script>\nasked @octocat, see #12 [here](http://a.b) 日本語"),
      SpaceAction(
        space: space, at: try at("2026-10-06"), kind: .pause, from: "RUNNING", to: "PAUSED",
        outcome: .unknown,
        reason: String(repeating: "<html>Bad Gateway</html> ", count: 40)),
    ])
  return CostReport(
    on: [odd], looks: try at("2026-08-20")..<(try at("2026-11-02")), period: try october("2026-11-02"))
}

/// Paris puts its clocks back on 25 October: a month of 745 hours, and a day of 25.
private func clockChange() throws -> CostReport {
  let paris = try TimeZone.named("Europe/Paris")
  let lives = [
    Life(space: try SpaceID("acme/always"), changes: [(try at("2026-08-20", paris), .running("t4-small"))]),
    try officeHours("acme/chat", "a10g-small", from: "2026-08-20", until: "2026-11-10", zone: paris),
  ]
  return CostReport(
    on: lives, looks: try at("2026-08-20", paris)..<(try at("2026-11-02", paris)),
    period: try october("2026-11-02", zone: paris))
}

/// More Spaces than a table has room for.
private func manySpaces() throws -> CostReport {
  let hardware = ["t4-small", "cpu-upgrade", "l4x1", "a10g-small", "cpu-basic"]
  let lives = try (1...40).map { number in
    Life(
      space: try SpaceID("acme/space-\(number)"),
      changes: [
        (try at("2026-08-20"), .running(hardware[number % 5])),
        (try at("2026-09-01") + Int64(number) * 90_000, .running("cpu-basic")),
        (try at("2026-10-03") + Int64(number) * 60_000, .running(hardware[number % 3])),
        (try at("2026-10-20") + Int64(number) * 7000, .running("cpu-basic")),
      ])
  }
  return CostReport(
    on: lives, looks: try at("2026-08-20")..<(try at("2026-11-02")), period: try october("2026-11-02"))
}

private func range() throws -> CostReport {
  CostReport(
    on: try team(), looks: try at("2026-08-20")..<(try at("2026-11-02")),
    period: ReportPeriod(
      try at("2026-09-28")..<(try at("2026-10-12")), zone: utc, now: try at("2026-11-02")))
}

/// Twice the first of three hardware could not be had.
private func otherChoice() throws -> CostReport {
  let space = try SpaceID("acme/studio")
  var changes = [(at: try at("2026-08-25"), state: SpaceState.running("cpu-basic"))]
  var actions: [SpaceAction] = []
  func get(_ hardware: String, _ instant: String, _ reason: String, refused: String? = nil) throws {
    let at = try at(instant)
    if let refused {
      actions.append(
        SpaceAction(
          space: space, at: at, kind: .hardware, from: "cpu-basic", to: refused, outcome: .refused,
          reason: "rule morning"))
    }
    actions.append(
      SpaceAction(
        space: space, at: at, kind: .hardware, from: "cpu-basic", to: hardware, outcome: .done, reason: reason
      ))
    changes.append((at, .running(hardware)))
  }
  func reason(_ number: Int, _ reasons: String...) -> String {
    "rule morning (\(SpaceAction.choice(number, of: 3, because: reasons)))"
  }
  try get("t4-medium", "2026-10-05T08:00", reason(2, "a10g-small was refused"), refused: "a10g-small")
  try get("cpu-basic", "2026-10-05T19:00", "rule evening")
  try get("t4-medium", "2026-10-06T08:00", reason(2, "a10g-small was refused"), refused: "a10g-small")
  try get(
    "t4-small", "2026-10-06T08:20",
    reason(3, "a10g-small was refused", "t4-medium did not come up within 20m of 2026-10-06 08:00"))
  try get("cpu-basic", "2026-10-06T19:00", "rule evening")
  try get("a10g-small", "2026-10-07T08:00", "rule morning")
  try get("cpu-basic", "2026-10-07T19:00", "rule evening")
  return CostReport(
    on: [Life(space: space, changes: changes, actions: actions)],
    looks: try at("2026-08-20")..<(try at("2026-11-02")), period: try october("2026-11-02"))
}
