public import Money
public import Pricing
public import Timelines

/// How a budget will fare in a month: by what was spent, and by the forecast of what is to come.
public struct BudgetForecast: Hashable, Sendable {
  public enum State: Hashable, Sendable {
    case onTrack
    /// By the end of this day more is expected to have been spent.
    case willBreak(Range<Instant>)
    /// To the cent all of it has been spent, and no more is expected.
    case usedUp
    /// More has been spent.
    case broken
  }

  public let monthly: Money
  /// The estimate counts for people; what is done about a budget goes by the low bound.
  public let spent: Bounds<Money>
  /// What will have been spent when the month is over.
  public let total: Bounds<Money>
  public let state: State

  public init(monthly: Money, spent: Bounds<Money>, rest: ForecastPaths) {
    self.monthly = monthly
    self.spent = spent
    total = rest.total(after: spent)
    if spent.estimate > monthly {
      state = .broken
    } else if let breaking = rest.spending(after: spent).firstIndex(where: { $0.estimate > monthly }) {
      state = .willBreak(rest.days[breaking])
    } else if monthly > .zero, monthly.text(decimals: 2...2) == spent.estimate.text(decimals: 2...2) {
      state = .usedUp
    } else {
      state = .onTrack
    }
  }

  /// It breaks even if no more was spent than is certain, and the rest of the month is as cheap as one of ten.
  public var isSure: Bool { total.low > monthly }
  /// Also if no more was spent than is certain.
  public var isSpent: Bool { spent.low >= monthly }
  /// Reason enough to give something up: what is merely expected, by a run-rate or the middle of a forecast, is not.
  public var demandsAction: Bool { isSpent || isSure }
}
