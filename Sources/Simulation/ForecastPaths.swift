public import Money
public import Pricing
public import Timelines

/// What the rest of a month may cost: many courses that it may take, day by day, and what is expected.
///
/// Those of several Spaces are added up course by course, so that the interval of a sum is not the sum of intervals.
public struct ForecastPaths: Hashable, Sendable {
  /// How many courses are drawn where they are: enough for the 10th and 90th percentile to stand still within a percent
  /// or so.
  public static let count = 400

  /// The days to come, in order; the first may have begun.
  public let days: [Range<Instant>]
  /// By day.
  public private(set) var expected: [Money]
  /// By course, then day: drawn by lot, or ends between which it is. Empty where it is certain.
  private var courses: [[Money]]

  /// What is certain: the same on every course.
  public init(days: [Range<Instant>], certain costs: [Money]? = nil) {
    self.days = days
    expected = costs ?? days.map { _ in .zero }
    courses = []
  }

  init(days: [Range<Instant>], expected: [Money], courses: [[Money]]) {
    self.days = days
    self.expected = expected
    self.courses = courses
  }

  /// Both together, over the same days.
  public static func + (left: ForecastPaths, right: ForecastPaths) -> ForecastPaths {
    left.combined(with: right, by: +)
  }

  /// A sum without one of its parts.
  public static func - (sum: ForecastPaths, part: ForecastPaths) -> ForecastPaths {
    sum.combined(with: part, by: -)
  }

  /// The same expected, where nobody knows whether that of some days comes: there are twice as many courses, and on the
  /// first half it does not. In a sum all such Spaces are without it at once, so that bounds are wide rather than
  /// wrong.
  func orNothing(on days: Set<Int>) -> ForecastPaths {
    let all = courses.isEmpty ? [expected] : courses
    let less = all.map { course in course.indices.map { days.contains($0) ? .zero : course[$0] } }
    return ForecastPaths(days: self.days, expected: expected, courses: less + all)
  }

  private func combined(
    with other: ForecastPaths, by operation: (Money, Money) -> Money
  ) -> ForecastPaths {
    func combine(_ left: [Money], _ right: [Money]) -> [Money] { zip(left, right).map(operation) }
    let count = max(self.courses.count, other.courses.count)
    // In proportion: what is cheap in the one is, where both begin with that, cheap in the other.
    func courses(of paths: ForecastPaths, _ index: Int) -> [Money] {
      paths.courses.isEmpty ? paths.expected : paths.courses[index * paths.courses.count / count]
    }
    return ForecastPaths(
      days: days, expected: combine(expected, other.expected),
      courses: (0..<count).map { combine(courses(of: self, $0), courses(of: other, $0)) })
  }

  /// What a month will have cost: once it is over what was spent, before that after what was spent by the estimate.
  /// With both uncertain more than eight months of ten would lie within the bounds.
  public func month(after spent: Bounds<Money>) -> Bounds<Money> {
    days.isEmpty ? spent : total(after: Bounds(certain: spent.estimate))
  }

  /// What will have been spent at the end.
  public func total(after spent: Bounds<Money>) -> Bounds<Money> { spending(after: spent).last ?? spent }

  /// What will have been spent at the end of each day.
  public func spending(after spent: Bounds<Money>) -> [Bounds<Money>] {
    var (estimate, sums) = (Money.zero, courses.map { _ in Money.zero })
    return days.indices.map { day in
      for index in courses.indices { sums[index] += courses[index][day] }
      estimate += expected[day]
      return spent + Bounds(estimate, drawn: sums)
    }
  }

  /// What each day costs by itself. The bounds of days do not add up to those of all: not every day is dear at once.
  public var costs: [Bounds<Money>] {
    days.indices.map { day in Bounds(expected[day], drawn: courses.map { $0[day] }) }
  }
}

extension Bounds where Value: Comparable {
  /// What is expected of an amount, what it exceeds nine times of ten and what it stays below nine times of
  /// ten, by what was drawn by lot; certain where nothing was.
  init(_ estimate: Value, drawn: [Value]) {
    guard !drawn.isEmpty else {
      self.init(certain: estimate)
      return
    }
    let sorted = drawn.sorted()
    func percentile(_ percent: Int) -> Value { sorted[max(0, (sorted.count * percent + 99) / 100 - 1)] }
    self.init(low: min(percentile(10), estimate), estimate: estimate, high: max(percentile(90), estimate))
  }
}
