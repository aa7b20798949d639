public import LocatedYAML

/// Who is told by a webhook.
public struct Receiver: Hashable, Sendable {
  /// A text of the file, or the environment variable that has it.
  public enum Source: Hashable, Sendable {
    case text(String)
    case variable(String)
  }

  /// What is sent.
  public enum Format: String, CaseIterable, Sendable {
    /// All that is known, as Standard Webhooks have it.
    case json
    /// A sentence, as Slack's incoming webhooks take it.
    case slack
    /// A sentence, as Discord's webhooks take it.
    case discord
  }

  public var name: String
  /// Where to: an `https` address, or `http` on this machine.
  public var url: Source
  /// The environment variable with the key that signs; nil for none.
  public var secretVariable: String?
  public var format: Format
  public var place: Place

  public init(
    name: String, url: Source, secretVariable: String? = nil, format: Format = .json, place: Place
  ) {
    self.name = name
    self.url = url
    self.secretVariable = secretVariable
    self.format = format
    self.place = place
  }
}
