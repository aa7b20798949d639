import Planning
import Schedules
import Spaces
import Testing
import Timelines

private let office = """
  default: { hardware: cpu-basic }
  rules:
    - { name: morning, cron: "0 8 * * *", set: { hardware: a10g-small } }
    - { name: evening, cron: "0 19 * * *", set: { hardware: cpu-basic } }
  """

extension Scene {
  func hold(_ set: Settings, _ from: String, _ until: String, name: String = "demo") throws -> Scene {
    let range = try PlanningTests.at(from)..<PlanningTests.at(until)
    return with { $0.holds.append(Override(kind: .hold, name: name, range: range, set: set)) }
  }

  func exception(_ set: Settings, _ from: String, _ until: String) throws -> Scene {
    let range = try PlanningTests.at(from)..<PlanningTests.at(until)
    return with { situation in
      guard case .policy(var policy, let match) = situation.assignment else { return }
      policy.exceptions.append(
        Exception(name: "launch", occasions: [.range(range)], set: set, place: policy.place))
      situation.assignment = .policy(policy, match: match)
    }
  }

  func did(
    _ kind: SpaceAction.Kind, from: String, to: String, at: String, cause: SpaceAction.Cause
  ) throws -> Scene {
    let action = SpaceAction(
      space: situation.space, at: try PlanningTests.at(at), kind: kind, from: from, to: to, outcome: .done,
      reason: "", cause: cause)
    return with { $0.actions.append(action) }
  }
}

private let large = Settings(hardware: SpaceHardware(rawValue: "a100-large"))

@Test func aHoldWinsOverAnExceptionAndThatOverTheRules() throws {
  let rule = try Scene(office, shown("cpu-basic"), at: "Tue 12:00")
  #expect(try rule.calls == ["cpu-basic → a10g-small"])
  let exception = try rule.exception(large, "Tue 11:00", "Tue 13:00")
  #expect(try exception.calls == ["cpu-basic → a100-large"])
  #expect(try exception.plan.why == "exception launch until 2026-11-03 13:00")
  let hold = try exception.hold(Settings(hardware: .t4Small), "Tue 11:30", "Tue 12:30")
  #expect(try hold.calls == ["cpu-basic → t4-small"])
  #expect(try hold.plan.why == "the hold (demo) until 2026-11-03 12:30")
  #expect(try hold.plan.changes.map(\.cause) == [.hold])
  let twice = try hold.hold(large, "Tue 11:40", "Tue 12:30", name: "")
  #expect(try twice.calls == ["cpu-basic → a100-large"])
}

@Test func anOverrideReplacesOnlyWhatItNames() throws {
  let scene = try Scene(office, shown("cpu-basic"), at: "Tue 12:00")
    .hold(Settings(sleep: .after(seconds: 3600)), "Tue 11:30", "Tue 12:30")
  #expect(try scene.calls == ["cpu-basic → a10g-small, sleep 1h"])
}

/// The rules' hardware holds again; it has a boundary at the hold's end, though a person changed it meanwhile.
@Test func afterAHoldTheRulesHoldAgain() throws {
  let held = shown("a100-large", sleep: nil)
  let scene = try Scene(office, held, at: "Tue 12:31").hold(large, "Tue 11:30", "Tue 12:30")
    .applied([.hardware: "a100-large"]).seen(("Tue 11:45", held))
  #expect(try scene.calls == ["a100-large → a10g-small"])
  let byHand = try scene.applied([.hardware: "t4-small"]).seen(("Tue 11:45", shown("t4-small")))
  #expect(try byHand.calls == ["a100-large → a10g-small"])
}

/// While a hold names the hardware, a rule's firing is no boundary of it; of the sleep time it is.
@Test func aFiringUnderAHoldIsNoBoundaryOfWhatItNames() throws {
  let scene = try Scene(
    office.replacing("cpu-basic }\n", with: "cpu-basic, sleep: 1h }\n"), shown("t4-small", sleep: 1800),
    at: "Tue 19:10"
  )
  .hold(large, "Tue 18:00", "Tue 20:00")
  .applied([.hardware: "a100-large", .sleep: "3600"])
  .seen(("Tue 18:15", shown("a100-large", sleep: 3600)), ("Tue 18:30", shown("t4-small", sleep: 1800)))
  let plan = try scene.plan
  #expect(plan.calls == ["sleep 30m → 1h"])
  #expect(
    plan.notes.contains(
      "hardware changed by hand after 2026-11-03 18:15; left so until the next boundary, 2026-11-03 20:00"))
}

