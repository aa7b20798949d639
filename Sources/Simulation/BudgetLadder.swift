public import Money
public import Pricing
public import Spaces

/// What is given up for a budget, one Space after the other, and what the month would cost after each.
public struct BudgetLadder: Sendable {
  /// A Space that may be given up.
  public struct Candidate: Sendable {
    public let space: SpaceID
    /// The lowest goes first.
    public let priority: Int
    /// What the rest of the month may cost as it is, and if it is given up now.
    public let rest: ForecastPaths
    public let restGivenUp: ForecastPaths
    /// The same by what is certain to have been billed in the past.
    public let least: ForecastPaths
    public let leastGivenUp: ForecastPaths

    public init(
      space: SpaceID, priority: Int, rest: ForecastPaths, restGivenUp: ForecastPaths,
      least: ForecastPaths, leastGivenUp: ForecastPaths
    ) {
      self.space = space
      self.priority = priority
      self.rest = rest
      self.restGivenUp = restGivenUp
      self.least = least
      self.leastGivenUp = leastGivenUp
    }

    /// What is expected to be saved.
    public var saving: Money {
      rest.total(after: .zero).estimate - restGivenUp.total(after: .zero).estimate
    }
  }

  public struct Step: Hashable, Sendable {
    public let space: SpaceID
    /// What this step is expected to save in the rest of the month.
    public let saving: Money
    /// What the month will have cost after it and those before it.
    public let total: Bounds<Money>
  }

  public let steps: [Step]

  /// No steps before the budget demands action, and only as many as bring the low end of what the month costs within
  /// it. A budget that is spent gives up all that can still cost.
  ///
  /// - Parameters:
  ///   - rest: of all that the budget is for, the candidates included.
  ///   - least: the same by what is certain to have been billed, which decides.
  ///   - candidates: without those that can't cost anything any more. Of one priority, the one that saves most goes
  ///     first.
  public init(
    monthly: Money, spent: Bounds<Money>, rest: ForecastPaths, least: ForecastPaths,
    candidates: [Candidate]
  ) {
    var steps: [Step] = []
    var (rest, least) = (rest, least)
    let order = candidates.map { ($0, $0.saving) }.sorted {
      ($0.0.priority, $1.1, $0.0.space) < ($1.0.priority, $0.1, $1.0.space)
    }
    for (candidate, saving) in order {
      let forecast = BudgetForecast(monthly: monthly, spent: spent, rest: least)
      // What saves nothing can't help a forecast; a budget that is spent closes every tap.
      guard forecast.isSpent || forecast.isSure && saving > .zero else { continue }
      rest = rest - candidate.rest + candidate.restGivenUp
      least = least - candidate.least + candidate.leastGivenUp
      steps.append(Step(space: candidate.space, saving: saving, total: rest.total(after: spent)))
    }
    self.steps = steps
  }
}
