import Foundation
import Money
import Pricing
import Spaces
import TestSupport
import Testing
import Timelines

@Test(arguments: UInt64(1)...250) func chargesAreWhatTheyAreSecondBySecond(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let world = try RandomWorld(using: &random)
  let prices = try world.table()
  let items = world.usage(prices: prices).lineItems(in: world.instants, zone: world.zone, prices: prices)
  #expect(items.map(\.plainLine) == SecondBySecond(world: world).lines())
}

/// However the range is cut, and whatever the zone: minutes add up, and storage does to a nano-dollar a line.
@Test(arguments: UInt64(1)...100) func partsAddUpToTheWhole(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let world = try RandomWorld(using: &random)
  let prices = try world.table()
  let usage = world.usage(prices: prices)
  let range = world.instants
  let cut = range.lowerBound + Int64.random(in: 0...range.seconds, using: &random)
  let whole = usage.lineItems(in: range, zone: world.zone, prices: prices).minutesByPrice
  let parts = [range.lowerBound..<cut, cut..<range.upperBound].flatMap {
    usage.lineItems(in: $0, zone: world.zone, prices: prices)
  }
  #expect(parts.minutesByPrice == whole)
  let elsewhere = usage.lineItems(in: range, zone: try TimeZone(ianaName: "Asia/Kolkata"), prices: prices)
  #expect(elsewhere.minutesByPrice == whole)
}

@Test func daysOfAYearAddUpToTheRun() throws {
  let prices = try table()
  let run = (midnight + 59)..<(midnight + 59 + 31_536_007)
  let billed = Timeline<Billed?>(Billed(hardware: SpaceHardware(rawValue: "t4"), replicas: 2), over: run)
  for zone in ["UTC", "Europe/Paris", "America/St_Johns", "Australia/Lord_Howe"] {
    let zone = try TimeZone(ianaName: zone)
    let clock = WallClock(zone)
    let year = prices.lineItems(of: Bounds(certain: billed), in: always, zone: zone)
    #expect(year.reduce(BilledTime.zero) { $0 + ($1.minutes?.estimate ?? .zero) }.minutesText == "1051202")
    var months: [LineItem] = []
    var month = clock.date(at: run.lowerBound).startOfMonth
    while clock.start(of: month) < run.upperBound {
      months += prices.lineItems(of: Bounds(certain: billed), in: clock.month(of: month), zone: zone)
      month = month.startOfNextMonth
    }
    #expect(months == year)
  }
}

/// The three scenarios bound the sum of a Space, but for a started minute a run and the rounding of each line.
@Test(arguments: UInt64(1)...150) func theEstimateLiesWithinItsBounds(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let world = try RandomWorld(using: &random)
  let prices = try world.table()
  let usage = world.usage(prices: prices)
  let items = usage.lineItems(in: world.instants, zone: world.zone, prices: prices)
  let sum = items.totalCost
  // At most 23.50 an hour on three replicas: the dearest started minute.
  let minute = world.isExact ? Money.zero : try Money("1.175")
  let runs = Int128(usage.billed.estimate.segments.count + usage.billed.low.segments.count)
  let slack = minute.scaled(by: runs, over: 1) + Money(nanoDollars: 2 * Int128(items.count))
  #expect(sum.low <= sum.estimate + slack)
  #expect(sum.estimate <= sum.high + slack)
}

@Test(arguments: UInt64(1)...100) func gapsAreOrderedAndApart(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let world = try RandomWorld(using: &random)
  let usage = world.usage(prices: try world.table())
  for (gap, next) in zip(usage.gaps, usage.gaps.dropFirst()) { #expect(gap.upperBound <= next.lowerBound) }
  #expect(usage.gaps.allSatisfy { !$0.isEmpty })
}

extension RandomWorld {
  var instants: Range<Instant> {
    Instant(secondsSince1970: range.lowerBound)..<Instant(secondsSince1970: range.upperBound)
  }
}

extension LineItem {
  fileprivate var plainLine: String {
    let minutes = minutes.map { [$0.low, $0.estimate, $0.high].map(\.minutesText).joined(separator: "/") }
    let cost = cost.map { [$0.low, $0.estimate, $0.high].map { "\($0.nanoDollars)" }.joined(separator: "/") }
    return "\(day) \(subject) \(minutes ?? "-") \(cost ?? "-")"
  }
}

extension Sequence<LineItem> {
  fileprivate var minutesByPrice: [String: Bounds<BilledTime>] {
    reduce(into: [:]) { sums, item in
      guard let minutes = item.minutes else { return }
      sums["\(item.subject) \(item.perHour?.description ?? "")", default: .zero] += minutes
    }
  }
}
