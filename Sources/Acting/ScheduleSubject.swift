public import History
public import Schedules
public import Spaces
public import Timelines

/// Spaces that have one schedule in common: those of a policy, or a Space with holds or times of its own.
public struct ScheduleSubject: Sendable {
  public let schedule: SpaceSchedule
  /// Those that are known, by name; empty where none of the policy has been seen yet.
  public let spaces: [SpaceID]
  /// Whether it differs from its policy's other Spaces.
  public let isSpecial: Bool

  public init(schedule: SpaceSchedule, spaces: [SpaceID], isSpecial: Bool) {
    self.schedule = schedule
    self.spaces = spaces
    self.isSpecial = isSpecial
  }

  /// The policy's name, or that of the one Space.
  public var title: String {
    if isSpecial, let space = spaces.first { return space.description }
    return schedule.policy.name
  }
}

extension Schedules {
  /// The schedules of all policies, and of Spaces that have holds or startup times of their own, as far as
  /// the history knows them. What Spaces' variables ask for is not known without the Hub.
  ///
  /// - Parameter history: nil where there is none yet.
  public func subjects(history: History?, now: Instant) throws -> [ScheduleSubject] {
    var common: [String: [SpaceID]] = [:]
    var special: [String: [ScheduleSubject]] = [:]
    let steps = try history.map { try StepsInForce($0, self, at: now) }
    let holds = Dictionary(
      grouping: try history?.holds().filter { $0.range.upperBound > now } ?? [], by: \.space)
    for space in try history?.spaces() ?? [] where space.state?.stage != .gone {
      guard case .policy(let policy, _) = assignment(of: space.names) else { continue }
      var schedule = SpaceSchedule(policy, holds: (holds[space.name] ?? []).map(\.override))
      schedule.givenUp = steps?.downgrades(of: space.name, recordedAs: space.name, policy) ?? []
      if let history, policy.actsEarly {
        schedule.startup = try history.startupTimes(
          history.intervals(of: space.name), history.actions(on: space.name).map(\.action), at: now)
      }
      if !schedule.isSpecial {
        common[policy.name, default: []].append(space.name)
      } else {
        special[policy.name, default: []].append(
          ScheduleSubject(schedule: schedule, spaces: [space.name], isSpecial: true))
      }
    }
    return policies.flatMap { policy in
      let own = special[policy.name] ?? []
      let others = (common[policy.name] ?? []).sorted()
      guard own.isEmpty || !others.isEmpty else { return own }
      return [ScheduleSubject(schedule: SpaceSchedule(policy), spaces: others, isSpecial: false)] + own
    }
  }
}
