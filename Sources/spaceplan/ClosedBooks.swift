import Foundation
import History
import Pricing
import Reports
import Schedules
import Spaces
import Timelines

/// The reports of a history in which months can be closed: a closed one stays as it was, and what becomes known of it
/// later is booked in the first month after it that is open.
struct ClosedBooks {
  private static let format = "report-1"

  private let history: History
  private let prices: PriceTable
  private let rules: Schedules
  private let closed: [ClosedReport]

  /// - Parameter now: what was closed later does not count.
  init(of history: History, prices: PriceTable, rules: Schedules, now: Instant) throws {
    (self.history, self.prices, self.rules) = (history, prices, rules)
    closed = try history.closedMonths(Self.format, startingIn: .distantPast..<now)
      .map { try ClosedReport(text: $0.text) }.filter { $0.closedAt <= now }
  }

  func report(in period: ReportPeriod, watchedGap: Int64 = 900, keepsCourse: Bool = false) throws
    -> CostReport
  {
    if let month = period.month, let kept = closed(month, period.zone) { return kept.report(prices: prices) }
    tellWhatIsClosedOtherwise(period)
    return try openReport(in: period, watchedGap: watchedGap, keepsCourse: keepsCourse)
  }

  /// Keeps a month as it is known now.
  ///
  /// - Parameter again: also one that was closed before.
  /// - Throws: an ``Ending`` where it can't be closed.
  func close(_ period: ReportPeriod, watchedGap: Int64, again: Bool) throws -> CostReport {
    let option = again ? "--reopen" : "--close"
    guard let month = period.month else {
      throw Ending(Ending.Status.usage, "\(option): name the month, such as --month 2026-10")
    }
    let name = month.description.dropLast(3)
    guard !period.isRunning, period.hasBegun else {
      throw Ending(Ending.Status.usage, "\(option): \(name) is not over yet")
    }
    let before = closed.first { $0.month == month }
    if let before, before.zone.ianaName != period.zone.ianaName {
      throw Ending(
        Ending.Status.usage,
        "\(option): \(name) was closed with --zone \(before.zone.ianaName); name that zone")
    }
    if again, before == nil {
      throw Ending(Ending.Status.usage, "--reopen: \(name) was not closed; --close does that")
    }
    if !again, let before {
      Terminal.tell(
        "\(name) was closed at \(before.closedAt) already and stays as it was; --reopen closes it anew")
      return before.report(prices: prices)
    }
    let report = try openReport(in: period, watchedGap: watchedGap, keepsCourse: true)
    guard let new = ClosedReport(report) else { return report }
    // Another process may have been first.
    let kept = try ClosedReport(
      text: try history.close(
        ClosedMonth(
          format: Self.format, start: period.range.lowerBound, closedAt: new.closedAt, text: try new.text()),
        again: again
      ).text)
    Terminal.tell(
      "\(name) is closed: every report of it is as it is now, and what becomes known later is an adjustment of the"
        + " next open month")
    return kept.report(prices: prices)
  }

  private func openReport(in period: ReportPeriod, watchedGap: Int64, keepsCourse: Bool) throws -> CostReport
  {
    let report = try history.costs(
      in: period, prices: prices, rules: rules, watchedGap: watchedGap, keepsCourse: keepsCourse)
    guard let month = period.month else { return report }
    // Those without an open month between them and this one.
    let earlier = Array(
      sequence(first: month.startOfPreviousMonth, next: \.startOfPreviousMonth).lazy
        .map { closed($0, period.zone) }.prefix { $0 != nil }.compactMap(\.self))
    guard let latest = earlier.first, let first = earlier.last else { return report }
    let names = try presentNames()
    let ofThen = earlier.reversed().reduce(into: [SpaceID: SpaceTags]()) { tags, closed in
      for (space, tag) in closed.tags { tags[names[space] ?? space] = tag }
    }
    let now = try history.costs(
      in: ReportPeriod(
        first.period.range.lowerBound..<period.range.lowerBound, zone: period.zone, now: period.now),
      prices: prices, rules: rules, watchedGap: watchedGap, tags: ofThen)
    return report.compared(with: latest, names: names)
      .taking(over: earlier.adjustments(by: now, names: names))
  }

  private func closed(_ month: CivilDate, _ zone: TimeZone) -> ClosedReport? {
    closed.first { $0.month == month && $0.zone.ianaName == zone.ianaName }
  }

  private func presentNames() throws -> [SpaceID: SpaceID] {
    try history.spaces().reduce(into: [:]) { names, space in
      for former in space.formerNames { names[former] = space.name }
    }
  }

  private func tellWhatIsClosedOtherwise(_ period: ReportPeriod) {
    for kept in closed where !kept.period.range.clamped(to: period.range).isEmpty {
      let name = kept.month.description.dropLast(3)
      Terminal.tell(
        "\(name) is closed, in \(kept.zone.ianaName); this report is worked out from what is known now: for the"
          + " closed one say --month \(name) --zone \(kept.zone.ianaName)")
    }
  }
}
