import Foundation
import Money
import Pricing
import Spaces
import Testing
import Timelines

/// From `start` for so many seconds on t4, everything watched and certain.
private func lines(
  from start: Instant, seconds: Int64, in range: Range<Instant> = always, zone: TimeZone = .gmt,
  prices text: String = testPrices, replicas: Int = 1
) throws -> [String] {
  let run = Timeline<Billed?>(
    Billed(hardware: SpaceHardware(rawValue: "t4"), replicas: replicas), over: start..<(start + seconds))
  return try table(text).lineItems(of: Bounds(certain: run), in: range, zone: zone)
    .map {
      "\($0.day) \($0.perHour?.text(decimals: 2...9) ?? "") \($0.minutes?.estimate.minutesText ?? "")"
        + " \($0.cost?.estimate.text(decimals: 2...9) ?? "")"
    }
}

@Test(arguments: [(1, "1"), (59, "1"), (60, "1"), (61, "2"), (120, "2"), (121, "3")] as [(Int64, String)])
func startedMinutesCount(seconds: Int64, minutes: String) throws {
  #expect(try lines(from: midnight + 17, seconds: seconds) == ["2026-02-01 0.60 \(minutes) 0.0\(minutes)"])
}

@Test func daysAddUpToTheRun() throws {
  // 100 seconds are two minutes; 30 of them lie before midnight.
  #expect(
    try lines(from: midnight - 30, seconds: 100) == ["2026-01-31 0.60 1 0.01", "2026-02-01 0.60 1 0.01"])
  // 90 seconds are two minutes, and both have started at midnight.
  #expect(try lines(from: midnight - 61, seconds: 90) == ["2026-01-31 0.60 2 0.02"])
  #expect(
    try lines(from: midnight - 30, seconds: 100, replicas: 3) == [
      "2026-01-31 0.60 3 0.03", "2026-02-01 0.60 3 0.03",
    ])
}

@Test func aRunMayBeginBeforeTheRange() throws {
  let range = midnight..<(midnight + 45)
  #expect(try lines(from: midnight - 30, seconds: 300, in: range) == ["2026-02-01 0.60 1 0.01"])
  #expect(try lines(from: midnight - 60, seconds: 300, in: range) == ["2026-02-01 0.60 1 0.01"])
  #expect(try lines(from: midnight - 60, seconds: 60, in: range) == [])
  #expect(try lines(from: midnight + 45, seconds: 60, in: range) == [])
  #expect(try lines(from: midnight, seconds: 60, in: midnight..<midnight) == [])
}

@Test func aPriceChangeSplitsTheItemNotTheMinutes() throws {
  let text = testPrices.replacing(
    "per_hour: 0.60 }", with: "per_hour: 0.60 }, { from: 2026-02-01T00:01:00Z, per_hour: 0.30 }")
  // From 00:00:30 for 90 seconds: one of two minutes has started before the change.
  #expect(
    try lines(from: midnight + 30, seconds: 90, prices: text) == [
      "2026-02-01 0.30 1 0.005", "2026-02-01 0.60 1 0.01",
    ])
}

@Test func aPriceThatComesBackIsOneItem() throws {
  let text = testPrices.replacing(
    "per_hour: 0.60 }",
    with: "per_hour: 0.00000003 }, { from: 2026-02-01T00:01:00Z, per_hour: 1 }, "
      + "{ from: 2026-02-01T00:02:00Z, per_hour: 0.00000003 }")
  // 30 nano-dollars an hour: half a one a minute would be nothing each time, but two minutes are one item.
  #expect(
    try lines(from: midnight, seconds: 180, prices: text) == [
      "2026-02-01 0.00000003 2 0.000000001", "2026-02-01 1.00 1 0.016666667",
    ])
}

@Test(arguments: [("0.00000003", "0.00"), ("0.00000009", "0.000000002"), ("0.00000015", "0.000000002")])
func anItemIsRoundedHalfToEven(perHour: String, cost: String) throws {
  // Half, one and a half, and two and a half nano-dollars a minute.
  let text = testPrices.replacing("per_hour: 0.60 }", with: "per_hour: \(perHour) }")
  #expect(try lines(from: midnight, seconds: 60, prices: text) == ["2026-02-01 \(perHour) 1 \(cost)"])
}

@Test func exactMinutesAreNotRoundedBeforeTheMoney() throws {
  let text = testPrices.replacing("billing:", with: "billing:\n  rounding: exact")
  #expect(
    try lines(from: midnight - 1, seconds: 101, prices: text) == [
      "2026-01-31 0.60 0.016666667 0.000166667", "2026-02-01 0.60 1.666666667 0.016666667",
    ])
}

@Test func daysAreThoseOfTheZone() throws {
  let cairo = try TimeZone(ianaName: "Africa/Cairo")
  // Clocks go from 00:00 to 01:00 on 2026-04-24, at 22:00 UTC of the 23rd.
  let start = try Instant("2026-04-23T21:59:00Z")
  #expect(
    try lines(from: start, seconds: 180, zone: cairo) == ["2026-04-23 0.60 1 0.01", "2026-04-24 0.60 2 0.02"])
  // On 2026-10-30 they go back from 00:00 to 23:00 of the 29th, at 21:00 UTC: a day of 25 hours.
  let back = try Instant("2026-10-29T20:59:00Z")
  #expect(
    try lines(from: back, seconds: 3720, zone: cairo) == [
      "2026-10-29 0.60 61 0.61", "2026-10-30 0.60 1 0.01",
    ])
  // Apia never had 2011-12-30.
  let apia = try TimeZone(ianaName: "Pacific/Apia")
  let text = testPrices.replacing("from: 2025", with: "from: 2010")
  #expect(
    try lines(from: Instant("2011-12-30T09:59:00Z"), seconds: 120, zone: apia, prices: text) == [
      "2011-12-29 0.60 1 0.01", "2011-12-31 0.60 1 0.01",
    ])
}

