public import Spaces

/// Why a policy is for a Space.
public struct Match: Hashable, Sendable {
  /// The name that matched: the Space's present one, or a former one.
  public let name: SpaceID
  public let pattern: SpacePattern
  public let isFormerName: Bool

  public var isExact: Bool { pattern.isExact }
}

/// Which policy is for a Space.
public enum Assignment: Sendable {
  /// In a box of its own: every Space's situation carries one, and is handed on often.
  indirect case policy(Policy, match: Match)
  /// Several have equal right: none is followed. In the files' order.
  case conflict([Policy])
  case unmanaged

  /// The one that is followed; nil where there is none, or several.
  public var policy: Policy? {
    guard case .policy(let policy, _) = self else { return nil }
    return policy
  }

  /// A community grant pays for its hardware.
  public var isGranted: Bool { policy?.isGranted ?? false }

  /// Those that claim it, in the files' order.
  public var policies: [Policy] {
    switch self {
    case .policy(let policy, _): [policy]
    case .conflict(let policies): policies
    case .unmanaged: []
    }
  }
}

extension Schedules {
  /// Which policy is for a Space. An exact name wins over a pattern; of patterns, the one with more literal
  /// characters wins; with equal rank the name that comes first wins.
  ///
  /// - Parameter names: the present name first, then former ones, the latest first: rules with an old name
  ///   go on to hold.
  public func assignment(of names: [SpaceID]) -> Assignment {
    guard let (claims, name) = patternIndex.best(for: names), let first = claims.first else {
      return .unmanaged
    }
    let claimants = Set(claims.map(\.policy)).sorted().map { policies[$0] }
    guard claimants.count == 1 else { return .conflict(claimants) }
    return .policy(
      claimants[0], match: Match(name: name, pattern: first.pattern, isFormerName: name != names.first))
  }
}
