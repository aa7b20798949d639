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

  func report(
    in period: ReportPeriod, watchedGap: Int64 = SpaceUsage.usualWatchedGap, keepsCourse: Bool = false
  ) async throws -> CostReport {
    if let kept = closed(period) { return try report(kept) }
    return try await openReport(in: period, watchedGap: watchedGap, keepsCourse: keepsCourse)
  }

  /// Without regard to what is closed.
  func asKnownNow(
    _ period: ReportPeriod, watchedGap: Int64, keepsCourse: Bool = false
  ) async throws -> CostReport {
    try await history.costs(
      in: period, prices: prices, rules: rules, watchedGap: watchedGap, keepsCourse: keepsCourse)
  }

  func isClosed(_ period: ReportPeriod) -> Bool { closed(period) != nil }

  /// What an open month takes over of closed ones.
  func adjustments(in period: ReportPeriod) async throws -> [Adjustment] {
    guard !isClosed(period), !closedBefore(period).isEmpty else { return [] }
    return try await report(in: period).adjustments
  }

  /// Every key of a label that a closed month had.
  func labelKeys(in period: ReportPeriod) -> Set<String> { closed(period)?.labelKeys ?? [] }

  /// Keeps a month as it is known now.
  ///
  /// - Parameters:
  ///   - again: also one that was closed before.
  ///   - priceFiles: those that the prices were read from.
  /// - Throws: an ``Ending`` where it can't be closed.
  func close(
    _ period: ReportPeriod, watchedGap: Int64, again: Bool, priceFiles: [PriceFile]
  ) async throws -> CostReport {
    let option = again ? "--reopen" : "--close"
    guard let month = period.month else {
      throw Ending(Ending.Status.usage, "\(option): name the month, such as --month 2026-10")
    }
    let name = month.yearAndMonth
    guard !period.isRunning, period.hasBegun else {
      throw Ending(Ending.Status.usage, "\(option): \(name) is not over yet")
    }
    let before = closed.first { $0.month == month }
    if let before, closed(period) == nil {
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
      return try report(before)
    }
    let report = try await openReport(in: period, watchedGap: watchedGap, keepsCourse: true)
    guard let new = ClosedReport(report, priceFiles: priceFiles) else { return report }
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
    return try self.report(kept)
  }

  private func report(_ kept: ClosedReport) throws -> CostReport {
    kept.report(closings: try history.closings(of: Self.format, start: kept.period.range.lowerBound))
  }

  private func openReport(
    in period: ReportPeriod, watchedGap: Int64, keepsCourse: Bool
  ) async throws -> CostReport {
    let report = try await asKnownNow(period, watchedGap: watchedGap, keepsCourse: keepsCourse)
    let earlier = closedBefore(period)
    guard let latest = earlier.first, let first = earlier.last else {
      return report.compared(withOthers: try await adjustmentsBefore(period))
    }
    let names = try history.presentNames()
    let granted = Set(report.spaces.filter(\.tags.isGranted).map(\.space))
    let now = try await asKnownNow(
      ReportPeriod(
        first.period.range.lowerBound..<period.range.lowerBound, zone: period.zone, now: period.now),
      watchedGap: watchedGap)
    return report.compared(with: latest, names: names)
      .taking(over: earlier.adjustments(by: now, names: names, isGranted: granted.contains))
  }

  /// What the open month right before takes over; none for a month that is running, which is compared with a
  /// part of it.
  private func adjustmentsBefore(_ period: ReportPeriod) async throws -> [Adjustment] {
    guard let month = period.month, !period.isRunning else { return [] }
    return try await adjustments(
      in: ReportPeriod(month: month.startOfPreviousMonth, zone: period.zone, now: period.now))
  }

  /// The closed months right before a month; none before what is not one.
  private func closedBefore(_ period: ReportPeriod) -> [ClosedReport] {
    period.month?.closedBefore { closed($0, period.zone) } ?? []
  }

  private func closed(_ period: ReportPeriod) -> ClosedReport? {
    period.month.flatMap { closed($0, period.zone) }
  }

  private func closed(_ month: CivilDate, _ zone: TimeZone) -> ClosedReport? {
    closed.first { $0.month == month && $0.zone.ianaName == zone.ianaName }
  }

  /// A month that is closed in another zone, and those that a range touches.
  func tellWhatIsClosedOtherwise(than period: ReportPeriod) {
    guard closed(period) == nil else { return }
    for kept in closed
    where period.month.map({ $0 == kept.month })
      ?? !kept.period.range.clamped(to: period.range).isEmpty
    {
      let name = kept.month.yearAndMonth
      Terminal.tell(
        "\(name) is closed, in \(kept.zone.ianaName); this report is worked out from what is known now: for the"
          + " closed one say --month \(name) --zone \(kept.zone.ianaName)")
    }
  }
}

extension History {
  /// The present names of Spaces that were renamed, by former ones.
  func presentNames() throws -> [SpaceID: SpaceID] {
    try spaces().reduce(into: [:]) { names, space in
      for former in space.formerNames { names[former] = space.name }
    }
  }
}

/// What to do with whole months that are over.
enum Closing {
  /// Keep them as they are now, where they are not kept yet.
  case first
  /// Keep what they are now instead of what was kept.
  case again
}
