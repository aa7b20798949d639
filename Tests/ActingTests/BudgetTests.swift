import Acting
import Foundation
import History
import Hub
import HubControls
import JSON
import Money
import Planning
import Schedules
import Simulation
import Spaces
import Synchronization
import Testing
import Timelines
import Webhooks

private let start = Instant(secondsSince1970: 1_791_187_200)  // 2026-10-05T08:00:00Z
private let day: Int64 = 86_400

/// Two Spaces of the same price that rules keep up, the second of which is dearer to its owners, and one that nobody
/// may touch.
private func rules(_ more: String) -> String {
  """
    - { name: a, spaces: [acme/a], default: { hardware: t4-small, sleep: never } }
    - { name: b, spaces: [acme/b], default: { hardware: t4-small, sleep: never }, priority: 5 }
    - { name: keep, spaces: [acme/keep], protect: true }
  \(more)
  """
}

private let fleet: JSONValue = .array(
  ["a", "b", "keep"].map {
    [
      "id": .string("acme/\($0)"), "hardware": "t4-small", "stage": "RUNNING", "sleepTime": -1,
    ]
  })

/// An office in which all three have been up for some days.
///
/// - Parameter copies: of the second.
private func office(
  days: Int64, copies: Int = 1, _ test: @escaping @Sendable (Office) async throws -> Void
) async throws {
  try await Office.open(fleet) { office in
    for name in ["a", "b", "keep"] {
      let up = SpaceState(
        stage: .running, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: -1,
        replicas: name == "b" ? copies : 1)
      let space = try SpaceID("acme/\(name)")
      let looks = stride(from: -days * day, to: 0, by: 900).map {
        Look(space: space, at: start + $0, state: up)
      }
      try office.history.record(looks, ownersListed: ["acme": start - days * day])
    }
    try await test(office)
  }
}

extension Office {
  /// What a Space was last asked to run on.
  fileprivate func hardware(_ name: String) async throws -> String? {
    guard case .runtime(let runtime) = try await client.runtime(of: try SpaceID("acme/\(name)")) else {
      return nil
    }
    return runtime.requestedHardware?.rawValue
  }
}

@Test func aBudgetThatIsSpentGivesUpAllButProtectedSpaces() async throws {
  try await office(days: 4) { office in
    // 4 days and 8 hours of October at 9.60 a day and Space are more than 30.
    let spent = rules("budgets: [{ owner: acme, monthly: 30, over: downgrade }]")
    let result = try await office.run(spent)
    #expect(result.budgets.first?.steps.map(\.space.name) == ["a", "b"])
    #expect(try await office.hardware("a") == "cpu-basic")
    #expect(try await office.hardware("b") == "cpu-basic")
    #expect(try await office.hardware("keep") == "t4-small")
    #expect(try office.journal() == ["acme/a hardware done", "acme/b hardware done"])
    #expect(
      try office.history.actions(on: try SpaceID("acme/a")).first?.action.reason
        == "the downgrade for the budget of acme until 2026-11-01 00:00")
    // What is given up stays so, and nothing is sent or told twice.
    let second = try await office.run(spent)
    #expect(second.outcomes.isEmpty && second.news.isEmpty && second.budgets.first?.steps.isEmpty == true)
    #expect(second.budgets.first?.givenUpBefore.map(\.name) == ["a", "b"])
    // Until the budget is raised.
    let raised = try await office.run(rules("budgets: [{ owner: acme, monthly: 3000, over: downgrade }]"))
    #expect(raised.outcomes.count == 2)
    #expect(try await office.hardware("b") == "t4-small")
  }
}

/// What rules ask for throughout is given up until the month turns, and not a day less.
@Test func rulesHoldAgainWhenTheMonthTurns() async throws {
  // 4 days at 0.40 an hour for three copies are 115.20; November is going to cost nothing, as nobody visits.
  try await office(days: 4, copies: 2) { office in
    let spent = """
        - name: all
          spaces: [acme/a, acme/b]
          default: { hardware: t4-small, sleep: 30m }
          budget: { monthly: 97, over: downgrade }
      """
    _ = try await office.run(spent)
    #expect(try await office.hardware("a") == "cpu-basic")
    let november = Instant(secondsSince1970: 1_793_491_200)  // 2026-11-01T00:00:00Z
    office.time.pass(november - office.time.now - 120)
    let before = try await office.run(spent)
    #expect(before.outcomes.isEmpty)
    let after = try await office.run(spent)
    #expect(after.outcomes.map(\.space.name) == ["a", "b"])
    #expect(after.budgets.first?.forecast.demandsAction == false)
    #expect(try await office.hardware("a") == "t4-small")
  }
}

