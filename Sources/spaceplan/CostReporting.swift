import History
import Pricing
import Reports
import Timelines

extension History {
  /// The costs of all Spaces in a period, from what is recorded.
  func costs(in period: ReportPeriod, prices: PriceTable, watchedGap: Int64 = 900) throws -> CostReport {
    let spaces = try spaces().map { space in
      SpaceCosts(
        space.name, intervals: try intervals(of: space.name),
        actions: try actions(on: space.name).map(\.action),
        period: period, prices: prices, watchedGap: watchedGap)
    }
    return CostReport(period: period, spaces: spaces, prices: prices, watchedGap: watchedGap)
  }
}
