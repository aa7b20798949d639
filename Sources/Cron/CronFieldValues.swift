import Spelling

extension CronError.Field {
  static let weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
  static let months = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ]
  private static let longWeekdays = [
    "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY",
  ]
  private static let longMonths = [
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER",
    "NOVEMBER", "DECEMBER",
  ]

  /// The numbers that may stand in the field.
  var range: ClosedRange<Int> {
    switch self {
    case .minute: 0...59
    case .hour: 0...23
    case .dayOfMonth: 1...31
    case .month: 1...12
    case .dayOfWeek, .expression: 0...7
    }
  }

  /// The names of the values from the range's first on.
  var names: [String] {
    switch self {
    case .month: Self.months
    case .dayOfWeek: Self.weekdays
    case .minute, .hour, .dayOfMonth, .expression: []
    }
  }

  private var longNames: [String] {
    switch self {
    case .month: Self.longMonths
    case .dayOfWeek: Self.longWeekdays
    case .minute, .hour, .dayOfMonth, .expression: []
    }
  }

  /// A value of the field, and what it may be: `a month (1 to 12, JAN to DEC)`.
  var allowed: String {
    let numbers = "\(range.lowerBound) to \(range.upperBound)"
    return switch self {
    case .minute: "a minute (\(numbers))"
    case .hour: "an hour (\(numbers))"
    case .dayOfMonth: "a day of the month (\(numbers))"
    case .month: "a month (\(numbers), JAN to DEC)"
    case .dayOfWeek, .expression: "a day of the week (\(numbers), SUN to SAT)"
    }
  }

  /// The number that a piece names.
  func value(_ piece: TextPiece) throws(CronError) -> Int {
    if piece.isNumber {
      // A number too long to hold is out of range as well.
      if let number = Int(piece.text), range.contains(number) { return number }
    } else if let place = names.firstIndex(of: piece.upper) {
      return range.lowerBound + place
    }
    throw error(piece, "'\(piece.text)' is not \(allowed)\(otherMeaning(of: piece))", nearestName(to: piece))
  }

  /// `MON` for `MONDAY` and `MUN`.
  private func nearestName(to piece: TextPiece) -> String? {
    let word = piece.upper
    guard !piece.isNumber else { return nil }
    if word.count > 3, let name = names.first(where: word.hasPrefix) { return name }
    return Spelling.nearest(to: word, among: names + longNames).map { String($0.prefix(3)) }
  }

  private func otherMeaning(of piece: TextPiece) -> String {
    if self != .month, Self.months.contains(piece.upper) { return " but a month" }
    if self != .dayOfWeek, Self.weekdays.contains(piece.upper) { return " but a day of the week" }
    return ""
  }

  func error(_ piece: TextPiece, _ reason: String, _ suggestion: String? = nil) -> CronError {
    CronError(
      field: self, column: piece.column, text: String(piece.text), reason: reason, suggestion: suggestion)
  }
}
