import ArgumentParser
import Spelling

extension Spaceplan {
  /// Where a command is misspelt the parser complains of what follows it, and of the word itself says only that it did
  /// not expect it.
  ///
  /// - Parameter arguments: without the program's name.
  /// - Throws: an ``Ending`` for a word that stands in the place of a command and is none.
  static func refuseUnknownCommands(in arguments: [String]) throws {
    var command: any ParsableCommand.Type = Spaceplan.self
    var path = ""
    for word in arguments {
      let known = command.configuration.subcommands
      // `help` is the parser's own.
      guard !known.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
      guard let next = known.first(where: { $0._commandName == word }) else {
        let nearest = Spelling.nearest(to: word, among: known.map { $0._commandName })
        throw Ending(
          Ending.Status.usage,
          "there is no command '\(path)\(word)'; "
            + (nearest.map { "did you mean '\(path)\($0)'?" }
              ?? "`spaceplan \(path)--help` lists those that there are"))
      }
      command = next
      path += word + " "
    }
  }
}