/// Nothing names the sleep time any more: it goes back to what it was before the first of the holds.
@Test(arguments: [
  (7200, ["sleep 2h → 30m"]),
  (600, []),
])
func whatNothingNamesGoesBack(live: Int, calls: [String]) throws {
  let scene = try Scene("default: { hardware: t4-small }", shown("t4-small", sleep: live), at: "Tue 14:00")
    .hold(Settings(sleep: .after(seconds: 3600)), "Tue 10:00", "Tue 11:00")
    .hold(Settings(sleep: .after(seconds: 7200)), "Tue 11:00", "Tue 13:00")
    .did(.sleep, from: "1800", to: "3600", at: "Tue 10:00", cause: .hold)
    .did(.sleep, from: "3600", to: "7200", at: "Tue 11:00", cause: .hold)
    .applied([.hardware: "t4-small", .sleep: "7200"])
    .with { $0.mayGoBack = true }
  #expect(try scene.planner.planWithoutPast(scene.situation) == nil)
  #expect(try scene.calls == calls)
  if !calls.isEmpty {
    #expect(try scene.plan.why == "the hold has ended: back to what it was before 2026-11-03 10:00")
    #expect(try scene.plan.changes.map(\.cause) == [.endOfOverride])
  }
}

@Test func idleIsBelowAnException() throws {
  let idle = office + "\nidle: { after: 1h, set: { hardware: cpu-basic } }"
  let scene = try Scene(idle, shown("a10g-small"), at: "Tue 12:00")
    .seen(("Tue 08:15", shown("a10g-small"))).told(["Tue 08:30"])
  #expect(try scene.calls == ["a10g-small → cpu-basic"])
  let during = try scene.exception(Settings(hardware: .a10gSmall), "Tue 11:00", "Tue 13:00")
  #expect(try during.calls == [])
  #expect(try !during.planner.needsActivity(during.situation))
}

// MARK: Preferences

private let list = HardwarePreference(.a10gSmall, others: [.t4Small], within: 1200)

extension Scene {
  fileprivate func preferring(_ preference: HardwarePreference) -> Scene {
    with { situation in
      guard case .policy(var policy, let match) = situation.assignment else { return }
      policy.rules[0].set.preference = preference
      situation.assignment = .policy(policy, match: match)
    }
  }
}

@Test func theFirstIsAskedForAndThenTheNext() throws {
  let scene = try Scene(office, shown("cpu-basic"), at: "Tue 08:00").preferring(list)
  let change = try #require(try scene.plan.changes.first)
  #expect("\(change.call)" == "cpu-basic → a10g-small")
  #expect(change.alternatives.map { "\($0.call)" } == ["cpu-basic → t4-small"])
  #expect(
    change.alternatives.map(\.reason)
      == ["rule morning of 2026-11-03 08:00 (choice 2 of 2: a10g-small was refused)"])
  #expect(change.alternatives.map(\.rateAfter) == [try testPrices().hourlyPrice(of: .t4Small, at: scene.now)])
}

