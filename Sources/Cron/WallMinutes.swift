import Timelines

/// The wall minutes that a cron expression names, whatever the zone, and the search among them: by months,
/// then by the bits of days, hours and minutes.
struct WallMinutes: Hashable, Sendable {
  /// Bits 0 to 59.
  var minutes: UInt64 = 0
  /// Bits 0 to 23.
  var hours: UInt64 = 0
  /// Bits 1 to 12.
  var months: UInt64 = 0
  var days = DaysOfMonth()

  /// The first matching minute that does not begin before a wall second.
  /// - Parameter lastDay: the number of the last date to look at.
  /// - Returns: its beginning as a wall second, or nil if there is none up to that date.
  func first(from wallSecond: Int64, lastDay: Int64) -> Int64? {
    let wall = WallTime(secondsSinceEpoch: wallSecond + 59)
    var month = MonthOfDays(wall.date)
    let today = UInt64(1) << UInt64(month.day)
    var left = days(of: month)
    if left & today != 0, let time = firstTime(from: Int(wall.secondOfDay / 60)) {
      return wall.date.dayNumber * 86_400 + time
    }
    left &= ~(today | (today - 1))
    while left == 0 {
      month.advance()
      guard month.firstDay <= lastDay else { return nil }
      left = days(of: month)
    }
    let day = month.firstDay + Int64(left.trailingZeroBitCount) - 1
    guard day <= lastDay, let time = firstTime(from: 0) else { return nil }
    return day * 86_400 + time
  }

  /// The last matching minute that begins at or before a wall second.
  /// - Parameter firstDay: the number of the earliest date to look at.
  /// - Returns: its beginning as a wall second, or nil if there is none down to that date.
  func last(through wallSecond: Int64, firstDay: Int64) -> Int64? {
    let wall = WallTime(secondsSinceEpoch: wallSecond)
    var month = MonthOfDays(wall.date)
    let today = UInt64(1) << UInt64(month.day)
    var left = days(of: month)
    if left & today != 0, let time = lastTime(through: Int(wall.secondOfDay / 60)) {
      return wall.date.dayNumber * 86_400 + time
    }
    left &= today - 1
    while left == 0 {
      guard month.firstDay > firstDay else { return nil }
      month.goBack()
      left = days(of: month)
    }
    let day = month.firstDay + Int64(left.highestBit) - 1
    guard day >= firstDay, let time = lastTime(through: 1439) else { return nil }
    return day * 86_400 + time
  }

  private func days(of month: MonthOfDays) -> UInt64 {
    guard months & (1 << UInt64(month.month)) != 0 else { return 0 }
    return days.matching(
      length: month.length, firstWeekday: CivilDate(dayNumber: month.firstDay).weekday)
  }

  /// The second of the day of the first matching minute from a minute of the day on.
  private func firstTime(from minuteOfDay: Int) -> Int64? {
    let hour = UInt64(minuteOfDay / 60)
    if hours & (1 << hour) != 0 {
      let left = minutes >> UInt64(minuteOfDay % 60)
      if left != 0 { return Int64(minuteOfDay + left.trailingZeroBitCount) * 60 }
    }
    let left = hours >> (hour + 1)
    guard left != 0 else { return nil }
    return Int64((Int(hour) + 1 + left.trailingZeroBitCount) * 60 + minutes.trailingZeroBitCount) * 60
  }

  /// The second of the day of the last matching minute up to and with a minute of the day.
  private func lastTime(through minuteOfDay: Int) -> Int64? {
    let hour = UInt64(minuteOfDay / 60)
    if hours & (1 << hour) != 0 {
      let left = minutes & ((2 << UInt64(minuteOfDay % 60)) - 1)
      if left != 0 { return (Int64(hour) * 60 + Int64(left.highestBit)) * 60 }
    }
    let left = hours & ((1 << hour) - 1)
    guard left != 0 else { return nil }
    return Int64(left.highestBit * 60 + minutes.highestBit) * 60
  }
}

/// A month as a stretch of day numbers, to go through months without reckoning each anew.
private struct MonthOfDays {
  private var year: Int
  private(set) var month: Int
  /// The day of the date from which it was made.
  let day: Int
  private(set) var firstDay: Int64
  private(set) var length: Int

  init(_ date: CivilDate) {
    (year, month, day) = date.components
    firstDay = date.dayNumber - Int64(day) + 1
    length = CivilDate.days(inMonth: month, ofYear: year)
  }

  mutating func advance() {
    firstDay += Int64(length)
    (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
    length = CivilDate.days(inMonth: month, ofYear: year)
  }

  mutating func goBack() {
    (year, month) = month == 1 ? (year - 1, 12) : (year, month - 1)
    length = CivilDate.days(inMonth: month, ofYear: year)
    firstDay -= Int64(length)
  }
}

extension UInt64 {
  /// The place of the highest bit that is set; the value is not 0.
  fileprivate var highestBit: Int { 63 - leadingZeroBitCount }
}