/// What a Space cost before it had a sleep time is not certain to come again: where logs tell who came, their visits
/// say what comes.
@Test(arguments: [false, true])
func aNewSleepTimeIsNoReasonToGiveUp(isLogged: Bool) async throws {
  try await office(days: 28) { office in
    let a = try SpaceID("acme/a")
    if isLogged {
      // Somebody every hour, for whom it is to be up for a quarter of it.
      let hours = (0..<28 * 24).map { Visit(at: start - 28 * day + $0 * 3600) }
      let days = Dictionary(grouping: hours) { VisitDay.number(of: $0.at) }.mapValues { VisitDay($0) }
      try office.history.importVisits([a: days], known: [a: [start - 28 * day..<start]])
    }
    let result = try await office.run(
      """
        - name: a
          spaces: [acme/a]
          default: { hardware: t4-small, sleep: 15m }
          budget: { monthly: 150, over: downgrade }
      """)
    let verdict = try #require(result.budgets.first)
    #expect(verdict.steps.isEmpty && !verdict.isSure)
    // 41.60 so far, and 26 days and 16 hours more at 0.40 an hour: 256, or a quarter of that.
    let expected = try Money(isLogged ? "105.60" : "297.60")
    #expect((verdict.forecast.total.estimate - expected).magnitude < (try Money("0.20")))
  }
}

/// A month that is sure to break gives up what has the lowest priority, and no more.
@Test func theSureForecastTakesAsManyStepsAsItNeeds() async throws {
  try await office(days: 28) { office in
    // October costs 297.60 a Space.
    let result = try await office.run(rules("budgets: [{ owner: acme, monthly: 700, over: downgrade }]"))
    let verdict = try #require(result.budgets.first)
    #expect(try verdict.forecast.total.estimate == Money("892.80"))
    #expect(try verdict.forecast.total.low > Money("892"))
    #expect(verdict.steps.map(\.space.name) == ["a"])
    // A step is worth what its Space would have cost from now on.
    let now = Instant(secondsSince1970: 1_791_187_260)
    let november = Instant(secondsSince1970: 1_793_491_200)
    let saving = try Money("0.40").scaled(by: Int128(november - now), over: 3600)
    #expect(verdict.steps.first?.saving == saving)
    #expect(try verdict.totalAfter.estimate == Money("892.80") - saving)
    #expect(try await office.hardware("a") == "cpu-basic")
    #expect(try await office.hardware("b") == "t4-small")
  }
}

/// The budgets of policies are judged first; what is given up for the owner's helps them.
@Test func whatIsGivenUpForOneBudgetCountsForThoseBeforeIt() async throws {
  try await office(days: 4) { office in
    let both = """
        - { name: all, spaces: ["acme/*"], default: { hardware: t4-small, sleep: never }, budget: { monthly: 500 } }
      budgets: [{ owner: acme, monthly: 30, over: downgrade }]
      """
    let result = try await office.run(both)
    let (policy, owner) = (try #require(result.budgets.first), try #require(result.budgets.last))
    #expect(owner.steps.map(\.space.name) == ["a", "b", "keep"])
    #expect(policy.steps.isEmpty && policy.totalAfter.estimate < policy.forecast.total.estimate)
    #expect(policy.totalAfter == owner.totalAfter)
    #expect(
      policy.lines("USD").last?.hasPrefix(
        "for the budget of policy all, with what is given up for other budgets: ") == true,
      "\(policy.lines("USD"))"
    )
    #expect(!owner.lines("USD").contains { $0.contains("other budgets") })
  }
}

