import ArgumentParser
import Foundation

/// The program: each command is one file.
@main
struct Spaceplan: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "spaceplan",
    abstract: "Plans what Hugging Face Spaces run on, and what that costs.",
    discussion: """
      A first look, without an account:      spaceplan demo
      Set up for your Spaces, in a folder:   spaceplan init, spaceplan check
      See what would be done:                spaceplan run --dry-run
      Do it:                                 spaceplan run
      What it cost:                          spaceplan report --month 2026-10
      Does the Hub's bill say the same?      spaceplan reconcile --month 2026-10

      The token comes from HF_TOKEN or from where the official client keeps it.

      These options may also be given as variables: --schedules, --pricing,
      --database, --format, --zone, --now, --quiet and --verbose, as
      SPACEPLAN_SCHEDULES and so on. SPACEPLAN_FORMAT is for the commands that
      know its word.

      Exit status: 0 done; 1 some action failed, or reconcile can't explain
      something; 2 changes are pending
      (run --dry-run --exit-code); 64 wrong usage; 65 bad input file; 69 Hub
      out of reach; 74 a file or database can't be read or written; 75 another
      run holds the lock; 77 not allowed.
      """,
    version: version,
    // Each says its name: to find out all of them from their types takes nearly a tenth of a run with nothing to do.
    subcommands: [
      Init.self, Check.self, SchemaCommand.self, Next.self, Explain.self, Status.self, Observe.self, Run.self,
      HoldCommand.self, Release.self, Holds.self, UndoCommand.self, Report.self, Reconcile.self,
      Simulate.self, Recommend.self, Forecast.self, Prices.self, Import.self, Export.self, Demo.self,
    ])

  /// The words of `--format` that some command knows.
  private static var formats: [String] {
    let all =
      Run.Format.allCases.map(\.rawValue) + Check.Format.allCases.map(\.rawValue)
      + Next.Format.allCases.map(\.rawValue) + Explain.Format.allCases.map(\.rawValue)
      + Report.Format.allCases.map(\.rawValue) + Simulate.Format.allCases.map(\.rawValue)
      + Reconcile.Format.allCases.map(\.rawValue)
    return Set(all).sorted()
  }

  static func main() async {
    // Broken pipes (`spaceplan report | head`) are errors to handle, not a reason to be killed.
    signal(SIGPIPE, SIG_IGN)
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      try refuseUnknownCommands(in: arguments)
      var command = try parseAsRoot()
      try refuseRepeatedOptions(in: arguments)
      try Variables.check(formats: formats)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      guard let ending = Ending(error) else { exit(withError: error) }
      if !ending.message.isEmpty { Terminal.tell("spaceplan: \(ending.message)") }
      Foundation.exit(ending.status)
    }
  }
}
