public import LocatedYAML
public import Money
public import Spaces
import Spelling

/// What Spaces may cost together in a month of UTC, as the Hub invoices.
public struct Budget: Hashable, Sendable {
  /// Whose Spaces.
  public enum Scope: Hashable, Sendable {
    /// Those of a policy, by its name.
    case policy(String)
    /// Those of a user or an organization, whether a policy is for them or not.
    case owner(String)
    case all
  }

  /// What is done about it.
  public enum Enforcement: String, CaseIterable, Sendable {
    /// It is only told.
    case report
    /// Nothing is made dearer any more, but by a hold.
    case refuseUpgrades = "refuse-upgrades"
    /// Spaces are given up for the rest of the month: moved to `cpu-basic`, those of the lowest priority first.
    case downgrade
  }

  public var scope: Scope
  /// More than zero.
  public var monthly: Money
  public var over: Enforcement
  public var place: Place

  public init(_ scope: Scope, monthly: Money, over: Enforcement = .report, place: Place) {
    self.scope = scope
    self.monthly = monthly
    self.over = over
    self.place = place
  }

  /// - Parameter policy: the name of the Space's policy; nil where none is for it.
  public func covers(_ space: SpaceID, policy: String?) -> Bool {
    switch scope {
    case .policy(let name): policy == name
    case .owner(let owner): space.owner == owner
    case .all: true
    }
  }
}

extension Budget {
  /// That it watches nothing: Spaces are known, and it is for none of them, perhaps as its owner is misspelt.
  /// Nil where it is for one, or where none is known at all.
  ///
  /// - Parameter spaces: all that are known, with the names of their policies.
  public func emptiness(among spaces: [(space: SpaceID, policy: String?)]) -> Diagnostic? {
    guard !spaces.isEmpty, !spaces.contains(where: { covers($0.space, policy: $0.policy) }) else {
      return nil
    }
    let nearest = scope.owner.flatMap { owner in
      Spelling.nearest(to: owner, among: Set(spaces.map(\.space.owner)).sorted())
    }
    return Diagnostic(
      .warning, at: place, message: "no Space of \(scope.name) is known, so this budget watches nothing",
      hint: nearest.map { "did you mean '\($0)'?" })
  }
}

extension Budget.Scope {
  /// Nil unless it is a user's or an organization's.
  public var owner: String? {
    if case .owner(let owner) = self { owner } else { nil }
  }

  /// For people: `the budget of policy chat`.
  public var title: String { "the budget of \(name)" }

  /// For people, and in JSON: `policy chat`, `acme`, `all Spaces`.
  public var name: String {
    switch self {
    case .policy(let name): "policy \(name)"
    case .owner(let owner): owner
    case .all: "all Spaces"
    }
  }

  /// By which the database knows it.
  public var key: String {
    switch self {
    case .policy(let name): "policy \(name)"
    case .owner(let owner): "owner \(owner)"
    case .all: "all"
    }
  }
}

extension Schedules {
  /// Every budget: of policies, then of owners, then of all; each in the order of the files.
  public var budgets: [Budget] {
    func rank(_ budget: Budget) -> Int {
      switch budget.scope {
      case .policy: 0
      case .owner: 1
      case .all: 2
      }
    }
    return (policies.compactMap(\.budget) + sharedBudgets).enumerated()
      .sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
  }
}
