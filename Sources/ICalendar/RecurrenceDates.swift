import Timelines

/// The dates on which an event begins, from its first on.
///
/// A rule without times of day says of each month which of its days it gives, as a set of bits. So the next
/// and the latest date are found by going from month to month, wherever one begins to look.
struct RecurrenceDates: Hashable, Sendable {
  let first: CivilDate
  /// No date is later.
  private(set) var last: CivilDate
  private let rule: RecurrenceRule?
  private let firstMonth: CalendarMonth
  private var lastMonth: CalendarMonth

  /// One date.
  init(_ date: CivilDate) {
    first = date
    last = date
    rule = nil
    firstMonth = CalendarMonth(date)
    lastMonth = firstMonth
  }

  /// The first date counts even if it is not one of the rule's. A rule that gives no other for 400 years, after
  /// which the calendar repeats, gives none; one whose COUNT goes on for longer goes on for ever.
  /// - Parameter years: how many may be searched; less those that were.
  init(_ rule: RecurrenceRule, from first: CivilDate, years: inout Int) throws(InvalidValue) {
    self.first = first
    self.rule = rule.completed(by: first)
    last = min(first + 146_097, Self.endless)
    firstMonth = CalendarMonth(first)
    lastMonth = CalendarMonth(last)

    let end: CivilDate?
    let searched: CivilDate
    if let second = next(onOrAfter: first + 1) {
      end = rule.count.flatMap(self.end)
      searched = rule.count == nil ? second : end ?? last
    } else {
      (end, searched) = (first, last)
    }
    years -= searched.year - firstMonth.year
    last = end ?? Self.endless
    lastMonth = CalendarMonth(last)
    guard years >= 0 else {
      throw InvalidValue(
        "the rules up to this one go on for too many years to be counted",
        hint: "leave out COUNT where an event goes on for ever")
    }
  }

  private static let endless = CivilDate(dayNumber: Instant.distantFuture.secondsSince1970 / 86_400)

  /// Whether the rule gives the first date too.
  var rulesFirst: Bool {
    rule.map { $0.days(of: firstMonth, from: firstMonth, first).contains(first.day) } ?? true
  }

  /// Those of them that are not after a date.
  func until(_ date: CivilDate) -> RecurrenceDates {
    var dates = self
    dates.last = min(last, date)
    dates.lastMonth = CalendarMonth(dates.last)
    return dates
  }

  func next(onOrAfter date: CivilDate) -> CivilDate? {
    let date = max(date, first)
    guard date <= last else { return nil }
    var month = CalendarMonth(date)
    var days = days(of: month).notBefore(date.day)
    while days.isEmpty, month < lastMonth {
      month = month.next
      days = self.days(of: month)
    }
    return days.first.map { month.firstDate + Int64($0 - 1) }
  }

  func latest(onOrBefore date: CivilDate) -> CivilDate? {
    let date = min(date, last)
    guard date >= first else { return nil }
    var month = CalendarMonth(date)
    var days = days(of: month).notAfter(date.day)
    while days.isEmpty, firstMonth < month {
      month = month.previous
      days = self.days(of: month)
    }
    return days.last.map { month.firstDate + Int64($0 - 1) }
  }

  /// The last of so many dates; nil if there are fewer.
  private func end(_ count: Int) -> CivilDate? {
    var rest = count
    var month = firstMonth
    while month <= lastMonth {
      var days = days(of: month)
      while rest < days.count { days.removeLast() }
      rest -= days.count
      if rest == 0 { return days.last.map { month.firstDate + Int64($0 - 1) } }
      month = month.next
    }
    return nil
  }

  private func days(of month: CalendarMonth) -> DaysOfMonth {
    var days = rule?.days(of: month, from: firstMonth, first) ?? .none
    if month == firstMonth {
      days = days.notBefore(first.day)
      days.insert(first.day)
    }
    return month == lastMonth ? days.notAfter(last.day) : days
  }
}

extension RecurrenceRule {
  /// With what the rule leaves to its first date.
  fileprivate func completed(by first: CivilDate) -> RecurrenceRule {
    var rule = self
    switch frequency {
    case .daily: break
    case .weekly: if weekdays.isEmpty { rule.weekdays = [Weekday(day: first.weekday)] }
    case .monthly, .yearly:
      guard weekdays.isEmpty, monthDays.isEmpty else { break }
      rule.monthDays = [first.day]
      if frequency == .yearly, months.isEmpty { rule.months = [first.month] }
    }
    return rule
  }

