import Cron
public import Foundation
public import Schedules
public import Spaces
import Timelines

/// A sleep time, and others in windows of the week or hours on other hardware: what a recommendation proposes.
public struct SleepPlan: Equatable, Sendable {
  /// The days of a window.
  public enum Days: String, CaseIterable, Sendable {
    case everyDay = "*"
    case weekdays = "MON-FRI"
    case weekend = "SAT,SUN"

    /// Monday is 0.
    func contains(_ day: Int) -> Bool {
      switch self {
      case .everyDay: true
      case .weekdays: day < 5
      case .weekend: day >= 5
      }
    }
  }

  /// Hours of some days with a sleep time of their own.
  public struct Window: Hashable, Sendable {
    public let days: Days
    /// 0 to 22.
    public let from: Int
    /// Exclusive, 1 to 23.
    public let until: Int
    public let sleep: SleepTime
  }

  /// Outside of windows.
  public let sleep: SleepTime
  public let windows: [Window]
  /// Of today's rules; nil for one hardware throughout. Then there are no windows.
  public let hours: HardwareHours?

  public init(sleep: SleepTime, windows: [Window] = []) {
    (self.sleep, self.windows, hours) = (sleep, windows, nil)
  }

  init(sleep: SleepTime, in hours: HardwareHours?) {
    (self.sleep, windows, self.hours) = (sleep, [], hours)
  }

  /// The sleep time in an hour of the week.
  func sleep(in hour: HourOfWeek) -> SleepTime {
    windows.last { $0.days.contains(hour.day) && ($0.from..<$0.until).contains(hour.hour) }?.sleep ?? sleep
  }

  /// As a policy for one Space.
  ///
  /// - Parameter hardware: what it runs on where there are no ``hours``.
  public func policy(name: String, for space: SpaceID, hardware: SpaceHardware, zone: TimeZone) -> Policy {
    if let settings = hours?.settings(sleep: sleep) {
      return Policy(
        name: name, patterns: [SpacePattern(space)], default: settings.default, rules: settings.rules,
        zone: zone)
    }
    let rules = rules.compactMap { rule -> Rule? in
      guard let cron = try? CronExpression(rule.cron) else { return nil }
      return Rule(name: rule.name, cron: cron, set: Settings(sleep: rule.sleep))
    }
    return Policy(
      name: name, patterns: [SpacePattern(space)], default: Settings(hardware: hardware, sleep: sleep),
      rules: rules, zone: zone)
  }

  private var rules: [(name: String, cron: String, sleep: SleepTime)] {
    windows.flatMap { window in
      let (opening, closing) =
        switch window.days {
        case .everyDay: ("opening", "closing")
        case .weekdays: ("weekday-opening", "weekday-closing")
        case .weekend: ("weekend-opening", "weekend-closing")
        }
      return [
        (opening, "0 \(window.from) * * \(window.days.rawValue)", window.sleep),
        (closing, "0 \(window.until) * * \(window.days.rawValue)", sleep),
      ]
    }
  }
}
