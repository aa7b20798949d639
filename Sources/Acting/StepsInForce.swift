import History
import Planning
import Schedules
import Spaces
import Timelines

/// What was given up for budgets before and holds at an instant: until the month turns, the budget is raised or the
/// rules treat it another way.
struct StepsInForce {
  private let steps: [BudgetStep]
  private let budgets: [Budget]
  private let month: Range<Instant>

  init(_ history: History, _ schedules: Schedules, at instant: Instant) throws {
    let clock = WallClock(.gmt)
    let month = clock.month(at: instant)
    let budgets = schedules.budgets
    self.month = month
    self.budgets = budgets
    guard budgets.contains(where: { $0.over != .report }) else {
      steps = []
      return
    }
    steps = try history.budgetSteps(inMonth: month.lowerBound).filter { step in
      step.at <= instant && !(step.endedAt.map { $0 <= instant } ?? false) && step.stands(under: budgets)
    }
  }

  func refusesUpgrades(_ budget: Budget) -> Bool {
    steps.contains { $0.budget == budget.scope.key && $0.space == nil }
  }

  /// - Parameter name: by which the history knows the Space.
  func hasGivenUp(_ name: SpaceID, for budget: Budget) -> Bool {
    steps.contains { $0.budget == budget.scope.key && $0.space == name }
  }

  /// - Parameter name: by which the history knows the Space.
  func tell(_ situation: inout Situation, recordedAs name: SpaceID) {
    guard !steps.isEmpty, let policy = situation.assignment.policy else { return }
    // ZeroGPU costs nothing, and is moved where rules name the Space alone.
    situation.givenUp =
      situation.hardware == .zeroA10G ? [] : downgrades(of: situation.space, recordedAs: name, policy)
    situation.upgradeRefusal =
      budgets.first { refusesUpgrades($0) && $0.covers(situation.space, policy: policy.name) }?.upgradeRefusal
  }

  /// What was given up of a Space, by budgets that are still for it.
  func downgrades(of space: SpaceID, recordedAs name: SpaceID, _ policy: Policy) -> [Override] {
    guard !policy.isGranted else { return [] }
    return steps.filter { $0.space == name }.compactMap { step in
      guard
        let budget = budgets.first(where: {
          $0.scope.key == step.budget && $0.covers(space, policy: policy.name)
        })
      else { return nil }
      return Override(
        kind: .budget, name: budget.scope.title, range: step.at..<month.upperBound,
        set: Settings(hardware: .cpuBasic))
    }
  }
}

extension BudgetStep {
  /// Whether the rules still ask for it: their budget is no higher than it was, and is treated in the same way.
  func stands(under budgets: [Budget]) -> Bool {
    budgets.contains { budget in
      budget.scope.key == self.budget && budget.monthly.nanoDollars <= nanoDollars
        && budget.over == (space == nil ? .refuseUpgrades : .downgrade)
    }
  }
}
