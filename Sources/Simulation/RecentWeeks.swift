import Money
import Timelines

/// Days to come drawn from days of the same weekday in recent weeks.
///
/// A course first draws the few weeks that it is like, newer ones more likely, then each day from one of them: so that
/// a week that was busy throughout makes a course that is. Then it is off by as much as a forecast of one of the past
/// weeks would have been, in either direction: that a few weeks were all cheaper than those before does not tell that
/// the next will be.
struct RecentWeeks {
  /// Each is half as likely as the second after it. Of 1 to 4 weeks, two forecast best. By older
  /// weeks only forecasts of these are judged.
  private static let weights: [Int128] = [1000, 707, 500, 354, 250, 177, 125, 88]
  /// How many weeks a course is like.
  private static let weeksOfCourse = 2

  private let days: [Range<Instant>]
  /// By week, the latest first, then day to come: what it costs if it goes as then.
  private let costs: [[Money]]
  /// By day to come: what it costs at most.
  private let most: [Money]
  /// By day to come: what rules settle of it, or less where it has cost less.
  private let least: [Money]

  /// - Parameters:
  ///   - least: what rules settle of each of the days to come.
  ///   - most: what each costs at most.
  ///   - cost: what the days to come cost if each goes like an earlier one.
  init(_ alike: AnalogDays, least: [Money], most: [Money], cost: ([AnalogDays.Pair]) -> [Money]) {
    days = alike.days
    self.most = most
    costs = alike.weeks.map { zip(cost($0), most).map(min) }
    // People may have made it less.
    self.least = costs.reduce(least) { zip($0, $1).map(min) }
  }

  /// How many weeks are drawn from.
  var count: Int { min(costs.count, Self.weights.count) }

  /// By day to come.
  var expected: [Money] { days.indices.map { expected($0) } }

  /// What a day to come is expected to cost, by weeks from one on.
  private func expected(_ day: Int, from week: Int = 0) -> Money {
    let alike = costs.dropFirst(week).prefix(Self.weights.count)
    guard !alike.isEmpty else { return .zero }
    let sum = zip(alike, Self.weights).reduce(Int128(0)) { $0 + $1.0[day].nanoDollars * $1.1 }
    return Money(nanoDollars: sum).scaled(by: 1, over: Self.weights.prefix(alike.count).reduce(0, +))
  }

  /// By how much a forecast made at the beginning of each recent week, over as many days as are to come, would have
  /// been off: as a part of the larger of both, but for what rules settle.
  private var misses: [(difference: Money, of: Money)] {
    costs.indices.prefix(Self.weights.count).compactMap { week in
      var (actual, forecast) = (Money.zero, Money.zero)
      for day in days.indices where day / 7 <= week {
        actual += costs[week - day / 7][day] - least[day]
        forecast += expected(day, from: week + 1) - least[day]
      }
      return forecast > .zero ? (actual - forecast, max(actual, forecast)) : nil
    }
  }

  /// The same for the same seed.
  func paths(seed: String) -> ForecastPaths {
    var random = SeededGenerator(
      seed: seed.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 })
    let expected = expected
    let misses = misses
    let weights = Self.weights.prefix(count)
    let whole = weights.reduce(0, +)
    func week() -> Int {
      var lot = Int128(UInt64.random(in: 0..<UInt64(whole), using: &random))
      return weights.firstIndex { weight in
        lot -= weight
        return lot < 0
      } ?? 0
    }
    // Each miss as often as another, in either direction.
    let lots = (0..<ForecastPaths.count).shuffled(using: &random)
    let courses = lots.map { lot in
      let weeks = (0..<Self.weeksOfCourse).map { _ in week() }
      let miss = misses.isEmpty ? nil : misses[lot / 2 % misses.count]
      let sign: Int128 = lot % 2 == 0 ? 1 : -1
      // A course may be off to less than rules settle on some days, but not in sum up to any of them; and no day costs
      // more than one on which it is up throughout.
      var carried = Money.zero
      return days.indices.map { day -> Money in
        let drawn = costs[weeks[Int.random(in: 0..<weeks.count, using: &random)]][day]
        guard let miss else { return drawn }
        let off = (expected[day] - least[day]).scaled(
          by: sign * miss.difference.nanoDollars, over: miss.of.nanoDollars)
        let settled = min(drawn, least[day])
        let rest = drawn - settled + off + carried
        carried = min(rest, .zero)
        return min(settled + max(rest, .zero), most[day])
      }
    }
    return ForecastPaths(days: days, expected: expected, courses: courses)
  }
}
