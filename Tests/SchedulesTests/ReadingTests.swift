import Foundation
import LocatedYAML
import Schedules
import Spaces
import Testing

@Test func aWholeFileIsRead() throws {
  let text = """
    version: 1
    zone: Europe/Paris
    accounts:
      - { name: acme, kind: organization }
      - { name: zoe }
    policies:
      - name: chat
        spaces: [acme/chat, "acme/chat-*"]
        default: { hardware: cpu-basic }
        rules:
          - { name: morning, cron: "0 8 * * MON-FRI", set: { hardware: a10g-small, sleep: 30m, replicas: 2 } }
          - { cron: "@daily", set: {} }
        idle: { after: 1h30m, set: { hardware: cpu-basic } }
        drift: enforce
        otherwise: pause
      - name: front
        spaces: [beta/front]
        zone: Asia/Tokyo
        default: { state: paused, sleep: never }
        protect: true
    """
  let (schedules, _) = Schedules.read([("a.yaml", text)])
  #expect(
    schedules.accounts == [Account(name: "acme", kind: .organization), Account(name: "zoe", kind: .user)])
  #expect(schedules.owners == ["acme", "beta", "zoe"])
  #expect(schedules.exactNames.map(\.description) == ["acme/chat", "beta/front"])
  #expect(
    schedules.namedHardware.map { "\($0.hardware) \($0.place.line):\($0.place.column)" } == [
      "cpu-basic 9:26", "a10g-small 11:68", "cpu-basic 13:44",
    ])

  let chat = try #require(schedules.policies.first)
  #expect(chat.name == "chat")
  #expect(chat.patterns.map(\.description) == ["acme/chat", "acme/chat-*"])
  #expect(chat.default == Settings(hardware: .cpuBasic))
  #expect(chat.rules.map(\.label) == ["morning", "0 0 * * *"])
  #expect(chat.rules.map(\.place.line) == [11, 12])
  #expect(
    chat.rules.map(\.set) == [
      Settings(hardware: .a10gSmall, sleep: .after(seconds: 1800), replicas: 2), Settings(),
    ])
  #expect(chat.zone.identifier == "Europe/Paris")
  #expect(chat.idle == IdleRule(after: 5400, set: Settings(hardware: .cpuBasic)))
  #expect(chat.drift == .enforce)
  #expect(chat.pausesWhereRefused && !chat.isProtected)
  #expect(chat.place.line == 7)

  let front = try #require(schedules.policies.last)
  #expect(front.zone.identifier == "Asia/Tokyo")
  #expect(front.default == Settings(sleep: .never, state: .paused))
  #expect(front.drift == .untilNextBoundary)
  #expect(front.isProtected && !front.pausesWhereRefused && front.idle == nil && front.rules.isEmpty)
}

/// Whether an idle rule makes a Space dearer is for who knows the prices.
@Test func whatIdleRulesSetIsToldBesideWhatTheyReplace() {
  let text = """
    version: 1
    policies:
      - name: chat
        spaces: [acme/chat]
        default: { hardware: cpu-upgrade }
        rules: [{ cron: "@daily", set: { hardware: l4x1 } }, { cron: "@weekly", set: { sleep: 1h } }]
        idle: { after: 1h, set: { hardware: a100-large } }
      - { name: free, spaces: [acme/free], idle: { after: 1h, set: { hardware: cpu-basic } } }
      - { name: off, spaces: [acme/off], default: { hardware: l4x1 }, idle: { after: 1h, set: { state: paused } } }
    """
  let idle = Schedules.read([("a.yaml", text)]).schedules.idleHardware
  #expect(
    idle.map { "\($0.place.line):\($0.place.column) \($0.hardware) \($0.others.map(\.rawValue))" } == [
      "7:41 a100-large [\"cpu-upgrade\", \"l4x1\"]", "8:76 cpu-basic []",
    ])
}

@Test func keysWithNothingBehindThemAreLeftOut() {
  let (schedules, diagnostics) = Schedules.read([
    ("a.yaml", "version: 1\nzone:\naccounts:\npolicies:\n#  - name: later\n")
  ])
  #expect(schedules.policies.isEmpty && schedules.owners.isEmpty)
  #expect(diagnostics == [])
}

@Test(arguments: [
  (Settings(), "nothing"),
  (
    Settings(hardware: .t4Small, sleep: .after(seconds: 5400), state: .running, replicas: 3),
    "hardware: t4-small, sleep: 1h30m, state: running, replicas: 3"
  ),
  (Settings(sleep: .never), "sleep: never"),
])
func settingsAreShownAsInARuleFile(settings: Settings, text: String) {
  #expect(settings.description == text)
}
