import Cron
public import Foundation
public import Schedules
public import Spaces
import Timelines

/// Settings for all of the week, with others in windows of it or in the hours of today's rules: what a recommendation
/// proposes.
public struct WeekPlan: Equatable, Sendable {
  /// The days of a window.
  public enum Days: CaseIterable, Sendable {
    case everyDay
    case weekdays
    case weekend

    /// Monday is 0.
    var numbers: [Int] {
      switch self {
      case .everyDay: Array(0..<7)
      case .weekdays: Array(0..<5)
      case .weekend: [5, 6]
      }
    }

    /// As in a cron expression, such as `MON-FRI`.
    public var text: String { Self.text(numbers) }

    /// - Parameter numbers: days that follow each other; after Sunday comes Monday.
    fileprivate static func text(_ numbers: [Int]) -> String {
      let names = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
      if numbers.count == names.count { return "*" }
      return numbers.count > 2
        ? "\(names[numbers[0]])-\(names[numbers[numbers.count - 1]])"
        : numbers.map { names[$0] }.joined(separator: ",")
    }
  }

  /// Hours of some days with settings of their own.
  public struct Window: Hashable, Sendable {
    public let days: Days
    /// 0 to 23.
    public let from: Int
    /// Exclusive, 1 to 24; not all hours of every day.
    public let until: Int
    public let settings: Settings

    package init(days: Days, from: Int, until: Int, settings: Settings) {
      (self.days, self.from, self.until, self.settings) = (days, from, until, settings)
    }

    /// Whether it has an hour, and leaves one out.
    var isPossible: Bool { from >= 0 && from < until && until <= 24 && !(days == .everyDay && isWholeDays) }

    /// Whole days that follow each other are one window.
    public var isWholeDays: Bool { from == 0 && until == 24 }

    /// The days on which it opens, at ``from``.
    var openingDays: [Int] { isWholeDays ? Array(days.numbers.prefix(1)) : days.numbers }

    /// The days on which it closes, and the hour: midnight is that of the next day.
    var closing: (days: [Int], hour: Int) {
      guard until == 24 else { return (days.numbers, until) }
      let next = days.numbers.map { ($0 + 1) % 7 }
      return (isWholeDays ? Array(next.suffix(1)) : next, 0)
    }
  }

  /// Outside of windows: hardware, and a sleep time where it can be set. In ``hours`` a sleep time alone.
  public let settings: Settings
  public let windows: [Window]
  /// On which hardware, in how many copies, today's rules have it when; nil where they don't matter. Then there are no
  /// windows.
  public let hours: HardwareHours?

  public init(_ settings: Settings, windows: [Window] = []) {
    (self.settings, self.windows, hours) = (settings, windows, nil)
  }

  init(sleep: SleepTime, in hours: HardwareHours) {
    (settings, windows, self.hours) = (Settings(sleep: sleep), [], hours)
  }

  /// All of its sleep times, in seconds; a day stands for longer ones and for never.
  var patience: Int64 {
    allSettings.compactMap(\.sleep).reduce(0) { $0 + min($1.length, 86_400) }
  }

  /// The same with an hour more or less of a window, or with another sleep time.
  ///
  /// - Parameter sleeps: the shortest first.
  package func neighbors(sleeps: [SleepTime]) -> [WeekPlan] {
    func others(_ settings: Settings) -> [Settings] {
      guard let sleep = settings.sleep else { return [] }
      return sleeps.filter { $0 != sleep }.map { Settings(sleep: $0).completed(by: settings) }
    }
    var plans = others(settings).map { WeekPlan($0, windows: windows) }
    for (number, window) in windows.enumerated() {
      func with(_ other: Window) -> WeekPlan {
        var windows = windows
        windows[number] = other
        return WeekPlan(settings, windows: windows)
      }
      plans += others(window.settings).map {
        with(Window(days: window.days, from: window.from, until: window.until, settings: $0))
      }
      for (from, until) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
        let other = Window(
          days: window.days, from: window.from + from, until: window.until + until,
          settings: window.settings)
        if other.isPossible { plans.append(with(other)) }
      }
    }
    return plans.filter(\.isPossible)
  }

  /// Whether windows differ from what is outside of them, and no two begin and end at the same midnight.
  private var isPossible: Bool {
    windows.allSatisfy { $0.settings != settings }
      && windows.indices.allSatisfy { index in !windows[..<index].contains(where: windows[index].touches) }
  }

  /// All that it asks for at some time of the week.
  var allSettings: [Settings] {
    if let (settings, rules) = hoursWithSleep { return [settings] + rules.map(\.set) }
    return [settings] + windows.map(\.settings)
  }

  /// Whether it puts a Space on free hardware at other times than today's rules may do.
  var bringsFreeHardware: Bool { hours == nil && allSettings.contains { $0.hardware == .cpuBasic } }

  /// As a policy for one Space.
  public func policy(
    name: String, for space: SpaceID, zone: TimeZone, exceptions: [Exception] = []
  ) -> Policy {
    let (settings, rules) = hoursWithSleep ?? (settings, windowRules)
    return Policy(
      name: name, patterns: [SpacePattern(space)], default: settings, rules: rules, exceptions: exceptions,
      zone: zone)
  }

  private var hoursWithSleep: (default: Settings, rules: [Rule])? {
    hours.map { $0.settings(sleep: settings.sleep ?? .never) }
  }

  /// Each names what it changes.
  private var windowRules: [Rule] {
    windows.flatMap { window -> [Rule] in
      let prefix =
        switch window.days {
        case .everyDay: ""
        case .weekdays: "weekday-"
        case .weekend: "weekend-"
        }
      let isMoved = window.settings.hardware != settings.hardware
      func rule(_ name: String, on days: [Int], at hour: Int, _ settings: Settings) -> Rule? {
        guard let cron = try? CronExpression("0 \(hour) * * \(Days.text(days))") else { return nil }
        return Rule(
          name: prefix + name, cron: cron, set: isMoved ? settings : Settings(sleep: settings.sleep))
      }
      return [
        rule("opening", on: window.openingDays, at: window.from, window.settings),
        rule("closing", on: window.closing.days, at: window.closing.hour, settings),
      ].compactMap(\.self)
    }
  }
}

extension WeekPlan.Window {
  /// Whether one closes at the midnight at which the other opens.
  func touches(_ other: WeekPlan.Window) -> Bool {
    until == 24 && other.from == 0 || other.until == 24 && from == 0
  }
}
