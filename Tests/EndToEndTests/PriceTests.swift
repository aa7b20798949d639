import Foundation
import JSON
import Testing

/// The prices of the table beside those of a Hub whose prices have changed.
@Suite struct PriceTests {
  @Test func theTableInForceIsShown() throws {
    let work = try Workplace()
    let now = try work.spaceplan("prices", "--now", "2026-11-02")
    #expect(now.status == 0, "\(now.errors)")
    #expect(now.output.contains("t4-small "), "\(now.output)")
    #expect(
      now.output.contains(
        "Prices in force at 2026-11-02T00:00:00Z. Started minutes are billed in APP_STARTING, "))
    let before = try work.spaceplan("prices", "show", "--at", "2023-06-01", "--format", "json")
    let table = try JSONValue(parsing: Data(before.output.utf8))
    #expect(table["billable"]?.array?.contains("APP_STARTING") == false)
    let a10g = table["hardware"]?.array?.first { $0["hardware"] == "a10g-small" }
    #expect(a10g?["per_hour"] == "1.050000000" && a10g?["source"] == "hub-docs e49eac42")
    #expect(try work.spaceplan("prices", "show", "--at", "yesterday").status == 64)
  }

  @Test func aPriceThatTheHubChangedIsFoundWrittenAndThenInForce() async throws {
    let hub = try Workplace(
      fleet: [["id": "acme/chat", "hardware": "a10g-small"]], clock: "2026-11-02T00:00:00Z",
      prices: {
        $0.replacing(
          "a10g-small:\n",
          with:
            "b300x8:\n    label: 8x Nvidia B300\n    prices:\n      - { from: 2026-01-01, per_hour: 55.50 }\n\n  a10g-small:\n"
        ).replacing(
          "per_hour: 1.00, source: hub-docs f60a7e20", with: "per_hour: 1.20, source: hub-docs f60a7e20")
      })
    try hub.rules("  - { name: chat, spaces: [acme/chat], protect: true }")
    #expect(
      try hub.spaceplan("prices", "diff", "--exit-code").output.split(separator: "\n").map(String.init)
        .sorted() == [
          "a10g-small: 1.00 in the table, 1.20 USD an hour on the Hub",
          "b300x8: not in the table, 55.50 USD an hour on the Hub (8x Nvidia B300)",
        ])
    #expect(try hub.spaceplan("prices", "diff", "--exit-code").status == 2)
    // 29 days at 0.20 an hour more.
    let run = try hub.spaceplan("run")
    #expect(
      run.output.contains(
        "a10g-small costs 1.00 USD an hour in the table of prices, but the Hub lists 1.20 (+139.20 until the month ends, if all that runs on it goes on)"
      ), "\(run.output)")
    try await hub.move(to: "2026-11-02T00:05:00Z")
    let dry = try hub.spaceplan("prices", "update", "--dry-run")
    #expect(
      dry.output.contains(
        "+      - { from: 2026-11-02, per_hour: 1.20, source: listed by the Hub on 2026-11-02 }"))
    #expect(try hub.shell("ls").output.contains("pricing") == false)
    #expect(try hub.spaceplan("prices", "update", "--from", "2026-11-01").status == 0)
    #expect(try hub.read("pricing/huggingface.yaml").contains("per_hour: 1.20, learned: 2026-11-02, source"))
    #expect(try hub.spaceplan("prices", "diff", "--exit-code").status == 0)
    #expect(try hub.spaceplan("check", "--offline").errors.contains("error") == false)
    #expect(
      try hub.spaceplan("prices", "show", "--at", "2026-10-31", "--format", "json").output.contains("55.5")
        == false)
    #expect(try hub.spaceplan("prices", "update", "--from", "2026-11-03").status == 64)
  }

  /// Before a newer price it would change the past and leave today's as it is.
  @Test func aPriceBeforeANewerOneIsRefused() async throws {
    let hub = try Workplace(fleet: [], clock: "2026-11-02T00:00:00Z")
    let table = """
      version: 1
      billing: { stages: [{ from: 2023-01-01, billable: [RUNNING] }] }
      hardware:
        t4-small:
          prices:
            - { from: 2023-02-10, per_hour: 0.60 }
            - { from: 2024-04-04, per_hour: 0.60 }
            - { from: 2027-01-01, per_hour: 0.70 }

      """
    try hub.write(table, to: "pricing/table.yaml")
    for option in ["--dry-run", ""] {
      let refused = try hub.shell("spaceplan prices update --from 2023-06-01 \(option)")
      #expect(refused.status == 64 && refused.output.isEmpty)
      #expect(
        refused.errors.contains(
          "--from: the price of t4-small from 2024-04-04 is newer than 2023-06-01; --from must not be before it"
        ), "\(refused.errors)")
    }
    #expect(try hub.read("pricing/table.yaml") == table)
    #expect(try hub.spaceplan("prices", "update", "--from", "2024-04-05").status == 0)
    #expect(try hub.read("pricing/table.yaml").contains("- { from: 2024-04-05, per_hour: 0.40, "))
  }
}
