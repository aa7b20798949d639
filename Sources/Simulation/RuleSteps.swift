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

    init(_ instant: Instant, _ desired: Desired, bounds: [Setting] = []) {
      self.instant = instant
      (overriding, ruled) = desired.settingsByKind
      self.bounds = bounds
    }
  }

  let policy: Policy
  let range: Range<Instant>
  /// The first is the start of the range.
  let steps: [Step]

  public init(_ schedule: SpaceSchedule, in range: Range<Instant>) {
    policy = schedule.policy
    self.range = range
    // The midnight of a policy without rules changes nothing in a life that nobody else touches.
    let later = schedule.turns(in: range).filter { $0.instant > range.lowerBound && !$0.bounds.isEmpty }
    steps =
      [Step(range.lowerBound, schedule.desired(at: range.lowerBound))]
      + later.map { Step($0.instant, $0.desired, bounds: $0.bounds) }
  }

  /// The start of the range and each boundary, in order.
  public var instants: [Instant] { steps.map(\.instant) }

  /// How many boundaries are crossed.
  public var boundaries: Int { steps.count - 1 }
}
