import Money
import Planning
import Pricing
import Schedules
import Spaces
import Testing
import Timelines

private func least(_ rules: String, from: String, until: String) throws -> Money {
  let policy = try schedules(rules).policies[0]
  return SpaceSchedule(policy).leastCost(in: try at(from)..<at(until), prices: try testPrices())
}

@Test(arguments: [
  // A day of 0.40 an hour, whether or not anybody visits.
  ("default: { hardware: t4-small, sleep: never }", "9.60"),
  ("default: { hardware: t4-small, sleep: never, replicas: 2 }", "19.20"),
  // It was asleep before, and nothing starts it.
  ("default: { hardware: t4-small, sleep: 1h }", "0"),
  ("default: { hardware: t4-small, sleep: never, state: paused }", "0"),
  // The idle rule takes it down after two hours.
  (
    "default: { hardware: t4-small, sleep: never }\nidle: { after: 2h, set: { hardware: cpu-basic } }", "0.80"
  ),
  // Each morning starts it for half an hour at least.
  (
    """
    default: { hardware: cpu-basic }
    rules:
      - { cron: "0 8 * * *", set: { hardware: t4-small, sleep: 30m } }
      - { cron: "0 18 * * *", set: { hardware: cpu-basic } }
    """, "0.20"
  ),
  // It is moved before it may sleep.
  (
    """
    default: { hardware: cpu-basic }
    rules:
      - { cron: "0 8 * * *", set: { hardware: t4-small, sleep: 30m } }
      - { cron: "15 8 * * *", set: { hardware: cpu-basic } }
    """, "0.10"
  ),
  ("default: { hardware: mystery, sleep: never }", "0"), ("default: { sleep: never }", "0"),
])
func theLeastThatRulesCostInADay(rules: String, cost: String) throws {
  #expect(try least(rules, from: "Tue 00:00", until: "Wed 00:00") == Money(cost))
}

private func unreachable(_ rules: String, spaces: String = "[acme/chat]", known: [String] = []) throws
  -> [String]
{
  try schedules(rules, spaces: spaces).unreachableBudgets(
    from: try at("Tue 12:00"), spaces: try known.map { try SpaceID($0) }, prices: try testPrices()
  ).map { "\($0.month) \($0.spaces) \($0.least)" }
}

@Test func aBudgetIsUnreachableWhereTheRulesAloneCostMore() throws {
  let never = "default: { hardware: t4-small, sleep: never }\n"
  // 27.5 days of November are left: 264.00; December costs 297.60.
  #expect(try unreachable(never + "budget: { monthly: 297.60 }") == [])
  #expect(try unreachable(never + "budget: { monthly: 264 }") == ["2026-12-01 1 297.600000000"])
  #expect(try unreachable(never + "budget: { monthly: 263.99 }") == ["2026-11-01 1 264.000000000"])
  #expect(try unreachable(never) == [])
}

@Test func aBudgetIsForAllSpacesOfAPolicy() throws {
  let rules = "default: { hardware: t4-small, sleep: never }\nbudget: { monthly: 500 }"
  #expect(try unreachable(rules, spaces: "[acme/chat, acme/other]") == ["2026-11-01 2 528.000000000"])
  #expect(try unreachable(rules, spaces: "[\"acme/*\"]", known: ["acme/a", "labs/b"]) == [])
  #expect(
    try unreachable(rules, spaces: "[\"acme/*\"]", known: ["acme/a", "acme/b"]) == [
      "2026-11-01 2 528.000000000"
    ])
}

/// Holds `acme/chat` from Tuesday noon.
private func outlook(
  _ rules: String, _ set: Settings, hours: Int64, spent: String, others: Int = 0
) throws -> BudgetOutlook? {
  let scene = try Scene(rules, shown("t4-small", sleep: 1800), at: "Tue 12:00")
  var situation = scene.situation
  let hold = Override(kind: .hold, name: "", range: scene.now..<scene.now + hours * 3600, set: set)
  situation.holds = [hold]
  let other = Situation(
    space: try SpaceID("acme/other"), live: situation.live, assignment: situation.assignment)
  guard let budget = situation.assignment.policy?.budget else { return nil }
  return try scene.planner.outlook(
    on: hold, of: situation, budget, others: Array(repeating: other, count: others), spent: Money(spent))
}

@Test func aHoldThatBreaksABudgetIsKnown() throws {
  let rules = "default: { hardware: cpu-basic }\nbudget: { monthly: 100 }"
  let a100 = Settings(hardware: .a100Large)
  #expect(try outlook(rules, a100, hours: 10, spent: "75") == nil)
  let broken = try #require(try outlook(rules, a100, hours: 11, spent: "75"))
  #expect(try broken.hold == Money("27.50"))
  #expect(broken.rules == .zero && !broken.isBroken)
  #expect(try outlook(rules, a100, hours: 1, spent: "101")?.isBroken == true)
  #expect(try outlook("default: { hardware: cpu-basic }", a100, hours: 11, spent: "99") == nil)
}

