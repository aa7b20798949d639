import ArgumentParser
import History
import Spaces
import Timelines

struct ExportActivity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "activity",
    abstract: "Export the visits that were imported as CSV.",
    discussion: """
      For example:
      spaceplan export activity --output visits.csv

      A line for each second and Space in which anybody came, with the columns
      at, space and count; one of count 0 where what is known of a Space begins or
      ends without a visit. What is written can be imported again, and then comes
      out the same. Visits that looks recorded are not part of it.
      """)

  @Option(help: ArgumentHelp("Only the visits of this Space.", valueName: "space"))
  var space: String?

  @Option(help: ArgumentHelp("Write it here. (default: standard output)", valueName: "file"))
  var output = "-"

  @OptionGroup var database: DatabaseOption

  func run() throws {
    let space = try space.map { text in try parsed(text, option: "--space") { try SpaceID($0) } }
    let history = try database.open(.existing)
    let known = try history.spaces()
    if let space, !known.contains(where: { $0.names.contains(space) }) {
      let nearest = space.nearest(among: known.map(\.name))
      throw Ending(
        Ending.Status.usage,
        "--space: the history knows no Space \(space)" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
    try writeFile(to: output) { try history.exportVisits(of: space, $0) }
    for space in space.map({ [$0] }) ?? known.map(\.name) {
      let spans = try history.visitSpans(of: space)
      // What is longer an import leaves open, too.
      for (before, after) in zip(spans, spans.dropFirst())
      where after.lowerBound - before.upperBound <= Silence.longest {
        Terminal.tell(
          "\(space): who came between \(before.upperBound) and \(after.lowerBound) is not known, and a file can't "
            + "say so; imported as one, it would say that nobody came. Cut it in two there.")
      }
    }
  }
}