/// What became of asking for the first at 08:00.
@Test(arguments: [
  ("Tue 08:10", SpaceStage.appStarting, SpaceAction.Outcome.done, [], nil),
  (
    "Tue 08:20", .appStarting, .done, ["a10g-small → t4-small"],
    "choice 2 of 2: a10g-small did not come up within 20m of 2026-11-03 08:00"
  ),
  ("Tue 09:00", .running, .done, [], nil),
  (
    "Tue 08:10", .runtimeError, .refused, ["a10g-small → t4-small"],
    "choice 2 of 2: a10g-small was refused at 2026-11-03 08:00"
  ),
  ("Tue 08:10", .runtimeError, .done, [], nil),
  // As the Hub shows it where it has no capacity.
  (
    "Tue 09:00", .runtimeError, .done, ["a10g-small → t4-small"],
    "choice 2 of 2: a10g-small did not come up within 20m of 2026-11-03 08:00"
  ),
])
func whatDoesNotComeUpInTimeIsReplaced(
  at: String, stage: SpaceStage, outcome: SpaceAction.Outcome, calls: [String], reason: String?
) throws {
  let scene = try Scene(office, shown("a10g-small", stage), at: at).preferring(list)
    .seen(("Tue 07:45", shown("cpu-basic"))).did(.hardware, "a10g-small", at: "Tue 08:00", outcome)
    .applied([.hardware: "a10g-small"])
  #expect(try scene.calls == calls)
  if let reason { #expect(try scene.plan.why == "rule morning of 2026-11-03 08:00 (\(reason))") }
  if stage != .running { #expect(try scene.planner.planWithoutPast(scene.situation) == nil) }
}

/// What came to nothing while the Space was starting on something else has not failed to come up.
@Test func whatCameToNothingIsAskedForAgain() throws {
  let scene = try Scene(office, shown("t4-small", .appStarting), at: "Tue 08:25").preferring(list)
    .seen(("Tue 07:45", shown("cpu-basic"))).did(.hardware, "a10g-small", at: "Tue 08:00", .failed)
    .applied([.hardware: "t4-small"])
  #expect(try scene.calls == ["t4-small → a10g-small"])
}

/// As where the Hub has no capacity and answers with 503: after so long the next is asked for, and then again the first.
@Test func whatComesToNothingAgainAndAgainIsReplaced() throws {
  func scene(_ at: String) throws -> Scene {
    try Scene(office, shown("cpu-basic"), at: at).preferring(list).seen(("Tue 07:45", shown("cpu-basic")))
      .did(.hardware, "a10g-small", at: "Tue 08:00", .failed)
      .did(.hardware, "a10g-small", at: "Tue 08:10", .failed)
  }
  let early = try scene("Tue 08:20")
  #expect(try early.calls == ["cpu-basic → a10g-small"])
  let late = try scene("Tue 08:30").did(.hardware, "a10g-small", at: "Tue 08:20", .failed)
  #expect(try late.calls == ["cpu-basic → t4-small"])
  #expect(
    try late.plan.why
      == "rule morning of 2026-11-03 08:00 (choice 2 of 2: a10g-small could not be had within 20m of 2026-11-03 08:00)"
  )
  let both = try scene("Tue 09:30").did(.hardware, "a10g-small", at: "Tue 08:20", .failed)
    .did(.hardware, "t4-small", at: "Tue 08:30", .failed).did(.hardware, "t4-small", at: "Tue 09:00", .failed)
  #expect(try both.calls == ["cpu-basic → a10g-small"])
}

/// A Space that is stuck on the first is not given up where the last could not be had for a while.
@Test func whatIsStuckOnTheFirstIsOfferedTheLast() throws {
  let scene = try Scene(office, shown("a10g-small", .appStarting), at: "Tue 09:00").preferring(list)
    .seen(("Tue 07:45", shown("cpu-basic"))).did(.hardware, "a10g-small", at: "Tue 08:00")
    .did(.hardware, "t4-small", at: "Tue 08:20", .failed).did(.hardware, "t4-small", at: "Tue 08:40", .failed)
    .applied([.hardware: "a10g-small"])
  #expect(try scene.calls == ["a10g-small → t4-small"])
}

/// Nothing sleeps before it has come up.
@Test func whatHasSleptSinceIsNotStuck() throws {
  let scene = try Scene(office, shown("a10g-small", .appStarting), at: "Tue 09:00").preferring(list)
    .seen(("Tue 07:45", shown("cpu-basic")), ("Tue 08:30", shown("a10g-small", .sleeping)))
    .did(.hardware, "a10g-small", at: "Tue 08:00").applied([.hardware: "a10g-small"])
  #expect(try scene.calls == [])
}

/// What has failed and is not ours to start costs nothing until somebody does, whether a policy is for it or not.
@Test(arguments: ["protect: true", "default: { hardware: a10g-small }"])
func whatHasFailedIsExpectedToCostNothing(rules: String) throws {
  let scene = try Scene(rules, shown("a10g-small", .runtimeError), at: "Tue 12:00")
    .seen(("Tue 10:00", shown("a10g-small")), ("Tue 11:00", shown("a10g-small", .runtimeError)))
  let schedule = try scene.planner.expectedSchedule(of: scene.situation, until: scene.now + 86_400)
  #expect(schedule?.desired(at: scene.now + 3600).state?.value == .paused)
  // Once somebody does, its rules hold.
  #expect(schedule?.policy.default.hardware == (rules.hasPrefix("default") ? .a10gSmall : nil))
}

/// Another program's nights are its own: what is not ours to start goes on as it did.
@Test func whatIsPausedEachNightIsExpectedToStartAgain() throws {
  let paused = shown("a10g-small", .paused)
  func expected(_ looks: (String, SpaceState)...) throws -> SpaceSchedule? {
    var scene = try Scene("protect: true", paused, at: "Wed 23:00")
    scene.situation.intervals = try looks.map { Interval(state: $0.1, looks: [try at($0.0)]) }
    return try scene.planner.expectedSchedule(of: scene.situation, until: scene.now + 86_400)
  }
  let up = shown("a10g-small")
  #expect(
    try expected(
      ("Mon 22:00", paused), ("Tue 06:00", up), ("Tue 22:00", paused), ("Wed 06:00", up),
      ("Wed 22:00", paused)
    ) == nil)
  // Also where it is built first.
  let built = shown("a10g-small", .building)
  #expect(
    try expected(
      ("Mon 22:00", paused), ("Tue 05:50", built), ("Tue 06:00", up), ("Tue 22:00", paused),
      ("Wed 05:50", built), ("Wed 06:00", up), ("Wed 22:00", paused)
    ) == nil)
  // What only builds, or is not to be seen for a while, has not started.
  for other in [shown("a10g-small", .building), SpaceState.gone] {
    let failed = try expected(
      ("Mon 22:00", paused), ("Tue 06:00", other), ("Tue 22:00", paused), ("Wed 06:00", other),
      ("Wed 22:00", paused))
    #expect(failed != nil)
  }
  #expect(
    try expected(("Tue 22:00", paused), ("Wed 06:00", up), ("Wed 22:00", paused))?.desired(
      at: at("Thu 06:00")
    )
    .state?.value == .paused)
}

