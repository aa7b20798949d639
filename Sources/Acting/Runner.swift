public import History
public import Hub
public import Planning
public import Pricing
public import Schedules
public import Spaces
public import Timelines

/// One run: observe, plan, guard, apply. The caller holds the lock, and tells.
public struct Runner: Sendable {
  let hub: HubClient
  let history: History
  let schedules: Schedules
  let prices: PriceTable
  let clock: @Sendable () -> Instant
  let sleep: @Sendable (Duration) async throws -> Void
  /// Sends messages; nil where nobody is told.
  let outbox: Outbox?

  public init(
    hub: HubClient, history: History, schedules: Schedules, prices: PriceTable,
    clock: @escaping @Sendable () -> Instant,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    outbox: Outbox? = nil
  ) {
    self.hub = hub
    self.history = history
    self.schedules = schedules
    self.prices = prices
    self.clock = clock
    self.sleep = sleep
    self.outbox = outbox
  }

  /// How far a run goes.
  public enum Mode: Sendable {
    /// Does what is planned.
    case act
    /// Stops before anything but reads is sent; looks are recorded.
    case dryRun
    /// The same, and nothing is recorded.
    case trial
  }

  public struct Options: Sendable {
    public var mode: Mode
    /// Only these Spaces are planned for; nil for all.
    public var only: Set<SpaceID>?
    public var maxChanges: Int?

    public init(_ mode: Mode = .act, only: Set<SpaceID>? = nil, maxChanges: Int? = nil) {
      self.mode = mode
      self.only = only
      self.maxChanges = maxChanges
    }
  }

  /// Looks at all that the rules and the history name.
  public func look(records: Bool) async throws -> Fleet {
    try await Observer(hub: hub, history: history, clock: clock)
      .observe(owners: schedules.owners, names: schedules.exactNames, records: records)
  }

  /// A run by a look that was just taken.
  ///
  /// - Throws: ``HistoryError`` before anything was sent; what breaks later is part of the result, as is what the Hub
  ///   refuses.
  public func run(_ options: Options, on fleet: Fleet) async throws -> RunResult {
    var fleet = fleet
    let now = clock()
    var result = RunResult(at: now, isDryRun: options.mode != .act, fleet: fleet)
    guard fleet.blindness == nil else { return result }
    if options.only == nil { result.notes += fleet.unmatchedNotes(by: schedules) }
    if !result.isDryRun { result.news += try await settleOpenActions(by: &fleet) }
    let survey = try await survey(of: fleet, only: options.only, now: now)
    result.plans = survey.plans
    result.budgets = survey.budgets
    let agenda = Agenda(result.plans, maxChanges: options.maxChanges)
    result.waiting = agenda.waiting
    guard !result.isDryRun else { return result }
    let run = try history.beginRun(at: now)
    result.run = run
    // Before anything is sent: what is given up stays so, and what is to be told is not forgotten.
    try endSteps(at: now)
    if options.only == nil {
      result.news += try remember(lastMonthsBudgets(at: now), at: now)
      result.news += try remember(result.budgets, at: now)
    }
    try history.remember(
      result.plans.flatMap { plan in
        plan.newlyFound.map { AppliedSetting(space: plan.space, setting: $0.rawValue, value: $1, at: now) }
      })
    let executor = Executor(hub: hub, history: history, run: run, clock: clock, sleep: sleep)
    (result.outcomes, result.broken) = await executor.execute(agenda, live: fleet.seen.mapValues(\.runtime))
    do {
      // Prices can wait; changes that save money can't.
      result.notes += try await lookAtPrices(fleet, now: now)
      if let outbox { result.notes += try await outbox.deliver() }
      // A run for some Spaces passes over no boundary of the others.
      if result.broken == nil, options.only == nil { try history.endRun(run, at: clock()) }
    } catch let error as HistoryError {
      // What was done is told all the same.
      result.broken = result.broken ?? error
    }
    return result
  }

  /// What is known of Spaces, and how budgets fare.
  public struct Survey: Sendable {
    /// Of all Spaces that were seen, and of gone ones that policies are for, by name.
    public let situations: [Situation]
    /// One for each of them.
    public let plans: [SpacePlan]
    public let budgets: [BudgetVerdict]
  }

