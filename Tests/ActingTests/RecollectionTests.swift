import Acting
import History
import Planning
import Pricing
import Schedules
import Spaces
import Testing
import Timelines

private let chat = "acme/chat"

/// Writes down what a run did, and what is applied by it.
private func did(
  _ kind: SpaceAction.Kind, _ to: String, _ state: String, at instant: Instant, runAt: Instant? = nil,
  in history: History
) throws {
  let action = SpaceAction(
    space: try SpaceID(chat), at: instant, kind: kind, from: "", to: to, outcome: nil, reason: "rule",
    cause: .rules)
  let run = try history.beginRun(at: runAt ?? instant)
  try history.settle(
    try history.intend([action], run: run), as: .done,
    remembering: [AppliedSetting(space: action.space, setting: "state", value: state, at: instant)])
}

private func look(at instant: Instant, _ hardware: SpaceHardware) throws -> Look {
  Look(
    space: try SpaceID(chat), at: instant,
    state: SpaceState(stage: .running, hardware: hardware, requestedHardware: hardware))
}

/// A restart of ours that no look saw ended the pause before it: the one after it was first seen in the middle
/// of what looks like one pause.
@Test func thePresentPauseWasFirstSeenAfterOurRestart() async throws {
  let text = """
    - name: on
      spaces: [acme/chat]
      rules: [{ cron: "30 8 * * *", set: { state: running } }]
    """
  let rules = text.split(separator: "\n").map { "  \($0)\n" }.joined()
  try await Office.open([["id": "acme/chat", "hardware": "t4-small", "stage": "PAUSED"]]) { office in
    #expect(try await office.run(rules).outcomes.isEmpty)
    office.time.pass(240)
    try did(.restart, "RUNNING", "running", at: office.time.now, in: office.history)
    #expect(try await office.run(rules).outcomes.isEmpty)
    office.time.pass(25 * 60)
    let run = try await office.run(rules, Runner.Options(.dryRun))
    let (schedules, _) = Schedules.read([("rules.yaml", "version: 1\npolicies:\n\(rules)")])
    let explained = try #require(
      try office.history.situation(of: try SpaceID(chat), at: run.at, schedules: schedules))
    #expect(try office.history.stretches(of: try SpaceID(chat)).count == 1)
    #expect(
      Planner(prices: .builtIn, now: run.at).plan(explained).changes.map { "\($0.call)" } == ["restart"])
    #expect(run.plans.flatMap(\.changes).map { "\($0.call)" } == ["restart"])
  }
}

@Test func aRestartIsRememberedAsWhatWasApplied() throws {
  let history = try History()
  let space = try SpaceID(chat)
  let monday = try Instant("2026-11-02T08:00", zone: .gmt)
  let day: Int64 = 86_400
  try history.record([
    Look(space: space, at: monday, state: SpaceState(stage: .running, requestedHardware: .t4Small))
  ])
  try did(.pause, "PAUSED", "paused", at: monday, in: history)
  try did(.restart, "RUNNING", "running", at: monday + day, in: history)
  try did(.pause, "PAUSED", "paused", at: monday + 3 * day, in: history)
  let (schedules, _) = Schedules.read([("rules.yaml", "version: 1\npolicies: []\n")])
  func applied(on day: Int64) throws -> String? {
    try history.situation(of: space, at: monday + day * 86_400 + 3600, schedules: schedules)?.applied[.state]
  }
  #expect(try [0, 1, 2, 3].map(applied) == ["paused", "running", "running", "paused"])
}

/// What was seen later, nobody knew.
@Test func startsSeenLaterWereNotKnown() throws {
  let history = try History()
  let space = try SpaceID(chat)
  let morning = try Instant("2026-11-02T08:00", zone: .gmt)
  try history.record([look(at: morning + -300, .cpuBasic)])
  try did(.hardware, "t4-small", "running", at: morning, in: history)
  try history.record([look(at: morning + 120, .t4Small)])
  let (schedules, mistakes) = Schedules.read([
    (
      "rules.yaml",
      """
      version: 1
      policies:
        - name: chat
          spaces: [acme/chat]
          rules: [{ cron: "0 8 * * *", set: { hardware: t4-small, sleep: 1h }, ready: true }]
      """
    )
  ])
  #expect(mistakes == [])
  func seconds(_ minute: Int64) throws -> [SpaceHardware: Int64]? {
    try history.situation(of: space, at: morning + minute * 60, schedules: schedules)?.startup.seconds
  }
  #expect(try seconds(1) == [:])
  #expect(try seconds(2) == [.t4Small: 120])
}

/// What acted early did so when its run began, not when it was sent: it was asked for since that boundary.
@Test func aBoundaryThatCameEarlyCameWithItsRun() throws {
  let history = try History()
  let space = try SpaceID(chat)
  let due = try Instant("2026-11-02T08:00", zone: .gmt)
  try history.record([look(at: due + -299, .cpuBasic)])
  try did(.hardware, "t4-small", "running", at: due + -296, runAt: due + -299, in: history)
  try history.record([look(at: due + -236, .t4Small)])
  let rule = "{ cron: '0 8 * * *', set: { hardware: t4-small, sleep: 1h }, ready: true }"
  let text = "version: 1\npolicies: [{ name: chat, spaces: [acme/chat], zone: UTC, rules: [\(rule)] }]\n"
  let (schedules, mistakes) = Schedules.read([("rules.yaml", text)])
  #expect(mistakes == [])
  let situation = try #require(try history.situation(of: space, at: due + -200, schedules: schedules))
  let schedule = SpaceSchedule(try #require(schedules.policies.first), startup: situation.startup)
  #expect(schedule.latestBoundary(of: .hardware, atOrBefore: due + -200)?.instant == due + -299)
}
