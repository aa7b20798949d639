import Money
import Pricing
import Reports
import Spaces
import Testing
import Timelines

private let files = [PriceFile(name: PriceTable.builtInFileName, text: PriceTable.builtInText)]

private func at(_ text: String) throws -> Instant { try Instant(text, zone: .gmt) }

/// A month of one Space with a share, a label, a grant, storage, a gap and pictures.
private func report(_ month: String, of name: String, now: String, isGranted: Bool = false) throws
  -> CostReport
{
  let tags = SpaceTags(
    policy: "all", labels: ["team": "research"],
    split: [SpaceTags.Share(name: "b", weight: 60), SpaceTags.Share(name: "a", weight: 40)],
    isGranted: isGranted)
  let life = Life(
    space: try SpaceID(name), tags: tags,
    changes: [
      // Within the longest watched gap of the month that September is compared with.
      (try at("2026-08-01T00:30"), .running("t4-small", replicas: 2, storage: .small)),
      (try at("2026-09-07T12:10"), .asleep("t4-small")), (try at("2026-10-05"), .running("unknown-x9")),
    ])
  let looks = try at("2026-08-01")..<(try at(now))
  let intervals = life.intervals(in: looks, blind: [try at("2026-09-03")..<(try at("2026-09-04T06:00"))])
  let period = ReportPeriod(month: try CivilDate(month: month), zone: .gmt, now: try at(now))
  let costs = SpaceCosts(
    life.space, intervals: intervals, actions: [], period: period, prices: .builtIn, tags: tags,
    watchedGap: 3600, keepsCourse: true)
  var report = CostReport(period: period, spaces: [costs], prices: .builtIn, watchedGap: 3600)
  report.budget = try Money("250")
  report.budgets = [
    BudgetSpending(name: "policy all", monthly: try Money("250"), spent: report.total),
    BudgetSpending(name: "acme", monthly: try Money("1000.5"), spent: .zero, note: "it watches nothing"),
  ]
  return report
}

private func everything(_ report: CostReport) -> [String] {
  [
    report.markdown(tool: "spaceplan"), report.markdown(by: [.label("owner"), .hardware]), report.csv(),
    report.csv(by: [.label("team"), .week]), report.json(by: [.space]).text, report.html(tool: "spaceplan"),
  ]
}

private func closed(_ report: CostReport) throws -> ClosedReport {
  try ClosedReport(text: try #require(ClosedReport(report, priceFiles: files)).text())
}

@Test(arguments: GoldenCase.all) func aClosedMonthComesBackAsItWas(golden: GoldenCase) throws {
  let report = try golden.report()
  guard report.period.month != nil, report.period.range.upperBound <= report.period.now else {
    #expect(ClosedReport(report, priceFiles: files) == nil)
    return
  }
  #expect(everything(try closed(report).report(closings: [])) == everything(report))
}

@Test(arguments: [false, true]) func whatItWasMadeOfIsKept(isGranted: Bool) throws {
  let report = try report("2026-09", of: "acme/chat", now: "2026-11-20", isGranted: isGranted)
  let kept = try closed(report)
  #expect(everything(kept.report(closings: [])) == everything(report))
  #expect(kept.labelKeys == ["team"])
}

@Test func aRenamedSpaceIsOneSpace() throws {
  let september = try closed(try report("2026-09", of: "acme/old", now: "2026-10-20"))
  let now = try report("2026-09", of: "acme/new", now: "2026-10-20")
  let names = [try SpaceID("acme/old"): try SpaceID("acme/new")]
  func adjustments(_ names: [SpaceID: SpaceID]) -> [Adjustment] {
    [september].adjustments(by: now, names: names, isGranted: { _ in false })
  }
  #expect(adjustments(names) == [])
  #expect(adjustments([:]).count == 2)
  let october = try report("2026-10", of: "acme/new", now: "2026-11-20")
  let compared = october.compared(with: september, names: names)
  #expect(compared.comparisonTotal?.estimate == now.total.estimate)
}

/// What became known of September is in the sum of October, and in none of its days.
@Test func adjustmentsAreInNoDay() throws {
  let september = try closed(try report("2026-09", of: "acme/old", now: "2026-10-20"))
  let october = try report("2026-10", of: "acme/new", now: "2026-11-20")
  let adjustments = [september].adjustments(
    by: try report("2026-09", of: "acme/new", now: "2026-10-20"), names: [:], isGranted: { _ in false }
  ).filter { $0.space == october.spaces.first?.space }
  let report = october.taking(over: adjustments)
  let sum = adjustments.reduce(Bounds<Money>.zero) { $0 + $1.cost }
  #expect(sum != .zero)
  #expect(report.days.map(\.cost) == october.days.map(\.cost))
  #expect(report.days.reduce(sum) { $0 + $1.cost } == report.total)
  #expect(report.markdown(tool: "spaceplan").contains("| adjustments |"))
  // What is spent of a budget is the month's own.
  let sentence =
    "\nAdjustments of closed months, \(NumberText.money(sum.estimate)), are not in what is spent.\n"
  #expect(report.markdown(tool: "spaceplan").contains(sentence))
  #expect(!october.markdown(tool: "spaceplan").contains("Adjustments of closed months"))
  #expect(!report.html(tool: "spaceplan").contains("height=\"-"))
}

/// As it was closed, not as it is known now.
@Test func aMonthIsComparedWithTheClosedOneBeforeIt() throws {
  let september = try closed(try report("2026-09", of: "acme/chat", now: "2026-11-20", isGranted: true))
  let october = try report("2026-10", of: "acme/chat", now: "2026-11-20")
  let compared = october.compared(with: september, names: [:])
  #expect(compared.comparisonTotal == september.report(closings: []).total)
  #expect(compared.comparisonTotal != october.comparisonTotal)
  // Of a running month only as much counts as has passed.
  let running = try report("2026-10", of: "acme/chat", now: "2026-10-20")
  #expect(running.compared(with: september, names: [:]).comparisonTotal == running.comparisonTotal)
}

@Test(arguments: ["", "{}", "{\"month\":1}"]) func whatIsNoClosedMonthIsTold(text: String) {
  let error = #expect(throws: UnreadableClosedReport.self) { try ClosedReport(text: text) }
  #expect(error?.description.hasPrefix("a closed month in the database can't be read: ") == true)
}
