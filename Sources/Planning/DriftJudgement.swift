import Schedules
import Spaces
import Timelines

/// What to do about one setting of a Space whose live value is not the desired one.
enum DriftJudgement: Hashable {
  /// The rules changed, or nobody has applied them yet: move it.
  case apply
  /// Somebody changed it by hand, and what the policy says of that puts it back.
  case putBack(changedAfter: Instant?)
  /// Somebody changed it by hand after the latest boundary: leave it until the next.
  case respect(changedAfter: Instant?)
  /// Somebody changed it by hand, and the policy only wants to know.
  case report(changedAfter: Instant?)

  /// A thermostat, not a fight: what is neither what a run last made or found as desired, nor what is
  /// desired now, was changed by hand. The change counts as made just after the last look that did not see
  /// it, so a boundary between the two looks wins.
  ///
  /// - Parameter cause: what asks for the desired value: a hold is itself a person's wish, and a budget is one of
  ///   who pays; they win over a change before them, which the policy's rules may only report.
  init(
    _ setting: Setting, of situation: Situation, _ schedule: SpaceSchedule, cause: SpaceAction.Cause,
    now: Instant
  ) {
    let changedAfter: Instant?
    if let applied = situation.applied[setting] {
      guard applied != situation.liveValue(of: setting) else {
        self = .apply
        return
      }
      // A change by hand may follow ours before any look has seen ours.
      changedAfter = [situation.lastLookBefore(change: setting), situation.appliedAt[setting]].compactMap(
        \.self
      ).max()
    } else if let missingUntil = situation.missingUntil {
      changedAfter = situation.lastLookBefore(change: setting) ?? missingUntil
    } else {
      self = .apply
      return
    }
    let boundary = schedule.latestBoundary(of: setting, atOrBefore: now)
    let isOver = boundary.map { boundary in changedAfter.map { boundary.instant > $0 } ?? true } ?? false
    switch schedule.policy.drift {
    case .enforce: self = .putBack(changedAfter: changedAfter)
    case .report:
      self = isOver && [.hold, .budget].contains(cause) ? .apply : .report(changedAfter: changedAfter)
    case .untilNextBoundary: self = isOver ? .apply : .respect(changedAfter: changedAfter)
    }
  }
}
