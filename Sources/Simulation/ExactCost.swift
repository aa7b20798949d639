public import Money

/// What seconds awake and cold starts cost, exactly: what an optimum is decided by.
///
/// Started minutes would make it depend on the seconds at which visits happen to come.
public struct ExactCost: Hashable, Comparable, Sendable {
  public let awakeSeconds: Int64
  public let coldStarts: Int
  /// In 3600ths of a nano-dollar.
  private let parts: Int128

  /// - Parameters:
  ///   - perHour: the price of the hardware.
  ///   - perColdStart: what letting visitors wait for a start is taken to cost.
  public init(awakeSeconds: Int64, coldStarts: Int, perHour: Money, perColdStart: Money) {
    self.awakeSeconds = awakeSeconds
    self.coldStarts = coldStarts
    parts = perHour.nanoDollars * Int128(awakeSeconds) + perColdStart.nanoDollars * 3600 * Int128(coldStarts)
  }

  private init(awakeSeconds: Int64, coldStarts: Int, parts: Int128) {
    self.awakeSeconds = awakeSeconds
    self.coldStarts = coldStarts
    self.parts = parts
  }

  /// At the same prices, both together.
  public static func + (left: ExactCost, right: ExactCost) -> ExactCost {
    ExactCost(
      awakeSeconds: left.awakeSeconds + right.awakeSeconds, coldStarts: left.coldStarts + right.coldStarts,
      parts: left.parts + right.parts)
  }

  /// Rounded half to even to a nano-dollar.
  public var total: Money { Money(nanoDollars: parts).scaled(by: 1, over: 3600) }

  public static func < (left: ExactCost, right: ExactCost) -> Bool { left.parts < right.parts }
  public static func == (left: ExactCost, right: ExactCost) -> Bool { left.parts == right.parts }
  public func hash(into hasher: inout Hasher) { hasher.combine(parts) }
}
