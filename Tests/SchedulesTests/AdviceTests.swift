import Schedules
import Testing

private func advice(_ lines: String...) -> [String] {
  let text =
    "version: 1\npolicies:\n  - name: chat\n    spaces: [acme/chat]\n" + lines.map { "    \($0)\n" }.joined()
  return Schedules.read([("a.yaml", text)]).diagnostics.map {
    "\($0.line):\($0.column): \($0.severity.rawValue): \($0.message)"
  }
}

private let neverSleeps =
  "nothing names 'sleep' for 't4-small': a Space that comes from cpu-basic then never sleeps"
private let cpuBasic = "can't be chosen on cpu-basic, which sleeps after 48h and has one replica"
private let nothingBack = "once idle, nothing brings a Space back but a person: the policy has no rules"

@Test(arguments: [
  ([], "3:5: warning: 'chat' asks for nothing: it has no default, no rules and no idle"),
  (["default: {}"], "3:5: warning: 'chat' asks for nothing: it has no default, no rules and no idle"),
  (
    ["protect: true", "default: { hardware: t4-small }"],
    "3:5: note: 'chat' is protected: nothing that it says about its Spaces is done"
  ),
  (["default: { hardware: t4-small }"], "5:26: warning: \(neverSleeps)"),
  (["rules: [{ cron: \"@daily\", set: { hardware: t4-small } }]"], "5:48: warning: \(neverSleeps)"),
  (
    ["rules: [{ cron: \"@daily\", set: { hardware: cpu-basic, sleep: 1h, replicas: 2 } }]"],
    "5:48: warning: 'sleep' and 'replicas' \(cpuBasic)"
  ),
  (
    [
      "default: {}", "rules: [{ cron: \"@daily\", set: {} }]",
      "idle: { after: 9m59s, set: { state: paused } }",
    ],
    "7:20: warning: 'after: 9m59s' is so short that every break between two visits counts as idle"
  ),
  (["idle: { after: 1h, set: { hardware: cpu-basic } }"], "5:29: note: \(nothingBack)"),
  (
    ["idle: { after: 1h, set: { hardware: cpu-basic } }", "default: { hardware: t4-small }"],
    "5:29: warning: \(nothingBack), and its default does not hold again by itself"
  ),
])
func policiesThatProbablyMeanSomethingElse(lines: [String], told: String) {
  #expect(advice(lines.joined(separator: "\n    ")) == [told])
}

@Test(arguments: [
  ["protect: true"],
  ["default: { hardware: t4-small, sleep: never }"],
  ["default: { sleep: 1h }", "rules: [{ cron: \"@daily\", set: { hardware: t4-small } }]"],
  ["default: { state: paused, hardware: t4-small }"],
  ["default: { hardware: cpu-basic, sleep: 1h }", "rules: [{ cron: \"@daily\", set: {} }]"],
  ["default: { hardware: zero-a10g }"],
  [
    "default: { hardware: t4-small }", "rules: [{ cron: \"@daily\", set: {} }]",
    "idle: { after: 10m, set: { state: paused } }",
  ],
])
func policiesThatMeanWhatTheySay(lines: [String]) {
  #expect(advice(lines.joined(separator: "\n    ")) == [])
}

private let evening = "{ name: evening, cron: \"0 20 * * *\", set: { hardware: cpu-basic } }"
private let morning = "{ name: morning, cron: \"0 7 * * *\", set: {} }"

/// What a rule with an empty set leaves as it is, as no default names it.
private func lost(_ settings: String, _ setters: String, of rule: String = "morning") -> String {
  let it = settings.contains(" and ") ? "them" : "it"
  return "warning: policy chat: '\(rule)' does not bring back \(settings), which \(setters): "
    + "its set is empty, so the default holds, which does not name \(it)"
}

@Test(arguments: [
  (["rules: [\(evening), \(morning)]"], ["5:105: " + lost("'hardware'", "'evening' sets")]),
  (["templates: nights-off"], ["5:16: " + lost("'hardware'", "'evening' sets")]),
  (["templates: office-hours"], ["5:16: " + lost("'hardware'", "'closing' sets", of: "opening")]),
  (
    ["templates: [nights-off, weekend-off]", "rules: [{ name: morning, cron: \"0 7 * * MON-FRI\" }]"],
    [
      "5:29: " + lost("'hardware'", "'evening' and 'friday' set", of: "monday"),
      "6:36: " + lost("'hardware'", "'evening' and 'friday' set"),
    ]
  ),
  // Each setting by itself.
  (
    ["default: { sleep: 1h }", "rules: [\(evening), \(morning)]"],
    ["6:105: " + lost("'hardware'", "'evening' sets")]
  ),
  (
    [
      "default: { hardware: t4-small, sleep: 1h }",
      "rules: [{ name: day, cron: \"0 8 * * *\", set: { replicas: 2 } }, \(morning)]",
    ], ["6:92: " + lost("'replicas'", "'day' sets")]
  ),
  (
    [
      "rules: [{ name: day, cron: \"0 8 * * *\", set: { hardware: t4-small, sleep: 1h } }, \(morning)]"
    ], ["5:110: " + lost("'hardware' and 'sleep'", "'day' sets")]
  ),
  // Idle ends at a rule, but what it has set does not.
  (
    ["idle: { after: 2h, set: { hardware: cpu-basic } }", "rules: [\(morning)]"],
    ["6:36: " + lost("'hardware'", "idle sets")]
  ),
])
func emptySetsThatBringNothingBack(lines: [String], told: [String]) {
  #expect(advice(lines.joined(separator: "\n    ")) == told)
}

