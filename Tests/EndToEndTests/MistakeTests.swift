import Foundation
import JSON
import Pricing
import Spaces
import Testing
import Timelines

/// What goes wrong out of a person's mistake, and what is said about it.
@Suite struct MistakeTests {
  @Test func aPlainServerBehindHTTPSIsRecognisedAtOnce() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: all, spaces: [acme/chat] }")
    work.environment["HF_ENDPOINT"] = work.endpoint.replacing("http://", with: "https://")
    let observe = try work.spaceplan("observe")
    #expect(observe.status == 69)
    #expect(observe.errors.contains("the server does not speak TLS"))
    #expect(observe.errors.contains("is it meant to begin with http://?"))
    #expect(!observe.errors.contains("NIO"))
    #expect(!observe.errors.contains("trying again"))
    #expect(observe.errors.components(separatedBy: "speak TLS").count == 2)
  }

  @Test func namesThatMatchNothingAreTold() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"], ["id": "acme/demo-1"]])
    try work.write(
      """
      version: 1
      accounts: [{ name: nobody, kind: user }]
      policies:
        - { name: demos, spaces: ["acme/dmo-*"] }
        - { name: typo, spaces: ["amce/*"] }
      """, to: "schedules/rules.yaml")
    let words = [
      "policy demos: no Space matches 'acme/dmo-*' (2 Spaces of acme were seen)",
      "policy typo: no Space matches 'amce/*' (no Space of amce was seen)",
      "accounts: no Space of nobody was seen; is the name right?",
    ]
    let (observe, status, run) = (
      try work.spaceplan("observe"), try work.spaceplan("status"), try work.spaceplan("run", "--dry-run")
    )
    for word in words {
      #expect(observe.errors.contains(word), "\(observe.errors)")
      #expect(status.errors.contains(word), "\(status.errors)")
      #expect(run.output.contains(word), "\(run.output)")
    }
  }

  @Test func rulesThatNameNobodyAreTold() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  []")
    #expect(try work.spaceplan("run").output.contains("the rules name no owner"))
  }

  @Test(arguments: [
    (404, "not found", "Check HF_ENDPOINT", Int32(69)), (403, "You may not", "Check the rights", 77),
    (403, "Monthly spend limit reached", "Raise the spend limit", 1),
  ])
  func aRefusedListIsToldOnceWithWhatToDo(
    status: Int, message: String, advice: String, ending: Int32
  ) async throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: all, spaces: [\"acme/*\"] }")
    try await work.control(
      "faults",
      [
        "method": "GET", "path": "/api/spaces", "kind": "status", "status": .integer(Int64(status)),
        "error": .string(message),
      ])
    let observe = try work.spaceplan("observe")
    #expect(observe.status == ending)
    #expect(observe.errors.contains(advice), "\(observe.errors)")
    #expect(observe.errors.components(separatedBy: "list the Spaces of acme").count == 2)
  }

  @Test(arguments: [
    ("rn", "there is no command 'rn'; did you mean 'run'?"),
    ("reprot --month 2026-10", "there is no command 'reprot'; did you mean 'report'?"),
    ("prices dif", "there is no command 'prices dif'; did you mean 'prices diff'?"),
    ("import activty x.csv", "there is no command 'import activty'; did you mean 'import activity'?"),
    ("frobnicate", "there is no command 'frobnicate'; `spaceplan --help` lists those that there are"),
  ])
  func aMisspeltCommandIsTold(arguments: String, told: String) throws {
    let run = try Workplace().shell("spaceplan \(arguments)")
    #expect(run.status == 64)
    #expect(run.errors == "spaceplan: \(told)\n")
  }

  @Test func hardwareWhosePriceBeginsLaterIsTold() throws {
    let work = try Workplace()
    work.now = try Instant("2026-11-02T00:00:00Z")
    let table = PriceTable.builtInText.replacing(
      "hardware:\n",
      with: "hardware:\n  newgpu-x1: { prices: [{ from: 2027-01-01, per_hour: 3 }] }\n", maxReplacements: 1)
    try work.write(table, to: "pricing/huggingface.yaml")
    try work.rules("  - { name: a, spaces: [acme/chat], default: { hardware: newgpu-x1, sleep: 1h } }")
    let check = try work.spaceplan("check")
    let all = check.output + check.errors
    #expect(all.contains("hardware 'newgpu-x1' has no price before 2027-01-01"), "\(all)")
    #expect(!all.contains("did you mean 'newgpu-x1'"))
  }
}
