import Foundation

/// A secret that lets its holder act on the Hub: nothing that prints, dumps or reflects it shows it.
public struct HubToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Where it was found, for messages: `HF_TOKEN` or the name of a file.
  public let source: String
  let secret: String

  /// Trims white space around the token; what is left must be one word of visible ASCII.
  public init(_ text: String, source: String) throws(InvalidHubConfiguration) {
    let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !secret.isEmpty else {
      throw InvalidHubConfiguration("the token from \(source) is empty; write the token there, or remove it")
    }
    guard !secret.contains(where: \.isWhitespace) else {
      throw InvalidHubConfiguration(
        "the token from \(source) has spaces or line breaks inside; it must be one word, such as hf_…")
    }
    guard secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw InvalidHubConfiguration("the token from \(source) has characters that no token has")
    }
    (self.secret, self.source) = (secret, source)
  }

  public var description: String { "token from \(source)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["source": source]) }
}
