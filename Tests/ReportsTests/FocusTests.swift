import CSV
import Foundation
import JSON
import Money
import Pricing
import Reports
import Spaces
import Testing
import Timelines

/// Rows of FOCUS as a reader of the file sees them.
private struct Rows {
  let header: [String]
  let records: [[String: String]]

  init(_ table: FocusTable) {
    let lines = Array(CSVReader(table.csv))
    header = lines.first?.fields ?? []
    records = lines.dropFirst().map { line in
      Dictionary(zip(lines[0].fields, line.fields)) { first, _ in first }
    }
  }

  /// The fields of some columns, row by row.
  func callAsFunction(_ columns: String...) -> [[String]] {
    records.map { record in columns.map { record[$0] ?? "?" } }
  }
}

/// Prices that are no round numbers, and change inside of a day.
private let oddPrices = """
  version: 1
  currency: EUR
  billing:
    stages: [{ from: 2025-01-01, billable: [RUNNING, RUNNING_BUILDING, APP_STARTING] }]
  hardware:
    cpu-basic: { prices: [{ from: 2025-01-01, per_hour: 0 }] }
    t4-small:
      cpu: 4
      gpu: Nvidia T4
      prices: [{ from: 2025-01-01, per_hour: 0.333333333 }, { from: 2025-11-03T10:07:31Z, per_hour: 0.4 }]
    a10g-small: { prices: [{ from: 2025-01-01, per_hour: 1.000000007 }, { from: 2025-12-05T23:59:59Z, per_hour: 90 }] }
    l40sx1: { prices: [{ from: 2025-11-20T12:00:00Z, per_hour: 0.000000001 }] }
  storage:
    small: { prices: [{ from: 2025-01-01, per_month: 4.99 }, { from: 2025-11-05T17:03:02Z, per_month: 777.77 }] }
  """

private func table(_ text: String = oddPrices) throws -> PriceTable {
  let (table, diagnostics) = PriceTable.read([("prices.yaml", text)])
  try #require(diagnostics.isEmpty)
  return table
}

private func at(_ text: String) throws -> Instant { try Instant(text, zone: .gmt) }

/// One Space in October 2026, looked at every fifteen minutes; spaceplan changed it, so it is certain when.
private func report(
  _ changes: [(String, SpaceState)], looks: (String, String) = ("2026-10-05", "2026-10-06"),
  now: String = "2026-11-02", prices: PriceTable = .builtIn
) throws -> CostReport {
  let space = try SpaceID("acme/chat")
  let actions = try changes.map {
    SpaceAction(space: space, at: try at($0.0), kind: .hardware, from: "", to: "", outcome: .done, reason: "")
  }
  let life = Life(space: space, changes: try changes.map { (at: try at($0), state: $1) }, actions: actions)
  return CostReport(
    on: [life], looks: try at(looks.0)..<(try at(looks.1)),
    period: ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: try at(now)), prices: prices
  )
}

struct FocusTests {
  // MARK: Laws

  private static let seeds = 1...UInt64(60)

  private func random(_ seed: UInt64) throws -> CostReport {
    let text =
      seed.isMultiple(of: 3)
      ? oddPrices.replacing("billing:", with: "billing:\n  rounding: exact") : oddPrices
    return try randomReport(
      seed: seed, zones: ["UTC"], prices: seed.isMultiple(of: 2) ? table(text) : .builtIn)
  }

