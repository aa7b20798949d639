import Cron
import Foundation
import LocatedYAML
import Schedules
import Spaces
import Testing
import Timelines

private let holidays = """
  BEGIN:VCALENDAR\r
  VERSION:2.0\r
  PRODID:-//test//EN\r
  BEGIN:VEVENT\r
  UID:1\r
  DTSTAMP:20200101T000000Z\r
  DTSTART;VALUE=DATE:20201225\r
  RRULE:FREQ=YEARLY\r
  SUMMARY:Christmas Day\r
  END:VEVENT\r
  END:VCALENDAR\r

  """

/// A policy for `acme/chat` from the lines that follow its name, in a folder with `holidays.ics`.
private func withHolidays(_ lines: String, zone: String = "UTC", file: String = "rules/a.yaml") throws
  -> Policy
{
  let text =
    "version: 1\nzone: \(zone)\npolicies:\n  - name: one\n    spaces: [acme/chat]\n"
    + lines.split(separator: "\n").map { "    \($0)\n" }.joined()
  let (schedules, diagnostics) = Schedules.read([(file, text)]) { path, beside in
    #expect(path == "holidays.ics" && beside == file)
    return Array(holidays.utf8)
  }
  #expect(diagnostics.filter { $0.severity == .error } == [])
  return try #require(schedules.policies.first)
}

private func hardware(_ policy: Policy, _ at: String) throws -> String? {
  policy.desired(at: try Instant(at, zone: policy.zone)).hardware?.value.rawValue
}

private let office = """
  default: { hardware: cpu-basic }
  rules:
    - { name: morning, cron: "0 8 * * *", set: { hardware: a10g-small } }
    - { name: evening, cron: "0 19 * * *", set: { hardware: cpu-basic } }

  """

// MARK: Exceptions

@Test(arguments: [
  ("days: 2026-12-24", "2026-12-24T12:00", "t4-small"),
  ("days: 2026-12-24", "2026-12-23T23:59:59", "cpu-basic"),
  ("days: 2026-12-24", "2026-12-25T00:00", "cpu-basic"), ("days: 12-25", "2031-12-25T12:00", "t4-small"),
  ("days: 12-25", "2031-12-26T12:00", "a10g-small"), ("days: 02-29", "2028-02-29T12:00", "t4-small"),
  ("days: 02-29", "2027-03-01T12:00", "a10g-small"),
  ("days: [2026-12-24, 12-31]", "2027-12-31T12:00", "t4-small"),
  ("from: 2026-12-01T09:00, until: 2026-12-03", "2026-12-02T12:00", "t4-small"),
  ("from: 2026-12-01T09:00, until: 2026-12-03", "2026-12-01T08:59:59", "a10g-small"),
  ("from: 2026-12-01T09:00, until: 2026-12-03", "2026-12-03T12:00", "a10g-small"),
  ("calendar: holidays.ics", "2026-12-25T12:00", "t4-small"),
  ("calendar: holidays.ics", "2026-12-26T12:00", "a10g-small"),
])
func anExceptionHoldsInItsTime(time: String, at: String, expected: String) throws {
  let policy = try withHolidays(
    office + "exceptions: [{ name: party, \(time), set: { hardware: t4-small } }]", zone: "Europe/Paris")
  #expect(try hardware(policy, at) == expected)
}

@Test func whileAnEventOfThePolicysCalendarLastsTheDefaultHolds() throws {
  let policy = try withHolidays(office + "calendar: holidays.ics", zone: "Asia/Tokyo")
  #expect(try hardware(policy, "2026-12-25T12:00") == "cpu-basic")
  #expect(try hardware(policy, "2026-12-24T12:00") == "a10g-small")
  let desired = policy.desired(at: try Instant("2026-12-25T12:00", zone: policy.zone))
  guard case .override(let override)? = desired.hardware?.source else {
    Issue.record("\(desired)")
    return
  }
  #expect(override.name == "calendar: Christmas Day")
}

