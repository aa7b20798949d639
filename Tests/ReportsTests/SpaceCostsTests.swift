import Foundation
import Money
import Pricing
import Reports
import Spaces
import Testing
import Timelines

struct SpaceCostsTests {
  private func at(_ text: String) throws -> Instant { try Instant(text, zone: .gmt) }

  private func costs(
    _ changes: [(at: Instant, state: SpaceState)], looks: Range<Instant>, now: String,
    actions: [SpaceAction] = []
  ) throws -> SpaceCosts {
    let life = Life(space: try SpaceID("acme/chat"), changes: changes)
    return SpaceCosts(
      life.space, intervals: life.intervals(in: looks), actions: actions,
      period: ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: try at(now)),
      prices: .builtIn)
  }

  /// The last look is at 08:45 and counts until 09:00.
  @Test(arguments: [
    ("2026-10-05T08:59", "0.00"), ("2026-10-05T09:00", "0.00"), ("2026-10-05T11:00", "2.00"),
    ("2026-11-05", "0.00"),
  ]) func timeSinceTheLastLookIsToldWhileThePeriodRuns(now: String, added: String) throws {
    let looks = try at("2026-10-05")..<(try at("2026-10-05T09:00"))
    let costs = try costs([(try at("2026-10-05"), .running("a10g-small"))], looks: looks, now: now)
    #expect(NumberText.money(costs.addedIfUnchanged) == added)
  }

  /// Storage costs on while nobody looks, asleep or not, and no grant pays for it.
  @Test(arguments: [
    (SpaceState.asleep("t4-small", storage: .small), false, "3.06"),
    (.asleep("t4-small", storage: .small), true, "3.06"),
    (.running("t4-small", storage: .small), true, "3.06"),
    (.running("t4-small", storage: .small), false, "185.46"), (.running("t4-small"), true, "0.00"),
  ]) func storageIsHeldOn(state: SpaceState, isGranted: Bool, added: String) throws {
    let life = Life(space: try SpaceID("acme/chat"), changes: [(try at("2026-10-01"), state)])
    // Nineteen days after the quarter of an hour in which the last look counts.
    let costs = SpaceCosts(
      life.space, intervals: life.intervals(in: try at("2026-10-01")..<(try at("2026-10-02"))), actions: [],
      period: ReportPeriod(
        month: try CivilDate(month: "2026-10"), zone: .gmt, now: try at("2026-10-21")),
      prices: .builtIn, tags: SpaceTags(isGranted: isGranted))
    #expect(NumberText.money(costs.addedIfUnchanged) == added)
  }

  // MARK: Gaps

  private func gaps(_ changes: [(String, SpaceState)], looks: String..., now: String) throws -> [String] {
    let life = Life(space: try SpaceID("acme/chat"), changes: try changes.map { (try at($0.0), $0.1) })
    let intervals = try looks.map { text in
      let look = try at(text)
      return try #require(life.intervals(in: look..<(look + 60)).first)
    }
    let period = ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: try at(now))
    let report = CostReport(
      period: period,
      spaces: [SpaceCosts(life.space, intervals: intervals, actions: [], period: period, prices: .builtIn)],
      prices: .builtIn)
    let closed = try #require(
      ClosedReport(
        report, priceFiles: [PriceFile(name: PriceTable.builtInFileName, text: PriceTable.builtInText)]))
    #expect(
      try ClosedReport(text: closed.text()).report(closings: []).markdown() == report.markdown())
    return report.markdown().split(separator: "\n").filter { $0.hasPrefix("  - ") }.map(String.init)
  }

  @Test func whatIsNotInTheEstimateIsToldOfEachGap() throws {
    let running = [("2026-10-01", SpaceState.running("t4-small"))]
    #expect(
      try gaps(running, looks: "2026-10-01", "2026-10-28", now: "2026-11-05") == [
        "  - 2026-10-01 00:00 to 2026-10-28 00:00 (27 days): `acme/chat`",
        "  - 2026-10-28 00:15 to 2026-11-01 00:00 (3 days 23 h, not in the estimate): `acme/chat`",
      ])
    // A look after the month tells of its end.
    #expect(
      try gaps(running, looks: "2026-10-01", "2026-11-03", now: "2026-11-05") == [
        "  - 2026-10-01 00:00 to 2026-11-01 00:00 (31 days): `acme/chat`"
      ])
    let backAgain = [
      ("2026-10-01", SpaceState.running("t4-small")), ("2026-10-02", .gone),
      ("2026-10-20", .running("t4-small")),
    ]
    #expect(
      try gaps(
        backAgain, looks: "2026-10-01T23:50", "2026-10-02", "2026-10-20", "2026-11-02", now: "2026-11-05")
        == [
          "  - 2026-10-02 00:00 to 2026-10-20 00:00 (18 days, not in the estimate): `acme/chat`",
          "  - 2026-10-20 00:00 to 2026-11-01 00:00 (12 days): `acme/chat`",
        ])
  }

  @Test func knownIsFromTheFirstLookUntilItIsGone() throws {
    let looks = try at("2026-10-05")..<(try at("2026-10-20"))
    let costs = try costs(
      [(try at("2026-10-05T00:10"), .running("t4-small")), (try at("2026-10-07T12:00"), .gone)], looks: looks,
      now: "2026-11-02")
    #expect(costs.known == (try at("2026-10-05T00:15"))..<(try at("2026-10-07T12:00")))
    #expect(costs.lastLook == (try at("2026-10-19T23:45")))
    #expect(costs.gaps.isEmpty)
  }

  @Test func laterLooksAndActionsAreNotThere() throws {
    let looks = try at("2026-10-01")..<(try at("2026-10-20"))
    let action = SpaceAction(
      space: try SpaceID("acme/chat"), at: try at("2026-10-12"), kind: .pause, from: "", to: "",
      outcome: .done,
      reason: "")
    let costs = try costs(
      [(try at("2026-10-01"), .running("t4-small"))], looks: looks, now: "2026-10-10T00:05", actions: [action]
    )
    #expect(costs.lastLook == (try at("2026-10-10")))
    #expect(costs.actions.isEmpty)
    #expect(costs.lines.allSatisfy { $0.day <= (CivilDate(year: 2026, month: 10, day: 10) ?? $0.day) })
  }

  // MARK: Compared with the month before

  private func report(_ lives: [(String, firstLook: String)]) throws -> CostReport {
    let period = ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: try at("2026-11-02"))
    let spaces = try lives.map { name, firstLook in
      let first = try at(firstLook)
      let life = Life(space: try SpaceID(name), changes: [(first, .running("t4-small"))])
      return SpaceCosts(
        life.space, intervals: life.intervals(in: first..<(try at("2026-11-02"))), actions: [],
        period: period,
        prices: .builtIn)
    }
    return CostReport(period: period, spaces: spaces, prices: .builtIn)
  }

  @Test func aNewSpaceOfAKnownOwnerCostNothingBefore() throws {
    let report = try report([("acme/old", firstLook: "2026-08-01"), ("acme/new", firstLook: "2026-10-10")])
    #expect(report.spaces.map { report.comparison(of: $0)?.estimate } == [.zero, try Money("288")])
    #expect(report.comparisonTotal?.estimate == (try Money("288")))
  }

  @Test func aHistoryThatBeginsLaterCannotBeCompared() throws {
    let report = try report([("acme/old", firstLook: "2026-08-01"), ("solo/app", firstLook: "2026-09-02")])
    #expect(report.spaces.map { report.comparison(of: $0) == nil } == [false, true])
    #expect(report.comparisonTotal == nil)
    #expect(report.markdown().contains("nothing to compare with, as looks at `solo` began on 2026-09-02."))
    // A first look shortly after midnight misses nothing that counts.
    #expect(try self.report([("acme/a", firstLook: "2026-09-01T00:10")]).comparisonTotal != nil)
  }

  @Test func twoMonthsInWhichEverythingWasPausedAreTheSame() throws {
    let life = Life(space: try SpaceID("acme/chat"), changes: [(try at("2026-08-01"), .paused)])
    let report = CostReport(
      on: [life], looks: try at("2026-08-01")..<(try at("2026-11-02")),
      period: ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: try at("2026-11-02")))
    #expect(report.markdown().contains("**0.00 USD**, the same as in September."))
  }

  // MARK: What spaceplan did

  @Test(arguments: [
    (SpaceAction.Kind.hardware, "t4-small", "cpu-basic", Deed.downgrade),
    (.hardware, "cpu-basic", "l4x1", .upgrade),
    (.hardware, "b300x8", "cpu-basic", .otherHardware), (.hardware, "", "cpu-basic", .otherHardware),
    (.hardware, "cpu-basic", "zero-a10g", .otherHardware), (.sleep, "-1", "3600", .sleepTime),
    (.pause, "RUNNING", "PAUSED", .pause), (.restart, "PAUSED", "RUNNING", .restart),
    (.replicas, "1", "2", .replicas),
  ]) func deedsAreNamedByWhatTheyCost(kind: SpaceAction.Kind, from: String, to: String, deed: Deed) throws {
    let action = SpaceAction(
      space: try SpaceID("acme/chat"), at: try at("2026-10-05"), kind: kind, from: from, to: to,
      outcome: .done,
      reason: "")
    #expect(Deed(action, prices: .builtIn) == deed)
  }

  @Test func theSameTroubleIsToldOnce() throws {
    let actions = try (0..<5).map { number in
      SpaceAction(
        space: try SpaceID("acme/chat"), at: try at("2026-10-05") + Int64(number), kind: .pause, from: "",
        to: "",
        outcome: number < 3 ? .refused : .done, reason: "reason \(number)")
    }
    let deeds = Deeds(actions, prices: .builtIn)
    #expect(deeds.done.map(\.count) == [2])
    #expect(deeds.troubles.map(\.count) == [3])
    #expect(deeds.troubles.first?.action.reason == "reason 2")
  }

  // MARK: CSV

  @Test func csvForExcel() throws {
    let report = try report([("acme/old", firstLook: "2026-10-31")])
    let line = "acme/old,2026-10-31,t4-small,0.400000000,1440,1440,1440,9.600000000,9.600000000,9.600000000"
    #expect(report.csv().split(separator: "\n").last.map(String.init) == line)
    let text = report.csv(CSVStyle(hasByteOrderMark: true, usesCRLF: true))
    #expect(text.utf8.starts(with: [0xEF, 0xBB, 0xBF]))
    #expect(text.hasSuffix(line + "\r\n"))
  }
}
