import History
import Money
import Pricing
import Reports
import Schedules
import Spaces
import Timelines

extension History {
  /// The costs of all Spaces in a period, from what is recorded.
  ///
  /// - Parameter rules: what they say now of policies, labels and grants.
  func costs(
    in period: ReportPeriod, prices: PriceTable, rules: Schedules,
    watchedGap: Int64 = SpaceUsage.usualWatchedGap, keepsCourse: Bool = false
  ) async throws -> CostReport {
    let spaces = try await onAllCores(spaces()) { space in
      try recorded(space, rules: rules)
    } _: { space in
      space.costs(in: period, prices: prices, watchedGap: watchedGap, keepsCourse: keepsCourse)
    }
    var report = CostReport(period: period, spaces: spaces, prices: prices, watchedGap: watchedGap)
    guard period.month != nil else { return report }
    report.budget = rules.budgetOfAll
    let known = report.spaces.map { (space: $0.space, policy: $0.tags.policy) }
    report.budgets = rules.budgets.map { budget in
      BudgetSpending(
        name: budget.scope.name, monthly: budget.monthly,
        spent: report.spaces.filter { budget.covers($0.space, policy: $0.tags.policy) }
          .reduce(.zero) { $0 + $1.total }, note: budget.emptiness(among: known)?.sentence)
    }
    return report
  }

  /// - Parameter rules: what they say now of it.
  func recorded(_ space: KnownSpace, rules: Schedules) throws -> RecordedSpace {
    RecordedSpace(
      name: space.name, intervals: try intervals(of: space.name),
      actions: try actions(on: space.name).map(\.action),
      tags: rules.tags(of: space.names))
  }
}

/// All that is recorded of a Space, to be charged by one rule or another.
struct RecordedSpace: Sendable {
  let name: SpaceID
  var intervals: [Interval]
  let actions: [SpaceAction]
  let tags: SpaceTags

  func costs(
    in period: ReportPeriod, prices: PriceTable, watchedGap: Int64, keepsCourse: Bool = false
  ) -> SpaceCosts {
    SpaceCosts(
      name, intervals: intervals, actions: actions, period: period, prices: prices, tags: tags,
      watchedGap: watchedGap, keepsCourse: keepsCourse)
  }

  /// As if somebody had looked at another rhythm; seconds between two looks.
  func looked(every seconds: Int64, until now: Instant) -> RecordedSpace {
    var other = self
    other.intervals = intervals.looks(every: seconds, until: now)
    return other
  }
}

extension Schedules {
  /// What reports say of a Space.
  ///
  /// - Parameter names: the present one first, then former ones.
  fileprivate func tags(of names: [SpaceID]) -> SpaceTags {
    guard case .policy(let policy, let match) = assignment(of: names) else { return SpaceTags() }
    return SpaceTags(
      policy: policy.name, labels: policy.labels.labels(of: match.pattern),
      split: policy.labels.split, isGranted: policy.isGranted)
  }

  /// What all Spaces may cost a month, or all policies together; nil where one of them has no limit.
  fileprivate var budgetOfAll: Money? {
    if let ofAll = sharedBudgets.first(where: { $0.scope == .all }) { return ofAll.monthly }
    let budgets = policies.compactMap(\.budget?.monthly)
    return budgets.isEmpty || budgets.count < policies.count ? nil : budgets.reduce(.zero, +)
  }

  /// Every key of a label.
  var labelKeys: Set<String> {
    Set(policies.flatMap { $0.labels.ofPolicy.keys + $0.labels.ofSpaces.values.flatMap(\.keys) })
  }
}
