import Foundation
import Spaces
import TestSupport
import Testing
import Timelines

/// A run that is killed at any instant, then run again, ends with every Space as desired, no change made twice,
/// and a journal that tells what happened.
@Test(arguments: UInt64(1)...5) func aKilledRunIsFinishedByTheNext(seed: UInt64) async throws {
  var random = SplitMix64(seed: seed)
  let names = (0..<6).map { "acme/demo-\($0)" }
  let work = try Workplace(fleet: .array(names.map { ["id": .string($0), "hardware": "t4-small"] }))
  try work.rules("  - { name: off, spaces: [\"acme/*\"], default: { hardware: cpu-basic } }")
  try await work.move(to: "2026-10-05T08:00:00Z")
  // The last of them never gets its answer, so that no run ends by itself before all is done.
  try await work.control(
    "faults",
    ["method": "POST", "path": "*/demo-5/hardware", "kind": "delay", "seconds": 3600, "times": 1000])
  var killed = 0
  for _ in 0..<6 {
    let calls = try await work.requests().count
    let waiting = 5 - (try await work.changes().count)
    // The instant: that at which the Hub has answered so many calls of the run. Each change takes two, and what
    // was under way when the run before was struck down may still come.
    let answered = 1 + Int.random(in: 0...max(0, 2 * waiting - 2), using: &random)
    let run = try work.start(["run"])
    while run.isRunning, try await work.requests().count < calls + answered {}
    kill(run.processIdentifier, SIGKILL)
    run.waitUntilExit()
    if run.terminationReason == .uncaughtSignal { killed += 1 }
  }
  #expect(killed > 0)
  try await work.call("DELETE", "/_simulator/faults")
  let last = try work.spaceplan("run")
  #expect(last.status == 0, "\(last.output)\(last.errors)")
  for name in names {
    #expect(try await work.runtime(name).requestedHardware == .cpuBasic)
    let starts = try await work.control("timeline?space=\(name)").array?.filter {
      $0["stage"] == "APP_STARTING" && $0["requested"] == "cpu-basic"
    }
    #expect(starts?.count == 1, "\(name) was changed twice")
  }
  let journal = try work.spaceplan("export", "history", "--actions", "-").output.split(separator: "\n")
    .dropFirst()
  for name in names {
    #expect(journal.filter { $0.contains("\(name),") && $0.contains(",done,") }.count == 1)
  }
  #expect(!journal.contains { $0.contains(",unknown,") })
}