@Test(arguments: [
  ["default: { hardware: t4-small, sleep: 1h }", "templates: nights-off"],
  // The rule of the template is the policy's own then.
  [
    "default: { sleep: 1h }", "templates: nights-off",
    "rules: [{ name: morning, set: { hardware: t4-small } }]",
  ],
  // A pause of ours ends where nothing asks for it.
  ["rules: [{ cron: \"0 20 * * *\", set: { state: paused } }, \(morning)]"],
  // On cpu-basic nothing else counts.
  [
    "default: { hardware: cpu-basic }",
    "rules: [{ cron: \"0 9 * * *\", set: { hardware: t4-small, sleep: 1h, replicas: 2 } }, \(morning)]",
  ],
  // Nor where it is paused.
  [
    "default: { state: paused }",
    "rules: [{ cron: \"0 9 * * *\", set: { state: running, hardware: t4-small, sleep: 1h } }, \(morning)]",
  ],
  // An exception ends by itself.
  [
    "default: { sleep: 1h }", "rules: [\(morning)]",
    "exceptions: [{ name: fair, days: 2026-12-24, set: { hardware: t4-small } }]",
  ],
])
func emptySetsThatBringBackAllThereIs(lines: [String]) {
  #expect(advice(lines.joined(separator: "\n    ")) == [])
}

/// The hint can be followed as it stands.
@Test func theHintOfAnEmptySetMendsIt() throws {
  let text =
    "version: 1\npolicies:\n  - name: chat\n    spaces: [acme/chat]\n    rules: [\(evening), \(morning)]\n"
  let hint = try #require(Schedules.read([("a.yaml", text)]).diagnostics.first?.hint)
  #expect(
    hint
      == "name it there, such as default: { hardware: t4-small, sleep: 1h }; else Spaces stay as they are then"
  )
  #expect(advice("default: { hardware: t4-small, sleep: 1h }\n    rules: [\(evening), \(morning)]") == [])
}

/// A template may stand in another file, and serve several policies.
@Test func anEmptySetOfATemplateIsToldWhereItStandsAndOfWhom() {
  let diagnostics = Schedules.read([
    ("a.yaml", "version: 1\ntemplates:\n  - name: nights\n    rules: [\(evening), \(morning)]\n"),
    ("b.yaml", "version: 1\n\npolicies:\n  - { name: chat, spaces: [acme/chat], templates: nights }\n"),
  ]).diagnostics
  #expect(diagnostics.map { "\($0.file):\($0.line)" } == ["a.yaml:4"], "\(diagnostics)")
  #expect(diagnostics.first?.message.hasPrefix("policy chat: 'morning' does not") == true)
}

private func warnings(_ rules: [String], zone: String = "UTC") throws -> [String] {
  let text = """
    version: 1
    zone: \(zone)
    policies:
      - name: chat
        spaces: [acme/chat]
        rules:

    """
    + rules.enumerated().map {
      "      - { name: \"\($1)\", cron: \"\($1)\", set: { replicas: \($0 + 1) } }\n"
    }.joined()
  let (schedules, diagnostics) = Schedules.read([("a.yaml", text)])
  #expect(diagnostics.filter { $0.severity == .error } == [])
  return schedules.warnings(from: try utc("2026-11-02T12:00")).filter { $0.severity == .warning }
    .map { "\($0.line): \($0.message)" }
}