/// A pause by hand ends with the first run after the next boundary that asks for a running Space.
@Test func aPauseByHandLastsUntilARuleEndsIt() throws {
  let rules = "rules: [{ cron: \"0 8 * * *\", set: { hardware: a10g-small, state: running } }]"
  let scene = try Scene(rules, shown("a10g-small", .paused), at: "Tue 12:00")
    .seen(("Tue 10:00", shown("a10g-small")), ("Tue 11:00", shown("a10g-small", .paused)))
  let schedule = try #require(
    try scene.planner.expectedSchedule(of: scene.situation, until: scene.now + 7 * 86_400))
  #expect(schedule.desired(at: try at("Tue 13:00")).state?.value == .paused)
  #expect(schedule.desired(at: try at("Wed 07:59")).state?.value == .paused)
  #expect(schedule.desired(at: try at("Wed 08:00")).state?.value == .running)
}

/// While an exception names another setting, and when it begins and ends, it goes on.
@Test func aPauseByHandDoesNotEndAtBoundariesOfOtherSettings() throws {
  let rules = """
    default: { hardware: t4-small, sleep: never, state: running }
    rules: [{ cron: "0 8 * * MON", set: {} }]
    exceptions: [{ name: e, from: "2026-11-04T08:00", until: "2026-11-04T18:00", set: { replicas: 1 } }]
    """
  let scene = try Scene(rules, shown("t4-small", .paused), at: "Tue 12:00")
    .seen(("Tue 10:00", shown("t4-small")), ("Tue 11:00", shown("t4-small", .paused)))
  let schedule = try #require(
    try scene.planner.expectedSchedule(of: scene.situation, until: scene.now + 7 * 86_400))
  let wednesday = try at("Wed 00:00")
  #expect(schedule.desired(at: wednesday + 12 * 3600).state?.value == .paused)
  #expect(schedule.desired(at: wednesday + 5 * 86_400 + 7 * 3600).state?.value == .paused)
  #expect(schedule.desired(at: wednesday + 5 * 86_400 + 8 * 3600).state?.value == .running)
}

/// One in place of a downgrade that was refused ends as soon as rules ask for other hardware.
@Test func aPauseInsteadLastsUntilOtherHardwareIsAskedFor() throws {
  let rules = """
    otherwise: pause
    rules: [
      { cron: "0 8 * * *", set: { hardware: a10g-small, sleep: never } },
      { cron: "0 19 * * *", set: { hardware: cpu-basic } }]
    """
  let scene = try Scene(rules, shown("a10g-small", .paused), at: "Tue 22:00")
    .seen(("Tue 18:50", shown("a10g-small")), ("Tue 19:10", shown("a10g-small", .paused)))
    .did(.hardware, "cpu-basic", at: "Tue 19:00", .refused, cause: .rules)
    .did(.pause, "PAUSED", at: "Tue 19:00:01", cause: .refusedDowngrade)
  let schedule = try #require(
    try scene.planner.expectedSchedule(of: scene.situation, until: scene.now + 7 * 86_400))
  #expect(schedule.desired(at: try at("Wed 07:59")).state?.value == .paused)
  #expect(schedule.desired(at: try at("Wed 08:00")).state?.value != .paused)
}

