import ArgumentParser
import Foundation
import JSON

extension Spaceplan {
  /// Of an option that takes one value the parser keeps the last, and so answers another question than was asked.
  ///
  /// - Parameter arguments: without the program's name; they can be parsed.
  /// - Throws: an ``Ending`` for the first that is given more than once.
  static func refuseRepeatedOptions(in arguments: [String]) throws {
    let names = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }.map { $0.prefix { $0 != "=" } }
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    guard counts.contains(where: { $0.value > 1 }) else { return }
    // What takes one value only the parser's own description tells.
    var command = try JSONValue(parsing: Data(_dumpHelp().utf8))["command"]
    for argument in arguments {
      command = command?["subcommands"]?.array?.first { $0["commandName"]?.string == argument } ?? command
    }
    let single = (command?["arguments"]?.array ?? []).filter {
      $0["kind"]?.string == "option" && $0["isRepeating"] != true
    }.flatMap { $0["names"]?.array ?? [] }.compactMap { $0["name"]?.string }
    guard let repeated = names.first(where: { counts[$0] != 1 && single.contains(String($0.dropFirst(2))) })
    else { return }
    throw Ending(Ending.Status.usage, "\(repeated) is given more than once; it takes one value")
  }
}
