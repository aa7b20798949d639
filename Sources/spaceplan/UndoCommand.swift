import Acting
import ArgumentParser
import History
import JSON
import Planning
import Reports
import Schedules
import Spaces
import Timelines

struct UndoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Put Spaces back to the hardware and sleep time that a run found.",
    discussion: """
      For example:  spaceplan undo --dry-run

      Each Space is held as the run found it until its next boundary. One that
      has changed since is left as it is. Without a number it is the last run
      that changed something; a run tells its number.
      """)

  @Argument(help: ArgumentHelp("The run's number.", valueName: "run"))
  var number: Int64?

  @Flag(help: "Do it without asking.")
  var yes = false

  @OptionGroup var options: InterventionOptions

  func run() async throws {
    let history = try options.database.open(.existing)
    guard let number = try number ?? history.lastRunWithChanges() else {
      return try options.showNothing("no run has changed anything yet", members: members(Telling()))
    }
    guard let start = try history.start(ofRun: number) else {
      throw Ending(Ending.Status.usage, "there was no run \(number)")
    }
    let reason = "undo of run \(number), \(start)"
    let shown = try await intervene(number, reason, isPreview: true)
    let isReal = try options.moment.isReal()
    let isOver = options.dryRun || !isReal || shown.telling.holds.isEmpty
    if isOver || (options.isForPeople && !yes) { show(shown) }
    guard !isOver, try yes || Terminal.confirm("Put them back?", option: "--yes") else { return }
    let done = try await intervene(number, reason, isPreview: false) { telling in
      guard telling.isSame(as: shown.telling) else {
        throw Ending(
          Ending.Status.actionFailed, "Spaces have changed meanwhile, so nothing was undone; try again")
      }
    }
    show(done)
    try done.result.end()
  }

  private func show(_ step: (result: RunResult, scene: Scene, telling: Telling)) {
    options.show(
      step.result, step.scene, lines: lines(step.telling, step.scene), members: members(step.telling))
  }

  private struct Telling {
    var holds: [Hold] = []
    var left: [(space: SpaceID, reason: String)] = []

    func isSame(as other: Telling) -> Bool {
      holds.map(\.space) == other.holds.map(\.space) && holds.map(\.settings) == other.holds.map(\.settings)
    }
  }

  private func intervene(
    _ number: Int64, _ reason: String, isPreview: Bool, check: (Telling) throws -> Void = { _ in }
  ) async throws -> (result: RunResult, scene: Scene, telling: Telling) {
    try await options.intervene(isPreview: isPreview) { scene in
      var telling = Telling()
      for (space, undo) in try await scene.runner.undo(ofRun: number, on: scene.fleet) {
        switch undo {
        case .hold(let settings, let until):
          telling.holds.append(
            Hold(space, settings, during: scene.now..<until, reason: reason, madeBy: options.name))
        case .left(let reason): telling.left.append((space, reason))
        }
      }
      try check(telling)
      try telling.holds.forEach(scene.history.add)
      return (Set(telling.holds.map(\.space)), telling)
    }
  }

  private func lines(_ telling: Telling, _ scene: Scene) -> [String] {
    telling.holds.map { hold in
      let situation = scene.situations.first { $0.space == hold.space }
      let clock = situation?.clock ?? WallClock(.gmt)
      let against = situation?.givenUp.last { $0.range.contains(scene.now) }
      return "\(hold.space): \(hold.settings), held until \(clock.longText(at: hold.until))"
        + (against.map { ", against \($0.title)" } ?? "") + "."
    } + telling.left.map { "\($0.space): left as it is: \($0.reason)." }
  }

  private func members(_ telling: Telling) -> [String: JSONValue] {
    [
      "holds": .array(telling.holds.map(\.json)),
      "left": .array(
        telling.left.map { ["space": .string($0.space.description), "why": .string($0.reason)] }),
    ]
  }
}
