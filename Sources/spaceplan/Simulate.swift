import ArgumentParser
import CSV
import Foundation
import Money
import Pricing
import Reports
import Simulation
import Spaces
import Timelines

struct Simulate: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  static let configuration = CommandConfiguration(
    abstract: "Show what Spaces would have cost under other rules, and who would have waited.",
    discussion: """
      For example:
      spaceplan simulate --trace visits.csv --hardware t4-small
      spaceplan simulate --trace access.log.gz --hardware a10g-small --sleep 5m,1h,never

      A trace holds the visits of one Space: CSV with the columns at and count,
      or the log of a web server. The Space is asleep when it begins. Prices are
      those of --now. Beside the sleep times asked for are the one that costs
      least, and what anyone would have paid who knew all visits beforehand.
      """)

  @Option(
    name: .customLong("trace"), parsing: .upToNextOption,
    help: ArgumentHelp("Visits of one Space; - is standard input.", valueName: "file"))
  var traces: [String]

  @Option(help: ArgumentHelp("What it runs on.", valueName: "name"))
  var hardware: String

  @Option(help: ArgumentHelp("Sleep times: durations, numbers of seconds, or never.", valueName: "list"))
  var sleep = "5m,15m,30m,1h,4h,12h,24h,48h,never"

  @Option(help: ArgumentHelp("How long a start takes.", valueName: "duration"))
  var startup = "60s"

  @Option(
    help: ArgumentHelp("What it is taken to cost that visitors wait for a start.", valueName: "amount"))
  var coldStartCost = "0"

  @Option(help: ArgumentHelp("The first instant or date. (default: the first visit)", valueName: "instant"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "The instant or date that ends it. (default: after the last visit)", valueName: "instant")
  )
  var until: String?

  @OptionGroup var format: FormatOption<Format>
  @OptionGroup var zone: ZoneOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var moment: MomentOption

  func run() throws {
    let format = format.read(default: .table)
    let zone = try zone.read()
    let now = try moment.clock(zone: zone)()
    let prices = try pricing.read()
    let hardware = try pricedHardware(prices, at: now)
    let sleeps = try sleepTimes()
    let startup = try parsed(startup, option: "--startup") { try DurationText.seconds($0, bareSeconds: true) }
    let perColdStart = try parsed(coldStartCost, option: "--cold-start-cost") { text in
      let amount = try Money(text)
      guard amount >= .zero else { throw InvalidMoney(text: text, expected: "an amount of 0 or more") }
      return amount
    }
    let from = try from.map { text in try parsed(text, option: "--from") { try Instant($0, zone: zone) } }
    let until = try until.map { text in try parsed(text, option: "--until") { try Instant($0, zone: zone) } }
    let visits = try Visits(traces.flatMap { try readVisits($0) })
    let range = try range(of: visits, from: from, until: until)
    let result = TraceSimulation(
      visits, in: range, on: hardware, sleeps: sleeps, startup: startup, perColdStart: perColdStart,
      prices: prices.frozen(at: now))
    guard let result else { return }
    if hardware == .cpuBasic {
      Terminal.tell(
        "cpu-basic always sleeps after 48 hours; these sleep times are what-ifs that the Hub won't do")
    }
    switch format {
    case .table:
      Terminal.show(result.table(Terminal.style, width: Terminal.width, currency: prices.currency))
    case .json: Terminal.show(result.json.text + "\n")
    }
  }

  private func pricedHardware(_ prices: PriceTable, at now: Instant) throws -> SpaceHardware {
    let named = SpaceHardware(rawValue: hardware)
    guard prices.hourlyPrice(of: named, at: now) == nil else { return named }
    let nearest = prices.hardware(meantBy: hardware, at: now)
    throw Ending(
      Ending.Status.usage,
      "--hardware: '\(hardware)' has no price on \(now)" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
  }

  private func sleepTimes() throws -> [SleepTime] {
    try sleep.split(separator: ",", omittingEmptySubsequences: false).map { text in
      try parsed(text.trimmingCharacters(in: .whitespaces), option: "--sleep") { text in
        guard text != "never" else { return .never }
        let seconds = try DurationText.seconds(text, bareSeconds: true)
        guard let seconds = Int32(exactly: seconds) else {
          throw InvalidTime(text: text, expected: "a sleep time of at most \(Int32.max) seconds")
        }
        return .after(seconds: Int(seconds))
      }
    }
  }

  private func range(of visits: Visits, from: Instant?, until: Instant?) throws -> Range<Instant> {
    let files = traces.joined(separator: ", ")
    guard let span = visits.span else { throw Ending(Ending.Status.badInput, "\(files): nobody came") }
    let start = from ?? span.lowerBound
    let end = until ?? span.upperBound
    guard start < end else {
      throw Ending(
        Ending.Status.usage,
        "nothing lies between \(start) and \(end): visits are from \(span.lowerBound) to \(span.upperBound - 1)"
      )
    }
    guard !visits.clipped(to: start..<end).isEmpty else {
      throw Ending(
        Ending.Status.badInput,
        "\(files): nobody came between \(start) and \(end); visits are from \(span.lowerBound) to \(span.upperBound - 1)"
      )
    }
    return start..<end
  }
}

private func readVisits(_ path: String) throws -> [Visit] {
  try CSVReader(Array(readFile(path))).dropFirst().map { record in
    let at = try Int64(record.fields[0]).map { Instant(secondsSince1970: $0) } ?? Instant(record.fields[0])
    return Visit(at: at, count: Int(record.fields[1]) ?? 1)
  }
}
