import LocatedYAML
import Schedules
import Testing

/// A file with one policy that has these lines.
private func file(_ lines: String...) -> String {
  "version: 1\npolicies:\n  - name: chat\n    spaces: [acme/chat]\n" + lines.map { "    \($0)\n" }.joined()
}

/// Line, column, severity, message and, behind an arrow, the hint.
private func told(_ diagnostics: [Diagnostic]) -> [String] {
  diagnostics.map {
    "\($0.line):\($0.column): \($0.severity.rawValue): \($0.message)" + ($0.hint.map { " -> \($0)" } ?? "")
  }
}

private func mistakes(_ text: String) -> [String] { told(Schedules.read([("a.yaml", text)]).diagnostics) }

private let keepsGPU = "default: { hardware: t4-small, sleep: 1h }"

@Test(arguments: [
  ("", "1:1: error: the file is empty -> it begins with 'version: 1'"),
  ("# nothing\n", "1:1: error: the file is empty -> it begins with 'version: 1'"),
  ("policies: []\n", "1:1: error: a rule file needs 'version' -> it begins with 'version: 1'"),
  ("version: 2\n", "1:10: error: this version of spaceplan reads rule files of 'version: 1' only"),
  (
    "- 1\n",
    "1:1: error: a rule file is a set of keys, not a list -> keys: version, zone, accounts, templates, policies, budgets, notify"
  ),
  ("version: 1\npolices: []\n", "2:1: error: a rule file has no key 'polices' -> did you mean 'policies'?"),
  ("version: 1\npolicies: none\n", "2:11: error: policies is a list, not 'none'"),
  (
    "version: 1\npolicies:\n  name: x\n",
    "3:3: error: policies is a list, not a set of keys -> begin each of its elements with '- '"
  ),
  (
    "version: 1\nzone: Europe/Pariss\n",
    "2:7: error: 'Europe/Pariss' is not an IANA time zone, such as Europe/Paris -> did you mean Europe/Paris?"
  ),
  ("version: 1\naccounts: [{ kind: user }]\n", "2:12: error: an account needs 'name'"),
  (
    "version: 1\naccounts: [{ name: acme, kind: team }]\n",
    "2:32: error: 'team' is not a kind of account -> one of: user, organization"
  ),
  (
    "version: 1\naccounts: [{ name: a b }]\n",
    "2:20: error: 'a b' is not the name of a user or an organization, such as acme"
  ),
  (
    "version: 1\naccounts: [{ name: acme }, { name: acme }]\n",
    "2:36: error: the account 'acme' is already given at a.yaml:2"
  ),
])
func mistakesInAFile(text: String, mistake: String) {
  #expect(mistakes(text) == [mistake])
}

@Test(arguments: [
  (
    "spaces: [acme]",
    "4:14: error: 'acme' is not a Space or a pattern: these are OWNER/NAME, such as acme/chat or acme/demo-*"
  ),
  (
    "spaces: [a/b/c]",
    "4:14: error: 'a/b/c' is not a Space or a pattern: these are OWNER/NAME, such as acme/chat or acme/demo-*"
  ),
  (
    "spaces: [\"*/chat\"]",
    "4:14: error: the owner in '*/chat' must be written out: '*' may stand only behind the '/'"
  ),
  (
    "spaces: [acme/chat?]",
    "4:14: error: 'acme/chat?' can't match a Space: names have ASCII letters, digits, '-', '_' and '.', "
      + "and '*' for any of them"
  ),
  ("spaces: acme/chat", "4:13: error: a policy's spaces is a list, not 'acme/chat' -> write [acme/chat]"),
  ("spaces: []", "4:13: error: a policy's spaces are missing: the list is empty"),
  ("spaces:", "4:12: error: a policy needs 'spaces'"),
  ("drift: report", "3:5: error: a policy needs 'spaces'"),
  ("spaces: [acme/a, acme/a]", "4:22: warning: 'acme/a' is given twice in this policy"),
])
func mistakesInSpaces(line: String, mistake: String) {
  #expect(
    mistakes("version: 1\npolicies:\n  - name: chat\n    \(line)\n    default: { hardware: cpu-basic }\n")
      == [mistake])
}

