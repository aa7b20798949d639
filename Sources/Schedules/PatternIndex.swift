import Spaces

/// Which policies claim which names: sorted once, so that a Space meets its owner's patterns only, and in a
/// large fleet whose Spaces are named exactly none at all.
struct PatternIndex: Sendable {
  struct Claim {
    /// Its index.
    let policy: Int
    let pattern: SpacePattern
    let literalCount: Int
  }

  /// In the files' order.
  private var exact: [SpaceID: [Claim]] = [:]
  /// By owner: those with more literal characters first, then in the files' order.
  private var open: [String: [Claim]] = [:]

  init(_ policies: [Policy]) {
    for (index, policy) in policies.enumerated() {
      for pattern in policy.patterns {
        let claim = Claim(policy: index, pattern: pattern, literalCount: pattern.literalCount)
        if let name = pattern.exactName {
          exact[name, default: []].append(claim)
        } else {
          open[pattern.owner, default: []].append(claim)
        }
      }
    }
    open = open.mapValues { claims in
      claims.enumerated().sorted {
        ($1.element.literalCount, $0.offset) < ($0.element.literalCount, $1.offset)
      }.map(\.element)
    }
  }

  /// The claims with the highest rank, which is one and the same, and the name that they match.
  func best(for names: [SpaceID]) -> (claims: [Claim], name: SpaceID)? {
    for name in names {
      if let claims = exact[name] { return (claims, name) }
    }
    var best: (claims: [Claim], name: SpaceID)?
    for name in names {
      let claims = open[name.owner] ?? []
      guard let start = claims.firstIndex(where: { $0.pattern.matches(name) }) else { continue }
      let count = claims[start].literalCount
      if let leading = best?.claims.first, leading.literalCount >= count { continue }
      let equals = claims[start...].prefix { $0.literalCount == count }
      best = (equals.filter { $0.pattern.matches(name) }, name)
    }
    return best
  }
}
