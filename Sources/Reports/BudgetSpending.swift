public import Money
public import Pricing

/// What Spaces have cost of a budget in the month of a report.
public struct BudgetSpending: Hashable, Sendable {
  /// Whose it is: `policy chat`, `acme`, `all Spaces`.
  public let name: String
  public let monthly: Money
  public let spent: Bounds<Money>
  /// Why it watches nothing, for people; nil where it does.
  public let note: String?

  public init(name: String, monthly: Money, spent: Bounds<Money>, note: String? = nil) {
    self.name = name
    self.monthly = monthly
    self.spent = spent
    self.note = note
  }
}
