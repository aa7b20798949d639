public import Foundation
import Spelling

/// Text that should be a time but is not; says what was given and what is allowed.
public struct InvalidTime: Error, Hashable, Sendable, CustomStringConvertible {
  public let text: String
  public let expected: String
  public var hint: String?

  public init(text: String, expected: String, hint: String? = nil) {
    self.text = text
    self.expected = expected
    self.hint = hint
  }

  /// A time that no instant is, though its text is one.
  package static func beyondAllYears(_ text: String) -> InvalidTime {
    InvalidTime(text: text, expected: "in the years 0001 to 9999 in UTC")
  }

  /// What is wrong, without the hint.
  public var message: String { "'\(text)' is not \(expected)" }

  public var description: String { message + (hint.map { "; \($0)" } ?? "") }
}

extension Instant {
  /// Reads ISO 8601: `2026-11-02T10:00:00Z`, `2026-11-02T10:00+01:00`, or with a zone given `2026-11-02T10:00`
  /// and `2026-11-02` (its first instant). Without seconds the minute begins; fractions of a second are cut
  /// off. A wall time that the zone's clock skips is the end of the gap, one that it shows twice the first.
  public init(_ text: String, zone: TimeZone? = nil) throws(InvalidTime) {
    let expected =
      zone == nil
      ? "an instant with a zone, such as 2026-11-02T10:00:00Z"
      : "a date or an instant, such as 2026-11-02 or 2026-11-02T10:00:00Z"
    let invalid = InvalidTime(text: text, expected: expected)
    var scanner = Scanner(text)
    guard let date = scanner.date() else { throw invalid }
    var wall = WallTime(date: date)
    if !scanner.isAtEnd {
      guard scanner.take("T") || scanner.take("t") || scanner.take(" "), let second = scanner.timeOfDay()
      else {
        throw invalid
      }
      wall.secondOfDay = second
    }
    if scanner.isAtEnd {
      guard let zone else { throw invalid }
      self = WallClock(zone).instant(showing: wall)
    } else {
      guard let offset = scanner.offset(), scanner.isAtEnd else { throw invalid }
      self.init(secondsSince1970: wall.secondsSinceEpoch - offset)
    }
    guard Instant.all.contains(self) else { throw .beyondAllYears(text) }
  }
}

extension CivilDate {
  /// Reads `2026-11-02`.
  public init(_ text: String) throws(InvalidTime) {
    var scanner = Scanner(text)
    guard let date = scanner.date(), scanner.isAtEnd else {
      throw InvalidTime(text: text, expected: "a date, such as 2026-11-02")
    }
    self = date
  }

  /// Reads a month, `2026-11`, as its first day.
  public init(month text: String) throws(InvalidTime) {
    var scanner = Scanner(text + "-01")
    guard let date = scanner.date(), scanner.isAtEnd else {
      throw InvalidTime(text: text, expected: "a month, such as 2026-11")
    }
    self = date
  }
}

extension TimeZone {
  /// Reads an IANA name, such as `Europe/Paris`, or `UTC`.
  public init(ianaName text: String) throws(InvalidTime) {
    guard let zone = TimeZone(knownIANAName: text) else {
      var invalid = InvalidTime(text: text, expected: "an IANA time zone, such as Europe/Paris")
      invalid.hint = Self.hint(for: text)
      throw invalid
    }
    self = zone
  }

  /// The same without a reason: nil for what is no such name.
  package init?(knownIANAName text: String) {
    let isKnown =
      text == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(text)
      || (text.contains("/") && TimeZone(identifier: text) != nil)
    guard isKnown, let zone = TimeZone(identifier: text) else { return nil }
    self = zone
  }

  private static func hint(for text: String) -> String? {
    if text.contains(#/^(UTC|GMT)?[+-]\d/#) {
      return "name a place, such as Europe/Paris, as an offset does not change in summer"
    }
    if let place = abbreviationDictionary[text.uppercased()] {
      return "name a place with that time, such as \(place)"
    }
    let known = knownTimeZoneIdentifiers + ["UTC"]
    let city = "/" + text.lowercased().replacing(" ", with: "_")
    let meant =
      known.first { $0.lowercased().hasSuffix(city) } ?? Spelling.nearest(to: text, among: known)
    return meant.map { "did you mean \($0)?" }
  }

