public import Foundation

/// Where the Hub is and who asks, found as its official client finds them.
public struct HubConfiguration: Sendable {
  public var endpoint: HubEndpoint
  /// Sent to the endpoint itself only; nil asks as anybody.
  public var token: HubToken?

  public init(endpoint: HubEndpoint, token: HubToken?) {
    self.endpoint = endpoint
    self.token = token
  }

  /// Finds `HF_ENDPOINT`, and the token: `HF_TOKEN`, else the file `HF_TOKEN_PATH`, else `$HF_HOME/token`,
  /// else `$XDG_CACHE_HOME/huggingface/token`, else `~/.cache/huggingface/token`. A variable that is empty
  /// counts as not set.
  ///
  /// - Parameters:
  ///   - home: the user's home folder, for paths that begin with `~`.
  ///   - readFile: the bytes of a file; nil where there is none; throws where it can't be read.
  public init(
    environment: [String: String], home: String, readFile: (String) throws -> Data?
  ) throws(InvalidHubConfiguration) {
    let variables = Variables(environment: environment, home: home)
    endpoint =
      try variables.text("HF_ENDPOINT").map { text throws(InvalidHubConfiguration) in
        try HubEndpoint(text, source: "HF_ENDPOINT")
      } ?? .huggingFace

    if let text = variables.text("HF_TOKEN") {
      token = try HubToken(text, source: "HF_TOKEN")
      return
    }
    let file = variables.tokenFile
    let bytes: Data?
    do {
      bytes = try readFile(file)
    } catch {
      throw InvalidHubConfiguration("the token file \(file) can't be read: \(error)", isFileTrouble: true)
    }
    guard let bytes else {
      guard variables.path("HF_TOKEN_PATH") == nil else {
        throw InvalidHubConfiguration(
          "HF_TOKEN_PATH names \(file), but there is no such file", isFileTrouble: true)
      }
      token = nil
      return
    }
    guard let text = String(data: bytes, encoding: .utf8) else {
      throw InvalidHubConfiguration("the token file \(file) is not text")
    }
    token = try HubToken(text, source: "the file \(file)")
  }

  /// The file where the token is looked for, unless `HF_TOKEN` holds it.
  public static func tokenFile(environment: [String: String], home: String) -> String {
    Variables(environment: environment, home: home).tokenFile
  }

  private struct Variables {
    let environment: [String: String]
    let home: String

    func text(_ name: String) -> String? {
      let text = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines)
      return text?.isEmpty == false ? text : nil
    }

    func path(_ name: String) -> String? {
      text(name).map { $0 == "~" || $0.hasPrefix("~/") ? home + $0.dropFirst() : $0 }
    }

    var tokenFile: String {
      let cache = path("XDG_CACHE_HOME") ?? home + "/.cache"
      return path("HF_TOKEN_PATH") ?? (path("HF_HOME") ?? cache + "/huggingface") + "/token"
    }
  }
}

/// What makes the Hub's address or the token useless, and where it was found. It never holds the token.
public struct InvalidHubConfiguration: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  /// A file can't be read, rather than a value being wrong.
  public let isFileTrouble: Bool

  init(_ description: String, isFileTrouble: Bool = false) {
    (self.description, self.isFileTrouble) = (description, isFileTrouble)
  }
}
