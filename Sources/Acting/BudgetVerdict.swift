public import Money
public import Pricing
public import Schedules
public import Simulation
public import Spaces
public import Timelines

/// How a budget fares in a month of UTC, and what is given up for it.
public struct BudgetVerdict: Sendable {
  public let budget: Budget
  /// The first day of the month.
  public let month: CivilDate
  /// With what was given up before, and without what is given up now.
  public let forecast: BudgetForecast
  /// What was given up for it before, by name.
  public internal(set) var givenUpBefore: [SpaceID] = []
  /// What is given up now, in order, with what the month would cost after each.
  public internal(set) var steps: [BudgetLadder.Step] = []
  /// Those of them that no rule brings back when the month turns: until when they stay, nil where no rule ever does.
  public internal(set) var staying: [(space: SpaceID, until: Instant?)] = []
  /// Nothing is made dearer for the rest of the month.
  public internal(set) var refusesUpgrades = false
  /// That this begins now.
  public internal(set) var refusesUpgradesFromNow = false
  /// What the month would cost after all that is done now, for this budget and for others.
  public internal(set) var totalAfter: Bounds<Money>
  /// What is given up for budgets after it is part of that.
  var isHelpedByOthers = false
  /// Why it watches nothing, for people; nil where it does.
  public internal(set) var emptiness: String?
  /// Spaces of which too little is known to expect anything.
  public internal(set) var unknown: [SpaceID] = []
  /// The first look at any of its Spaces; nil where there was none.
  var firstLook: Instant?
  /// The month is over.
  var isOver = false
  /// If no more is billed than is certain, by what was seen now.
  var certain: BudgetForecast
  /// Spaces that it is for, and that were not seen now.
  var unseen: [SpaceID] = []
  /// Nothing is left that may be given up.
  var isExhausted = false
  /// Those of ``steps`` that a person holds for now.
  var held: [SpaceID] = []

  init(budget: Budget, month: CivilDate, forecast: BudgetForecast) {
    (self.budget, self.month, self.forecast) = (budget, month, forecast)
    certain = forecast
    totalAfter = forecast.total
  }

  /// It breaks even if no more is billed than is certain.
  public var isSure: Bool { certain.isSure }

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
  private func outlook(_ currency: String) -> String {
    let spent = "\(budget.scope.title): \(spentText) of \(text(budget.monthly)) \(currency) spent"
    // Nothing is on no track.
    if let emptiness { return "\(spent); \(emptiness)" }
    let outlook =
      switch forecast.state {
      case .broken: "it is broken; \(expected(forecast.total)) by the end of the month"
      case .willBreak(let day):
        "it will break on \(WallClock(.gmt).date(at: day.lowerBound))\(isSure ? "" : ", if the month goes on as expected"); \(expected(forecast.total)) by the end of the month"
      case .usedUp:
        "it is used up, but not broken; \(expected(forecast.total)) by the end of the month"
      case .onTrack where !unknown.isEmpty && forecast.total.high > budget.monthly:
        "on track as far as is known; \(expected(forecast.total)) by the end of the month"
      case .onTrack: "on track; \(expected(forecast.total)) by the end of the month"
      }
    return "\(spent)\(since), \(outlook)\(doubts)"
  }

  /// With its bounds where they tell something.
  var spentText: String {
    let spent = forecast.spent.shown
    return isNegligible(spent.high - spent.low)
      ? text(spent.estimate)
      : "\(text(spent.estimate)) (between \(text(spent.low)) and \(text(spent.high)))"
  }

  /// What was before the first look is not known.
  private var since: String {
    guard let firstLook, firstLook > monthStart + SpaceUsage.usualWatchedGap else { return "" }
    return " since \(WallClock(.gmt).date(at: firstLook)), when it was first looked at"
  }

  private var doubts: String {
    var doubts = ""
    if !unknown.isEmpty {
      doubts += "; for \(list(unknown)), of which too little is known, only what rules settle is added"
    }
    guard budget.over != .report, forecast.state == .broken || forecast.isSure, steps.isEmpty else {
      return doubts
    }
    if budget.over == .downgrade, isExhausted {
      doubts += "; nothing is left that may be given up"
    } else if !forecast.isSpent, !isSure {
      doubts += "; nothing is done, as that is not certain"
      if certain.total.low <= budget.monthly {
        doubts += " (\(text(certain.total.low)) counting only time that somebody watched)"
      }
      if !unseen.isEmpty { doubts += ": \(list(unseen)) could not be seen" }
    }
    return doubts
  }

  private func deeds(_ currency: String) -> [String] {
    var lines: [String] = []
    if !givenUpBefore.isEmpty {
      lines.append("for \(budget.scope.title), given up until the month turns: \(list(givenUpBefore))")
    }
    lines += steps.map { step in
      let saving =
        step.saving > .zero
        ? "which saves \(text(step.saving)) \(currency)" : "which saves nothing that was expected"
      let hold = held.contains(step.space) ? " once its hold has ended" : ""
      let back = staying.first { $0.space == step.space }.map {
        "; it stays there until \(day($0.until) ?? "somebody moves it, as no rule names its hardware")"
      }
      return
        "for \(budget.scope.title), given up now\(hold): \(step.space), \(saving); then \(expected(step.total))\(back ?? "")"
    }
    if refusesUpgrades {
      lines.append(
        "for \(budget.scope.title), upgrades are refused until the month turns"
          + (refusesUpgradesFromNow && !isHelpedByOthers ? ", from now on; then \(expected(totalAfter))" : "")
      )
    }
    if isHelpedByOthers {
      lines.append(
        "for \(budget.scope.title), with what is given up for other budgets: \(expected(totalAfter))")
    }
    return lines
  }

  private func expected(_ total: Bounds<Money>) -> String {
    isNegligible(total.high - total.low)
      ? "\(text(total.estimate)) expected"
      : "\(text(total.estimate)), between \(text(total.low)) and \(text(total.high)), expected"
  }

  /// A hundredth of the budget is what nobody decides by.
  private func isNegligible(_ width: Money) -> Bool { width.scaled(by: 100, over: 1) <= budget.monthly }

  /// Of UTC, as budgets are.
  func day(_ instant: Instant?) -> String? { instant.map { "\(WallClock(.gmt).date(at: $0))" } }

  func text(_ amount: Money) -> String { amount.text(decimals: 2...2) }

  /// A few names, and how many more there are.
  func list(_ spaces: [SpaceID]) -> String {
    let names = spaces.prefix(10).map(\.description).joined(separator: ", ")
    return spaces.count > 10 ? "\(names) and \(spaces.count - 10) more" : names
  }
}
