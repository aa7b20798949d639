import Timelines

extension CronExpression {
  /// What the expression means in plain English: `At 08:00, Monday to Friday`.
  public var explanation: String {
    if neverFires { return "Never: no year has such a date" }
    let time = wallMinutes.timeInWords
    let days = wallMinutes.days.inWords ?? (time.hasPrefix("At ") ? "every day" : nil)
    return [time, days, wallMinutes.monthsInWords].compactMap { $0 }.joined(separator: ", ")
  }
}

extension WallMinutes {
  fileprivate var timeInWords: String {
    let minutes = minutes.places
    let hours = hours.places
    if hours.count < 24, minutes.count * hours.count <= 6 {
      let times = hours.flatMap { hour in minutes.map { Self.clock(hour, $0) } }
      return "At " + times.listed
    }
    if let step = Self.step(minutes, of: 60) {
      let every = step == 1 ? "Every minute" : "Every \(step) minutes"
      if hours.count == 24 { return every }
      let spans = hours.runs.map { "\(Self.clock($0.lowerBound, 0)) to \(Self.clock($0.upperBound, 59))" }
      return "\(every) from \(spans.listed)"
    }
    if minutes == [0], let step = Self.step(hours, of: 24) {
      return step == 1 ? "Every hour" : "Every \(step) hours"
    }
    let places = minutes.spans { "\($0)" }
    let ofHours =
      hours.count == 24 ? "every hour" : "hour\(hours.count == 1 ? "" : "s") \(hours.spans { "\($0)" })"
    return "At minute\(minutes.count == 1 ? "" : "s") \(places) of \(ofHours)"
  }

  fileprivate var monthsInWords: String? {
    let names = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
      "November", "December",
    ]
    let months = months.places
    return months.count == 12 ? nil : "in " + months.spans { names[$0 - 1] }
  }

  /// The n of `*/n`, where n divides the whole, so that the steps are even.
  private static func step(_ values: [Int], of whole: Int) -> Int? {
    guard values.count > 1 else { return nil }
    let step = whole / values.count
    return values == Array(stride(from: 0, to: whole, by: step)) && whole % step == 0 ? step : nil
  }

  private static func clock(_ hour: Int, _ minute: Int) -> String {
    WallTime(date: CivilDate(dayNumber: 0), secondOfDay: Int64(hour * 3600 + minute * 60)).hourAndMinute
  }
}

extension DaysOfMonth {
  /// Nil for every day.
  fileprivate var inWords: String? {
    let everyDate = days & 0xFFFF_FFFE == 0xFFFF_FFFE
    let everyWeekday = weekdays == (1 << 35) - 1
    switch (everyDate, everyWeekday) {
    case (true, true): return nil
    case (true, false): return needsBoth ? weekdaysInWords : nil
    case (false, true): return needsBoth ? "on " + datesInWords : nil
    case (false, false):
      return needsBoth
        ? "\(weekdaysInWords), only if it is \(datesInWords)" : "on \(datesInWords), and \(weekdaysInWords)"
    }
  }

  private var datesInWords: String {
    var parts: [String] = []
    let dates = (days & ~1).places
    if !dates.isEmpty { parts.append("the " + dates.spans(Self.ordinal)) }
    if days & 1 != 0 { parts.append("the last day of the month") }
    let near = (nearest & ~1).places
    if !near.isEmpty { parts.append("the Monday-to-Friday day nearest the " + near.spans(Self.ordinal)) }
    if nearest & 1 != 0 { parts.append("the last Monday-to-Friday day of the month") }
    return parts.listed
  }

  private var weekdaysInWords: String {
    let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    let ordinals = ["first", "second", "third", "fourth", "fifth"]
    var parts: [String] = []
    var inEveryWeek: [Int] = []
    for day in 0..<7 {
      let weekday = (day + 1) % 7
      var weeks = (0..<5).filter { weekdays & (1 << UInt64(7 * $0 + weekday)) != 0 }.map { ordinals[$0] }
      if weeks.count == 5 {
        inEveryWeek.append(day)
        weeks = []
      } else if lastWeekdays & (1 << UInt64(weekday)) != 0 {
        weeks.append("last")
      }
      if !weeks.isEmpty { parts.append("the \(weeks.listed) \(names[day]) of the month") }
    }
    if inEveryWeek.count == 1 {
      parts.insert("every " + names[inEveryWeek[0]], at: 0)
    } else if !inEveryWeek.isEmpty {
      parts.insert(inEveryWeek.spans { names[$0] }, at: 0)
    }
    return parts.listed
  }

  private static func ordinal(_ day: Int) -> String {
    let ending =
      switch (day / 10, day % 10) {
      case (1, _): "th"
      case (_, 1): "st"
      case (_, 2): "nd"
      case (_, 3): "rd"
      default: "th"
      }
    return "\(day)\(ending)"
  }
}

extension UInt64 {
  /// The places of the bits that are set, from the lowest.
  fileprivate var places: [Int] { (0..<64).filter { self & (1 << UInt64($0)) != 0 } }
}

extension [Int] {
  /// Stretches of numbers that follow each other.
  fileprivate var runs: [ClosedRange<Int>] {
    reduce(into: []) { runs, value in
      if let last = runs.last, last.upperBound + 1 == value {
        runs[runs.count - 1] = last.lowerBound...value
      } else {
        runs.append(value...value)
      }
    }
  }

  /// `1, 3 and 5 to 8`.
  fileprivate func spans(_ name: (Int) -> String) -> String {
    runs.flatMap { run in
      run.count < 3 ? run.map(name) : ["\(name(run.lowerBound)) to \(name(run.upperBound))"]
    }.listed
  }
}

extension [String] {
  /// `a, b and c`.
  fileprivate var listed: String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}