/// A message tells what its own steps come to, not what is given up for others.
@Test func aMessageTellsOfItsOwnSteps() async throws {
  try await office(days: 28) { office in
    let both = """
        - { name: all, spaces: ["acme/*"], default: { hardware: t4-small, sleep: never },
            budget: { monthly: 700, over: downgrade } }
      budgets: [{ owner: acme, monthly: 30, over: downgrade }]
      """
    let result = try await office.run(both)
    let policy = try #require(result.budgets.first)
    #expect(policy.steps.count == 1 && result.budgets.last?.steps.count == 2)
    let step = try #require(policy.steps.last?.total.estimate)
    #expect(policy.totalAfter.estimate < step)
    let told = result.news.filter { $0.contains("the budget of policy all") && $0.contains("are to move") }
    #expect(
      told.count == 1 && told[0].contains("; then \(step.text(decimals: 2...2)) expected"), "\(result.news)")
  }
}

@Test func aRunRateTakesNothingDown() async throws {
  try await office(days: 9) { office in
    let unruled = """
        - { name: all, spaces: ["acme/*"] }
      budgets: [{ owner: acme, monthly: 700, over: downgrade }]
      """
    let result = try await office.run(unruled)
    let verdict = try #require(result.budgets.first)
    #expect(verdict.forecast.state != .onTrack && !verdict.forecast.demandsAction)
    #expect(verdict.steps.isEmpty && result.outcomes.isEmpty)
  }
}

@Test func upgradesAreRefusedButToHolds() async throws {
  try await office(days: 4) { office in
    let down = """
        - { name: a, spaces: [acme/a], default: { hardware: cpu-basic } }
      """
    _ = try await office.run(down)
    #expect(try await office.hardware("a") == "cpu-basic")
    let up = """
        - { name: a, spaces: [acme/a], default: { hardware: t4-small, sleep: 30m },
            budget: { monthly: 20, over: refuse-upgrades } }
      """
    let refused = try await office.run(up)
    #expect(refused.outcomes.isEmpty)
    let plan = try #require(refused.plans.first { $0.space.name == "a" })
    #expect(
      plan.why
        == "cpu-basic → t4-small, sleep 30m is not made: the budget of policy a refuses upgrades until the month turns; default of policy a"
    )
    let space = try SpaceID("acme/a")
    let now = office.time.now
    try office.history.add(
      Hold(space: space, hardware: .t4Small, from: now, until: now + 7200, madeBy: "somebody"))
    _ = try await office.run(up)
    #expect(try await office.hardware("a") == "t4-small")
    office.time.pass(7200)
    // What the hold has brought is as the rules want it, and nothing takes it away.
    _ = try await office.run(up)
    #expect(try await office.hardware("a") == "t4-small")
  }
}

@Test func aDryRunWritesNothingDown() async throws {
  try await office(days: 4) { office in
    let spent = rules(
      """
      budgets: [{ owner: acme, monthly: 30, over: downgrade }]
      notify: [{ name: here, url: "http://127.0.0.1:9/" }]
      """)
    let sent = Mutex(0)
    let dry = try await office.run(spent, Runner.Options(.dryRun)) { _ in
      sent.withLock { $0 += 1 }
      return .taken
    }
    #expect(dry.budgets.first?.steps.count == 2)
    #expect(dry.plans.filter { !$0.changes.isEmpty }.map(\.space.name) == ["a", "b"])
    #expect(try office.history.waitingMessages().isEmpty && sent.withLock { $0 } == 0)
    let month = Instant(secondsSince1970: 1_790_812_800)  // 2026-10-01T00:00:00Z
    #expect(try office.history.budgetSteps(inMonth: month).isEmpty)
  }
}

@Test func thresholdsAreToldOnce() async throws {
  try await office(days: 4) { office in
    // About 38.4 a Space so far.
    func rules(_ monthly: Int) -> String {
      """
        - { name: a, spaces: [acme/a], default: { hardware: t4-small, sleep: never },
            budget: { monthly: \(monthly) } }
      notify: [{ name: here, url: "http://127.0.0.1:9/" }, { name: team, url: "http://127.0.0.1:9/", format: slack }]
      """
    }
    let sent = Sent()
    func run(_ monthly: Int) async throws -> [String] {
      sent.messages.withLock { $0 = [] }
      return try await office.run(rules(monthly)) { message in
        sent.messages.withLock { $0.append(message) }
        return .taken
      }.news
    }
    let first = try await run(45)
    #expect(
      first == [
        "80 % of the budget of policy a is spent: 38.41 of 45.00 USD in 2026-10; 294.40 expected by the end of the month",
        "the budget of policy a is expected to break: 38.41 of 45.00 USD in 2026-10 spent; 294.40 expected by the end of the month",
      ])
    let bodies = sent.messages.withLock { $0.compactMap { try? JSONValue(parsing: Data($0.body.utf8)) } }
    #expect(bodies.compactMap { $0["type"]?.string } == ["budget.spent", "budget.expected"])
    #expect(bodies.compactMap { $0["data"]?["percent"]?.integer } == [80])
    #expect(bodies.compactMap { $0["text"]?.string }.count == 4)
    let second = try await run(45)
    #expect(second.isEmpty && sent.messages.withLock { $0.isEmpty })
    // A budget that was changed is another one.
    let changed = try await run(38)
    #expect(changed.first?.hasPrefix("the budget of policy a is spent") == true)
  }
}

