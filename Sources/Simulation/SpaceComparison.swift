public import Money
public import Pricing
public import Spaces
public import Timelines

/// One Space under the present rules and under others, beside what really happened.
public struct SpaceComparison: Sendable {
  public let space: SpaceID
  /// The part of the range in which the Space is known.
  public let range: Range<Instant>
  public let demand: Demand.Basis
  /// What it really cost.
  public let actual: Bounds<Money>
  public let current: SimulatedCourse
  public let proposed: SimulatedCourse
  /// What it begins in, which only other hardware, or a rule for its state, ends: by itself it stays so; nil for all
  /// else.
  public let beginsHalted: SpaceStage?

  /// Nil where it is not known what the Space was when the range begins and later.
  ///
  /// - Parameters:
  ///   - current: steps of the present rules over a range; nil where nothing may be changed.
  ///   - proposed: the same of the others.
  ///   - isGranted: somebody else pays for its hardware.
  ///   - clock: of the hours of the week.
  ///   - keepsCourse: for pictures.
  public init?(
    _ past: SpacePast, in range: Range<Instant>, current: (Range<Instant>) -> RuleSteps?,
    proposed: (Range<Instant>) -> RuleSteps?, prices: PriceTable, isGranted: Bool, clock: WallClock,
    keepsCourse: Bool = false
  ) {
    let known = past.known(in: range)
    guard !known.isEmpty, let beginning = past.beginning(at: known.lowerBound) else { return nil }
    let demand = past.demand(in: known)
    func course(_ steps: RuleSteps?) -> SimulatedCourse {
      SimulatedCourse(
        of: past, from: beginning, demand: demand, under: steps, in: known, prices: prices,
        isGranted: isGranted, clock: clock, keepsCourse: keepsCourse)
    }
    space = past.space
    let stage = beginning.state.stage
    beginsHalted = stage.isHalted && beginning.pause == nil ? stage : nil
    self.range = known
    self.demand = demand.basis
    let lines = past.usage.hardwareLines(in: known, prices: prices)
    actual = lines.charged(isGranted: isGranted).totalCost.shown
    self.current = course(current(known))
    self.proposed = course(proposed(known))
  }

  /// What the other rules would change.
  public var change: Money { proposed.cost.estimate - current.cost.estimate }
  /// The same with what it would be if nobody came whenever that is not known, and if somebody was always there:
  /// both rules had the same visitors.
  public var changeBounds: Bounds<Money> {
    let ends = [
      proposed.cost.low - current.cost.low, change, proposed.cost.high - current.cost.high,
    ]
    return Bounds(low: ends.min() ?? change, estimate: change, high: ends.max() ?? change)
  }
  /// What the model does not explain: changes by hand, failures, demand that is not known. Above zero where the
  /// present rules replayed cost more than what really happened.
  public var modelError: Money { current.cost.estimate - actual.estimate }
}

/// Several Spaces under the present rules and under others.
public struct FleetComparison: Sendable {
  public let range: Range<Instant>
  /// By name.
  public let spaces: [SpaceComparison]
  /// Of the hours of the week.
  public let clock: WallClock

  public init(_ spaces: [SpaceComparison], in range: Range<Instant>, clock: WallClock) {
    self.spaces = spaces.sorted { $0.space < $1.space }
    (self.range, self.clock) = (range, clock)
  }

  public var actual: Bounds<Money> { spaces.reduce(.zero) { $0 + $1.actual } }
  public var current: Bounds<Money> { spaces.reduce(.zero) { $0 + $1.current.cost } }
  public var proposed: Bounds<Money> { spaces.reduce(.zero) { $0 + $1.proposed.cost } }
  public var change: Money { proposed.estimate - current.estimate }
  public var changeBounds: Bounds<Money> { spaces.reduce(.zero) { $0 + $1.changeBounds } }
  /// Above zero where the present rules replayed cost more than what really happened.
  public var modelError: Money { current.estimate - actual.estimate }

  /// The Spaces whose cost the other rules change most, the largest change first, then by name.
  public func mostChanged(_ count: Int) -> [SpaceComparison] {
    Array(
      spaces.sorted { ($1.change.magnitude, $0.space) < ($0.change.magnitude, $1.space) }.prefix(count))
  }

  /// The hours of the week in which both differ most, on average whenever the hour came, the largest first.
  public func largestDifferences(_ count: Int) -> [(hour: HourOfWeek, perHour: Money)] {
    var hours = HourlyCost.none
    for space in spaces {
      for index in hours.indices { hours[index] += space.proposed.hours[index] - space.current.hours[index] }
    }
    var seconds = [Int64](repeating: 0, count: HourOfWeek.count)
    if let first = spaces.map(\.range.lowerBound).min(), let last = spaces.map(\.range.upperBound).max() {
      HourOfWeek.forEach(in: first..<last, on: clock) { seconds[$0.index] += $1.seconds }
    }
    // 3600ths of a nano-dollar, in 3600ths of an hour.
    let differences: [(hour: HourOfWeek, perHour: Money)] = hours.indices.filter { seconds[$0] > 0 }.map {
      index in
      (HourOfWeek(index), Money(nanoDollars: hours[index]).scaled(by: 1, over: Int128(seconds[index])))
    }
    let inOrder = differences.filter { $0.perHour != .zero }.sorted { left, right in
      (right.perHour.magnitude, left.hour) < (left.perHour.magnitude, right.hour)
    }
    return Array(inOrder.prefix(count))
  }
}
