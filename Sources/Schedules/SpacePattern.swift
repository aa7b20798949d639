public import Spaces

/// Which Spaces a policy is for: an exact name, or one with `*` for any run of characters, also none.
/// The owner is literal, so that it is known whose Spaces to list.
public struct SpacePattern: Hashable, Sendable, CustomStringConvertible {
  public let owner: String
  /// The part behind the owner; never two `*` in a row, as they mean one.
  public let name: String
  public let isExact: Bool

  /// Reads `acme/chat` or `acme/chat-*`.
  public init(_ text: String) throws(InvalidSpacePattern) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts.contains("") else {
      throw InvalidSpacePattern(text: text, problem: .shape)
    }
    guard !parts[0].contains("*") else { throw InvalidSpacePattern(text: text, problem: .ownerIsOpen) }
    let literal = parts[1].replacing("*", with: "")
    guard (try? SpaceID("\(parts[0])/\(literal.isEmpty ? "a" : literal)")) != nil else {
      throw InvalidSpacePattern(text: text, problem: .characters)
    }
    owner = parts[0]
    name = parts[1].replacing(#/\*+/#, with: "*")
    isExact = literal == parts[1]
  }

  /// The exact name of a Space.
  public init(_ space: SpaceID) {
    (owner, name, isExact) = (space.owner, space.name, true)
  }

  public var description: String { "\(owner)/\(name)" }

  /// The one Space that an exact name means; nil for a pattern with `*`.
  public var exactName: SpaceID? { isExact ? try? SpaceID(description) : nil }

  /// How many characters of the name are not `*`: of two patterns, the one with more wins.
  public var literalCount: Int { name.utf8.count { $0 != star } }

  /// O(length of the pattern times length of the name) at worst.
  public func matches(_ space: SpaceID) -> Bool {
    guard space.owner == owner else { return false }
    guard !isExact else { return space.name == name }
    let (pattern, text) = (Array(name.utf8), Array(space.name.utf8))
    var (p, t) = (0, 0)
    // The latest star, and how far it reaches: only the latest ever needs to reach further.
    var retry: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == star {
        retry = (p + 1, t)
        p += 1
      } else if p < pattern.count, pattern[p] == text[t] {
        (p, t) = (p + 1, t + 1)
      } else if let (afterStar, reached) = retry {
        retry = (afterStar, reached + 1)
        (p, t) = (afterStar, reached + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == star }
  }

  /// The shortest name of a Space that both match, or nil where no name can match both.
  public func example(sharedWith other: SpacePattern) -> SpaceID? {
    guard owner == other.owner else { return nil }
    let (mine, theirs) = (Array(name.utf8), Array(other.name.utf8))
    let beginnings = zip(mine, theirs).prefix { $0 != star && $1 != star }
    guard beginnings.allSatisfy({ $0 == $1 }) else { return nil }
    // shortest[i][j]: the shortest text that both mine[i...] and theirs[j...] match.
    var shortest = [[[UInt8]?]](
      repeating: Array(repeating: nil, count: theirs.count + 1), count: mine.count + 1)
    for i in stride(from: mine.count, through: 0, by: -1) {
      for j in stride(from: theirs.count, through: 0, by: -1) {
        let a = i < mine.count ? mine[i] : nil
        let b = j < theirs.count ? theirs[j] : nil
        var candidates: [[UInt8]] = []
        if a == nil, b == nil { candidates.append([]) }
        if a == star, let rest = shortest[i + 1][j] { candidates.append(rest) }
        if b == star, let rest = shortest[i][j + 1] { candidates.append(rest) }
        if let a, a == b, a != star, let rest = shortest[i + 1][j + 1] { candidates.append([a] + rest) }
        if let a, a != star, b == star, let rest = shortest[i + 1][j] { candidates.append([a] + rest) }
        if let b, b != star, a == star, let rest = shortest[i][j + 1] { candidates.append([b] + rest) }
        shortest[i][j] = candidates.min { $0.count < $1.count }
      }
    }
    return shortest[0][0].flatMap { text in
      // Two lone stars share the empty name, which no Space has.
      try? SpaceID("\(owner)/\(text.isEmpty ? "a" : String(decoding: text, as: UTF8.self))")
    }
  }
}

private let star = UInt8(ascii: "*")

/// Text that is neither the name of a Space nor a pattern.
public struct InvalidSpacePattern: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Problem: Hashable, Sendable {
    case shape
    case ownerIsOpen
    case characters
  }

  public let text: String
  public let problem: Problem

  public var description: String {
    switch problem {
    case .shape:
      "'\(text)' is not a Space or a pattern: these are OWNER/NAME, such as acme/chat or acme/demo-*"
    case .ownerIsOpen: "the owner in '\(text)' must be written out: '*' may stand only behind the '/'"
    case .characters:
      "'\(text)' can't match a Space: names have ASCII letters, digits, '-', '_' and '.', and '*' for any of them"
    }
  }
}