  /// Digits with one point.
  private func units(_ text: String, places: Int) throws -> Int128 {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    try #require(
      parts.count == 2 && parts[1].count <= places && !parts[0].isEmpty && !parts[1].isEmpty, "\(text)")
    let digits = "\(parts[0])\(parts[1])" + String(repeating: "0", count: places - parts[1].count)
    return try #require(Int128(digits, radix: 10))
  }

  @Test(arguments: seeds) func rowsAddUpToTheReport(seed: UInt64) throws {
    let report = try random(seed)
    #expect(report.focus().billedCost == report.total.estimate)
  }

  /// Within 10⁻⁹ of the cost, or 10⁻⁹ where it is less than one: the tolerance of the official validator.
  @Test(arguments: seeds) func aPriceTimesItsQuantityIsTheCost(seed: UInt64) throws {
    for row in Rows(try random(seed).focus()).records {
      let quantity = try units(row["PricingQuantity"] ?? "", places: 12)
      #expect(quantity > 0)
      for (price, cost) in [("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")] {
        let price = try units(row[price] ?? "", places: 9)
        let cost = try units(row[cost] ?? "", places: 9)
        let error = (price * quantity - cost * .powerOfTen(12)).magnitude
        #expect(error <= .powerOfTen(12) * max(1, cost / .powerOfTen(9)), "\(row)")
      }
      let effective = try units(row["EffectiveCost"] ?? "", places: 9)
      #expect(try units(row["x_EffectiveCostLow"] ?? "", places: 9) <= effective)
      #expect(try units(row["x_EffectiveCostHigh"] ?? "", places: 9) >= effective)
    }
  }

  @Test(arguments: seeds) func nullsAreWhereTheTableOfColumnsHasThem(seed: UInt64) throws {
    let table = try random(seed).focus()
    let rows = Rows(table)
    #expect(rows.header == table.version.columns.map(\.id))
    for row in rows.records {
      for column in table.version.columns {
        let isNull = row[column.id]?.isEmpty ?? true
        switch column.nulls {
        case .never: #expect(!isNull, "\(column.id)")
        case .allowed: break
        case .outsideUsage: #expect(isNull == (row["ChargeCategory"] != "Usage"), "\(column.id)")
        case .exactlyWhen(let other): #expect(isNull == row[other]?.isEmpty, "\(column.id)")
        }
        if column.kind == .decimal, !isNull {
          _ = try units(row[column.id] ?? "", places: try #require(column.scale))
        }
      }
    }
  }

  @Test(arguments: seeds) func rowsAreInOrderAndEachIsOne(seed: UInt64) throws {
    let keys = Rows(try random(seed).focus())("ChargePeriodStart", "ResourceId", "SkuPriceId")
    #expect(!zip(keys, keys.dropFirst()).contains { $1.lexicographicallyPrecedes($0) })
    let all = Rows(try random(seed).focus())("ChargePeriodStart", "ResourceId", "SkuPriceId", "ListUnitPrice")
    #expect(Set(all).count == all.count)
  }

  /// A month that is over comes out the same whenever it is asked for: nothing of it depends on now.
  @Test(arguments: seeds) func aMonthThatIsOverDoesNotDependOnNow(seed: UInt64) throws {
    let states = [SpaceState.running("t4-small", storage: .small), .asleep("t4-small")]
    let end = try at("2026-10-25") + Int64(seed) * 13_000
    func csv(now: Instant) throws -> String {
      try report(
        [("2026-10-05", states[Int(seed % 2)]), ("2026-10-20", .running("l4x1"))],
        looks: ("2026-10-05", end.description), now: now.description
      ).focus().csv
    }
    let over = max(end, try at("2026-11-01"))
    #expect(Set(try [0, 1, 3600, 40 * 86_400].map { try csv(now: over + $0) }).count == 1)
  }

  @Test(arguments: seeds) func whatIsWrittenIsReadBack(seed: UInt64) throws {
    let table = try random(seed).focus(tags: [SpaceID("owner0/space-0"): ["a \"b\", c": true]])
    let copy = try FocusTable(table.version, csv: table.csv)
    #expect(copy.rows == table.rows)
    #expect(copy.csv == table.csv)
  }

  // MARK: Cases

  @Test func replicasAddUpAndARowStandsAlone() throws {
    let rows = Rows(
      try report([
        ("2026-10-05", .running("t4-small", replicas: 2)), ("2026-10-05T01:05", .asleep("t4-small")),
      ]).focus(organizations: ["acme"]))
    #expect(
      rows(
        "ConsumedQuantity", "ConsumedUnit", "PricingQuantity", "PricingUnit", "ListUnitPrice", "BilledCost",
        "BillingAccountId", "BillingAccountType", "ResourceId", "SkuPriceId", "ChargeDescription")
        == [
          [
            "130.0", "Minutes", "2.166666666667", "Hours", "0.4", "0.866666667", "org/acme", "Organization",
            "spaces/acme/chat",
            "spaces-t4-small-hourly",
            "Space acme/chat was billed 130 minutes of t4-small at 0.40 USD an hour.",
          ]
        ])
    #expect(
      rows("SkuPriceDetails") == [
        [
          #"{"CoreCount":4,"DiskSpace":50,"GpuCount":1,"InstanceType":"t4-small","MemorySize":15,"#
            + #""x_GpuMemorySize":16,"x_GpuModel":"Nvidia T4"}"#
        ]
      ])
  }

  @Test func freeIsZeroAndUnknownHasNoRow() throws {
    let report = try report([
      ("2026-10-05", .running("cpu-basic")), ("2026-10-05T06:05", .running("b300x8")),
      ("2026-10-05T18:05", .paused),
    ])
    let rows = Rows(report.focus())
    #expect(
      rows("SkuId", "ListUnitPrice", "BilledCost", "ConsumedQuantity", "BillingAccountId")
        == [["spaces-cpu-basic", "0.0", "0.0", "365.0", "user/acme"]])
    #expect(report.unpricedMinutes.map(\.hardware.rawValue) == ["b300x8"])
  }

  @Test func aPriceThatChangesInsideADayIsTwoRows() throws {
    let prices = try table(
      oddPrices.replacing("from: 2025-11-03T10:07:31Z", with: "from: 2026-10-05T12:00:00Z"))
    let rows = Rows(try report([("2026-10-05", .running("t4-small"))], prices: prices).focus())
    #expect(
      rows("ListUnitPrice", "PricingQuantity", "BilledCost", "BillingCurrency", "PricingCurrency") == [
        ["0.333333333", "12.0", "3.999999996", "EUR", "EUR"], ["0.4", "12.0", "4.8", "EUR", "EUR"],
      ])
  }

  @Test func storageIsBilledByTheMonth() throws {
    let prices = try table(
      oddPrices.replacing("from: 2025-11-05T17:03:02Z", with: "from: 2026-10-05T06:00:00Z"))
    let report = try report(
      [("2026-10-05", SpaceState(stage: .paused, requestedHardware: .cpuBasic, storage: .small))],
      prices: prices)
    // Together 18.857258065, rounded once: the nano-dollar goes to the first, of which the most was cut off.
    let day = Rows(report.focus().rows(in: try CivilDate("2026-10-05")..<(try CivilDate("2026-10-06"))))
    #expect(
      day(
        "SkuId", "SkuPriceId", "SkuMeter", "ConsumedQuantity", "ConsumedUnit", "PricingUnit", "ListUnitPrice",
        "PricingQuantity", "BilledCost", "x_HardwareFlavor", "SkuPriceDetails")
        == [
          ("4.99", "6.0", "0.008064516129", "0.040241936"),
          ("777.77", "18.0", "0.024193548387", "18.817016129"),
        ]
        .map { price, hours, months, cost in
          [
            "spaces-storage-small", "spaces-storage-small-monthly", "Storage", hours, "Hours", "Months",
            price, months,
            cost, "", #"{"StorageClass":"small"}"#,
          ]
        })
  }

  @Test func tagsAreOneObjectOrNull() throws {
    let report = try report([("2026-10-05", .running("t4-small"))])
    func tags(_ tags: [String: JSONValue]) throws -> [[String]] {
      Rows(report.focus(tags: [try SpaceID("acme/chat"): tags]))("Tags")
    }
    #expect(
      try tags(["chatbot": true, "spaceplan/team": "research, \"R\""])
        == [[#"{"chatbot":true,"spaceplan/team":"research, \"R\""}"#]])
    #expect(try tags([:]) == [[""]])
    #expect(!report.focus().csv.contains(",\"\","))
  }

  @Test func whatMayHaveBeenBilledButIsNotByTheEstimateHasNoRow() throws {
    let report = try report(
      [("2026-10-05", .running("t4-small"))], looks: ("2026-10-05", "2026-10-05T12:00:01Z"))
    #expect(
      Rows(report.focus())("ChargePeriodStart", "x_EffectiveCostHigh") == [["2026-10-05T00:00:00Z", "9.6"]])
    // 26 days until the end of the month.
    #expect(report.highestCostWithoutRow == (try Money("249.6")))
  }

  // MARK: Parts

  @Test func partsAreByAccountMonthAndDay() throws {
    let lives = try ["zoe/a", "acme/b"].map {
      Life(space: try SpaceID($0), changes: [(at: try at("2026-09-29"), state: .running("t4-small"))])
    }
    let range = try at("2026-09-01")..<(try at("2026-11-01"))
    let table = CostReport(
      on: lives, looks: try at("2026-09-29")..<(try at("2026-10-02")),
      period: ReportPeriod(range, zone: .gmt, now: try at("2026-10-02"))
    ).focus()
    #expect(table.accounts == ["acme", "zoe"])
    #expect(table.months.map(\.description) == ["2026-09-01", "2026-10-01"])
    #expect(table.rows(ofAccount: "zoe").rows.count == 3)
    let first = try CivilDate("2026-09-30")..<(try CivilDate("2026-10-01"))
    #expect(table.rows(in: first).rows.count == 2)

    let none = try FocusTable(table.version, csv: "")
    let without = table.replacing(first, by: none)
    #expect(without.rows.map(\.day.description) == ["2026-09-29", "2026-09-29", "2026-10-01", "2026-10-01"])
    #expect(without.replacing(first, by: table).rows == table.rows)
  }

  @Test func aColumnThatHasComeIsNullAndOneThatHasGoneIsLeftOut() throws {
    let table = try report([("2026-10-05", .running("t4-small"))]).focus()
    let old = table.csv.replacing("BilledCost,", with: "Bygone,BilledCost,").replacing(
      "\n9.6,", with: "\nx,9.6,"
    )
    .replacing("x_HardwareFlavor", with: "x_Other")
    let read = Rows(try FocusTable(table.version, csv: old))
    #expect(read.header == table.version.columns.map(\.id))
    #expect(read("BilledCost", "x_HardwareFlavor") == [["9.6", ""]])
    #expect(throws: (any Error).self) { try FocusTable(table.version, csv: "Letter\nDear Anna\n") }
  }

  // MARK: Columns and metadata

  @Test func columnsAreInOrderAndOursComeLast() {
    let ids = FocusVersion.oneTwo.columns.map(\.id)
    let theirs = ids.prefix { !$0.hasPrefix("x_") }
    #expect(theirs.count == 47)
    #expect(theirs.sorted() == Array(theirs))
    #expect(ids.dropFirst(47).allSatisfy { $0.hasPrefix("x_") })
    #expect(Set(ids).count == ids.count)
  }

  @Test func anotherVersionIsAnotherListWithAnotherSchema() {
    let next = FocusVersion(major: 1, minor: 4)
    let gone = Set(FocusVersion.oneTwo.columns.map(\.id)).subtracting(next.columns.map(\.id))
    #expect(gone == ["ProviderName", "PublisherName"])
    #expect(next.schemaID != FocusVersion.oneTwo.schemaID)
    #expect(
      FocusVersion.oneTwo.schemaID.wholeMatch(
        of: /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
        != nil)
  }
}

