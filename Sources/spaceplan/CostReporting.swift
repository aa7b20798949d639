import History
import Pricing
import Reports
import Schedules
import Spaces
import Timelines

extension History {
  /// The costs of all Spaces in a period, from what is recorded.
  ///
  /// - Parameters:
  ///   - rules: what they say now of policies, labels and grants.
  ///   - tags: what is said of some Spaces instead.
  func costs(
    in period: ReportPeriod, prices: PriceTable, rules: Schedules, watchedGap: Int64 = 900,
    keepsCourse: Bool = false, tags: [SpaceID: SpaceTags] = [:]
  ) throws -> CostReport {
    let spaces = try spaces().map { space in
      SpaceCosts(
        space.name, intervals: try intervals(of: space.name),
        actions: try actions(on: space.name).map(\.action),
        period: period, prices: prices,
        tags: tags[space.name] ?? rules.tags(of: [space.name] + space.formerNames),
        watchedGap: watchedGap, keepsCourse: keepsCourse)
    }
    return CostReport(period: period, spaces: spaces, prices: prices, watchedGap: watchedGap)
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
      split: policy.labels.split.map { SpaceTags.Share(name: $0.name, weight: $0.weight) },
      isGranted: policy.isGranted)
  }

  /// Every key of a label, in order.
  var labelKeys: [String] {
    Set(policies.flatMap { $0.labels.ofPolicy.keys + $0.labels.ofSpaces.values.flatMap(\.keys) }).sorted()
  }
}