@Test(arguments: [
  (
    "default: { hardwear: t4-small }",
    "5:16: error: a default has no key 'hardwear' -> did you mean 'hardware'?"
  ),
  ("default: { hardware: }", "5:26: error: hardware is missing here: this is nothing"),
  (
    "default: { hardware: T4 small }",
    "5:26: error: 'T4 small' is not a hardware, such as a10g-small or cpu-basic"
  ),
  (
    "default: { sleep: 30 minutes }",
    "5:23: error: '30 minutes' is not a sleep time: a duration, such as 30m, 2h or 1h30m, or never"
  ),
  (
    "default: { sleep: 30 }",
    "5:23: error: '30' is not a sleep time: a duration, such as 30m, 2h or 1h30m, or never -> 30h, 30m or 30s"
  ),
  (
    "default: { sleep: -1 }",
    "5:23: error: '-1' is not a sleep time: a duration, such as 30m, 2h or 1h30m, or never"
  ),
  (
    "default: { sleep: 0 }",
    "5:23: error: '0' is not a sleep time: a duration, such as 30m, 2h or 1h30m, or never -> such as 2h, 2m or 2s"
  ),
  (
    "default: { sleep: 0s }",
    "5:23: error: '0s' is not a sleep time: a duration, such as 30m, 2h or 1h30m, or never"
  ),
  ("default: { state: stopped }", "5:23: error: 'stopped' is not a state -> did you mean 'paused'?"),
  ("default: { state: on }", "5:23: error: 'on' is not a state -> did you mean 'running'?"),
  ("default: { state: asleep }", "5:23: error: 'asleep' is not a state -> one of: running, paused"),
  ("default: { state: pause }", "5:23: error: 'pause' is not a state -> did you mean 'paused'?"),
  ("default: { replicas: 0 }", "5:26: error: replicas is a whole number from 1 to 1000, not '0'"),
  (
    "default: t4-small",
    "5:14: error: a default is a set of keys, not 't4-small' -> keys: hardware, within, sleep, state, replicas"
  ),
])
func mistakesInSettings(line: String, mistake: String) {
  #expect(mistakes(file(line)).filter { $0.contains("error") } == [mistake])
}