extension GoldenTests {
  /// Two owners, replicas, a price that changes inside a day, free and unknown hardware, storage, a gap.
  @Test func focus() throws {
    let small = SpaceStorage.small
    let lives = [
      Life(
        space: try SpaceID("acme/chat"),
        changes: [
          (try at("2026-10-05"), .running("t4-small")),
          (try at("2026-10-05T16:20"), .running("t4-small", replicas: 3)),
          (try at("2026-10-06T09:00"), .running("cpu-basic", storage: small)),
          (try at("2026-10-07T00:40"), .running("b300x8", storage: small)),
          (try at("2026-10-07T03:00"), .paused),
        ]),
      Life(
        space: try SpaceID("zoe/notes"),
        changes: [(try at("2026-10-04"), .running("a10g-small")), (try at("2026-10-06"), .gone)]),
    ]
    let prices = try table(
      oddPrices.replacing("currency: EUR", with: "currency: USD")
        .replacing("2025-11-03T10:07:31Z", with: "2026-10-05T20:00:00Z"))
    let report = CostReport(
      on: lives, looks: try at("2026-10-04")..<(try at("2026-10-08")),
      blind: [try at("2026-10-05T02:00")..<(try at("2026-10-05T07:00"))],
      period: ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: try at("2026-11-02")),
      prices: prices)
    let table = report.focus(
      organizations: ["acme"], tags: [try SpaceID("acme/chat"): ["spaceplan/team": "research"]])
    try compare(table.csv, with: "focus/rows.csv")
    let metadata = FocusVersion.oneTwo.metadata(
      createdAt: try at("2026-11-02T06:00"), generatorVersion: "0.0.0")
    try compare(metadata.text + "\n", with: "focus/schema.json")
  }
}
