import CSV
import Foundation
import Money
import Pricing
import Reports
import Spaces
import TestSupport
import Testing
import Timelines

private func at(_ text: String) throws -> Instant { try Instant(text, zone: .gmt) }

/// What is known at one time of three months: some looks, some prices, some grants.
private struct Knowledge {
  private static let months = ["2026-10", "2026-11", "2026-12"]
  let table: FocusTable

  init(lives: [Life], _ random: inout SplitMix64, grants: [CivilDate: [SpaceID: Bool]] = [:]) throws {
    let range = try at("2026-10-01")..<(try at("2027-01-01"))
    let blind = (0..<4).map { _ in
      let from = range.lowerBound + Int64.random(in: 0...(90 * 86_400), using: &random)
      return from..<(from + Int64.random(in: 0...(6 * 86_400), using: &random))
    }
    let text = """
      version: 1
      currency: USD
      billing: { rounding: \(Bool.random(using: &random) ? "up" : "exact"), stages: [{ from: 2025-01-01, billable: [RUNNING] }] }
      hardware:
        cpu-basic: { prices: [{ from: 2025-01-01, per_hour: 0 }] }
        t4-small: { prices: [{ from: 2025-01-01, per_hour: 0.333333333 }, { from: 2026-11-0\(Int.random(in: 1...9, using: &random))T10:07:31Z, per_hour: 0.\(Int.random(in: 1...9, using: &random)) }] }
        l4x1: { prices: [{ from: 2025-01-01, per_hour: \(Int.random(in: 1...90, using: &random)).000000007 }] }
      storage:
        small: { prices: [{ from: 2025-01-01, per_month: 4.99 }, { from: 2026-10-0\(Int.random(in: 1...9, using: &random))T17:03:02Z, per_month: \(Int.random(in: 5...800, using: &random)).77 }] }
      """
    let (prices, diagnostics) = PriceTable.read([("prices.yaml", text)])
    try #require(diagnostics.isEmpty)
    let known = lives.filter { _ in Int.random(in: 0...4, using: &random) > 0 }.map { life in
      var life = life
      life.tags.isGranted = Bool.random(using: &random)
      return life
    }
    table = CostReport(
      on: known, looks: range, blind: blind,
      period: ReportPeriod(range, zone: .gmt, now: try at("2027-02-01")), prices: prices
    ).focus(isGranted: { space, month in grants[month]?[space] })
  }

  /// The rows of a month by this alone.
  func rows(_ month: Int) throws -> FocusTable {
    let start = try CivilDate(month: Self.months[month])
    return table.rows(in: start..<start.startOfNextMonth)
  }

  /// The month as it is written while those before it are closed, the latest first.
  func written(_ month: Int, after kept: [FocusTable], names: [SpaceID: SpaceID] = [:]) throws -> FocusTable {
    let start = try CivilDate(month: Self.months[month])
    let first = try CivilDate(month: Self.months[month - kept.count])
    let corrections = table.rows(in: first..<start).corrections(of: kept, bookedIn: start, names: names)
    // What is kept is text.
    return try FocusTable(.oneTwo, csv: try rows(month).taking(over: corrections).csv)
  }
}

private func lives(_ random: inout SplitMix64) throws -> [Life] {
  let states = [
    SpaceState.running("t4-small"), .running("t4-small", replicas: 3), .running("l4x1", storage: .small),
    .running("cpu-basic", storage: .small), .asleep("t4-small"), .paused, .gone,
  ]
  return try ["acme/chat", "acme/b", "zoe/notes"].map { name in
    var (changes, at) = ([(at: Instant, state: SpaceState)](), try at("2026-09-20"))
    while at < (try Instant("2027-01-01", zone: .gmt)) {
      changes.append((at, states[Int.random(in: 0..<states.count, using: &random)]))
      at = at + Int64.random(in: 600...(9 * 86_400), using: &random)
    }
    return Life(space: try SpaceID(name), changes: changes)
  }
}

private func records(_ table: FocusTable) -> [[String: String]] {
  let lines = Array(CSVReader(table.csv))
  return lines.dropFirst().map { line in Dictionary(zip(lines[0].fields, line.fields)) { first, _ in first } }
}

/// All amounts, added up by day, resource and SKU; without what is nothing.
private func sums(_ tables: [FocusTable]) throws -> [String: [Money]] {
  let columns = [
    "BilledCost", "ContractedCost", "EffectiveCost", "ListCost", "PricingCurrencyEffectiveCost",
    "x_EffectiveCostHigh", "x_EffectiveCostLow",
  ]
  return try tables.flatMap(records).reduce(into: [:]) { sums, row in
    let key = "\(row["ChargePeriodStart"] ?? "") \(row["ResourceId"] ?? "") \(row["SkuId"] ?? "")"
    let minutes = Decimal(string: row["ConsumedQuantity"] ?? "") ?? 0
    let seconds = minutes * (row["ConsumedUnit"] == "Hours" ? 3600 : 60)
    var whole = Decimal()
    var exact = seconds
    NSDecimalRound(&whole, &exact, 0, .plain)
    let amounts = try columns.map { try Money(row[$0] ?? "") } + [try Money(whole.description)]
    sums[key] = zip(sums[key] ?? Array(repeating: .zero, count: amounts.count), amounts).map(+)
  }.filter { $0.value.contains { $0 != .zero } }
}

