public import LocatedYAML
public import Schedules
public import Spaces
import Spelling

/// Where rules and Spaces do not meet.
extension Fleet {
  /// What the rules name and nobody saw, most likely misspelt: in order of the files. Only owners that could be
  /// listed are spoken of.
  public func unmatched(by schedules: Schedules) -> [Diagnostic] {
    let counts = Dictionary(grouping: seen.keys, by: \.owner).mapValues(\.count)
    func known(_ owner: String) -> String {
      switch counts[owner] {
      case nil: "no Space of \(owner) was seen"
      case 1: "1 Space of \(owner) was seen"
      case let count?: "\(count) Spaces of \(owner) were seen"
      }
    }
    let names = Set(seen.keys.flatMap(names))
    func isMatched(_ pattern: SpacePattern) -> Bool {
      pattern.exactName.map { names.contains($0) || told.contains($0) }
        ?? names.contains(where: pattern.matches)
    }
    let patterns = schedules.claims.filter { claim in
      listed.contains(claim.pattern.owner) && !isMatched(claim.pattern)
    }.map { claim in
      let policy = "policy \(schedules.policies[claim.policy].name)"
      let nearest = claim.pattern.exactName.flatMap { name in
        Spelling.nearest(
          to: "\(name)", among: seen.keys.filter { $0.owner == name.owner }.map(\.description).sorted())
      }
      return Diagnostic(
        .warning, at: claim.place,
        message: claim.pattern.isExact
          ? "\(policy): the Hub has no Space \(claim.pattern), or does not show it to this token"
          : "\(policy): no Space matches '\(claim.pattern)' (\(known(claim.pattern.owner)))",
        hint: nearest.map { "did you mean '\($0)'?" })
    }
    let accounts = schedules.accounts.map(\.name).filter { listed.contains($0) && counts[$0] == nil }
      .compactMap { owner in
        schedules.place(ofOwner: owner).map {
          Diagnostic(
            .warning, at: $0, message: "accounts: no Space of \(owner) was seen; is the name right?")
        }
      }
    return patterns + accounts
  }

  /// The same for people who look at Spaces, not at files.
  public func unmatchedNotes(by schedules: Schedules) -> [String] {
    guard !schedules.owners.isEmpty else {
      return ["the rules name no owner, so nobody's Spaces are looked at: add `accounts:` or a policy"]
    }
    return unmatched(by: schedules).map(\.message)
  }

  /// Names in the rules that lead to a Space with another name now.
  public func renamed(in schedules: Schedules) -> [Diagnostic] {
    let present = Dictionary(renamed.map { ($1, $0) }) { first, _ in first }
    return schedules.claims.compactMap { claim in
      claim.pattern.exactName.flatMap { present[$0] }.map {
        Diagnostic(
          .warning, at: claim.place, message: "\(claim.pattern) was renamed to \($0)",
          hint: "write the new name in policy \(schedules.policies[claim.policy].name)")
      }
    }
  }

  /// The Spaces that were seen, with the names of their policies.
  public func policies(by schedules: Schedules) -> [(space: SpaceID, policy: String?)] {
    seen.keys.map { ($0, assignment(of: $0, by: schedules).policy?.name) }
  }

  private func assignment(of space: SpaceID, by schedules: Schedules) -> Assignment {
    schedules.assignment(of: names(of: space))
  }

  /// Spaces that no policy is for, all of an owner together, where the owner is named.
  public func unmanaged(by schedules: Schedules) -> [Diagnostic] {
    let unmanaged = seen.keys.filter { space in
      guard case .unmanaged = assignment(of: space, by: schedules) else { return false }
      return true
    }
    return Dictionary(grouping: unmanaged.sorted(), by: \.owner).sorted { $0.key < $1.key }
      .compactMap { owner, spaces in
        let names = spaces.prefix(10).map(\.description).joined(separator: ", ")
        let others = spaces.count > 10 ? " and \(spaces.count - 10) more" : ""
        return schedules.place(ofOwner: owner).map {
          Diagnostic(
            .note, at: $0, message: "no policy is for \(names)\(others)",
            hint: "they are looked at and reported, and never changed")
        }
      }
  }
}
