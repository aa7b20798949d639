import Money
import Pricing
import Reports
import Schedules
import Simulation
import Spaces
import Timelines

/// Recommendations for people, programs and rule files.
struct RecommendResult {
  struct Space: Sendable {
    enum Outcome: Sendable {
      case found(Recommendation)
      /// Why there is none.
      case left(String)
    }

    let space: SpaceID
    let outcome: Outcome
    /// Of its hardware, in the last 30 days; nothing where a grant pays.
    var recentCost = Money.zero
  }

  /// Of each day; recommendations are at those of now.
  let prices: PriceTable
  let now: Instant
  let compares: Bool
  /// Options by which a simulation sees the same, such as `--database copy.sqlite`.
  let options: [String]
  /// Of the one Space that was asked about, where it was only one.
  let pictures: PictureSection?
  /// Those that save most first, then the others by name.
  let found: [Recommendation]
  /// The dearest first, then by name.
  let left: [(space: SpaceID, why: String, recentCost: Money)]

  init(
    spaces: [Space], prices: PriceTable, now: Instant, compares: Bool, options: [String],
    pictures: PictureSection? = nil
  ) {
    self.prices = prices
    self.now = now
    self.options = options
    self.compares = compares
    self.pictures = pictures
    found = spaces.compactMap { space in
      guard case .found(let recommendation) = space.outcome else { return nil }
      return recommendation
    }.sorted { a, b in
      if a.isBetter != b.isBetter { return a.isBetter }
      return (b.saving.estimate, a.space) < (a.saving.estimate, b.space)
    }
    left = spaces.compactMap { space in
      guard case .left(let why) = space.outcome else { return nil }
      return (space.space, why, space.recentCost)
    }.sorted { ($1.recentCost, $0.space) < ($0.recentCost, $1.space) }
  }

  var currency: String { prices.currency }

  /// What is to be written.
  var better: [Recommendation] { found.filter(\.isBetter) }
}

extension Recommendation {
  /// To paste; exceptions are of its zone, too.
  var yaml: String { policy.yaml(namesZone: !exceptions.isEmpty) }
}