  /// What is known of these Spaces, as far as their plans depend on it.
  ///
  /// - Parameter recallsAll: also what their plans do not depend on.
  public func survey(
    of fleet: Fleet, only: Set<SpaceID>? = nil, recallsAll: Bool = false, now: Instant
  ) async throws -> Survey {
    let planner = Planner(prices: prices, now: now)
    var situations = try situations(of: fleet)
    func isMeant(_ situation: Situation) -> Bool { only?.contains(situation.space) ?? true }
    try await readOrders(for: &situations, of: fleet, where: isMeant)
    // A look for some Spaces does not tell what all of a budget's will cost; what was given up before holds.
    let budgets =
      try only == nil
      ? BudgetJudge(history: history, schedules: schedules, prices: prices, now: now)
        .judge(&situations, formerNames: fleet.renamed) : []
    situations.removeAll { !isMeant($0) }
    var plans = situations.map { $0.actsEarly || recallsAll ? nil : planner.planWithoutPast($0) }
    for index in situations.indices where plans[index] == nil {
      try recallPast(of: &situations[index], fleet)
      if situations[index].actsEarly {
        situations[index].startup = try history.startupTimes(
          situations[index].intervals, situations[index].actions, at: now)
      }
    }
    let asked = situations.indices.filter { plans[$0] == nil && planner.needsActivity(situations[$0]) }
    let activities = await inOrder(asked.map { situations[$0] }) { situation in
      await hub.activity(
        of: situation.space, replicas: situation.live.replicas, after: now - situation.idleAfter)
    }
    for (index, activity) in zip(asked, activities) { situations[index].activity = activity }
    for index in situations.indices where plans[index] == nil {
      plans[index] = planner.plan(situations[index])
    }
    return Survey(situations: situations, plans: plans.compactMap(\.self), budgets: budgets)
  }

  /// What is known of each Space without its past, by name.
  public func situations(of fleet: Fleet) throws -> [Situation] {
    let applied = try appliedSettings()
    let holds = try HoldsKnown(history)
    let steps = try StepsInForce(history, schedules, at: clock())
    let lastRun = try history.lastRun()
    let known = Dictionary(uniqueKeysWithValues: try history.spaces().map { ($0.name, $0) })
    return Set(fleet.seen.keys).union(known.keys).sorted().compactMap { space in
      // A look that is not recorded may have found a new name that the history does not have yet.
      let recorded = known[space] ?? fleet.renamed[space].flatMap { known[$0] }
      let assignment = schedules.assignment(of: fleet.names(of: space))
      var situation: Situation
      if let seen = fleet.seen[space]?.runtime {
        situation = Situation(
          space: space, live: SpaceState(seen), requestedReplicas: seen.requestedReplicas,
          isStatic: seen.isStatic, assignment: assignment)
        situation.isInDevMode = seen.devMode
        situation.tellsSleepTime = seen.tellsSleepTime
      } else if let state = recorded?.state, state.stage == .gone {
        guard case .policy = assignment else { return nil }
        situation = Situation(space: space, live: state, assignment: assignment)
      } else {
        return nil  // Not seen in this look: nothing can be said of it now.
      }
      let ours = applied[recorded?.name ?? space] ?? [:]
      situation.applied = ours.mapValues(\.value)
      situation.appliedAt = ours.mapValues(\.at)
      situation.lastRun = lastRun
      holds.tell(&situation, recordedAs: recorded?.name ?? space)
      steps.tell(&situation, recordedAs: recorded?.name ?? space)
      return situation
    }
  }

  private func appliedSettings() throws -> [SpaceID: [Setting: AppliedSetting]] {
    try history.appliedSettings().reduce(into: [:]) { all, applied in
      if let setting = Setting(rawValue: applied.setting) {
        all[applied.space, default: [:]][setting] = applied
      }
    }
  }

  func recallPast(of situation: inout Situation, _ fleet: Fleet) throws {
    let name = fleet.renamed[situation.space] ?? situation.space
    let actions = try history.actions(on: name).map(\.action)
    let restart = actions.lastRestart ?? .distantPast
    // A plan asks for no other looks, of which there may be tens of thousands.
    let intervals = try history.stretches(of: name).map { stretch in
      var looks = stretch.first == stretch.last ? [stretch.first] : [stretch.first, stretch.last]
      if stretch.first <= restart, restart < stretch.last {
        looks = try history.looks(of: name, in: stretch)
      }
      return Interval(state: stretch.state, looks: looks)
    }
    try history.recall(
      &situation, recordedAs: name, intervals, actions, seenAt: fleet.seen[situation.space]?.at)
  }
}

extension Situation {
  fileprivate var actsEarly: Bool { assignment.policy?.actsEarly ?? false }

  /// Seconds of no use after which its policy calls it idle.
  fileprivate var idleAfter: Int64 { assignment.policy?.idle?.after ?? 0 }
}
