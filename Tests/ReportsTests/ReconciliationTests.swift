import Foundation
import JSON
import Money
import Pricing
import Reports
import Spaces
import TestSupport
import Testing
import Timelines

private func at(_ text: String) throws -> Instant { try Instant(text, zone: .gmt) }

private let table = """
  version: 1
  currency: USD
  billing: { rounding: up, stages: [{ from: 2025-01-01, billable: [RUNNING] }] }
  hardware:
    cpu-basic: { prices: [{ from: 2025-01-01, per_hour: 0 }] }
    t4-small: { prices: [{ from: 2025-01-01, per_hour: 0.60 }, { from: 2026-06-01, per_hour: 0.40 }] }
    l4x1: { prices: [{ from: 2025-01-01, per_hour: 0.77 }] }
  storage:
    small: { prices: [{ from: 2025-01-01, per_month: 5 }] }
  """

private func prices() throws -> PriceTable {
  let (table, diagnostics) = PriceTable.read([("prices.yaml", table)])
  try #require(diagnostics.isEmpty)
  return table
}

/// Spaces in October 2026, looked at every fifteen minutes, each from an instant on.
private func report(
  _ spaces: [(String, SpaceState)], from: String = "2026-09-30", granted: Set<String> = [],
  blind: [(String, String)] = []
) throws -> CostReport {
  let prices = try prices()
  let period = ReportPeriod(
    month: try CivilDate(month: "2026-10"), zone: .gmt, now: try at("2026-11-05"))
  let blind = try blind.map { try at($0.0)..<(try at($0.1)) }
  return CostReport(
    period: period,
    spaces: try spaces.map { name, state in
      let life = Life(space: try SpaceID(name), changes: [(try at(from), state)])
      return SpaceCosts(
        life.space, intervals: life.intervals(in: try at(from)..<(try at("2026-11-05")), blind: blind),
        actions: [], period: period, prices: prices, tags: SpaceTags(isGranted: granted.contains(name)))
    }, prices: prices)
}

private func entries(_ entries: String, owner: String? = "acme") throws -> BillingUsage {
  let month = try CivilDate(month: "2026-10")
  return BillingUsage(
    json: try JSONValue(parsing: Data("{\"usage\":{\(entries)}}".utf8)), owner: owner, source: "usage",
    days: month..<month.startOfNextMonth)
}

