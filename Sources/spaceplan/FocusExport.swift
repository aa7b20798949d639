import Foundation
import History
import Pricing
import Reports
import Schedules
import Spaces
import Timelines

/// The report as FOCUS: what has no row is told, months that are over are closed, and files are written.
struct FocusExport {
  private let report: CostReport
  private let history: History
  private let table: FocusTable

  init(_ report: CostReport, of history: History, rules: Schedules) {
    let organizations = rules.accounts.filter { $0.kind == .organization }.map(\.name)
    self.report = report
    self.history = history
    table = report.focus(
      organizations: Set(organizations),
      tags: Dictionary(
        uniqueKeysWithValues: report.spaces.map { space in
          // A scheme of our own, as the specification wants every scheme but one to be told apart.
          let labels = space.tags.labels.map { ("spaceplan/\($0)", JSONValue.string($1)) }
          return (space.space, Dictionary(uniqueKeysWithValues: labels))
        }))
  }

  /// What to do with the whole months of the range that are over.
  enum Closing {
    /// Keep their rows, where none are kept yet.
    case first
    /// Keep what the rows are now instead of what was kept.
    case again
  }

  /// - Parameter output: a folder that exists, or whose path ends in a slash, takes files.
  /// - Returns: the rows of all accounts; nil where they were written as files.
  func csv(orFilesIn output: String?, closing: Closing?) throws -> String? {
    tellWhatHasNoRow()
    let table = try withClosedMonths(closing)
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
    for (hardware, minutes) in report.unpricedMinutes {
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

  /// Months that were closed come as they were then; others that are over can be closed now.
  private func withClosedMonths(_ closing: Closing?) throws -> FocusTable {
    let clock = WallClock(.gmt)
    let format = "focus-\(table.version)"
    let (range, days) = (report.period.range, days)
    let known = try history.closedMonths(
      format, startingIn: clock.start(of: days.lowerBound.startOfMonth)..<range.upperBound)
    let closed = Dictionary(known.map { (clock.date(at: $0.start), $0) }) { first, _ in first }
    func isWhole(_ month: CivilDate) -> Bool {
      days.contains(month) && month.startOfNextMonth <= days.upperBound
    }
    func isOver(_ month: CivilDate) -> Bool { clock.start(of: month.startOfNextMonth) <= report.period.now }
    let months = Set(table.months + closed.keys).filter(isWhole).filter(isOver)
    switch closing {
    case .first where months.isEmpty:
      throw Ending(Ending.Status.usage, "--close: the range holds no whole month that is over")
    case .again where !months.contains(where: closed.keys.contains):
      throw Ending(Ending.Status.usage, "--reopen: the range holds no whole month that was closed")
    default: break
    }
    var result = table
    for month in Set(table.months + closed.keys).sorted() {
      let all = month..<month.startOfNextMonth
      let part = all.clamped(to: days)
      if let kept = closed[month], closing != .again || !isWhole(month) {
        let rows = try FocusTable(table.version, csv: kept.text).rows(in: part)
        tellDifference(from: rows, to: table.rows(in: part), since: kept)
        result = result.replacing(part, by: rows)
      } else if closing == .first || (closing == .again && closed[month] != nil), isWhole(month),
        isOver(month)
      {
        let kept = try history.close(
          ClosedMonth(
            format: format, start: clock.start(of: month), closedAt: report.period.now,
            text: table.rows(in: all).csv), again: closing == .again)
        Terminal.tell("\(name(of: all)) is closed: its rows stay as they are now")
        result = result.replacing(all, by: try FocusTable(table.version, csv: kept.text))
      }
    }
    return result
  }

  private func tellDifference(from kept: FocusTable, to now: FocusTable, since closed: ClosedMonth) {
    guard kept.rows != now.rows else { return }
    let month = WallClock(.gmt).date(at: closed.start)
    Terminal.tell(
      "\(name(of: month..<month.startOfNextMonth)) was closed at \(closed.closedAt) and is as it was then; by what is"
        + " known now its rows would differ, by \(NumberText.change(now.billedCost - kept.billedCost))"
        + " \(report.prices.currency) in sum (--reopen with the whole month takes that over)")
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
