import Money
import Timelines

/// Days to come drawn from days of the same weekday in recent weeks.
///
/// A course first draws the few weeks that it is like, newer ones more likely, then each day from one of them: so that
/// a week that was busy throughout makes a course that is. Then it is off by as much as a forecast of one of the past
/// weeks would have been.
struct RecentWeeks {
  /// The most that are looked back on.
  private static let most = 8
  /// Each is half as likely as the second after it. Of 1 to 4 weeks, two forecast best (`Benchmarks/README.md`).
  private static let weights: [Int128] = [1000, 707, 500, 354, 250, 177, 125, 88]
  /// How many weeks a course is like.
  private static let weeksOfCourse = 2

  /// How many weeks are drawn from.
  let count: Int
  private let days: [Range<Instant>]
  /// By day to come, then week, the latest first: what it costs if it goes as then.
  private let costs: [[Money]]
  /// What happened in past weeks against what would have been forecast, as fractions.
  private let misses: [(actual: Money, forecast: Money)]

  /// - Parameter known: seconds of history, at least two weeks.
  init(_ pattern: BilledPattern, days: [Range<Instant>], now: Instant, known: Int64, clock: WallClock) {
    let today = clock.date(at: now)
    // Whole days alone: yesterday is the latest, and the day of the first look is none.
    let first = clock.date(at: now - known) + 1
    let count = min(Self.most, max(1, Int(today.dayNumber - first.dayNumber) / 7))
    self.count = count
    self.days = days
    costs = days.map { day in
      let date = clock.date(at: day.lowerBound)
      // The latest of the same weekday that is over.
      let latest = date + -7 * ((date.dayNumber - today.dayNumber) / 7 + 1)
      let start = clock.start(of: date)
      return (0..<count).map { week in
        pattern.cost(of: day, like: start - clock.start(of: latest + -7 * Int64(week)))
      }
    }
    misses = Self.misses(pattern, before: today, from: first, horizon: days.count, clock: clock)
  }

  /// Forecasts of past weeks with the weeks before them, without rules, beside what happened.
  private static func misses(
    _ pattern: BilledPattern, before today: CivilDate, from first: CivilDate, horizon: Int, clock: WallClock
  ) -> [(actual: Money, forecast: Money)] {
    let known = today.dayNumber - first.dayNumber
    // The days back from yesterday.
    let past = (0..<max(0, min(Int(known), 7 * 2 * most))).map {
      pattern.cost(of: clock.day(today + -Int64($0 + 1)))
    }
    var misses: [(actual: Money, forecast: Money)] = []
    for origin in stride(from: 7, through: past.count - 7, by: 7) where misses.count < most {
      var (actual, forecast) = (Money.zero, Money.zero)
      for day in 0..<min(horizon, origin) {
        actual += past[origin - 1 - day]
        let alike = stride(from: origin - 1 - day + 7 * (day / 7 + 1), to: past.count, by: 7).prefix(most)
        forecast += weighted(alike.map { past[$0] })
      }
      if forecast > .zero { misses.append((actual, forecast)) }
    }
    return misses
  }

  private static func weighted(_ costs: [Money]) -> Money {
    guard !costs.isEmpty else { return .zero }
    let sum = zip(costs, weights).reduce(Int128(0)) { $0 + $1.0.nanoDollars * $1.1 }
    return Money(nanoDollars: sum).scaled(by: 1, over: weights.prefix(costs.count).reduce(0, +))
  }

  /// The same for the same seed.
  func paths(seed: String) -> ForecastPaths {
    var random = SeededGenerator(
      seed: seed.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 })
    let expected = costs.map(Self.weighted)
    let weights = Self.weights.prefix(count)
    let whole = weights.reduce(0, +)
    func week() -> Int {
      var lot = Int128(UInt64.random(in: 0..<UInt64(whole), using: &random))
      return weights.firstIndex { weight in
        lot -= weight
        return lot < 0
      } ?? 0
    }
    let courses = (0..<ForecastPaths.count).map { _ in
      let weeks = (0..<Self.weeksOfCourse).map { _ in week() }
      let miss = misses.randomElement(using: &random)
      return costs.indices.map { day -> Money in
        let drawn = costs[day][weeks[Int.random(in: 0..<weeks.count, using: &random)]]
        guard let miss else { return drawn }
        let off = expected[day].scaled(
          by: (miss.actual - miss.forecast).nanoDollars, over: miss.forecast.nanoDollars)
        return drawn + off
      }
    }
    return ForecastPaths(days: days, expected: expected, courses: courses.map(Self.neverNegative))
  }

  /// A course may be off to below nothing on some days, but not in sum up to any of them.
  private static func neverNegative(_ course: [Money]) -> [Money] {
    var carried = Money.zero
    return course.map { cost in
      let sum = cost + carried
      carried = min(sum, .zero)
      return max(sum, .zero)
    }
  }
}
