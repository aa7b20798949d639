import Foundation
import JSON
import Spaces
import Testing
import Timelines

/// `reconcile`, against the simulated Hub's own bill and against files.
@Suite struct ReconcileTests {
  private static let october = "spaceplan reconcile --month 2026-10"

  /// Spaces that are looked at every quarter of an hour for three hours of October, and then paused by a rule.
  private func workplace() async throws -> Workplace {
    let work = try Workplace(
      fleet: [
        ["id": "acme/chat", "hardware": "t4-small"], ["id": "acme/page", "stage": "PAUSED"],
        ["id": "simulator/own", "hardware": "l4x1"],
      ], clock: "2026-10-01T00:00:00Z")
    try work.rules(
      """
        - name: all
          spaces: ["acme/*", "simulator/*"]
          rules: [{ name: stop, cron: "0 3 * * *", set: { state: paused } }]
      """)
    let start = try Instant("2026-10-01T00:00:00Z")
    for quarter in 0..<12 {
      try await work.move(to: "\(start + Int64(quarter) * 900)")
      try work.shell("spaceplan observe --quiet")
    }
    try await work.move(to: "2026-10-01T03:00:00Z")
    try work.shell("spaceplan run --quiet")
    try await work.move(to: "2026-11-02T00:00:00Z")
    try work.shell("spaceplan observe --quiet")
    return work
  }

