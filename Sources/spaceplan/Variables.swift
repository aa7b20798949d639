import Foundation
import Spelling

/// What the environment says of options that the command line leaves out.
enum Variables {
  private static let prefix = "SPACEPLAN_"
  private static let values = ["DATABASE", "FORMAT", "NOW", "PRICING", "SCHEDULES", "ZONE"]
  private static let flags = ["QUIET", "VERBOSE"]
  private static let yes = ["1", "true", "yes", "on"]
  private static let no = ["0", "false", "no", "off"]

  /// The value of a variable, by its name behind the prefix; nil where it is empty.
  static func value(_ name: String) -> String? {
    let text = ProcessInfo.processInfo.environment[prefix + name]
    return text?.isEmpty == false ? text : nil
  }

  static func flag(_ name: String) -> Bool { value(name).map { yes.contains($0.lowercased()) } ?? false }

  /// What the command line says, else the environment, and which of the two for messages.
  static func given(_ option: String?, _ name: String) -> (text: String, source: String)? {
    if let option { return (option, "--" + name.lowercased()) }
    return value(name).map { ($0, prefix + name) }
  }

  /// Warns of variables that nobody reads, and refuses words that no command knows.
  /// - Parameter formats: of all commands: the variable is for those that know its word.
  static func check(formats: [String]) throws {
    for name in flags {
      guard let text = value(name), !(yes + no).contains(text.lowercased()) else { continue }
      throw Ending(Ending.Status.usage, "\(prefix)\(name) is '\(text)'; it takes 1 or 0")
    }
    if let text = value("FORMAT"), !formats.contains(text) {
      throw Ending(
        Ending.Status.usage,
        "SPACEPLAN_FORMAT is '\(text)', which is none of \(formats.joined(separator: ", "))")
    }
    let known = (values + flags).map { prefix + $0 }
    let given = ProcessInfo.processInfo.environment.keys.filter {
      $0.hasPrefix(prefix) && !known.contains($0)
    }
    for name in given.sorted() {
      let nearest = Spelling.nearest(to: name, among: known)
      Terminal.tell(
        "\(name) is no variable of this program" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
  }
}