@Test(arguments: [
  (["0 0 30 2 *"], "UTC", ["7: '0 0 30 2 *' never fires in UTC"]),
  (
    ["*/10 2 8-14 3 */7"], "America/New_York",
    [
      "7: '*/10 2 8-14 3 */7' never fires again in America/New_York",
      "7: the clock of America/New_York skips 02:00 on 2027-03-14, 2028-03-12: '*/10 2 8-14 3 */7' does not fire then",
    ]
  ),
  (["0 8 * * *", "0 19 * * *"], "UTC", []),
  (
    ["0 8 * * *", "0 8 * * MON"], "UTC",
    [
      "7: '0 8 * * *' and '0 8 * * MON' fire together, first at 2026-11-09 08:00 in UTC: '0 8 * * MON' wins, "
        + "as it stands later in the file"
    ]
  ),
  (
    ["30 2 * * *", "0 2 * * *"], "Europe/Paris",
    [
      "8: '0 2 * * *' and '30 2 * * *' fire together, first at 2027-03-28 03:00 in Europe/Paris: '30 2 * * *' "
        + "wins, as the clock skips 02:00 that day and its time is the later one"
    ]
  ),
  (
    ["30 2 * * *", "0 3 * * *"], "Europe/Paris",
    [
      "7: '30 2 * * *' and '0 3 * * *' fire together, first at 2027-03-28 03:00 in Europe/Paris: '0 3 * * *' "
        + "wins, as the clock skips 02:30 that day and its time is the later one"
    ]
  ),
])
func rulesFollowedThroughTime(rules: [String], zone: String, told: [String]) throws {
  #expect(try warnings(rules, zone: zone) == told)
}

/// Other hardware starts no Space that is paused; one that is up for a part of the time gets it then.
@Test(arguments: [
  ("2026-11-03T20:30", "2026-11-03T23:00", "", true), ("2026-11-03T12:00", "2026-11-03T23:00", "", false),
  ("2026-11-03T20:30", "2026-11-03T23:00", ", state: running", false),
  ("2026-10-01T20:30", "2026-10-01T23:00", "", false),
])
func anExceptionForPausedSpacesIsTold(from: String, until: String, state: String, isTold: Bool) throws {
  let text = """
    version: 1
    zone: Europe/Paris
    policies:
      - name: chat
        spaces: [acme/chat]
        default: { hardware: t4-small, sleep: 1h }
        rules:
          - { name: on, cron: "0 8 * * *", set: {} }
          - { name: off, cron: "0 20 * * *", set: { state: paused } }
        exceptions:
          - { name: demo, from: "\(from)", until: "\(until)", set: { hardware: l4x1\(state) } }
    """
  let warnings = Schedules.read([("a.yaml", text)]).schedules.warnings(from: try utc("2026-11-02T12:00"))
  let expected =
    "11: 'demo' gives hardware to Spaces that are paused all the time, first from 2026-11-03 20:30 in Europe/Paris on: "
    + "other hardware starts none"
  #expect(warnings.map { "\($0.line): \($0.message)" } == (isTold ? [expected] : []))
}

/// A rule for every minute ends the search early, not the program.
@Test func theSearchIsBounded() throws {
  #expect(try warnings(["* * * * *", "0 0 24 12 *"]) == [])
}

/// The messages for one rule, whose lines follow its `set`.
private func warnings(of rule: String, zone: String, from now: String = "2026-11-02T12:00") throws -> [String]
{
  let text = """
    version: 1
    zone: \(zone)
    policies:
      - name: chat
        spaces: [acme/chat]
        rules: [{ \(rule), set: { state: paused } }]
    """
  let (schedules, diagnostics) = Schedules.read([("a.yaml", text)])
  #expect(diagnostics.filter { $0.severity == .error } == [])
  return schedules.warnings(from: try utc(now)).map { "\($0.severity.rawValue): \($0.message)" }
}

@Test(arguments: [
  ("cron: \"0 8 * * *\", until: 2026-11-02", "never fires again in UTC"),
  ("cron: \"0 0 1 1 *\", from: 2027-02-01, until: 2027-12-01", "never fires in UTC"),
  ("cron: \"0 8 * * *\", from: 2027-02-01, until: 2027-02-01T08:00", "never fires in UTC"),
])
func rulesWithoutAnyFiringLeft(rule: String, told: String) throws {
  let warnings = try warnings(of: rule, zone: "UTC")
  #expect(warnings.count == 1 && warnings[0].hasSuffix(told), "\(warnings)")
}

@Test func aRuleWithFiringsLeftIsNotSaidToHaveNone() throws {
  #expect(
    try warnings(of: "cron: \"0 8 * * *\", from: 2027-02-01, until: 2027-02-01T08:01", zone: "UTC") == [])
  #expect(try warnings(of: "cron: \"0 8 * * MON\", every: 52w, starting: 2026-11-02", zone: "UTC") == [])
}