/// What was sent.
private final class Sent: Sendable {
  let messages = Mutex<[WebhookRequest]>([])
}

/// A month may pass a threshold after its last run: the first run of the next tells of it, and does nothing.
@Test func whatCameAfterTheLastRunOfAMonthIsTold() async throws {
  try await office(days: 28) { office in
    let rules = rules("budgets: [{ owner: acme, monthly: 890 }]")
    let november = Instant(secondsSince1970: 1_793_491_200)  // 2026-11-01T00:00:00Z
    office.time.pass(november - office.time.now - 12 * 3600)
    let last = try await office.run(rules)
    #expect(!last.news.contains { $0.contains("is spent (") }, "\(last.news)")
    let up = SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: -1)
    for name in ["a", "b", "keep"] {
      try office.history.record(
        stride(from: 60, to: november - office.time.now, by: 900).map {
          Look(space: try SpaceID("acme/\(name)"), at: office.time.now + $0, state: up)
        })
    }
    office.time.pass(13 * 3600)
    let first = try await office.run(rules)
    #expect(
      first.news.first
        == "the budget of acme is spent: 892.80 (between 138.62 and 892.80) of 890.00 USD in 2026-10; the month is over",
      "\(first.news)")
    let second = try await office.run(rules)
    #expect(!second.news.contains { $0.contains("2026-10") })
  }
}

// MARK: What people live through

extension Office {
  /// Somebody changes a Space in the settings of the Hub.
  fileprivate func byHand(_ name: String, _ hardware: String) async throws {
    _ = try await client.setHardware(SpaceHardware(rawValue: hardware), of: try SpaceID("acme/\(name)"))
  }
}

/// A Space that its owner has paused costs nothing, so nothing else is given up for it.
@Test func aPauseByHandIsNoCost() async throws {
  try await office(days: 28) { office in
    let space = try SpaceID("acme/a")
    _ = try await office.client.pause(space)
    // a is paused; b and keep cost 297.60 each, and 41.60 were spent on a.
    let result = try await office.run(rules("budgets: [{ owner: acme, monthly: 650, over: downgrade }]"))
    let verdict = try #require(result.budgets.first)
    #expect(verdict.steps.isEmpty && verdict.forecast.state == .onTrack, "\(verdict.lines("USD"))")
  }
}

/// Who takes back by hand what was given up is counted as what it costs, and given up once more if need be.
@Test func aChangeByHandAfterTheDowngradeCounts() async throws {
  try await office(days: 28) { office in
    let rules = rules("budgets: [{ owner: acme, monthly: 700, over: downgrade }]")
    _ = try await office.run(rules)
    #expect(try await office.hardware("a") == "cpu-basic")
    try await office.byHand("a", "a100-large")
    let result = try await office.run(rules)
    let verdict = try #require(result.budgets.first)
    #expect(verdict.forecast.total.estimate > (try Money("2000")))
    #expect(verdict.steps.map(\.space.name) == ["a"], "\(verdict.lines("USD"))")
    #expect(try await office.hardware("a") == "cpu-basic")
    #expect(try await office.hardware("b") == "t4-small")
  }
}