/// Trouble in between tells nothing of what the Hub grants: forecasts and budgets go by what it said before.
@Test func whatTheHubRefusesIsNotCountedOn() throws {
  let scene = try Scene("default: { hardware: a10g-small }", shown("t4-small"), at: "Tue 12:00")
    .did(.hardware, "a10g-small", at: "Tue 08:00", .refused, cause: .budget)
    .did(.hardware, "a10g-small", at: "Tue 08:05", .failed, cause: .budget)
  let schedule = try scene.planner.expectedSchedule(of: scene.situation, until: scene.now + 86_400)
  #expect(schedule?.desired(at: scene.now + 3600).hardware?.value == .t4Small)
  #expect(try scene.planner.refusesDowngrade(of: scene.situation))
}

/// A debt, a bad token: the same is asked for again, and nobody counts on getting it.
@Test func whatTheHubRefusesAnywayIsNotCountedOnEither() throws {
  var scene = try Scene("default: { hardware: a10g-small }", shown("t4-small"), at: "Tue 12:00")
    .did(.hardware, "a10g-small", at: "Tue 08:00", .refused, cause: .budget)
  scene.situation.actions[0].wasRefusedAnyway = true
  let schedule = try scene.planner.expectedSchedule(of: scene.situation, until: scene.now + 86_400)
  #expect(schedule?.desired(at: scene.now + 3600).hardware?.value == .t4Small)
  #expect(try scene.planner.refusesDowngrade(of: scene.situation))
  #expect(try scene.calls == ["t4-small → a10g-small"])
}

/// It stays on what it got until the next boundary, at which the first is asked for again.
@Test(arguments: [("Tue 12:00", [String]()), ("Wed 08:00", ["t4-small → a10g-small"])])
func theSecondChoiceStaysUntilTheBoundary(at: String, calls: [String]) throws {
  let scene = try Scene(office, shown("t4-small"), at: at).preferring(list)
    .did(.hardware, "a10g-small", at: "Tue 08:00", .refused)
    .did(.hardware, "t4-small", at: "Tue 08:00", .done).applied([.hardware: "t4-small"])
  #expect(try scene.calls == calls)
  if calls.isEmpty {
    #expect(
      try scene.plan.why
        == "rule morning of 2026-11-03 08:00 (choice 2 of 2: a10g-small was refused at 2026-11-03 08:00)")
  }
}

/// The third of three is asked for where the second, which replaces the first, is refused in its turn.
@Test func eachChoiceSaysWhyItIsAskedFor() throws {
  let three = HardwarePreference(.a10gSmall, others: [.t4Small, SpaceHardware(rawValue: "cpu-upgrade")])
  let scene = try Scene(office, shown("cpu-basic"), at: "Tue 08:05").preferring(three)
    .did(.hardware, "a10g-small", at: "Tue 08:00", .refused)
  let change = try #require(try scene.plan.changes.first)
  let refused = "a10g-small was refused at 2026-11-03 08:00"
  #expect(change.reason.hasSuffix("(choice 2 of 3: \(refused))"))
  #expect(
    change.alternatives.map(\.reason).map {
      $0.hasSuffix("(choice 3 of 3: \(refused), t4-small was refused)")
    } == [true])
}

@Test func whereAllAreRefusedEachIsAskedForAgain() throws {
  let scene = try Scene(office, shown("cpu-basic"), at: "Tue 08:15").preferring(list)
    .did(.hardware, "a10g-small", at: "Tue 08:00", .refused)
    .did(.hardware, "t4-small", at: "Tue 08:00", .refused)
  #expect(try scene.calls == ["cpu-basic → a10g-small"])
}

/// The last of the list is not asked for again where it does not come up: that would take it down again.
@Test func theLastChoiceIsWaitedFor() throws {
  let scene = try Scene(office, shown("t4-small", .appStarting), at: "Tue 09:00").preferring(list)
    .seen(("Tue 08:15", shown("a10g-small", .appStarting)), ("Tue 08:30", shown("t4-small", .appStarting)))
    .did(.hardware, "a10g-small", at: "Tue 08:00").did(.hardware, "t4-small", at: "Tue 08:20")
    .applied([.hardware: "t4-small"])
  #expect(try scene.calls == [])
}