@Test(arguments: [
  (
    "rules: [{ cron: \"0 8 * * MON-FIR\", set: {} }]",
    "5:34: error: day-of-week: 'FIR' is not a day of the week (0 to 7, SUN to SAT) -> did you mean 'FRI'?"
  ),
  ("rules: [{ cron: 0 24 * * *, set: {} }]", "5:23: error: hour: '24' is not an hour (0 to 23)"),
  (
    "rules: [{ cron: \"*/90 * * * *\", set: {} }]",
    "5:24: warning: minute: the step is larger than the range, so '*/90' is only 0"
  ),
  ("rules: [{ cron: [1], set: {} }]", "5:21: error: a cron expression is missing here: this is a list"),
  ("rules: [{ set: {} }]", "5:13: error: a rule needs 'cron'"),
  ("rules: [{ cron: \"@daily\" }]", "5:13: error: a rule needs 'set'"),
  (
    "rules: [{ cron: \"@daily\", sets: {}, set: {} }]",
    "5:31: error: a rule has no key 'sets' -> did you mean 'set'?"
  ),
  ("drift: enforced", "5:12: error: 'enforced' is not a way to treat drift -> did you mean 'enforce'?"),
  ("protect: yes", "5:14: error: protect is true or false, not 'yes' -> did you mean true?"),
  ("otherwise: stop", "5:16: error: 'stop' is not what to do otherwise -> one of: pause"),
  ("zone: UTZ", "5:11: error: 'UTZ' is not an IANA time zone, such as Europe/Paris -> did you mean UTC?"),
  ("priority: high", "5:15: error: a priority is a whole number from -1000000 to 1000000, not 'high'"),
  ("budget: 300", "5:13: error: a budget is a set of keys, not '300' -> keys: monthly, over"),
  ("budget: { over: report }", "5:13: error: a budget needs 'monthly'"),
  ("budget: { monthly: 0 }", "5:24: error: '0' is not a budget, which is more than nothing"),
  (
    "budget: { monthly: 3, over: downgrad }",
    "5:33: error: 'downgrad' is not what to do when a budget breaks -> did you mean 'downgrade'?"
  ),
  ("idle: { set: { hardware: cpu-basic } }", "5:11: error: idle needs 'after'"),
  ("idle: { after: 2h }", "5:11: error: idle needs 'set'"),
  (
    "idle: { after: 0, set: { hardware: cpu-basic } }",
    "5:20: error: '0' is not a duration, as it has no unit -> such as 2h, 2m or 2s"
  ),
  (
    "idle: { after: 2, set: { hardware: cpu-basic } }",
    "5:20: error: '2' is not a duration, as it has no unit -> 2h, 2m or 2s"
  ),
  (
    "idle: { after: 0s, set: { hardware: cpu-basic } }",
    "5:20: error: '0s' is not a time after which a Space is idle"
  ),
  (
    "idle: { after: soon, set: { hardware: cpu-basic } }",
    "5:20: error: 'soon' is not a duration, such as 30m, 2h or 1h30m"
  ),
])
func mistakesInAPolicy(line: String, mistake: String) {
  #expect(mistakes(file(line, keepsGPU)) == [mistake])
}

@Test(arguments: [
  (["rules: [{ name: '', cron: \"@daily\", set: {} }]"], "5:21: error: a rule's name is empty"),
  (
    [
      "rules:", "- { name: a, cron: \"@daily\", set: {} }", "- { name: b, cron: \"@daily\", set: {} }",
      "- { name: a, cron: \"@hourly\", set: {} }",
    ], "8:15: warning: this policy has a rule 'a' already, in line 6"
  ),
])
func mistakesInNamesOfRules(lines: [String], mistake: String) {
  #expect(mistakes(file(lines.joined(separator: "\n    "), keepsGPU)) == [mistake])
}

@Test(arguments: ["''", "\" \""])
func aPolicyHasAName(name: String) {
  let text = "version: 1\npolicies:\n  - { name: \(name), spaces: [acme/chat], \(keepsGPU) }\n"
  #expect(mistakes(text) == ["3:13: error: a policy's name is empty"])
}

/// One mistake is told once, and not also by what it leads to.
@Test(arguments: [
  ("default: { hardwear: t4-small }", "5:16"), ("default: { hardware: t4-small, sleep: 30 }", "5:43"),
  ("rules: [{ cron: \"@dayly\", set: {} }]", "5:22"),
  ("idle: { after: 2, set: { hardware: cpu-basic } }", "5:20"), ("priority: high", "5:15"),
])
func aMistakeIsToldOnce(line: String, place: String) {
  let diagnostics = Schedules.read([("a.yaml", file(line))]).diagnostics
  #expect(diagnostics.map { "\($0.line):\($0.column)" } == [place], "\(diagnostics)")
}

/// Bytes go the same way as text.
@Test func bytesAreReadAsUTF8() {
  let text = file(keepsGPU)
  let (schedules, diagnostics) = Schedules.read([
    (name: "a.yaml", bytes: [0xEF, 0xBB, 0xBF] + [UInt8](text.utf8)),
    (name: "b.yaml", bytes: [UInt8]("version: 1 # caf".utf8) + [0xE9]),
  ])
  #expect(schedules.policies.map(\.name) == ["chat"])
  #expect(diagnostics.map(\.message) == ["the file is not UTF-8: there is a byte E9 here"])
}