/// What the Hub refuses saves nothing: the next Space goes.
@Test func aRefusedDowngradeSavesNothing() async throws {
  try await office(days: 28) { office in
    try await office.controls.control(
      "faults",
      [
        "method": "POST", "path": "*/a/hardware", "kind": "status", "status": 403,
      ])
    let rules = rules("budgets: [{ owner: acme, monthly: 700, over: downgrade }]")
    let first = try await office.run(rules)
    #expect(first.budgets.first?.steps.map(\.space.name) == ["a"])
    #expect(try await office.hardware("a") == "t4-small")
    let second = try await office.run(rules)
    #expect(second.budgets.first?.steps.map(\.space.name) == ["b"])
    #expect(try await office.hardware("b") == "cpu-basic")
  }
}

/// Who can't be seen may have become cheap: nothing is taken from others for it.
@Test func aBlindLookTakesNoStep() async throws {
  try await office(days: 28) { office in
    let all = rules("budgets: [{ monthly: 700, over: downgrade }]")
    try office.history.record([
      Look(
        space: try SpaceID("labs/x"), at: start - 60,
        state: SpaceState(
          stage: .running, hardware: .a100Large, requestedHardware: .a100Large, sleepTime: nil))
    ])
    try await office.controls.control(
      "faults",
      [
        "method": "GET", "path": "*/spaces", "kind": "status", "status": 403, "times": 1,
      ])
    try await office.controls.control(
      "faults",
      [
        "method": "GET", "path": "*", "kind": "status", "status": 403, "times": 1,
      ])
    let blind = try await office.run(all)
    #expect(blind.budgets.allSatisfy { $0.steps.isEmpty })
  }
}

/// What was not seen now may have become cheap, whatever a budget does about it.
@Test(arguments: ["report", "downgrade"])
func nothingIsSureOfWhatWasNotSeen(over: String) async throws {
  try await office(days: 4) { office in
    let (schedules, _) = Schedules.read([
      (
        "rules.yaml",
        "version: 1\npolicies:\n" + rules("budgets: [{ owner: acme, monthly: 600, over: \(over) }]")
      )
    ])
    let judge = BudgetJudge(
      history: office.history, schedules: schedules, prices: .builtIn, now: office.time.now)
    var nobody: [Situation] = []
    let verdict = try #require(try judge.judge(&nobody).first)
    #expect(verdict.forecast.isSure && !verdict.isSure)
    #expect(verdict.lines("USD")[0].contains("if the month goes on as expected"), "\(verdict.lines("USD"))")
  }
}

/// A rule that names hardware later than the month turns brings it back then.
@Test(arguments: [("hardware: t4-small", "until 2026-11-05"), ("sleep: 1h", "until somebody moves it")])
func itIsToldHowLongWhatIsGivenUpStays(settings: String, told: String) async throws {
  try await office(days: 4) { office in
    let result = try await office.run(
      """
        - name: a
          spaces: [acme/a]
          rules:
            - { name: start, cron: "0 6 5 * *", set: { \(settings) } }
            - { name: stop, cron: "0 22 6 * *", set: { sleep: 1h } }
          budget: { monthly: 30, over: downgrade }
      """)
    let verdict = try #require(result.budgets.first)
    #expect(verdict.steps.map(\.space.name) == ["a"])
    #expect(
      verdict.lines("USD").contains { $0.contains("it stays there \(told)") }, "\(verdict.lines("USD"))")
  }
}

@Test func aRunForSomeSpacesDecidesNothingNew() async throws {
  try await office(days: 4) { office in
    let spent = rules("budgets: [{ owner: acme, monthly: 30, over: downgrade }]")
    let only = Runner.Options(only: [try SpaceID("acme/a")])
    #expect(try await office.run(spent, only).outcomes.isEmpty)
    _ = try await office.run(spent)
    #expect(try await office.hardware("a") == "cpu-basic")
    // What was given up before holds for it, too.
    #expect(try await office.run(spent, only).outcomes.isEmpty)
  }
}

/// Two looks a month apart prove little.
@Test func gapsAreNothingToActOn() async throws {
  try await Office.open([["id": "acme/a", "hardware": "t4-small", "stage": "RUNNING", "sleepTime": 3600]]) {
    office in
    let up = SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: 3600)
    try office.history.record([
      Look(space: try SpaceID("acme/a"), at: Instant(secondsSince1970: 1_790_812_800), state: up)
    ])
    let result = try await office.run(
      """
        - { name: a, spaces: [acme/a], default: { sleep: 1h }, budget: { monthly: 30, over: downgrade } }
      """)
    let verdict = try #require(result.budgets.first)
    #expect(verdict.forecast.state == .broken && verdict.steps.isEmpty && result.outcomes.isEmpty)
    #expect(
      verdict.lines("USD").first?.contains("nothing is done, as that is not certain") == true,
      "\(verdict.lines("USD"))")
  }
}

