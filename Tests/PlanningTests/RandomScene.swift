import Planning
import Schedules
import Spaces
import TestSupport
import Timelines

private let hardware = [
  "cpu-basic", "cpu-upgrade", "t4-small", "a10g-small", "a100-large", "zero-a10g", "mystery",
]
private let stages: [SpaceStage] = [
  .running, .running, .running, .running, .sleeping, .stopped, .paused, .paused, .appStarting, .building,
  .runningBuilding, .runningAppStarting, .buildError, .configError, .noAppFile, .runtimeError, .deleting,
  SpaceStage(rawValue: "TOMORROWS_STAGE"),
]

extension SplitMix64 {
  fileprivate mutating func oneOf<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &self)]
  }

  fileprivate mutating func chance(_ outOf: Int) -> Bool { Int.random(in: 0..<outOf, using: &self) == 0 }
}

extension Scene {
  /// Any rules, any live state, and any past of it, also such as no run would leave behind.
  static func random(using random: inout SplitMix64) throws -> Scene {
    let minute = random.oneOf(Array(0..<60))
    var scene = try Scene(
      rules(using: &random), state(using: &random),
      at:
        "\(random.oneOf(["Tue", "Sat"])) \(random.oneOf(["08", "12", "19", "23"])):\(minute < 10 ? "0" : "")\(minute)",
      spaces: random.chance(20) ? "[acme/*]" : "[acme/chat]", zone: random.oneOf(["UTC", "Asia/Tokyo"]))
    let now = scene.now
    func ago(_ random: inout SplitMix64) -> Instant { now - Int64.random(in: 1...200_000, using: &random) }

    var looks = [(now, scene.situation.live)]
    for _ in 0..<random.oneOf([0, 1, 4, 8]) {
      let state = random.chance(2) ? scene.situation.live : try state(using: &random)
      looks.append((ago(&random), state))
    }
    scene.situation.intervals = looks.sorted { $0.0 < $1.0 }.map { Interval(state: $1, looks: [$0]) }
    for _ in 0..<random.oneOf([0, 1, 3]) {
      let kind = random.oneOf(SpaceAction.Kind.allCases)
      let to =
        switch kind {
        case .hardware: random.oneOf(hardware)
        case .sleep: random.oneOf(["-1", "300", "1800"])
        case .replicas: random.oneOf(["1", "2"])
        case .pause: "PAUSED"
        case .restart: "RUNNING"
        }
      let causes: [SpaceAction.Cause?] = [nil, .rules, .idle, .endOfPause]
      let cause = random.oneOf(kind == .pause ? causes + [.refusedDowngrade] : causes)
      // An idle rule leaves its idle time between what it does.
      let at = ago(&random) - (cause == .idle || cause == .refusedDowngrade ? 7200 : 0)
      scene.situation.actions.append(
        SpaceAction(
          space: scene.situation.space, at: at, kind: kind, from: "", to: to,
          outcome: random.oneOf(SpaceAction.Outcome.allCases), reason: "", cause: cause))
    }
    scene.situation.actions.sort { $0.at < $1.at }
    func ahead(_ random: inout SplitMix64) -> Instant { now + Int64.random(in: 1...200_000, using: &random) }
    if random.chance(4) {
      let range = (random.chance(2) ? now : ago(&random))..<ahead(&random)
      scene.situation.givenUp = [
        Override(kind: .budget, name: "the budget", range: range, set: Settings(hardware: .cpuBasic))
      ]
    }
    if random.chance(4) { scene.situation.upgradeRefusal = "the budget refuses upgrades" }
    if random.chance(6) {
      let set = Settings(hardware: SpaceHardware(rawValue: random.oneOf(hardware)))
      scene.situation.holds = [
        Override(kind: .hold, name: "", range: ago(&random)..<ahead(&random), set: set)
      ]
    }
    if random.chance(2) { scene.situation.applied[.hardware] = random.oneOf(hardware) }
    if random.chance(2) { scene.situation.applied[.sleep] = random.oneOf(["-1", "300", "1800"]) }
    if random.chance(3) { scene.situation.applied[.replicas] = random.oneOf(["1", "2"]) }
    if random.chance(3) { scene.situation.applied[.state] = random.oneOf(["running", "paused"]) }
    if random.chance(3) { scene.situation.missingUntil = ago(&random) }
    if random.chance(3) { scene.situation.lastRun = ago(&random) }
    if random.chance(2) {
      let lines = (0..<random.oneOf([0, 1, 5])).map { _ in ago(&random) }.sorted()
      scene.situation.activity = Activity(
        log: .lines(lines), metrics: random.oneOf([.quiet, .working, .unknown]))
    }
    return scene
  }

