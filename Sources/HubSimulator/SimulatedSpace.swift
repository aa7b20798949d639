import JSON
import Simulation
import Spaces
import Timelines

/// One Space of the simulated Hub: its life, and what the Hub keeps beside it.
struct SimulatedSpace: Sendable {
  /// A variable or a secret.
  struct Setting: Sendable {
    var value: String
    var description: String?
    var updatedAt: Instant
  }

  var id: SpaceID
  let createdAt: Instant
  let sdk: String
  let isPrivate: Bool
  private let isSilent: Bool
  /// Nil for a static page, which has none.
  private(set) var lifecycle: SpaceLifecycle?
  var storage: SpaceStorage?
  var variables: [String: Setting]
  var secrets: [String: Setting] = [:]
  var volumes: JSONValue = .null
  var devMode = false
  /// In order; the first ``visitsSoFar`` have happened.
  private var visits: [Instant] = []
  private var visitsSoFar = 0
  /// How long the build of its image takes, for the build log.
  private let buildSeconds: Int64

  init(_ definition: SpaceDefinition, at now: Instant) {
    id = definition.id
    createdAt = now
    sdk = definition.sdk
    isPrivate = definition.isPrivate
    isSilent = definition.isSilent
    storage = definition.storage
    buildSeconds = definition.program.build
    variables = definition.variables.mapValues { Setting(value: $0, updatedAt: now) }
    if sdk != "static" {
      lifecycle = SpaceLifecycle(
        stage: definition.stage, hardware: definition.hardware, sleep: definition.sleep ?? .never,
        replicas: definition.replicas, program: definition.program, at: now)
    }
    addVisits(definition.visits, now: now)
  }

  /// Adds visits; those before now come too late to change anything and are left out.
  mutating func addVisits(_ instants: [Instant], now: Instant) {
    let coming = visits[visitsSoFar...] + instants.filter { $0 >= now }
    visits.replaceSubrange(visitsSoFar..., with: coming.sorted())
    advance(to: now)
  }

  /// Lets everything happen up to and including an instant. O(number of things that happen).
  mutating func advance(to instant: Instant) {
    while visitsSoFar < visits.count, visits[visitsSoFar] <= instant {
      let at = visits[visitsSoFar]
      let count = visits[visitsSoFar...].prefix { $0 == at }.count
      lifecycle?.advance(to: at)
      lifecycle?.visit(count: count)
      visitsSoFar += count
    }
    lifecycle?.advance(to: instant)
  }

  /// Changes the life of the Space; nothing for a static page.
  mutating func live(_ change: (inout SpaceLifecycle) -> Void) {
    if var life = lifecycle.take() {
      change(&life)
      lifecycle = life
    }
  }

  /// Restarts the Space if a copy of it runs or starts: what a changed setting does.
  mutating func restartIfAwake() {
    if hasContainer { live { $0.restart() } }
  }

  /// A copy of it runs or starts.
  var hasContainer: Bool { lifecycle?.state.hardware != nil }

  /// Every change of what could be seen of it; none of a static page.
  var changes: [SpaceChange] {
    lifecycle?.states.segments.map { SpaceChange(at: $0.range.lowerBound, state: $0.value) } ?? []
  }

  var stage: SpaceStage { lifecycle?.state.stage ?? .running }

  /// What the Hub tells of it, as its client reads it.
  var runtime: JSONValue {
    let state = lifecycle?.state
    var replicas: [String: JSONValue] = ["requested": .integer(Int64(state?.replicas ?? 1))]
    if hasContainer { replicas["current"] = replicas["requested"] }
    var runtime: [String: JSONValue] = [
      "stage": .string(stage.rawValue),
      "hardware": [
        "current": .text(state?.hardware?.rawValue),
        "requested": .text(state?.requestedHardware?.rawValue),
      ],
      "storage": .text(storage?.rawValue),
      "replicas": .object(replicas),
      "devMode": .bool(devMode),
      "volumes": volumes,
      "domains": [["domain": .string(subdomain + ".hf.space"), "stage": "READY"]],
    ]
    if let state { runtime["gcTimeout"] = .number(state.sleepTime) }
    if stage == .runtimeError { runtime["errorMessage"] = "Exit code: 1. Reason: no accelerator was found" }
    if stage == .buildError { runtime["errorMessage"] = "Job failed with exit code: 1" }
    return .object(runtime)
  }

  var subdomain: String {
    "\(id.owner)-\(id.name)".lowercased().replacing("_", with: "-").replacing(".", with: "-")
  }

  // MARK: What its program writes and does

  /// What the copy that runs has logged by now; a new start begins a new log.
  func runLog(at now: Instant) -> [LogLine] {
    guard let lifecycle else { return [] }
    let (start, ready) = (lifecycle.latestStart, lifecycle.ready)
    var lines = [
      LogLine(
        at: start,
        text: "===== Application Startup at \(WallTime(secondsSinceEpoch: start.secondsSince1970)) ====="),
      LogLine(at: start, text: "Loading \(id.name)"),
    ]
    guard ready <= now else { return lines }
    if stage == .runtimeError {
      return lines + [LogLine(at: ready, text: "RuntimeError: no accelerator was found")]
    }
    lines.append(LogLine(at: ready, text: "Running on local URL: http://0.0.0.0:7860"))
    return isSilent ? lines : lines + visitsServed(at: now).map { LogLine(at: $0, text: "GET / 200 OK") }
  }

  /// What the latest build logged.
  func buildLog(at now: Instant) -> [LogLine] {
    guard let lifecycle else { return [] }
    var lines = [
      LogLine(
        at: createdAt,
        text: "===== Build Queued at \(WallTime(secondsSinceEpoch: createdAt.secondsSince1970)) =====")
    ]
    if stage == .buildError {
      lines.append(
        LogLine(
          at: createdAt, text: "ERROR: process \"pip install -r requirements.txt\" failed: exit code: 1"))
    } else if !stage.isBuilding {
      lines.append(LogLine(at: lifecycle.latestStart, text: "Build finished after \(buildSeconds) s"))
    }
    return lines
  }

  /// Somebody was served in the last minute.
  func isBusy(at now: Instant) -> Bool {
    visitsServed(at: now).last.map { now - $0 < 60 } ?? false
  }

  /// When the copy that runs served the visits since its start.
  private func visitsServed(at now: Instant) -> [Instant] {
    guard let lifecycle, lifecycle.state.stage.isRunning else { return [] }
    let since = visits[..<visitsSoFar].reversed().prefix { $0 >= lifecycle.latestStart }
    return since.reversed().map { max($0, lifecycle.ready) }
  }
}

/// A line that a program or a build wrote.
struct LogLine: Hashable, Sendable {
  var at: Instant
  var text: String
}