/// A Space that moves to another policy leaves the budget of the one behind.
@Test func aStepIsForTheSpacesOfItsBudget() async throws {
  try await office(days: 4) { office in
    func rules(_ spaces: String, _ vip: String) -> String {
      """
        - { name: demos, spaces: [\(spaces)], default: { hardware: t4-small, sleep: never },
            budget: { monthly: 30, over: downgrade } }
        - { name: vip, spaces: [\(vip)], default: { hardware: t4-small, sleep: never } }
      """
    }
    _ = try await office.run(rules("acme/a, acme/b", "acme/keep"))
    #expect(try await office.hardware("a") == "cpu-basic")
    _ = try await office.run(rules("acme/b", "acme/keep, acme/a"))
    #expect(try await office.hardware("a") == "t4-small")
    #expect(try await office.hardware("b") == "cpu-basic")
  }
}

/// Each time that something is given up is told, also for an amount that the budget had before.
@Test func aBudgetThatGoesUpAndDownIsToldEachTime() async throws {
  try await office(days: 28) { office in
    func run(_ monthly: Int) async throws -> RunResult {
      try await office.run(rules("budgets: [{ owner: acme, monthly: \(monthly), over: downgrade }]"))
    }
    for monthly in [700, 1000, 700] {
      let result = try await run(monthly)
      let told = result.news.contains { $0.contains("these are to move to cpu-basic") }
      #expect(told == (monthly == 700), "\(monthly): \(result.news)")
      #expect(try await office.hardware("a") == (monthly == 700 ? "cpu-basic" : "t4-small"))
    }
  }
}

@Test func noDearerAlternativeAndNoLongerSleepWhereUpgradesAreRefused() async throws {
  try await Office.open([
    ["id": "acme/a", "hardware": "l4x1", "stage": "RUNNING", "sleepTime": 900],
    ["id": "acme/b", "hardware": "l4x1", "stage": "RUNNING", "sleepTime": 900],
  ]) { office in
    for name in ["a", "b"] {
      let up = SpaceState(stage: .running, hardware: .l4x1, requestedHardware: .l4x1, sleepTime: 900)
      try office.history.record(
        stride(from: -4 * day, to: 0, by: 900).map {
          Look(space: try SpaceID("acme/\(name)"), at: start + $0, state: up)
        })
    }
    try await office.controls.control(
      "faults",
      [
        "method": "POST", "path": "*/a/hardware", "kind": "status", "status": 400,
      ])
    let result = try await office.run(
      """
        - { name: a, spaces: [acme/a], default: { hardware: [t4-small, a10g-small] } }
        - { name: b, spaces: [acme/b], default: { hardware: l4x1, sleep: never } }
      budgets: [{ owner: acme, monthly: 20, over: refuse-upgrades }]
      """)
    #expect(result.outcomes.map { "\($0.change.call)" } == ["l4x1 → t4-small"])
    #expect(result.plans.last?.why.hasPrefix("sleep 15m → never is not made") == true)
  }
}

@Test func aHoldWakesWhatARuleHasPausedThoughUpgradesAreRefused() async throws {
  try await office(days: 4) { office in
    let paused = """
        - { name: a, spaces: [acme/a], default: { hardware: t4-small, state: paused },
            budget: { monthly: 20, over: refuse-upgrades } }
      """
    _ = try await office.run(paused)
    let space = try SpaceID("acme/a")
    let now = office.time.now
    try office.history.add(
      Hold(
        space: space, hardware: .t4Medium, isPaused: false, from: now, until: now + 7200, madeBy: "somebody"))
    let result = try await office.run(paused)
    #expect(
      result.outcomes.map { "\($0.change.call) \($0.outcome)" } == [
        "t4-small → t4-medium done", "restart done",
      ])
  }
}

