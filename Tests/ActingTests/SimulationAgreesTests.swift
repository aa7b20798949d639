import Acting
import HubControls
import JSON
import Money
import Pricing
import Schedules
import Simulation
import Spaces
import TestSupport
import Testing
import Timelines

/// A Space, its policy and its visits, made up.
private struct Case {
  let name: SpaceID
  let fleet: JSONValue
  let policy: String
  let visits: Visits
  let state: SpaceState
  let program: SpaceProgram

  init(_ index: Int, in range: Range<Instant>, using random: inout SplitMix64) throws {
    name = try SpaceID("acme/s\(index)")
    func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
    let hardware = pick(["cpu-basic", "t4-small", "l4x1", "zero-a10g"])
    let sleep = pick([nil, 300, 900, 3600, 7200])
    let stage = pick(["RUNNING", "RUNNING", "SLEEPING", "PAUSED", "BUILD_ERROR"])
    let startup = pick([0, 30, 90, 400])
    let fails = pick([nil, nil, "cpu-basic"])
    let times = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
      // Often together, and sometimes at a boundary to the second.
      range.lowerBound + Int64.random(in: 0..<range.seconds / 1800, using: &random) * 1800
        + pick([0, 0, 1, 7, 300, 899, 900, 901])
    }
    visits = Visits(times.map { Visit(at: $0) })
    func settings() -> String {
      var parts: [String] = []
      if Bool.random(using: &random) {
        parts.append("hardware: \(pick(["cpu-basic", "t4-small", "l4x1", "a10g-small"]))")
      }
      if Bool.random(using: &random) { parts.append("sleep: \(pick(["5m", "15m", "1h", "never"]))") }
      if Int.random(in: 0..<6, using: &random) == 0 { parts.append("state: \(pick(["paused", "running"]))") }
      if Int.random(in: 0..<8, using: &random) == 0 { parts.append("replicas: \(pick(["1", "2"]))") }
      if parts.isEmpty { parts.append("sleep: 10m") }
      return "{ \(parts.joined(separator: ", ")) }"
    }
    var text = "  - name: p\(index)\n    spaces: [\(name)]\n    drift: enforce\n"
    if Bool.random(using: &random) { text += "    default: \(settings())\n" }
    text += "    rules:\n"
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      text +=
        "      - { cron: \"\(pick(["0", "30", "15"])) \(Int.random(in: 0..<24, using: &random)) * * *\", set: \(settings()) }\n"
    }
    if Bool.random(using: &random) {
      text += "    exceptions:\n"
      for index in 0..<Int.random(in: 2...5, using: &random) {
        let start = range.lowerBound + Int64.random(in: 0..<12, using: &random) * 4 * 3600
        text +=
          "      - { name: e\(index), from: \(start), until: \(start + 4 * 3600 * Int64.random(in: 1..<5, using: &random)), set: \(settings()) }\n"
      }
    }
    policy = text
    var definition: [String: JSONValue] = [
      "id": .string(name.description), "hardware": .string(hardware), "stage": .string(stage),
      "startup": .integer(Int64(startup)),
      "visits": .array(
        visits.arrivals.flatMap { visit in
          Array(repeating: JSONValue.string(visit.at.description), count: visit.count)
        }),
    ]
    if let sleep { definition["sleepTime"] = .integer(Int64(sleep)) }
    if let fails { definition["fails"] = [.string(fails)] }
    fleet = .object(definition)
    program = SpaceProgram(
      startup: Int64(startup), failsOn: Set(fails.map { [SpaceHardware(rawValue: $0)] } ?? []))
    let runs = stage == "RUNNING"
    state = SpaceState(
      stage: SpaceStage(rawValue: stage), hardware: runs ? SpaceHardware(rawValue: hardware) : nil,
      requestedHardware: SpaceHardware(rawValue: hardware), sleepTime: sleep)
  }
}

extension Office {
  fileprivate func run(_ schedules: Schedules, at instant: Instant) async throws {
    try await controls.control("clock", ["until": .string(instant.description)])
    let runner = Runner(
      hub: client, history: history, schedules: schedules, prices: .builtIn, clock: { instant })
    let result = try await runner.run(Runner.Options(), on: runner.look(records: true))
    #expect(result.blindness == nil)
  }