@Suite struct FocusCorrectionTests {
  /// October and November are closed by what is known then, and December is open: together they say what is known in
  /// the end, whatever became known when.
  @Test(arguments: 1...UInt64(60)) func allExportsTogetherSayWhatIsKnownNow(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let lives = try lives(&random)
    let october = try Knowledge(lives: lives, &random).written(0, after: [])
    var grants = [try CivilDate("2026-10-01"): october.grants(names: [:])]
    let november = try Knowledge(lives: lives, &random, grants: grants).written(1, after: [october])
    grants[try CivilDate("2026-11-01")] = november.grants(names: [:])
    let last = try Knowledge(lives: lives, &random, grants: grants)
    let december = try last.written(2, after: [november, october])

    #expect(try sums([october, november, december]) == sums([last.table]))
    // Every row of an earlier day is a correction, and no other.
    for (table, month) in [(october, "2026-10"), (november, "2026-11"), (december, "2026-12")] {
      for row in records(table) {
        let isEarlier = try #require(row["ChargePeriodStart"]) < "\(month)-01"
        #expect((row["ChargeClass"] == "Correction") == isEarlier)
        #expect(row["BillingPeriodStart"] == "\(month)-01T00:00:00Z")
      }
      #expect(table.months.count <= 1)
      let keys = records(table).map {
        [$0["ChargePeriodStart"] ?? "", $0["ResourceId"] ?? "", $0["SkuPriceId"] ?? ""]
      }
      #expect(!zip(keys, keys.dropFirst()).contains { $1.lexicographicallyPrecedes($0) })
    }
    // What was taken over is not taken over once more.
    let closed = try last.table.rows(in: CivilDate("2026-10-01")..<CivilDate("2027-01-01"))
      .corrections(of: [december, november, october], bookedIn: CivilDate("2027-01-01"), names: [:])
    #expect(closed.rows.isEmpty)
  }

  /// A grant of then stays, as what rules say later changes nothing of a closed month.
  @Test(arguments: 1...UInt64(30)) func grantsOfClosedMonthsAreReadFromTheirRows(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let table = try Knowledge(lives: try lives(&random), &random).rows(0)
    let grants = table.grants(names: [:])
    for row in records(table) where row["x_HardwareFlavor"] != "" && row["ListUnitPrice"] != "0.0" {
      let space = try SpaceID(String(try #require(row["ResourceId"]).dropFirst("spaces/".count)))
      #expect(grants[space] == (row["ContractedUnitPrice"] == "0.0"))
    }
    let renamed = table.grants(names: [try SpaceID("acme/chat"): try SpaceID("acme/new")])
    #expect(renamed[try SpaceID("acme/new")] == grants[try SpaceID("acme/chat")])
    #expect(renamed[try SpaceID("acme/chat")] == nil)
  }

  private func october(_ name: String, _ changes: [(String, SpaceState)], granted: Bool = false) throws
    -> FocusTable
  {
    let life = Life(
      space: try SpaceID(name), tags: SpaceTags(isGranted: granted),
      changes: try changes.map { (try at($0), $1) })
    return CostReport(
      on: [life], looks: try at("2026-10-05")..<(try at("2026-10-06")),
      period: ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: try at("2026-10-06"))
    ).focus()
  }

  @Test func aCorrectionIsTheDifferenceUnderTheLaterMonth() throws {
    let kept = try october("acme/old", [("2026-10-05", .running("t4-small"))])
    let now = try october(
      "acme/chat", [("2026-10-05", .running("t4-small")), ("2026-10-05T12:00", .running("l4x1"))])
    let names = [try SpaceID("acme/old"): try SpaceID("acme/chat")]
    let november = try CivilDate("2026-11-01")
    let rows = records(now.corrections(of: [kept], bookedIn: november, names: names))
    let told = rows.map { row in
      [
        "BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargeClass", "ResourceId", "SkuId",
        "ConsumedQuantity", "PricingQuantity", "BilledCost", "ListUnitPrice",
      ].map { row[$0] ?? "?" }
    }
    let periods = ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "2026-10-05T00:00:00Z", "Correction"]
    #expect(
      told == [
        periods + ["spaces/acme/chat", "spaces-l4x1", "728.0", "12.133333333333", "9.706666667", "0.8"],
        periods + [
          "spaces/acme/chat", "spaces-t4-small", "-727.0", "-12.116666666667", "-4.846666667", "0.4",
        ],
      ], "\(told)")
    #expect(
      rows.last?["ChargeDescription"]
        == "Correction of 2026-10-05: by what is known now, Space acme/chat had 727 minutes less of t4-small at 0.40 USD an hour."
    )
    // The same but for its name is no difference.
    let renamed = try october("acme/chat", [("2026-10-05", .running("t4-small"))])
    #expect(renamed.corrections(of: [kept], bookedIn: november, names: names).rows.isEmpty)
  }

  @Test func whatAGrantPaysForHasItsListPriceAndNothingToPay() throws {
    let table = try october("acme/chat", [("2026-10-05", .running("t4-small", storage: nil))], granted: true)
    let rows = records(table)
    #expect(
      rows.map { row in
        [
          "ListUnitPrice", "ListCost", "ContractedUnitPrice", "ContractedCost", "EffectiveCost", "BilledCost",
          "x_EffectiveCostLow", "x_EffectiveCostHigh", "PricingCurrencyListUnitPrice",
          "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost", "ConsumedQuantity",
        ].map { row[$0] ?? "?" }
      } == [["0.4", "9.6", "0.0", "0.0", "0.0", "0.0", "0.0", "0.0", "0.4", "0.0", "0.0", "1440.0"]])
    #expect(
      rows.first?["ChargeDescription"]
        == "A grant paid for 1440 minutes of t4-small of Space acme/chat at 0.40 USD an hour.")
    #expect(table.billedCost == .zero)
  }
}
