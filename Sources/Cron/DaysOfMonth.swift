import Timelines

/// Which days of a month a cron expression names, for any month, as sets of bits.
struct DaysOfMonth: Hashable, Sendable {
  /// Bit d is day d; bit 0 is `L`, the last day.
  var days: UInt64 = 0
  /// Bit d is `dW`, the Monday-to-Friday day nearest day d; bit 0 is `LW`, the one nearest the last day.
  var nearest: UInt64 = 0
  /// Bit 7(n−1)+d is `d#n`, the n-th weekday d of the month; a weekday alone is all five of them.
  var weekdays: UInt64 = 0
  /// Bit d is `dL`, the last weekday d of the month.
  var lastWeekdays: UInt64 = 0
  /// Whether both fields must match (one of them starts with `*`); else one is enough.
  var needsBoth = false

  /// One in each group of seven bits, for the five weeks that a month touches at most.
  static let everyWeek: UInt64 = 0b0000001_0000001_0000001_0000001_0000001

  /// The matching days as bits 1 to 31.
  /// - Parameters:
  ///   - length: the month's, 28 to 31.
  ///   - first: the weekday of its first day, 0 for Sunday to 6.
  func matching(length: Int, firstWeekday first: Int) -> UInt64 {
    let inMonth = (UInt64(2) << UInt64(length)) - 2
    let last = UInt64(1) << UInt64(length)
    let byDate = days & inMonth | (days & 1 != 0 ? last : 0) | workdays(inMonth, last, first)
    let byWeekday =
      Self.onDays(weekdays, first) & inMonth
      | Self.onDays(lastWeekdays &* Self.everyWeek, first) & inMonth & (0b1111111 << UInt64(length - 6))
    return needsBoth ? byDate & byWeekday : byDate | byWeekday
  }

  /// Saturdays go to Friday and Sundays to Monday, but never out of the month.
  private func workdays(_ inMonth: UInt64, _ last: UInt64, _ first: Int) -> UInt64 {
    guard nearest != 0 else { return 0 }
    let wanted = nearest & inMonth | (nearest & 1 != 0 ? last : 0)
    let saturdays = wanted & Self.onDays(Self.everyWeek << 6, first)
    let sundays = wanted & Self.onDays(Self.everyWeek, first)
    let firstDay: UInt64 = 0b10
    return wanted & ~saturdays & ~sundays
      | (saturdays & ~firstDay) >> 1 | (saturdays & firstDay) << 2
      | (sundays & ~last) << 1 | (sundays & last) >> 2
  }

  /// Turns groups of seven bits that begin with Sunday into groups that begin with the month's first day,
  /// and moves them up, so that bit d is day d.
  private static func onDays(_ weeks: UInt64, _ first: Int) -> UInt64 {
    let early = everyWeek &* (0b1111111 >> UInt64(first))
    let turned = (weeks >> UInt64(first)) & early | (weeks << UInt64(7 - first)) & ~early
    return turned << 1
  }

  /// Whether no month of the given ones (bits 1 to 12) has a matching day, whatever the year: all fourteen
  /// calendars, leap or not and from any weekday, occur within 400 years.
  func isEmpty(inMonths months: UInt64) -> Bool {
    for month in 1...12 where months & (1 << UInt64(month)) != 0 {
      for year in [2023, 2024] {
        let length = CivilDate.days(inMonth: month, ofYear: year)
        for first in 0..<7 where matching(length: length, firstWeekday: first) != 0 { return false }
      }
    }
    return true
  }
}
