import History
import LocatedYAML
import Planning
import Pricing
import Reports
import Schedules
import Spaces
import Timelines

/// What `check` finds only beside prices and history.
extension Schedules {
  /// Hardware that the price table does not know, perhaps new, more often misspelt; and idle rules for dearer
  /// hardware, which are never followed.
  func adviceOnPrices(_ prices: PriceTable, now: Instant) -> [Diagnostic] {
    let unpriced = namedHardware.filter {
      prices.hourlyPrice(of: $0.hardware, at: now) == nil || prices.isWithdrawn($0.hardware, at: now)
    }
    .map { hardware, place in
      if prices.isWithdrawn(hardware, at: now) {
        return Diagnostic(.warning, at: place, message: "\(hardware) is not offered any more")
      }
      if let first = prices.listing(of: hardware)?.prices.map(\.from).filter({ $0 > now }).min() {
        return Diagnostic(
          .warning, at: place,
          message: "hardware '\(hardware)' has no price before \(WallClock(.gmt).date(at: first))")
      }
      let offered = prices.hardware.map(\.hardware).filter { !prices.isWithdrawn($0, at: now) }
      return Diagnostic(
        .warning, at: place, message: "there is no price for hardware '\(hardware)'",
        hint: prices.hardware(meantBy: hardware.rawValue, at: now).map { "did you mean '\($0)'?" }
          ?? "known: \(offered.map(\.rawValue).joined(separator: ", "))")
    }
    let dearer = idleHardware.compactMap { hardware, others, place -> Diagnostic? in
      let named = others.compactMap { prices.hourlyPrice(of: $0, at: now) }
      guard let price = prices.hourlyPrice(of: hardware, at: now), let dearest = named.max(), price > dearest
      else { return nil }
      return Diagnostic(
        .warning, at: place,
        message:
          "idle would move to '\(hardware)', which is dearer than all that this policy names: it never does",
        hint: "such as cpu-basic")
    }
    return unpriced + dearer
  }

  /// Rules go on to hold for a renamed Space, but should say its present name.
  func adviceOnRenamed(_ spaces: [KnownSpace]) -> [Diagnostic] {
    spaces.compactMap { space in
      guard case .policy(let policy, let match) = assignment(of: space.names),
        match.isFormerName
      else { return nil }
      let place = claims.first { $0.pattern == match.pattern }?.place ?? policy.place
      return Diagnostic(
        .warning, at: place, message: "\(match.name) was renamed to \(space.name)",
        hint: "write the new name in policy \(policy.name)")
    }
  }

  /// Budgets that the rules break even if nobody visits, and those for which nothing may be done.
  func adviceOnBudgets(_ spaces: [SpaceID], _ prices: PriceTable, now: Instant) -> [Diagnostic] {
    toothlessBudgets
      + unreachableBudgets(from: now, spaces: spaces, prices: prices).map { broken in
        let count = broken.spaces == 1 ? "its Space costs" : "its \(broken.spaces) Spaces cost"
        let title = broken.budget.scope.title
        return Diagnostic(
          .warning, at: broken.budget.place,
          message: "the rules break \(title), "
            + "\(NumberText.money(broken.budget.monthly)) \(prices.currency) a month, even if nobody visits: in "
            + "\(broken.month.yearAndMonth) \(count) at least \(NumberText.money(broken.least))",
          hint: "let it sleep or pause it for longer, take cheaper hardware, or raise the budget")
      }
  }

  /// Budgets that would have something done about Spaces that nobody may touch, and such as take down what no rule
  /// brings back.
  private var toothlessBudgets: [Diagnostic] {
    budgets.flatMap { budget -> [Diagnostic] in
      guard budget.over != .report else { return [] }
      let touched = policies.filter { !$0.isProtected && !$0.isGranted && budget.mayConcern($0) }
      guard !touched.isEmpty else {
        return [
          Diagnostic(
            .warning, at: budget.place,
            message: "nothing can be done for \(budget.scope.title): "
              + "there is no policy for its Spaces that is neither protected nor granted",
            hint: "give its Spaces a policy, or write over: report")
        ]
      }
      guard budget.over == .downgrade else { return [] }
      return touched.filter { policy in
        ([policy.default] + policy.rules.map(\.set)).allSatisfy { $0.hardware == nil }
      }.map { policy in
        Diagnostic(
          .note, at: budget.place,
          message:
            "what is given up of '\(policy.name)' stays on cpu-basic also when the month turns, as neither its "
            + "default nor a rule names hardware",
          hint: "somebody has to move it back")
      }
    }
  }
}

extension Budget {
  /// Whether it may be for Spaces of a policy.
  fileprivate func mayConcern(_ policy: Policy) -> Bool {
    switch scope {
    case .policy(let name): policy.name == name
    case .owner(let owner): policy.patterns.contains { $0.owner == owner }
    case .all: true
    }
  }
}
