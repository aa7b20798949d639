import Foundation
import History
import JSON
import Reports
import Schedules
import Spaces
import Timelines

/// The report as FOCUS: what has no row is told, months that are over are closed, what became known of closed ones is
/// corrected in the next that is open, and files are written.
struct FocusExport {
  private let report: CostReport
  private let history: History
  private let organizations: Set<String>
  /// What is known now of other days.
  private let asKnownNow: (Range<Instant>) async throws -> CostReport
  private let names: [SpaceID: SpaceID]
  private let version = FocusVersion.oneTwo

  /// - Parameter asKnownNow: the report of any whole UTC days, made as this one.
  init(
    _ report: CostReport, of history: History, rules: Schedules,
    asKnownNow: @escaping (Range<Instant>) async throws -> CostReport
  ) throws {
    (self.report, self.history, self.asKnownNow) = (report, history, asKnownNow)
    organizations = Set(rules.accounts.filter { $0.kind == .organization }.map(\.name))
    names = try history.presentNames()
  }

  /// - Parameter grants: of closed months, as they were when they were closed.
  private func table(
    of report: CostReport, grants: [CivilDate: [SpaceID: Bool]]
  ) -> FocusTable {
    report.focus(
      version, organizations: organizations,
      tags: Dictionary(
        uniqueKeysWithValues: report.spaces.map { space in
          // A scheme of our own, as the specification wants every scheme but one to be told apart.
          let labels = space.tags.labels.map { ("spaceplan/\($0)", JSONValue.string($1)) }
          return (space.space, Dictionary(uniqueKeysWithValues: labels))
        }), isGranted: { space, month in grants[month]?[space] })
  }

  /// - Parameter output: a folder that exists, or whose path ends in a slash, takes files.
  /// - Returns: the rows of all accounts; nil where they were written as files.
  func csv(orFilesIn output: String?, closing: Closing?) async throws -> String? {
    tellWhatHasNoRow()
    let table = try await withClosedMonths(closing)
    guard let output, output.hasSuffix("/") || isFolder(output) else { return table.csv }
    try write(table, in: output)
    return nil
  }

  // MARK: Days

  /// UTC, as FOCUS has UTC days; a zone that somebody has asked for is told.
  static func zone(insteadOf zone: TimeZone) -> TimeZone {
    let clock = WallClock(zone)
    if clock.offset(at: .distantPast) != 0 || clock.nextTransition(after: .distantPast) != nil {
      Terminal.tell("a day of FOCUS is a UTC day, so all dates are in UTC and not in \(zone.identifier)")
    }
    return .gmt
  }

  /// - Throws: an ``Ending`` where the range cuts a day.
  static func requireWholeDays(_ range: Range<Instant>) throws {
    for (option, instant) in [("--from", range.lowerBound), ("--until", range.upperBound)]
    where WallClock(.gmt).reading(at: instant).secondOfDay != 0 {
      throw Ending(
        Ending.Status.usage,
        "\(option): a row of FOCUS is a UTC day, so the range can't begin or end at \(instant), within one")
    }
  }

  private var days: Range<CivilDate> {
    let clock = WallClock(.gmt)
    return clock.date(at: report.period.range.lowerBound)..<clock.date(at: report.period.range.upperBound)
  }

  // MARK: What has no row

  private func tellWhatHasNoRow() {
    let currency = report.prices.currency
    for (hardware, minutes) in report.minutesWithoutRow {
      // Hardware without a price counts as nothing where the cheaper of two is taken for the least.
      let texts = [minutes.low, minutes.estimate, minutes.high].sorted().map(\.minutesText)
      let time = texts.first == texts.last ? texts[0] : "\(texts[0]) to \(texts[2])"
      Terminal.tell("no row for \(time) minutes on \(hardware), which has no price")
    }
    for space in report.spaces {
      for storage in space.unpricedStorage {
        Terminal.tell("no row for \(storage) storage of \(space.space), which has no price")
      }
    }
    let possible = report.highestCostWithoutRow
    if possible != .zero {
      Terminal.tell(
        "no row for up to \(NumberText.money(possible)) \(currency): time in which it is not known what was billed,"
          + " and which the estimate takes for free")
    }
  }

  // MARK: Closed months

  private var closedFormat: String { "focus-\(version)" }

  /// Up to the end of the range, by their first days.
  private func closedMonths() throws -> [CivilDate: ClosedRows] {
    let months = try history.closedMonths(
      closedFormat, startingIn: .distantPast..<report.period.range.upperBound)
    return Dictionary(
      try months.map {
        (
          WallClock(.gmt).date(at: $0.start),
          ClosedRows(month: $0, rows: try FocusTable(version, csv: $0.text))
        )
      }
    ) { first, _ in first }
  }

  /// What it is closed with: another run may have been first.
  private func close(_ month: CivilDate, _ rows: FocusTable, again: Bool) throws -> ClosedRows {
    let kept = try history.close(
      ClosedMonth(
        format: closedFormat, start: WallClock(.gmt).start(of: month), closedAt: report.period.now,
        text: rows.csv), again: again)
    Terminal.tell("\(name(of: month..<month.startOfNextMonth)) is closed: its rows stay as they are now")
    return ClosedRows(month: kept, rows: try FocusTable(version, csv: kept.text))
  }