/// Of two at once the later in the file wins, in what both name.
@Test func theLaterOfTwoExceptionsWins() throws {
  let policy = try policy(
    office + """
      exceptions:
        - { name: a, days: 12-25, set: { hardware: t4-small, sleep: 1h } }
        - { name: b, days: 12-25, set: { hardware: l4x1 } }
      """)
  let desired = policy.desired(at: try utc("2026-12-25T12:00"))
  #expect(desired.hardware?.value == .l4x1)
  #expect(desired.sleep?.value == .after(seconds: 3600))
}

@Test func startsAndEndsOfExceptionsAreBoundariesOfWhatTheyName() throws {
  let policy = try policy(office + "exceptions: [{ name: party, days: 12-25, set: { hardware: t4-small } }]")
  let schedule = SpaceSchedule(policy)
  let noon = try utc("2026-12-25T12:00")
  #expect(schedule.latestBoundary(of: .hardware, atOrBefore: noon)?.name == "exception party")
  #expect(schedule.latestBoundary(of: .sleep, atOrBefore: noon)?.name == "morning")
  #expect(schedule.nextBoundary(of: .hardware, after: noon)?.name == "the end of exception party")
  #expect(schedule.nextBoundary(of: .sleep, after: noon)?.name == "evening")
  let after = try utc("2026-12-26T01:00")
  #expect(schedule.latestBoundary(of: .hardware, atOrBefore: after)?.name == "the end of exception party")
  let summer = try utc("2026-07-01T12:00")
  #expect(schedule.latestBoundary(of: .hardware, atOrBefore: summer)?.name == "morning")
}

// MARK: Weeks, validity, lead

/// The weeks of Monday 2 November and 16 November 2026.
@Test(arguments: [
  ("2026-11-02T09:00", "a10g-small"), ("2026-11-08T09:00", "a10g-small"), ("2026-11-10T09:00", "a10g-small"),
  ("2026-11-16T09:00", "a10g-small"), ("2026-11-01T09:00", "cpu-basic"),
])
func everySecondWeek(at: String, expected: String) throws {
  let policy = try policy(
    """
    default: { hardware: cpu-basic }
    rules: [{ cron: "0 8 * * *", every: 2w, starting: 2026-11-02, set: { hardware: a10g-small } }]
    """)
  #expect(try hardware(policy, at) == expected)
  let firings = policy.boundaries(in: try utc("2026-11-05")..<utc("2026-11-20")).map { "\($0.wallTime.date)" }
  #expect(
    firings == [
      "2026-11-05", "2026-11-06", "2026-11-07", "2026-11-08", "2026-11-16", "2026-11-17", "2026-11-18",
      "2026-11-19",
    ])
  let latest = policy.latestBoundary(atOrBefore: try utc("2026-11-12T12:00"))
  #expect(latest?.instant == (try utc("2026-11-08T08:00")))
}

/// The first week is the one that holds the date, but nothing before the date counts.
@Test func aStartInTheMiddleOfAWeek() throws {
  let policy = try policy(
    "rules: [{ cron: \"0 8 * * MON,THU\", every: 3w, starting: 2026-11-04, set: { hardware: l4x1 } }]")
  let firings = policy.boundaries(in: try utc("2026-10-01")..<utc("2026-12-20")).map { "\($0.wallTime.date)" }
  #expect(firings == ["2026-11-05", "2026-11-23", "2026-11-26", "2026-12-14", "2026-12-17"])
}

