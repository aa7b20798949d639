public import Money
public import Pricing

/// Numbers as people read them. Everything is computed exactly and rounded here, half to even, and only here.
public enum NumberText {
  /// Two decimals, without the currency: `182.40`. `0.00` is nothing at all; what would round to it is `<0.01`.
  public static func money(_ amount: Money) -> String {
    guard amount != .zero else { return "0.00" }
    return (amount < .zero ? "-" : "") + (isShown(amount) ? amount.magnitude.text(decimals: 2...2) : "<0.01")
  }

  /// Two decimals are enough to see it.
  static func isShown(_ amount: Money) -> Bool {
    amount.magnitude.text(decimals: 2...2) != "0.00"
  }

  /// Always with its sign, but for nothing: `+3.20`, `-23.10`, `0.00`.
  public static func change(_ amount: Money) -> String {
    (amount > .zero ? "+" : "") + money(amount)
  }

  /// A price as published: at least two decimals and as many as it has: `0.40`, `0.005`.
  public static func price(_ amount: Money) -> String {
    amount.text(decimals: 2...9)
  }

  /// `34 %`; with one digit below ten, `4.2 %`; `0 %` is nothing at all; `n/a` of nothing.
  /// - Parameter whole: 0 or more.
  public static func percent(_ part: Money, of whole: Money) -> String {
    guard whole > .zero else { return "n/a" }
    let magnitude = part.magnitude.nanoDollars
    let sign = part < .zero ? "-" : ""
    guard magnitude > 0 else { return "0 %" }
    let tenths = (magnitude * 1000).dividedHalfToEven(by: whole.nanoDollars)
    if tenths == 0 { return "\(sign)<0.1 %" }
    if tenths < 100 { return "\(sign)\(tenths.decimalText(places: 1, atLeast: 1)) %" }
    return "\(sign)\((magnitude * 100).dividedHalfToEven(by: whole.nanoDollars)) %"
  }

  /// How much of a time, with one digit: `98.7 %`. Only nothing is `0 %` and only all of it `100 %`; what would round
  /// to these is `<0.1 %` and `>99.9 %`.
  /// - Parameter whole: above 0.
  public static func share(_ part: Int64, of whole: Int64) -> String {
    guard part > 0 else { return "0 %" }
    guard part < whole else { return "100 %" }
    switch (Int128(part) * 1000).dividedHalfToEven(by: Int128(whole)) {
    case 0: return "<0.1 %"
    case 1000: return ">99.9 %"
    case let tenths: return "\(tenths.decimalText(places: 1, atLeast: 1)) %"
    }
  }

  /// Thousandths as percent, with a digit where there is one: `5 %`, `3.3 %`.
  public static func perThousand(_ number: Int) -> String {
    "\(number / 10)\(number % 10 == 0 ? "" : ".\(number % 10)") %"
  }

  /// With one digit: `456.0`. What would round to nothing is `<0.1`.
  public static func hours(_ time: BilledTime) -> String {
    let tenths = time.seconds.dividedHalfToEven(by: 360)
    return tenths == 0 && time > .zero ? "<0.1" : tenths.decimalText(places: 1, atLeast: 1)
  }

  /// A length of time, cut off after its two largest units: `45 s`, `1 min 59 s`, `2 h 30 min`, `3 days 4 h`.
  /// - Parameter seconds: 0 or more.
  public static func duration(_ seconds: Int64) -> String {
    switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3600: joined("\(seconds / 60) min", seconds % 60, "s")
    case ..<86_400: joined("\(seconds / 3600) h", seconds % 3600 / 60, "min")
    default: joined(count(Int(seconds / 86_400), "day"), seconds % 86_400 / 3600, "h")
    }
  }

  private static func joined(_ larger: String, _ smaller: Int64, _ unit: String) -> String {
    smaller == 0 ? larger : "\(larger) \(smaller) \(unit)"
  }

  /// `1 pause`, `12 pauses`.
  public static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