/// What an idle rule has taken down costs nothing, also where the default asks for a GPU.
@Test func whatIdleHasTakenDownCostsNothing() async throws {
  try await office(days: 28) { office in
    // a costs 41.60 and then nothing, b and keep 297.60 each.
    let rules = """
        - { name: a, spaces: [acme/a], default: { hardware: t4-small, sleep: never },
            idle: { after: 24h, set: { hardware: cpu-basic } } }
        - { name: b, spaces: [acme/b], default: { hardware: t4-small, sleep: never } }
      budgets: [{ owner: acme, monthly: 700, over: downgrade }]
      """
    let space = try SpaceID("acme/a")
    let free = SpaceState(
      stage: .running, hardware: .cpuBasic, requestedHardware: .cpuBasic, sleepTime: 172_800)
    try await office.byHand("a", "cpu-basic")
    let run = try office.history.beginRun(at: start - 600)
    let ids = try office.history.intend(
      [
        SpaceAction(
          space: space, at: start - 600, kind: .hardware, from: "t4-small", to: "cpu-basic", outcome: nil,
          reason: "idle", cause: .idle)
      ], run: run)
    try office.history.settle(
      ids, as: .done,
      remembering: [AppliedSetting(space: space, setting: "hardware", value: "cpu-basic", at: start - 600)])
    try office.history.record([Look(space: space, at: start - 60, state: free)])
    let result = try await office.run(rules)
    let verdict = try #require(result.budgets.first)
    #expect(verdict.steps.isEmpty, "\(verdict.lines("USD"))")
    #expect(try verdict.forecast.total.estimate < Money("640"))
  }
}

/// A Space that runs on the second of its list costs what that costs.
@Test func theChoiceThatRunsIsWhatCosts() async throws {
  try await office(days: 28) { office in
    let rules = """
        - { name: a, spaces: [acme/a], default: { hardware: [a100-large, t4-small], sleep: never } }
      budgets: [{ owner: acme, monthly: 1000, over: downgrade }]
      """
    try await office.controls.control(
      "faults", ["method": "POST", "path": "*/a/hardware", "kind": "status", "status": 400, "times": 1])
    let first = try await office.run(rules.replacing("over: downgrade", with: "over: report"))
    #expect(first.outcomes.map { "\($0.change.call) \($0.outcome)" } == ["t4-small → a100-large refused"])
    let result = try await office.run(rules)
    let verdict = try #require(result.budgets.first)
    #expect(verdict.steps.isEmpty && verdict.forecast.state == .onTrack, "\(verdict.lines("USD"))")
  }
}

/// What is dear where somebody looked once a day may have slept in between.
@Test func aForecastOfGapsIsNothingToActOn() async throws {
  try await Office.open([["id": "acme/a", "hardware": "t4-small", "stage": "RUNNING", "sleepTime": 3600]]) {
    office in
    let up = SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: 3600)
    try office.history.record(
      stride(from: -40 * day, to: 0, by: Int(day)).map {
        Look(space: try SpaceID("acme/a"), at: start + $0, state: up)
      })
    let result = try await office.run(
      "    - { name: a, spaces: [acme/a], default: { sleep: 1h }, budget: { monthly: 100, over: downgrade } }"
    )
    let verdict = try #require(result.budgets.first)
    #expect(verdict.forecast.isSure && !verdict.isSure && verdict.steps.isEmpty)
  }
}

/// An owner who can't be seen keeps nobody from acting on what is seen.
@Test func whatIsSeenCanBreakABudgetAlone() async throws {
  try await office(days: 28) { office in
    try office.history.record([
      Look(
        space: try SpaceID("labs/x"), at: start - 60,
        state: SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: nil))
    ])
    try await office.controls.control(
      "faults", ["method": "GET", "path": "*/labs*", "kind": "status", "status": 403])
    let result = try await office.run(rules("budgets: [{ monthly: 700, over: downgrade }]"))
    #expect(
      result.budgets.first?.steps.map(\.space.name) == ["a"], "\(result.budgets.first?.lines("USD") ?? [])")
  }
}

/// A budget that is taken out of the rules and comes back is told of what it gives up again.
@Test func aBudgetThatComesBackIsToldAgain() async throws {
  try await office(days: 28) { office in
    let budget = rules("budgets: [{ owner: acme, monthly: 700, over: downgrade }]")
    _ = try await office.run(budget)
    _ = try await office.run(rules(""))
    #expect(try await office.hardware("a") == "t4-small")
    let again = try await office.run(budget)
    #expect(again.news.contains { $0.contains("these are to move to cpu-basic") }, "\(again.news)")
  }
}

