import Cron
public import Foundation
public import Schedules
public import Spaces
import Timelines

/// Settings for all of the week, with others in windows of it or in the hours of today's rules: what a recommendation
/// proposes.
public struct WeekPlan: Equatable, Sendable {
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

  /// Hours of some days with settings of their own.
  public struct Window: Hashable, Sendable {
    public let days: Days
    /// 0 to 22.
    public let from: Int
    /// Exclusive, 1 to 23.
    public let until: Int
    public let settings: Settings

    package init(days: Days, from: Int, until: Int, settings: Settings) {
      (self.days, self.from, self.until, self.settings) = (days, from, until, settings)
    }
  }

  /// Outside of windows: hardware, and a sleep time where it can be set. In ``hours`` a sleep time alone.
  public let settings: Settings
  public let windows: [Window]
  /// On which hardware today's rules put it when; nil where they don't matter. Then there are no windows.
  public let hours: HardwareHours?

  public init(_ settings: Settings, windows: [Window] = []) {
    (self.settings, self.windows, hours) = (settings, windows, nil)
  }

  init(sleep: SleepTime, in hours: HardwareHours) {
    (settings, windows, self.hours) = (Settings(sleep: sleep), [], hours)
  }

  /// All that it asks for at some time of the week.
  var allSettings: [Settings] {
    if let (settings, rules) = hoursWithSleep { return [settings] + rules.map(\.set) }
    return [settings] + windows.map(\.settings)
  }

  /// As a policy for one Space.
  public func policy(name: String, for space: SpaceID, zone: TimeZone) -> Policy {
    let (settings, rules) = hoursWithSleep ?? (settings, windowRules)
    return Policy(
      name: name, patterns: [SpacePattern(space)], default: settings, rules: rules, zone: zone)
  }

  private var hoursWithSleep: (default: Settings, rules: [Rule])? {
    hours.map { $0.settings(sleep: settings.sleep ?? .never) }
  }

  /// Each names what it changes.
  private var windowRules: [Rule] {
    windows.flatMap { window -> [Rule] in
      let (opening, closing) =
        switch window.days {
        case .everyDay: ("opening", "closing")
        case .weekdays: ("weekday-opening", "weekday-closing")
        case .weekend: ("weekend-opening", "weekend-closing")
        }
      let isMoved = window.settings.hardware != settings.hardware
      func rule(_ name: String, at hour: Int, _ settings: Settings) -> Rule? {
        guard let cron = try? CronExpression("0 \(hour) * * \(window.days.rawValue)") else { return nil }
        return Rule(name: name, cron: cron, set: isMoved ? settings : Settings(sleep: settings.sleep))
      }
      return [
        rule(opening, at: window.from, window.settings), rule(closing, at: window.until, settings),
      ].compactMap(\.self)
    }
  }
}
