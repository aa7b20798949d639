import ArgumentParser
import Foundation
import HubSimulator
import JSON
import LocatedYAML
import Logging
import Pricing
import ServiceLifecycle
import Timelines

@main
struct SpaceplanHub: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spaceplan-hub",
    abstract: "A Hugging Face Hub to test against: Spaces in memory, on loopback, with a clock of its own.",
    discussion: """
      The first line of standard output is where it listens; nothing else is written there. Point HF_ENDPOINT
      at it, and use any token. The clock stands still until told:

        spaceplan-hub --port 8080
        curl -d '[{"id":"acme/chat","hardware":"t4-small","sleepTime":3600}]' localhost:8080/_simulator/spaces
        curl -d '{"seconds":3600}' localhost:8080/_simulator/clock
        curl localhost:8080/api/spaces/acme/chat/runtime

      Control calls, all under /_simulator:
        POST   spaces        add or replace Spaces; a fleet file holds the same list
        DELETE spaces/ID     a Space vanishes
        POST   spaces/rename {"from":"acme/chat","to":"acme/talk"} leaves a redirect
        GET    clock         POST moves it: {"until":"2026-01-02T00:00:00Z"} or {"seconds":3600}
        POST   visits        {"space":"acme/chat","at":["2026-01-01T09:00:00Z"]}; without "at", now
        GET    timeline      ?space=ID: every true change
        GET    bill          ?from=INSTANT&until=INSTANT: what was truly used
        GET    requests      all Hub calls so far
        POST   faults        {"path":"*/hardware","kind":"status","status":503,"times":2}; DELETE ends all.
                             Kinds: status delay drop cut garbage rate-limit apply-then-fail end
        POST   account       {"owner":"acme","cpuBasicLimit":8,"spendLimitReached":false,"role":"admin"}
        POST   rate-limit    {"quota":500,"window":300}

      A Space: {"id":"acme/chat","hardware":"t4-small","stage":"RUNNING","sleepTime":3600,"replicas":1,
      "storage":null,"startup":60,"build":0,"variables":{"K":"v"},"private":false,"visits":[]}, all but "id"
      optional; also "sdk":"static", "silent":true (logs no visits), "fails":["cpu-basic"] (a start there
      ends in RUNTIME_ERROR) and "startups":{"a100-large":86400} (seconds by hardware).
      """)

  @Option(help: "The port to listen on; 0 for any that is free.")
  var port: UInt16 = 0

  @Option(help: ArgumentHelp("Spaces to begin with: a JSON list.", valueName: "file"))
  var fleet: String?

  @Option(
    help: "What the clock shows at first, such as 2026-01-01T00:00:00Z.", transform: { try Instant($0) })
  var clock = SimulatedHub.firstInstant

  @Option(
    help: ArgumentHelp(
      "A folder with pricing files; the prices built in, if none is given.", valueName: "dir"))
  var pricing: String?

  @Option(help: "The only token that is taken; any, if none is given.")
  var token: String?

  @Option(help: "Decides which calls a fault of some probability hits.")
  var seed: UInt64 = 1

  @Flag(help: "Stop at the end of standard input, and so when whoever started this ends.")
  var untilInputEnds = false

  func run() async throws {
    if untilInputEnds { Self.stopAtEndOfInput() }
    let prices = try pricing.map(Self.prices) ?? .builtIn
    let hub = SimulatedHub(clock: clock, prices: prices, token: token, seed: seed)
    if let fleet { await hub.add(try Self.definitions(in: fleet)) }
    let server = HubServer(hub, port: Int(port)) { port in
      // Not buffered: whoever started this waits for the line.
      FileHandle.standardOutput.write(Data("spaceplan-hub listening on http://127.0.0.1:\(port)\n".utf8))
    }
    let quiet = Logger(label: "spaceplan-hub") { _ in SwiftLogNoOpLogHandler() }
    var configuration = ServiceGroupConfiguration(
      services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
    // An answer that a fault delays does not hold up the end.
    configuration.maximumGracefulShutdownDuration = .seconds(1)
    try await ServiceGroup(configuration: configuration).run()
  }

  /// Nothing of this program outlives it, so there is nothing to tidy up.
  private static func stopAtEndOfInput() {
    Thread.detachNewThread {
      _ = try? FileHandle.standardInput.readToEnd()
      Foundation.exit(0)
    }
  }

  private static func prices(in folder: String) throws -> PriceTable {
    guard let content = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw ValidationError("\(folder) is no folder that can be read")
    }
    let names = content.sorted().filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    guard !names.isEmpty else { throw ValidationError("\(folder) has no pricing file (*.yaml)") }
    let files = try names.map { name in
      (name: name, text: try String(contentsOf: URL(filePath: folder).appending(path: name), encoding: .utf8))
    }
    let (table, diagnostics) = PriceTable.read(files)
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      throw ValidationError(diagnostics.map(\.description).joined(separator: "\n"))
    }
    return table
  }

  private static func definitions(in file: String) throws -> [SpaceDefinition] {
    guard let data = try? Data(contentsOf: URL(filePath: file)) else {
      throw ValidationError("\(file) is no file that can be read")
    }
    guard let json = try? JSONValue(parsing: data) else { throw ValidationError("\(file) is not JSON") }
    do {
      return try SpaceDefinition.list(json)
    } catch {
      throw ValidationError("\(file): \(error)")
    }
  }
}