/// Where the policy pauses instead, a refused downgrade is no reason to take more.
@Test func aPauseInsteadIsEnough() async throws {
  try await office(days: 28) { office in
    try await office.controls.control(
      "faults", ["method": "POST", "path": "*/a/hardware", "kind": "status", "status": 403])
    let rules = """
        - { name: a, spaces: [acme/a], default: { hardware: t4-small, sleep: never }, otherwise: pause }
        - { name: b, spaces: [acme/b], default: { hardware: t4-small, sleep: never }, priority: 5 }
        - { name: keep, spaces: [acme/keep], protect: true }
      budgets: [{ owner: acme, monthly: 700, over: downgrade }]
      """
    for _ in 0..<2 {
      _ = try await office.run(rules)
      #expect(try await office.hardware("b") == "t4-small")
      // Somebody starts it again.
      _ = try await office.client.restart(try SpaceID("acme/a"))
    }
  }
}

/// A budget is for the policy that a Space's own variable chose, also in the runs after the one that decided, and in
/// those for some Spaces only.
@Test(arguments: ["downgrade", "refuse-upgrades"])
func whatABudgetDecidedHoldsForPoliciesThatVariablesChose(over: String) async throws {
  let a = try SpaceID("acme/a")
  let fleet: JSONValue = [
    [
      "id": "acme/a", "hardware": "t4-small", "stage": "RUNNING", "sleepTime": -1,
      "variables": ["SPACEPLAN_POLICY": "dear"],
    ]
  ]
  try await Office.open(fleet) { office in
    let up = SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: -1)
    let looks = stride(from: -4 * day, to: 0, by: 900).map { Look(space: a, at: start + $0, state: up) }
    try office.history.record(looks, ownersListed: ["acme": start - 4 * day])
    func rules(_ hardware: String) -> String {
      """
        - { name: cheap, spaces: ["acme/*"], variables: true }
        - { name: dear, spaces: [acme/none], default: { hardware: \(hardware), sleep: never },
            budget: { monthly: 20, over: \(over) } }
      """
    }
    _ = try await office.run(rules("t4-small"))
    let decided = over == "downgrade" ? "cpu-basic" : "t4-small"
    #expect(try await office.hardware("a") == decided)
    for options in [Runner.Options(), Runner.Options(only: [a])] {
      let later = try await office.run(rules("a10g-small"), options)
      #expect(later.outcomes.isEmpty && later.news.isEmpty)
      #expect(later.budgets.allSatisfy { $0.steps.isEmpty && !$0.refusesUpgradesFromNow })
    }
    #expect(try await office.hardware("a") == decided)
  }
}

@Test(arguments: ["downgrade", "refuse-upgrades"])
func aBudgetSeesASpaceInTheLookThatFindsItsNewName(over: String) async throws {
  try await office(days: 4) { office in
    try await office.controls.control("spaces/rename", ["from": "acme/a", "to": "acme/z"])
    let result = try await office.run(
      """
        - { name: a, spaces: [acme/a], default: { hardware: a10g-small, sleep: never },
            budget: { monthly: 20, over: \(over) } }
      """)
    #expect(result.news.first == "acme/a was renamed to acme/z: write the new name in the rules")
    #expect(try await office.hardware("z") == (over == "downgrade" ? "cpu-basic" : "t4-small"))
  }
}

/// By hand it came there after it was given up.
@Test func noBudgetMovesASpaceOffZeroGPU() async throws {
  try await office(days: 4) { office in
    let spent = """
        - { name: a, spaces: [acme/a], drift: enforce, default: { hardware: t4-small, sleep: never },
            budget: { monthly: 20, over: downgrade } }
      """
    _ = try await office.run(spent)
    #expect(try await office.hardware("a") == "cpu-basic")
    try await office.controls.call("POST", "/api/spaces/acme/a/hardware", ["flavor": "zero-a10g"])
    let result = try await office.run(spent)
    #expect(result.outcomes.allSatisfy { $0.change.cause != .budget })
    #expect(try await office.hardware("a") != "cpu-basic")
  }
}