  /// The IANA name as people write it: Foundation calls UTC `GMT`, and machines `Etc/UTC`.
  public var ianaName: String { ["GMT", "Etc/UTC"].contains(identifier) ? "UTC" : identifier }
}

/// A length of time in whole seconds, as rules write it: `90s`, `30m`, `2h`, `1d`, `1h30m`.
public enum DurationText {
  /// From the first to the last instant that spaceplan ever reads; with no more, instants never overflow.
  private static let longest = Instant.distantFuture - Instant.distantPast

  private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]

  /// Reads a length of time.
  /// - Parameter bareSeconds: a number without a unit is seconds; else it is refused, as people who write one
  ///   mean minutes or hours as often.
  public static func seconds(_ text: String, bareSeconds: Bool = false) throws(InvalidTime) -> Int64 {
    let invalid = InvalidTime(text: text, expected: "a duration, such as 30m, 2h or 1h30m")
    var total: Int64 = 0
    var count: Int64?
    var hasUnit = false
    for character in text {
      if character.isASCII, let digit = character.wholeNumberValue {
        count = (count ?? 0) * 10 + Int64(digit)
      } else if let unit = units[character], let counted = count {
        total += counted * unit
        count = nil
        hasUnit = true
      } else {
        throw invalid
      }
      guard max(total, count ?? 0) <= longest else {
        throw InvalidTime(text: text, expected: "a duration of at most \(longest / 86_400)d")
      }
    }
    guard (count == nil) == hasUnit else { throw invalid }
    guard let count, !bareSeconds else { return count ?? total }
    throw InvalidTime(
      text: text, expected: "a duration, as it has no unit",
      hint: count > 0 ? "\(count)h, \(count)m or \(count)s" : "such as 2h, 2m or 2s")
  }

  /// The shortest such text: 5400 is `1h30m`.
  public static func text(_ seconds: Int64) -> String {
    guard seconds > 0 else { return "\(seconds)s" }
    var rest = seconds
    var text = ""
    for (name, unit) in [("d", Int64(86_400)), ("h", 3600), ("m", 60), ("s", 1)] where rest >= unit {
      text += "\(rest / unit)\(name)"
      rest %= unit
    }
    return text
  }
}

/// Reads fixed-width digits and signs from ASCII text.
private struct Scanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Character) -> Bool {
    guard rest.first == character.asciiValue else { return false }
    rest.removeFirst()
    return true
  }

  mutating func digits(_ count: Int) -> Int? {
    var value = 0
    for _ in 0..<count {
      guard let byte = rest.first, (48...57).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 48)
      rest.removeFirst()
    }
    return value
  }

  mutating func date() -> CivilDate? {
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2), year >= 1
    else {
      return nil
    }
    return CivilDate(year: year, month: month, day: day)
  }

  /// The second of the day.
  mutating func timeOfDay() -> Int64? {
    guard let hour = digits(2), take(":"), let minute = digits(2), hour < 24, minute < 60 else { return nil }
    var second = 0
    if take(":") {
      guard let seconds = digits(2), seconds < 60 else { return nil }
      second = seconds
      if take(".") {
        guard digits(1) != nil else { return nil }
        while digits(1) != nil {}
      }
    }
    return Int64(hour * 3600 + minute * 60 + second)
  }

  /// Seconds east of UTC.
  mutating func offset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let sign: Int64 = take("+") ? 1 : -1
    if sign < 0, !take("-") { return nil }
    guard let hour = digits(2), hour < 24 else { return nil }
    _ = take(":")
    guard let minute = isAtEnd ? 0 : digits(2), minute < 60 else { return nil }
    return sign * Int64(hour * 3600 + minute * 60)
  }
}
