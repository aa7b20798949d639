public import LocatedYAML
import Spaces

/// What two parts of the files, each correct by itself, say against each other.
extension Schedules {
  /// Names of policies and accounts that were given before.
  func repeatedNames() -> [Diagnostic] {
    Self.repeated(policies.map(\.name), places.policyNames) {
      "the name '\($0)' is already taken by the policy at \($1)"
    }
      + Self.repeated(accounts.map(\.name), places.accounts) {
        "the account '\($0)' is already given at \($1)"
      }
  }

  static func repeated(
    _ names: [String], _ places: [Place], message: (String, String) -> String
  ) -> [Diagnostic] {
    var first: [String: Place] = [:]
    return zip(names, places).compactMap { name, place in
      guard let earlier = first[name] else {
        first[name] = place
        return nil
      }
      return Diagnostic(at: place, message: message(name, earlier.fileAndLine))
    }
  }

  /// Exact names and equal patterns that an earlier policy has, too.
  func conflictsOfPatterns() -> [Diagnostic] {
    var first: [SpacePattern: (policy: Int, place: Place)] = [:]
    var conflicts: [Diagnostic] = []
    for claim in claims {
      guard let earlier = first[claim.pattern] else {
        first[claim.pattern] = (claim.policy, claim.place)
        continue
      }
      guard earlier.policy != claim.policy else { continue }
      conflicts.append(
        Diagnostic(
          at: claim.place,
          message: "'\(claim.pattern)' belongs to the policy '\(policies[earlier.policy].name)' already, "
            + "at \(earlier.place.fileAndLine)",
          hint:
            "keep it in one of the two; until then \(claim.pattern.isExact ? "the Space is" : "its Spaces are")"
            + " left alone"))
    }
    return conflicts
  }

  /// Patterns of two policies that could match one Space, and which of them wins there. An exact name
  /// wins over every pattern, which needs no telling.
  func overlaps() -> [Diagnostic] {
    let open = claims.filter { !$0.pattern.isExact }
    var overlaps: [Diagnostic] = []
    for (index, claim) in open.enumerated() {
      for earlier in open[..<index] where earlier.policy != claim.policy && earlier.pattern != claim.pattern {
        guard let example = claim.pattern.example(sharedWith: earlier.pattern) else { continue }
        let (mine, theirs) = (claim.pattern.literalCount, earlier.pattern.literalCount)
        let pair =
          "'\(claim.pattern)' and '\(earlier.pattern)' (\(earlier.place.fileAndLine)) both match a Space such as \(example)"
        if mine == theirs {
          overlaps.append(
            Diagnostic(
              .warning, at: claim.place,
              message: "\(pair), and have equally many literal characters: such a Space would be left alone",
              hint: "give such a Space's exact name in one of the two policies"))
        } else {
          let winner = mine > theirs ? claim : earlier
          overlaps.append(
            Diagnostic(
              .note, at: claim.place,
              message:
                "\(pair): there '\(winner.pattern)' wins, with the policy '\(policies[winner.policy].name)'"))
        }
      }
    }
    return overlaps
  }

  /// Every pattern of every policy, with its place, in the files' order.
  public var claims: [(policy: Int, pattern: SpacePattern, place: Place)] {
    zip(policies.indices, places.patterns).flatMap { index, places in
      zip(policies[index].patterns, places).map { (index, $0, $1) }
    }
  }
}

extension Place {
  /// How one message points at another place.
  var fileAndLine: String { "\(file):\(line)" }
}
