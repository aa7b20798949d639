import Foundation
import Spaces
import Testing
import Timelines

@Suite struct FaultTests {
  private func workplace() async throws -> Workplace {
    let work = try Workplace(fleet: [
      ["id": "acme/chat", "hardware": "a10g-small"], ["id": "acme/demo", "hardware": "t4-small"],
    ])
    try work.rules("  - { name: off, spaces: [\"acme/*\"], default: { hardware: cpu-basic } }")
    try await work.move(to: "2026-10-05T08:00:00Z")
    return work
  }

  private func expectDone(_ work: Workplace) async throws {
    for space in ["acme/chat", "acme/demo"] {
      #expect(try await work.runtime(space).requestedHardware == .cpuBasic)
      let done = try await work.control("timeline?space=\(space)").array?.filter {
        $0["requested"] == "cpu-basic"
      }
      let starts = done?.filter { $0["stage"] == "APP_STARTING" }.count
      #expect(starts == 1, "\(space) was changed more than once")
    }
  }

  @Test func aChangeThatWasDoneButAnswersFiveHundredIsNotSentAgain() async throws {
    let work = try await workplace()
    try await work.control(
      "faults", ["method": "POST", "path": "*/hardware", "kind": "apply-then-fail", "times": 2])
    let run = try work.spaceplan("run")
    #expect(run.status == 0, "\(run.output)")
    #expect(try await work.changes().count == 2)
    try await expectDone(work)
  }

  @Test func troubleIsReadBackAndRepeated() async throws {
    let work = try await workplace()
    try await work.control(
      "faults", ["method": "POST", "path": "*/hardware", "kind": "status", "status": 503, "times": 1])
    #expect(try work.spaceplan("run").status == 0)
    #expect(try await work.changes().count == 3)
    try await expectDone(work)
  }

  @Test func aListThatCannotBeReadMakesNoSpaceMissing() async throws {
    let work = try await workplace()
    try work.spaceplan("observe")
    try await work.control(
      "faults", ["method": "GET", "path": "/api/spaces", "kind": "status", "status": 401])
    try await work.move(to: "2026-10-05T08:05:00Z")
    let run = try work.spaceplan("run")
    #expect(run.status == 77)
    #expect(run.errors.contains("HF_TOKEN"))
    #expect(!run.errors.contains("secret-token"))
    #expect(try await work.changes().isEmpty)
    #expect(!(try work.spaceplan("export", "history", "--observations", "-").output.contains("GONE")))
  }

  @Test func aRefusalIsToldWithWhatToDo() async throws {
    let work = try await workplace()
    try await work.control(
      "faults", ["method": "POST", "path": "/api/spaces/acme/chat/hardware", "kind": "status", "status": 403])
    let run = try work.spaceplan("run")
    #expect(run.status == 1)
    #expect(run.output.contains("acme/chat: a10g-small → cpu-basic: refused"))
    #expect(try await work.runtime("acme/demo").requestedHardware == .cpuBasic)
    let journal = try work.spaceplan("export", "history", "--actions", "-").output
    #expect(journal.contains("acme/chat,hardware,a10g-small,cpu-basic,refused,"))
    #expect(journal.contains("acme/demo,hardware,t4-small,cpu-basic,done,"))
  }

  @Test func aHubOutOfReachEndsWithSixtyNine() throws {
    let work = try Workplace()
    try work.rules("  - { name: off, spaces: [acme/chat], default: { hardware: cpu-basic } }")
    work.environment["HF_ENDPOINT"] = "http://127.0.0.1:1"
    let run = try work.spaceplan("observe")
    #expect(run.status == 69)
    #expect(run.errors.contains("127.0.0.1"))
  }
}
