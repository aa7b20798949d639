/// A date of the proleptic Gregorian calendar, without a zone.
public struct CivilDate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let dayNumber: Int64

  public init(dayNumber: Int64) {
    self.dayNumber = dayNumber
  }

  /// The date, or nil where the calendar has none such (2026-02-30).
  public init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), (1...Self.days(inMonth: month, ofYear: year)).contains(day) else {
      return nil
    }
    self.init(dayNumber: Self.dayNumber(year: year, month: month, day: day))
  }

  /// `2026-10`.
  public var yearAndMonth: String { String(description.dropLast(3)) }

  public static func < (left: CivilDate, right: CivilDate) -> Bool { left.dayNumber < right.dayNumber }

  /// Year, month (1-12) and day (1-31).
  ///
  /// Counts in years that begin in March, so that a leap day is the last of its year, and in cycles of
  /// 400 years (146,097 days), after which the calendar repeats.
  public var components: (year: Int, month: Int, day: Int) {
    let shifted = dayNumber + 719_468  // days since 0000-03-01
    let cycle = shifted.flooredQuotient(by: 146_097)
    let dayOfCycle = shifted - cycle * 146_097
    let yearOfCycle =
      (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
    return (Int(year), Int(month), Int(day))
  }

  public var year: Int { components.year }
  public var month: Int { components.month }
  public var day: Int { components.day }

  /// 0 for Sunday to 6 for Saturday, as cron counts.
  public var weekday: Int { Int((dayNumber + 4).flooredRemainder(by: 7)) }

  /// The first day of this date's month.
  public var startOfMonth: CivilDate { CivilDate(dayNumber: dayNumber - Int64(day) + 1) }

  /// The first day of the month after this date's.
  public var startOfNextMonth: CivilDate {
    let (year, month, _) = components
    return startOfMonth + Int64(Self.days(inMonth: month, ofYear: year))
  }

  /// The first day of the month before this date's.
  public var startOfPreviousMonth: CivilDate { (startOfMonth + -1).startOfMonth }

  public static func + (date: CivilDate, days: Int64) -> CivilDate {
    CivilDate(dayNumber: date.dayNumber + days)
  }

  /// `2026-11-02`.
  public var description: String {
    let (year, month, day) = components
    return "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))"
  }

  /// 28 to 31.
  public static func days(inMonth month: Int, ofYear year: Int) -> Int {
    switch month {
    case 2: isLeap(year: year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  public static func isLeap(year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func dayNumber(year: Int, month: Int, day: Int) -> Int64 {
    let marchYear = Int64(month <= 2 ? year - 1 : year)
    let cycle = marchYear.flooredQuotient(by: 400)
    let yearOfCycle = marchYear - cycle * 400
    let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
    let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
    return cycle * 146_097 + dayOfCycle - 719_468
  }
}

/// What a clock on a wall shows: a date and a second of the day, without a zone.
public struct WallTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var date: CivilDate
  /// 0 to 86,399.
  public var secondOfDay: Int64

  public init(date: CivilDate, secondOfDay: Int64 = 0) {
    self.date = date
    self.secondOfDay = secondOfDay
  }

  /// The reading that lies `seconds` after 1970-01-01 00:00 on the same wall.
  public init(secondsSinceEpoch seconds: Int64) {
    let day = seconds.flooredQuotient(by: 86_400)
    self.init(date: CivilDate(dayNumber: day), secondOfDay: seconds - day * 86_400)
  }

  /// Seconds since 1970-01-01 00:00 on the same wall.
  public var secondsSinceEpoch: Int64 { date.dayNumber * 86_400 + secondOfDay }

  public static func < (left: WallTime, right: WallTime) -> Bool {
    left.secondsSinceEpoch < right.secondsSinceEpoch
  }

  /// `08:05:00`.
  public var timeOfDay: String {
    "\(hourAndMinute):\(Int(secondOfDay % 60).padded(to: 2))"
  }

  /// `08:05`.
  public var hourAndMinute: String {
    "\(Int(secondOfDay / 3600).padded(to: 2)):\(Int(secondOfDay / 60 % 60).padded(to: 2))"
  }

  /// `2026-11-02 08:05`, for people; seconds are shown only where there are any.
  public var description: String {
    "\(date) \(secondOfDay % 60 == 0 ? hourAndMinute : timeOfDay)"
  }
}

extension Int64 {
  func flooredQuotient(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  func flooredRemainder(by divisor: Int64) -> Int64 {
    self - flooredQuotient(by: divisor) * divisor
  }
}

extension Int {
  /// With zeros in front, up to `width` digits.
  func padded(to width: Int) -> String {
    let digits = String(magnitude)
    return (self < 0 ? "-" : "") + String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
