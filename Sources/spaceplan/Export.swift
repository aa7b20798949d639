import ArgumentParser
import History
import Reports

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write out what is recorded.",
    discussion: "For example:  spaceplan export history --actions actions.csv",
    subcommands: [ExportHistory.self, ExportActivity.self])
}

struct ExportHistory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Export observations and actions as CSV.",
    discussion: """
      For example:
      spaceplan export history --observations looks.csv --actions actions.csv

      What is written can be imported again, and then comes out the same.
      Holds and what runs need to go on are not part of it: copy the database
      for that. spaceplan holds --all --format json lists all holds.
      """)

  @Option(help: ArgumentHelp("Write what was seen here; - is standard output.", valueName: "file"))
  var observations: String?

  @Option(help: ArgumentHelp("Write what spaceplan did here; - is standard output.", valueName: "file"))
  var actions: String?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var talk: QuietOption

  func validate() throws {
    if observations == nil, actions == nil {
      throw ValidationError("Give --observations FILE, --actions FILE or both.")
    }
    if observations == actions {
      throw ValidationError("--observations and --actions go to one place: name two.")
    }
  }

  func run() throws {
    let history = try database.open(.existing)
    if let observations { try writeFile(to: observations, history.exportObservations) }
    if let actions { try writeFile(to: actions, history.exportActions) }
    let holds = try history.holds().count
    if holds > 0 {
      talk.tell(
        "\(NumberText.count(holds, "hold")) not exported: spaceplan holds --all --format json lists them, and a copy of the database takes them along"
      )
    }
  }
}
