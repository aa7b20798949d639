import ArgumentParser
import Pricing
import Schedules

struct SchemaCommand: ParsableCommand {
  enum Kind: String, ExpressibleByArgument, CaseIterable { case schedules, pricing }

  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of rule or pricing files, for editors.",
    discussion: """
      For example:  spaceplan schema schedules > schedules.schema.json

      An editor with YAML support completes and checks a file that begins with:
      # yaml-language-server: $schema=../schedules.schema.json
      """)

  @Argument(help: ArgumentHelp("schedules or pricing.", valueName: "kind"))
  var kind: Kind

  func run() {
    switch kind {
    case .schedules: Terminal.show(Schedules.jsonSchema)
    case .pricing: Terminal.show(PriceTable.jsonSchema)
    }
  }
}
