import LocatedYAML
import Money
import Schedules
import Spaces
import Testing

private func read(_ text: String) -> (schedules: Schedules, diagnostics: [String]) {
  let (schedules, diagnostics) = Schedules.read([("a.yaml", "version: 1\n" + text)])
  return (
    schedules,
    diagnostics.map { "\($0.line):\($0.column): \($0.message)" + ($0.hint.map { " -> \($0)" } ?? "") }
  )
}

@Test func budgetsAreOfPoliciesOwnersAndAll() throws {
  let (schedules, diagnostics) = read(
    """
    budgets:
      - { monthly: 900.50 }
      - { owner: acme, monthly: 500, over: refuse-upgrades }
    policies:
      - name: chat
        spaces: [labs/chat]
        default: { hardware: cpu-basic }
        budget: { monthly: 300, over: downgrade }
        priority: -3
    """)
  #expect(diagnostics == [])
  #expect(schedules.budgets.map(\.scope) == [.policy("chat"), .owner("acme"), .all])
  #expect(schedules.budgets.map(\.over) == [.downgrade, .refuseUpgrades, .report])
  #expect(try schedules.budgets.map(\.monthly) == ["300", "500", "900.50"].map { try Money($0) })
  #expect(schedules.policies[0].priority == -3)
  // Whose Spaces a budget is for is looked at.
  #expect(schedules.owners == ["acme", "labs"])
}

@Test func aBudgetIsForItsSpaces() throws {
  let place = Place(file: "", line: 1, column: 1)
  let (acme, labs) = (try SpaceID("acme/chat"), try SpaceID("labs/chat"))
  func covers(_ scope: Budget.Scope, _ space: SpaceID, _ policy: String?) throws -> Bool {
    Budget(scope, monthly: try Money("1"), place: place).covers(space, policy: policy)
  }
  #expect(try covers(.policy("chat"), acme, "chat"))
  #expect(try !covers(.policy("chat"), acme, nil))
  #expect(try covers(.owner("acme"), acme, nil))
  #expect(try !covers(.owner("acme"), labs, "chat"))
  #expect(try covers(.all, labs, nil))
}

@Test func receiversAreRead() {
  let (schedules, diagnostics) = read(
    """
    notify:
      - { name: finance, url: "https://example.com/hook", secret_from: FINANCE_KEY }
      - { name: team, url_from: SLACK_URL, format: slack }
      - { name: here, url: "http://127.0.0.1:8080/", format: discord }
    """)
  #expect(diagnostics == [])
  #expect(schedules.receivers.map(\.name) == ["finance", "team", "here"])
  #expect(schedules.receivers.map(\.format) == [.json, .slack, .discord])
  #expect(schedules.receivers[0].url == .text("https://example.com/hook"))
  #expect(schedules.receivers[0].secretVariable == "FINANCE_KEY")
  #expect(schedules.receivers[1].url == .variable("SLACK_URL"))
}

@Test(arguments: [
  (
    "budgets: [{ owner: acme, monthly: 1 }, { owner: acme, monthly: 2 }]",
    "2:64: the budget of acme is already given at a.yaml:2"
  ),
  (
    "budgets: [{ monthly: 1 }, { monthly: 2 }]",
    "2:38: the budget of all Spaces is already given at a.yaml:2"
  ),
  (
    "budgets: [{ owner: acme/chat, monthly: 1 }]",
    "2:20: 'acme/chat' is not the name of a user or an organization, such as acme"
  ),
  ("budgets: [{ owner: acme }]", "2:11: a budget needs 'monthly'"),
  (
    "budgets: [{ policy: chat, monthly: 1 }]",
    "2:13: a budget has no key 'policy' -> keys: owner, monthly, over"
  ),
  ("notify: [{ url: \"https://a.example\" }]", "2:10: a receiver needs 'name'"),
  (
    "notify: [{ name: a }]",
    "2:10: a receiver needs 'url', or 'url_from' with the environment variable that has it"
  ),
  (
    "notify: [{ name: a, url: \"https://a.example\", url_from: B }]",
    "2:57: a receiver has 'url' or 'url_from', not both"
  ),
  (
    "notify: [{ name: a, url: \"http://a.example\" }]",
    "2:26: messages would leave this machine unencrypted over http -> such as https://example.com/hook"
  ),
  (
    "notify: [{ name: a, url: \"http://127.0.0.1.a.example\" }]",
    "2:26: messages would leave this machine unencrypted over http -> such as https://example.com/hook"
  ),
  (
    "notify: [{ name: a, url: \"mailto:b@a.example\" }]",
    "2:26: 'mailto:b@a.example' is not an address of the web -> such as https://example.com/hook"
  ),
  (
    "notify: [{ name: a, url_from: \"https://a.example\" }]",
    "2:31: 'url_from' is the name of an environment variable, not the text itself -> such as SPACEPLAN_WEBHOOK_SECRET"
  ),
  (
    "notify: [{ name: a, url_from: A, format: slack, secret_from: B }]",
    "2:62: what Slack takes is not signed, so a secret would do nothing -> remove it, or write format: json"
  ),
  (
    "notify: [{ name: a, url_from: A, format: teams }]",
    "2:42: 'teams' is not a format of a receiver -> one of: json, slack, discord"
  ),
  (
    "notify: [{ name: a, url_from: A }, { name: a, url_from: B }]",
    "2:44: the receiver 'a' is already defined at a.yaml:2"
  ),
])
func mistakesInBudgetsAndReceivers(text: String, mistake: String) {
  #expect(read(text).diagnostics == [mistake])
}
