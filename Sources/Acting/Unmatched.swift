public import Schedules
import Spaces

extension Fleet {
  /// What the rules name and nobody saw, most likely misspelt. Exact names are told by the look itself, which
  /// asks for each of them.
  public func unmatched(by schedules: Schedules) -> [String] {
    guard !schedules.owners.isEmpty else {
      return ["the rules name no owner, so nobody's Spaces are looked at: add `accounts:` or a policy"]
    }
    let counts = Dictionary(grouping: seen.keys, by: \.owner).mapValues(\.count)
    func known(_ owner: String) -> String {
      switch counts[owner] {
      case nil: "no Space of \(owner) was seen"
      case 1: "1 Space of \(owner) was seen"
      case let count?: "\(count) Spaces of \(owner) were seen"
      }
    }
    let patterns = schedules.policies.flatMap { policy in
      policy.patterns.filter { pattern in
        !pattern.isExact && listed.contains(pattern.owner) && !seen.keys.contains(where: pattern.matches)
      }.map { "policy \(policy.name): no Space matches '\($0)' (\(known($0.owner)))" }
    }
    let accounts = schedules.accounts.map(\.name).filter { listed.contains($0) && counts[$0] == nil }
      .map { "accounts: no Space of \($0) was seen; is the name right?" }
    return patterns + accounts
  }
}
