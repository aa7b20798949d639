import Foundation
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

  /// One of those who are told by a webhook.
  mutating func readReceiver(_ value: YAMLValue) {
    let what = "a receiver"
    guard
      let members = reader.mapping(
        value, as: what, keys: ["name", "url", "url_from", "secret_from", "format"]),
      let nameValue = required(members["name"], "name", in: what, at: value),
      let name = readName(nameValue, as: "a receiver's name")
    else { return }
    let format = given(members["format"]).flatMap {
      reader.word($0, as: "a format of a receiver", Receiver.Format.self, others: ["webhook": .json])
    }
    let secret = given(members["secret_from"]).flatMap { readVariable($0, as: "secret_from") }
    if let value = given(members["secret_from"]), format == .slack || format == .discord {
      reader.report(
        "what \(format == .slack ? "Slack" : "Discord") takes is not signed, so a secret would do nothing",
        at: value, hint: "remove it, or write format: json")
    }
    let url: Receiver.Source?
    switch (given(members["url"]), given(members["url_from"])) {
    case (let text?, nil): url = readAddress(text).map(Receiver.Source.text)
    case (nil, let variable?): url = readVariable(variable, as: "url_from").map(Receiver.Source.variable)
    case (nil, nil):
      reader.report(
        "a receiver needs 'url', or 'url_from' with the environment variable that has it", at: value)
      url = nil
    case (_?, let variable?):
      reader.report("a receiver has 'url' or 'url_from', not both", at: variable)
      url = nil
    }
    guard let url else { return }
    receivers.append(
      Receiver(
        name: name, url: url, secretVariable: secret, format: format ?? .json,
        place: reader.place(of: nameValue)))
  }

  private mutating func readAddress(_ value: YAMLValue) -> String? {
    guard let text = reader.text(value, as: "url") else { return nil }
    if let problem = Receiver.problem(ofURL: text) {
      reader.report(problem, at: value, hint: "such as https://example.com/hook")
      return nil
    }
    return text
  }

  private mutating func readVariable(_ value: YAMLValue, as key: String) -> String? {
    guard let text = reader.text(value, as: key) else { return nil }
    guard text.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]*/#) != nil else {
      reader.report(
        "'\(key)' is the name of an environment variable, not the text itself", at: value,
        hint: "such as SPACEPLAN_WEBHOOK_SECRET")
      return nil
    }
    return text
  }
}

extension Receiver {
  /// Why nothing is sent to an address; nil where it can be.
  ///
  /// What a budget costs is nobody else's business, so it travels encrypted, unless it does not leave the machine.
  public static func problem(ofURL text: String) -> String? {
    guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
      parts.scheme == "https" || parts.scheme == "http"
    else { return "'\(text)' is not an address of the web" }
    let isHere =
      ["localhost", "[::1]", "::1"].contains(host) || host.wholeMatch(of: #/127(\.[0-9]{1,3}){3}/#) != nil
    // The address may be a secret, so it is not told again.
    return parts.scheme == "https" || isHere ? nil : "messages would leave this machine unencrypted over http"
  }
}

extension Schedules {
  /// Budgets and receivers that are there twice.
  func repeatedBudgets() -> [Diagnostic] {
    Self.repeated(sharedBudgets.map(\.scope.title), sharedBudgets.map(\.place)) {
      "\($0) is already given at \($1)"
    }
      + Self.repeated(receivers.map(\.name), receivers.map(\.place)) {
        "the receiver '\($0)' is already defined at \($1)"
      }
  }
}
