import History
import Planning
import Schedules
import Spaces
import Timelines

extension Runner {
  /// What was spent of last month's budgets after its last run is told by the first run of the next.
  func lastMonthsBudgets(at now: Instant) throws -> [BudgetVerdict] {
    let month = WallClock(.gmt).date(at: now).startOfMonth
    guard !schedules.budgets.isEmpty, let last = try history.lastRun(),
      last < WallClock(.gmt).month(of: month).lowerBound
    else { return [] }
    var situations = try history.situations(at: now, schedules: schedules)
    return try BudgetJudge(
      history: history, schedules: schedules, prices: prices, month: month.startOfPreviousMonth, now: now
    ).judge(&situations)
  }

  /// Writes down which steps of the month the rules ask for no more: what comes later is a step of its own.
  func endSteps(at now: Instant) throws {
    let clock = WallClock(.gmt)
    let budgets = schedules.budgets
    try history.end(
      history.budgetSteps(inMonth: clock.month(at: now).lowerBound)
        .filter { $0.endedAt == nil && !$0.stands(under: budgets) }, at: now)
  }

  /// Writes down what is given up for budgets, and what is to be told of them.
  ///
  /// - Returns: what is new, for people.
  func remember(_ verdicts: [BudgetVerdict], at now: Instant) throws -> [String] {
    var news: [String] = []
    for verdict in verdicts {
      let told = try history.toldOfBudgets(inMonth: verdict.monthStart)
      let new = verdict.news(at: now).filter { !told.contains(verdict.event($0)) }
      guard !new.isEmpty else { continue }
      let tellable = verdict.tellable(new)
      news += tellable.map { verdict.sentence($0, prices.currency) }
      var steps = verdict.steps.map { verdict.step(givingUp: $0.space, at: now) }
      if verdict.refusesUpgradesFromNow { steps.append(verdict.step(givingUp: nil, at: now)) }
      try history.remember(steps, new.map(verdict.event), at: now) { event in
        tellable.filter { verdict.event($0) == event }
          .flatMap { verdict.messages($0, to: schedules.receivers, prices.currency, at: now) }
      }
    }
    return news
  }
}

extension BudgetVerdict {
  fileprivate func step(givingUp space: SpaceID?, at now: Instant) -> BudgetStep {
    BudgetStep(
      budget: budget.scope.key, month: monthStart, nanoDollars: budget.monthly.nanoDollars, space: space,
      at: now)
  }
}
