import Foundation

/// The address of a Hub: scheme, host, port, and what its paths begin with.
public struct HubEndpoint: Hashable, Sendable, CustomStringConvertible {
  let origin: Origin
  /// Empty, or a path that begins with `/` and does not end with one.
  let prefix: String

  /// `https://huggingface.co`
  public static let huggingFace = HubEndpoint(
    origin: Origin(scheme: "https", host: "huggingface.co", port: 443), prefix: "")

  private init(origin: Origin, prefix: String) {
    (self.origin, self.prefix) = (origin, prefix)
  }

  /// Reads an `http` or `https` address; slashes at its end are harmless.
  /// - Parameter source: where it was found, for messages.
  public init(_ text: String, source: String) throws(InvalidHubConfiguration) {
    guard let parts = URLComponents(string: text), let origin = Origin(parts) else {
      throw InvalidHubConfiguration(
        "\(source) is '\(text)', which is not the address of a Hub, such as https://huggingface.co")
    }
    guard parts.user == nil, parts.password == nil else {
      throw InvalidHubConfiguration("\(source) must not hold a user name or password")
    }
    guard parts.query == nil, parts.fragment == nil else {
      throw InvalidHubConfiguration("\(source) is '\(text)': an endpoint has no '?' or '#'")
    }
    self.origin = origin
    var prefix = Substring(parts.percentEncodedPath)
    while prefix.hasSuffix("/") { prefix.removeLast() }
    self.prefix = String(prefix)
  }

  /// Whether it is on this machine: a Hub to try things with.
  public var isLoopback: Bool {
    origin.host == "localhost" || origin.host == "::1" || origin.host == "[::1]"
      || (origin.host.hasPrefix("127.") && origin.host.split(separator: ".").count == 4)
  }

  public var description: String { origin.description + prefix }
}

/// Who is asked: a token for one origin is never sent to another.
struct Origin: Hashable, Sendable, CustomStringConvertible {
  var scheme: String
  var host: String
  var port: Int

  init(scheme: String, host: String, port: Int) {
    (self.scheme, self.host, self.port) = (scheme, host, port)
  }

  /// Nil for anything that is not a whole http or https address.
  init?(_ parts: URLComponents) {
    guard let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https",
      let host = parts.host?.lowercased(), !host.isEmpty, !host.contains(where: \.isWhitespace)
    else { return nil }
    let port = parts.port ?? (scheme == "https" ? 443 : 80)
    guard (1...65_535).contains(port) else { return nil }
    self.init(scheme: scheme, host: host, port: port)
  }

  /// The origin of a whole address.
  init?(of url: String) {
    guard let parts = URLComponents(string: url) else { return nil }
    self.init(parts)
  }

  var description: String {
    let isUsual = port == (scheme == "https" ? 443 : 80)
    return "\(scheme)://\(host)" + (isUsual ? "" : ":\(port)")
  }
}
