import Foundation
import Pricing
import Simulation
import Spaces
import Timelines
import VisitFiles

/// `simulate --trace`: one Space without any history.
struct TraceCommand {
  let files: [String]
  /// What times without a zone are read by.
  let clock: WallClock?
  /// Without what monitors and crawlers asked for.
  let peopleOnly: Bool
  let hardware: String
  let sleep: String?
  /// Seconds.
  let startup: Int64
  let coldStartCost: String
  let from: Instant?
  let until: Instant?
  let prices: PriceTable
  let now: Instant

  private static let usualSleeps = "5m,15m,30m,1h,4h,12h,24h,48h,never"

  func text(_ format: Simulate.Format, _ look: Terminal.Look) throws -> String {
    guard format == .table || format == .json else {
      throw Ending(
        Ending.Status.usage,
        "--format \(format.rawValue) goes with --schedules or --set; a trace is shown as table or json")
    }
    let hardware = try pricedHardware(hardware, prices, now: now)
    let sleeps = try sleepTimes()
    let perColdStart = try amount(coldStartCost, option: "--cold-start-cost")
    let visits = try readVisits()
    let range = try range(of: visits)
    let result = TraceSimulation(
      visits, in: range, on: hardware, sleeps: sleeps, startup: startup, perColdStart: perColdStart,
      prices: prices.frozen(at: now))
    guard let result else { throw nobody(in: range, visits) }
    if hardware == .cpuBasic {
      Terminal.tell(
        "cpu-basic always sleeps after 48 hours, whatever is asked: so it does in each row")
    }
    return format == .json
      ? result.json.text + "\n" : result.table(look.style, width: look.width, currency: prices.currency)
  }

  private func readVisits() throws -> Visits {
    // A trace needs no Space; where it has a column for it, there is one alone.
    let nameless = try SpaceID("trace/trace")
    var days: [SpaceID: [Visit]] = [:]
    var programs = LogPrograms()
    for file in files {
      let content = try read(file, nameless)
      programs.add(content)
      if from == nil || until == nil, let parts = content.known.values.lazy.compactMap(\.apart).first {
        Terminal.tell(
          "\(file): visits are \(parts); is a clock wrong? --from and --until leave out what is outside of them"
        )
      }
      for (space, visits) in content.visits {
        for (day, ofDay) in visits { days[space, default: []] += ofDay.visits(onDay: day) }
      }
      if content.bad > 0 {
        Terminal.tell(
          "\(file): \(content.bad) of \(content.lines) lines can't be read, such as \(content.firstBad.first?.description ?? "")"
        )
      }
    }
    if let text = programs.text(peopleOnly: peopleOnly) { Terminal.tell(text) }
    let names = days.keys.filter { $0 != nameless }.sorted()
    guard names.count <= 1 else {
      throw Ending(
        Ending.Status.badInput,
        "\(files.joined(separator: ", ")): a trace is of one Space, and these are \(names.count): \(names.prefix(3).map(\.description).joined(separator: ", "))"
      )
    }
    return Visits(days.values.flatMap(\.self))
  }

  private func read(_ file: String, _ nameless: SpaceID) throws -> VisitFileContent {
    var reader = VisitFileReader(
      file: file == "-" ? "standard input" : file, space: nameless, mayName: true, clock: clock,
      peopleOnly: peopleOnly)
    do {
      try readPieces(of: file) { piece, _ in try reader.take(piece) }
      return try reader.finish()
    } catch let error as UnreadableVisits {
      throw Ending(Ending.Status.badInput, "\(error); nothing was simulated")
    }
  }

  private func sleepTimes() throws -> [SleepTime] {
    try (sleep ?? Self.usualSleeps).split(separator: ",", omittingEmptySubsequences: false).map { text in
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

  private func range(of visits: Visits) throws -> Range<Instant> {
    guard let span = visits.span else {
      throw Ending(Ending.Status.badInput, "\(files.joined(separator: ", ")): nobody came")
    }
    let start = from ?? span.lowerBound
    let end = until ?? span.upperBound
    guard start < end else {
      throw Ending(
        Ending.Status.usage, "nothing lies between \(start) and \(end): \(describe(span))")
    }
    guard !visits.clipped(to: start..<end).isEmpty else { throw nobody(in: start..<end, visits) }
    return start..<end
  }

  private func nobody(in range: Range<Instant>, _ visits: Visits) -> Ending {
    let all = visits.span.map { ": \(describe($0))" } ?? ""
    return Ending(
      Ending.Status.badInput,
      "\(files.joined(separator: ", ")): nobody came between \(range.lowerBound) and \(range.upperBound)\(all)"
    )
  }

  private func describe(_ span: Range<Instant>) -> String {
    "visits are from \(span.lowerBound) to \(span.upperBound - 1)"
  }
}
