import LocatedYAML
import Money
import Pricing
import Spaces
import Testing
import Timelines

@Test func theBuiltInTableHasNoMistake() {
  let read = PriceTable.read([(PriceTable.builtInFileName, PriceTable.builtInText)])
  #expect(read.diagnostics.map(\.description) == [])
  #expect(read.table == .builtIn)
}

@Test(arguments: [
  ("t4-small", "2023-02-09T23:59:59Z", nil),
  ("t4-small", "2023-02-10T00:00:00Z", "0.60"),
  ("t4-small", "2024-04-03T23:59:59Z", "0.60"),
  ("t4-small", "2024-04-04T00:00:00Z", "0.40"),
  ("a100-large", "2025-10-12T00:00:00Z", "4.00"),
  ("a100-large", "2026-10-12T00:00:00Z", "2.50"),
  ("l4x1", "2025-10-12T00:00:00Z", nil),
  ("h100", "2026-11-01T00:00:00Z", "4.50"),  // withdrawn, goes on
  ("zero-a10g", "2026-11-01T00:00:00Z", "0.00"),
  ("cpu-basic", "2026-11-01T00:00:00Z", "0.00"),
  ("h200", "2026-11-01T00:00:00Z", nil),  // for Jobs only
])
func builtInPrices(hardware: String, at: String, price: String?) throws {
  let found = PriceTable.builtIn.hourlyPrice(of: SpaceHardware(rawValue: hardware), at: try Instant(at))
  #expect(found?.text(decimals: 2...9) == price)
}

@Test func everyBuiltInPriceAndRuleNamesItsSource() {
  let table = PriceTable.builtIn
  let prices = table.hardware.flatMap(\.prices) + table.storage.flatMap(\.prices)
  #expect(prices.count == 37)
  #expect(prices.allSatisfy { $0.source?.contains("hub") == true })
  #expect(table.billingRules.count == 2)
  #expect(table.billingRules.allSatisfy { $0.source != nil })
}

@Test func freeWithdrawnAndLabels() throws {
  let table = PriceTable.builtIn
  let h100 = SpaceHardware(rawValue: "h100")
  let day = try Instant("2026-03-20T00:00:00Z")
  #expect(table.isWithdrawn(h100, at: day))
  #expect(!table.isWithdrawn(h100, at: day - 1))
  #expect(!table.isWithdrawn(.t4Small, at: day))
  #expect(table.isFree(.zeroA10G, at: day) && table.isFree(.cpuBasic, at: day))
  #expect(!table.isFree(.t4Small, at: day))
  #expect(!table.isFree(SpaceHardware(rawValue: "h200"), at: day))
  #expect(table.label(of: .t4Small) == "Nvidia T4 - small")
  #expect(table.label(of: SpaceHardware(rawValue: "h200")) == "h200")
  let listing = try #require(table.listing(of: .a100x8))
  #expect(listing.cpu == 96 && listing.memoryGB == 1136 && listing.gpu == "Nvidia A100")
  #expect(listing.gpuCount == 8 && listing.vramGB == 640 && listing.diskGB == 8000)
}

@Test(arguments: [
  ("2022-12-04T23:59:59Z", SpaceStage.running, false),
  ("2022-12-05T00:00:00Z", .running, true),
  ("2025-11-23T23:59:59Z", .appStarting, false),
  ("2025-11-24T00:00:00Z", .appStarting, true),
  ("2025-11-24T00:00:00Z", .runningBuilding, true),
  ("2026-11-01T00:00:00Z", .building, false),
  ("2026-11-01T00:00:00Z", .sleeping, false),
  ("2026-11-01T00:00:00Z", SpaceStage(rawValue: "FROM_TOMORROW"), false),
])
func builtInBilling(at: String, stage: SpaceStage, expected: Bool) throws {
  #expect(PriceTable.builtIn.isBillable(stage, at: try Instant(at)) == expected)
}

