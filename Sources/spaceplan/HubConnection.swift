import Foundation
import Hub

/// Finds the Hub and the token as the official client does, and runs something with a client.
func withHub<Value>(_ talk: QuietOption, _ body: (HubClient) async throws -> Value) async throws -> Value {
  let configuration = try hubConfiguration()
  if configuration.token == nil {
    // Also where little is to be said: without one private Spaces vanish, and nothing can be changed.
    Terminal.tell("no token was found (HF_TOKEN, or \(tokenFile)), so only public Spaces are seen")
  }
  return try await withHubClient(
    configuration: configuration, version: Spaceplan.version,
    onWarning: { warning in Terminal.tell("the Hub warns: \(warning)") },
    onRetry: { error in talk.tell("\(error); trying again …") }, body)
}

func hubConfiguration() throws -> HubConfiguration {
  try HubConfiguration(
    environment: ProcessInfo.processInfo.environment, home: home,
    readFile: { path in FileManager.default.fileExists(atPath: path) ? try bytes(of: path) : nil })
}

/// Where the token would be, if it is not a variable.
var tokenFile: String {
  HubConfiguration.tokenFile(environment: ProcessInfo.processInfo.environment, home: home)
}

private var home: String {
  let variable = ProcessInfo.processInfo.environment["HOME"] ?? ""
  return variable.isEmpty ? NSHomeDirectory() : variable
}
