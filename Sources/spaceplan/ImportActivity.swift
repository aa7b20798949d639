import ArgumentParser
import Foundation
import History
import Reports
import Simulation
import Spaces
import Timelines
import VisitFiles

struct ImportActivity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "activity",
    abstract: "Import who visited Spaces, and when, from CSV or the logs of a web server.",
    discussion: """
      For example:
      spaceplan import activity visits.csv
      spaceplan import activity access.log* --space acme/chat

      CSV has the columns at, space and count, named in the first line. at is
      an instant with its zone, such as 2026-11-02T10:00:00Z, or seconds since
      1970; count may be missing and is 1 then; without space, name it with
      --space. Times without a zone are read by the clock of --zone: one that
      it skips is the end of the gap, one that it shows twice the first.

      Logs are in the common or the combined format, and each request is a
      visit. Either may be in gzip; - is standard input.

      Monitors and crawlers wake a Space and keep it up as people do, so their
      requests count. How many there are is told, by the user agents of the
      combined format (bot, crawler, uptime and the like in the name);
      --people-only takes each for a line that says that nobody came. It takes
      away nothing that is stored: where they were imported before, import into
      a new database (--database).

      Lines that can't be read, or are of a time still to come, are passed
      over, counted and the first few shown. A file that is cut off, or of
      which no line can be read, stops the import, and nothing is stored.

      Visits of one second are added up within a file. Where two files, or a
      file and what is stored, know of the same second of a Space, the larger
      count stays: importing again changes nothing, and logs may overlap.
      From a file's first line about a Space to its last, all of its visits are
      taken to be known, but for more than a year without any: there a clock
      is wrong. Files that follow each other within a day are one.
      Where a file begins or ends without visits, say so by lines of count 0.
      """)

  @Argument(help: "CSV files or logs; - is standard input.")
  var files: [String]

  @Option(help: ArgumentHelp("Whose visits they are, where a file does not tell.", valueName: "space"))
  var space: String?

  // No variable: SPACEPLAN_ZONE says how people read, not how a file was written.
  @Option(help: ArgumentHelp("The time zone of times in CSV that have none.", valueName: "name"))
  var zone: String?

  @Flag(help: "Leave out requests of monitors and crawlers, by the user agents of logs.")
  var peopleOnly = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var talk: QuietOption

  func validate() throws {
    if files.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("Standard input can be read only once.")
    }
  }

  func run() throws {
    let space = try space.map { text in try parsed(text, option: "--space") { try SpaceID($0) } }
    let zone = try zone.map { text in try parsed(text, option: "--zone") { try TimeZone(ianaName: $0) } }
    let now = try MomentOption.latest()
    // Read whole before there is a database: a bad file makes none.
    var visits: VisitDays = [:]
    var known: [SpaceID: [Range<Instant>]] = [:]
    var programs = LogPrograms()
    for file in files {
      let content = try read(file, space, zone.map(WallClock.init), now: now)
      visits.raise(to: content.visits)
      for (space, spans) in content.known { known[space, default: []] += spans }
      programs.add(content)
      tell(of: content, file)
    }
    if let text = programs.text(peopleOnly: peopleOnly) { talk.tell(text) }
    let history = try database.open(.createIfMissing)
    let before = try history.spaces().map(\.name)
    let added = try history.importVisits(visits, known: known)
    tell(of: added.newSpaces, besides: before)
    if peopleOnly, programs.count > 0 { try tellWhatStays(beside: visits, known, in: history) }
    let nobody = added.visits == 0 && added.knowsMore ? ", and that nobody else came in that time" : ""
    talk.tell(
      "\(NumberText.count(added.visits, "new visit")) of \(NumberText.count(known.count, "Space")) stored\(nobody)"
    )
  }

  private func read(
    _ file: String, _ space: SpaceID?, _ clock: WallClock?, now: Instant
  ) throws -> VisitFileContent {
    defer { if !talk.isQuiet { Terminal.wipeProgress() } }
    var reader = VisitFileReader(
      file: file == "-" ? "standard input" : file, space: space, clock: clock, now: now,
      peopleOnly: peopleOnly)
    var (bytes, shown) = (0, 0)
    try readPieces(of: file) { piece, size in
      try reader.take(piece)
      bytes += piece.count
      // At each percent, or where the size is not known at each million bytes.
      let step = max(size.map { $0 / 100 } ?? 0, 1_000_000)
      if bytes / step > shown, !talk.isQuiet {
        shown = bytes / step
        let share = size.flatMap { $0 > 0 ? ", \(min(bytes * 100 / $0, 100)) %" : nil } ?? ""
        Terminal.progress("\(file): \(NumberText.count(reader.lineCount, "line"))\(share)")
      }
    }
    return try reader.finish()
  }

  private func tell(of content: VisitFileContent, _ file: String) {
    for (space, spans) in content.known.sorted(by: { $0.key < $1.key }) {
      guard let parts = spans.apart else { continue }
      Terminal.tell(
        "\(file): visits of \(space) are \(parts), of which nothing is taken to be known; is a clock wrong?")
    }
    guard content.bad > 0 else {
      return talk.tell("\(file): \(NumberText.count(content.good, "line")) read")
    }
    Terminal.tell(
      "\(file): \(NumberText.count(content.good, "line")) read, \(NumberText.count(content.bad, "line")) passed over:"
    )
    for line in content.firstBad { Terminal.tell("  \(line)") }
    let more = content.bad - content.firstBad.count
    if more > 0 { Terminal.tell("  … and \(more) more") }
  }

  /// Visits that were stored before in the time of the files, most likely those that are to be left out.
  private func tellWhatStays(
    beside visits: VisitDays, _ known: [SpaceID: [Range<Instant>]], in history: History
  ) throws {
    for (space, spans) in known.sorted(by: { $0.key < $1.key }) {
      guard let first = spans.map(\.lowerBound).min(), let last = spans.map(\.upperBound).max() else {
        continue
      }
      let stored = try history.visits(of: space, in: first..<last, from: .imported)
      let taken = (visits[space] ?? [:]).flatMap { $1.visits(onDay: $0) }
      let others = (stored.map(\.count) + taken.map { -$0.count }).reduce(0, +)
      if others > 0 {
        Terminal.tell(
          "\(space) keeps \(NumberText.count(others, "visit")) of that time from imports before, as no import takes any away; for people only, import into a new database"
        )
      }
    }
  }

  /// So many names are no slips of fingers.
  private static let mostMisspelt = 20

  /// A name that is near to one known before may be misspelt, and is told by itself; all others in one line.
  private func tell(of new: [SpaceID], besides known: [SpaceID]) {
    var others: [SpaceID] = []
    for space in new {
      guard new.count <= Self.mostMisspelt, let meant = space.nearest(among: known) else {
        others.append(space)
        continue
      }
      Terminal.tell(
        "\(space) was not known before; it is now, by its visits alone: did you mean \(meant)?")
    }
    guard !others.isEmpty else { return }
    Terminal.tell(
      others.named
        + (others.count == 1
          ? " was not known before; it is now, by its visits alone: is the name right?"
          : " were not known before; they are now, by their visits alone: are the names right?"))
  }
}

extension [Range<Instant>] {
  /// When somebody came, where more than a year lies between; nil where all is in one.
  var apart: String? {
    guard count > 1 else { return nil }
    let parts = map { "\($0.lowerBound) to \($0.upperBound - 1)" }.joined(separator: ", and from ")
    return "from \(parts): more than a year lies between"
  }
}
