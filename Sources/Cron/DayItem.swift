import Timelines

/// An item that depends on the month: `L`, `LW`, `nW` among days of the month, `d#n`, `dL` among weekdays.
enum DayItem {
  case lastDay
  case lastWorkday
  case workdayNearest(Int)
  case nth(Int, weekday: Int)
  case last(weekday: Int)

  func insert(into days: inout DaysOfMonth) {
    switch self {
    case .lastDay: days.days |= 1
    case .lastWorkday: days.nearest |= 1
    case .workdayNearest(let day): days.nearest |= 1 << UInt64(day)
    case .nth(let n, let weekday): days.weekdays |= 1 << UInt64(7 * (n - 1) + weekday)
    case .last(let weekday): days.lastWeekdays |= 1 << UInt64(weekday)
    }
  }

  /// Nil if the item has nothing of `L`, `W` and `#`.
  init?(_ item: TextPiece, in field: CronError.Field) throws(CronError) {
    guard let mark = Self.mark(in: item) else { return nil }
    switch field {
    case .dayOfMonth: self = try Self.dayOfMonth(item)
    case .dayOfWeek: self = try Self.dayOfWeek(item)
    case .minute, .hour, .month, .expression:
      let place =
        switch mark.upper.first {
        case "#": "'#' stands only in day-of-week, as in 'MON#1'"
        case "W": "'W' stands only in day-of-month, as in '15W'"
        default: "'L' stands only in day-of-month and day-of-week, as in 'L' and 'FRIL'"
        }
      throw field.error(mark, place)
    }
  }

  /// The first `#`, `L` or `W` that is no letter of a name: alone, beside a number, or after a weekday.
  private static func mark(in item: TextPiece) -> TextPiece? {
    guard item.text.utf8.contains(where: { $0.isASCIILetter || $0 == UInt8(ascii: "#") }) else { return nil }
    var rest = item
    while let next = rest.suffix(from: { $0.isLetter || $0 == "#" }) {
      let word = next.prefix { $0.isLetter }
      if word.isEmpty { return next.prefix { $0 == "#" } }
      let upper = word.upper
      if ["L", "W", "LW", "WL"].contains(upper) { return word }
      if let last = upper.last, "LW".contains(last),
        CronError.Field.weekdays.contains(String(upper.dropLast()))
      {
        return word.dropFirst(3)
      }
      rest = next.dropFirst(word.text.count)
    }
    return nil
  }

  private static let noRangeOrStep = "'L', 'W' and '#' take no range, step or offset"

  private static func dayOfMonth(_ item: TextPiece) throws(CronError) -> DayItem {
    let field = CronError.Field.dayOfMonth
    let upper = item.upper
    switch upper {
    case "L": return .lastDay
    case "LW": return .lastWorkday
    case "WL": throw field.error(item, "the last Monday-to-Friday day is 'LW'", "LW")
    case "W": throw field.error(item, "a day is missing before 'W', as in '15W'")
    default: break
    }
    if item.text.contains("#") {
      throw field.error(item, "'#' stands only in day-of-week, as in 'MON#1'")
    }
    if upper.hasSuffix("W") {
      let day = item.dropLast(1)
      if day.isNumber { return .workdayNearest(try field.value(day)) }
      throw field.error(item, "'W' takes one day of the month, as in '15W'")
    }
    if upper.hasPrefix("W"), item.dropFirst(1).isNumber {
      throw field.error(item, "the day stands before 'W'", "\(item.text.dropFirst())W")
    }
    if item.text.contains("/") || item.text.contains("-") {
      throw field.error(item, "'\(item.text)' is not offered: \(noRangeOrStep)")
    }
    throw field.error(
      item, "'L' is the last day of the month and stands alone; 'FRIL' is for day-of-week", "L")
  }

  private static func dayOfWeek(_ item: TextPiece) throws(CronError) -> DayItem {
    let field = CronError.Field.dayOfWeek
    let upper = item.upper
    if item.text.contains("/") {
      throw field.error(item, "'\(item.text)' is not offered: \(noRangeOrStep)")
    }
    if let mark = item.suffix(from: { $0 == "#" }) {
      let day = item.dropLast(mark.text.count)
      return try nth(mark.dropFirst(1), of: day, item)
    }
    if upper == "L" {
      throw field.error(item, "a day of the week is missing before 'L', as in 'FRIL'")
    }
    if upper.hasPrefix("L"), item.dropFirst(1).isNumber {
      throw field.error(item, "the day of the week stands before 'L'", "\(item.text.dropFirst())L")
    }
    if upper.hasSuffix("L") {
      let day = item.dropLast(1)
      guard !day.text.contains("-") else { throw notOneDay(item, days: day, mark: "L") }
      return .last(weekday: try field.value(day) % 7)
    }
    if upper.contains("W"), !upper.contains("-") {
      throw field.error(item, "'W' stands only in day-of-month, as in '15W'")
    }
    throw field.error(item, "'\(item.text)' is not offered: \(noRangeOrStep)")
  }

  private static func nth(
    _ number: TextPiece, of day: TextPiece, _ item: TextPiece
  ) throws(CronError) -> DayItem {
    let field = CronError.Field.dayOfWeek
    if day.isEmpty { throw field.error(day, "a day of the week is missing before '#', as in 'MON#1'") }
    guard !day.text.contains("-"), !day.text.contains("*") else {
      throw notOneDay(item, days: day, mark: "#\(number.text)")
    }
    let weekday = try field.value(day) % 7
    let rule = "after '#' stands 1 to 5, as in 'MON#1'"
    if number.isEmpty { throw field.error(number, "the number after '#' is missing; \(rule)") }
    if number.upper == "L" {
      throw field.error(item, "the last such day of the month is written with 'L' alone", "\(day.text)L")
    }
    guard number.isNumber, let n = Int(number.text), (1...5).contains(n) else {
      throw field.error(number, "'\(number.text)' is not a week of the month; \(rule)")
    }
    return .nth(n, weekday: weekday)
  }

  /// `1-5#2` could be written day by day.
  private static func notOneDay(_ item: TextPiece, days: TextPiece, mark: String) -> CronError {
    let field = CronError.Field.dayOfWeek
    let ends = days.split("-")
    var suggestion: String?
    if ends.count == 2, let low = Int(ends[0].text), let high = Int(ends[1].text), low < high,
      field.range.contains(low), field.range.contains(high),
      mark == "L" || (1...5).map({ "#\($0)" }).contains(mark)
    {
      suggestion = (low...high).map { "\($0)\(mark)" }.joined(separator: ",")
    }
    return field.error(item, "'\(mark.prefix(1))' takes one day of the week", suggestion)
  }
}
