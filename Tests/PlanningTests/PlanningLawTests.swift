import Planning
import Pricing
import Schedules
import Spaces
import TestSupport
import Testing
import Timelines

/// Each seed stands for this many scenes: a table is read once for all of them.
private let scenes = 30

private func forEachScene(_ seed: UInt64, _ check: (Scene, Planner, SpacePlan) throws -> Void) throws {
  var random = SplitMix64(seed: seed)
  let prices = try testPrices()
  for _ in 0..<scenes {
    let scene = try Scene.random(using: &random)
    let planner = Planner(prices: prices, now: scene.now)
    try check(scene, planner, planner.plan(scene.situation))
  }
}

/// What a plan has done, it does not do again: a second run at the same instant has nothing to do.
@Test(arguments: 0..<40 as Range<UInt64>) func planningIsIdempotent(seed: UInt64) throws {
  try forEachScene(seed) { scene, planner, plan in
    let after = scene.acted(on: plan)
    let again = planner.plan(after.situation)
    #expect(again.calls == [], "after \(plan.calls) of \(scene.situation)")
  }
}

/// A hardware change restarts a Space: it is sent once at most, and never for what is requested already.
@Test(arguments: 40..<60 as Range<UInt64>) func noCallIsNeedless(seed: UInt64) throws {
  try forEachScene(seed) { scene, planner, plan in
    let live = scene.situation.live
    var kinds: [String] = []
    for change in plan.changes {
      switch change.call {
      case .hardware(let from, let to, let sleep):
        kinds.append("hardware")
        #expect(from == live.requestedHardware ?? live.hardware && from != to)
        #expect(to != .cpuBasic || sleep == nil)
      case .sleep(let from, let to):
        kinds.append("sleep")
        #expect(from == live.sleep && from != to)
        #expect(live.requestedHardware != .cpuBasic)
      case .replicas(let from, let to):
        kinds.append("replicas")
        #expect(from != to)
      case .pause:
        kinds.append("state")
        #expect(live.stage != .paused)
      case .restart:
        kinds.append("state")
        #expect(live.stage == .paused)
        #expect(change == plan.changes.last)
      }
      #expect(!change.reason.isEmpty)
    }
    #expect(Set(kinds).count == kinds.count, "\(plan.calls)")
  }
}