@Test func aHoldIsReckonedAtEveryPriceThatItMeets() throws {
  let scene = try Scene(
    "default: {}\nbudget: { monthly: 20 }", shown("t4-small", sleep: 1800), at: "Tue 12:00")
  var situation = scene.situation
  let hold = Override(
    kind: .hold, name: "", range: scene.now..<scene.now + 20 * 3600, set: Settings(hardware: .t4Small))
  situation.holds = [hold]
  let budget = try #require(situation.assignment.policy?.budget)
  let (prices, mistakes) = PriceTable.read([
    (
      "prices.yaml",
      """
      version: 1
      billing: { stages: [{ from: 2025-01-01, billable: [RUNNING] }] }
      hardware:
        t4-small: { prices: [{ from: 2025-01-01, per_hour: 0.40 }, { from: \(scene.now + 10 * 3600), per_hour: 4 }] }
      """
    )
  ])
  #expect(mistakes.isEmpty)
  let outlook = Planner(prices: prices, now: scene.now)
    .outlook(on: hold, of: situation, budget, others: [], spent: .zero)
  // Ten hours at 0.40, ten at 4.00.
  #expect(try outlook?.hold == Money("44"))
}

@Test func aHoldIsChargedToTheMonthsItTouches() throws {
  let rules = "default: { hardware: cpu-basic }\nbudget: { monthly: 1700 }"
  // 27.5 days of November cost 1650.00; all of December is another month with a budget of its own.
  #expect(try outlook(rules, Settings(hardware: .a100Large), hours: 24 * 50, spent: "50") == nil)
  let december = try #require(try outlook(rules, Settings(hardware: .a100Large), hours: 24 * 58, spent: "50"))
  #expect("\(december.month)" == "2026-12-01" && december.spent == .zero)
}

@Test func whatTheRulesMustCostCountsToo() throws {
  let rules = "default: { hardware: t4-small, sleep: never }\nbudget: { monthly: 560 }"
  let a100 = Settings(hardware: .a100Large)
  // 1 hour at 2.50; 27 days and 11 hours at 0.40; the other Space for all of it.
  let broken = try #require(try outlook(rules, a100, hours: 1, spent: "30", others: 1))
  #expect(try broken.rules == Money("527.60"))
  #expect(try broken.total == Money("560.10"))
  #expect(try outlook(rules, a100, hours: 1, spent: "29.90", others: 1) == nil)
}

/// Where a budget refuses upgrades, of a call for hardware and a sleep time the part is sent that makes nothing dearer.
@Test(
  arguments: [
    ("{ hardware: t4-small, sleep: never }", 900, "a10g-small → t4-small", "sleep 15m → never"),
    ("{ hardware: t4-small, sleep: 5m }", 900, "a10g-small → t4-small, sleep 5m", nil),
    ("{ hardware: t4-small, sleep: 15m }", 900, "a10g-small → t4-small", nil),
    ("{ hardware: a100-large, sleep: 15m }", -1, "sleep never → 15m", "a10g-small → a100-large"),
    ("{ hardware: a100-large, sleep: 1h }", 900, nil, "a10g-small → a100-large, sleep 1h"),
    ("{ hardware: a10g-small, sleep: 1h }", 900, nil, "sleep 15m → 1h"),
    ("{ hardware: cpu-basic }", 900, "a10g-small → cpu-basic", nil),
  ] as [(String, Int, String?, String?)])
func whatABudgetRefusesDoesNotStopTheRest(set: String, sleep: Int, call: String?, refused: String?) throws {
  let scene = try Scene("default: \(set)", shown("a10g-small", sleep: sleep), at: "Tue 12:00")
    .with { $0.upgradeRefusal = "the budget refuses upgrades" }
  let plan = try scene.plan
  #expect(plan.calls == [call].compactMap(\.self))
  let left = plan.calls.isEmpty ? [plan.why] : plan.notes
  #expect(
    left.filter { $0.contains("is not made") }
      == [refused.map { "\($0) is not made: the budget refuses upgrades; default of policy office" }]
      .compactMap(\.self))
}

/// A forecast expects what a run will do.
@Test func aSleepTimeStaysAsShortWhereUpgradesAreRefused() throws {
  let policy = try schedules(
    """
    default: { hardware: t4-small, sleep: 15m }
    rules:
      - { cron: "0 8 * * *", set: { hardware: t4-small, sleep: never } }
      - { cron: "0 12 * * *", set: { hardware: t4-small, sleep: 5m } }
      - { cron: "0 18 * * *", set: { hardware: t4-small, sleep: 15m } }
    """
  ).policies[0]
  let refused = SpaceSchedule(policy).refusingUpgrades(
    from: Settings(hardware: .t4Small, sleep: .after(seconds: 900)),
    in: try at("Tue 06:00")..<at("Wed 06:00"),
    name: "", prices: try testPrices())
  #expect(
    refused.map(\.range) == [try at("Tue 08:00")..<at("Tue 12:00"), try at("Tue 18:00")..<at("Wed 06:00")])
  #expect(refused.map(\.set) == [900, 300].map { Settings(sleep: .after(seconds: $0)) })
}

/// On `cpu-basic` there is always one copy, and there it stays.
@Test func replicasAreNotAskedForWhereTheirHardwareIsRefused() throws {
  let scene = try Scene("default: { hardware: t4-small, sleep: 1h }", shown("cpu-basic"), at: "Tue 12:00")
    .with {
      $0.upgradeRefusal = "the budget refuses upgrades"
      $0.holds = [
        Override(
          kind: .hold, name: "", range: try at("Tue 11:00")..<at("Tue 14:00"), set: Settings(replicas: 2))
      ]
    }
  #expect(try scene.calls == [])
}