/// One Space with an amount in dollars, and more members.
private func usage(of space: String = "acme/chat", _ usd: String, _ more: String = "") throws -> BillingUsage
{
  try entries(#""Spaces":[{"label":"\#(space)","usedUsd":\#(usd)\#(more)}]"#)
}

private func told(_ reconciliation: Reconciliation) -> [String] {
  reconciliation.rows.map {
    ([$0.space?.description ?? "-", $0.verdict.rawValue] + $0.causes.map(\.id)).joined(separator: " ")
  }
}

/// What is said of one Space on a T4, all of October.
private func said(
  _ usage: BillingUsage, state: SpaceState = .running("t4-small"), from: String = "2026-09-30",
  granted: Set<String> = [], blind: [(String, String)] = []
) throws -> String {
  told(
    Reconciliation(
      try report([("acme/chat", state)], from: from, granted: granted, blind: blind), with: usage)
  ).joined(separator: "; ")
}

// 744 hours at 0.40 are 297.60.
@Suite struct ReconciliationTests {
  // MARK: Verdicts

  @Test func theSameToACentAndToWhatTheHubRounds() throws {
    #expect(try said(usage("297.60")) == "acme/chat matched")
    // 44,640 minutes, each half a micro-dollar off, and a cent.
    #expect(try said(usage("297.63232")) == "acme/chat matched")
    #expect(try said(usage("297.632321")) == "acme/chat unexplained unknown")
    #expect(try said(usage("297.56768")) == "acme/chat matched")
    #expect(try said(usage("297.567679")) == "acme/chat unexplained unknown")
  }

  @Test func timeThatNobodyWatchedExplains() throws {
    let blind = [("2026-10-10", "2026-10-11")]
    // From the last look before to the first after, a day and a quarter of an hour: 9.70.
    #expect(try said(usage("288.10"), blind: blind) == "acme/chat explained")
    #expect(try said(usage("297.60"), blind: blind) == "acme/chat matched")
    #expect(try said(usage("287.00"), blind: blind) == "acme/chat unexplained unknown")
  }

  @Test func onlyTheOwnersOfTheUsageAreCompared() throws {
    let report = try report([("acme/chat", .running("t4-small")), ("zoe/x", .running("l4x1"))])
    let all = Reconciliation(report, with: try usage(of: "acme/chat", "297.60"))
    #expect(told(all) == ["acme/chat matched"])
    #expect(all.otherOwners == ["zoe"] && all.isExplained)
    let nobodys = Reconciliation(
      report, with: try entries(#""Spaces":[{"label":"acme/chat","usedUsd":297.60}]"#, owner: nil))
    #expect(told(nobodys) == ["zoe/x unexplained not_in_usage", "acme/chat matched"])
    let one = Reconciliation(
      report, with: try entries(#""Spaces":[{"label":"chat","usedUsd":297.60}]"#, owner: nil), owner: "acme")
    #expect(told(one) == ["acme/chat matched"] && one.otherOwners == ["zoe"])
  }

  @Test func aSumAloneIsComparedAsASum() throws {
    let report = try report([("acme/chat", .running("t4-small")), ("acme/b", .running("l4x1"))])
    let good = Reconciliation(
      report, with: try entries(#""spaces":{"usedMicroUsd":870480000},"jobs":{"usedMicroUsd":5000000}"#))
    #expect(good.rows.isEmpty && good.sum.verdict == .matched && good.isExplained)
    #expect(try good.usage.others.map(\.amount) == [Money("5")])
    let beside = Reconciliation(
      report, with: try entries(#""totalUsd":875.48,"spaces":{"usedUsd":870.48},"jobs":{"usedUsd":5}"#))
    #expect(beside.rows.isEmpty && beside.sum.verdict == .matched)
    let bad = Reconciliation(report, with: try entries(#""spaces":{"usedMicroUsd":1}"#))
    #expect(bad.sum.verdict == .unexplained && bad.sum.causes.map(\.id) == ["unknown"] && !bad.isExplained)
  }

  @Test func aFormerNameIsThePresentOne() throws {
    let report = try report([("acme/chat", .running("t4-small"))])
    let names = [try SpaceID("acme/old"): try SpaceID("acme/chat")]
    #expect(
      told(
        Reconciliation(
          report,
          with: try entries(
            #""Spaces":[{"label":"acme/old","usedUsd":100},{"label":"acme/chat","usedUsd":197.6}]"#),
          names: names)) == ["acme/chat matched"])
  }

  // MARK: Causes

  @Test func aSpaceOnOneSideOnly() throws {
    #expect(
      try said(usage(of: "acme/other", "5"))
        == "acme/chat unexplained not_in_usage; acme/other unexplained never_seen")
    #expect(try said(usage(of: "acme/other", "0.01"), state: .paused) == "acme/other matched")
    let lost = try entries(
      #""Spaces":[{"label":"acme/chat","usedUsd":297.6},{"product":"spaces/x","usedUsd":3}]"#)
    #expect(try said(lost) == "acme/chat matched; - unexplained no_space_named")
  }

  @Test func grants() throws {
    #expect(
      try said(usage("297.60", #","product":"spaces/t4-small/minutes","freeGrant":true"#))
        == "acme/chat unexplained grant_not_in_rules")
    #expect(try said(usage("297.60", #","freeGrant":true"#), granted: ["acme/chat"]) == "")
    #expect(try said(usage("297.60"), granted: ["acme/chat"]) == "acme/chat unexplained granted_but_billed")
  }

  @Test func otherPrices() throws {
    // With minutes the price is told; without, the ratio has to be that of two prices.
    let minutes = #","product":"spaces/t4-small/minutes","quantity":44640"#
    #expect(try said(usage("446.40", minutes)) == "acme/chat unexplained another_price")
    #expect(try said(usage("372.00", minutes)) == "acme/chat unexplained another_price")
    #expect(try said(usage("446.40")) == "acme/chat unexplained another_price")
    #expect(try said(usage("572.88")) == "acme/chat unexplained price_of_other_hardware")
    #expect(try said(usage("372.00")) == "acme/chat unexplained unknown")
    let known = Reconciliation(
      try report([("acme/chat", .running("t4-small"))]), with: try usage("446.40", minutes))
    #expect(
      known.rows[0].causes[0].text
        == "the Hub charges 0.60 USD an hour for t4-small, and the table says 0.40, which was its price at another time"
    )
    let unknown = Reconciliation(
      try report([("acme/chat", .running("t4-small"))]), with: try usage("372.00", minutes))
    #expect(
      unknown.rows[0].causes[0].text
        == "the Hub charges about 0.50 USD an hour for t4-small, and the table says 0.40")
    #expect(
      try said(usage("572.88", #","product":"spaces/b300x8/minutes""#), state: .running("b300x8"))
        == "acme/chat unexplained no_price")
  }

  @Test func replicasMinutesAndHardware() throws {
    #expect(try said(usage("892.80")) == "acme/chat unexplained replicas")
    #expect(
      try said(usage("148.80"), state: .running("t4-small", replicas: 2)) == "acme/chat unexplained replicas")
    let minutes = #","product":"spaces/t4-small/minutes","quantity":"#
    #expect(try said(usage("892.80", minutes + "133920")) == "acme/chat unexplained other_minutes replicas")
    #expect(try said(usage("300.00", minutes + "45000")) == "acme/chat unexplained other_minutes")
    let twice = try entries(
      #""Spaces":[{"label":"acme/chat","usedUsd":297.6,"product":"spaces/t4-small"},{"label":"acme/chat","usedUsd":1,"product":"spaces/l4x1"}]"#
    )
    #expect(try said(twice) == "acme/chat unexplained hardware_never_seen")
  }

  /// A cent and half a micro-dollar for each minute that we know of.
  @Test func theMinutesOfAFileMakeNothingEqual() throws {
    let much = #","product":"spaces/t4-small/minutes","quantity":999999999999999999999999999"#
    #expect(try said(usage("15.00", much), state: .paused).hasPrefix("acme/chat unexplained"))
    #expect(
      try said(usage(of: "acme/new", "15.00", much), state: .paused) == "acme/new unexplained never_seen")
  }

  @Test func whatIsEqualIsNoCause() throws {
    let minutes = #","product":"spaces/t4-small/minutes","quantity":44640"#
    #expect(
      try said(usage("297.60", minutes), granted: ["acme/chat"])
        == "acme/chat unexplained granted_but_billed")
    let unknown = Reconciliation(
      try report([("acme/chat", .running("t4-small"))]), with: try usage("372.00"))
    #expect(
      unknown.rows[0].causes[0].next
        == "compare `spaceplan report --month 2026-10 --by space,day` with the days on the Hub's billing page"
    )
  }

  @Test func storage() throws {
    let state = SpaceState.running("t4-small", storage: .small)
    #expect(try said(usage("302.60"), state: state) == "acme/chat matched")
    #expect(try said(usage("297.60"), state: state) == "acme/chat unexplained storage_not_in_usage")
    #expect(
      try said(usage("297.60", #","product":"spaces/t4-small/minutes","quantity":44640"#), state: state)
        == "acme/chat unexplained storage_not_in_usage")
  }

  @Test func looksThatBeganLater() throws {
    // Ten days and six hours were not looked at: room for 98.40.
    #expect(try said(usage("297.60"), from: "2026-10-11T06:00") == "acme/chat unexplained looks_began_later")
    #expect(try said(usage("298.00"), from: "2026-10-11T06:00") == "acme/chat unexplained unknown")
    // Others of its owner were looked at from the start: this one was not there.
    let both = Reconciliation(
      CostReport(
        period: try report([]).period,
        spaces: try report([("acme/b", .paused)]).spaces
          + report([("acme/chat", .running("t4-small"))], from: "2026-10-11T06:00").spaces,
        prices: try prices()), with: try usage("290.00"))
    #expect(told(both) == ["acme/chat unexplained unknown"])
  }

  // MARK: Laws

  /// What is made of the charges themselves is matched, whatever the history.
  @Test(arguments: 1...UInt64(60)) func theOwnChargesAreMatched(seed: UInt64) throws {
    let report = try randomReport(seed: seed, zones: ["UTC"])
    let made = report.spaces.flatMap { space in
      space.lines.compactMap { line in
        line.cost.map { cost in
          #"{"label":"\#(space.space)","product":"spaces/\#(line.subject)/minutes","usedNanoUsd":\#(cost.estimate.nanoDollars)}"#
        }
      }
    }
    let found = Reconciliation(
      report, with: try entries("\"Spaces\":[\(made.joined(separator: ","))]", owner: nil))
    #expect(found.isExplained && found.sum.usage == report.total.estimate)
    #expect(found.rows.allSatisfy { $0.verdict == .matched })
    #expect(found.rows.count + found.freeSpaces == report.spaces.count)
  }

  /// A verdict follows from the amounts alone, and each that is unexplained has a cause.
  @Test(arguments: 1...UInt64(200)) func verdictsHoldWhatTheySay(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let report = try randomReport(seed: seed, zones: ["UTC"])
    let made = report.spaces.compactMap { space -> String? in
      guard Bool.random(using: &random) else { return nil }
      let amount = space.total.high.nanoDollars * Int128.random(in: 0...20, using: &random) / 10
      return #"{"label":"\#(space.space)","usedNanoUsd":\#(amount)}"#
    }
    let found = Reconciliation(
      report, with: try entries("\"Spaces\":[\(made.joined(separator: ","))]", owner: nil))
    for row in found.rows {
      let amount = row.usage ?? .zero
      let isInside = amount >= row.ours.low - row.tolerance && amount <= row.ours.high + row.tolerance
      #expect(isInside == (row.verdict != .unexplained))
      #expect(row.causes.isEmpty == (row.verdict != .unexplained))
      #expect(row.difference == amount - row.ours.estimate)
    }
  }
}
