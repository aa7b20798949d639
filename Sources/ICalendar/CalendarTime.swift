import Foundation
import Timelines

/// A DATE or a DATE-TIME (RFC 5545, 3.3.4 and 3.3.5).
enum CalendarTime: Hashable, Sendable {
  case date(CivilDate)
  /// In UTC, in a named zone, or, without one, "floating": in the zone of whoever reads it.
  case time(WallTime, TimeZone?)

  /// What the clock of its own zone shows.
  var wall: WallTime {
    switch self {
    case .date(let date): WallTime(date: date)
    case .time(let wall, _): wall
    }
  }

  var isDate: Bool {
    if case .date = self { true } else { false }
  }

  /// Its own zone, if it has one.
  var zone: TimeZone? {
    if case .time(_, let zone) = self { zone } else { nil }
  }

  /// - Parameter zone: where dates and floating times are read.
  func instant(readIn zone: TimeZone) -> Instant {
    WallClock(self.zone ?? zone).instant(showing: wall)
  }

  /// Reads `20261225`, `20261225T180000Z`, or `20261225T180000` in the zone given.
  init(_ text: String, zone: TimeZone?) throws(InvalidValue) {
    let digits = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in digits[range] {
        guard (48...57).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 48)
      }
      return value
    }
    let isUTC = digits.last == UInt8(ascii: "Z") || digits.last == UInt8(ascii: "z")
    guard digits.count == 8 || digits.count == (isUTC ? 16 : 15),
      let year = number(0..<4), let month = number(4..<6), let day = number(6..<8)
    else { throw Self.unreadable(text) }
    guard year >= 1, let date = CivilDate(year: year, month: month, day: day) else {
      throw InvalidValue("the calendar has no day '\(text.prefix(8))'")
    }
    guard digits.count > 8 else {
      self = .date(date)
      return
    }
    guard digits[8] == UInt8(ascii: "T") || digits[8] == UInt8(ascii: "t"),
      let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15)
    else { throw Self.unreadable(text) }
    guard hour < 24, minute < 60, second <= 60 else {
      throw InvalidValue("no clock shows '\(text.dropFirst(9).prefix(6))'", hint: "a day ends at T235959")
    }
    // A leap second is taken for the second before it.
    let wall = WallTime(date: date, secondOfDay: Int64(hour * 3600 + minute * 60 + min(second, 59)))
    self = .time(wall, isUTC ? .gmt : zone)
  }

  private static func unreadable(_ text: String) -> InvalidValue {
    var hint: String?
    if let found = text.firstMatch(of: #/^(\d{4})-(\d\d)-(\d\d)/#.asciiOnlyDigits()) {
      hint = "write \(found.1)\(found.2)\(found.3)"
    }
    return InvalidValue(
      "'\(text.prefix(40))' is not a date such as 20261225 or a time such as 20261225T180000Z", hint: hint)
  }
}

/// A DURATION (RFC 5545, 3.3.6): days and weeks on the calendar, then seconds by the clock. A day of it may
/// last 23 or 25 hours.
struct CalendarDuration: Hashable, Sendable {
  var days: Int64 = 0
  var seconds: Int64 = 0

  /// Reads `P1D`, `PT1H30M`, `P2W`.
  init(_ text: String) throws(InvalidValue) {
    let parts = text.uppercased().wholeMatch(
      of: #/\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?/#.asciiOnlyDigits())
    guard let parts, text.contains(where: \.isNumber) else {
      throw InvalidValue(
        text.hasPrefix("-")
          ? "an event can't last '\(text.prefix(40))'"
          : "'\(text.prefix(40))' is not a duration such as P1D or PT1H30M")
    }
    func count(_ digits: Substring?) throws(InvalidValue) -> Int64 {
      guard let digits else { return 0 }
      guard let count = Int64(digits), count <= Self.longest else {
        throw InvalidValue("'\(text.prefix(40))' is longer than all time")
      }
      return count
    }
    days = try count(parts.1) * 7 + count(parts.2)
    seconds = try count(parts.3) * 3600 + count(parts.4) * 60 + count(parts.5)
    guard days * 86_400 + seconds <= Self.longest else {
      throw InvalidValue("'\(text.prefix(40))' is longer than all time")
    }
  }

  init(days: Int64 = 0, seconds: Int64 = 0) {
    self.days = days
    self.seconds = seconds
  }

  private static let longest = Instant.distantFuture - Instant.distantPast
}

/// The escapes of a TEXT (RFC 5545, 3.3.11).
enum CalendarText {
  static func unescaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        result.append(scalar == "n" || scalar == "N" ? "\n" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// Without the control characters that no calendar may hold.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
      switch scalar {
      case "\\", ";", ",": result += ["\\", scalar]
      case "\n", "\r": result += ["\\", "n"]
      case "\t": result.append(scalar)
      case _ where scalar.properties.generalCategory == .control: continue
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
