import LocatedYAML
import Planning
import Pricing
import Schedules
import Spaces
import Testing
import Timelines

/// What the tests' hardware costs; `mystery` and `riddle` have no price.
func testPrices(without unpriced: String? = nil) throws -> PriceTable {
  let perHour = [
    "cpu-basic": "0", "zero-a10g": "0", "cpu-upgrade": "0.03", "t4-small": "0.40", "a10g-small": "1.00",
    "a100-large": "2.50",
  ]
  let hardware = perHour.filter { $0.key != unpriced }.sorted { $0.key < $1.key }
    .map { "  \($0.key): { prices: [{ from: 2025-01-01, per_hour: \($0.value) }] }\n" }.joined()
  let billable = "[RUNNING, RUNNING_BUILDING, RUNNING_APP_STARTING, APP_STARTING]"
  let (table, diagnostics) = PriceTable.read([
    (
      "prices.yaml",
      "version: 1\nbilling: { stages: [{ from: 2025-01-01, billable: \(billable) }] }\nhardware:\n\(hardware)"
    )
  ])
  if let first = diagnostics.first { throw first }
  return table
}

/// Rules for `acme/chat`, or for other patterns, from the lines that follow a policy's name.
func schedules(_ lines: String, spaces: String = "[acme/chat]", zone: String = "UTC") throws -> Schedules {
  let indented = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
  let (schedules, diagnostics) = Schedules.read([
    (
      "rules.yaml",
      "version: 1\nzone: \(zone)\npolicies:\n  - name: office\n    spaces: \(spaces)\n" + indented
    )
  ])
  if let error = diagnostics.first(where: { $0.severity == .error }) { throw error }
  return schedules
}

/// An instant of the week of 2 November 2026 in UTC, from `Tue 10:00` or `Tue 10:00:30`.
func at(_ text: String) throws -> Instant {
  let parts = text.split(separator: " ").map(String.init)
  let day = try #require(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].firstIndex(of: parts[0]))
  return try Instant("2026-11-0\(day + 2)T\(parts[1])", zone: .gmt)
}

/// What the Hub shows of a Space: its hardware is current where a container runs, and requested everywhere.
func shown(
  _ hardware: String?, _ stage: SpaceStage = .running, sleep: Int? = nil, replicas: Int = 1
) -> SpaceState {
  let requested = hardware.map(SpaceHardware.init)
  let hasContainer = stage.isRunning || stage == .appStarting
  return SpaceState(
    stage: stage, hardware: hasContainer ? requested : nil, requestedHardware: requested,
    sleepTime: hardware == "cpu-basic" ? 172_800 : sleep, replicas: replicas)
}

/// One Space in front of the planner: rules, what is live, and what happened before.
struct Scene {
  static let space = "acme/chat"
  var situation: Situation
  let now: Instant

  /// - Parameter now: as in ``at(_:)``; a Space seen only now.
  init(
    _ rules: String, _ live: SpaceState, at now: String, spaces: String = "[acme/chat]", zone: String = "UTC",
    names: [String] = [space]
  ) throws {
    let names = try names.map { try SpaceID($0) }
    self.now = try PlanningTests.at(now)
    situation = Situation(
      space: try SpaceID(Scene.space), live: live,
      assignment: try schedules(rules, spaces: spaces, zone: zone).assignment(of: names))
    situation.intervals = [Interval(state: live, looks: [self.now])]
  }

  /// Looks before now, in order of time.
  func seen(_ looks: (String, SpaceState)...) throws -> Scene {
    var scene = self
    var intervals: [Interval] = []
    for (instant, state) in try looks.map({ (try PlanningTests.at($0.0), $0.1) }) + [(now, situation.live)] {
      if let last = intervals.indices.last, intervals[last].state == state {
        intervals[last].looks.append(instant)
      } else {
        intervals.append(Interval(state: state, looks: [instant]))
      }
    }
    scene.situation.intervals = intervals
    return scene
  }

  /// An action in the journal.
  func did(
    _ kind: SpaceAction.Kind, _ to: String = "", at: String, _ outcome: SpaceAction.Outcome? = .done,
    cause: SpaceAction.Cause? = .rules, decidedAt: String? = nil
  ) throws -> Scene {
    var scene = self
    scene.situation.actions.append(
      SpaceAction(
        space: situation.space, at: try PlanningTests.at(at),
        decidedAt: try decidedAt.map { try PlanningTests.at($0) }, kind: kind, from: "", to: to,
        outcome: outcome,
        reason: "", cause: cause))
    return scene
  }

  /// What a run last made or found as desired.
  func applied(_ applied: [Setting: String]) -> Scene {
    var scene = self
    scene.situation.applied = applied
    return scene
  }

  /// What its log and metrics tell.
  func told(_ lines: [String], _ metrics: Activity.Metrics = .quiet) throws -> Scene {
    var scene = self
    scene.situation.activity = Activity(
      log: .lines(try lines.map { try PlanningTests.at($0) }), metrics: metrics)
    return scene
  }

  func with(_ edit: (inout Situation) throws -> Void) rethrows -> Scene {
    var scene = self
    try edit(&scene.situation)
    return scene
  }

  var planner: Planner {
    get throws { Planner(prices: try testPrices(), now: now) }
  }

  /// The plan, as a run makes it: activity counts only where it is needed.
  var plan: SpacePlan {
    get throws { try planner.plan(situation) }
  }

  var calls: [String] {
    get throws { try plan.calls }
  }
}

extension SpacePlan {
  var calls: [String] { changes.map { "\($0.call)" } }
}
