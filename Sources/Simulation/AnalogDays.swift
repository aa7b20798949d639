import Timelines

/// Days to come, and the days of recent weeks that each may go like: of the same weekday, and over.
struct AnalogDays {
  /// The most weeks that are looked back on.
  private static let most = 16

  /// A day to come, and how many seconds before it began the one that it may go like.
  struct Pair {
    let day: Range<Instant>
    let shift: Int64

    /// The part of the earlier day that is as long as what is left of the one to come.
    var earlier: Range<Instant> { day.lowerBound - shift..<day.upperBound - shift }
  }

  let days: [Range<Instant>]
  /// The latest week first, in each the days to come in order. At least one week.
  private(set) var weeks: [[Pair]]

  /// - Parameters:
  ///   - days: in order; the first may have begun.
  ///   - end: until when it is known what happened, and for how many seconds.
  ///   - clock: of the days.
  ///   - rulesClock: by which rules and people live: the same hours of it are alike, also across its changes.
  init(
    _ days: [Range<Instant>], at end: Instant, recorded: Int64, clock: WallClock, rulesClock: WallClock
  ) {
    let today = clock.date(at: end)
    // Whole days alone: the day before is the latest, and the day of the first look is none.
    let first = clock.date(at: end - recorded) + 1
    let count = min(Self.most, max(1, Int(today.dayNumber - first.dayNumber) / 7))
    self.days = days
    weeks = (0..<count).map { week in
      days.map { day in
        let date = clock.date(at: day.lowerBound)
        let weeks = (date.dayNumber - today.dayNumber) / 7 + 1 + Int64(week)
        let seconds = weeks * 7 * 86_400
        // On the day of a change most of it comes after that.
        let noon = day.lowerBound + day.seconds / 2
        let change = rulesClock.offset(at: noon) - rulesClock.offset(at: noon - seconds)
        return Pair(day: day, shift: seconds - change)
      }
    }
  }

  /// In place of days that were exceptional for a hundredth of the time, those of the week before that were not, else
  /// of the week after; as they were where all were.
  func avoiding(_ isExceptional: Timeline<Bool>) -> AnalogDays {
    func isUsual(_ pair: Pair) -> Bool {
      let seconds = isExceptional.clipped(to: pair.earlier).integrate(into: Int64(0)) {
        if $1.value { $0 += $1.range.seconds }
      }
      return seconds * 100 < pair.earlier.seconds
    }
    var usual = self
    for day in days.indices {
      let isUsual = weeks.map { isUsual($0[day]) }
      guard isUsual.contains(false) else { continue }
      for week in weeks.indices where !isUsual[week] {
        let other = isUsual[week...].firstIndex(of: true) ?? isUsual[..<week].lastIndex(of: true)
        if let other { usual.weeks[week][day] = weeks[other][day] }
      }
    }
    return usual
  }
}