@Test func ratesAndPotentials() throws {
  let now = try Instant("2026-11-01T00:00:00Z")
  let table = PriceTable.builtIn
  var state = SpaceState(stage: .running, requestedHardware: .t4Small, replicas: 2)
  #expect(table.rate(of: state, at: now) == (try Money("0.80")))
  state.hardware = .a10gSmall
  #expect(table.rate(of: state, at: now) == (try Money("2")))
  state.stage = .paused
  #expect(table.rate(of: state, at: now) == .zero)
  #expect(table.potential(of: state, at: now) == (try Money("2")))
  state.hardware = SpaceHardware(rawValue: "h200")
  #expect(table.potential(of: state, at: now) == nil)
  #expect(table.rate(of: SpaceState(stage: .running), at: now) == .zero)
}

private let start = "version: 1\nbilling: { stages: [{ from: 2022-12-05, billable: [RUNNING] }] }\n"

@Test func ofPricesFromOneInstantTheLastLearnedHolds() throws {
  let first = start + "hardware: { x: { label: X, cpu: 2, prices: [{ from: 2026-01-01, per_hour: 1 }] } }"
  let second = """
    version: 1
    hardware:
      x:
        cpu: 4
        prices:
          - { from: 2026-01-01T00:00:00Z, per_hour: 3, learned: 2026-03-01 }
          - { from: 2026-01-01, per_hour: 2, learned: 2026-02-01 }
          - { from: 2026-04-01T02:00:00+02:00, per_hour: 5 }
    """
  let (table, diagnostics) = PriceTable.read([("a.yaml", first), ("b.yaml", second)])
  #expect(diagnostics == [])
  let x = SpaceHardware(rawValue: "x")
  #expect(table.hourlyPrice(of: x, at: try Instant("2026-01-01T00:00:00Z")) == (try Money("3")))
  #expect(table.hourlyPrice(of: x, at: try Instant("2026-04-01T00:00:00Z")) == (try Money("5")))
  #expect(table.listing(of: x)?.label == "X")
  #expect(table.listing(of: x)?.cpu == 4)
  #expect(table.listing(of: x)?.prices.count == 4)
  #expect(table.currency == "USD" && table.rounding == .up)
}

@Test(arguments: [
  ("", "p.yaml:1:1: the file is empty / a pricing file begins with version: 1"),
  ("version: 2", "p.yaml:1:10: this version of pricing files is not known / version: 1"),
  ("- a", "p.yaml:1:1: a pricing file is a set of keys, not a list"),
  ("version: 1", "p.yaml:1:1: no pricing file says which stages are billed"),
  ("currency: USD", "p.yaml:1:1: a pricing file says its version / add version: 1"),
  ("version: 1\nhardwear: {}", "p.yaml:2:1: a pricing file has no key 'hardwear' / did you mean 'hardware'?"),
  ("version: 1\ncurrency: usd", "p.yaml:2:11: 'usd' is not the code of a currency / three capitals: USD"),
  (
    "version: 1\nbilling: { rounding: upp }",
    "p.yaml:2:22: 'upp' is not a rounding / did you mean 'up'?"
  ),
  (
    "version: 1\nbilling: { stages: [{ from: 2026-01-01, billable: [RUNING] }] }",
    "p.yaml:2:52: 'RUNING' is not a stage known so far / did you mean 'RUNNING'?"
  ),
  (start + "hardware: { x: { gpus: 1 } }", "p.yaml:3:18: hardware has no key 'gpus' / did you mean 'gpu'?"),
  (start + "hardware: { x: { cpu: many } }", "p.yaml:3:23: cpu is a whole number"),
  (prices("{ from: 2026-02-30, per_hour: 1 }"), "p.yaml:3:35: '2026-02-30' is not a date"),
  (prices("{ from: 2026-02-03T10:00, per_hour: 1 }"), "p.yaml:3:35: '2026-02-03T10:00' is not an instant"),
  (prices("{ from: 2026-01-01 }"), "p.yaml:3:27: a price needs 'per_hour'"),
  (prices("{ per_hour: 1 }"), "p.yaml:3:27: a price needs 'from'"),
  (prices("{ from: 2026-01-01, per_hour: 0.6O }"), "p.yaml:3:57: '0.6O' is not an amount of money"),
  (
    prices("{ from: 2026-01-01, per_hour: -1 }"),
    "p.yaml:3:57: per_hour is from 0 to 1000000, not -1 / what is free costs 0"
  ),
  (prices("{ from: 2026-01-01, per_hour: 1000000.1 }"), "p.yaml:3:57: per_hour is from 0 to 1000000"),
  (prices("{ from: 2026-01-01, per_month: 1 }"), "p.yaml:3:47: a price has no key 'per_month'"),
  (
    prices("{ from: 2026-01-02, until: 2026-01-02, per_hour: 1 }"),
    "p.yaml:3:54: the price is withdrawn before it begins / until is after from"
  ),
  (
    prices("{ from: 2026-01-01, per_hour: 1 }, { from: 2026-01-01T00:00:00Z, per_hour: 1 }"),
    "p.yaml:3:62: a price from this instant is given twice / remove one, or say when"
  ),
])
func mistakesAreToldWithTheirPlace(text: String, expected: String) {
  let (_, diagnostics) = PriceTable.read([("p.yaml", text)])
  let told = diagnostics.map { "\($0.file):\($0.line):\($0.column): \($0.message) / \($0.hint ?? "")" }
  #expect(told.contains { $0.hasPrefix(expected) }, "\(told)")
}

