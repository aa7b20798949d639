public import Money
public import Timelines

/// How a budget will fare in a month: by what was spent, and by the forecast of what is to come.
public struct BudgetForecast: Hashable, Sendable {
  public enum State: Hashable, Sendable {
    case onTrack
    /// By the end of this day more is expected to have been spent.
    case willBreak(Range<Instant>)
    case broken
  }

  public let monthly: Money
  public let spent: Money
  /// What will have been spent when the month is over.
  public let total: ForecastInterval
  public let state: State
  /// It breaks even if the rest of the month is as cheap as one of ten.
  public let isSure: Bool

  public init(monthly: Money, spent: Money, rest: ForecastPaths) {
    self.monthly = monthly
    self.spent = spent
    total = rest.total(after: spent)
    isSure = total.low > monthly
    if spent > monthly {
      state = .broken
    } else if let breaking = rest.spending(after: spent).firstIndex(where: { $0.estimate > monthly }) {
      state = .willBreak(rest.days[breaking])
    } else {
      state = .onTrack
    }
  }
}
