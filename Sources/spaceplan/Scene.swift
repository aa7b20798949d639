import Acting
import History
import Planning
import Pricing
import Schedules
import Spaces
import Timelines

/// One look at the Hub, on which a command decides what to ask for.
struct Scene: Sendable {
  /// A private copy for a dry run.
  let history: History
  let rules: Schedules
  let prices: PriceTable
  let runner: Runner
  let fleet: Fleet
  let situations: [Situation]
  let now: Instant
  let isDryRun: Bool

  var planner: Planner { Planner(prices: prices, now: now) }

  /// What is known of a Space, by its present or a former name, with what its own variables ask for.
  func situation(of space: SpaceID) async throws -> Situation {
    var found = [try situations.of(space, in: fleet)]
    try await runner.readOrders(for: &found, of: fleet)
    return found[0]
  }
}

extension Situation {
  /// The clock of its policy.
  var clock: WallClock { WallClock(assignment.policy?.zone ?? .gmt) }
}
