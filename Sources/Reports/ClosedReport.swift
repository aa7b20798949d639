public import Foundation
import Money
public import Pricing
public import Spaces
public import Timelines

/// The report of a month as it was when the month was closed: every later report of it is the same.
///
/// All that the report was made of is kept, so that neither what is recorded later, nor other prices or rules change
/// it.
public struct ClosedReport: Sendable {
  public let month: CivilDate
  /// Whose days and months are meant.
  public let zone: TimeZone
  public let closedAt: Instant
  /// The files of the price table of then.
  let priceFiles: [PriceFile]
  let spaces: [SpaceCosts]
  let watchedGap: Int64
  let budget: Money?
  let budgets: [BudgetSpending]
  /// What the month took over of earlier ones that were closed.
  let adjustments: [Adjustment]

  /// A month that is over, as it is known now; nil for any other range.
  ///
  /// - Parameter priceFiles: those that the report's prices were read from.
  public init?(_ report: CostReport, priceFiles: [PriceFile]) {
    guard let month = report.period.month, report.period.range.upperBound <= report.period.now else {
      return nil
    }
    self.init(
      month: month, zone: report.period.zone, closedAt: report.period.now, priceFiles: priceFiles,
      spaces: report.spaces, watchedGap: report.watchedGap, budget: report.budget,
      budgets: report.budgets, adjustments: report.adjustments)
  }

  init(
    month: CivilDate, zone: TimeZone, closedAt: Instant, priceFiles: [PriceFile], spaces: [SpaceCosts],
    watchedGap: Int64, budget: Money?, budgets: [BudgetSpending], adjustments: [Adjustment]
  ) {
    (self.month, self.zone, self.closedAt) = (month, zone, closedAt)
    (self.priceFiles, self.spaces, self.watchedGap) = (priceFiles, spaces, watchedGap)
    (self.budget, self.budgets, self.adjustments) = (budget, budgets, adjustments)
  }

  public var period: ReportPeriod { ReportPeriod(month: month, zone: zone, now: closedAt) }

  /// What was reported then.
  ///
  /// - Parameter closings: when it was closed, and closed anew, in order.
  public func report(closings: [Instant]) -> CostReport {
    var report = CostReport(
      period: period, spaces: spaces,
      prices: PriceTable.read(priceFiles.map { (name: $0.name, text: $0.text) }).table, watchedGap: watchedGap
    )
    (report.budget, report.budgets) = (budget, budgets)
    report.adjustments = adjustments
    report.closings = closings
    return report
  }

  /// Every key of a label, then.
  public var labelKeys: Set<String> { Set(spaces.flatMap(\.tags.labels.keys)) }
}

extension CostReport {
  /// Compared with a month as it was closed.
  public func compared(with closed: ClosedReport, names: [SpaceID: SpaceID]) -> CostReport {
    guard closed.period.range == period.comparison else { return self }
    let lines = Dictionary(closed.spaces.map { (names[$0.space] ?? $0.space, $0.lines) }) { $0 + $1 }
    return replacing(spaces: spaces.map { $0.replacing(comparisonLines: lines[$0.space] ?? []) })
  }
}