// MARK: A Space's own variables

@Test(arguments: [
  (["SPACEPLAN_EXCLUDE": "true"], [], "its variable SPACEPLAN_EXCLUDE says so"),
  (["SPACEPLAN_EXCLUDE": "False"], ["cpu-basic → a10g-small"], nil),
  (["SPACEPLAN_EXCLUDE": ""], ["cpu-basic → a10g-small"], nil),
  (["SPACEPLAN_HOLD_UNTIL": "2026-11-03T12:30"], [], nil),
  (["SPACEPLAN_HOLD_UNTIL": "2026-11-03T11:30:00Z"], ["cpu-basic → a10g-small"], nil),
])
func whatItsVariablesAskFor(variables: [String: String], calls: [String], why: String?) throws {
  let scene = try Scene(office, shown("cpu-basic"), at: "Tue 12:00")
    .with { $0.orders = SpaceOrders(variables.mapValues { ($0, nil) }) { _ in .gmt } }
  let plan = try scene.plan
  #expect(plan.calls == calls)
  #expect(plan.notes == [])
  if let why { #expect(plan.why == why) }
}

@Test(arguments: [
  (
    ["SPACEPLAN_EXCLUDE": "maybe"],
    "its variable SPACEPLAN_EXCLUDE is ignored: 'maybe' is neither true nor false"
  ),
  (
    ["SPACEPLAN_HOLD_UNTIL": "tomorrow"],
    "its variable SPACEPLAN_HOLD_UNTIL is ignored: 'tomorrow' is not a date or an instant, such as "
      + "2026-11-02 or 2026-11-02T10:00:00Z"
  ),
  (
    ["SPACEPLAN_HOLD_UNTL": "2026-12-31"],
    "its variable SPACEPLAN_HOLD_UNTL is ignored; did you mean SPACEPLAN_HOLD_UNTIL?"
  ),
  (
    ["spaceplan_exclude": "true"],
    "its variable spaceplan_exclude is ignored; did you mean SPACEPLAN_EXCLUDE?"
  ),
])
func badVariablesAreToldAndIgnored(variables: [String: String], note: String) throws {
  let plan = try Scene(office, shown("cpu-basic"), at: "Tue 12:00")
    .with { $0.orders = SpaceOrders(variables.mapValues { ($0, nil) }) { _ in .gmt } }.plan
  #expect(plan.calls == ["cpu-basic → a10g-small"])
  #expect(plan.notes == [note])
}

/// They are for a spaceplan that runs in the Space, or for its own program.
@Test func variablesThatAreForOthersAreNotTold() throws {
  let orders = SpaceOrders(
    ["SPACEPLAN_PRICING": ("x", nil), "SPACEPLAN_ZONE": ("UTC", nil), "EXCLUDE": ("true", nil)]) { _ in .gmt }
  #expect(orders.problems == [])
}

@Test func unreadableVariablesMightSayThatItIsToBeLeftAlone() throws {
  let plan = try Scene(office, shown("cpu-basic"), at: "Tue 12:00")
    .with {
      $0.orders = SpaceOrders()
      $0.orders?.unreadable = "403 not allowed"
    }.plan
  #expect(plan.verdict == .leftAlone)
  #expect(
    plan.why == "its variables can't be read, and might say that it is to be left alone: 403 not allowed")
}

// MARK: Acting early