/// The file that the format's description shows.
@Test func theDescribedFormIsRead() {
  let text = """
    version: 1
    zone: Europe/Paris
    policies:
      - name: chat
        spaces: [acme/chat, "acme/chat-*"]     # an exact name wins over a pattern; the owner is literal
        default: { hardware: cpu-basic }
        rules:
          - { name: morning, cron: "0 8 * * MON-FRI", set: { hardware: a10g-small, sleep: 30m } }
          - { name: evening, cron: "0 19 * * MON-FRI", set: { hardware: cpu-basic } }
        exceptions:
          - { name: launch, from: 2026-12-01T09:00, until: 2026-12-01T18:00, set: { hardware: a100-large } }
        idle: { after: 2h, set: { hardware: cpu-basic } }
        drift: until-next-boundary             # enforce | report
        budget: { monthly: 300, over: downgrade }   # refuse-upgrades | report
    """
  #expect(mistakes(text) == [])
}

@Test func allMistakesOfAllFilesAreTold() {
  let (_, diagnostics) = Schedules.read([
    ("b.yaml", file("drift: no", "idle: { after: x, set: { replicas: y } }")),
    ("a.yaml", file(keepsGPU) + "zoen: UTC\n"),
    ("c.yaml", "version: [\n"),
  ])
  #expect(
    diagnostics.filter { $0.severity == .error }.map { "\($0.file):\($0.line):\($0.column)" } == [
      "a.yaml:3:11", "a.yaml:4:14", "a.yaml:6:1", "b.yaml:5:12", "b.yaml:6:20", "b.yaml:6:40", "c.yaml:2:1",
    ])
}

@Test func twoPoliciesCannotShareANameOrASpace() {
  let (schedules, diagnostics) = Schedules.read([
    ("a.yaml", file(keepsGPU)),
    ("b.yaml", "version: 1\npolicies:\n  - { name: chat, spaces: [acme/chat, acme/x], \(keepsGPU) }\n"),
  ])
  #expect(
    told(diagnostics) == [
      "3:13: error: the name 'chat' is already taken by the policy at a.yaml:3",
      "3:28: error: 'acme/chat' belongs to the policy 'chat' already, at a.yaml:4 -> keep it in one of the two; "
        + "until then the Space is left alone",
    ])
  #expect(told(schedules.conflicts) == [told(diagnostics)[1]])
}

@Test(arguments: [
  (
    "acme/chat-*", "acme/*",
    "4:27: note: 'acme/*' and 'acme/chat-*' (a.yaml:3) both match a Space such as acme/chat-: "
      + "there 'acme/chat-*' wins, with the policy 'one'"
  ),
  (
    "acme/*-demo", "acme/chat-*",
    "4:27: warning: 'acme/chat-*' and 'acme/*-demo' (a.yaml:3) both match a Space such as acme/chat-demo, and "
      + "have equally many literal characters: such a Space would be left alone -> give such a Space's exact "
      + "name in one of the two policies"
  ),
  (
    "acme/a*", "acme/a**",
    "4:27: error: 'acme/a*' belongs to the policy 'one' already, at a.yaml:3 -> keep it in one of the two; "
      + "until then its Spaces are left alone"
  ),
])
func patternsThatMeetAreTold(first: String, second: String, mistake: String) {
  let text = """
    version: 1
    policies:
      - { name: one, spaces: ["\(first)"], \(keepsGPU) }
      - { name: two, spaces: ["\(second)"], \(keepsGPU) }
    """
  #expect(mistakes(text) == [mistake])
}

@Test func patternsThatCannotMeetAreFine() {
  let text = """
    version: 1
    policies:
      - { name: one, spaces: ["acme/a*"], \(keepsGPU) }
      - { name: two, spaces: ["acme/b*", acme/a1, "beta/a*"], \(keepsGPU) }
    """
  #expect(mistakes(text) == [])
}
