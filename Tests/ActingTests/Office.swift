import Acting
import History
import Hub
import HubControls
import HubSimulator
import JSON
import Pricing
import Schedules
import Synchronization
import TestSupport
import Timelines
import Webhooks

/// A simulated Hub on a real socket, a history in memory, and runs that wait for nothing.
struct Office: Sendable {
  let controls: HubControls
  let history: History
  let client: HubClient
  let time = OfficeTime(Instant(secondsSince1970: 1_791_187_200))  // 2026-10-05T08:00:00Z

  /// - Parameter fleet: Spaces, as the simulator's `--fleet` has them.
  static func open(_ fleet: JSONValue, _ test: @Sendable (Office) async throws -> Void) async throws {
    let hub = SimulatedHub(clock: Instant(secondsSince1970: 1_791_187_200))
    await hub.add(try SpaceDefinition.list(fleet))
    try await withHubServer(hub) { endpoint in
      let configuration = HubConfiguration(
        endpoint: try HubEndpoint(endpoint, source: "the test"), token: try HubToken("t", source: "the test"))
      try await withHubClient(configuration: configuration, version: "test", clock: SkippingClock()) {
        client in
        try await test(
          Office(controls: HubControls(endpoint: endpoint), history: try History(), client: client))
      }
    }
  }

  /// One run, a minute after the one before.
  ///
  /// - Parameters:
  ///   - policies: the `policies:` of a rule file, and what may follow them.
  ///   - send: takes messages.
  func run(
    _ policies: String, _ options: Runner.Options = Runner.Options(),
    send: @escaping @Sendable (WebhookRequest) async -> WebhookAnswer = { _ in .taken }
  ) async throws -> RunResult {
    time.pass(60)
    let (schedules, mistakes) = Schedules.read([("rules.yaml", "version: 1\npolicies:\n\(policies)\n")])
    guard !mistakes.contains(where: { $0.severity == .error }) else {
      throw BadRules(mistakes: "\(mistakes)")
    }
    let runner = Runner(
      hub: client, history: history, schedules: schedules, prices: .builtIn, clock: { [time] in time.now },
      sleep: { [time] in time.pass($0.components.seconds) },
      outbox: Outbox(
        history: history, receivers: schedules.receivers, variable: { _ in nil }, send: send,
        clock: { [time] in time.now }, sleep: { _ in }))
    return try await runner.run(options, on: runner.look(records: options.mode != .trial))
  }

  /// Outcomes in the journal, by Space and kind: `acme/chat hardware done`.
  func journal() throws -> [String] {
    try history.actions(in: .distantPast..<(.distantFuture + 1)).map {
      "\($0.action.space) \($0.action.kind.rawValue) \($0.action.outcome?.rawValue ?? "open")"
    }
  }

  struct BadRules: Error {
    let mistakes: String
  }
}

/// What runs take as now: it passes only where somebody waits.
final class OfficeTime: Sendable {
  private let current: Mutex<Instant>

  init(_ start: Instant) { current = Mutex(start) }

  var now: Instant { current.withLock { $0 } }

  func pass(_ seconds: Int64) { current.withLock { $0 = $0 + seconds } }
}
