public import JSON

/// A variable of a Space, which its program and its visitors can read.
public struct SpaceVariable: Hashable, Sendable {
  public let key: String
  public let value: String
  public let description: String?
  /// ISO 8601, as the Hub wrote it.
  public let updatedAt: String?
  /// Everything that the Hub said of it.
  public let raw: JSONValue

  /// Reads one entry of the Hub's map of variables; nil if it has no value.
  public init?(key: String, json: JSONValue) {
    guard let value = json["value"]?.string else { return nil }
    self.key = key
    self.value = value
    description = json["description"]?.string
    updatedAt = json["updatedAt"]?.string
    raw = json
  }
}
