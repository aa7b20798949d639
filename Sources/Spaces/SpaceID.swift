/// The name of a Space: `owner/name`.
public struct SpaceID: Hashable, Sendable, CustomStringConvertible {
  /// A user or an organisation.
  public let owner: String
  public let name: String

  /// Reads `owner/name`, both made of ASCII letters, digits, `-`, `_` and `.`, as the Hub allows.
  public init(_ text: String) throws(InvalidSpaceID) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isAllowed) }) else {
      throw InvalidSpaceID(text: text)
    }
    (owner, name) = (String(parts[0]), String(parts[1]))
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  public var description: String { "\(owner)/\(name)" }
}

/// Text that is not the name of a Space.
public struct InvalidSpaceID: Error, Hashable, Sendable, CustomStringConvertible {
  public let text: String
  public var description: String { "'\(text)' is not a Space; a Space is OWNER/NAME, such as acme/chat" }
}

extension SpaceID: Comparable {
  /// By code point of `owner/name`, the order of every table.
  public static func < (left: SpaceID, right: SpaceID) -> Bool {
    left.description.unicodeScalars.lexicographicallyPrecedes(right.description.unicodeScalars)
  }
}

extension SpaceID: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
