public import Money
public import Pricing
public import Schedules
public import Spaces
public import Timelines

/// A budget that the rules break, whatever else happens.
public struct UnreachableBudget: Sendable {
  public let budget: Budget
  /// The first day of the first month (UTC) in which it breaks.
  public let month: CivilDate
  /// What the Spaces that it is for cost in that month at least.
  public let least: Money
  /// How many Spaces of policies it is known to be for, 1 or more.
  public let spaces: Int
}

extension Schedules {
  /// Budgets that rules must break within a year even if nobody visits.
  ///
  /// - Parameter spaces: those that are known; each name that a policy gives exactly is taken to be one, too.
  public func unreachableBudgets(
    from now: Instant, spaces: some Sequence<SpaceID>, prices: PriceTable
  ) -> [UnreachableBudget] {
    let everySpace = Set(spaces).union(exactNames)
    let policyNames = Dictionary(
      uniqueKeysWithValues: everySpace.compactMap { space in
        assignment(of: [space]).policy.map { (space, $0.name) }
      })
    return budgets.compactMap { budget -> UnreachableBudget? in
      let counts = policies.map { policy in
        policyNames.count { $0.value == policy.name && budget.covers($0.key, policy: $0.value) }
      }
      for (month, range) in UTCMonths(from: now).prefix(12) {
        let least = zip(policies, counts).reduce(Money.zero) { sum, policy in
          guard policy.1 > 0 else { return sum }
          let cost = SpaceSchedule(policy.0).leastCost(in: range, prices: prices)
          return sum + cost.scaled(by: Int128(policy.1), over: 1)
        }
        if least > budget.monthly {
          return UnreachableBudget(
            budget: budget, month: month, least: least, spaces: counts.reduce(0, +))
        }
      }
      return nil
    }
  }
}

/// What a hold does to a budget in one month.
public struct BudgetOutlook: Sendable {
  public let budget: Budget
  /// The first day of the month (UTC).
  public let month: CivilDate
  /// What the Spaces that it is for have cost in the month so far.
  public let spent: Money
  /// What the hold costs in the month, if the Space is up while it lasts.
  public let hold: Money
  /// What the rules cost in the rest of the month at least, without the hold's Space while it is held.
  public let rules: Money

  public var total: Money { spent + hold + rules }
  /// Whether it is broken without the hold.
  public var isBroken: Bool { spent > budget.monthly }
}

extension Planner {
  /// The first month in which a hold would break a budget, or that is broken already; nil where there is none.
  ///
  /// - Parameters:
  ///   - situation: of the Space, with the hold among its ``Situation/holds``.
  ///   - budget: one that is for the Space.
  ///   - others: of the other Spaces that it is for.
  ///   - spent: what all of them have cost in the present month so far.
  public func outlook(
    on hold: Override, of situation: Situation, _ budget: Budget, others: [Situation], spent: Money
  ) -> BudgetOutlook? {
    guard let policy = situation.assignment.policy else { return nil }
    let held = schedule(of: situation, policy)
    var spent = spent
    let months = UTCMonths(from: now).prefix { $0.range.lowerBound < hold.range.upperBound }
    for (month, range) in months {
      let during = hold.range.clamped(to: range)
      let rest = during.upperBound..<range.upperBound
      let rules = others.reduce(held.leastCost(in: rest, prices: prices)) { sum, other in
        guard let policy = other.assignment.policy else { return sum }
        return sum + schedule(of: other, policy).leastCost(in: range, prices: prices)
      }
      let outlook = BudgetOutlook(
        budget: budget, month: month, spent: spent, hold: held.cost(whileUpIn: during, situation, prices),
        rules: rules)
      if outlook.total > budget.monthly { return outlook }
      spent = .zero
    }
    return nil
  }
}

extension SpaceSchedule {
  /// What a Space costs in a range if it is up throughout, on what it has now where nothing names another.
  fileprivate func cost(
    whileUpIn range: Range<Instant>, _ situation: Situation, _ prices: PriceTable
  ) -> Money {
    guard !policy.isGranted else { return .zero }
    return desired(over: range).map(\.settings).integrate(into: .zero) { total, segment in
      total += prices.cost(of: segment.value.billed(now: situation.billed), in: segment.range)
    }
  }
}

/// The months of UTC from an instant on, the first without what has passed of it.
private struct UTCMonths: Sequence {
  let start: Instant

  init(from start: Instant) { self.start = start }

  func makeIterator() -> AnyIterator<(month: CivilDate, range: Range<Instant>)> {
    let clock = WallClock(.gmt)
    var month = clock.date(at: start).startOfMonth
    return AnyIterator {
      defer { month = month.startOfNextMonth }
      let range = clock.month(of: month).clamped(to: start..<Instant.distantFuture)
      return range.isEmpty ? nil : (month, range)
    }
  }
}
