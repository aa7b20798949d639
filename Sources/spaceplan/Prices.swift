import Acting
import ArgumentParser
import Foundation
import Hub
import JSON
import Pricing
import Reports
import Timelines

struct Prices: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prices",
    abstract: "Show the prices, compare them with what the Hub lists, bring them up to date.",
    discussion: """
      For example:  spaceplan prices
                    spaceplan prices diff
                    spaceplan prices update --dry-run
      """,
    subcommands: [ShowPrices.self, DiffPrices.self, UpdatePrices.self], defaultSubcommand: ShowPrices.self)
}

struct ShowPrices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the prices in force.",
    discussion: "For example:  spaceplan prices show --at 2025-10-01")

  @Option(help: ArgumentHelp("The instant or date; else now.", valueName: "instant"))
  var at: String?

  @OptionGroup var pricing: PricingOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var format: FormatOption<Run.Format>

  func run() throws {
    let prices = try pricing.read()
    let instant =
      try at.map { text in try parsed(text, option: "--at") { try Instant($0, zone: .gmt) } }
      ?? moment.clock()()
    switch format.read(default: .table) {
    case .table: Terminal.show(table(prices, at: instant))
    case .json: Terminal.show(json(prices, at: instant).text + "\n")
    }
  }

  private func table(_ prices: PriceTable, at instant: Instant) -> String {
    var table = TextTable([
      .left("HARDWARE"), .left("NAME"), .right("\(prices.currency)/H"), .left("SINCE"), .left("SOURCE"),
    ])
    for (listing, price) in priced(prices, at: instant) {
      table.add([
        TextTable.Cell(listing.hardware.rawValue, .bold), "\(listing.label ?? "")",
        "\(NumberText.price(price.amount))", "\(price.from.description.prefix(10))",
        "\(price.source ?? "")\(prices.isWithdrawn(listing.hardware, at: instant) ? " (not offered any more)" : "")",
      ])
    }
    let stages = prices.billableStages.value(at: instant) ?? []
    let minutes = prices.rounding == .up ? "Started minutes" : "Seconds"
    return table.text(Terminal.style, width: Terminal.width)
      + "\nPrices in force at \(instant). "
      + (stages.isEmpty
        ? "Nothing was billed then.\n"
        : "\(minutes) are billed in \(stages.map(\.rawValue).sorted().joined(separator: ", ")).\n")
  }

  private func json(_ prices: PriceTable, at instant: Instant) -> JSONValue {
    [
      "at": .string(instant.description), "currency": .string(prices.currency),
      "rounding": .string(prices.rounding.rawValue),
      "billable": .array(
        (prices.billableStages.value(at: instant) ?? []).map(\.rawValue).sorted().map(JSONValue.string)),
      "hardware": .array(
        priced(prices, at: instant).map { listing, price in
          [
            "hardware": .string(listing.hardware.rawValue), "label": .text(listing.label),
            "per_hour": .string(price.amount.description), "from": .string(price.from.description),
            "source": .text(price.source),
            "is_withdrawn": .bool(prices.isWithdrawn(listing.hardware, at: instant)),
          ]
        }),
    ]
  }

  private func priced(_ prices: PriceTable, at instant: Instant) -> [(HardwareListing, DatedPrice)] {
    prices.hardware.compactMap { listing in
      prices.price(of: listing.hardware, at: instant).map { (listing, $0) }
    }
  }
}

struct DiffPrices: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare the prices with what the Hub lists now.",
    discussion: """
      For example:  spaceplan prices diff --exit-code

      The Hub lists a minute's price, rounded: two prices agree if they differ by
      at most half a millionth of a dollar a minute.
      """)

  @Flag(help: "End with status 2 if anything differs.")
  var exitCode = false

  @OptionGroup var pricing: PricingOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var talk: QuietOption

  func run() async throws {
    let prices = try pricing.read()
    let differences = prices.differences(from: try await listedPrices(talk), at: try moment.clock()())
    Terminal.show(differences.map { $0.text(prices.currency) + "\n" }.joined())
    if differences.isEmpty { talk.tell("the table has the prices that the Hub lists") }
    if exitCode, !differences.isEmpty { throw Ending(Ending.Status.changesPending) }
  }
}

