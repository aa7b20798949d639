import LocatedYAML
import Planning
import Schedules
import Simulation
import Spaces
import Synchronization
import Timelines

/// The present rules and others, for a simulation.
struct FleetRules: Sendable {
  let current: Schedules
  let proposed: Schedules
  /// Over the other rules.
  let settings: [SettingsArgument]
  let range: Range<Instant>

  /// Whether a Space is to be simulated.
  func concerns(_ names: [SpaceID], policy: String?) -> Bool {
    let policies = [current, proposed].compactMap { $0.assignment(of: names).policy?.name }
    if let policy { return policies.contains(policy) }
    return !policies.isEmpty
      || settings.contains { argument in names.first.map(argument.pattern.matches) ?? false }
  }

  /// The schedules of a Space; nil where nothing may be changed.
  func sides(
    for names: [SpaceID], _ past: SpacePast
  ) -> (current: SpaceSchedule?, proposed: SpaceSchedule?, isGranted: Bool) {
    let startup = StartupTimes(seconds: past.program.startups)
    // One that somebody took off ZeroGPU is like any other from then on.
    let asked = past.states.clipped(to: range).segments.compactMap { $0.value?.requestedElseCurrentHardware }
    let hardware = asked.first { $0 != .zeroA10G } ?? asked.first
    var proposed = proposed.assignment(of: names).schedule(on: hardware, startup: startup)
    for argument in settings where names.first.map(argument.pattern.matches) ?? false {
      var schedule =
        proposed
        ?? SpaceSchedule(
          Policy(name: "--set", patterns: [argument.pattern], place: Place(file: "--set", line: 1, column: 1))
        )
      schedule.holds.append(
        Override(kind: .hold, name: "--set", range: range, set: argument.settings))
      proposed = schedule
    }
    let current = current.assignment(of: names)
    return (
      current.schedule(on: hardware, startup: startup), proposed, current.policy?.isGranted ?? false
    )
  }
}

/// Steps that are worked out already: Spaces of one policy mostly have the same.
final class StepMemory: Sendable {
  private struct Key: Hashable {
    let policy: String
    let place: Place
    let holds: [Override]
    let startup: StartupTimes
    let range: Range<Instant>
  }

  private let known = Mutex<[Key: RuleSteps]>([:])

  func steps(of schedule: SpaceSchedule?, in range: Range<Instant>) -> RuleSteps? {
    guard let schedule else { return nil }
    let key = Key(
      policy: schedule.policy.name, place: schedule.policy.place, holds: schedule.holds,
      startup: schedule.startup, range: range)
    if let steps = known.withLock({ $0[key] }) { return steps }
    let steps = RuleSteps(schedule, in: range)
    known.withLock { $0[key] = steps }
    return steps
  }
}

/// `acme/chat:sleep=15m,hardware=t4-small`: settings for Spaces, from the command line.
struct SettingsArgument: Sendable {
  let pattern: SpacePattern
  private(set) var settings = Settings()

  init(_ text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw Self.invalid("'\(text)' is not a Space and settings, such as acme/chat:sleep=15m")
    }
    pattern = try parsed(parts[0], option: "--set") { try SpacePattern($0) }
    for setting in parts[1].split(separator: ",") {
      let pair = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { throw Self.invalid("'\(setting)' is not a setting, such as sleep=15m") }
      try take(pair[0], pair[1])
    }
  }

  private mutating func take(_ key: String, _ value: String) throws {
    switch key {
    case "hardware": settings.hardware = SpaceHardware(rawValue: value)
    case "sleep": settings.sleep = try parsed(value, option: "--set") { try SleepTime(ruleText: $0) }
    case "state":
      guard let state = DesiredState(rawValue: value) else {
        throw Self.invalid("'\(value)' is no state: running or paused")
      }
      settings.state = state
    case "replicas":
      guard let count = Int(value), count >= 1 else {
        throw Self.invalid("'\(value)' is no number of replicas, 1 or more")
      }
      settings.replicas = count
    default: throw Self.invalid("'\(key)' is none of hardware, sleep, state and replicas")
    }
  }

  private static func invalid(_ text: String) -> Ending { Ending(Ending.Status.usage, "--set: \(text)") }
}
