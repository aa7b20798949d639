public import History
public import Hub
public import Money
public import Planning
public import Spaces
public import Timelines

/// What a run saw, meant to do, and did.
public struct RunResult: Sendable {
  public let at: Instant
  public let isDryRun: Bool
  /// Its number in the journal; nil for a dry run.
  public internal(set) var run: Int64?
  /// How many Spaces were seen.
  public let seen: Int
  /// Of all Spaces, or of those that were named, by name.
  public internal(set) var plans: [SpacePlan] = []
  /// How every budget fares, and what is given up for it.
  public internal(set) var budgets: [BudgetVerdict] = []
  /// What became of the calls that were sent.
  public internal(set) var outcomes: [Outcome] = []
  /// Calls left for the next run by `--max-changes`.
  public internal(set) var waiting: [(space: SpaceID, change: Change)] = []
  /// What happened since the run before, and is told once.
  public internal(set) var news: [String]
  public internal(set) var notes: [String]
  /// Spaces whose look was not recorded, as the last one recorded is no earlier.
  public let late: [SpaceID]
  /// Owners and Spaces that could not be looked at.
  public let failures: [HubError]
  /// Why nothing at all could be seen, and so nothing was done.
  public let blindness: HubError?
  /// What broke the database after something was sent; no more was sent then.
  public internal(set) var broken: HistoryError?

  init(at: Instant, isDryRun: Bool, fleet: Fleet) {
    self.at = at
    self.isDryRun = isDryRun
    seen = fleet.seen.count
    news = fleet.news
    notes = fleet.notes
    late = fleet.late
    failures = fleet.failures
    blindness = fleet.blindness
  }

  /// Of what needed no look, as there is nothing to do.
  public init(ofNothingAt at: Instant, isDryRun: Bool) {
    self.init(at: at, isDryRun: isDryRun, fleet: Fleet())
  }

  /// Calls that came to nothing or nobody knows to what, without those whose end was reached another way.
  public var failed: [Outcome] {
    outcomes.filter { $0.outcome != .done && !$0.isSuperseded && !wasPausedInstead($0) }
  }

  /// A downgrade was refused, and the pause that the policy names for that was done.
  private func wasPausedInstead(_ outcome: Outcome) -> Bool {
    outcome.isRefusedDowngrade
      && outcomes.contains {
        $0.space == outcome.space && $0.change.cause == .refusedDowngrade && $0.outcome == .done
      }
  }

  /// A Space's changes but for those that wait for the next run, which are its last.
  public func admitted(_ plan: SpacePlan) -> [Change] {
    plan.changes.dropLast(waiting.count { $0.space == plan.space })
  }

  /// What a Space costs an hour after what was done, or would be; nil where a price, or what was done, is not known.
  public func rateAfter(of plan: SpacePlan) -> Money? {
    isUnclear(plan) ? nil : lastChange(of: plan).map(\.rateAfter) ?? plan.rate
  }

  /// Nobody knows what became of a call to it.
  private func isUnclear(_ plan: SpacePlan) -> Bool {
    outcomes.contains { $0.space == plan.space && $0.outcome == .unknown }
  }

  /// What that adds to this UTC month, as of ``SpacePlan/monthEffect``.
  public func monthEffect(of plan: SpacePlan) -> Money? {
    isUnclear(plan) ? nil : lastChange(of: plan).map { plan.monthEffect(at: $0.rateAfter) } ?? .zero
  }

  /// The last that was done to a Space, or would be; nil for nothing.
  private func lastChange(of plan: SpacePlan) -> Change? {
    isDryRun
      ? admitted(plan).last : outcomes.last { $0.space == plan.space && $0.outcome == .done }?.change
  }

  /// What was done in all, and what it costs.
  public var totals: RunTotals { RunTotals(self) }

  /// Whether the token may do nothing of what was asked.
  public var isNotAllowed: Bool {
    let kinds = outcomes.compactMap(\.error)
    return !kinds.isEmpty && outcomes.allSatisfy { $0.outcome != .done } && kinds.allSatisfy(\.isOfRights)
  }
}

/// The sums of a run.
public struct RunTotals: Sendable {
  /// Changes that this run would send.
  public let pending: Int
  /// Every call counts, also one that was refused and whose end was reached another way.
  public let sent: Int
  public let done: Int
  /// As ``RunResult/failed`` has them.
  public let failed: Int
  /// What all Spaces cost an hour before the run.
  public let rate: Money
  /// And after what was done; for a dry run, after what would be.
  public let rateAfter: Money
  /// How many Spaces cost what is not known, which is in neither: before the run, and after it.
  public let unknown: Int
  public let unknownAfter: Int

  init(_ result: RunResult) {
    pending = result.plans.flatMap(result.admitted).count
    sent = result.outcomes.count { $0.outcome != .notSent }
    done = result.outcomes.count { $0.outcome == .done }
    failed = result.failed.count
    let rates = result.plans.map(\.rate)
    let ratesAfter = result.plans.map(result.rateAfter)
    (rate, unknown) = (rates.compactMap(\.self).reduce(.zero, +), rates.count { $0 == nil })
    (rateAfter, unknownAfter) = (
      ratesAfter.compactMap(\.self).reduce(.zero, +), ratesAfter.count { $0 == nil }
    )
  }
}
