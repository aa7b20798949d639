import History
import LocatedYAML
import Planning
import Schedules
import Simulation
import Spaces
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
    let policies = [current, proposed].flatMap { $0.assignment(of: names).policies.map(\.name) }
    if let policy { return policies.contains(policy) }
    return !policies.isEmpty
      || settings.contains { argument in names.first.map(argument.pattern.matches) ?? false }
  }

  /// Whom no run changes, whatever rules or `--set` ask for.
  func notes(on spaces: [KnownSpace]) -> [String] {
    spaces.flatMap { space in
      func reason(_ rules: Schedules) -> String? {
        rules.assignment(of: space.names).reasonToLeaveAlone(on: space.state?.requestedElseCurrentHardware)
      }
      func conflict(_ title: String, _ rules: Schedules) -> String? {
        guard case .conflict = rules.assignment(of: space.names) else { return nil }
        return reason(rules).map { "the \(title) rules leave \(space.name) alone: \($0)" }
      }
      guard settings.contains(where: { $0.pattern.matches(space.name) }) else {
        return [conflict("present", current), conflict("new", proposed)].compactMap(\.self)
      }
      let asked = reason(proposed)
      // Without new rules both are one, and so is the reason.
      return [
        asked == reason(current) ? nil : conflict("present", current),
        asked.map { "no run would do what --set asks of \(space.name): \($0)" },
      ].compactMap(\.self)
    }
  }

  /// The schedules of a Space; nil where nothing may be changed.
  func sides(
    for names: [SpaceID], _ past: SpacePast
  ) -> (current: SpaceSchedule?, proposed: SpaceSchedule?, isGranted: Bool) {
    let startup = StartupTimes(past.startups, runsEvery: 0)
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
    return (current.schedule(on: hardware, startup: startup), proposed, current.isGranted)
  }
}
