/// An exact amount of money, in nano-dollars (10⁻⁹ of the table's currency); never a floating-point number.
///
/// Amounts are read with at most fifteen digits before the point. Sums and products of such amounts are exact;
/// one beyond ±1.7 × 10²⁹ dollars, which no input within that limit reaches, stops there instead of trapping.
public struct Money: Hashable, Sendable {
  public let nanoDollars: Int128

  public init(nanoDollars: Int128) {
    self.nanoDollars = nanoDollars
  }

  /// Reads decimal text such as `0.60`, `5` or `-12.5`: digits, and at most nine of them after a point.
  public init(_ text: String) throws(InvalidMoney) {
    var digits = text.utf8[...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits.removeFirst() }
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isDigit) }) else {
      throw InvalidMoney(text: text, expected: "an amount of money, such as 0.60")
    }
    let fraction = parts.count == 2 ? parts[1] : Substring().utf8
    guard fraction.count <= 9 else {
      throw InvalidMoney(text: text, expected: "exact to a nano-dollar: nine digits after the point at most")
    }
    guard parts[0].count <= 15 else {
      throw InvalidMoney(text: text, expected: "an amount with at most fifteen digits before the point")
    }
    let nanoDollars =
      (Array(parts[0]) + fraction).reduce(Int128(0)) { number, digit in
        number * 10 + Int128(digit - UInt8(ascii: "0"))
      } * .powerOfTen(9 - fraction.count)
    self.nanoDollars = isNegative ? -nanoDollars : nanoDollars
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// This amount × `numerator` / `denominator`, rounded half to even to a nano-dollar.
  /// - Parameter denominator: above 0.
  public func scaled(by numerator: Int128, over denominator: Int128) -> Money {
    let (product, overflow) = nanoDollars.multipliedReportingOverflow(by: numerator)
    guard !overflow else { return (nanoDollars < 0) == (numerator < 0) ? .highest : .lowest }
    return Money(nanoDollars: product.dividedHalfToEven(by: denominator))
  }

  /// The amount without its sign.
  public var magnitude: Money { self < .zero ? -self : self }

  static let highest = Money(nanoDollars: .max)
  static let lowest = Money(nanoDollars: -.max)
}

/// Text that should be an amount of money but is not; says what was given and what is allowed.
public struct InvalidMoney: Error, Hashable, Sendable, CustomStringConvertible {
  public let text: String
  public let expected: String

  /// - Parameter expected: what is allowed, as in `an amount of money, such as 0.60`.
  public init(text: String, expected: String) {
    self.text = text
    self.expected = expected
  }

  public var description: String { "'\(text)' is not \(expected)" }
}

extension Money: Comparable, AdditiveArithmetic {
  public static let zero = Money(nanoDollars: 0)

  public static func < (left: Money, right: Money) -> Bool { left.nanoDollars < right.nanoDollars }

  public static func + (left: Money, right: Money) -> Money {
    let (sum, overflow) = left.nanoDollars.addingReportingOverflow(right.nanoDollars)
    return overflow ? (left < .zero ? .lowest : .highest) : Money(nanoDollars: sum)
  }

  public static func - (left: Money, right: Money) -> Money { left + -right }

  public static prefix func - (money: Money) -> Money {
    Money(nanoDollars: money.nanoDollars == .min ? .max : -money.nanoDollars)
  }
}

extension Money: CustomStringConvertible {
  /// All nine decimals: `0.400000000`.
  public var description: String { text(decimals: 9...9) }

  /// With as many decimals as it needs within limits of 0 to 9; rounded half to even to the most of them.
  /// With `2...2`, 1.005 is `1.00`; with `2...9`, as prices are published, 0.4 is `0.40` and 0.005 is `0.005`.
  public func text(decimals: ClosedRange<Int>) -> String {
    let most = min(max(decimals.upperBound, 0), 9)
    let unit = Int128.powerOfTen(9 - most)
    return nanoDollars.dividedHalfToEven(by: unit).decimalText(places: most, atLeast: decimals.lowerBound)
  }
}

extension Money: Codable {
  /// Decodes decimal text, such as `"0.40"`: JSON numbers lose digits on the way.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Encodes as text with nine decimals.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
