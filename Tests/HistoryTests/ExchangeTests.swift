import History
import Spaces
import TestSupport
import Testing
import Timelines

private func file(_ text: String, _ name: String = "o.csv") -> ImportFile {
  ImportFile(name: name, bytes: Array(text.utf8))
}

private func exported(_ history: History) throws -> (observations: String, actions: String) {
  var (observations, actions) = ("", "")
  try history.exportObservations { observations += $0 }
  try history.exportActions { actions += $0 }
  return (observations, actions)
}

@Test func historyGoesOutAsItCameIn() throws {
  let observations = #"""
    observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas,storage
    2026-10-01T00:00:00Z,acme/chat,RUNNING,t4-small,t4-small,3600,1,
    2026-10-01T00:00:00Z,acme/demo,WARPING,xpu-9000,,-1,2,small
    2026-10-01T00:05:00Z,acme/chat,SLEEPING,,t4-small,3600,1,
    2026-10-01T00:10:00Z,acme/chat,GONE,,,,1,

    """#
  let actions = #"""
    at,space,kind,from,to,outcome,reason
    2026-10-01T00:04:00Z,acme/chat,sleep,,3600,done,"a, ""b"""
    2026-10-01T00:04:00Z,acme/chat,sleep,,3600,done,"a, ""b"""
    2026-10-01T00:04:30Z,acme/chat,hardware,t4-small,cpu-basic,not-sent,

    """#
  let history = try History()
  let first = try history.importHistory(observations: file(observations), actions: file(actions))
  #expect(first.observations == 4)
  #expect(first.actions == 3)
  #expect(try exported(history) == (observations, actions))
  let second = try history.importHistory(observations: file(observations), actions: file(actions))
  #expect((second.observations, second.actions, second.known) == (0, 0, 7))
  #expect(try exported(history) == (observations, actions))
}

@Test func trailingColumnsMayBeMissing() throws {
  let history = try History()
  _ = try history.importHistory(
    observations: file("observed_at,space,stage\n2026-10-01T00:00:00Z,acme/chat,PAUSED\n"),
    actions: file("at,space,kind\n2026-10-01T00:00:00Z,acme/chat,restart\n"))
  #expect(try history.intervals(of: SpaceID("acme/chat")).first?.state == SpaceState(stage: .paused))
  #expect(try history.actions(on: SpaceID("acme/chat")).first?.action.outcome == .done)
}

@Test(arguments: [
  ("", "o.csv:1: the file is empty"), ("space,stage\n", "o.csv:1: the header is 'space,stage'"),
  (
    "observed_at,space,stage\n2026-10-01T00:00:00Z,acme/a,RUNNING\nyesterday,acme/a,RUNNING\n",
    "o.csv:3: observed_at: 'yesterday'"
  ),
  ("observed_at,space,stage\n2026-10-01T00:00:00Z,acme,RUNNING\n", "o.csv:2: space: 'acme' is not a Space"),
  ("observed_at,space,stage\n2026-10-01T00:00:00Z,acme/a,\n", "o.csv:2: stage is empty"),
  ("observed_at,space,stage\n2026-10-01T00:00:00Z,acme/a,RUNNING,t4\n", "o.csv:2: 4 fields"),
  (
    "observed_at,space,stage\n2026-10-01T00:00:00Z,acme/a,RUNNING\n2026-10-01T00:00:00Z,acme/a,PAUSED\n",
    "o.csv:3: line 2 has this Space"
  ),
  (
    "observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas\n2026-10-01T00:00:00Z,acme/a,RUNNING,,,,-1\n",
    "o.csv:2: replicas: '-1'"
  ),
  ("observed_at,space,stage\n\"2026-10-01", "o.csv:2: a quote opens here"),
])
func oneBadRowRejectsTheFile(text: String, message: String) throws {
  let history = try History()
  let error = #expect(throws: ImportError.self) {
    try history.importHistory(observations: file(text), actions: nil)
  }
  #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  #expect(try history.spaces().isEmpty)
}

@Test func badActionsKeepTheObservationsOutToo() throws {
  let history = try History()
  let error = #expect(throws: ImportError.self) {
    try history.importHistory(
      observations: file("observed_at,space,stage\n2026-10-01T00:00:00Z,acme/a,RUNNING\n"),
      actions: file("at,space,kind\n2026-10-01T00:00:00Z,acme/a,explode\n", "a.csv"))
  }
  #expect(error?.description.hasPrefix("a.csv:2: kind: 'explode' is none of hardware, sleep") == true)
  #expect(try history.spaces().isEmpty)
}

@Test func anImportThatContradictsTheRecordIsRefused() throws {
  let history = try History()
  let text = "observed_at,space,stage\n2026-10-01T00:00:00Z,acme/a,RUNNING\n"
  _ = try history.importHistory(observations: file(text), actions: nil)
  let other = text.replacing("RUNNING", with: "PAUSED")
  let error = #expect(throws: ImportError.self) {
    try history.importHistory(observations: file(other), actions: nil)
  }
  #expect(error?.line == 2)
}

/// Whatever was recorded comes out as a sort of all looks would have it.
@Test(arguments: UInt64(1)...30) func observationsComeOutByTimeThenBySpace(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let history = try History()
  var looks: [Look] = []
  var lines: [(at: Int64, space: String, line: String)] = []
  for space in ["acme/a", "acme/a-b", "acme-2/a", "acme.org/a", "Acme/a"].prefix(
    Int.random(in: 1...5, using: &random))
  {
    var second: Int64 = 1_790_000_000
    var stage = SpaceStage.running
    for _ in 0..<Int.random(in: 1...1200, using: &random) {
      second += Int64.random(in: 1...3, using: &random)
      if Int.random(in: 0..<200, using: &random) == 0 { stage = stage == .running ? .paused : .running }
      let at = Instant(secondsSince1970: second)
      looks.append(Look(space: try SpaceID(space), at: at, state: SpaceState(stage: stage)))
      lines.append((second, space, "\(at),\(space),\(stage),,,,1,\n"))
    }
  }
  try history.record(looks)
  lines.sort { ($0.at, $0.space) < ($1.at, $1.space) }
  let header = "observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas,storage\n"
  #expect(try exported(history).observations == header + lines.map(\.line).joined())
}

/// In whatever pieces and order a history is imported, it ends the same.
@Test(arguments: UInt64(1)...30) func piecesInAnyOrderMakeTheWhole(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let stages = ["RUNNING", "SLEEPING", "PAUSED"]
  var rows: [String] = []
  for space in 0..<3 {
    var second: Int64 = 1_790_000_000
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      second += Int64.random(in: 1...4000, using: &random)
      let stage = stages[Int.random(in: 0..<stages.count, using: &random)]
      rows.append("\(Instant(secondsSince1970: second)),acme/s\(space),\(stage)\n")
    }
  }
  let header = "observed_at,space,stage\n"
  let whole = try History()
  _ = try whole.importHistory(observations: file(header + rows.joined()), actions: nil)
  let pieces = try History()
  rows.shuffle(using: &random)
  let cut = Int.random(in: 0...rows.count, using: &random)
  for part in [rows[..<cut], rows[max(0, cut - 5)...]] {
    _ = try pieces.importHistory(observations: file(header + part.joined()), actions: nil)
  }
  #expect(try exported(pieces) == exported(whole))
  for space in try whole.spaces() {
    #expect(try pieces.intervals(of: space.name) == whole.intervals(of: space.name))
  }
}
