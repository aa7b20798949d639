import Foundation
import JSON
import Testing

/// A budget as somebody at a terminal sees it.
@Suite struct BudgetTests {
  /// What is seen for the first time, and not recorded yet, may cost as much as anything.
  @Test func aFirstStatusDoesNotExpectNothing() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small", "sleepTime": 3600]])
    try work.rules(
      "  - { name: all, spaces: [\"acme/*\"] }\nbudgets: [{ owner: acme, monthly: 420 }]")
    let status = try work.spaceplan("status")
    #expect(
      status.errors.contains("on track; 0.00, between 0.00 and 259.20, expected by the end of the month"),
      "\(status.errors)")
  }

  /// Four days of two Spaces at 0.40 an hour, and a Space that comes with a grant.
  private func workplace(_ rules: String) async throws -> Workplace {
    let work = try Workplace(
      fleet: [["id": "acme/chat", "hardware": "t4-small"], ["id": "acme/shop", "hardware": "t4-small"]],
      clock: "2026-11-05T00:00:00Z")
    try work.rules(rules)
    var looks = "observed_at,space,stage,hardware,requested_hardware\n"
    for quarter in 0..<4 * 96 {
      let at = Date(timeIntervalSince1970: 1_793_491_200 + Double(quarter) * 900).ISO8601Format()
      for name in ["chat", "shop"] { looks += "\(at),acme/\(name),RUNNING,t4-small,t4-small\n" }
    }
    try work.write(looks, to: "looks.csv")
    try work.spaceplan("import", "history", "--observations", "looks.csv")
    return work
  }

  private static let rules = """
      - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: never } }
      - { name: shop, spaces: [acme/shop], default: { hardware: t4-small, sleep: never }, priority: 10 }
    budgets:
      - { owner: acme, monthly: MONTHLY, over: downgrade }
    """

  @Test func whatIsGivenUpIsShownBeforeAndExplainedAfter() async throws {
    // The month is going to cost 576.00; one Space less, and it stays below 350.
    let work = try await workplace(Self.rules.replacing("MONTHLY", with: "350"))
    let dry = try work.spaceplan("run", "--dry-run").output
    #expect(
      dry.contains(
        "the budget of acme: 76.80 of 350.00 USD spent, it will break on 2026-11-19; 576.00 expected by the end of the month"
      ), "\(dry)")
    #expect(
      dry.contains(
        "for the budget of acme, given up now: acme/chat, which saves 249.60 USD; then 326.40 expected"),
      "\(dry)")
    #expect(try work.spaceplan("run").output.contains("t4-small → cpu-basic"))
    let explained = try work.spaceplan("explain", "acme/chat").output
    #expect(
      explained.contains("the downgrade for the budget of acme until 2026-12-01 00:00: hardware: cpu-basic"),
      "\(explained)")
    #expect(explained.contains("2026-12-01 00:00 UTC, the end of the downgrade for the budget of acme"))
    #expect(
      try work.spaceplan("explain", "acme/shop").output
        .contains("nothing is given up, and upgrades are not refused"))
    let next = try work.spaceplan("next", "--days", "30").output
    #expect(next.contains("the end of the downgrade for the budget of acme"), "\(next)")
    try await work.move(to: "2026-11-05T00:10:00Z")
    try work.spaceplan("observe")
    let forecast = try work.spaceplan("forecast", "--format", "json").output
    #expect(forecast.contains(#""given_up_before":["acme/chat"]"#), "\(forecast)")
    // What a hold asks for is still given.
    let held = try work.spaceplan("hold", "acme/chat", "--hardware", "t4-small", "--for", "2h").output
    #expect(held.contains("cpu-basic → t4-small"), "\(held)")
    try await work.move(to: "2026-11-05T03:00:00Z")
    #expect(try work.spaceplan("run").output.contains("t4-small → cpu-basic"))
    // A budget that is raised gives back.
    try work.rules(Self.rules.replacing("MONTHLY", with: "900"))
    #expect(try work.spaceplan("run").output.contains("cpu-basic → t4-small"))
  }

  @Test func aBudgetThatIsUsedUpIsNotOnTrack() async throws {
    // Four days of two Spaces, which are to be paused from now on.
    let work = try await workplace(
      """
        - { name: all, spaces: ["acme/*"], default: { state: paused } }
      budgets:
        - { owner: acme, monthly: 76.80 }
      """)
    let table = try work.spaceplan("forecast").output
    #expect(
      table.contains(
        "The budget of acme: 76.80 of 76.80 USD spent, it is used up, but not broken; 76.80 expected by the end of the month"
      ), "\(table)")
    let json = try work.spaceplan("forecast", "--format", "json").output
    #expect(json.contains(#""state":"used-up""#), "\(json)")
  }

  /// Nothing is given up yet for a month to come, and what is given up now ends before.
  @Test func aMonthToComeHasItsBudgetsToo() async throws {
    let work = try await workplace(Self.rules.replacing("MONTHLY", with: "350"))
    #expect(try work.spaceplan("run").output.contains("t4-small → cpu-basic"))
    let december = try work.spaceplan("forecast", "--month", "2026-12").output
    // Each costs 9.60 a day.
    #expect(
      december.contains(
        "The budget of acme: 0.00 of 350.00 USD spent, it will break on 2026-12-19; 595.20 expected by the end of the month\n"
      ), "\(december)")
    #expect(!december.contains("given up"), "\(december)")
    #expect(!(try work.spaceplan("forecast", "--month", "2026-10")).output.contains("budget"))
  }

  @Test func aBudgetThatWatchesNothingIsToldWhereverItIs() async throws {
    let work = try await workplace(
      """
        - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: never } }
        - { name: shop, spaces: [acme/shopp], protect: true, budget: { monthly: 20 } }
      budgets:
        - { owner: acmee, monthly: 1340 }
        - { owner: acme, monthly: 900 }
      """)
    let guess = "no Space of acmee is known, so this budget watches nothing; did you mean 'acme'?"
    let ofPolicy = "no Space of policy shop is known, so this budget watches nothing"
    func isTold(_ text: String) -> Bool {
      text.lowercased().contains("the budget of acmee: 0.00 of 1340.00 usd spent; \(guess.lowercased())")
        && text.lowercased().contains(
          "the budget of policy shop: 0.00 of 20.00 usd spent; \(ofPolicy.lowercased())")
        && text.contains("he budget of acme: 76.80 of 900.00 USD spent, on track")
    }
    #expect(isTold(try work.spaceplan("forecast").output))
    #expect(isTold(try work.spaceplan("status").errors))
    #expect(isTold(try work.spaceplan("run", "--dry-run").output))
    let json = try JSONValue(parsing: Data(try work.spaceplan("forecast", "--format", "json").output.utf8))
    #expect(json["budgets"]?.array?.map { $0["note"] } == [.string(ofPolicy), .string(guess), .null])
    #expect(json["budgets"]?.array?.map { $0["budget"] } == ["policy shop", "acmee", "acme"])
    // Reports, also of a month that is closed.
    #expect(try work.spaceplan("report").output.contains("\nThe budget of acmee: \(guess)\n"))
    try await work.move(to: "2026-12-01T00:10:00Z")
    let closed = try work.spaceplan("report", "--month", "2026-11", "--close")
    #expect(closed.output.contains("\nThe budget of policy shop: \(ofPolicy).\n"), "\(closed)")
    try work.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: never } }")
    #expect(try work.spaceplan("report", "--month", "2026-11").output.contains("acmee: \(guess)\n"))
    let programs = try work.spaceplan("report", "--month", "2026-11", "--format", "json").output
    #expect(programs.contains(#""note":"no Space of acmee is known"#), "\(programs)")
  }

  @Test func checkTellsOfABudgetThatWatchesNothingOnceSpacesAreKnown() throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small"]])
    try work.rules(
      """
        - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }
      budgets:
        - { owner: acmee, monthly: 1340 }
      """)
    func check(_ arguments: String) throws -> String { try work.shell("spaceplan check \(arguments)").output }
    #expect(try check("--offline").isEmpty)
    let told =
      "schedules/rules.yaml:6:30: warning: no Space of acmee is known, so this budget watches nothing"
    let online = try check("")
    #expect(online.contains(told) && online.contains("hint: did you mean 'acme'?"), "\(online)")
    try work.spaceplan("observe")
    #expect(try check("--offline").contains(told))
    // A policy that has a Space watches one.
    try work.rules(
      "  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h }, budget: { monthly: 500 } }"
    )
    #expect(try !check("").contains("watches nothing"))
  }

  @Test func whatNoRuleBringsBackIsTold() throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small"]])
    try work.rules(
      """
        - { name: demos, spaces: [acme/chat], default: { sleep: 1h }, budget: { monthly: 100, over: downgrade } }
        - { name: shop, spaces: [acme/shop], default: { hardware: t4-small, sleep: 1h } }
      """)
    let said = try work.spaceplan("check", "--offline").output
    #expect(
      said.contains("note: what is given up of 'demos' stays on cpu-basic also when the month turns"),
      "\(said)")
    #expect(!said.contains("given up of 'shop'"))
  }

  @Test func aBudgetForWhichNothingMayBeDoneIsTold() throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small"]])
    try work.rules(
      """
        - { name: chat, spaces: [acme/chat], protect: true }
      budgets:
        - { owner: acme, monthly: 100, over: downgrade }
      """)
    let said = try work.spaceplan("check", "--offline").output
    #expect(
      said.contains(
        "nothing can be done for the budget of acme: there is no policy for its Spaces that is neither protected nor granted"
      ), "\(said)")
  }
}
