public import Schedules
public import Timelines

/// What a schedule asks for in a range, step by step: the same for all Spaces of a policy, so worked out once.
public struct RuleSteps: Sendable {
  struct Step: Sendable {
    let instant: Instant
    /// What exceptions and holds ask for.
    let overriding: Settings
    /// What rules ask for below them.
    let ruled: Settings
    /// The settings of which this is a boundary; a policy without rules has none at midnight.
    let bounds: [Setting]
    /// Whether it is one of the state, of which each midnight of a policy without rules is a boundary, too.
    let isOfState: Bool

    init(_ instant: Instant, _ desired: Desired, bounds: [Setting], isOfState: Bool) {
      self.instant = instant
      (overriding, ruled) = desired.settingsByKind
      (self.bounds, self.isOfState) = (bounds, isOfState)
    }
  }

  let policy: Policy
  let range: Range<Instant>
  /// The first is the start of the range.
  let steps: [Step]
  /// The latest boundary at the start of the range, or before, of what the policy's idle rule sets, which ended what that had set.
  let idleBoundary: Instant?

  public init(_ schedule: SpaceSchedule, in range: Range<Instant>) {
    policy = schedule.policy
    self.range = range
    let start = range.lowerBound
    func isOfState(_ instant: Instant) -> Bool {
      schedule.latestBoundary(of: .state, atOrBefore: instant)?.instant == instant
    }
    let turns = schedule.turns(in: range)
    let first = turns.first { $0.instant == start }
    // The midnight of a policy without rules changes nothing but where it may end the pause of somebody else.
    let later = turns.filter { turn in
      turn.instant > start
        && (!turn.bounds.isEmpty || turn.desired.state?.value == .running && isOfState(turn.instant))
    }
    steps =
      [
        Step(
          start, first?.desired ?? schedule.desired(at: start), bounds: first?.bounds ?? [],
          isOfState: first != nil && isOfState(start))
      ]
      + later.map {
        Step(
          $0.instant, $0.desired, bounds: $0.bounds,
          isOfState: $0.bounds.contains(.state) || isOfState($0.instant))
      }
    idleBoundary = schedule.policy.idle.flatMap {
      schedule.latestBoundary(ofAny: $0.set.named, atOrBefore: start)
    }
  }

  /// The start of the range and each boundary, in order.
  public var instants: [Instant] { steps.map(\.instant) }

  /// How many boundaries are crossed; a midnight that only may end a pause is none.
  public var boundaries: Int { steps.dropFirst().count { !$0.bounds.isEmpty } }
}