struct UpdatePrices: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Write what the Hub lists now into the pricing files.",
    discussion: """
      For example:  spaceplan prices update --dry-run

      New prices are added with their date; nothing that is there is changed,
      comments and order stay. Without a folder of prices the table built into
      the program is written out first. Hardware that the Hub lists no more is
      only told: whether it was withdrawn, nobody says.
      """)

  @Flag(help: "Show the lines that would be added; write nothing.")
  var dryRun = false

  @Option(help: ArgumentHelp("Since when the prices hold; else today.", valueName: "date"))
  var from: String?

  @OptionGroup var pricing: PricingOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var talk: QuietOption

  func run() async throws {
    let prices = try pricing.read()
    let now = try moment.clock()()
    let today = WallClock(.gmt).date(at: now)
    let start = try from.map { text in try parsed(text, option: "--from") { try CivilDate($0) } } ?? today
    guard start <= today else {
      throw Ending(Ending.Status.usage, "--from: \(start) is to come; what the Hub lists holds already")
    }
    var files = try pricing.files()
    let differences = prices.differences(from: try await listedPrices(talk), at: now)
    for difference in differences {
      guard let listed = difference.listed else {
        talk.tell(difference.text(prices.currency))
        continue
      }
      // It would hold until that one only, and be no price of today.
      if let newer = prices.price(of: listed.hardware, at: now).map({ WallClock(.gmt).date(at: $0.from) }),
        start < newer
      {
        throw Ending(
          Ending.Status.usage,
          "--from: the price of \(listed.hardware) from \(newer) is newer than \(start); --from must not be before it"
        )
      }
      let entry = PriceEntry(
        hardware: listed.hardware, label: listed.label, perHour: listed.perHour, from: start,
        learned: start < today ? today : nil, source: "listed by the Hub on \(today)")
      // Of several files that describe a hardware, the last counts.
      let index = files.lastIndex { $0.describes(listed.hardware) } ?? files.count - 1
      do throws(PriceFileProblem) {
        try files[index].add(entry)
      } catch {
        throw Ending(
          Ending.Status.badInput,
          "\(error.description); add \(NumberText.price(listed.perHour)) an hour from \(start) for \(listed.hardware) by hand"
        )
      }
    }
    let changed = files.filter { !$0.added.isEmpty }
    for file in changed {
      Terminal.show(file.added.map { "\(file.name):\($0): +\(file.lines[$0 - 1])\n" }.joined())
    }
    guard !changed.isEmpty else { return talk.tell("no price has to be written") }
    guard !dryRun else { return }
    try makeFolder(pricing.folder)
    for file in changed { try writeFile(file.text, to: file.name) }
  }
}

/// What the Hub lists now.
private func listedPrices(_ talk: QuietOption) async throws -> [ListedPrice] {
  try await withHub(talk) { hub in
    try await Terminal.withProgress("looking at the Hub", quiet: talk.isQuiet) {
      try await hub.hardwareOffers().compactMap(ListedPrice.init)
    }
  }
}

extension PriceDifference {
  fileprivate var listed: ListedPrice? {
    switch self {
    case .changed(let listed, _), .new(let listed): listed
    case .notListed: nil
    }
  }

  fileprivate func text(_ currency: String) -> String {
    switch self {
    case .changed(let listed, let perHour):
      "\(listed.hardware): \(NumberText.price(perHour)) in the table, \(NumberText.price(listed.perHour)) \(currency) an hour on the Hub"
    case .new(let listed):
      "\(listed.hardware): not in the table, \(NumberText.price(listed.perHour)) \(currency) an hour on the Hub"
        + (listed.label.map { " (\($0))" } ?? "")
    case .notListed(let hardware, let perHour):
      "\(hardware): \(NumberText.price(perHour)) \(currency) an hour in the table, not listed by the Hub"
    }
  }
}
