import Money
public import Schedules
public import Simulation
public import Spaces
public import Timelines

/// How a budget fares in the present month of UTC, and what is given up for it.
public struct BudgetVerdict: Sendable {
  public let budget: Budget
  /// The first day of the month.
  public let month: CivilDate
  /// With what was given up before, and without what is given up now.
  public let forecast: BudgetForecast
  /// What was given up for it before, in order.
  public let givenUpBefore: [SpaceID]
  /// What is given up now, in order, with what the month would cost after each.
  public let steps: [BudgetLadder.Step]
  /// Nothing is made dearer for the rest of the month.
  public let refusesUpgrades: Bool
  /// That this begins now.
  public let refusesUpgradesFromNow: Bool
  /// What the month would cost after all that is done now.
  public let totalAfter: ForecastInterval

  /// By which what was told and given up is known.
  var monthStart: Instant { WallClock(.gmt).month(of: month).lowerBound }
}

// MARK: For people

extension BudgetVerdict {
  /// How it fares, and what is given up, a sentence each.
  public func lines(_ currency: String) -> [String] {
    [outlook(currency)] + deeds(currency)
  }

  /// `the budget of acme: 12.00 of 300.00 USD spent, on track; …`
  public func outlook(_ currency: String) -> String {
    let amount = "\(text(forecast.spent)) of \(text(budget.monthly)) \(currency) spent"
    let outlook =
      switch forecast.state {
      case .broken: "it is broken; \(expected(forecast.total)) by the end of the month"
      case .willBreak(let day):
        "it will break on \(WallClock(.gmt).date(at: day.lowerBound))\(forecast.isSure ? "" : ", if the month goes on as expected"); \(expected(forecast.total)) by its end"
      case .onTrack: "on track; \(expected(forecast.total)) by the end of the month"
      }
    return "\(budget.scope.title): \(amount), \(outlook)"
  }

  private func deeds(_ currency: String) -> [String] {
    var lines: [String] = []
    if !givenUpBefore.isEmpty {
      lines.append(
        "for \(budget.scope.title), given up until the month turns: "
          + givenUpBefore.map(\.description).joined(separator: ", "))
    }
    lines += steps.map { step in
      "for \(budget.scope.title), given up now: \(step.space), which saves \(text(step.saving)) \(currency); then \(expected(step.total))"
    }
    if refusesUpgrades {
      lines.append(
        "for \(budget.scope.title), upgrades are refused until the month turns"
          + (refusesUpgradesFromNow ? ", from now on; then \(expected(totalAfter))" : ""))
    }
    return lines
  }

  private func expected(_ total: ForecastInterval) -> String {
    total.low == total.high
      ? "\(text(total.estimate)) expected"
      : "\(text(total.estimate)), between \(text(total.low)) and \(text(total.high)), expected"
  }

  func text(_ amount: Money) -> String { amount.text(decimals: 2...2) }
}
