import ArgumentParser
import Pricing
import Reports
import Schedules

struct SchemaCommand: ParsableCommand {
  enum Kind: String, ExpressibleByArgument, CaseIterable { case schedules, pricing, report }

  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of rule files, pricing files or reports.",
    discussion: """
      For example:  spaceplan schema schedules > schedules.schema.json

      An editor with YAML support completes and checks a file that begins with:
      # yaml-language-server: $schema=../schedules.schema.json
      """)

  @Argument(help: ArgumentHelp("schedules, pricing or report.", valueName: "kind"))
  var kind: Kind

  func run() {
    switch kind {
    case .schedules: Terminal.show(Schedules.jsonSchema)
    case .pricing: Terminal.show(PriceTable.jsonSchema)
    case .report: Terminal.show(CostReport.jsonSchema)
    }
  }
}
