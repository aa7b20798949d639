import Foundation
import JSON
import TestSupport
import Testing

private func parsed(_ text: String) throws -> JSONValue { try JSONValue(parsing: Data(text.utf8)) }

@Test(
  arguments: [
    ("null", .null), (" true\n", .bool(true)), ("false", .bool(false)), ("0", 0), ("-0", 0), ("3600.0", 3600),
    ("1e3", 1000), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    (
      "9223372036854775808",
      .decimal(Decimal(UInt64(1) << 63))
    ),
    ("0.006667", .decimal(Decimal(sign: .plus, exponent: -6, significand: 6667))),
    ("-2.5E-1", .decimal(Decimal(sign: .minus, exponent: -2, significand: 25))),
    (#""a\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00""#, "a\"\\/\u{8}\u{C}\n\r\té😀"),
    (#""\ud800 \udc00\ud800\u0041""#, "\u{FFFD} \u{FFFD}\u{FFFD}A"), ("[]", []), ("{}", [:]),
    ("[1,[2,{\"a\":null}]]", [1, [2, ["a": nil]]]),
    (#"{"a":1,"b":{"c":[true]},"a":2}"#, ["a": 2, "b": ["c": [true]]]),
  ] as [(String, JSONValue)])
func jsonTexts(text: String, value: JSONValue) throws {
  #expect(try parsed(text) == value)
}

@Test(arguments: [
  ("", "the text ends too early", 0), ("[1,]", "neither a value nor an end", 3),
  ("[1 2]", "no ',' or ']' after an element", 3),
  ("{\"a\"}", "no ':' after a key", 4), ("{a:1}", "no key", 1), ("{\"a\":1,}", "no key", 7),
  ("nul", "an unknown word", 0),
  ("01", "a number that begins with 0", 2), ("1.", "a number without digits", 2),
  ("-", "neither a value nor an end", 0),
  ("1e", "a number without digits", 2), ("\"a", "a string without end", 2),
  ("\"\\x\"", "an unknown escape", 2),
  ("\"\\u12g4\"", "no four hex digits", 2), ("\"a\nb\"", "a control character in a string", 2),
  ("1 2", "text after the end", 2),
  ("<html>", "neither a value nor an end", 0), ("\"\\", "a string without end", 2),
  ("\"\\ud83d\\u\"", "a string without end", 8),
])
func badJSON(text: String, reason: String, offset: Int) {
  let error = #expect(throws: InvalidJSON.self) { try parsed(text) }
  #expect(error?.description == "not JSON: \(reason) at byte \(offset)")
}

@Test func deepNestingIsAnErrorNotACrash() {
  #expect(throws: InvalidJSON.self) { try parsed(String(repeating: "[", count: 100_000)) }
  #expect(throws: Never.self) {
    try parsed(String(repeating: "[", count: 500) + String(repeating: "]", count: 500))
  }
}

@Test func wholeNumbersOfAnyKind() throws {
  #expect(JSONValue.decimal(3600).integer == 3600)
  #expect(try parsed("3600.5").integer == nil)
  #expect(try parsed("9007199254740993.0").integer == 9_007_199_254_740_993)
}

extension JSONValue {
  fileprivate static func random(depth: Int, using random: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2:
      return .integer(
        Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...62, using: &random))
    case 3:
      let significand = Int.random(in: 1...1_000_000, using: &random) * 10 + 1
      return .decimal(
        Decimal(
          sign: .minus, exponent: Int.random(in: -30 ... -1, using: &random),
          significand: Decimal(significand)))
    case 4: return .string(.random(using: &random))
    case 5:
      return .array(
        (0..<Int.random(in: 0...4, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
    default:
      return .object(
        (0..<Int.random(in: 0...4, using: &random)).reduce(into: [:]) { members, _ in
          members[.random(using: &random)] = .random(depth: depth - 1, using: &random)
        })
    }
  }
}

extension String {
  fileprivate static func random(using random: inout SplitMix64) -> String {
    let letters = [
      "a", "\"", "\\", "/", "\n", "\u{1}", "\u{1F}", "\u{7F}", "é", "😀", "\u{2028}", "e\u{301}", " ",
    ]
    return (0..<Int.random(in: 0...20, using: &random)).map { _ in
      letters[Int.random(in: 0..<letters.count, using: &random)]
    }.joined()
  }
}

/// Text and value are the same in both directions, and Foundation reads and writes them alike.
@Test(arguments: 1...200 as ClosedRange<UInt64>) func jsonRoundTrips(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let value = JSONValue.random(depth: 4, using: &random)
  #expect(try parsed(value.text) == value)
  #expect(try JSONDecoder().decode(JSONValue.self, from: Data(value.text.utf8)) == value)
  #expect(try JSONValue(parsing: JSONEncoder().encode(value)) == value)
}

/// Whatever bytes come, the answer is a value or an error.
@Test(arguments: 1...300 as ClosedRange<UInt64>) func brokenJSONNeverTraps(seed: UInt64) {
  var random = SplitMix64(seed: seed)
  var bytes = Array(JSONValue.random(depth: 4, using: &random).text.utf8)
  for _ in 0..<3 {
    let index = Int.random(in: 0..<bytes.count, using: &random)
    bytes[index] = UInt8.random(in: 0...255, using: &random)
  }
  bytes.removeLast(Int.random(in: 0...min(3, bytes.count), using: &random))
  _ = try? JSONValue(parsing: Data(bytes))
}
