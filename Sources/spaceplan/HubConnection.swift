import Foundation
import Hub

/// Finds the Hub and the token as the official client does, and runs something with a client.
func withHub<Value>(_ body: (HubClient) async throws -> Value) async throws -> Value {
  try await withHubClient(
    configuration: hubConfiguration(), version: Spaceplan.version,
    onWarning: { warning in Terminal.tell("the Hub warns: \(warning)") }, body)
}

func hubConfiguration() throws -> HubConfiguration {
  try HubConfiguration(
    environment: ProcessInfo.processInfo.environment, home: NSHomeDirectory(),
    readFile: { path in
      FileManager.default.fileExists(atPath: path) ? try Data(contentsOf: URL(fileURLWithPath: path)) : nil
    })
}
