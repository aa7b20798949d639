import Foundation
import Spaces
import Testing

/// What `check` finds beside the files: in prices, history and on the Hub; and how it says it.
@Suite struct CheckTests {
  private func workplace(_ rules: String) throws -> Workplace {
    let work = try Workplace(
      fleet: [
        ["id": "acme/chat", "hardware": "t4-small"], ["id": "acme/demo-1"], ["id": "acme/other"],
        ["id": "labs/x"],
      ])
    try work.rules(rules)
    return work
  }

  @Test func whatDoesNotMeetOnTheHubIsShownWhereItIsWritten() throws {
    let work = try workplace(
      """
        - { name: chat, spaces: [acme/chat, acme/chatt] }
        - { name: demos, spaces: ["acme/demo-*", "acme/dmo-*"], default: { hardware: cpu-basic } }
        - { name: else, spaces: ["lab/*"], default: { hardware: cpu-basic } }
      """)
    let check = try work.spaceplan("check")
    #expect(check.status == 0, "\(check.errors)")
    for line in [
      "schedules/rules.yaml:4:39: warning: policy chat: the Hub has no Space acme/chatt, or does not show it to this token",
      "schedules/rules.yaml:5:44: warning: policy demos: no Space matches 'acme/dmo-*' (3 Spaces of acme were seen)",
      "schedules/rules.yaml:6:28: warning: policy else: no Space matches 'lab/*' (no Space of lab was seen)",
      "schedules/rules.yaml:4:28: note: no policy is for acme/other",
    ] { #expect(check.output.contains(line), "\(check.output)") }
    #expect(check.errors.contains("3 policies: 4 warnings, 1 note"), "\(check.errors)")
    let offline = try work.spaceplan("check", "--offline")
    #expect(!offline.output.contains("acme/dmo") && offline.errors.contains("1 warning"))
    work.environment["HF_TOKEN"] = ""
    #expect(try work.spaceplan("check").output.contains("acme/dmo") == false)
  }

  @Test func aHubOutOfReachKeepsNoMistakeBack() throws {
    let work = try workplace(
      "  - { name: chat, spaces: [acme/chat], default: { hardware: t5-small, sleep: 1h } }")
    work.environment["HF_ENDPOINT"] = "http://127.0.0.1:1"
    let check = try work.spaceplan("check")
    #expect(check.status == 69)
    #expect(check.output.contains("there is no price for hardware 't5-small'"))
    #expect(
      check.errors.contains("whether rules miss Spaces on the Hub could not be checked: "), "\(check.errors)")
  }

  @Test func strictTakesWarningsForErrorsAndNotesForNone() throws {
    let work = try workplace("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small } }")
    #expect(try work.spaceplan("check", "--offline").status == 0)
    let strict = try work.spaceplan("check", "--offline", "--strict")
    #expect(strict.status == 65)
    #expect(strict.output.contains(":4:61: error: nothing names 'sleep'"), "\(strict.output)")
    try work.rules("  - { name: chat, spaces: [acme/chat], protect: true, default: { hardware: t4-small } }")
    let notes = try work.spaceplan("check", "--offline", "--strict")
    #expect(notes.status == 0 && notes.output.contains(": note: 'chat' is protected"))
  }

  @Test func gitHubShowsEachAtItsLine() throws {
    let work = try workplace(
      """
        - { name: "50%, or so", spaces: [acme/chat], drft: report }
        - { name: b, spaces: [acme/demo-1], idle: { after: 2h, set: { hardware: cpu-basic } } }
      """)
    let check = try work.spaceplan("check", "--offline", "--format", "github")
    #expect(check.status == 65)
    #expect(
      check.output == """
        ::error file=schedules/rules.yaml,line=4,col=48::a policy has no key 'drft'%0Ahint: did you mean 'drift'?
        ::notice file=schedules/rules.yaml,line=5,col=63::once idle, nothing brings a Space back but a person: the policy has no rules%0Ahint: a rule such as '0 8 * * MON-FRI' would bring it back

        """)
    try work.rules("  - { name: \"50%\", spaces: [acme/chat] }")
    #expect(
      try work.spaceplan("check", "--offline", "--format", "github").output
        .hasPrefix("::warning file=schedules/rules.yaml,line=4,col=5::'50%25' asks for nothing"))
  }

  @Test func aBudgetThatTheRulesBreakIsToldWithTheMonth() async throws {
    let work = try workplace(
      """
        - name: chat
          spaces: [acme/chat, "acme/demo-*"]
          default: { hardware: t4-small, sleep: never }
          budget: { monthly: 300 }
      """)
    try await work.move(to: "2026-10-31T12:00:00Z")
    func broken() throws -> String? {
      try work.spaceplan("check").output.split(separator: "\n").first { $0.contains("break the budget") }.map(
        String.init)
    }
    #expect(
      try broken()
        == "schedules/rules.yaml:7:24: warning: the rules break the budget of policy chat, 300.00 USD a month, even if nobody visits: in 2026-11 its 2 Spaces cost at least 576.00"
    )
    try work.rules(
      "  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h }, budget: { monthly: 300 } }"
    )
    #expect(try broken() == nil)
  }

  @Test func anIdleRuleForDearerHardwareIsTold() throws {
    let work = try workplace(
      "  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h }, idle: { after: 2h, set: { hardware: a100-large } } }"
    )
    #expect(
      try work.spaceplan("check", "--offline").output.contains(
        "idle would move to 'a100-large', which is dearer"))
  }

  /// The examples are what newcomers copy from.
  @Test func theExamplesHaveNothingToComplainOf() throws {
    let work = try Workplace()
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    try work.shell("cp -r '\(root.path)/schedules' '\(root.path)/pricing' .")
    let check = try work.spaceplan("check", "--strict")
    #expect(check.status == 0, "\(check.output)")
    // That forgotten demos stay on free hardware is what that example is about.
    #expect(check.output.components(separatedBy: ".yaml:").count == 2)
    #expect(check.output.hasPrefix("schedules/demos.yaml:13:29: note: once idle"))
  }
}
