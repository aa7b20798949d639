import Foundation
import Hub
import Spaces
import Synchronization
import TestSupport

let secret = "hf_secret_of_the_test"
let chat = id("acme/chat")
let running =
  #"{"stage":"RUNNING","hardware":{"current":"t4-small","requested":"t4-small"},"gcTimeout":3600}"#

func id(_ text: String) -> SpaceID {
  do {
    return try SpaceID(text)
  } catch {
    preconditionFailure(error.description)
  }
}

/// A client of a scripted server: its waits take no time, its time-outs come when the test says so.
struct Fixture: Sendable {
  let server: ScriptedServer
  let client: HubClient
  let waits: SkippingClock
  let timeouts: ManualClock
}

func withHub<Value: Sendable>(
  prefix: String = "", token: String? = secret,
  onWarning: @escaping @Sendable (HubWarning) -> Void = { _ in },
  _ script: Script, _ body: (Fixture) async throws -> Value
) async throws -> Value {
  try await withScriptedServer(script) { server in
    let waits = SkippingClock()
    let timeouts = ManualClock()
    let configuration = HubConfiguration(
      endpoint: try HubEndpoint(server.url + prefix, source: "the test"),
      token: try token.map { text throws(InvalidHubConfiguration) in try HubToken(text, source: "HF_TOKEN") })
    return try await withHubClient(
      configuration: configuration, version: "1.2.3", clock: waits, timeouts: HubTimeouts(clock: timeouts),
      onWarning: onWarning
    ) { client in
      try await body(Fixture(server: server, client: client, waits: waits, timeouts: timeouts))
    }
  }
}

/// The error of a call; nil if it had none.
func failure<Value>(of call: () async throws(HubError) -> Value) async -> HubError? {
  do throws(HubError) {
    _ = try await call()
    return nil
  } catch {
    return error
  }
}