  /// What could be seen of a Space, from each instant on.
  fileprivate func timeline(of space: SpaceID, in range: Range<Instant>) async throws -> [String] {
    let changes = try await controls.control("timeline?space=\(space)").array ?? []
    return try changes.compactMap { change in
      let at = try Instant(change["at"]?.string ?? "")
      guard at < range.upperBound else { return nil }
      return SeenState(
        at: at, stage: change["stage"]?.string, hardware: change["hardware"]?.string,
        requested: change["requested"]?.string, sleep: change["sleepTime"]?.integer,
        replicas: change["replicas"]?.integer
      ).description
    }
  }
}

extension Office {
  /// By Space.
  fileprivate func bill(in range: Range<Instant>) async throws -> [SpaceID: (minutes: Int64, cost: Money)] {
    let bill =
      try await controls.control("bill?from=\(range.lowerBound)&until=\(range.upperBound)").array ?? []
    return try bill.reduce(into: [:]) { sums, line in
      let space = try SpaceID(line["space"]?.string ?? "")
      let before = sums[space] ?? (0, .zero)
      sums[space] = (
        before.minutes + (line["minutes"]?.integer ?? 0),
        before.cost + (try Money(line["cost"]?.string ?? ""))
      )
    }
  }
}

private struct SeenState: CustomStringConvertible {
  var at: Instant
  var stage: String?
  var hardware: String?
  var requested: String?
  var sleep: Int64?
  var replicas: Int64?

  init(
    at: Instant, stage: String?, hardware: String?, requested: String?, sleep: Int64?, replicas: Int64?
  ) {
    self.at = at
    self.stage = stage
    self.hardware = hardware
    self.requested = requested
    self.sleep = sleep
    self.replicas = replicas
  }

  init(_ state: SpaceState, at instant: Instant) {
    self.init(
      at: instant, stage: state.stage.rawValue, hardware: state.hardware?.rawValue,
      requested: state.requestedHardware?.rawValue, sleep: state.sleepTime.map(Int64.init),
      replicas: Int64(state.replicas))
  }

  var description: String {
    let sleep = sleep.map { "\($0)" } ?? "never"
    return "\(at) \(stage ?? "-") \(hardware ?? "-") \(requested ?? "-") \(sleep) ×\(replicas ?? 1)"
  }
}

/// What a simulation predicts is what runs at each boundary produce: stage by stage, and so is the bill.
///
/// The seeds beside the first 40 have exceptions that follow each other over `cpu-basic`.
@Test(arguments: Array(0..<40 as Range<UInt64>) + [1005, 1052, 1157])
func aSimulationIsWhatRunsWouldHaveDone(seed: UInt64) async throws {
  var random = SplitMix64(seed: seed)
  let start = Instant(secondsSince1970: 1_791_187_200)
  let range = start..<start + 2 * 86_400
  let cases = try (0..<25).map { try Case($0, in: range, using: &random) }
  let rules = cases.map(\.policy).joined()
  let (schedules, mistakes) = Schedules.read([("rules.yaml", "version: 1\npolicies:\n\(rules)\n")])
  #expect(!mistakes.contains { $0.severity == .error }, "\(mistakes)")
  let steps = Dictionary(
    uniqueKeysWithValues: schedules.policies.map { ($0.name, RuleSteps(SpaceSchedule($0), in: range)) })
  try await Office.open(.array(cases.map(\.fleet))) { office in
    let boundaries = Set(steps.values.flatMap(\.instants)).sorted()
    for boundary in boundaries { try await office.run(schedules, at: boundary) }
    try await office.controls.control("clock", ["until": .string(range.upperBound.description)])
    let bill = try await office.bill(in: range)
    for (index, example) in cases.enumerated() {
      let replay = SpaceReplay(
        from: Beginning(example.state, program: example.program), under: steps["p\(index)"],
        visits: example.visits, in: range, prices: .builtIn)
      let predicted = replay.states.segments.map { SeenState($0.value, at: $0.range.lowerBound).description }
      let happened = try await office.timeline(of: example.name, in: range)
      let question = "seed \(seed), \(example.name):\n\(example.policy)\(example.fleet.text)"
      #expect(predicted == happened, "\(question)")
      let lines = replay.lineItems(.builtIn)
      let minutes = lines.reduce(BilledTime.zero) { $0 + ($1.minutes?.estimate ?? .zero) }
      let billed = bill[example.name] ?? (0, .zero)
      #expect(minutes == BilledTime(seconds: Int128(billed.minutes) * 60), "\(question)")
      #expect(lines.totalCost.estimate == billed.cost, "\(question)")
    }
  }
}
