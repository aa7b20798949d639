import ArgumentParser
import History

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write out what is recorded.",
    discussion: "For example:  spaceplan export history --actions actions.csv",
    subcommands: [ExportHistory.self])
}

struct ExportHistory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Export observations and actions as CSV.",
    discussion: """
      For example:
      spaceplan export history --observations looks.csv --actions actions.csv

      What is written can be imported again, and then comes out the same.
      """)

  @Option(help: ArgumentHelp("Write what was seen here; - is standard output.", valueName: "file"))
  var observations: String?

  @Option(help: ArgumentHelp("Write what spaceplan did here; - is standard output.", valueName: "file"))
  var actions: String?

  @OptionGroup var database: DatabaseOption

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
  }
}
