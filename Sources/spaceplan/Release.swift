import Acting
import ArgumentParser
import History
import Reports
import Spaces

struct Release: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release",
    abstract: "End the holds of a Space now, and put things back.",
    discussion: "For example:  spaceplan release acme/chat")

  @Argument(help: ArgumentHelp("The Space.", valueName: "owner/name"))
  var space: String?

  @Flag(help: "End the holds of all Spaces.")
  var all = false

  @OptionGroup var options: InterventionOptions

  func validate() throws {
    if (space == nil) != all { throw ValidationError("Name a Space, or give --all.") }
  }

  func run() async throws {
    let id = try space.map { text in try parsed(text, option: "the Space") { try SpaceID($0) } }
    let now = try options.moment.clock()()
    guard try options.database.open(.existing).holds(of: id).contains(where: { $0.stands(at: now) }) else {
      guard let id else { return try options.showNothing("no hold stands", members: ["released": []]) }
      throw Ending(Ending.Status.usage, "no hold of \(id) stands; `spaceplan holds` lists those that do")
    }
    let (result, scene, released) = try await options.intervene { scene in
      let released = try scene.history.releaseHolds(of: id, at: scene.now, by: options.name)
      return (Set(released.map(\.space)), released)
    }
    options.show(
      result, scene,
      lines: released.map {
        "\(scene.isDryRun ? "Would be released" : "Released"): \($0.space), held \($0.summary): \($0.settings)."
      },
      members: ["released": .array(released.map(\.json))])
    try result.end()
  }
}