@Test func aStartIsBoundedByLooksFromBothSides() throws {
  let scene = try Scene(office, shown("a10g-small"), at: "Thu 12:00").seen(
    ("Tue 07:45", shown("cpu-basic")), ("Tue 08:00:30", shown("a10g-small", .appStarting)),
    ("Tue 08:15", shown("a10g-small")), ("Tue 19:00", shown("cpu-basic")),
    ("Wed 08:00:40", shown("a10g-small", .appStarting)), ("Wed 08:03", shown("a10g-small")),
    ("Wed 19:00", shown("cpu-basic"))
  )
  .did(.hardware, "a10g-small", at: "Tue 08:00").did(.hardware, "cpu-basic", at: "Tue 18:59")
  .did(.hardware, "a10g-small", at: "Wed 08:00").did(.hardware, "cpu-basic", at: "Wed 18:59")
  let times = StartupTimes(
    StartupsSeen(scene.situation.intervals, scene.situation.actions), runsEvery: 60)
  #expect(times.seconds[.a10gSmall] == 180)
  // What slept in between was up for some time, and a look of the same second came before.
  let slept = try Scene(office, shown("t4-small"), at: "Thu 12:00").seen(
    ("Tue 08:00", shown("t4-small")), ("Tue 08:00:30", shown("t4-small", .appStarting)),
    ("Tue 08:15", shown("t4-small", .sleeping)), ("Tue 20:00", shown("t4-small"))
  ).did(.hardware, "t4-small", at: "Tue 08:00")
  #expect(
    StartupsSeen(slept.situation.intervals, slept.situation.actions).seconds(assuming: 60) == [.t4Small: 60])
  let slower = try scene.did(.hardware, "t4-small", at: "Thu 11:00")
  #expect(
    StartupTimes(StartupsSeen(slower.situation.intervals, slower.situation.actions), runsEvery: 0).seconds[
      .t4Small] == nil)
}

@Test(arguments: [
  (Lead.fixed(600), "Tue 07:49:59", [String]()),
  (.fixed(600), "Tue 07:50", ["cpu-basic → a10g-small"]),
  (.measured, "Tue 07:54", []),
  (.measured, "Tue 07:55", ["cpu-basic → a10g-small"]),
])
func aRuleThatActsEarly(lead: Lead, at: String, calls: [String]) throws {
  let scene = try Scene(office, shown("cpu-basic"), at: at).with { situation in
    guard case .policy(var policy, let match) = situation.assignment else { return }
    policy.rules[0].lead = lead
    situation.assignment = .policy(policy, match: match)
  }
  #expect(try scene.calls == calls)
  if !calls.isEmpty {
    #expect(try scene.plan.why == "rule morning of 2026-11-03 08:00, early so that it is up by then")
  }
  let known = scene.with { $0.startup = StartupTimes(seconds: [.a10gSmall: 60], runsEvery: 900) }
  if case .measured = lead { #expect(try known.calls == ["cpu-basic → a10g-small"]) }
}

/// What somebody has got by hand that is wanted more is not taken away, whatever became of asking for it before.
@Test(arguments: [SpaceStage.running, .sleeping]) func whatIsWantedMoreIsKept(stage: SpaceStage) throws {
  let scene = try Scene(office + "\ndrift: enforce", shown("a10g-small", stage), at: "Tue 08:50").preferring(
    list
  )
  .did(.hardware, "a10g-small", at: "Tue 08:00", .refused).did(.hardware, "t4-small", at: "Tue 08:00")
  .applied([.hardware: "t4-small"]).seen(("Tue 08:05", shown("t4-small")))
  #expect(try scene.calls == [])
}

/// What an idle rule moved it to is no choice that was asked for.
@Test func anIdleRulesHardwareIsNoChoice() throws {
  let scene = try Scene(
    office + "\ndrift: enforce\nidle: { after: 1h, set: { hardware: t4-small } }", shown("a10g-small"),
    at: "Tue 11:05"
  ).preferring(list).did(.hardware, "a10g-small", at: "Tue 08:00")
    .did(.hardware, "t4-small", at: "Tue 10:00", cause: .idle).applied([.hardware: "t4-small"])
    .seen(("Tue 08:15", shown("a10g-small")), ("Tue 10:05", shown("t4-small")))
  #expect(try scene.calls == [])
}

/// What a hold made holds no longer once somebody has changed it, also where it is the same again.
@Test func whatSomebodyChangedSinceAHoldDoesNotGoBack() throws {
  let (big, small, basic) = (shown("a100-large"), shown("t4-small"), shown("cpu-basic"))
  let scene = try Scene("default: { sleep: never }", basic, at: "Wed 12:00")
    .did(.hardware, from: "a100-large", to: "cpu-basic", at: "Tue 09:00", cause: .hold)
    .applied([.hardware: "cpu-basic"]).with { $0.mayGoBack = true }
  #expect(
    try scene.seen(("Tue 08:55", big), ("Tue 09:05", basic)).calls.first?.hasPrefix("cpu-basic → a100-large")
      == true)
  let changed = try scene.seen(
    ("Tue 08:55", big), ("Tue 09:05", basic), ("Tue 10:00", small), ("Tue 14:00", small), ("Wed 11:00", basic)
  )
  #expect(try changed.calls == [])
}
