public import ICalendar
public import LocatedYAML
public import Timelines

/// Settings for fixed times, above the rules: a demo day, holidays.
public struct Exception: Equatable, Sendable {
  public var name: String
  /// In the file's order.
  public var occasions: [Occasion]
  /// Replaces only what it names.
  public var set: Settings
  public var place: Place

  public init(name: String, occasions: [Occasion], set: Settings, place: Place) {
    self.name = name
    self.occasions = occasions
    self.set = set
    self.place = place
  }

  /// Every time of it that shares an instant with a range.
  package func overrides(in range: Range<Instant>, on clock: WallClock) -> [Override] {
    occasions.flatMap { occasion in
      occasion.times(in: range, on: clock).map {
        Override(kind: .exception, name: occasion.name.map { "\(name): \($0)" } ?? name, range: $0, set: set)
      }
    }
  }
}

/// When an exception holds.
public enum Occasion: Equatable, Sendable {
  case range(Range<Instant>)
  /// All of a date, on the policy's clock.
  case day(CivilDate)
  /// The same date of each year that has it.
  case yearly(month: Int, day: Int)
  /// An event of a calendar.
  case event(name: String, Occurrences)

  /// What it is called by itself, as an event of a calendar is.
  var name: String? {
    if case .event(let name, _) = self { name } else { nil }
  }

  /// Every time of it that shares an instant with a range.
  func times(in range: Range<Instant>, on clock: WallClock) -> [Range<Instant>] {
    switch self {
    case .range(let times): return times.overlaps(range) ? [times] : []
    case .day(let date):
      let day = clock.day(date)
      return day.overlaps(range) ? [day] : []
    case .yearly(let month, let day):
      let years = clock.date(at: range.lowerBound).year...clock.date(at: range.upperBound).year
      return years.compactMap { CivilDate(year: $0, month: month, day: day) }.map(clock.day)
        .filter { $0.overlaps(range) }
    case .event(_, let occurrences): return Array(occurrences.overlapping(range))
    }
  }
}
