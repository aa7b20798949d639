import Money
import Pricing
import Spaces
import TestSupport
import Testing
import Timelines

private let text = """
  # Ours.
  version: 1
  billing: { stages: [{ from: 2023-01-01, billable: [RUNNING] }] }
  hardware:
    t4-small:   # cheap
      label: T4
      prices:
        # The first.
        - { from: 2023-01-01, per_hour: 0.60 }
        - from: 2024-01-01
          per_hour: 0.50
          source: a page

    # The next one is dear.
    a10g-small:
      prices: [{ from: 2023-01-01, per_hour: 1.00 }]
  # About storage.
  storage:
    small: { prices: [{ from: 2023-01-01, per_month: 5 }] }
  """

private func entry(_ hardware: String, _ perHour: String, label: String? = nil, learned: String? = nil) throws
  -> PriceEntry
{
  PriceEntry(
    hardware: SpaceHardware(rawValue: hardware), label: label, perHour: try Money(perHour),
    from: try CivilDate("2026-11-02"), learned: try learned.map { try CivilDate($0) }, source: "seen")
}

@Test func aPriceIsAddedBehindTheOthersAndNothingElseChanges() throws {
  var file = PriceFile(name: "p.yaml", text: text)
  try file.add(try entry("t4-small", "0.4"))
  #expect(
    file.text
      == text.replacing(
        "source: a page\n",
        with: "source: a page\n      - { from: 2026-11-02, per_hour: 0.40, source: seen }\n") + "\n")
  #expect(file.added == [13])
}

@Test func newHardwareComesAtTheEndOfTheOthers() throws {
  var file = PriceFile(name: "p.yaml", text: text)
  try file.add(try entry("b300", "7", label: "Nvidia B300 #1", learned: "2026-11-05"))
  try file.add(try entry("b300x8", "56.125"))
  let added = """
        prices: [{ from: 2023-01-01, per_hour: 1.00 }]

      b300:
        label: "Nvidia B300 #1"
        prices:
          - { from: 2026-11-02, per_hour: 7.00, learned: 2026-11-05, source: seen }

      b300x8:
        prices:
          - { from: 2026-11-02, per_hour: 56.125, source: seen }
    # About storage.
    """
  #expect(file.text.contains(added), "\(file.text)")
  #expect(file.added == Array(17...25))
}

@Test func whereTheWayIsNotFoundNothingIsWritten() throws {
  var file = PriceFile(name: "p.yaml", text: text)
  let error = #expect(throws: PriceFileProblem.self) { try file.add(try entry("a10g-small", "0.9")) }
  #expect(error?.description == "p.yaml: the prices of a10g-small are no list with a line for each")
  #expect(file.added.isEmpty)
}

/// What the Hub lists is rounded; the price that is written down is one that is listed so.
@Test(arguments: [
  (6667, "0.4"), (0, "0"), (16667, "1"), (500, "0.03"), (41667, "2.5"), (391_667, "23.5"), (10_000, "0.6"),
  (6668, "0.4001"), (1, "0.00006"),
])
func thePriceOfAnHourIsTheSimplest(micro: Int64, perHour: String) throws {
  let listed = ListedPrice(hardware: .t4Small, microDollarsPerMinute: micro)
  #expect(try listed.perHour == Money(perHour))
}

@Test(arguments: 1...UInt64(200)) func aPublishedPriceIsFoundAgain(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let perHour = Money(nanoDollars: Int128.random(in: 0...5000, using: &random) * 10_000_000)
  let micro = (perHour.nanoDollars + 30_000) / 60_000
  let listed = ListedPrice(hardware: .t4Small, microDollarsPerMinute: Int64(micro))
  #expect(listed.agrees(with: perHour))
  #expect(listed.perHour == perHour)
  #expect(!listed.agrees(with: perHour + Money(nanoDollars: 70_000)))
}

@Test func theTableIsComparedWithWhatIsListed() throws {
  let table = PriceTable.read([("p.yaml", text)]).table
  let now = try Instant("2026-11-02", zone: .gmt)
  func listed(_ hardware: String, _ micro: Int64) -> ListedPrice {
    ListedPrice(hardware: SpaceHardware(rawValue: hardware), microDollarsPerMinute: micro)
  }
  #expect(
    table.differences(from: [listed("t4-small", 8333), listed("b300", 100_000)], at: now) == [
      .new(listed("b300", 100_000)), .notListed(.a10gSmall, perHour: try Money("1")),
    ])
  #expect(
    table.differences(from: [listed("t4-small", 6667), listed("a10g-small", 16667)], at: now)
      == [.changed(listed("t4-small", 6667), from: try Money("0.5"))])
}
