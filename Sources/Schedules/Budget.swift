public import LocatedYAML
public import Money

/// What a policy's Spaces may cost together in a month of UTC, as the Hub invoices.
public struct Budget: Hashable, Sendable {
  /// More than zero.
  public var monthly: Money
  public var place: Place

  public init(monthly: Money, place: Place) {
    self.monthly = monthly
    self.place = place
  }
}
