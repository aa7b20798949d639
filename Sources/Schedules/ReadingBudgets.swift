import LocatedYAML
import Money
import Spaces

extension FileReading {
  /// A policy's budget.
  mutating func readBudget(_ value: YAMLValue, ofPolicy policy: String) -> Budget? {
    reader.mapping(value, as: "a budget", keys: ["monthly", "over"]).flatMap {
      readBudget($0, .policy(policy), at: value)
    }
  }

  /// One of the file's `budgets`: an owner's, or that of all Spaces.
  mutating func readSharedBudget(_ value: YAMLValue) {
    guard let members = reader.mapping(value, as: "a budget", keys: ["owner", "monthly", "over"]) else {
      return
    }
    var scope: Budget.Scope? = .all
    if let owner = given(members["owner"]) {
      scope = readOwner(owner, as: "an owner").map(Budget.Scope.owner)
    }
    guard let scope, let budget = readBudget(members, scope, at: value) else { return }
    sharedBudgets.append(budget)
  }

  private mutating func readBudget(
    _ members: [String: YAMLValue], _ scope: Budget.Scope, at value: YAMLValue
  ) -> Budget? {
    guard let monthlyValue = required(members["monthly"], "monthly", in: "a budget", at: value) else {
      return nil
    }
    let over = given(members["over"]).flatMap {
      reader.word(
        $0, as: "what to do when a budget breaks", Budget.Enforcement.self,
        others: ["refuse": .refuseUpgrades, "tell": .report, "pause": .downgrade, "stop": .downgrade])
    }
    let monthly = reader.read(monthlyValue, as: "an amount of money") { text throws(InvalidMoney) in
      let amount = try Money(text)
      guard amount > .zero else {
        throw InvalidMoney(text: text, expected: "a budget, which is more than nothing")
      }
      return amount
    }
    return monthly.map {
      Budget(scope, monthly: $0, over: over ?? .report, place: reader.place(of: monthlyValue))
    }
  }

  /// The name of a user or an organization.
  mutating func readOwner(_ value: YAMLValue, as what: String) -> String? {
    guard let name = reader.text(value, as: what) else { return nil }
    guard (try? SpaceID("\(name)/a")) != nil else {
      reader.report("'\(name)' is not the name of a user or an organization, such as acme", at: value)
      return nil
    }
    return name
  }
}

extension Schedules {
  /// Budgets that are there twice.
  func repeatedBudgets() -> [Diagnostic] {
    Self.repeated(sharedBudgets.map(\.scope.title), sharedBudgets.map(\.place)) {
      "\($0) is already given at \($1)"
    }
  }
}
