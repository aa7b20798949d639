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

private func warnings(_ rules: [String], zone: String = "UTC") throws -> [String] {
  let text = """
    version: 1
    zone: \(zone)
    policies:
      - name: chat
        spaces: [acme/chat]
        rules:

    """ + rules.map { "      - { name: \"\($0)\", cron: \"\($0)\", set: {} }\n" }.joined()
  let (schedules, diagnostics) = Schedules.read([("a.yaml", text)])
  #expect(diagnostics.filter { $0.severity == .error } == [])
  return schedules.warnings(from: try utc("2026-11-02T12:00")).map { "\($0.line): \($0.message)" }
}

@Test(arguments: [
  (["0 0 30 2 *"], "UTC", ["7: '0 0 30 2 *' never fires in UTC"]),
  (
    ["*/10 2 8-14 3 */7"], "America/New_York",
    ["7: '*/10 2 8-14 3 */7' never fires again in America/New_York"]
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

/// A rule for every minute ends the search early, not the program.
@Test func theSearchIsBounded() throws {
  #expect(try warnings(["* * * * *", "0 0 24 12 *"]) == [])
}
