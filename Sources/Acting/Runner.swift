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

  public init(
    hub: HubClient, history: History, schedules: Schedules, prices: PriceTable,
    clock: @escaping @Sendable () -> Instant, sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.hub = hub
    self.history = history
    self.schedules = schedules
    self.prices = prices
    self.clock = clock
    self.sleep = sleep
  }

  public struct Options: Sendable {
    /// Stops before anything but reads is sent.
    public var isDryRun: Bool
    /// Whether looks are recorded.
    public var records: Bool
    /// Only these Spaces are planned for; nil for all.
    public var only: Set<SpaceID>?
    public var maxChanges: Int?

    public init(
      isDryRun: Bool = false, records: Bool = true, only: Set<SpaceID>? = nil, maxChanges: Int? = nil
    ) {
      self.isDryRun = isDryRun
      self.records = records
      self.only = only
      self.maxChanges = maxChanges
    }
  }

  /// - Throws: ``HistoryError``; the Hub's refusals are part of the result.
  public func run(_ options: Options) async throws -> RunResult {
    let fleet = try await Observer(hub: hub, history: history, clock: clock)
      .observe(owners: schedules.owners, names: schedules.exactNames, records: options.records)
    let now = clock()
    var result = RunResult(at: now, isDryRun: options.isDryRun, failures: fleet.failures)
    result.notes = fleet.notes
    if !options.isDryRun { result.notes += try history.settleOpenActions(by: fleet) }
    result.plans = try await plans(for: fleet, now: now).filter { options.only?.contains($0.space) ?? true }
    let agenda = Agenda(result.plans, maxChanges: options.maxChanges)
    result.waiting = agenda.waiting
    guard !options.isDryRun else { return result }
    let run = try history.beginRun(at: now)
    try history.remember(
      result.plans.flatMap { plan in
        plan.found.map { AppliedSetting(space: plan.space, setting: $0.rawValue, value: $1, at: now) }
      })
    let executor = Executor(
      hub: hub, history: history, run: run, clock: clock, sleep: sleep, records: options.records)
    result.outcomes = try await executor.execute(agenda, live: fleet.seen.mapValues(\.runtime))
    try history.endRun(run, at: clock())
    return result
  }

  /// The plans of all Spaces that were seen, and of those that policies name, by name.
  public func plans(for fleet: Fleet, now: Instant) async throws -> [SpacePlan] {
    let planner = Planner(prices: prices, now: now)
    var situations = try situations(of: fleet)
    for index in situations.indices where planner.needsPast(situations[index]) {
      try situations[index].recall(from: history)
    }
    let asked = situations.indices.filter { planner.needsActivity(situations[$0]) }
    let activities = await inOrder(asked.map { situations[$0].space }) { await hub.activity(of: $0) }
    for (index, activity) in zip(asked, activities) { situations[index].activity = activity }
    return situations.map(planner.plan)
  }

  private func situations(of fleet: Fleet) throws -> [Situation] {
    let applied = try history.appliedSettings().reduce(into: [SpaceID: [Setting: String]]()) { all, applied in
      if let setting = Setting(rawValue: applied.setting) {
        all[applied.space, default: [:]][setting] = applied.value
      }
    }
    let lastRun = try history.lastRun()
    let known = Dictionary(uniqueKeysWithValues: try history.spaces().map { ($0.name, $0) })
    return Set(fleet.seen.keys).union(known.keys).sorted().compactMap { space in
      let names = [space] + (known[space]?.formerNames ?? [])
      let assignment = schedules.assignment(of: names)
      var situation: Situation
      if let seen = fleet.seen[space]?.runtime {
        situation = Situation(
          space: space, live: SpaceState(seen), requestedReplicas: seen.requestedReplicas,
          isStatic: seen.isStatic, assignment: assignment)
      } else if let state = known[space]?.state, state.stage == .gone {
        guard case .policy = assignment else { return nil }
        situation = Situation(space: space, live: state, assignment: assignment)
      } else {
        return nil  // Not seen in this look: nothing can be said of it now.
      }
      situation.applied = applied[space] ?? [:]
      situation.lastRun = lastRun
      return situation
    }
  }
}

extension Situation {
  /// Adds what the history knows of the Space.
  fileprivate mutating func recall(from history: History) throws {
    intervals = try history.intervals(of: space)
    actions = try history.actions(on: space).map(\.action)
    if let first = intervals.first?.looks.first {
      missingUntil = try history.lastLook(atOwner: space.owner, before: first)
    }
  }
}
