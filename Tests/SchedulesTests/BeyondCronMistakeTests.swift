import LocatedYAML
import Schedules
import Testing

private func told(_ lines: String, calendar: String? = nil) -> [String] {
  let text =
    "version: 1\npolicies:\n  - name: one\n    spaces: [acme/chat]\n    default: { hardware: l4x1, sleep: 1h }\n"
    + lines.split(separator: "\n").map { "    \($0)\n" }.joined()
  struct Missing: Error, CustomStringConvertible { let description = "No such file or directory" }
  return Schedules.read([("a.yaml", text)]) { _, _ in
    guard let calendar else { throw Missing() }
    return Array(calendar.utf8)
  }.diagnostics.map { diagnostic in
    let hint = diagnostic.hint.map { " -> \($0)" } ?? ""
    let file = diagnostic.file == "a.yaml" ? "" : "\(diagnostic.file):"
    return
      "\(file)\(diagnostic.line):\(diagnostic.column): \(diagnostic.severity): \(diagnostic.message)\(hint)"
  }
}

private func rule(_ keys: String) -> String { "rules: [{ cron: \"@daily\", set: {}, \(keys) }]" }
private func exception(_ keys: String) -> String { "exceptions: [{ name: x, set: { sleep: 2h }, \(keys) }]" }

/// What is written, and what is told.
private let cases: [(String, String)] = [
  (
    rule("every: 14d, starting: 2026-11-02"),
    "6:47: error: '14d' is not a number of weeks from 1w to 52w -> every second week is 2w"
  ),
  (rule("every: 2w"), "6:47: error: a rule with 'every' needs 'starting'"),
  (
    rule("starting: 2026-11-02"),
    "6:50: error: 'starting' says which week is the first of 'every', which is missing -> such as every: 2w; a rule that is valid from a date on says from:"
  ),
  (
    rule("every: 2w, starting: Monday"), "6:61: error: 'Monday' is not a date, such as 2026-11-02"
  ),
  (
    rule("from: 2026-12-01, until: 2026-12-01"),
    "6:65: error: it ends before it begins: 'until' is exclusive and later than 'from' -> the day after the last, for whole days"
  ),
  (
    rule("from: soon"),
    "6:46: error: 'soon' is not a date or an instant, such as 2026-11-02 or 2026-11-02T10:00:00Z"
  ),
  (
    rule("ready: 9h"), "6:47: error: '9h' is not a time for 'ready', which is 1s to 6h"
  ),
  (
    "rules: [{ cron: \"@daily\", set: { hardware: [l4x1, l4x1] } }]",
    "6:55: error: 'l4x1' is in this list already"
  ),
  (
    "rules: [{ cron: \"@daily\", set: { hardware: [] } }]",
    "6:48: error: the list of hardware is empty -> such as [a10g-small, t4-medium]"
  ),
  (
    "rules: [{ cron: \"@daily\", set: { hardware: l4x1, within: 5m } }]",
    "6:62: error: 'within' says when the next of several hardware is asked for, and here is only one -> such as hardware: [a10g-small, t4-medium]"
  ),
  (
    "rules: [{ cron: \"@daily\", set: { hardware: [l4x1, t4-small], within: 5s } }]",
    "6:74: error: '5s' is not a time for 'within', which is 1m to 6h"
  ),
  (
    "idle: { after: 1h, set: { hardware: [cpu-basic, t4-small] } }",
    "6:41: error: an idle Space is moved to one hardware, which is cheaper -> such as cpu-basic"
  ),
  (
    exception("days: 2026-02-29"),
    "6:55: error: '2026-02-29' is not a day, such as 2026-12-24, or 12-25 for the 25th of each December"
  ),
  (
    exception("days: 02-30"),
    "6:55: error: '02-30' is not a day, such as 2026-12-24, or 12-25 for the 25th of each December"
  ),
  (
    exception("days: [25-12]"),
    "6:56: error: '25-12' is not a day, such as 2026-12-24, or 12-25 for the 25th of each December"
  ),
  (exception("days: []"), "6:55: error: the list of days is empty -> such as [2026-12-24, 12-31]"),
  (
    exception("days: 12-24, from: 2026-12-01"),
    "6:18: error: an exception is for one time: 'from' and 'until', or 'days', or 'calendar' -> such as days: [2026-12-24, 12-31]"
  ),
  (
    "exceptions: [{ name: x, set: { sleep: 2h } }]",
    "6:18: error: an exception is for one time: 'from' and 'until', or 'days', or 'calendar' -> such as days: [2026-12-24, 12-31]"
  ),
  (exception("from: 2026-12-01"), "6:55: error: an exception with 'from' needs 'until'"),
  (exception("until: 2026-12-01"), "6:56: error: an exception with 'until' needs 'from'"),
  ("exceptions: [{ days: 12-25, set: { sleep: 2h } }]", "6:18: error: an exception needs 'name'"),
  ("exceptions: [{ name: x, days: 12-25 }]", "6:18: error: an exception needs 'set'"),
  (
    exception("calendar: days.ics"),
    "6:59: error: the calendar 'days.ics' can't be read: No such file or directory -> its name is relative to this file"
  ),
  (
    "templates: ofice-hours",
    "6:16: error: there is no template 'ofice-hours' -> did you mean 'office-hours'?"
  ),
  (
    "rules: [{ name: opening, set: { sleep: 2h } }]", "6:13: error: a rule needs 'cron'"
  ),
  ("rules: [{ name: opening, cron: \"@daily\" }]", "6:13: error: a rule needs 'set'"),
  (
    "templates: [nights-off, weekend-off]",
    "6:16: warning: 'morning' of nights-off fires on Saturday as well, and ends what weekend-off has taken down -> override it: rules: [{ name: morning, cron: \"0 7 * * MON-FRI\" }]"
  ),
  ("budget: 300", "6:13: error: a budget is a set of keys, not '300' -> keys: monthly, over"),
  ("budget: { monthly: 0 }", "6:24: error: '0' is not a budget, which is more than nothing"),
  ("budget: { over: report }", "6:13: error: a budget needs 'monthly'"),
  ("variables: yes", "6:16: error: variables is true or false, not 'yes' -> did you mean true?"),
]