@Test(arguments: [
  (
    "30 2 * * *", "Europe/Paris",
    [
      "note: the clock of Europe/Paris shows 02:30 twice on 2027-10-31, 2028-10-29: '30 2 * * *' fires the first time only",
      "note: the clock of Europe/Paris skips 02:30 on 2027-03-28, 2028-03-26: '30 2 * * *' fires at 03:00 then",
    ]
  ),
  (
    "*/30 2 * * *", "America/New_York",
    [
      "warning: the clock of America/New_York skips 02:00 on 2027-03-14, 2028-03-12: '*/30 2 * * *' does not fire then"
    ]
  ),
  (
    "*/30 1 * * SUN", "America/New_York",
    [
      "warning: the clock of America/New_York shows 01:00 twice on 2027-11-07: '*/30 1 * * SUN' fires both times"
    ]
  ),
  (
    "0 0 * * *", "America/Santiago",
    [
      "note: the clock of America/Santiago skips 00:00 on 2027-09-05, 2028-09-03: '0 0 * * *' fires at 01:00 then"
    ]
  ),
  ("0 3 * * *", "Europe/Paris", []), ("*/15 * * * *", "Europe/Paris", []), ("30 2 * * *", "UTC", []),
  ("30 2 * * MON", "Europe/Paris", []),
])
func rulesThatAChangeOfTheClockTouches(cron: String, zone: String, told: [String]) throws {
  #expect(try warnings(of: "cron: \"\(cron)\"", zone: zone) == told)
}

@Test func aChangeOfTheClockMattersOnlyWhileARuleIsValidAndInItsWeeks() throws {
  let rule = "cron: \"30 2 * * *\""
  #expect(try warnings(of: rule + ", from: 2026-11-02, until: 2027-03-27", zone: "Europe/Paris") == [])
  // The Sunday is the last day of the week of 2027-03-22.
  #expect(
    try warnings(of: rule + ", every: 52w, starting: 2027-03-22", zone: "Europe/Paris").map { $0.prefix(50) }
      == ["note: the clock of Europe/Paris skips 02:30 on 202"])
  #expect(try warnings(of: rule + ", every: 52w, starting: 2027-03-29", zone: "Europe/Paris").isEmpty)
}

@Test func aRuleThatNeverWinsIsHidden() throws {
  #expect(
    try warnings(["0 8 * * MON", "0 8 * * *"]) == [
      "7: '0 8 * * MON' is hidden: whenever it fires, '0 8 * * *' fires too and wins"
    ])
  // It loses next year, when the first of January is a Friday, and not in others.
  #expect(try warnings(["0 0 1 1 *", "0 0 * * FRI"]).map { $0.contains("is hidden") } == [false])
  // Each of its firings loses, to one or the other.
  let byTwo = try warnings(["0 8 * * *", "0 8 * * 1-5", "0 8 * * 0,6"])
  #expect(byTwo.map { $0.hasPrefix("7: '0 8 * * *' is hidden") } == [true])
}

private let up = "- { name: up, cron: \"0 8 * * MON\", ready: 1h, set: { hardware: t4-small } }"
private let down = "- { name: down, cron: \"0 7 * * *\", set: { hardware: cpu-basic } }"

/// Why a rule that acts early wins, and that its place does not matter.
@Test(arguments: [
  (
    [up, down],
    [
      "'down' and 'up' fire together, first at 2026-11-09 07:00 in UTC: 'up' wins, as it acts early for 08:00"
    ]
  ),
  (
    [up.replacing("MON", with: "*"), down],
    ["'down' is hidden: whenever it fires, 'up' fires too and wins; remove it, or give it another time"]
  ),
  ([up.replacing("1h", with: "true").replacing("MON", with: "*"), down.replacing("0 7", with: "55 7")], []),
  (
    [down, down.replacing("down", with: "night")],
    [
      "'down' is hidden: whenever it fires, 'night' fires too and wins; "
        + "remove it, give it another time, or place it below 'night'"
    ]
  ),
])
func rulesThatMeetOneThatActsEarly(rules: [String], told: [String]) throws {
  let lines = rules.map { "      \($0)\n" }.joined()
  let text =
    "version: 1\npolicies:\n  - name: chat\n    spaces: [acme/chat]\n    default: { sleep: 1h }\n    rules:\n"
    + lines
  let (schedules, mistakes) = Schedules.read([("a.yaml", text)])
  #expect(mistakes == [])
  let warnings = schedules.warnings(from: try utc("2026-11-02T12:00"))
  #expect(warnings.map { $0.message + ($0.hint.map { "; \($0)" } ?? "") } == told)
}

@Test(arguments: [
  ("split: {}", "'split' shares a cost between several, and here is none"),
  (
    "rules: [{ cron: \"@daily\", set: { sleep: 1h }, every: +2w, starting: 2026-11-02 }]",
    "'+2w' is not a number of weeks from 1w to 52w"
  ),
  (
    "rules: [{ cron: \"@daily\", set: { sleep: 1h }, from: 9999-12-31T23:59:59Z }]",
    "it never begins: no time comes after this"
  ),
])
func mistakesThatWereTakenForNothing(line: String, told: String) {
  let told = "error: \(told)"
  let advice = advice("default: { hardware: cpu-basic }", line)
  #expect(advice.count == 1 && advice.first?.hasSuffix(told) == true, "\(advice)")
}
