public import Money

/// Amounts as a line of bars, for terminals: `▁▃█▂`.
public enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")
  private static let parts = Array("▏▎▍▌▋▊▉█")

  /// The largest is a full bar, nothing the lowest.
  public static func text(_ amounts: [Money]) -> String {
    guard let most = amounts.max(), most > .zero else { return String(repeating: "▁", count: amounts.count) }
    return amounts.map { bar(max($0, .zero).nanoDollars, of: most.nanoDollars) }.joined()
  }

  /// One bar of eight heights.
  /// - Parameter most: above 0.
  static func bar(_ amount: Int128, of most: Int128) -> String {
    String(bars[Int(amount * Int128(bars.count - 1) / most)])
  }

  /// A bar that lies, as long as so many characters for the most; nothing is none.
  /// - Parameter most: 0 or more.
  static func lying(_ amount: Int128, of most: Int128, width: Int) -> String {
    guard amount > 0, most > 0 else { return "" }
    let eighths = max(1, Int(amount * Int128(width * 8) / most))
    return String(repeating: "█", count: eighths / 8)
      + (eighths % 8 == 0 ? "" : String(parts[eighths % 8 - 1]))
  }
}
