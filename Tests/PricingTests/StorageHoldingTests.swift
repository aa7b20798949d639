import Foundation
import Money
import Pricing
import Spaces
import TestSupport
import Testing
import Timelines

/// What a line for storage is made of.
struct StorageHoldingTests {
  private func lines(
    prices text: String, from start: Instant, until now: Instant, zone: TimeZone = .gmt
  ) throws -> [LineItem] {
    let prices = try table(testPrices + "\n  large: { prices: [\(text)] }\n")
    let usage = SpaceUsage(
      intervals: [Interval(state: state(.running, "t4", storage: .large), looks: [start])], actions: [],
      watchedGap: 100_000_000, now: now, prices: prices)
    return usage.lineItems(in: always, zone: zone, prices: prices)
  }

  @Test func aPriceThatChangesInsideADayIsTwoHoldingsOfOneLine() throws {
    let lines = try lines(
      prices: "{ from: 2025-01-01, per_month: 28 }, { from: 2026-02-01T06:00:00Z, per_month: 9 }",
      from: midnight, until: midnight + 86_400)
    #expect(lines.count == 2)
    let storage = try #require(lines.first { $0.minutes == nil })
    #expect(storage.holdings.map(\.perMonth) == [try Money("9"), try Money("28")])
    #expect(storage.holdings.map(\.seconds) == [64_800, 21_600])
    #expect(storage.holdings.map(\.secondsOfMonth) == [28 * 86_400, 28 * 86_400])
    #expect(storage.holdingCosts == [try Money("0.241071429"), try Money("0.25")])
    let hardware = try #require(lines.first { $0.minutes != nil })
    #expect(hardware.holdings.isEmpty && hardware.holdingCosts.isEmpty)
  }

  @Test func aDayOfAZoneMayHoldTwoMonths() throws {
    let start = try Instant("2026-02-28T18:30:00Z")
    let lines = try lines(
      prices: "{ from: 2025-01-01, per_month: 5 }", from: start, until: start + 86_400,
      zone: TimeZone(ianaName: "Asia/Kolkata"))
    #expect(
      lines.flatMap(\.holdings).map { [$0.seconds, $0.secondsOfMonth] } == [
        [19_800, 28 * 86_400], [66_600, 31 * 86_400],
      ])
  }

  @Test(arguments: 1...UInt64(100)) func holdingsAddUpToTheLine(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let changes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
      let at = midnight + Int64.random(in: 0..<(3 * 86_400), using: &random)
      let price = Money(nanoDollars: Int128(Int64.random(in: 0...100_000_000_000, using: &random)))
      return "{ from: \(at), per_month: \(price) }"
    }
    let prices = (["{ from: 2025-01-01, per_month: 5 }"] + Set(changes.map { $0 })).joined(separator: ", ")
    let days = try lines(prices: prices, from: midnight, until: midnight + 3 * 86_400)
      .filter { $0.minutes == nil }
    #expect(days.count == 3)
    for line in days {
      let costs = line.holdingCosts
      #expect(costs.reduce(.zero, +) == line.cost?.estimate)
      #expect(line.holdings.reduce(0) { $0 + $1.seconds } == 86_400)
      for (holding, cost) in zip(line.holdings, costs) {
        let month = Int128(holding.secondsOfMonth)
        let error = cost.nanoDollars * month - holding.perMonth.nanoDollars * Int128(holding.seconds)
        #expect(error.magnitude < month.magnitude, "\(cost) is a whole nano-dollar off")
      }
    }
  }
}
