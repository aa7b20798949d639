import LocatedYAML
import Schedules
import Simulation
import Spaces
import Synchronization
import Timelines

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
