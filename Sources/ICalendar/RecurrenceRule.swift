/// An RRULE (RFC 5545, 3.3.10), as far as it speaks of days. Rules that repeat within a day, or count weeks or
/// days of a year, are refused: no holiday is written so.
struct RecurrenceRule: Hashable, Sendable {
  enum Frequency: String, Sendable {
    case daily = "DAILY"
    case weekly = "WEEKLY"
    case monthly = "MONTHLY"
    case yearly = "YEARLY"
  }

  /// A day of the week: each, or one of the period, from its start (1, 2, ...) or its end (-1, -2, ...).
  struct Weekday: Hashable, Sendable {
    var ordinal: Int?
    /// 0 for Sunday to 6 for Saturday.
    var day: Int
  }

  var frequency: Frequency
  /// 1 or more.
  var interval = 1
  /// 1 or more.
  var count: Int?
  /// The last start that may be.
  var until: CalendarTime?
  /// 1 to 12; any if empty, as for the following.
  var months: [Int] = []
  /// 1 to 31, or from the end of the month -1 to -31.
  var monthDays: [Int] = []
  var weekdays: [Weekday] = []
  /// Which of the days of a month that all else leaves, from 1, or from the end from -1.
  var positions: [Int] = []
  /// With what day weeks begin, 0 for Sunday to 6.
  var weekStart = 1

  static let weekdayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]
}

extension RecurrenceRule {
  /// Reads `FREQ=YEARLY;BYMONTH=11;BYDAY=4TH`.
  init(_ text: String) throws(InvalidValue) {
    var parts: [String: String] = [:]
    for part in text.uppercased().split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else {
        throw InvalidValue("'\(part.prefix(40))' is not a part of a rule, such as FREQ=YEARLY")
      }
      let name = pair[0].trimmed
      guard parts.updateValue(pair[1].trimmed, forKey: name) == nil else {
        throw InvalidValue("\(name.prefix(40)) stands twice in the rule")
      }
    }
    guard let frequency = parts.removeValue(forKey: "FREQ") else {
      throw InvalidValue("the rule has no FREQ, such as FREQ=YEARLY")
    }
    self.init(frequency: try Self.frequency(frequency))
    for (name, value) in parts.sorted(by: { $0.key < $1.key }) { try take(name, value) }
    try check()
  }

  private static func frequency(_ text: String) throws(InvalidValue) -> Frequency {
    if let frequency = Frequency(rawValue: text) { return frequency }
    guard ["HOURLY", "MINUTELY", "SECONDLY"].contains(text) else {
      throw InvalidValue("'\(text.prefix(40))' is not a FREQ: YEARLY, MONTHLY, WEEKLY or DAILY")
    }
    throw InvalidValue(
      "events that repeat within a day (FREQ=\(text)) are not read", hint: "write a rule with cron instead")
  }

  private mutating func take(_ name: String, _ value: String) throws(InvalidValue) {
    switch name {
    case "INTERVAL": interval = try Self.number(value, 1...999_999_999, name)
    case "COUNT": count = try Self.number(value, 1...999_999_999, name)
    case "UNTIL": until = try CalendarTime(value, zone: nil)
    case "BYMONTH": months = try Self.numbers(value, 1...12, name)
    case "BYMONTHDAY": monthDays = try Self.numbers(value, -31...31, name)
    case "BYDAY": weekdays = try Self.list(value).map { text throws(InvalidValue) in try Self.weekday(text) }
    case "BYSETPOS": positions = try Self.numbers(value, -366...366, name)
    case "WKST":
      guard let day = Self.weekdayNames.firstIndex(of: value) else { throw Self.noWeekday(value) }
      weekStart = day
    case "BYYEARDAY", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSECOND":
      throw InvalidValue(
        "\(name) is not read in a rule", hint: "use BYMONTH, BYMONTHDAY and BYDAY, or list the dates in RDATE"
      )
    case "RSCALE", "SKIP":
      throw InvalidValue(
        "rules of other calendars (\(name)) are not read",
        hint: "list the dates in RDATE, or each as an event")
    default: throw InvalidValue("'\(name.prefix(40))' is not a part of a rule that is known")
    }
  }

  /// What the parts may not be together.
  private func check() throws(InvalidValue) {
    switch frequency {
    case .daily, .weekly:
      if weekdays.contains(where: { $0.ordinal != nil }) {
        throw InvalidValue("a numbered BYDAY goes with FREQ=MONTHLY or YEARLY only")
      }
      if frequency == .weekly, !monthDays.isEmpty {
        throw InvalidValue("BYMONTHDAY does not go with FREQ=WEEKLY", hint: "use FREQ=MONTHLY, or DAILY")
      }
      fallthrough
    case .yearly:
      if !positions.isEmpty, frequency != .yearly || months.count != 1 {
        throw InvalidValue(
          "BYSETPOS is read only with FREQ=MONTHLY, and with FREQ=YEARLY and one BYMONTH",
          hint: "number the days instead, such as BYDAY=-1MO")
      }
    case .monthly: break
    }
  }

  private static func list(_ text: String) -> [Substring] {
    text.split(separator: ",", omittingEmptySubsequences: false)
  }

  private static func number(
    _ text: some StringProtocol, _ range: ClosedRange<Int>, _ name: String
  ) throws(InvalidValue) -> Int {
    guard let number = Int(text.trimmed), range.contains(number), number != 0 else {
      let allowed =
        range.lowerBound < 0
        ? "1 to \(range.upperBound), or -1 to \(range.lowerBound)"
        : "\(range.lowerBound) to \(range.upperBound)"
      throw InvalidValue("\(name)=\(text.prefix(40)) is not a number from \(allowed)")
    }
    return number
  }

  private static func numbers(
    _ text: String, _ range: ClosedRange<Int>, _ name: String
  ) throws(InvalidValue) -> [Int] {
    Array(Set(try list(text).map { item throws(InvalidValue) in try number(item, range, name) })).sorted()
  }

  private static func weekday(_ text: Substring) throws(InvalidValue) -> Weekday {
    let text = text.trimmed
    guard let day = weekdayNames.firstIndex(of: String(text.suffix(2))) else { throw noWeekday(text) }
    let ordinal = text.dropLast(2)
    return Weekday(ordinal: ordinal.isEmpty ? nil : try number(ordinal, -53...53, "BYDAY"), day: day)
  }

  private static func noWeekday(_ text: String) -> InvalidValue {
    InvalidValue("'\(text.prefix(40))' is not a weekday: MO, TU, WE, TH, FR, SA or SU")
  }
}
