/// The name of a Space: `owner/name`.
public struct SpaceID: Sendable, CustomStringConvertible {
  /// A user or an organisation.
  public let owner: String
  public let name: String
  /// `owner/name`; kept, as tables are sorted by it and the history is searched by it.
  public let description: String

  /// Reads `owner/name`, both made of ASCII letters, digits, `-`, `_` and `.`, as the Hub allows.
  public init(_ text: String) throws(InvalidSpaceID) {
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { throw InvalidSpaceID(text: text) }
    let (owner, name) = (text[..<slash], text[slash...].dropFirst())
    guard !owner.isEmpty, !name.isEmpty, owner.utf8.allSatisfy(Self.isAllowed),
      name.utf8.allSatisfy(Self.isAllowed)
    else { throw InvalidSpaceID(text: text) }
    (self.owner, self.name, description) = (String(owner), String(name), text)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}

/// Text that is not the name of a Space.
public struct InvalidSpaceID: Error, Hashable, Sendable, CustomStringConvertible {
  public let text: String
  public var description: String { "'\(text)' is not a Space; a Space is OWNER/NAME, such as acme/chat" }
}

extension SpaceID: Hashable, Comparable {
  public static func == (left: SpaceID, right: SpaceID) -> Bool { left.description == right.description }

  public func hash(into hasher: inout Hasher) { hasher.combine(description) }

  /// By code point of `owner/name`, the order of every table: that of strings, as all of it is ASCII.
  public static func < (left: SpaceID, right: SpaceID) -> Bool { left.description < right.description }
}
