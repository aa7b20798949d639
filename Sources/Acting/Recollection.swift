public import History
public import Planning
public import Schedules
public import Spaces
public import Timelines

extension History {
  /// What was known of a Space at an instant, by what was recorded until then; nil if it had not been seen.
  ///
  /// Nobody can be asked for its log, metrics or variables of that time.
  public func situation(
    of name: SpaceID, at instant: Instant, schedules: Schedules
  ) throws -> Situation? {
    guard let known = try spaces().first(where: { $0.name == name || $0.formerNames.contains(name) }) else {
      return nil
    }
    let intervals = try intervals(of: known.name).compactMap { interval -> Interval? in
      let looks = interval.looks.filter { $0 <= instant }
      return looks.isEmpty ? nil : Interval(state: interval.state, looks: looks)
    }
    guard let live = intervals.last?.state else { return nil }
    var situation = Situation(
      space: known.name, live: live, assignment: schedules.assignment(of: [known.name] + known.formerNames))
    situation.intervals = intervals
    situation.actions = try actions(on: known.name).map(\.action).filter { $0.at <= instant }
    for action in situation.actions where action.outcome == .done && action.cause != nil {
      guard let setting = Setting(action.kind) else { continue }
      situation.applied[setting] = action.settingValue
      situation.appliedAt[setting] = action.at
    }
    // What runs found as desired is in no journal; the latest of it is remembered.
    for applied in try appliedSettings() where applied.space == known.name && applied.at <= instant {
      guard let setting = Setting(rawValue: applied.setting) else { continue }
      situation.applied[setting] = applied.value
      situation.appliedAt[setting] = applied.at
    }
    if let first = intervals.first?.looks.first {
      situation.missingUntil = try lastLook(atOwner: known.name.owner, before: first)
    }
    situation.holds = try holds(of: known.name).filter { $0.from <= instant }.map(\.override)
    situation.mayGoBack = true
    situation.startup = try startupTimes(of: known.name)
    return situation
  }
}
