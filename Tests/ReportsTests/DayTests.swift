import Money
import Pricing
import Reports
import Spaces
import Testing
import Timelines

/// A month of one Space on a T4, looked at every so many seconds until some day.
private func report(every seconds: Int, until: String = "2026-11-01") throws -> CostReport {
  let start = try Instant("2026-10-01", zone: .gmt)
  let now = try Instant("2026-11-01", zone: .gmt)
  let life = Life(space: try SpaceID("acme/chat"), changes: [(start, .running("t4-small"))])
  let period = ReportPeriod(month: try CivilDate(month: "2026-10"), zone: .gmt, now: now)
  let looks = life.intervals(in: start..<(try Instant(until, zone: .gmt)), every: seconds)
  let costs = SpaceCosts(life.space, intervals: looks, actions: [], period: period, prices: .builtIn)
  return CostReport(period: period, spaces: [costs], prices: .builtIn)
}

/// Also where it was too seldom to watch it.
@Test func aLookMakesADayWatched() throws {
  let hourly = try report(every: 3600)
  #expect(hourly.days.filter { !$0.isWatched }.isEmpty)
  let weekly = try report(every: 7 * 86_400)
  #expect(weekly.days.filter(\.isWatched).map(\.day.day) == [1, 8, 15, 22, 29])
}

/// After the last look nothing is known: that is no day that cost nothing, and no falling cost.
@Test func daysThatNobodyWatchedAreNotCompared() throws {
  let markdown = try report(every: 900, until: "2026-10-07").markdown(tool: "spaceplan")
  #expect(markdown.contains("Each day cost 9.60 USD."), "\(markdown)")
  #expect(markdown.contains("x-axis \"October 2026\" 1 --> 6\n"))
  // Nobody looked in all of the month.
  let none = try report(every: 900, until: "2026-10-01").markdown(tool: "spaceplan")
  #expect(!none.contains("mermaid"))
}