  /// The days of a month that the rule gives, without regard to its end, and to dates before its first.
  fileprivate func days(
    of month: CalendarMonth, from start: CalendarMonth, _ first: CivilDate
  ) -> DaysOfMonth {
    guard months.isEmpty || months.contains(month.month) else { return .none }
    switch frequency {
    case .yearly: guard (month.year - start.year) % interval == 0 else { return .none }
    case .monthly: guard (month.number - start.number) % interval == 0 else { return .none }
    case .daily, .weekly: break
    }
    let length = month.length
    let firstDate = month.firstDate
    var days = DaysOfMonth(1...length)
    if !monthDays.isEmpty {
      days.formIntersection(DaysOfMonth(monthDays.lazy.map { $0 > 0 ? $0 : length + 1 + $0 }))
    }
    if !weekdays.isEmpty {
      var given = DaysOfMonth.none
      for weekday in weekdays { given.formUnion(self.days(weekday, of: month, from: firstDate)) }
      days.formIntersection(given)
    }
    if interval > 1, frequency == .daily || frequency == .weekly {
      let unit = frequency == .daily ? 1 : 7
      let anchor = frequency == .daily ? first : first + -Int64((first.weekday - weekStart + 7) % 7)
      let step = unit * interval
      let passed = Int(firstDate.dayNumber - anchor.dayNumber) % step
      // The last unit that began on the first of the month or before, then each that counts.
      var given = DaysOfMonth.none
      for day in stride(from: 1 - (passed < 0 ? passed + step : passed), through: length, by: step) {
        given.formUnion(DaysOfMonth(day..<(day + unit)))
      }
      days.formIntersection(given)
    }
    return positions.isEmpty ? days : days.at(positions)
  }

  private func days(_ weekday: Weekday, of month: CalendarMonth, from firstDate: CivilDate) -> DaysOfMonth {
    // The period within which days are numbered, as days of this month.
    var period = 1...month.length
    if frequency == .yearly, months.isEmpty {
      let yearStart = 1 - month.daysBefore
      period = yearStart...(yearStart + (CivilDate.isLeap(year: month.year) ? 365 : 364))
    }
    func first(onOrAfter day: Int) -> Int {
      day + (weekday.day - (firstDate + Int64(day - 1)).weekday + 7) % 7
    }
    guard let ordinal = weekday.ordinal else {
      return DaysOfMonth(stride(from: first(onOrAfter: 1), through: month.length, by: 7))
    }
    let day =
      ordinal > 0
      ? first(onOrAfter: period.lowerBound) + 7 * (ordinal - 1)
      : first(onOrAfter: period.upperBound - 6) + 7 * (ordinal + 1)
    return DaysOfMonth(period.contains(day) && (1...month.length).contains(day) ? [day] : [])
  }
}

/// A month of a year.
private struct CalendarMonth: Hashable, Comparable {
  let year: Int
  /// 1 to 12.
  let month: Int
  let firstDate: CivilDate

  private init(year: Int, month: Int, firstDate: CivilDate) {
    self.year = year
    self.month = month
    self.firstDate = firstDate
  }

  init(_ date: CivilDate) {
    let (year, month, day) = date.components
    self.init(year: year, month: month, firstDate: date + Int64(1 - day))
  }

  /// Months in a row have numbers in a row.
  var number: Int { year * 12 + month }
  var length: Int { CivilDate.days(inMonth: month, ofYear: year) }
  /// Days of the year before the month.
  var daysBefore: Int { (1..<month).reduce(0) { $0 + CivilDate.days(inMonth: $1, ofYear: year) } }

  var next: CalendarMonth {
    CalendarMonth(
      year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1,
      firstDate: firstDate + Int64(length))
  }

  var previous: CalendarMonth { CalendarMonth(firstDate + -1) }

  static func < (left: CalendarMonth, right: CalendarMonth) -> Bool { left.firstDate < right.firstDate }
}

/// A set of days of a month, 1 to 31, a bit each.
private struct DaysOfMonth {
  private var bits: UInt32 = 0

  init(_ days: some Sequence<Int>) {
    for day in days where (1...31).contains(day) { insert(day) }
  }

  static let none = DaysOfMonth(EmptyCollection())

  var isEmpty: Bool { bits == 0 }
  var count: Int { bits.nonzeroBitCount }
  var first: Int? { isEmpty ? nil : bits.trailingZeroBitCount }
  var last: Int? { isEmpty ? nil : 31 - bits.leadingZeroBitCount }

  func contains(_ day: Int) -> Bool { bits & (1 << UInt32(day)) != 0 }
  mutating func insert(_ day: Int) { bits |= 1 << UInt32(day) }
  mutating func removeLast() { self = last.map { notAfter($0 - 1) } ?? self }
  mutating func formUnion(_ other: DaysOfMonth) { bits |= other.bits }
  mutating func formIntersection(_ other: DaysOfMonth) { bits &= other.bits }

  func notBefore(_ day: Int) -> DaysOfMonth {
    var days = self
    days.bits &= UInt32.max << UInt32(day)
    return days
  }

  func notAfter(_ day: Int) -> DaysOfMonth {
    var days = self
    days.bits &= UInt32.max >> UInt32(31 - day)
    return days
  }

  /// Those at the given places, from the first (1) or from the last (-1).
  func at(_ positions: [Int]) -> DaysOfMonth {
    let days = (1...31).filter(contains)
    return DaysOfMonth(
      positions.compactMap { position in
        let index = position > 0 ? position - 1 : days.count + position
        return days.indices.contains(index) ? days[index] : nil
      })
  }
}
