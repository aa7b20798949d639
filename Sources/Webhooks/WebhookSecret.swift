import Crypto
import Foundation
public import Timelines

/// A key that signs messages as Standard Webhooks (1.0) do, so that a receiver knows whom they come from.
public struct WebhookSecret: Sendable {
  /// The text is no key.
  public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String {
      "it is no key: that is base64, if need be after whsec_, such as `openssl rand -base64 32` makes"
    }
  }

  private let key: SymmetricKey

  /// - Parameter text: base64, with or without `whsec_` in front.
  /// - Throws: ``Invalid``
  public init(_ text: String) throws(Invalid) {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let encoded = text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text
    guard let bytes = Data(base64Encoded: encoded), !bytes.isEmpty else { throw Invalid() }
    key = SymmetricKey(data: bytes)
  }

  /// What goes into the header `webhook-signature`: HMAC-SHA-256 of the id, the instant and the body.
  public func signature(id: String, at instant: Instant, body: String) -> String {
    let signed = Data("\(id).\(instant.secondsSince1970).\(body)".utf8)
    return "v1," + Data(HMAC<SHA256>.authenticationCode(for: signed, using: key)).base64EncodedString()
  }
}

/// An id that is the same for the same content: a message that is sent again has it again.
public func messageID(of content: String) -> String {
  "msg_"
    + SHA256.hash(data: Data(content.utf8)).prefix(16).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
}