  /// Months that were closed come as they were then, others with corrections of those before them; those that are
  /// over can be closed now.
  private func withClosedMonths(_ closing: Closing?) async throws -> FocusTable {
    let clock = WallClock(.gmt)
    let (days, now) = (days, report.period.now)
    func isWhole(_ month: CivilDate) -> Bool {
      days.contains(month) && month.startOfNextMonth <= days.upperBound
    }
    func isOver(_ month: CivilDate) -> Bool { clock.start(of: month.startOfNextMonth) <= now }
    var closed = try closedMonths()
    let reopened = closing == .again ? closed.keys.filter { isWhole($0) && isOver($0) } : []
    if closing == .again, reopened.isEmpty {
      throw Ending(Ending.Status.usage, "--reopen: the range holds no whole month that was closed")
    }
    for month in reopened { closed[month] = nil }

    var grants = closed.mapValues { $0.rows.grants(names: names) }
    var result = table(of: report, grants: grants)
    var isAnyClosed = false
    // The first open month after a closed one may have nothing but corrections.
    let followers = closed.keys.map(\.startOfNextMonth)
    for month in Set(result.months + closed.keys + reopened + followers).sorted() {
      let all = month..<month.startOfNextMonth
      let part = all.clamped(to: days)
      guard !part.isEmpty else { continue }
      if let kept = closed[month] {
        tellDifference(
          from: kept.rows.withoutCorrections.rows(in: part), to: result.rows(in: part), since: kept.month)
        result = result.replacing(part, by: kept.rows.rows(in: part))
        isAnyClosed = isAnyClosed || (isWhole(month) && isOver(month))
        continue
      }
      if days.contains(month), clock.start(of: month) < now {
        let earlier = month.closedBefore { closed[$0]?.rows }
        result = result.taking(over: try await corrections(of: earlier, bookedIn: month, grants))
      }
      guard closing != nil, isWhole(month), isOver(month) else { continue }
      let rows = result.rows(in: all)
      let closes = closing == .first ? !rows.rows.isEmpty : reopened.contains(month)
      guard closes else { continue }
      let kept = try close(month, rows, again: closing == .again)
      (closed[month], isAnyClosed) = (kept, true)
      grants[month] = kept.rows.grants(names: names)
      result = result.replacing(all, by: kept.rows)
    }
    if closing == .first, !isAnyClosed {
      throw Ending(Ending.Status.usage, "--close: the range holds no whole month that is over")
    }
    return result
  }

  private struct ClosedRows {
    let month: ClosedMonth
    let rows: FocusTable
  }

  /// - Parameter earlier: the closed months right before, the latest first.
  private func corrections(
    of earlier: [FocusTable], bookedIn month: CivilDate, _ grants: [CivilDate: [SpaceID: Bool]]
  ) async throws -> FocusTable {
    let clock = WallClock(.gmt)
    let first = earlier.indices.reduce(month) { month, _ in month.startOfPreviousMonth }
    guard first < month else { return FocusTable(version) }
    let now = table(of: try await asKnownNow(clock.start(of: first)..<clock.start(of: month)), grants: grants)
    return now.corrections(of: earlier, bookedIn: month, names: names)
  }

  private func tellDifference(from kept: FocusTable, to now: FocusTable, since closed: ClosedMonth) {
    guard kept.rows != now.rows else { return }
    let month = WallClock(.gmt).date(at: closed.start)
    Terminal.tell(
      "\(name(of: month..<month.startOfNextMonth)) was closed at \(closed.closedAt) and is as it was then; by what is"
        + " known now its rows would differ, by \(NumberText.change(now.billedCost - kept.billedCost))"
        + " \(report.prices.currency) in sum, which the next month that is open corrects (--reopen with the whole month"
        + " takes it over there instead)")
  }

  // MARK: Files

  /// A file for each account and month, with its metadata beside it.
  private func write(_ table: FocusTable, in folder: String) throws {
    try makeFolder(folder)
    let metadata = table.version.metadata(
      createdAt: try createdAt(), generatorVersion: Spaceplan.version
    ).text
    for month in table.months {
      let part = (month..<month.startOfNextMonth).clamped(to: days)
      let rows = table.rows(in: part)
      for account in rows.accounts {
        let name = "spaceplan-focus-\(table.version)-\(account)-\(name(of: part))"
        let path = (folder as NSString).appendingPathComponent(name)
        try writeFile(rows.rows(ofAccount: account).csv, to: path + ".csv")
        try writeFile(metadata + "\n", to: path + ".schema.json")
      }
    }
    if table.rows.isEmpty { Terminal.tell("there is no row, so no file was written to \(folder)") }
  }

  /// `2026-10`, or for a part of a month `2026-10-05-until-2026-10-12`.
  private func name(of part: Range<CivilDate>) -> String {
    let month = part.lowerBound.startOfMonth
    return part == month..<month.startOfNextMonth
      ? month.yearAndMonth : "\(part.lowerBound)-until-\(part.upperBound)"
  }

  /// Now, or what whoever builds the same bytes again has set (reproducible-builds.org).
  private func createdAt() throws -> Instant {
    guard let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"], !text.isEmpty else {
      return report.period.now
    }
    guard let seconds = Int64(text), (0...Instant.distantFuture.secondsSince1970).contains(seconds) else {
      throw Ending(
        Ending.Status.usage, "SOURCE_DATE_EPOCH is '\(text)'; it takes seconds since 1970, such as 1793491200"
      )
    }
    return Instant(secondsSince1970: seconds)
  }
}
