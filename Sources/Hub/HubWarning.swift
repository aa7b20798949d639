/// Something that the Hub wants its users to know: `X-HF-Warning: topic; text`.
public struct HubWarning: Hashable, Sendable, CustomStringConvertible {
  public let topic: String
  public let text: String

  public var description: String { topic.isEmpty ? text : "\(topic): \(text)" }

  init(header: String) {
    let parts = header.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
    topic = parts.count == 2 ? HubError.printable(String(parts[0])) : ""
    text = HubError.printable(String(parts.last ?? ""))
  }
}
