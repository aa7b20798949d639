public import Money

/// Amounts as a line of bars, for terminals: `▁▃█▂`.
public enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// The largest is a full bar, nothing the lowest.
  public static func text(_ amounts: [Money]) -> String {
    guard let most = amounts.max(), most > .zero else { return String(repeating: "▁", count: amounts.count) }
    return String(
      amounts.map { amount in
        let level = (max(amount, .zero).nanoDollars * Int128(bars.count - 1)) / most.nanoDollars
        return bars[Int(level)]
      })
  }
}
