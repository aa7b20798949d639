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

  /// What is known of a Space, by its present or a former name.
  func situation(of space: SpaceID) throws -> Situation {
    if let situation = situations.first(where: { $0.space == space }) { return situation }
    let present = try history.spaces().first { $0.formerNames.contains(space) }?.name
    if let situation = situations.first(where: { $0.space == present }) { return situation }
    let nearest = space.nearest(among: situations.map(\.space))
    throw Ending(
      Ending.Status.usage,
      "no Space \(space) was seen" + (nearest.map { "; did you mean \($0)?" } ?? ""))
  }
}

extension Situation {
  /// The clock of its policy.
  var clock: WallClock { WallClock(assignment.policy?.zone ?? .gmt) }
}