@Test func aRuleCountsOnlyBetweenItsDates() throws {
  let policy = try policy(
    """
    default: { hardware: cpu-basic }
    rules:
      - { name: evening, cron: "0 19 * * *", set: { hardware: t4-small } }
      - { name: summer, cron: "0 8 * * *", from: 2026-07-01T12:00, until: 2026-08-01T12:00, set: { hardware: l4x1 } }
    """)
  #expect(try hardware(policy, "2026-07-01T13:00") == "t4-small")
  #expect(try hardware(policy, "2026-07-02T09:00") == "l4x1")
  #expect(try hardware(policy, "2026-08-01T11:59:59") == "l4x1")
  #expect(try hardware(policy, "2026-08-01T12:00") == "t4-small")
  let end = policy.latestBoundary(atOrBefore: try utc("2026-08-01T13:00"))
  #expect(end?.name == "the end of summer")
  #expect(end?.instant == (try utc("2026-08-01T12:00")))
  let start = policy.latestBoundary(atOrBefore: try utc("2026-07-01T13:00"))
  #expect(start?.name == "the beginning of summer")
}

/// A rule that acts early is not undone by one that is due before it.
@Test func aRuleThatActsEarlyIsDueLater() throws {
  let policy = try policy(
    """
    rules:
      - { name: morning, cron: "0 8 * * *", ready: 10m, set: { hardware: l4x1 } }
      - { name: backup, cron: "55 7 * * *", set: { hardware: cpu-basic } }
      - { name: evening, cron: "0 19 * * *", ready: true, set: { hardware: t4-small } }
    """)
  #expect(try hardware(policy, "2026-11-02T07:49:59") == "t4-small")
  #expect(try hardware(policy, "2026-11-02T07:50") == "l4x1")
  #expect(try hardware(policy, "2026-11-02T07:55") == "l4x1")
  #expect(try hardware(policy, "2026-11-02T18:54:59") == "l4x1")
  #expect(try hardware(policy, "2026-11-02T18:55") == "t4-small")
  let known = SpaceSchedule(policy, startup: StartupTimes(seconds: [.t4Small: 90], runsEvery: 60))
  #expect(known.desired(at: try utc("2026-11-02T18:57:29")).hardware?.value == .l4x1)
  #expect(known.desired(at: try utc("2026-11-02T18:57:30")).hardware?.value == .t4Small)
}

/// It would have acted before it begins to count, and so did not act: only its beginning is a boundary.
@Test func aRuleThatWouldHaveActedBeforeItBeginsMakesNoBoundary() throws {
  let policy = try policy(
    """
    rules:
      - { name: old, cron: "0 0 1 1 *", set: { hardware: t4-small } }
      - { name: up, cron: "0 8 * * *", ready: 6h, from: 2026-12-02T06:00, set: { hardware: l4x1 } }
    """)
  func latest(_ instant: String) throws -> String? {
    policy.latestBoundary(atOrBefore: try utc(instant))?.name
  }
  #expect(try latest("2026-12-02T02:05") == "old")
  #expect(try latest("2026-12-02T06:00") == "the beginning of up")
  #expect(try latest("2026-12-03T02:00") == "up")
}

/// What a rule has done early stays, also where a start took less time than was thought.
@Test func whatARuleHasDoneEarlyStays() throws {
  let policy = try policy(
    """
    rules:
      - { name: up, cron: "0 8 * * *", ready: true, set: { hardware: l4x1 } }
      - { name: down, cron: "0 20 * * *", set: { hardware: t4-small } }
    """)
  func schedule(asked instant: String, for hardware: SpaceHardware? = .l4x1) throws -> SpaceSchedule {
    var times = StartupTimes(seconds: [.l4x1: 60], runsEvery: 60)
    times.requests = [
      StartupTimes.Request(hardware, at: try utc(instant), known: StartupTimes(runsEvery: 60))
    ]
    return SpaceSchedule(policy, startup: times)
  }
  let early = try schedule(asked: "2026-11-02T07:54:30")
  #expect(early.desired(at: try utc("2026-11-02T07:54:29")).hardware?.value == .t4Small)
  #expect(early.desired(at: try utc("2026-11-02T07:54:30")).hardware?.value == .l4x1)
  let days = try utc("2026-11-02")..<utc("2026-11-04")
  let expected = ["02T07:54:30", "02T20:00", "03T07:58", "03T20:00"].map { "2026-11-\($0)" }
  #expect(try early.boundaries(in: days).map(\.instant) == expected.map { try utc($0) })
  #expect(early.boundaries(in: try utc("2026-11-02T07:55")..<utc("2026-11-02T08:30")).isEmpty)
  let restarted = try schedule(asked: "2026-11-02T07:54:30", for: nil)
  #expect(restarted.desired(at: try utc("2026-11-02T07:55")).hardware?.value == .l4x1)
  let other = try schedule(asked: "2026-11-02T07:54:30", for: .t4Small)
  #expect(other.desired(at: try utc("2026-11-02T07:55")).hardware?.value == .t4Small)
  // One that was late for today is not early for tomorrow.
  let late = try schedule(asked: "2026-11-02T08:05")
  #expect(late.desired(at: try utc("2026-11-02T21:00")).hardware?.value == .t4Small)
}

