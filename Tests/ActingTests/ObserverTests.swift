import Acting
import History
import Spaces
import Testing
import Timelines

private let rules = "  - { name: all, spaces: [\"acme/*\"] }"

private func stages(_ office: Office, _ name: String) throws -> [String] {
  try office.history.intervals(of: SpaceID(name)).map(\.state.stage.rawValue)
}

@Test func onlyACompleteListMakesASpaceMissing() async throws {
  try await Office.open(.array((0..<150).map { ["id": .string("acme/s\($0)")] })) { office in
    _ = try await office.run(rules)
    // The second page fails for good: nobody is missing, and that is said.
    try await office.controls.control(
      "faults", ["method": "GET", "path": "/api/spaces", "kind": "status", "status": 403, "times": 1])
    let result = try await office.run(rules)
    #expect(result.blindness != nil)
    #expect(try office.history.spaces().allSatisfy { $0.state?.stage == .running })
  }
}

@Test func aVanishedSpaceIsGoneAndComesBack() async throws {
  try await Office.open([["id": "acme/a"], ["id": "acme/b"]]) { office in
    _ = try await office.run(rules)
    try await office.controls.call("DELETE", "/_simulator/spaces/acme/b")
    let gone = try await office.run(rules)
    #expect(gone.news == ["acme/b is gone: the Hub has no such Space, or shows it to this token no more"])
    #expect(try await office.run(rules).news.isEmpty)
    try await office.controls.control("spaces", [["id": "acme/b"]])
    _ = try await office.run(rules)
    #expect(try stages(office, "acme/b") == ["RUNNING", "GONE", "RUNNING"])
  }
}

@Test func aRenameWithinTheOwnerGoesOnAsOne() async throws {
  try await Office.open([["id": "acme/a"], ["id": "acme/b"]]) { office in
    let rules = "  - { name: a, spaces: [acme/a], default: { hardware: t4-small } }"
    _ = try await office.run(rules)
    try await office.controls.control("spaces/rename", ["from": "acme/a", "to": "acme/c"])
    let dry = try await office.run(rules, Runner.Options(.trial))
    #expect(dry.plans.first { $0.space.name == "c" }?.policy == "a")
    let result = try await office.run(rules)
    #expect(result.news == ["acme/a was renamed to acme/c: write the new name in the rules"])
    #expect(try office.history.spaces().map(\.name.name) == ["b", "c"])
    #expect(result.outcomes.isEmpty)
  }
}

/// Rules for a name are for the Space that has it now, from the first look that finds it on.
@Test func aNameThatIsTakenAgainIsTheOtherSpaces() async throws {
  try await Office.open([["id": "acme/a"]]) { office in
    let rules = "  - { name: a, spaces: [acme/a], default: { hardware: t4-small } }"
    _ = try await office.run(rules)
    try await office.controls.control("spaces/rename", ["from": "acme/a", "to": "acme/old"])
    _ = try await office.run(rules)
    try await office.controls.control("spaces", [["id": "acme/a"]])
    for _ in 1...2 {
      let plans = try await office.run(rules).plans
      print(plans)
      #expect(plans.map(\.space.name) == ["a", "old"])
      #expect(plans.map(\.policy) == ["a", nil])
      #expect(plans.flatMap(\.notes).isEmpty)
    }
    #expect(try office.journal() == ["acme/old hardware done"])
  }
}

@Test func aRenameToAnotherOwnerIsGone() async throws {
  try await Office.open([["id": "acme/a"], ["id": "acme/b"]]) { office in
    _ = try await office.run(rules)
    try await office.controls.control("spaces/rename", ["from": "acme/a", "to": "labs/a"])
    let result = try await office.run(rules)
    #expect(result.news == ["acme/a now belongs to another owner, as labs/a: it is counted as gone"])
    #expect(try stages(office, "acme/a") == ["RUNNING", "GONE"])
  }
}

@Test func aRunWithNothingToDoAsksForTheListAlone() async throws {
  try await Office.open(.array((0..<1000).map { ["id": .string("acme/s\($0)")] })) { office in
    _ = try await office.run(rules)
    let before = try await office.controls.control("requests").array?.count ?? 0
    _ = try await office.run(rules)
    let after = try await office.controls.control("requests").array?.count ?? 0
    #expect(after - before == 10)
  }
}