private func prices(_ list: String) -> String { start + "hardware: { x: { prices: [\(list)] } }" }

@Test func allMistakesOfAllFilesAreTold() {
  let (_, diagnostics) = PriceTable.read([
    ("a.yaml", start + "currency: USD\nhardware: { x: { cpu: -1, prices: [{ from: x, per_hour: y }] } }"),
    ("b.yaml", "version: 1\ncurrency: EUR\nstorage: { small: { prices: 5 } }"),
  ])
  #expect(
    diagnostics.map { "\($0.file):\($0.line):\($0.column)" } == [
      "a.yaml:4:23", "a.yaml:4:44", "a.yaml:4:57", "b.yaml:2:11", "b.yaml:3:29",
    ])
}

@Test func hardwareWithoutAnyPriceIsTold() {
  let first = start + "hardware:\n  x: { label: X }\n  y: { cpu: 2 }\nstorage: { small: { prices: [] } }\n"
  let second = "version: 1\nhardware: { x: { prices: [{ from: 2026-01-01, per_hour: 1 }] } }\n"
  let (_, diagnostics) = PriceTable.read([("a.yaml", first), ("b.yaml", second)])
  #expect(
    diagnostics.map { "\($0.file):\($0.line):\($0.column): \($0.severity): \($0.message)" } == [
      "a.yaml:5:3: warning: 'y' has no price: what it costs is in no sum",
      "a.yaml:6:12: warning: 'small' has no price: what it costs is in no sum",
    ])
}

@Test func bytesAreReadAsUTF8() {
  let (table, diagnostics) = PriceTable.read([
    (name: "a.yaml", bytes: [0xEF, 0xBB, 0xBF] + [UInt8]((start + "currency: EUR\n").utf8)),
    (name: "b.yaml", bytes: [0xFF, 0xFE, 0x61, 0]),
  ])
  #expect(table.currency == "EUR")
  #expect(diagnostics.map(\.message) == ["the file is UTF-16"])
}

@Test func anUnknownStageIsKeptWithAWarning() throws {
  let text = "version: 1\nbilling: { stages: [{ from: 2026-01-01, billable: [RUNING, THAWING] }] }"
  let (table, diagnostics) = PriceTable.read([("p.yaml", text)])
  #expect(diagnostics.map(\.severity) == [.warning])
  #expect(table.isBillable(SpaceStage(rawValue: "THAWING"), at: try Instant("2026-01-01T00:00:00Z")))
}
