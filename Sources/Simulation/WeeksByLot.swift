import Money
import Pricing
import Timelines

/// Weeks of a range drawn by lot, again and again: how far what was seen may be from what comes later.
///
/// Of less than four weeks it is days, as one or two weeks don't tell how weeks differ. Though days are no weeks: some
/// of the week are busier than others.
struct WeeksByLot {
  let range: Range<Instant>
  private let first: Int64
  private let count: Int
  /// How many of them are drawn each time.
  private let size: Int
  /// Whether it is weeks.
  let areWeeks: Bool

  private static let week: Int64 = 7 * 86_400
  private static let draws = 400

  /// - Parameter weeks: how many are drawn each time; nil for as many as there are.
  init(of range: Range<Instant>, drawing weeks: Int? = nil) {
    self.range = range
    areWeeks = range.seconds >= 4 * Self.week
    let clock = WallClock(.gmt)
    first = clock.date(at: range.lowerBound).dayNumber
    let unit = areWeeks ? Self.week : 86_400
    count = max(1, Int((range.seconds + unit / 2) / unit))
    let days = areWeeks ? 7 : 1
    size = weeks.map { $0 * 7 / days } ?? count
  }

  /// A range that begins within a day ends within one: what is left of the last belongs to the week before.
  private func place(of day: CivilDate) -> Int {
    min(Int(day.dayNumber - first) / (areWeeks ? 7 : 1), count - 1)
  }

  /// The same each time.
  private func drawn<Value>(_ body: ([Int]) -> Value) -> [Value] {
    var random = SeededGenerator(seed: 1)
    return (0..<Self.draws).map { _ in
      body((0..<size).map { _ in Int.random(in: 0..<count, using: &random) })
    }
  }

  /// In a month of 30 days.
  func saving(_ today: [CivilDate: Money], _ proposed: [CivilDate: Money]) -> Bounds<Money> {
    var saved = Array(repeating: Money.zero, count: count)
    for (day, cost) in today { saved[place(of: day)] += cost }
    for (day, cost) in proposed { saved[place(of: day)] -= cost }
    func perMonth(_ sum: Money) -> Money { sum.scaled(by: 30 * 86_400, over: Int128(range.seconds)) }
    return Bounds(
      perMonth(saved.reduce(.zero, +)),
      drawn: drawn { weeks in perMonth(weeks.reduce(.zero) { $0 + saved[$1] }) })
  }

  /// How many of a thousand visitors wait in those that were drawn, each time, rounded up.
  ///
  /// - Parameter judged: on this range.
  func waitingPerThousand(_ judged: Recommendation.Judged, of visits: Visits) -> [Int] {
    func sums(_ parts: [PeopleByDay]) -> [Int] {
      parts.flatMap(\.counts).reduce(into: Array(repeating: 0, count: count)) {
        $0[place(of: $1.day)] += $1.people
      }
    }
    let (all, waiting) = (sums([PeopleByDay(visits.clipped(to: range))]), sums(judged.waitingByDay))
    return drawn { weeks in
      let visits = weeks.reduce(0) { $0 + all[$1] }
      return visits == 0 ? 0 : (weeks.reduce(0) { $0 + waiting[$1] } * 1000 + visits - 1) / visits
    }
  }
}