  @Test func theSimulatedHubsBillIsMatched() async throws {
    let work = try await workplace()
    let table = try work.shell(Self.october)
    #expect(table.status == 0, "\(table.errors)")
    #expect(
      table.output.contains(#/\nacme/chat +1\.20 +1\.20 +\d+\.\d\d +1\.20 +0\.00  matched\n/#),
      "\(table.output)")
    #expect(table.output.contains(#/\nsimulator/own +2\.40 .* 2\.40 +0\.00  matched\n/#), "\(table.output)")
    #expect(table.output.contains("1 Space costs nothing on either side."))
    #expect(
      table.output.contains("The Hub's usage of acme: amounts under `totalCostMicroUSD`, `usedMicroUsd`"))
    // What nobody recorded can't be told; an hour is.
    #expect(
      table.output.contains("Looks are mostly 15 min apart, so what 1 min or 5 min would have left open"))
    #expect(table.output.contains(#/\n1 h +\d/#))
    #expect(table.output.contains("more than 15 min apart, as those of 1 h are."))

    let json = try JSONValue(parsing: Data(try work.shell("\(Self.october) --format json").output.utf8))
    #expect(json["spaces"]?.array?.compactMap { $0["verdict"]?.string } == ["matched", "matched"])
    #expect(json["all"]?["usage"] == "3.600000000")
    #expect(json["looking"]?.array?.compactMap { $0["every_seconds"]?.integer } == [900, 3600])
    let csv = try work.shell("\(Self.october) --format csv --owner acme").output
    #expect(
      csv.hasPrefix("space,cost_low,cost,cost_high,usage,difference,tolerance,verdict,cause\nacme/chat,"))
    #expect(csv.contains(",1.200000000,0.000000000,") && csv.hasSuffix(",matched,\n"))
    #expect(!csv.contains("simulator"))

    // The calls are those of the user and of the organisation, with the month's seconds.
    let calls = try await work.requests().compactMap { call -> String? in
      guard let path = call["path"]?.string, path.contains("billing") else { return nil }
      return "\(path)?\(call["query"]?.string ?? "")"
    }
    let query = "startDate=1790812800&endDate=1793491200"
    #expect(
      Set(calls) == [
        "/api/organizations/acme/billing/usage-v2?\(query)", "/api/settings/billing/usage-v2?\(query)",
      ])
  }

  @Test func anOwnersTableOfLooksIsOfItsSpaces() async throws {
    let work = try await workplace()
    let table = try work.shell("\(Self.october) --owner acme")
    #expect(table.output.contains(#/\nas recorded +1\.20 /#), "\(table.output)")
    let json = try JSONValue(
      parsing: Data(try work.shell("\(Self.october) --owner acme --format json").output.utf8))
    #expect(json["looking"]?.array?.first?["cost"]?["estimate"] == "1.200000000", "\(json.text)")
    for (name, more) in [("acne", "; did you mean acme?"), ("nobody", "")] {
      let wrong = try work.shell("\(Self.october) --owner \(name)")
      #expect(wrong.status == 64 && wrong.output.isEmpty)
      #expect(
        wrong.errors.contains("--owner: no Space of \(name) was ever looked at\(more)"), "\(wrong.errors)")
    }
  }

  @Test func whatHappenedBetweenLooksIsExplainedAndAllElseIsNot() async throws {
    let work = try await workplace()
    // It ran for ten minutes while nobody looked.
    try await work.call("POST", "/api/spaces/acme/chat/restart")
    let month = "spaceplan reconcile --month 2026-11 --owner acme"
    try await work.move(to: "2026-11-02T01:00:00Z")
    try await work.call("POST", "/api/spaces/acme/chat/pause")
    try work.shell("spaceplan observe --quiet")
    let explained = try work.shell(month)
    #expect(explained.status == 0)
    #expect(
      explained.output.contains(#/\nacme/chat +0\.00 +0\.00 .* 0\.40 +\+0\.40  explained\n/#),
      "\(explained.output)")
    #expect(explained.output.contains("explained: between the least and the most"))

    try work.write(
      "Space,Product,Cost (USD)\nacme/chat,spaces/t4-small,500\nacme/new,spaces/l4x1,0.80\n,Jobs,3.25\n",
      to: "usage.csv")
    let file = try work.shell("\(Self.october) --usage usage.csv || echo \"status $?\"")
    #expect(file.output.hasSuffix("status 1\n"))
    #expect(file.output.contains("acme/new: no look has seen this Space; see that"), "\(file.output)")
    #expect(file.output.contains("Not about Spaces, so not compared: Jobs 3.25."))
    #expect(file.output.contains("Not compared, as this is not their usage: simulator."))
    #expect(
      file.output.contains(
        "usage.csv: Spaces from 'Space', products from 'Product', amounts from 'Cost (USD)', in dollars."))
    let input = try work.shell(
      #"printf 'space,usd\nacme/chat,1.2\nsimulator/own,2.4\n' | \#(Self.october) --usage - --format csv"#)
    #expect(input.status == 0 && input.output.contains(",matched,"), "\(input.errors)")
  }

  @Test func aHubThatDoesNotAnswerIsToldWithTheWayOut() async throws {
    let work = try await workplace()
    func failed(_ more: String = "") throws -> Workplace.Outcome {
      let result = try work.shell("\(Self.october) --owner acme \(more)")
      #expect(result.status == 69)
      #expect(result.errors.contains("and give it with --usage FILE."), "\(result.errors)")
      // What needs no usage is shown all the same.
      #expect(result.output.contains("LEFT OPEN") && !result.output.contains("VERDICT"))
      return result
    }
    for (fault, words) in [
      (["kind": "status", "status": 404], "404 not found"),
      (["kind": "status", "status": 401], "right to read billing"),
      (["kind": "garbage"], "the answer can't be read"),
    ] as [(JSONValue, String)] {
      var members = fault.object ?? [:]
      members["path"] = "*/usage-v2"
      try await work.control("faults", .object(members))
      #expect(try failed().errors.contains(words))
      try await work.controls.call("DELETE", "/_simulator/faults")
    }
    try await work.control("account", ["owner": "acme", "role": "read"])
    #expect(try failed().errors.contains("A fine-grained token needs the right to read billing"))
    try await work.control("account", ["owner": "acme", "role": "none"])
    #expect(try failed().errors.contains("belongs to no organization of that name"))
    // One that answers is compared without the other.
    let rest = try work.shell(Self.october)
    #expect(rest.status == 0)
    #expect(rest.errors.contains("so its Spaces are not compared"))
    #expect(rest.output.contains("Not compared, as this is not their usage: acme."))
  }

  @Test func whatCannotBeComparedIsRefused() async throws {
    let work = try await workplace()
    func refused(_ options: String, _ status: Int32) throws -> String {
      let result = try work.shell("spaceplan reconcile \(options)")
      #expect(result.status == status && result.output.isEmpty)
      return result.errors
    }
    #expect(try refused("--month 2199-01", 64).contains("January 2199 has not begun yet"))
    #expect(try refused("--month october", 64).contains("a month, such as 2026-11"))
    #expect(try refused("--month 2026-10 --usage nowhere.csv", 74).contains("nowhere.csv can't be read"))
    try work.write("space,hours\nacme/chat,2\n", to: "hours.csv")
    #expect(try refused("--month 2026-10 --usage hours.csv", 65).contains("no column with what was charged"))
  }
}
