import Acting
import JSON
import Simulation
import Timelines

extension BudgetVerdict {
  /// For programs: money as decimal text.
  var json: JSONValue {
    [
      "budget": .string(budget.scope.name), "month": .string(month.yearAndMonth),
      "monthly": .text(budget.monthly), "over": .string(budget.over.rawValue),
      "spent": .text(forecast.spent.estimate),
      "spent_low": .text(forecast.spent.low), "spent_high": .text(forecast.spent.high),
      "low": .text(forecast.total.low), "estimate": .text(forecast.total.estimate),
      "high": .text(forecast.total.high), "state": .string(forecast.state.name),
      "is_sure": .bool(isSure), "note": .text(emptiness),
      "breaks_on": .text(forecast.state.day.map { WallClock(.gmt).date(at: $0.lowerBound) }),
      "given_up_before": .array(givenUpBefore.map { .string($0.description) }),
      "given_up_now": .array(
        steps.map { step in
          [
            "space": .string(step.space.description), "saving": .text(step.saving),
            "low": .text(step.total.low), "estimate": .text(step.total.estimate),
            "high": .text(step.total.high),
          ]
        }),
      "refuses_upgrades": .bool(refusesUpgrades), "low_after": .text(totalAfter.low),
      "estimate_after": .text(totalAfter.estimate), "high_after": .text(totalAfter.high),
    ]
  }
}

extension BudgetForecast.State {
  /// For programs.
  fileprivate var name: String {
    switch self {
    case .onTrack: "on-track"
    case .willBreak: "will-break"
    case .usedUp: "used-up"
    case .broken: "broken"
    }
  }

  fileprivate var day: Range<Instant>? {
    guard case .willBreak(let day) = self else { return nil }
    return day
  }
}
