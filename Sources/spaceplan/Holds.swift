import ArgumentParser
import History
import JSON
import Pricing
import Reports
import Timelines

struct Holds: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "holds",
    abstract: "List the holds that stand.",
    discussion: "For example:  spaceplan holds --all --format json")

  @Flag(help: "List those that have ended, too.")
  var all = false

  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var format: FormatOption<Run.Format>

  func run() throws {
    let now = try moment.clock()()
    let holds = try database.open(.existing).holds().filter { all || $0.stands(at: now) }
    switch format.read(default: .table) {
    case .table where holds.isEmpty: Terminal.tell(all ? "no hold was ever made" : "no hold stands")
    case .table: Terminal.show(table(holds, at: now))
    case .json: Terminal.show(JSONValue.array(holds.map(\.json)).text + "\n")
    }
  }

  private func table(_ holds: [Hold], at now: Instant) -> String {
    var table = TextTable([
      .left("SPACE"), .left("HOLDS"), .left("UNTIL"), .left("WHO"), .left("MADE"), .left("REASON"),
    ])
    for hold in holds {
      let ended =
        hold.released.map { "released \($0.at) by \($0.by)" }
        ?? (hold.until > now ? nil : "\(hold.until), ended")
      table.add([
        TextTable.Cell(hold.space.description, ended == nil ? .bold : .dim), "\(hold.settings)",
        "\(ended ?? hold.until.description)", "\(hold.madeBy)", "\(hold.from)", "\(hold.reason)",
      ])
    }
    return table.text(Terminal.style, width: Terminal.width)
  }
}

extension Hold {
  var json: JSONValue {
    [
      "space": .text(space), "hardware": .text(hardware), "sleep": .number(sleep?.hubSeconds),
      "state": .text(settings.state?.rawValue), "replicas": .number(replicas), "from": .text(from),
      "until": .text(until), "reason": .text(reason), "who": .text(madeBy),
      "released_at": .text(released?.at), "released_by": .text(released?.by),
    ]
  }

  /// `2026-11-02T17:00:00Z by anna@laptop (demo)`.
  var summary: String { "until \(until) by \(madeBy)" + (reason.isEmpty ? "" : " (\(reason))") }
}
