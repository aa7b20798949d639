import CSV
import Money
import Pricing
import Reports
import Spaces
import Testing
import Timelines

private let dimensions: [CostDimension] = [
  .space, .owner, .hardware, .policy, .day, .week, .month, .label("team"), .label("site"),
]
private let pairs = dimensions.flatMap { first in
  dimensions.filter { $0 != first }.map { [first, $0] }
}

/// Whatever costs are added up by, all of it is the total, to the nano-dollar.
@Test(arguments: 1...UInt64(40)) func groupsAreAPartition(seed: UInt64) throws {
  let report = try randomReport(seed: seed)
  let minutes = report.spaces.flatMap(\.lines).compactMap(\.minutes).reduce(.zero, +)
  for grouping in dimensions.map({ [$0] }) + pairs {
    let groups = report.groups(by: grouping)
    #expect(groups.compactMap(\.cost).reduce(.zero, +) == report.total, "\(grouping)")
    #expect(groups.compactMap(\.minutes).reduce(.zero, +) == minutes, "\(grouping)")
    #expect(groups.reduce(.zero) { $0 + $1.paidTime } == report.paidTime, "\(grouping)")
    #expect(Set(groups.map(\.keys)).count == groups.count)
    #expect(groups.allSatisfy { $0.keys.count == grouping.count })
    if let before = report.comparisonTotal, !grouping.contains(where: { [.day, .week, .month].contains($0) })
    {
      #expect(groups.compactMap(\.before).reduce(.zero, +) == before.estimate, "\(grouping)")
    } else {
      #expect(groups.allSatisfy { $0.before == nil })
    }
    let records = Array(CSVReader(report.csv(by: grouping)))
    #expect(records.count == groups.count(where: \.hasLines) + 1)
    // What is gone costs nothing, which is not the same as no price.
    #expect(groups.allSatisfy { $0.hasLines || $0.cost == .zero })
    #expect(records.allSatisfy { $0.fields.count == grouping.count + 7 })
  }
}

@Test(arguments: 1...UInt64(40)) func theFinestGroupingIsTheLines(seed: UInt64) throws {
  let report = try randomReport(seed: seed)
  for space in report.spaces {
    let ofSpace = report.groups(by: [.space, .day]).filter { $0.keys[0] == space.space.description }
    for group in ofSpace {
      let lines = space.lines.filter { $0.day.description == group.keys[1] }
      #expect(lines.compactMap(\.cost).reduce(.zero, +) == group.cost ?? .zero)
      let prices = Set(lines.map(\.perHour))
      #expect(group.perHour == (prices.count == 1 ? prices.first ?? nil : nil))
      #expect(group.isUnpriced == lines.contains(where: \.isUnpriced))
    }
  }
}

/// A life of one hardware for four weeks and two days.
private func report(_ lives: [(name: String, hardware: String, tags: SpaceTags)]) throws -> CostReport {
  let start = try Instant("2026-09-01", zone: .gmt)
  let end = try Instant("2026-10-31", zone: .gmt)
  return CostReport(
    on: try lives.map {
      Life(space: try SpaceID($0.name), tags: $0.tags, changes: [(start, .running($0.hardware))])
    }, looks: start..<end,
    period: ReportPeriod(try Instant("2026-10-01", zone: .gmt)..<end, zone: .gmt, now: end))
}

private func shown(_ groups: [CostGroup]) -> [String] {
  groups.map { group in
    group.keys.map { $0 ?? "-" }.joined(separator: " ") + " " + (group.cost?.estimate.description ?? "none")
  }
}

@Test func aSharedCostIsSharedToTheNanoDollar() throws {
  // 30 days of 0.40 an hour are 288 dollars.
  let shared = SpaceTags(split: [("a", 1), ("b", 1), ("c", 5)].map(SpaceTags.Share.init))
  let labelled = SpaceTags(labels: ["team": "b"], split: shared.split)
  let report = try report([("acme/x", "t4-small", shared), ("acme/y", "t4-small", labelled)])
  #expect(
    shown(report.groups(by: [.label("team")])) == [
      "b 329.142857130", "c 205.714285740", "a 41.142857130",
    ])
}

