import Foundation
import JSON
import Money
import Pricing
import Reports
import TestSupport
import Testing
import Timelines

private func usage(_ text: String, owner: String? = nil) throws -> BillingUsage {
  BillingUsage(
    json: try JSONValue(parsing: Data(text.utf8)), owner: owner, source: "usage", days: try october())
}

private func october() throws -> Range<CivilDate> {
  let first = try CivilDate(month: "2026-10")
  return first..<first.startOfNextMonth
}

private func file(_ text: String, currency: String = "USD") throws -> BillingUsage {
  try BillingUsage(Data(text.utf8), file: "usage.csv", days: october(), currency: currency)
}

/// What the lines say, one by one: `acme/chat t4-small 2.50`, or `jobs 1.00`.
private func told(_ usage: BillingUsage) -> [String] {
  usage.lines.map { line in
    [
      line.space?.description ?? (line.isOfSpaces ? "?" : line.product), line.hardware,
      line.amount.text(decimals: 2...9),
    ]
    .compactMap(\.self).joined(separator: " ")
  }
}

@Suite struct BillingUsageTests {
  // MARK: Names and numbers

  @Test(
    arguments: [
      ("usedNanoUsd", 1), ("totalCostMicroUSD", 1000), ("total_cost_micro_usd", 1000),
      ("USDTotal", 1_000_000_000),
      ("amountDueCents", 10_000_000), ("Cost (USD)", 1_000_000_000), ("Amount $", 1_000_000_000),
      ("usd", 1_000_000_000), ("BilledCost", nil), ("Amount", nil),
    ] as [(String, Int64?)])
  func aNameTellsTheUnitOrDoesNot(name: String, unit: Int64?) throws {
    let found = try #require(UsageAmountName(UsageName(name)))
    #expect(found.unit == unit.map { Int128($0) })
  }

  @Test(arguments: [
    "limitNanoUsd", "includedNanoUsd", "unitCostMicroUSD", "numRequests", "ListCost", "EffectiveCost",
    "quantity",
    "currency", "balance_usd", "",
  ])
  func whatIsNotChargedIsNoAmount(name: String) {
    #expect(UsageAmountName(UsageName(name)) == nil)
  }

  @Test(arguments: [
    ("12.5", "12.500000000"), ("-3", "-3.000000000"), ("$1,234.50", "1234.500000000"),
    ("1234.50 USD", "1234.500000000"), ("(3.00)", "-3.000000000"), ("-$0.01", "-0.010000000"),
    ("0.0000000005", "0.000000000"), ("0.0000000015", "0.000000002"), ("1,234,567", "1234567.000000000"),
  ])
  func numbersAreExact(text: String, amount: String) throws {
    #expect(
      Money(nanoDollars: try #require(UsageNumber(text)).units(of: 1_000_000_000)).description == amount)
  }

  @Test(arguments: [
    "12,50", "1.234,50", "1,234", "", "-", ".5", "5.", "1e5", "twelve", "1 2x", "--1",
    "1234567890123456789012345678",
  ])
  func whatMayBeReadTwoWaysIsNotRead(text: String) {
    #expect(UsageNumber(text) == nil)
  }

  // MARK: JSON

  @Test func theShapeThatOthersHavePublished() throws {
    let found = try usage(
      """
      {"period":{"entityName":"acme","charges":[{"amountCents":99900}],"invoice":{"amountDueCents":12300}},
       "usage":{
        "Spaces":[
          {"active":true,"entityId":"6512","label":"acme/chat","product":"spaces/t4-small/minutes",
           "productPrettyName":"Spaces T4","quantity":375,"unitCostMicroUSD":6667,"totalCostMicroUSD":2500000},
          {"label":"grants","product":"spaces/a10g-small/minutes","quantity":60,"totalCostMicroUSD":1000000,
           "freeGrant":true}],
        "Endpoints":[{"label":"bge","product":"endpoints/aws/nvidia-t4/x1","totalCostMicroUSD":1500000}],
        "inferenceProviders":{"usedNanoUsd":38241960143,"includedNanoUsd":2000000000,"limitNanoUsd":9,
          "providerDetails":[{"provider":"x","totalCostNanoUsd":38241960143,"numRequests":12}]},
        "jobs":{"usedMicroUsd":1234567,"totalMinutes":30.5},
        "privateStorage":{"amountDueCents":250}}}
      """)
    #expect(
      told(found) == [
        "endpoints/aws/nvidia-t4/x1 1.50", "acme/chat t4-small 2.50", "acme/grants a10g-small 1.00",
        "inferenceProviders 38.241960143", "jobs 1.234567", "privateStorage 2.50",
      ])
    #expect(found.owners == ["acme"])
    #expect(found.unread.isEmpty)
    let spaces = found.lines.filter(\.isOfSpaces)
    #expect(spaces.map(\.time?.minutesText) == ["375", "60"])
    #expect(try spaces.map(\.billed) == [Money("2.5"), .zero])
    #expect(found.sources.joined().contains("`totalCostMicroUSD`, `usedMicroUsd`, `usedNanoUsd`"))
  }

