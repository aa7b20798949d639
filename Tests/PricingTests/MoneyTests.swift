import Foundation
import Money
import Pricing
import TestSupport
import Testing

@Test(arguments: [
  ("0", 0), ("5", 5_000_000_000), ("0.60", 600_000_000), ("000.000000001", 1), ("-12.5", -12_500_000_000),
  ("999999999999999.999999999", 999_999_999_999_999_999_999_999 as Int128),
])
func amountsAreReadExactly(text: String, nanoDollars: Int128) throws {
  #expect(try Money(text).nanoDollars == nanoDollars)
}

@Test(arguments: [
  ("", "'' is not an amount of money, such as 0.60"),
  ("1.", "'1.' is not an amount of money, such as 0.60"),
  (".5", "'.5' is not an amount of money, such as 0.60"),
  ("0,60", "'0,60' is not an amount of money, such as 0.60"),
  ("1e3", "'1e3' is not an amount of money, such as 0.60"),
  ("+1", "'+1' is not an amount of money, such as 0.60"),
  ("--1", "'--1' is not an amount of money, such as 0.60"),
  ("1.2.3", "'1.2.3' is not an amount of money, such as 0.60"),
  ("٣", "'٣' is not an amount of money, such as 0.60"),
  (
    "0.0000000001",
    "'0.0000000001' is not exact to a nano-dollar: nine digits after the point at most"
  ),
  (
    "1000000000000000",
    "'1000000000000000' is not an amount with at most fifteen digits before the point"
  ),
])
func whatIsNotMoneySaysWhy(text: String, message: String) {
  let error = #expect(throws: InvalidMoney.self) { try Money(text) }
  #expect(error?.description == message)
}

@Test(arguments: [
  ("0.4", 9...9, "0.400000000"), ("0.4", 2...9, "0.40"), ("0.4", 0...9, "0.4"), ("4", 0...9, "4"),
  ("0.005", 2...9, "0.005"), ("0.005", 2...2, "0.00"), ("0.015", 2...2, "0.02"), ("1.005", 2...2, "1.00"),
  ("0.005000001", 2...2, "0.01"), ("-0.015", 2...2, "-0.02"), ("-0.001", 2...2, "0.00"),
  ("0.5", 0...0, "0"), ("1.5", 0...0, "2"), ("12345.6", 2...2, "12345.60"),
])
func moneyAsText(text: String, decimals: ClosedRange<Int>, expected: String) throws {
  #expect(try Money(text).text(decimals: decimals) == expected)
}

@Test(
  arguments: [
    (1, 1, 2, 0), (3, 1, 2, 2), (5, 1, 2, 2), (-1, 1, 2, 0), (-3, 1, 2, -2), (10, 1, 3, 3), (11, 1, 3, 4),
    (600_000_000, 7, 60, 70_000_000),
  ] as [(Int128, Int128, Int128, Int128)])
func scalingRoundsHalfToEven(amount: Int128, by: Int128, over: Int128, expected: Int128) {
  #expect(Money(nanoDollars: amount).scaled(by: by, over: over) == Money(nanoDollars: expected))
}

@Test func hugeAmountsStopInsteadOfTrapping() {
  let huge = Money(nanoDollars: .max)
  #expect(huge + huge == huge)
  #expect(-huge - huge == -huge)
  #expect(huge.scaled(by: -2, over: 3) == -huge)
  #expect(Money(nanoDollars: .min).scaled(by: -1, over: 1) == huge)
  #expect(Money(nanoDollars: .min).magnitude == huge && huge.magnitude == huge)
  #expect(Money(nanoDollars: .min).scaled(by: 1, over: 1).text(decimals: 0...0).hasPrefix("-17014118346046"))
}

@Test(arguments: UInt64(1)...50) func moneyComesBackFromText(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let money = Money(nanoDollars: Int128(Int64.random(in: .min ... .max, using: &random)))
  #expect(try Money(money.description) == money)
  #expect(try Money(money.text(decimals: 0...9)) == money)
  let json = try JSONEncoder().encode([money])
  #expect(String(decoding: json, as: UTF8.self) == "[\"\(money)\"]")
  #expect(try JSONDecoder().decode([Money].self, from: json) == [money])
}

@Test func moneyIsNotReadFromNumbers() {
  #expect(throws: DecodingError.self) { try JSONDecoder().decode([Money].self, from: Data("[0.4]".utf8)) }
  #expect(throws: DecodingError.self) { try JSONDecoder().decode([Money].self, from: Data("[\"x\"]".utf8)) }
}

@Test(arguments: [(0, "0"), (60, "1"), (5400, "90"), (61, "1.016666667"), (90, "1.5"), (1, "0.016666667")])
func billedTimeAsMinutes(seconds: Int, expected: String) {
  #expect(BilledTime(seconds: Int128(seconds)).minutesText == expected)
}
