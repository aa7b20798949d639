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

    init(_ instant: Instant, of schedule: SpaceSchedule, bounds: [Setting] = []) {
      self.instant = instant
      (overriding, ruled) = schedule.desired(at: instant).settingsByKind
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
    var steps = [Step(range.lowerBound, of: schedule)]
    for boundary in schedule.boundaries(in: range) where boundary.instant > steps[steps.count - 1].instant {
      let instant = boundary.instant
      let bounds = Setting.allCases.filter {
        schedule.latestBoundary(of: $0, atOrBefore: instant, midnight: false)?.instant == instant
      }
      // The midnight of a policy without rules changes nothing in a life that nobody else touches.
      guard !bounds.isEmpty else { continue }
      steps.append(Step(instant, of: schedule, bounds: bounds))
    }
    self.steps = steps
  }

  /// The start of the range and each boundary, in order.
  public var instants: [Instant] { steps.map(\.instant) }

  /// How many boundaries are crossed.
  public var boundaries: Int { steps.count - 1 }
}