// MARK: Lists and templates

@Test func aListOfHardware() throws {
  let policy = try policy(
    "default: { hardware: [a10g-small, t4-medium], within: 10m, sleep: 1h }\nrules: [{ cron: \"@daily\", set: { hardware: [l4x1, t4-small] } }]"
  )
  #expect(policy.default.preference == HardwarePreference(.a10gSmall, others: [.t4Medium], within: 600))
  #expect(policy.rules[0].set.preference == HardwarePreference(.l4x1, others: [.t4Small]))
  #expect(
    policy.default.description == "hardware: [a10g-small, t4-medium], within: 10m, sleep: 1h")
}

private let template = """
  version: 1
  templates:
    - name: lab
      rules:
        - { name: open, cron: "0 9 * * *", set: { hardware: l4x1, sleep: 1h } }
        - { name: close, cron: "0 17 * * *", set: { hardware: cpu-basic } }
  """

/// Overridden in part: the one key that a set gives, the cron of another.
@Test func aTemplateOfAnotherFileIsUsedAndOverridden() throws {
  let (schedules, diagnostics) = Schedules.read([
    (
      "a.yaml",
      """
      version: 1
      policies:
        - name: one
          spaces: [acme/chat]
          templates: lab
          rules:
            - { name: open, set: { sleep: 2h } }
            - { name: close, cron: "0 18 * * *" }
            - { name: own, cron: "0 12 * * *", set: { replicas: 2 } }
      """
    ), ("b.yaml", template),
  ])
  #expect(diagnostics == [])
  let rules = schedules.policies[0].rules
  #expect(rules.map(\.name) == ["open", "close", "own"])
  #expect(rules.map(\.cron.description) == ["0 9 * * *", "0 18 * * *", "0 12 * * *"])
  #expect(
    rules.map(\.set) == [
      Settings(hardware: .l4x1, sleep: .after(seconds: 7200)), Settings(hardware: .cpuBasic),
      Settings(replicas: 2),
    ])
  #expect(rules.map(\.place.file) == ["b.yaml", "a.yaml", "a.yaml"])
}

@Test(arguments: [
  ("office-hours", "2026-11-02T09:00", "l4x1"), ("office-hours", "2026-11-02T18:00", "cpu-basic"),
  ("office-hours", "2026-11-07T09:00", "cpu-basic"), ("nights-off", "2026-11-07T09:00", "l4x1"),
  ("nights-off", "2026-11-07T21:00", "cpu-basic"), ("weekend-off", "2026-11-05T23:00", "l4x1"),
  ("weekend-off", "2026-11-08T12:00", "cpu-basic"), ("weekend-off", "2026-11-09T07:00", "l4x1"),
])
func theBuiltInTemplates(name: String, at: String, expected: String) throws {
  let policy = try policy("default: { hardware: l4x1, sleep: 1h }\ntemplates: [\(name)]")
  #expect(try hardware(policy, at) == expected)
}

@Test func variablesAndBudget() throws {
  let policy = try policy("default: { hardware: cpu-basic }\nvariables: true\nbudget: { monthly: 12.50 }")
  #expect(policy.readsVariables)
  #expect(policy.budget?.monthly.description == "12.500000000")
}

