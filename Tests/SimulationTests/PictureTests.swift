import Foundation
import Money
import Pricing
import Simulation
import Spaces
import TestSupport
import Testing
import Timelines

private let prices = PriceTable.builtIn.frozen(at: Instant(secondsSince1970: 1_795_000_000))
private let monday = Instant(secondsSince1970: 1_780_272_000)  // 2026-06-01T00:00Z
private let hour: Int64 = 3600

/// Billed on a T4 in some hours after Monday's midnight, free hardware in others.
private func billed(_ hours: Range<Int64>, free: Range<Int64> = 0..<0, replicas: Int = 1) -> Timeline<Billed?>
{
  Timeline(
    nil, over: monday..<monday + 48 * hour,
    changes: [
      (monday + hours.lowerBound * hour, Billed(hardware: .t4Small, replicas: replicas)),
      (monday + hours.upperBound * hour, free.isEmpty ? nil : Billed(hardware: .cpuBasic)),
      (monday + max(free.upperBound, hours.upperBound + 1) * hour, nil),
    ])
}

/// A log tells of all who came.
private func logged(_ visits: Visits, in range: Range<Instant>) -> Demand {
  Demand(
    VisitLog(visits, spans: [range]), recorded: Visits([]), states: Timeline(nil, over: range), gaps: [],
    starts: [],
    in: range)
}

@Test func wasteIsWhatIsBilledInHoursWithoutVisitors() {
  let range = monday..<monday + 48 * hour
  let visits = Visits(
    [9 * hour + 59, 9 * hour + 60, 11 * hour, 30 * hour].map { Visit(at: monday + $0, count: 2) })
  let week = VisitedWeek(
    logged(visits, in: range), billed: billed(8..<13, free: 13..<20, replicas: 2), in: range,
    prices: prices, clock: WallClock(.gmt))
  #expect(week.visits[9] == 4 && week.visits[11] == 2 && week.visits[24 + 6] == 2)
  #expect(week.visits.reduce(0, +) == 8)
  // At 8, 10 and 12, for two copies; free hardware is no waste.
  #expect(week.waste.indices.filter { week.waste[$0] > 0 } == [8, 10, 12])
  #expect(week.wasteSeconds == 6 * hour)
  #expect(week.billedSeconds == 10 * hour)
}

@Test func hoursAreThoseOfTheClock() throws {
  let range = monday..<monday + 48 * hour
  // A quarter to the hour in Kathmandu.
  let week = VisitedWeek(
    logged(Visits([Visit(at: monday + 9 * hour)]), in: range), billed: billed(8..<10), in: range,
    prices: prices, clock: WallClock(try TimeZone(ianaName: "Asia/Kathmandu")))
  #expect(week.visits[14] == 1)
  #expect(week.waste[13] == 900 && week.waste[14] == 0 && week.waste[15] == 2700)
}

@Test func whatIsNotKnownIsNoWaste() {
  let range = monday..<monday + 48 * hour
  let running = SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small)
  let demand = Demand(
    VisitLog(spans: [monday + 8 * hour..<monday + 10 * hour]), recorded: Visits([]),
    states: Timeline(running, over: range).map { $0 }, gaps: [], starts: [], in: range)
  let week = VisitedWeek(
    demand, billed: billed(8..<13), in: range, prices: prices, clock: WallClock(.gmt))
  #expect(week.wasteSeconds == 2 * hour)
}

/// The curve says of each sleep time what a replay under it does, to the second.
@Test(arguments: 0..<40 as Range<UInt64>) func theCurveIsWhatReplaysDo(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let range = monday..<monday + 20 * 24 * hour
  let visits = Visits(
    (0..<Int.random(in: 1..<200, using: &random)).map { _ in
      Visit(at: monday + Int64.random(in: 0..<range.seconds, using: &random))
    })
  let perHour = try #require(prices.hourlyPrice(of: .t4Small, at: monday))
  let tradeOff = try #require(
    SleepTradeOff(visits, in: range, on: .t4Small, perHour: perHour, shortest: 60))
  for (sleep, point) in tradeOff.usual {
    let replay = SpaceReplay(visits, in: range, hardware: .t4Small, sleep: sleep, startup: 60)
    #expect(point.coldStarts == replay.visitors.coldStarts, "seed \(seed)")
    #expect(point.cost == perHour.scaled(by: Int128(replay.awakeSeconds), over: 3600), "seed \(seed)")
  }
  // The longer it stays awake the dearer it is, and the fewer wait.
  let line = tradeOff.line
  #expect(line.count <= 402)
  for (before, after) in zip(line, line.dropFirst()) {
    #expect(before.cost <= after.cost && before.coldStarts >= after.coldStarts, "seed \(seed)")
  }
  #expect(line.first == tradeOff.usual.first?.point && line.last == tradeOff.point(of: .never))
}

@Test func aCurveBeginsWithTheShortestSleepTimeAndEndsWithNever() throws {
  let perHour = try Money("0.60")
  func tradeOff(_ visits: [Int64]) -> SleepTradeOff? {
    SleepTradeOff(
      Visits(visits.map { Visit(at: monday + $0) }), in: monday..<monday + hour, on: .t4Small,
      perHour: perHour,
      shortest: 60)
  }
  let line = try #require(tradeOff([0])).line
  #expect(line.map(\.cost) == [try Money("0.01"), try Money("0.60")])
  #expect(line.map(\.coldStarts) == [1, 1])
  #expect(tradeOff([]) == nil)
}
