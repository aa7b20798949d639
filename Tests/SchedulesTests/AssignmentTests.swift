import Schedules
import Spaces
import TestSupport
import Testing

private let text = """
  version: 1
  policies:
    - { name: all, spaces: ["acme/*"] }
    - { name: chats, spaces: ["acme/chat-*"] }
    - { name: one, spaces: [acme/chat-1] }
  """

@Test(arguments: [
  (["acme/chat-1"], "one by acme/chat-1 as acme/chat-1"),
  (["acme/chat-2"], "chats by acme/chat-* as acme/chat-2"),
  (["acme/other"], "all by acme/* as acme/other"),
  (["beta/chat-1"], "unmanaged"),
  (["acme/new", "acme/chat-1"], "one by acme/chat-1 as former acme/chat-1"),
  (["acme/new", "acme/chat-2"], "chats by acme/chat-* as former acme/chat-2"),
  (["acme/new", "acme/old"], "all by acme/* as acme/new"),
  (["acme/chat-1", "acme/chat-2"], "one by acme/chat-1 as acme/chat-1"),
])
func theBestMatchWins(names: [String], assignment: String) throws {
  let schedules = Schedules.read([("a.yaml", text)]).schedules
  let spaces = try names.map { try SpaceID($0) }
  switch schedules.assignment(of: spaces) {
  case .policy(let policy, let match):
    let name = match.isFormerName ? "former \(match.name)" : "\(match.name)"
    #expect("\(policy.name) by \(match.pattern) as \(name)" == assignment)
    #expect(match.isExact == (policy.name == "one"))
  case .conflict: Issue.record("conflict")
  case .unmanaged: #expect(assignment == "unmanaged")
  }
}

@Test(arguments: [
  ("acme/chat", "acme/chat", "acme/chat", ["one", "two"]),
  ("acme/a*", "acme/*a", "acme/aa", ["one", "two"]),
  ("acme/a*", "acme/*a", "acme/ab", ["one"]),
])
func equalRightsAreAConflict(first: String, second: String, space: String, policies: [String]) throws {
  let text = """
    version: 1
    policies:
      - { name: one, spaces: ["\(first)", "\(first)"] }
      - { name: two, spaces: ["\(second)"] }
    """
  let assignment = Schedules.read([("a.yaml", text)]).schedules.assignment(of: [try SpaceID(space)])
  switch assignment {
  case .policy(let policy, _): #expect([policy.name] == policies)
  case .conflict(let claimants): #expect(claimants.map(\.name) == policies)
  case .unmanaged: Issue.record("unmanaged")
  }
}

/// As the rule is written down: every policy's every pattern with every name, by rank.
private func naiveAssignment(_ schedules: Schedules, _ names: [SpaceID]) -> String {
  var best: (rank: [Int], match: String, policies: [String])?
  for (order, name) in names.enumerated() {
    for policy in schedules.policies {
      for pattern in policy.patterns where pattern.matches(name) {
        let rank = [pattern.isExact ? 1 : 0, pattern.isExact ? 0 : pattern.literalCount, -order]
        if let (leading, match, claimants) = best, !leading.lexicographicallyPrecedes(rank) {
          if leading == rank, claimants.last != policy.name {
            best = (rank, match, claimants + [policy.name])
          }
        } else {
          best = (rank, "\(pattern) as \(name)\(order > 0 ? ", a former name" : "")", [policy.name])
        }
      }
    }
  }
  guard let best else { return "unmanaged" }
  return best.policies.count == 1 ? "\(best.policies[0]) by \(best.match)" : "conflict of \(best.policies)"
}

@Test(arguments: UInt64(1)...200) func assignmentsFollowTheRule(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  func name(_ letters: [String]) -> String {
    let length = Int.random(in: 1...3, using: &random)
    let name = (0..<length).map { _ in letters.randomElement(using: &random) ?? "a" }.joined()
    return "\(Bool.random(using: &random) ? "acme" : "beta")/\(name)"
  }
  var text = "version: 1\npolicies:\n"
  for policy in 0..<Int.random(in: 1...6, using: &random) {
    let patterns = (0..<Int.random(in: 1...4, using: &random)).map { _ in "\"\(name(["a", "b", "*"]))\"" }
    text += "  - { name: p\(policy), spaces: [\(patterns.joined(separator: ", "))] }\n"
  }
  let schedules = Schedules.read([("a.yaml", text)]).schedules
  for _ in 0..<50 {
    let names = try (0..<Int.random(in: 1...3, using: &random)).map { _ in try SpaceID(name(["a", "b"])) }
    let assignment =
      switch schedules.assignment(of: names) {
      case .policy(let policy, let match):
        "\(policy.name) by \(match.pattern) as \(match.name)\(match.isFormerName ? ", a former name" : "")"
      case .conflict(let policies): "conflict of \(policies.map(\.name))"
      case .unmanaged: "unmanaged"
      }
    #expect(assignment == naiveAssignment(schedules, names), "\(text)\(names)")
  }
}

@Test(arguments: [
  ("acme/chat", "acme/chat", true), ("acme/chat", "acme/chats", false), ("acme/*", "acme/x", true),
  ("acme/a*b*c", "acme/abc", true), ("acme/a*b*c", "acme/axbxbxc", true), ("acme/a*b*c", "acme/acb", false),
  ("acme/*-demo", "acme/a-demo-demo", true), ("acme/**", "acme/x", true), ("acme/*", "beta/x", false),
  ("acme/Chat", "acme/chat", false),
])
func patternsMatch(pattern: String, space: String, matches: Bool) throws {
  #expect(try SpacePattern(pattern).matches(try SpaceID(space)) == matches)
}

/// Two patterns share an example exactly if some short name matches both.
@Test(arguments: UInt64(1)...100) func sharedExamplesAreRight(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  func pattern() throws -> SpacePattern {
    let length = Int.random(in: 1...4, using: &random)
    let name = (0..<length).map { _ in ["a", "b", "*"][Int.random(in: 0..<3, using: &random)] }.joined()
    return try SpacePattern("acme/\(name)")
  }
  let (left, right) = (try pattern(), try pattern())
  let names = (1...7).reduce(into: [[""]]) { lengths, _ in
    lengths.append(lengths[lengths.count - 1].flatMap { [$0 + "a", $0 + "b"] })
  }
  let shared = try names.dropFirst().joined().map { try SpaceID("acme/\($0)") }
    .filter { left.matches($0) && right.matches($0) }
  let example = left.example(sharedWith: right)
  #expect((example == nil) == shared.isEmpty, "\(left) \(right)")
  if let example {
    #expect(left.matches(example) && right.matches(example), "\(left) \(right) \(example)")
    #expect(example.name.count == shared.map(\.name.count).min())
  }
}
