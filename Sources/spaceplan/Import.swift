import ArgumentParser
import History

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take in what other programs recorded.",
    discussion: "For example:  spaceplan import history --observations looks.csv",
    subcommands: [ImportHistory.self, ImportActivity.self])
}

struct ImportHistory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Import observations and actions from CSV.",
    discussion: """
      For example:
      spaceplan import history --observations looks.csv --actions actions.csv

      Columns of observations: observed_at, space, stage, hardware,
      requested_hardware, sleep_time, replicas, storage.
      Columns of actions: at, space, kind, from, to, outcome, reason (kind:
      hardware, sleep, pause, restart, replicas; outcome: done, refused,
      failed, not-sent, unknown).

      Trailing columns may be missing. One bad row rejects both files, and
      nothing is stored; importing a file twice changes nothing. - is standard
      input.
      """)

  @Option(help: ArgumentHelp("What was seen, as CSV.", valueName: "file"))
  var observations: String?

  @Option(help: ArgumentHelp("What spaceplan did, as CSV.", valueName: "file"))
  var actions: String?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var talk: QuietOption

  func validate() throws {
    if observations == nil, actions == nil {
      throw ValidationError("Give --observations FILE, --actions FILE or both.")
    }
    if observations == actions {
      throw ValidationError("--observations and --actions are one file: name two.")
    }
  }

  func run() throws {
    func file(_ path: String?) throws -> ImportFile? {
      try path.map { ImportFile(name: $0, bytes: [UInt8](try readFile($0))) }
    }
    // Read whole before there is a database: a bad file makes none.
    let rows = try HistoryImport(observations: try file(observations), actions: try file(actions))
    let result = try database.open(.createIfMissing).importHistory(rows)
    talk.tell(
      "\(result.observations) observations and \(result.actions) actions imported, \(result.known) rows known already"
    )
  }
}
