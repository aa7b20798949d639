import Foundation
import HubControls
import JSON
import Pricing
import Spaces
import Timelines

/// A folder of its own with a simulated Hub beside it, and the real executables to work there.
///
/// The Hub is ended by its process, the folder removed, when the workplace goes.
final class Workplace {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  let folder: URL
  private(set) var endpoint = ""
  private var hub: Process?
  /// What commands take as now; nil for the real clock.
  var now: Instant?
  var environment: [String: String] = [:]

  /// - Parameters:
  ///   - fleet: Spaces of the simulated Hub, as its `--fleet` has them; nil for no Hub.
  ///   - prices: what the Hub charges, made from the built-in table's text; nil for the same.
  init(
    fleet: JSONValue? = nil, clock: String = "2026-10-05T00:00:00Z", hubArguments: [String] = [],
    prices: ((String) -> String)? = nil
  ) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("spaceplan-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard let fleet else { return }
    try write(fleet.text, to: "fleet.json")
    let process = Process()
    process.executableURL = Self.program("spaceplan-hub")
    process.arguments =
      ["--fleet", folder.appendingPathComponent("fleet.json").path, "--clock", clock] + hubArguments
    if let prices {
      try write(prices(PriceTable.builtInText), to: "hub-prices/huggingface.yaml")
      process.arguments? += ["--pricing", folder.appendingPathComponent("hub-prices").path]
    }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    hub = process
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    endpoint = line.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
    now = try Instant(clock)
  }

  deinit {
    // Not asked to: it would first answer what a test has made it delay.
    if let hub { kill(hub.processIdentifier, SIGKILL) }
    hub?.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  /// The executables stand beside the tests.
  static func program(_ name: String) -> URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(name)
  }

  // MARK: Files

  func write(_ text: String, to path: String) throws {
    let url = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func read(_ path: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  /// Rules of one file, with the first two lines written for the caller.
  func rules(_ policies: String, zone: String = "UTC", in folder: String = "schedules") throws {
    try write("version: 1\nzone: \(zone)\npolicies:\n\(policies)\n", to: "\(folder)/rules.yaml")
  }

  // MARK: Commands

  /// Starts a command without waiting for it.
  func start(
    _ arguments: [String], of program: URL = program("spaceplan"), output: Any? = FileHandle.nullDevice,
    errors: Any? = FileHandle.nullDevice
  ) throws -> Process {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let programs = Self.program("spaceplan").deletingLastPathComponent().path
    var variables = ["PATH": "\(programs):/usr/bin:/bin", "HOME": folder.path]
    if !endpoint.isEmpty {
      variables["HF_ENDPOINT"] = endpoint
      variables["HF_TOKEN"] = "secret-token"
    }
    if let now { variables["SPACEPLAN_NOW"] = now.description }
    process.environment = variables.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return process
  }

  @discardableResult
  func spaceplan(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// Commands as people type them, in the folder; the first that fails ends it.
  @discardableResult
  func shell(_ script: String) throws -> Outcome {
    try run(["-euc", script], of: URL(fileURLWithPath: "/bin/sh"))
  }

  private func run(_ arguments: [String], of program: URL = program("spaceplan")) throws -> Outcome {
    let files = ["out", "err"].map { folder.appendingPathComponent(".\($0)-\(UUID().uuidString)") }
    let handles = try files.map { file in
      try Data().write(to: file)
      return try FileHandle(forWritingTo: file)
    }
    let process = try start(arguments, of: program, output: handles[0], errors: handles[1])
    process.waitUntilExit()
    let texts = try files.map { file in
      defer { try? FileManager.default.removeItem(at: file) }
      return try String(contentsOf: file, encoding: .utf8)
    }
    return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  // MARK: The Hub

  /// Moves the Hub's clock and what commands take as now.
  func move(to instant: String) async throws {
    try await control("clock", ["until": .string(instant)])
    now = try Instant(instant)
  }

  /// Log streams end once all lines were sent, instead of going on as real ones do.
  func endLogStreams() async throws {
    try await control("faults", ["kind": "end", "path": "*/logs/*"])
  }

  var controls: HubControls { HubControls(endpoint: endpoint) }

  @discardableResult
  func control(_ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
    try await controls.control(path, body)
  }

  @discardableResult
  func call(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
    try await controls.call(method, path, body)
  }

  /// Calls that asked the Hub for changes, such as `POST /api/spaces/acme/chat/hardware {"flavor":…}`, also
  /// those that a test made by hand.
  func changes() async throws -> [String] {
    try await requests().filter {
      $0["method"]?.string != "GET" && $0["path"]?.string?.hasPrefix("/api") == true
    }
    .map { "\($0["method"]?.string ?? "") \($0["path"]?.string ?? "") \($0["body"]?.requestText ?? "")" }
  }

  func requests() async throws -> [JSONValue] { try await control("requests").array ?? [] }

  func runtime(_ space: String) async throws -> SpaceRuntime {
    try await controls.runtime(space)
  }
}

extension JSONValue {
  fileprivate var requestText: String { self == .null ? "" : string ?? text }
}