/// What may not be touched is not, and the verdict is what the calls say.
@Test(arguments: 60..<80 as Range<UInt64>) func theVerdictTellsOfTheCalls(seed: UInt64) throws {
  try forEachScene(seed) { scene, planner, plan in
    #expect((plan.verdict == .change) == !plan.changes.isEmpty)
    #expect(!plan.why.isEmpty)
    guard case .policy(let policy, let match) = scene.situation.assignment else { return }
    let live = scene.situation.live
    let isOutOfReach =
      policy.isProtected || live.stage == .gone || live.stage == .deleting
      || (!match.isExact && live.requestedHardware == .zeroA10G)
    if isOutOfReach { #expect(plan.verdict == .leftAlone) }
    // A simulation, which knows no more than what a Space runs on, leaves it alone for the same reason.
    let reason = scene.situation.assignment.reasonToLeaveAlone(on: scene.situation.hardware)
    if let reason, live.stage != .gone, live.stage != .deleting { #expect(plan.why == reason) }
    if !isOutOfReach { #expect(reason == nil) }
    #expect((scene.situation.assignment.schedule(on: scene.situation.hardware) == nil) == (reason != nil))
    var page = scene.situation
    page.isStatic = true
    #expect(planner.plan(page).verdict == .leftAlone)
    if live.stage.isBuilding {
      #expect(plan.changes.first?.direction != .up)
      #expect(plan.changes.allSatisfy { $0.direction != .up } || plan.calls.first == "pause")
    }
    #expect(plan.changes.allSatisfy { $0.cause != .idle || $0.direction != .up })
    if live.stage.needsMending {
      #expect(
        plan.changes.allSatisfy { change in
          if case .hardware(_, let to, _) = change.call { return to == .cpuBasic || to == .zeroA10G }
          return false
        })
    }
  }
}

/// Where a budget refuses upgrades, only a hold makes anything dearer or lets it sleep later; what was given up is moved to `cpu-basic` or
/// left, but by a hold.
@Test(arguments: 160..<200 as Range<UInt64>) func budgetsWinOverAllButHolds(seed: UInt64) throws {
  try forEachScene(seed) { scene, planner, plan in
    let situation = scene.situation
    if situation.upgradeRefusal != nil {
      #expect(plan.changes.allSatisfy { $0.direction != .up || $0.cause == .hold }, "\(plan.calls)")
      for change in plan.changes where situation.hardware != .cpuBasic {
        if case .hardware(_, _, let sleep?) = change.call, ![change.cause, change.sleepCause].contains(.hold)
        {
          #expect(sleep.length <= situation.live.sleep.length, "\(plan.calls)")
        }
      }
    }
    guard situation.givenUp.contains(where: { $0.range.contains(scene.now) }) else { return }
    for change in plan.changes where change.cause != .hold {
      if case .hardware(_, let to, _) = change.call { #expect(to == .cpuBasic, "\(situation)") }
    }
  }
}

/// Where the planner does not ask for the past or for logs, they would have changed nothing.
@Test(arguments: 80..<120 as Range<UInt64>) func whatIsNotAskedForChangesNothing(seed: UInt64) throws {
  try forEachScene(seed) { scene, planner, plan in
    var known = scene.situation
    (known.intervals, known.actions, known.missingUntil, known.activity) = ([], [], nil, nil)
    if let quick = planner.planWithoutPast(known) {
      #expect(quick.calls == plan.calls, "\(scene.situation)")
      #expect(quick.verdict == plan.verdict, "\(scene.situation)")
    }
    known = scene.situation
    if !planner.needsActivity(known) {
      known.activity = nil
      #expect(planner.plan(known).calls == plan.calls)
    }
  }
}

/// The rates are those of the state that the calls lead to.
@Test(arguments: 120..<140 as Range<UInt64>) func theRateIsThatOfTheStateToCome(seed: UInt64) throws {
  let prices = try testPrices()
  try forEachScene(seed) { scene, planner, plan in
    let live = scene.situation.live
    #expect(plan.rate == prices.rate(of: live, at: scene.now))
    // The model lets builds and failures go on.
    if live.stage.isBuilding || live.stage.needsMending { return }
    let after = scene.acted(on: plan).situation.live
    #expect(plan.rateAfter == prices.rate(of: after, at: scene.now), "\(plan.calls) of \(scene.situation)")
    for (first, second) in zip(plan.changes, plan.changes.dropFirst()) {
      #expect(first.rateAfter == second.rateBefore)
    }
  }
}

/// Nothing is lost or made up, the limit holds, and downgrades come in order of what they save.
@Test(arguments: 140..<160 as Range<UInt64>) func theAgendaHoldsAllCalls(seed: UInt64) throws {
  var plans: [SpacePlan] = []
  try forEachScene(seed) { scene, planner, _ in
    var situation = scene.situation
    situation.space = try SpaceID("acme/s\(plans.count)")
    plans.append(planner.plan(situation))
  }
  let all = plans.flatMap(\.changes).count
  for limit in [nil, 0, 1, 7, 1000] {
    let agenda = Agenda(plans, maxChanges: limit)
    let admitted = (agenda.downgrades + agenda.others).map(\.changes.count).reduce(0, +)
    #expect(admitted == min(all, limit ?? .max))
    #expect(admitted + agenda.waiting.count == all)
    let savings = agenda.downgrades.map { item in
      item.changes.first { $0.direction != .level }?.saving ?? .zero
    }
    if limit == nil { #expect(savings == savings.sorted(by: >)) }
    #expect(agenda.others.map(\.space) == agenda.others.map(\.space).sorted())
    if !agenda.others.isEmpty, limit == nil {
      #expect(agenda.others.allSatisfy { $0.changes.first { $0.direction != .level }?.direction != .down })
    }
  }
}
