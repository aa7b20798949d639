import Foundation
import History
import JSON
import Money
import Pricing
import Reports
import Schedules
import Simulation
import Timelines

/// What recommendations would save together: told by the first run of a month (UTC) that knows enough.
struct MonthlyAdvice {
  /// A month of 30 days.
  let saving: Money
  /// On how many Spaces.
  let spaces: Int

  /// Nil where it was told this month, too little is known, or nothing would be saved. On all runs but one a month it
  /// costs a look at one row.
  static func due(
    in history: History, rules: Schedules, prices: PriceTable, now: Instant
  ) async throws -> MonthlyAdvice? {
    let clock = WallClock(.gmt)
    let month = clock.month(at: now).lowerBound
    guard try !history.isAdviceTold(of: month), let first = try history.firstLook(),
      now - first >= Recommendation.leastKnown,
      try history.claimAdvice(of: month, at: now)
    else { return nil }
    let found = try await history.recommendations(
      for: try history.spaces().filter { $0.state?.stage != .gone }, rules: rules, promise: .usual,
      prices: prices, zone: .gmt, now: now)
    let savings = found.compactMap { space -> Money? in
      guard case .found(let recommendation) = space.outcome, recommendation.isBetter else { return nil }
      let saving = recommendation.saving.estimate
      return saving > .zero ? saving : nil
    }
    return savings.isEmpty
      ? nil : MonthlyAdvice(saving: savings.reduce(.zero, +), spaces: savings.count)
  }

  func line(_ currency: String) -> String {
    "recommend: other rules could save about \(NumberText.money(saving)) \(currency) a month on \(NumberText.count(spaces, "Space")): spaceplan recommend"
  }

  var json: JSONValue {
    ["saving_a_month": .string(saving.description), "spaces": .integer(Int64(spaces))]
  }
}