@Test func labelsAndShares() throws {
  let policies = policies(
    """
    version: 1
    policies:
      - name: chat
        spaces: [acme/a, { name: acme/b, labels: { team: product, site: paris } }, { name: "acme/c-*" }]
        labels: { team: research, cost-centre: 4711 }
        granted: true
      - { name: shared, spaces: [acme/d], split: { research: 60, product: "40" } }
    """)
  let labels = policies[0].labels
  #expect(try labels.labels(of: SpacePattern("acme/a")) == ["team": "research", "cost-centre": "4711"])
  #expect(
    try labels.labels(of: SpacePattern("acme/b"))
      == ["team": "product", "cost-centre": "4711", "site": "paris"])
  #expect(policies[0].patterns.map(\.description) == ["acme/a", "acme/b", "acme/c-*"])
  #expect(policies[0].isGranted && !policies[1].isGranted)
  #expect(
    policies[1].labels.split == [
      Labels.Share(name: "research", weight: 60), Labels.Share(name: "product", weight: 40),
    ])
}

/// A rule may take back that a template's acts early.
@Test func readyFalseOverridesATemplate() throws {
  let policies = policies(
    """
    version: 1
    templates:
      - name: lab
        rules: [{ name: open, cron: "0 9 * * *", set: { hardware: l4x1, sleep: 1h }, ready: true }]
    policies:
      - { name: one, spaces: [acme/one], templates: lab, rules: [{ name: open, ready: false }] }
      - { name: two, spaces: [acme/two], templates: lab, rules: [{ name: open, set: { sleep: 2h } }] }
    """)
  #expect(policies.map { $0.rules[0].lead } == [nil, .measured])
}

/// `within` is for the list that a template has, and a set that has no list anywhere is a mistake where it stands.
@Test func withinIsForATemplatesList() throws {
  let lab = """
    version: 1
    templates:
      - name: lab
        rules: [{ name: open, cron: "0 9 * * *", set: { hardware: [l4x1, t4-small], sleep: 1h } }]
    """
  func read(_ lab: String) -> (Schedules, [Diagnostic]) {
    let rules = "rules: [{ name: open, set: { within: 10m } }]"
    let policy = "{ name: one, spaces: [acme/one], templates: lab, \(rules) }"
    return Schedules.read([("a.yaml", "version: 1\npolicies:\n  - \(policy)\n"), ("z.yaml", lab)])
  }
  let (schedules, mistakes) = read(lab)
  #expect(mistakes == [])
  let set = schedules.policies[0].rules[0].set
  #expect(set.preference == HardwarePreference(.l4x1, others: [.t4Small], within: 600))
  #expect(set.sleep == .after(seconds: 3600))
  let single = read(lab.replacing("[l4x1, t4-small]", with: "l4x1")).1
  #expect(single.map { "\($0.file):\($0.line)" } == ["a.yaml:3"])
  #expect(single.first?.message.hasSuffix("here is only one") == true)
}

/// Also where the policy says a part of it.
@Test func adviceOnATemplatesSettingsIsToldWhereTheyStand() {
  let lab = """
    version: 1


    templates:
      - name: lab
        rules: [{ name: open, cron: "0 9 * * *", set: { hardware: t4-small } }]
    """
  for rules in ["", ", rules: [{ name: open, set: { replicas: 2 } }]"] {
    // Once, though two take it.
    let policies = ["one", "two"].map {
      "  - { name: \($0), spaces: [acme/\($0)], templates: lab\(rules) }\n"
    }
    let told = Schedules.read([("a.yaml", "version: 1\npolicies:\n\(policies.joined())"), ("z.yaml", lab)])
      .diagnostics
    #expect(told.map { "\($0.file):\($0.line):\($0.column)" } == ["z.yaml:6:63"], "\(told)")
    #expect(told.first?.message.hasPrefix("nothing names 'sleep' for 't4-small'") == true)
  }
}
