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
  var attempts = 0
  for _ in 0..<8 {
    let run = try work.start(["run"])
    // Not a pause of the test: the instant at which the run is struck down.
    let deadline = ContinuousClock.now + .microseconds(Int.random(in: 0...120_000, using: &random))
    while ContinuousClock.now < deadline, run.isRunning {}
    kill(run.processIdentifier, SIGKILL)
    run.waitUntilExit()
    attempts += 1
  }
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
