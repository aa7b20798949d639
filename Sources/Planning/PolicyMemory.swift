import Schedules
import Synchronization

/// What is the same for all Spaces of a policy at one instant, worked out once: in a large fleet nearly all Spaces
/// follow their policy's schedule without holds or startup times of their own.
final class PolicyMemory<Value: Sendable>: Sendable {
  private let known = Mutex<[String: Value]>([:])

  /// - Parameter make: what is remembered, where the schedule is the policy's alone.
  func value(for schedule: SpaceSchedule, _ make: () -> Value) -> Value {
    guard !schedule.isSpecial else { return make() }
    if let value = known.withLock({ $0[schedule.policy.name] }) { return value }
    let value = make()
    known.withLock { $0[schedule.policy.name] = value }
    return value
  }
}
