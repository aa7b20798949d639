import Foundation
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

extension Receiver {
  /// Why nothing is sent to an address; nil where it can be.
  ///
  /// What a budget costs is nobody else's business, so it travels encrypted, unless it does not leave the machine.
  public static func problem(ofURL text: String) -> String? {
    guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
      parts.scheme == "https" || parts.scheme == "http"
    else { return "'\(text)' is not an address of the web" }
    let isHere =
      ["localhost", "[::1]", "::1"].contains(host) || host.wholeMatch(of: #/127(\.[0-9]{1,3}){3}/#) != nil
    // The address may be a secret, so it is not told again.
    return parts.scheme == "https" || isHere ? nil : "messages would leave this machine unencrypted over http"
  }
}
