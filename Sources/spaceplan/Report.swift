import ArgumentParser
import Foundation
import History
import Pricing
import Reports
import Schedules
import Spelling
import Timelines

struct Report: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case markdown, csv, json, focus, html }

  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Tell what Spaces cost in a month or any other range.",
    usage: "spaceplan report [--month <month> | --from <instant> --until <instant>] [<options>]",
    discussion: """
      For example:
      spaceplan report --month 2026-10
      spaceplan report --month 2026-10 --format csv --output october.csv
      spaceplan report --month 2026-10 --by owner,week
      spaceplan report --format html --output november.html
      spaceplan report --month 2026-10 --format focus --output focus/

      Without a range it is the present month. --until is not part of the range.
      --by takes one or two of space, owner, hardware, policy, day, week, month
      and label. Policies, labels and grants are those of the rules as they are
      now. focus is FOCUS 1.2 Cost and Usage: a row a UTC day, and in a folder a
      file for each account and month, with its schema beside it; html is one page
      with pictures that needs nothing else.

      --close keeps a month that is over, with its prices, labels and grants: every
      later report of it is the same. What becomes known of it later is an
      adjustment of the next month that is open, with its reason; --reopen closes it
      anew instead. Rows of FOCUS are closed by themselves, with --format focus;
      what becomes known later are rows of the class Correction in the next open
      month.
      """)

  @Option(help: ArgumentHelp("The month, such as 2026-10.", valueName: "month"))
  var month: String?

  @Option(help: ArgumentHelp("The range's first instant or date.", valueName: "instant"))
  var from: String?

  @Option(help: ArgumentHelp("The instant or date that ends the range.", valueName: "instant"))
  var until: String?

  @OptionGroup var format: FormatOption<Format>

  @Option(
    help: ArgumentHelp(
      "Write to this file, as .md, .csv, .json or .html say, FOCUS also to a folder; - is standard output.",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The longest time between two looks that counts as watched. (default: 15m)", valueName: "duration"))
  var watchedGap: String?

  @Option(
    help: ArgumentHelp(
      "The chart of a Markdown report: mermaid, text or none. (default: mermaid)", valueName: "kind"),
    transform: { text in
      guard let charts = Charts(rawValue: text) else {
        throw ValidationError("'\(text)' is none of mermaid, text, none.")
      }
      return charts
    })
  var charts: Charts?

  @Flag(help: "Start the CSV with a byte-order mark, for Excel.")
  var bom = false

  @Flag(help: "End the lines of the CSV with CR and LF, for Excel.")
  var crlf = false

  @Flag(help: "Leave labels and names of policies in the CSV that a spreadsheet takes for formulas.")
  var raw = false

  @Option(
    help: ArgumentHelp(
      "Add up by one or two of: \(Self.dimensions.joined(separator: ", ")) or label:KEY.", valueName: "what"))
  var by: String?

  @Option(help: ArgumentHelp("Show so many rows, and the others as one.", valueName: "count"))
  var top: Int?

  @Flag(help: "Keep a month that is over as it is known now.")
  var close = false

  @Flag(help: "Close a month anew that was closed, by what is known now.")
  var reopen = false

  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var zone: ZoneOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption

  func validate() throws {
    if month != nil, from != nil || until != nil {
      throw ValidationError("Give --month, or --from and --until.")
    }
    if let top, top < 1 { throw ValidationError("--top is a number from 1 up.") }
    if (from == nil) != (until == nil) { throw ValidationError("--from and --until go together.") }
  }

  func run() async throws {
    let format = format.read(default: .markdown, output: output)
    let zone = format == .focus ? try FocusExport.zone(insteadOf: zone.read()) : try zone.read()
    let now = try moment.clock(zone: zone)()
    let period = try period(zone: zone, now: now)
    let gap =
      try watchedGap.map { try parsed($0, option: "--watched-gap") { try DurationText.seconds($0) } }
      ?? SpaceUsage.usualWatchedGap
    let prices = try pricing.read()
    try refuseWhatDoesNothing(format)
    if format == .focus { try FocusExport.requireWholeDays(period.range) }
    let rules = try schedules.readIfPresent()
    let history = try database.open(.existing)
    let books = try ClosedBooks(of: history, prices: prices, rules: rules, now: now)
    let dimensions = try groupings(labelled: rules.labelKeys.union(books.labelKeys(in: period)).sorted())
    let report = try await report(period, format, books, watchedGap: gap)
    if !report.isObserved {
      Terminal.tell(
        report.spaces.isEmpty
          ? "no Space was ever looked at: `spaceplan observe` records a look"
          : "nobody looked at any Space between \(period.range.lowerBound) and \(period.range.upperBound)")
    }
    let text: String? =
      switch format {
      case .markdown:
        report.markdown(
          charts: charts ?? .mermaid, tool: "spaceplan \(Spaceplan.version)", by: dimensions, top: top)
      case .csv where dimensions.isEmpty: report.csv(csvStyle)
      case .csv: report.csv(by: dimensions, csvStyle)
      case .json: report.json(by: dimensions).text + "\n"
      case .html: try await html(report, of: history, rules, dimensions)
      case .focus:
        try await FocusExport(report, of: history, rules: rules) { range in
          try await books.asKnownNow(ReportPeriod(range, zone: .gmt, now: now), watchedGap: gap)
        }.csv(orFilesIn: output, closing: closing)
      }
    if let text { try writeFile(text, to: output ?? "-") }
  }

  private func report(
    _ period: ReportPeriod, _ format: Format, _ books: ClosedBooks, watchedGap: Int64
  ) async throws -> CostReport {
    // FOCUS has UTC days, closes its own rows and corrects them.
    if format == .focus { return try await books.asKnownNow(period, watchedGap: watchedGap) }
    if let closing = try closing {
      return try await books.close(
        period, watchedGap: watchedGap, again: closing == .again, priceFiles: try pricing.files())
    }
    books.tellWhatIsClosedOtherwise(than: period)
    if books.isClosed(period) {
      let given = [("--watched-gap", self.watchedGap != nil), ("--pricing", pricing.pricing != nil)]
      for (option, isGiven) in given where isGiven {
        Terminal.tell("\(period.title) is closed, so \(option) changes nothing; --reopen closes it anew")
      }
    }
    return try await books.report(in: period, watchedGap: watchedGap, keepsCourse: format == .html)
  }

  /// With a forecast where the month is not over.
  private func html(
    _ report: CostReport, of history: History, _ rules: Schedules, _ dimensions: [CostDimension]
  ) async throws -> String {
    var outlook: SpendingOutlook?
    let period = report.period
    if period.month != nil, period.isRunning {
      let forecast = try await history.forecast(of: period, rules: rules, prices: report.prices)
      let clock = WallClock(period.zone)
      outlook = SpendingOutlook(
        days: zip(forecast.days, forecast.spending).map { range, spending in
          .init(day: clock.date(at: range.lowerBound), spending: spending)
        }, beginsToday: clock.start(of: clock.date(at: period.now)) < period.now)
    }
    return report.html(
      tool: "spaceplan \(Spaceplan.version)", by: dimensions, top: top, outlook: outlook)
  }

  /// What is to become of months that are over; an instant that is not now closes nothing.
  private var closing: Closing? {
    get throws {
      guard close || reopen else { return nil }
      guard try moment.isReal() else {
        throw Ending(Ending.Status.usage, "with --now nothing is recorded, so no month is closed or reopened")
      }
      return reopen ? .again : .first
    }
  }

  private var csvStyle: CSVStyle { CSVStyle(hasByteOrderMark: bom, usesCRLF: crlf, isRaw: raw) }

  private static let dimensions = ["space", "owner", "hardware", "policy", "day", "week", "month", "label"]

  private func groupings(labelled keys: [String]) throws -> [CostDimension] {
    guard let by else { return [] }
    let words = by.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let dimensions = try words.map { try grouping($0, labelled: keys) }
    guard dimensions.count <= 2, Set(dimensions).count == dimensions.count else {
      throw Ending(Ending.Status.usage, "--by takes one or two different words, such as --by owner,week")
    }
    return dimensions
  }

  private func grouping(_ word: String, labelled keys: [String]) throws -> CostDimension {
    if word.hasPrefix("label") {
      let key = String(word.dropFirst("label:".count))
      if word == "label", keys.count == 1 { return .label(keys[0]) }
      if word.hasPrefix("label:"), keys.contains(key) { return .label(key) }
      let known = keys.isEmpty ? "the rules have none" : keys.map { "label:\($0)" }.joined(separator: ", ")
      throw Ending(Ending.Status.usage, "--by \(word): which label? (\(known))")
    }
    switch word {
    case "space": return .space
    case "owner": return .owner
    case "hardware": return .hardware
    case "policy": return .policy
    case "day": return .day
    case "week": return .week
    case "month": return .month
    default:
      let nearest = Spelling.nearest(to: word, among: Self.dimensions)
      throw Ending(
        Ending.Status.usage,
        "--by: '\(word)' is none of \(Self.dimensions.joined(separator: ", "))"
          + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
  }

  private func refuseWhatDoesNothing(_ format: Format) throws {
    let ofOthers: [(option: String, isGiven: Bool, format: Format)] = [
      ("--bom", bom, .csv), ("--crlf", crlf, .csv), ("--raw", raw, .csv),
      ("--charts", charts != nil, .markdown),
      ("--top", top != nil && format != .html, .markdown),
    ]
    if let wrong = ofOthers.first(where: { $0.isGiven && $0.format != format }) {
      throw Ending(Ending.Status.usage, "\(wrong.option) goes with --format \(wrong.format.rawValue)")
    }
    if raw, by == nil {
      throw Ending(Ending.Status.usage, "--raw is for labels and policies, so it goes with --by")
    }
    if charts != nil, by != nil {
      throw Ending(Ending.Status.usage, "a report --by other things has no chart, so --charts does nothing")
    }
    if by != nil, format == .focus {
      throw Ending(Ending.Status.usage, "FOCUS has its own rows, so --by does nothing")
    }
    if close, reopen {
      throw Ending(Ending.Status.usage, "give --close or --reopen: reopening closes it anew")
    }
  }

  private func period(zone: TimeZone, now: Instant) throws -> ReportPeriod {
    if let from, let until {
      let start = try parsed(from, option: "--from") { try Instant($0, zone: zone) }
      let end = try parsed(until, option: "--until") { try Instant($0, zone: zone) }
      guard start < end else {
        throw Ending(Ending.Status.usage, "--until: \(until) is not after --from \(from)")
      }
      return ReportPeriod(start..<end, zone: zone, now: now)
    }
    let month = try month.map { try parsed($0, option: "--month") { try CivilDate(month: $0) } }
    return ReportPeriod(month: month ?? WallClock(zone).date(at: now).startOfMonth, zone: zone, now: now)
  }
}

extension CostReport {
  /// Whether any of the time lies between looks or holds one.
  fileprivate var isObserved: Bool {
    spaces.contains { space in
      guard let first = space.firstLook, let last = space.lastLook else { return false }
      return first < period.range.upperBound && last >= period.range.lowerBound
    }
  }
}
