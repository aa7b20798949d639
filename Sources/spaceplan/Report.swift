import ArgumentParser
import Foundation
import History
import Pricing
import Reports
import Timelines

struct Report: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case markdown, csv, focus }

  static let configuration = CommandConfiguration(
    abstract: "Tell what Spaces cost in a month or any other range.",
    usage: "spaceplan report [--month <month> | --from <instant> --until <instant>] [<options>]",
    discussion: """
      For example:
      spaceplan report --month 2026-10
      spaceplan report --month 2026-10 --format csv --output october.csv
      spaceplan report --month 2026-10 --format focus --output focus/

      Without a range it is the present month. --until is not part of the range.
      focus is FOCUS 1.2 Cost and Usage: a row a UTC day, and in a folder a file
      for each account and month, with its schema beside it. The first export of
      a month that is over closes it: its rows never change after that.
      """)

  @Option(help: ArgumentHelp("The month, such as 2026-10.", valueName: "month"))
  var month: String?

  @Option(help: ArgumentHelp("The range's first instant or date.", valueName: "instant"))
  var from: String?

  @Option(help: ArgumentHelp("The instant or date that ends the range.", valueName: "instant"))
  var until: String?

  @OptionGroup var format: FormatOption<Format>

  @Option(
    help: ArgumentHelp("Write to this file, FOCUS also to a folder; - is standard output.", valueName: "file")
  )
  var output: String?

  @Option(
    help: ArgumentHelp("The longest time between two looks that counts as watched.", valueName: "duration"))
  var watchedGap = "15m"

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

  @Flag(help: "Replace the rows of closed months in FOCUS by what is known now.")
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
    if (from == nil) != (until == nil) { throw ValidationError("--from and --until go together.") }
  }

  func run() throws {
    let format = format.read(default: .markdown)
    let zone = format == .focus ? try FocusExport.zone(insteadOf: zone.read()) : try zone.read()
    let now = try moment.clock(zone: zone)()
    let period = try period(zone: zone, now: now)
    let gap = try parsed(watchedGap, option: "--watched-gap") { try DurationText.seconds($0) }
    let prices = try pricing.read()
    try refuseWhatDoesNothing(format)
    if format == .focus { try FocusExport.requireWholeDays(period.range) }
    let rules = try schedules.readIfPresent()
    let history = try database.open(.existing)
    let report = try history.costs(in: period, prices: prices, watchedGap: gap)
    if !report.isObserved {
      Terminal.tell(
        "nobody looked at any Space between \(period.range.lowerBound) and \(period.range.upperBound)")
    }
    let text: String? =
      switch format {
      case .markdown: report.markdown(charts: charts ?? .mermaid, tool: "spaceplan \(Spaceplan.version)")
      case .csv: report.csv(byteOrderMark: bom, crlf: crlf)
      case .focus:
        try FocusExport(report, of: history, rules: rules)
          .csv(orFilesIn: output, closesMonths: moment.isReal(), reopensMonths: reopen)
      }
    if let text { try writeFile(text, to: output ?? "-") }
  }

  private func refuseWhatDoesNothing(_ format: Format) throws {
    let (option, other): (String?, Format) =
      switch format {
      case .markdown: (bom ? "--bom" : crlf ? "--crlf" : nil, .csv)
      case .csv: (charts == nil ? nil : "--charts", .markdown)
      case .focus: charts == nil ? (bom ? "--bom" : crlf ? "--crlf" : nil, .csv) : ("--charts", .markdown)
      }
    if reopen, format != .focus {
      throw Ending(Ending.Status.usage, "--reopen goes with --format focus")
    }
    if let option { throw Ending(Ending.Status.usage, "\(option) goes with --format \(other.rawValue)") }
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
