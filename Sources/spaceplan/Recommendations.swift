import Acting
import Foundation
import History
import Pricing
import Schedules
import Simulation
import Spaces
import Timelines

extension History {
  /// What is recommended for Spaces beside the rules that are for them, in their order.
  ///
  /// - Parameters:
  ///   - maxRules: the most rules to propose for a Space.
  ///   - others: hardware that may be proposed beside the present one, see ``Recommendation``.
  ///   - startup: seconds that a start takes where looks leave it open.
  ///   - zone: of windows, where no policy is for a Space.
  func recommendations(
    for spaces: [KnownSpace], rules: Schedules, promise: Promise, maxRules: Int = 4,
    others: [SpaceHardware]? = nil, startup: Int64 = SpaceProgram.usualStartup, prices: PriceTable,
    zone: TimeZone, now: Instant
  ) async throws -> [RecommendResult.Space] {
    let frozen = prices.frozen(at: now)
    return try await onAllCores(spaces) { space in
      (
        past: try past(of: space.name, startup: startup, now: now, prices: prices),
        assignment: rules.assignment(of: space.names)
      )
    } _: { past, assignment in
      RecommendResult.Space(
        past, assignment, promise: promise, rules: maxRules, others: others, prices: frozen, zone: zone,
        now: now)
    }
  }
}

extension RecommendResult.Space {
  /// What is recommended for a Space beside the rules that are for it.
  ///
  /// - Parameters:
  ///   - prices: of one instant.
  ///   - zone: of windows, where no policy is for it.
  init(
    _ past: SpacePast, _ assignment: Assignment, promise: Promise, rules: Int, others: [SpaceHardware]? = nil,
    prices: PriceTable, zone: TimeZone, now: Instant
  ) {
    space = past.space
    let recent = past.usage.hardwareLines(in: now - 30 * 86_400..<now, prices: prices)
    recentCost = recent.charged(isGranted: assignment.isGranted).totalCost.estimate
    if assignment.isGranted {
      outcome = .left("a grant pays for it")
      return
    }
    let hardware = past.states.segments.last { $0.value != nil }?.value?.requestedElseCurrentHardware
    if let reason = assignment.reasonToLeaveAlone(on: hardware) {
      outcome = .left(reason)
      return
    }
    let schedule = assignment.schedule(
      on: hardware, startup: StartupTimes(past.startups, runsEvery: 0))
    do throws(Recommendation.Obstacle) {
      outcome = .found(
        try Recommendation(
          of: past, in: Instant.distantPast..<now,
          current: schedule, promise: promise, rules: rules, others: others,
          prices: prices, zone: assignment.policy?.zone ?? zone, now: now))
    } catch {
      outcome = .left(error.text(at: now))
    }
  }
}

extension Recommendation.Obstacle {
  fileprivate func text(at now: Instant) -> String {
    switch self {
    case .free: "it has run on nothing that costs money"
    case .gone: "the Hub has no such Space any more"
    case .neverSeen: "nobody has looked at it yet: run spaceplan observe, or import history"
    case .tooShort(let until) where until <= now:
      "two weeks have to be known, and nobody has looked for so long: run spaceplan observe, or import history"
    case .tooShort(let until): "two weeks have to be known; enough is on \(until)"
    case .nothingKnown: "nothing is known about its visits: import them, or run observe --activity"
    case .noVisitsKnown(let part):
      "no visit is known from \(part.lowerBound) to \(part.upperBound), but not of all of the time: import visits"
    case .noPrice(let hardware): "\(hardware) has no price"
    }
  }
}