  private static func state(using random: inout SplitMix64) throws -> SpaceState {
    if random.chance(40) { return .gone }
    let name = random.oneOf(hardware)
    var state = shown(
      name, random.oneOf(stages), sleep: random.oneOf([nil, -1, 300, 1800]),
      replicas: name == "cpu-basic" ? 1 : random.oneOf([1, 1, 1, 2]))
    if random.chance(10) { state.hardware = SpaceHardware(rawValue: random.oneOf(hardware)) }
    return state
  }

  private static func rules(using random: inout SplitMix64) -> String {
    var lines: [String] = []
    if random.chance(30) { lines.append("protect: true") }
    if random.chance(3) { lines.append("otherwise: pause") }
    lines.append("drift: \(random.oneOf(DriftMode.allCases).rawValue)")
    if !random.chance(3) { lines.append("default: \(settings(using: &random))") }
    if !random.chance(3) {
      let set = random.chance(3) ? settings(using: &random, isOfIdle: true) : "{ hardware: cpu-basic }"
      lines.append(
        "idle: { after: \(random.oneOf(["30m", "2h"])), set: \(set == "{  }" ? "{ sleep: 5m }" : set) }")
    }
    let crons = ["0 8 * * *", "0 19 * * MON-FRI", "30 * * * *", "0 0 30 2 *", "0 0 * * SAT"]
    let rules = (0..<random.oneOf([0, 1, 2, 3])).map { _ in
      "{ cron: \"\(random.oneOf(crons))\", set: \(settings(using: &random)) }"
    }
    if !rules.isEmpty { lines.append("rules: [\(rules.joined(separator: ", "))]") }
    return lines.joined(separator: "\n")
  }

  private static func settings(using random: inout SplitMix64, isOfIdle: Bool = false) -> String {
    var parts: [String] = []
    if !random.chance(4) {
      let first = random.oneOf(hardware)
      let others = isOfIdle ? [] : hardware.filter { $0 != first && random.chance(12) }
      let list = ([first] + others).joined(separator: ", ")
      parts.append("hardware: \(others.isEmpty ? first : "[\(list)]")")
    }
    if random.chance(3) { parts.append("sleep: \(random.oneOf(["never", "5m", "30m"]))") }
    if random.chance(5) { parts.append("replicas: \(random.oneOf(["1", "2"]))") }
    if random.chance(4) { parts.append("state: \(random.oneOf(["running", "paused"]))") }
    return "{ \(parts.joined(separator: ", ")) }"
  }
}

extension Scene {
  /// The same instant after all calls were sent: as the Hub would show it, and as the journal has it. A
  /// build goes on, and what fails goes on failing.
  func acted(on plan: SpacePlan) -> Scene {
    var scene = self
    scene.situation.applied.merge(plan.found) { _, found in found }
    for change in plan.changes { scene.act(change) }
    scene.situation.intervals.append(Interval(state: scene.situation.live, looks: [now]))
    return scene
  }

  private mutating func act(_ change: Change) {
    var live = situation.live
    func start() {
      if live.stage == .paused || live.stage.isBuilding || live.stage.needsMending { return }
      live.stage = .appStarting
      live.hardware = live.requestedHardware
    }
    switch change.call {
    case .hardware(_, let to, let sleep):
      if to == .cpuBasic {
        (live.sleepTime, live.replicas) = (172_800, 1)
      } else if live.requestedHardware ?? live.hardware == .cpuBasic || sleep != nil {
        live.sleepTime = sleep.map(\.hubSeconds)
      }
      live.requestedHardware = to
      start()
      journal(.hardware, to.rawValue, change)
      if let sleep { journal(.sleep, "\(sleep.hubSeconds)", change) }
    case .sleep(_, let to):
      live.sleepTime = to.hubSeconds
      journal(.sleep, "\(to.hubSeconds)", change)
    case .replicas(_, let to):
      live.replicas = to
      journal(.replicas, "\(to)", change)
    case .pause:
      (live.stage, live.hardware) = (.paused, nil)
      journal(.pause, "PAUSED", change)
      situation.applied[.state] = "paused"
    case .restart:
      live.stage = .stopped
      start()
      journal(.restart, "RUNNING", change)
      situation.applied[.state] = "running"
    }
    situation.live = live
  }

  private mutating func journal(_ kind: SpaceAction.Kind, _ to: String, _ change: Change) {
    situation.actions.append(
      SpaceAction(
        space: situation.space, at: now, kind: kind, from: "", to: to, outcome: .done, reason: change.reason,
        cause: change.cause))
    if let setting = Setting(kind), setting != .state { situation.applied[setting] = to }
  }
}