  @Test func otherShapesAreReadByTheirNames() throws {
    #expect(
      try told(
        usage(#"{"usage":{"spaces":[{"label":"acme/chat","product":"spaces-t4-small","usedNanoUsd":5}]}}"#))
        == ["acme/chat t4-small 0.000000005"])
    #expect(
      try told(
        usage(#"{"spaces":{"acme/chat":{"usedUsd":"1.25"},"acme/b":{"usedUsd":2}},"x":[[[]]],"y":null}"#))
        == ["acme/b 2.00", "acme/chat 1.25"])
    #expect(
      try told(
        usage(#"[{"space":"chat","costUsd":1.5},{"repo":"spaces/acme/b","cost_usd":0.1}]"#, owner: "zoe"))
        == ["zoe/chat 1.50", "acme/b 0.10"])
    // A sum beside its parts is no part.
    #expect(
      try told(usage(#"{"Spaces":{"totalCostMicroUSD":7,"items":[{"label":"a/b","totalCostMicroUSD":7}]}}"#))
        == ["a/b 0.000007"])
    #expect(
      try told(usage(#"{"Spaces":{"totalCostMicroUSD":7,"parts":[{"totalCostMicroUSD":7}]}}"#)) == [
        "? 0.000007"
      ])
  }

  /// Of the account's whole sum nobody knows what part Spaces are; of theirs one does.
  @Test func theSumOfSpacesIsTakenAndNotThatOfAll() throws {
    let found = try usage(
      """
      {"usage":{"totalNanoUsd":35000000000,"Spaces":{"usedNanoUsd":30000000000},
        "Inference":{"usedNanoUsd":5000000000}}}
      """)
    #expect(told(found) == ["Inference 5.00", "? 30.00"])
  }

  @Test func usageOfAnotherMonthIsNotTaken() throws {
    func of(_ start: String, _ end: String) -> String {
      """
      {"period":{"periodStart":"\(start)","periodEnd":"\(end)","entityName":"acme"},
       "usage":{"Spaces":[{"label":"acme/chat","usedNanoUsd":297600000000}]}}
      """
    }
    #expect {
      try file(of("2026-09-01T00:00:00.000Z", "2026-10-01T00:00:00.000Z"))
    } throws: { error in
      "\(error)"
        == "usage.csv: no amount of a Space could be read: it is of 2026-09-01T00:00:00Z until 2026-10-01T00:00:00Z, which is not the month compared."
    }
    for (start, end) in [
      ("2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z"), ("2026-10-01", "2026-10-20"), ("once", ""),
    ] {
      let found = try file(of(start, end))
      #expect(told(found) == ["acme/chat 297.60"] && found.unread.isEmpty && found.sources.count == 1)
    }
    // A part of it is.
    let found = try file(of("2026-09-15T00:00:00Z", "2026-10-15T00:00:00Z"))
    #expect(told(found) == ["acme/chat 297.60"])
    #expect(
      found.sources.last
        == "usage.csv is of 2026-09-15T00:00:00Z until 2026-10-15T00:00:00Z, which is more than the month compared."
    )
  }

  @Test func aUnitThatNoNameTellsIsNotGuessed() throws {
    let found = try usage(
      #"{"usage":{"Spaces":[{"label":"acme/chat","cost":250000}],"quota":{"used":5,"total":9}}}"#)
    #expect(found.lines.isEmpty)
    #expect(found.unread == ["`cost` in `Spaces`: its name does not tell its unit, so it was not taken."])
    let bad = try usage(#"{"Spaces":[{"label":"acme/chat","totalCostMicroUSD":"much"}]}"#)
    #expect(bad.lines.isEmpty && bad.unread == ["`totalCostMicroUSD`: 'much' is no amount of money."])
  }

  @Test func whatDoesNotTellOfSpacesIsNoUsageOfThem() throws {
    #expect(try usage(#"{"usage":{"Spaces":[],"jobs":{"usedMicroUsd":5}}}"#).problem == nil)
    #expect(try usage(#"{"usage":{"jobs":{"usedMicroUsd":5}}}"#).problem == "nothing in it tells of Spaces")
    #expect(try usage(#"{"message":"moved"}"#).problem == "nothing in it tells of Spaces")
    #expect(
      try usage(#"{"Spaces":[{"label":"acme/chat","cost":5}]}"#).problem?.hasPrefix(
        "no amount of a Space could be") == true)
    #expect { try file(#"{"message":"moved"}"#) } throws: {
      "\($0)" == "usage.csv: nothing in it tells of Spaces"
    }
    #expect { try file("space,cost_usd\nacme/a,n/a\n") } throws: { error in
      "\(error)".hasPrefix("usage.csv: no amount of a Space could be read: line 2: 'n/a' in 'cost_usd'")
    }
  }

  /// Whatever comes, it is read or left out, and nothing is counted twice.
  @Test(arguments: 1...UInt64(300)) func anyShapeIsBorne(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let keys = [
      "usage", "Spaces", "label", "product", "totalCostMicroUSD", "usedNanoUsd", "cost", "quantity", "period",
      "a/b",
      "", "freeGrant", "items", "\u{0}",
    ]
    func value(_ depth: Int) -> JSONValue {
      switch Int.random(in: 0...(depth > 4 ? 6 : 9), using: &random) {
      case 0: .null
      case 1: .bool(.random(using: &random))
      case 2: .integer(.random(in: .min ... .max, using: &random))
      case 3: .decimal(Decimal(Int.random(in: -9999...9999, using: &random)) / 7)
      case 4: .number("1e400")
      case 5:
        .string(
          ["acme/chat", "spaces/t4-small/minutes", "12.5", "", "=x", "\u{1B}[31m"].randomElement(
            using: &random) ?? "")
      case 6: .integer(7)
      case 7: .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth + 1) })
      default:
        .object(
          Dictionary(
            (0..<Int.random(in: 0...5, using: &random)).map { _ in
              (keys.randomElement(using: &random) ?? "", value(depth + 1))
            }
          ) { first, _ in first })
      }
    }
    let json = value(0)
    let found = BillingUsage(json: json, owner: "acme", source: "usage", days: try october())
    _ = try? file(json.text)
    let amounts =
      json.text.components(separatedBy: "\"totalCostMicroUSD\":").count
      + json.text.components(separatedBy: "\"usedNanoUsd\":").count - 2
    #expect(found.lines.count <= amounts)
  }

  // MARK: Files

  @Test func columnsAreKnownByTheirHeads() throws {
    let found = try file(
      """
      \u{FEFF}Date,Repo name,Product,Quantity,Cost (USD)
      2026-10-01,acme/chat,spaces/t4-small/minutes,60,$0.40
      2026-10-31,acme/chat,spaces/t4-small/minutes,90,0.60
      2026-11-01,acme/chat,spaces/t4-small/minutes,60,0.40
      2026-10-02,,Inference Providers,,"1,000.25"
      2026-10-02,acme/chat,spaces/t4-small/minutes,60,n/a
      ,,,,
      Total,,,,"1,001.25"

      """)
    #expect(
      told(found) == ["acme/chat t4-small 0.40", "acme/chat t4-small 0.60", "Inference Providers 1000.25"])
    #expect(
      found.sources == [
        "usage.csv: Spaces from 'Repo name', products from 'Product', amounts from 'Cost (USD)', in dollars.",
        "1 row of other months left out.",
      ])
    #expect(found.unread == ["line 6: 'n/a' in 'Cost (USD)' is no amount of money."])
    #expect(found.owners == ["acme"])
  }

  @Test func aColumnWithoutAUnitNeedsAnotherWordForIt() throws {
    #expect(try told(file("space,cost\nacme/a,1.5\nacme/b,2\n")) == ["acme/a 1.50", "acme/b 2.00"])
    #expect(try told(file("space,amount,currency\nacme/a,1,usd\n")) == ["acme/a 1.00"])
    #expect(
      try file("space,amount,currency\nacme/a,1,EUR\nacme/b,1,USD\n").unread == [
        "line 2: it is in EUR, not in USD."
      ])
    #expect {
      try file("space,amount\nacme/a,250000\n")
    } throws: { error in
      "\(error)".contains(
        "nothing tells the unit of the column 'amount'; call it 'amount_usd', 'amount_cents'")
    }
    #expect { try file("space,hours\nacme/a,2\n") } throws: { error in
      "\(error)".contains("no column with what was charged") && "\(error)".contains("'space', 'hours'")
    }
    #expect { try file("") } throws: { "\($0)" == "usage.csv is empty" }
    #expect { try file("space,cost_usd\n\"acme") } throws: { "\($0)".hasPrefix("usage.csv:2: a quote") }
    #expect { try file("{\"usage\":") } throws: { "\($0)".hasPrefix("usage.csv is not JSON") }
  }

  @Test func aTotalThatTheRowsDoNotMakeIsTold() throws {
    #expect(
      try file("space,cost_usd\nacme/a,1.50\nTotal,2.00\n").unread == [
        "a row of the file says that the total is 2.00, and the other rows make 1.50."
      ])
  }

  /// Which month it would be of is not known, so it is in none.
  @Test func aDateThatCannotBeReadIsNotTaken() throws {
    let found = try file(
      "space,Usage Date,amount_usd\nacme/a,10/01/2026,1.00\nacme/b,2026-10-02,2.00\nacme/c,,3.00\n")
    #expect(told(found) == ["acme/b 2.00", "acme/c 3.00"])
    #expect(
      found.unread == ["line 2: '10/01/2026' in 'Usage Date' is no date; write it as 2026-10-01 or 2026-10."])
    #expect { try file("space,date,amount_usd\nacme/a,09/01/2026,1.00\n") } throws: { error in
      "\(error)".contains("no amount of a Space could be read: line 2: '09/01/2026' in 'date' is no date")
    }
  }

  @Test(arguments: [
    "month,space,amount_usd\n2026-10,acme/a,1.50\n2026-10,Total,1.50\n",
    "owner,space,product,amount_usd\nacme,acme/a,spaces/t4-small,1.50\nacme,,Grand total,1.50\n",
    "date,amount_usd,space\n2026-10-01,1.50,acme/a\n2026-10-31,1.50,Sum\n",
    // Each is the sum by itself, and together they are twice of it.
    "space,amount_usd\nacme/a,1.50\nSubtotal,1.50\nTotal,1.50\n",
    "space,amount_usd\nacme/a,1.50\nTotal,1.50\nGrand total,1.50\n",
    // Of parts nobody says which.
    "space,product,amount_usd\nacme/a,spaces/t4-small,1.00\nacme/a,spaces/l4x1,0.50\nacme/a,Total,1.50\nSubtotal,,0.50\n",
  ])
  func rowsWithTotalsAreNoUsage(text: String) throws {
    let found = try file(text)
    #expect(try found.lines.map(\.amount).reduce(.zero, +) == Money("1.50"))
    #expect(found.lines.allSatisfy { $0.space?.description == "acme/a" })
    #expect(found.unread.isEmpty)
  }

  @Test func otherSeparatorsAndDecimalCommasAreTold() throws {
    #expect { try file("space;product;amount_usd\nacme/a;spaces/t4-small;1,50\n") } throws: { error in
      "\(error)"
        == "usage.csv: its columns are separated by semicolons; write commas between them on each line, and points in numbers, such as 1234.50"
    }
    #expect { try file("space\tamount_usd\nacme/a\t1.50\n") } throws: { error in
      "\(error)".hasPrefix("usage.csv: its columns are separated by tabs; write commas")
    }
    let found = try file("space,amount_usd\nacme/a,\"12,50\"\nacme/b,\"1.234,50\"\nacme/c,2.00\n")
    #expect(told(found) == ["acme/c 2.00"])
    #expect(
      found.unread == [
        "line 2: '12,50' in 'amount_usd' is no amount of money: is its comma a point? Write 1234.50.",
        "line 3: '1.234,50' in 'amount_usd' is no amount of money: is its comma a point? Write 1234.50.",
      ])
  }

  @Test func rowsOfFOCUSAreUsageToo() throws {
    let found = try file(
      """
      BilledCost,BillingCurrency,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,ListCost,ResourceId,ServiceName,SkuId
      0.4,USD,2026-10-05T00:00:00Z,60.0,Minutes,0.4,spaces/acme/chat,Spaces,spaces-t4-small
      """)
    #expect(told(found) == ["acme/chat t4-small 0.40"])
    #expect(found.lines[0].time?.minutesText == "60")
  }
}