/// Each of those who share has its part once, whatever it is called by.
@Test func aSharedCostIsSharedOnceForTwoLabels() throws {
  let shared = SpaceTags(split: [("research", 2), ("sales", 1)].map(SpaceTags.Share.init))
  let labelled = SpaceTags(labels: ["site": "x"], split: shared.split)
  let report = try report([("acme/x", "t4-small", shared), ("acme/y", "t4-small", labelled)])
  #expect(
    shown(report.groups(by: [.label("team"), .label("site")])) == [
      "research research 192.000000000", "research x 192.000000000", "sales sales 96.000000000",
      "sales x 96.000000000",
    ])
}

@Test func groupsComeInOrder() throws {
  let report = try report([
    ("acme/a", "t4-small", SpaceTags(policy: "small")), ("labs/b", "a10g-small", SpaceTags()),
    ("acme/c", "t4-small", SpaceTags(policy: "other")), ("acme/d", "cpu-basic", SpaceTags(policy: "small")),
  ])
  #expect(
    shown(report.groups(by: [.policy])) == ["other 288.000000000", "small 288.000000000", "- 720.000000000"])
  #expect(
    shown(report.groups(by: [.owner, .space])) == [
      "labs labs/b 720.000000000", "acme acme/a 288.000000000", "acme acme/c 288.000000000",
      "acme acme/d 0.000000000",
    ])
  let weeks = report.groups(by: [.week])
  #expect(weeks.map(\.keys) == [["2026-W40"], ["2026-W41"], ["2026-W42"], ["2026-W43"], ["2026-W44"]])
  #expect(try weeks.first?.cost?.estimate == Money("172.80"))
}

@Test(arguments: [
  ("2026-01-01", "2026-W01"), ("2027-01-01", "2026-W53"), ("2027-01-04", "2027-W01"),
  ("2024-12-30", "2025-W01"),
  ("2021-01-03", "2020-W53"),
])
func weeksAreThoseOfISO8601(day: String, week: String) throws {
  let start = try Instant(day, zone: .gmt)
  let report = CostReport(
    on: [Life(space: try SpaceID("acme/x"), changes: [(start, .running("t4-small"))])],
    looks: start..<(start + 3600),
    period: ReportPeriod(start..<(start + 3600), zone: .gmt, now: start + 7200))
  #expect(report.groups(by: [.week]).map(\.keys) == [[week]])
}

@Test func wordsThatASpreadsheetTakesForFormulasAreGuarded() throws {
  let report = try report([
    ("acme/a", "t4-small", SpaceTags(policy: "=1+1", labels: ["team": "-x"])),
    ("acme/b", "t4-small", SpaceTags(policy: "plain", labels: ["team": "a,b"])),
  ])
  func first(_ text: String) -> [String] {
    text.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != "0" }) }
  }
  #expect(first(report.csv(by: [.policy])) == ["'=1+1,", "plain,"])
  #expect(first(report.csv(by: [.policy], CSVStyle(isRaw: true))) == ["=1+1,", "plain,"])
  #expect(first(report.csv(by: [.label("team")])) == ["'-x,", "\"a,b\","])
  #expect(report.csv(by: [.label("team")]).hasPrefix("label:team,per_hour,minutes_low,"))
}

@Test func whatAGrantPaysForIsToldApart() throws {
  let report = try report([
    ("acme/a", "t4-small", SpaceTags(isGranted: true)), ("acme/b", "t4-small", SpaceTags()),
  ])
  #expect(try report.total.estimate == Money("288"))
  #expect(try report.spaces.map(\.granted) == [Money("288"), .zero])
  #expect(report.spaces[0].lines.allSatisfy { $0.perHour == .zero && $0.cost == .zero })
  #expect(report.markdown().contains("A grant pays for the hardware of `acme/a`: worth 288.00 USD"))
  #expect(!report.markdown().contains("`acme/b`: worth"))
}
