public import Cron
public import LocatedYAML
public import Timelines

/// A cron expression in the policy's zone, with the settings that hold from each of its firings on.
public struct Rule: Equatable, Sendable {
  public var name: String?
  public var cron: CronExpression
  /// Stands alone: what it lacks comes from the policy's default, not from the rule before.
  public var set: Settings
  /// Only its firings in some weeks count; nil for all.
  public var cycle: WeekCycle?
  /// `from` and `until`: outside of it none of its firings counts. Both ends are boundaries.
  public var validity: Range<Instant>
  /// `ready`: it acts early, so that the Space is up when the rule is due; nil where it acts on time.
  public var lead: Lead?
  public var place: Place

  public init(
    name: String?, cron: CronExpression, set: Settings, cycle: WeekCycle? = nil,
    validity: Range<Instant> = Instant.distantPast..<Instant.distantFuture, lead: Lead? = nil,
    place: Place = .inNoFile
  ) {
    self.name = name
    self.cron = cron
    self.set = set
    self.cycle = cycle
    self.validity = validity
    self.lead = lead
    self.place = place
  }

  /// How people know it: its name, else its cron expression.
  public var label: String { name ?? cron.description }
}

/// How early a rule acts.
public enum Lead: Hashable, Sendable {
  /// As long as the Space took to come up before; see ``StartupTimes``.
  case measured
  /// Seconds, more than 0.
  case fixed(Int64)
}

/// Every n-th week: that of the start, and each n-th after it. Weeks begin on Monday, as in ISO 8601.
public struct WeekCycle: Hashable, Sendable {
  /// 1 or more.
  public let weeks: Int64
  /// What is before this date does not count.
  public let start: CivilDate

  public init(weeks: Int64, from start: CivilDate) {
    self.weeks = weeks
    self.start = start
  }

  public func contains(_ date: CivilDate) -> Bool {
    date >= start && (date.monday.dayNumber - start.monday.dayNumber) / 7 % weeks == 0
  }

  /// The last date of the cycle before the week of a date that is not in it; nil if there is none.
  func lastDate(before date: CivilDate) -> CivilDate? {
    guard date > start else { return nil }
    let weeksBefore = (date.monday.dayNumber - start.monday.dayNumber) / 7 % weeks
    return date.monday + (1 - weeksBefore) * 7 + -1
  }

  /// The first date of the cycle after the week of a date that is not in it.
  func firstDate(after date: CivilDate) -> CivilDate {
    guard date >= start else { return start }
    let weeksBefore = (date.monday.dayNumber - start.monday.dayNumber) / 7 % weeks
    return date.monday + (weeks - weeksBefore) * 7
  }
}

extension CivilDate {
  /// The Monday of its week.
  fileprivate var monday: CivilDate { self + -Int64((weekday + 6) % 7) }
}
