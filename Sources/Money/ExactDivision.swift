extension Int128 {
  /// The nearest whole number to `self / divisor`; of two equally near the even one.
  /// - Parameter divisor: above 0.
  package func dividedHalfToEven(by divisor: Int128) -> Int128 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    let (rest, half) = (remainder.magnitude, divisor.magnitude - remainder.magnitude)
    guard rest > half || (rest == half && !quotient.isMultiple(of: 2)) else { return quotient }
    return quotient + (self < 0 ? -1 : 1)
  }

  /// - Parameter exponent: 0 to 38.
  package static func powerOfTen(_ exponent: Int) -> Int128 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  /// This many units of 10^−`places` as a decimal number: 400 with three places is `0.400`. Zeros at the end are
  /// left out, but for the first `fewest` places.
  package func decimalText(places: Int, atLeast fewest: Int) -> String {
    let digits = String(magnitude)
    let padded = String(repeating: "0", count: Swift.max(0, places + 1 - digits.count)) + digits
    var fraction = padded.suffix(places)
    while fraction.count > fewest, fraction.last == "0" { fraction.removeLast() }
    return (self < 0 ? "-" : "") + padded.dropLast(places) + (fraction.isEmpty ? "" : "." + fraction)
  }
}