@Test(arguments: cases)
func mistakesBeyondCron(line: String, mistake: String) {
  #expect(told(line) == [mistake])
}

/// What is wrong in the calendar is told in the calendar.
@Test func mistakesInACalendar() {
  let found = told(exception("calendar: days.ics"), calendar: "BEGIN:VCALENDAR\nBEGIN:VEVENT\n")
  #expect(found.count == 1 && found[0].hasPrefix("days.ics:2:1: error: this VEVENT has no END:VEVENT"))
}

@Test(arguments: [
  ("name: office-hours", "the template 'office-hours' is built in"),
  ("name: lab", "the template 'lab' is already defined at a.yaml:3"),
])
func mistakesInTemplates(name: String, message: String) {
  let text = """
    version: 1
    templates:
      - { name: lab, rules: [{ name: a, cron: "@daily", set: {} }] }
      - { \(name), rules: [{ name: a, cron: "@daily", set: {} }] }
    """
  let diagnostics = Schedules.read([("a.yaml", text)]).diagnostics
  #expect(diagnostics.map(\.message) == [message])
}

@Test(arguments: [
  ("labels: [team]", "6:13: error: labels is a set of keys, not a list"),
  ("labels: { team: [a] }", "6:21: error: a label is missing here: this is a list"),
  ("labels: { team: \" \" }", "6:21: error: a label is empty"),
  (
    "split: { research: 100 }",
    "6:12: error: 'split' shares a cost between several, and here is one -> such as split: { research: 60, product: 40 }; a label gives all of it to one"
  ),
  (
    "split: { research: 60, product: 40 % }",
    "6:37: error: a share is a whole number from 1 to 1000000, not '40 %'"
  ),
  ("split: { research: 0, product: 1 }", "6:24: error: a share is a whole number from 1 to 1000000, not '0'"),
  ("granted: sure", "6:14: error: granted is true or false, not 'sure'"),
])
func mistakesInLabels(line: String, mistake: String) {
  #expect(told(line) == [mistake])
}

@Test func mistakesInASpaceWithLabels() {
  let text =
    "version: 1\npolicies:\n  - { name: a, spaces: [{ labels: { x: y } }, { name: acme/b, label: 1 }] }\n"
  #expect(
    Schedules.read([("a.yaml", text)]).diagnostics.filter { $0.severity == .error }.map(\.message)
      == ["a Space with labels needs 'name'", "a Space with labels has no key 'label'"])
}

/// Whatever a path leads to, only a calendar's own lines are shown.
@Test func whatIsNoCalendarIsNotShown() {
  let text =
    "version: 1\npolicies:\n  - { name: a, spaces: [acme/a], default: { sleep: 1h }, calendar: x.ics }\n"
  let diagnostics = Schedules.read([("a.yaml", text)]) { _, _ in Array("SECRET=1\nTOKEN=2\n".utf8) }
    .diagnostics
  #expect(diagnostics.contains { $0.severity == .error && $0.file == "x.ics" })
  #expect(!diagnostics.contains { $0.description.contains("SECRET") || $0.description.contains("TOKEN") })
}

@Test(arguments: [
  (
    "{ name: closeing, cron: \"0 17 * * *\" }",
    "no template of this policy has a rule 'closeing' to override -> did you mean 'closing'?"
  ),
  (
    "{ name: closing, cron: \"0 17 * * *\" }, { name: closing, cron: \"0 16 * * *\" }",
    "the rule 'closing' is overridden already -> write it once"
  ),
])
func mistakesInOverrides(rules: String, mistake: String) {
  let found = told("templates: office-hours\nrules: [\(rules)]")
  #expect(found.count == 1 && found[0].hasSuffix("error: \(mistake)"), "\(found)")
}

/// A mistake in the expression hides none in what the rule sets.
@Test func allMistakesOfARuleAreTold() {
  let found = told("rules: [{ cron: \"0 25 * * *\", set: { hardwear: l4x1, sleep: 30 } }]\nprotect:")
  #expect(found.count == 4, "\(found)")
}
