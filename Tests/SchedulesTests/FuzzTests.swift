import LocatedYAML
import Schedules
import TestSupport
import Testing

private let rich = """
  version: 1
  zone: Europe/Paris
  accounts: [{ name: acme, kind: organization }]
  templates:
    - name: lecture
      rules: [{ name: bell, cron: "0 10 * * TUE", set: { hardware: t4-small }, ready: true }]
  policies:
    - name: chat
      spaces: [acme/chat, "acme/chat-*"]
      default: { hardware: [a10g-small, t4-medium], within: 20m, sleep: 30m, replicas: 2, state: running }
      templates: [office-hours, lecture]
      rules:
        - { name: closing, cron: "30 17 * * MON-FRI" }
        - { name: week, cron: "0 10 * * SAT#2", every: 2w, starting: 2026-11-07, set: {}, from: 2026-12-01, until: 2027-01-01 }
      exceptions:
        - { name: launch, from: 2026-12-01T09:00, until: 2026-12-03, set: { hardware: a100-large, sleep: never } }
        - { name: holidays, days: [12-24, 2026-12-31], set: { state: paused } }
      idle: { after: 2h, set: { hardware: cpu-basic } }
      drift: enforce
      otherwise: pause
      variables: true
      budget: { monthly: 300, over: report }
  """

/// Whatever a file holds, reading it ends, and each mistake is at a place that the file has.
@Test(arguments: UInt64(1)...60) func anyFileIsReadOrRefused(seed: UInt64) {
  var random = SplitMix64(seed: seed)
  let tokens =
    Array("{}[]:,-#&*!|>'\"%@`~ \n\t0129aZé\u{0}\u{202E}").map(String.init) + [
      "null", "true", "<<: ", "? ", "- ", ": ", "!!int ", "&a ", "*a", "2026-02-30", "99999999999999999999h",
    ]
  for _ in 0..<20 {
    var text = Array(rich)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0..<text.count, using: &random)
      let length = min(Int.random(in: 0...6, using: &random), text.count - place)
      text.replaceSubrange(place..<place + length, with: tokens.randomElement(using: &random) ?? "")
    }
    let lines = text.count(where: \.isNewline) + 1
    let (schedules, diagnostics) = Schedules.read([("a.yaml", String(text))])
    for diagnostic in diagnostics {
      #expect((1...lines + 1).contains(diagnostic.line), "\(diagnostic)")
      #expect(diagnostic.column >= 1 && !diagnostic.message.isEmpty, "\(diagnostic)")
      #expect(!diagnostic.description.contains("\u{202E}") && !diagnostic.description.contains("\u{0}"))
    }
    #expect(schedules.policies.count <= 1 || !diagnostics.isEmpty)
  }
}