@Test func totalsAreSumsOfLines() throws {
  let prices = try table()
  let usage = usage(
    [(minute(0), running("mystery")), (minute(10), running("t4"))], actions: [minute(4)], now: minute(10),
    prices: prices)
  let items = usage.lineItems(in: always, zone: .gmt, prices: prices)
  #expect(items.totalCost == Bounds(certain: try Money("0.06")))
  #expect(items.unpricedMinutes.map(\.hardware.rawValue) == ["mystery"])
  #expect(items.unpricedMinutes.map(\.minutes) == [Bounds(certain: BilledTime(seconds: 240))])
}

// MARK: What a line is for

@Test(arguments: [
  ("t4-small", LineItem.Subject.hardware(.t4Small)), ("storage-small", .storage(.small)),
  ("adjustment-2026-09", .adjustment(ofMonth: CivilDate(dayNumber: 20_697))),
  ("adjustment-of-tomorrow", .hardware(SpaceHardware(rawValue: "adjustment-of-tomorrow"))),
])
func namesTellWhatALineIsFor(name: String, subject: LineItem.Subject) {
  #expect(LineItem.Subject(name: name) == subject)
  #expect(subject.name == name)
}

@Test func whatLinesAreForIsInOrderOfNames() {
  let subjects = ["storage-small", "t4-small", "adjustment-2026-09", "a10g-small"].map(LineItem.Subject.init)
  #expect(subjects.sorted().map(\.name) == ["a10g-small", "adjustment-2026-09", "storage-small", "t4-small"])
}

// MARK: Storage

private func storageLines(_ held: [(Instant, SpaceStorage?)], now: Instant, zone: TimeZone = .gmt) throws
  -> [String]
{
  let prices = try table(
    testPrices + "\n  large: { prices: [{ from: 2025-01-01, per_month: 9 }, { from: 2026-02-01T12:00:00Z, "
      + "per_month: 28 }] }\n")
  let usage = SpaceUsage(
    intervals: held.map { Interval(state: state(.paused, "t4", storage: $1), looks: [$0]) }, actions: [],
    watchedGap: 1_000_000, now: now, prices: prices)
  return usage.lineItems(in: always, zone: zone, prices: prices).filter { $0.minutes == nil }
    .map { "\($0.day) \($0.line)" }
}

@Test func storageCostsItsShareOfTheMonth() throws {
  // A day of February is 5 / 28.
  #expect(
    try storageLines([(midnight, .small)], now: midnight + 86_400) == [
      "2026-02-01 storage-small 0.178571429/0.178571429/0.178571429"
    ])
  // Half a day at 9 / 28 and half at 28 / 28, rounded once.
  #expect(
    try storageLines([(midnight, .large)], now: midnight + 86_400) == [
      "2026-02-01 storage-large 0.660714286/0.660714286/0.660714286"
    ])
  #expect(try storageLines([(midnight, nil)], now: midnight + 86_400) == [])
}

@Test func aDayOfAZoneMayTouchTwoMonths() throws {
  // 2026-03-01 in Kolkata: 5.5 hours of February and 18.5 of March.
  let kolkata = try TimeZone(ianaName: "Asia/Kolkata")
  let start = try Instant("2026-02-28T18:30:00Z")
  #expect(
    try storageLines([(start, .small)], now: start + 86_400, zone: kolkata) == [
      "2026-03-01 storage-small 0.165250576/0.165250576/0.165250576"
    ])
}

@Test func storageFollowsTheEstimate() throws {
  // Until the middle of both looks: six hours of a day.
  #expect(
    try storageLines([(midnight, .small), (midnight + 43_200, nil)], now: midnight + 86_400) == [
      "2026-02-01 storage-small 0.044642857/0.044642857/0.044642857"
    ])
}

@Test func storageWithoutAPriceIsTold() throws {
  let prices = try table()
  let huge = SpaceStorage(rawValue: "huge")
  let usage = usage(
    [(minute(0), state(.paused, "t4", storage: huge)), (minute(10), state(.paused, "t4", storage: .small))],
    now: minute(10), prices: prices)
  #expect(usage.unpricedStorage(in: minute(0)..<minute(10), prices: prices) == [huge])
  #expect(usage.unpricedStorage(in: minute(5)..<minute(10), prices: prices) == [])
  #expect(usage.lineItems(in: always, zone: .gmt, prices: prices).map(\.subject) == [.storage(.small)])
}

@Test func wholeMonthsOfStorageAddUp() throws {
  let prices = try table()
  let usage = usage(
    [(midnight, state(.paused, nil, storage: .small))], now: midnight + 900, prices: prices)
  let items = usage.lineItems(in: always, zone: .gmt, prices: prices)
  // 900 of 2,419,200 seconds of 5.
  #expect(items.totalCost == Bounds(certain: try Money("0.001860119")))
}
