public import LocatedYAML
import Money
import Spaces
import Spelling
import Timelines

extension PriceTable {
  /// Reads pricing files as one table: prices and rules add up; where two files describe the same hardware, the
  /// later one wins.
  /// - Parameter files: their names, for messages, and their text.
  /// - Returns: what could be read, and every mistake, in order of place. With an error among them the table
  ///   lacks something and must not be used for charges.
  public static func read(
    _ files: [(name: String, text: String)]
  ) -> (table: PriceTable, diagnostics: [Diagnostic]) {
    read(files.map { YAMLReader(file: $0.name, text: $0.text) })
  }

  /// The same from the bytes of files, which must be UTF-8.
  /// - Parameter files: their names, for messages, and their bytes.
  public static func read(
    _ files: [(name: String, bytes: some Sequence<UInt8>)]
  ) -> (table: PriceTable, diagnostics: [Diagnostic]) {
    read(files.map { YAMLReader(file: $0.name, bytes: $0.bytes) })
  }

  private static func read(_ files: [YAMLReader]) -> (table: PriceTable, diagnostics: [Diagnostic]) {
    var draft = PriceTableDraft()
    for file in files { draft.read(file) }
    return (draft.table, draft.finishedDiagnostics(firstFile: files.first?.file).sorted())
  }
}

/// A table while its files are read.
private struct PriceTableDraft {
  private var currency: String?
  private var rounding: PriceTable.Rounding?
  private var billingRules: [BillingRule] = []
  private var hardware: [HardwareListing] = []
  private var storage: [StorageListing] = []
  private var diagnostics: [Diagnostic] = []
  /// Where they are named last.
  private var hardwarePlaces: [SpaceHardware: Place] = [:]
  private var storagePlaces: [SpaceStorage: Place] = [:]

  var table: PriceTable {
    PriceTable(
      currency: currency ?? "USD", rounding: rounding ?? .up, billingRules: billingRules, hardware: hardware,
      storage: storage)
  }

  func finishedDiagnostics(firstFile: String?) -> [Diagnostic] {
    let isBroken = diagnostics.contains { $0.severity == .error }
    guard !isBroken, let firstFile else { return diagnostics }
    guard billingRules.isEmpty else { return diagnostics + withoutPrice }
    return diagnostics + withoutPrice + [
      Diagnostic(
        file: firstFile, message: "no pricing file says which stages are billed",
        hint: "add billing: { stages: [{ from: 2025-11-24, billable: [RUNNING, APP_STARTING] }] }")
    ]
  }

  /// What no file gives a price.
  private var withoutPrice: [Diagnostic] {
    let missing =
      hardware.filter(\.prices.isEmpty).map { ($0.hardware.rawValue, hardwarePlaces[$0.hardware]) }
      + storage.filter(\.prices.isEmpty).map { ($0.storage.rawValue, storagePlaces[$0.storage]) }
    return missing.compactMap { name, place in
      place.map {
        Diagnostic(.warning, at: $0, message: "'\(name)' has no price: what it costs is in no sum")
      }
    }
  }

  mutating func read(_ file: YAMLReader) {
    var reader = file
    if let root = reader.root {
      readFile(root, &reader)
    } else if reader.diagnostics.isEmpty {
      reader.reportEmpty(hint: "a pricing file begins with version: 1")
    }
    diagnostics += reader.diagnostics
  }

  private mutating func readFile(_ root: YAMLValue, _ reader: inout YAMLReader) {
    let keys = ["version", "currency", "billing", "hardware", "storage"]
    guard let members = reader.mapping(root, as: "a pricing file", keys: keys) else { return }
    if let version = members["version"] {
      if version.text != "1" {
        reader.report("this version of pricing files is not known", at: version, hint: "version: 1")
      }
    } else {
      reader.report("a pricing file says its version", at: root, hint: "add version: 1")
    }
    if let value = members["currency"] { readCurrency(value, &reader) }
    if let value = members["billing"] { readBilling(value, &reader) }
    if let value = members["hardware"] {
      for member in reader.namedMembers(value, as: "hardware") {
        let name = SpaceHardware(rawValue: member.name)
        hardwarePlaces[name] = reader.place(of: member.key)
        readHardware(member.value, name, &reader)
      }
    }
    if let value = members["storage"] {
      for member in reader.namedMembers(value, as: "storage") {
        let name = SpaceStorage(rawValue: member.name)
        storagePlaces[name] = reader.place(of: member.key)
        readStorage(member.value, name, &reader)
      }
    }
  }

  private mutating func readCurrency(_ value: YAMLValue, _ reader: inout YAMLReader) {
    guard let text = reader.text(value, as: "currency") else { return }
    guard text.utf8.count == 3, text.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
    else {
      reader.report("'\(text)' is not the code of a currency", at: value, hint: "three capitals: USD")
      return
    }
    if let currency, currency != text {
      reader.report(
        "another file has prices in \(currency)", at: value, hint: "use one currency in all files")
    }
    currency = text
  }

  // MARK: Billing

  private mutating func readBilling(_ value: YAMLValue, _ reader: inout YAMLReader) {
    guard let members = reader.mapping(value, as: "billing", keys: ["rounding", "stages"]) else { return }
    if let value = members["rounding"],
      let word = reader.word(value, as: "a rounding", PriceTable.Rounding.self)
    {
      if let rounding, rounding != word {
        reader.report("another file says rounding: \(rounding.rawValue)", at: value, hint: "say it once")
      }
      rounding = word
    }
    guard let value = members["stages"] else { return }
    for element in reader.sequence(value, as: "stages") {
      guard let rule = billingRule(element, &reader) else { continue }
      if billingRules.contains(where: { $0.from == rule.from && $0.learned == rule.learned }) {
        reportTwice("a billing rule", at: element, &reader)
      }
      billingRules.append(rule)
    }
  }

  private func billingRule(_ value: YAMLValue, _ reader: inout YAMLReader) -> BillingRule? {
    let keys = ["from", "billable", "source", "learned"]
    guard let members = reader.mapping(value, as: "a billing rule", keys: keys) else { return nil }
    let from = required("from", of: members, in: value, as: "a billing rule", &reader)
    let billable = required("billable", of: members, in: value, as: "a billing rule", &reader)
    let instant = from.flatMap { date($0, &reader) }
    let stages = billable.map { stageSet($0, &reader) }
    let learned = members["learned"].flatMap { date($0, &reader) }
    let source = members["source"].flatMap { reader.text($0, as: "source") }
    guard let instant, let stages else { return nil }
    return BillingRule(stages: stages, from: instant, source: source, learned: learned)
  }

  /// A stage that is not known is kept, as the Hub may have new ones, but told if it looks misspelt.
  private func stageSet(_ value: YAMLValue, _ reader: inout YAMLReader) -> Set<SpaceStage> {
    var stages: Set<SpaceStage> = []
    for element in reader.sequence(value, as: "billable", ofTexts: true) {
      guard let text = reader.text(element, as: "a stage") else { continue }
      let stage = SpaceStage(rawValue: text)
      if !Self.knownStages.contains(stage),
        let nearest = Spelling.nearest(to: text, among: Self.knownStages.map(\.rawValue))
      {
        reader.report(
          "'\(text)' is not a stage known so far", at: element, hint: "did you mean '\(nearest)'?",
          severity: .warning)
      }
      stages.insert(stage)
    }
    return stages
  }

  private static let knownStages: [SpaceStage] = [
    .noAppFile, .configError, .building, .buildError, .running, .runningBuilding, .runtimeError, .deleting,
    .stopped, .paused, .appStarting, .runningAppStarting, .sleeping,
  ]

  // MARK: Hardware and storage

  private mutating func readHardware(
    _ value: YAMLValue, _ name: SpaceHardware, _ reader: inout YAMLReader
  ) {
    let keys = ["label", "cpu", "memory_gb", "gpu", "gpu_count", "vram_gb", "disk_gb", "prices"]
    guard let members = reader.mapping(value, as: "hardware", keys: keys) else { return }
    func number(_ key: String) -> Int? {
      members[key].flatMap { reader.number($0, as: key, in: 0...1_000_000_000) }
    }
    func text(_ key: String) -> String? {
      members[key].flatMap { reader.text($0, as: key) }
    }
    let known = hardware.firstIndex { $0.hardware == name }
    var listing = known.map { hardware[$0] } ?? HardwareListing(hardware: name)
    listing.label = text("label") ?? listing.label
    listing.cpu = number("cpu") ?? listing.cpu
    listing.memoryGB = number("memory_gb") ?? listing.memoryGB
    listing.gpu = text("gpu") ?? listing.gpu
    listing.gpuCount = number("gpu_count") ?? listing.gpuCount
    listing.vramGB = number("vram_gb") ?? listing.vramGB
    listing.diskGB = number("disk_gb") ?? listing.diskGB
    if let value = members["prices"] { readPrices(value, "per_hour", into: &listing.prices, &reader) }
    if let known { hardware[known] = listing } else { hardware.append(listing) }
  }

  private mutating func readStorage(_ value: YAMLValue, _ name: SpaceStorage, _ reader: inout YAMLReader) {
    guard let members = reader.mapping(value, as: "storage", keys: ["prices"]) else { return }
    let known = storage.firstIndex { $0.storage == name }
    var listing = known.map { storage[$0] } ?? StorageListing(storage: name)
    if let value = members["prices"] { readPrices(value, "per_month", into: &listing.prices, &reader) }
    if let known { storage[known] = listing } else { storage.append(listing) }
  }

  // MARK: Prices

  /// - Parameter unit: `per_hour` or `per_month`.
  private func readPrices(
    _ value: YAMLValue, _ unit: String, into prices: inout [DatedPrice], _ reader: inout YAMLReader
  ) {
    for element in reader.sequence(value, as: "prices") {
      guard let price = price(element, unit, &reader) else { continue }
      if prices.contains(where: { $0.from == price.from && $0.learned == price.learned }) {
        reportTwice("a price", at: element, &reader)
      }
      prices.append(price)
    }
  }

  private func price(_ value: YAMLValue, _ unit: String, _ reader: inout YAMLReader) -> DatedPrice? {
    let keys = ["from", "until", unit, "source", "learned"]
    guard let members = reader.mapping(value, as: "a price", keys: keys) else { return nil }
    let from = required("from", of: members, in: value, as: "a price", &reader).flatMap { date($0, &reader) }
    let amount = required(unit, of: members, in: value, as: "a price", &reader)
      .flatMap { self.amount($0, unit, &reader) }
    let until = members["until"].flatMap { date($0, &reader) }
    let learned = members["learned"].flatMap { date($0, &reader) }
    let source = members["source"].flatMap { reader.text($0, as: "source") }
    guard let from, let amount else { return nil }
    if let until, let place = members["until"], until <= from {
      reader.report("the price is withdrawn before it begins", at: place, hint: "until is after from")
    }
    return DatedPrice(amount: amount, from: from, until: until, source: source, learned: learned)
  }

  private func amount(_ value: YAMLValue, _ unit: String, _ reader: inout YAMLReader) -> Money? {
    guard let amount = reader.read(value, as: unit, Money.init(_:)) else { return nil }
    guard amount >= .zero, amount.nanoDollars <= 1_000_000 * 1_000_000_000 else {
      reader.report(
        "\(unit) is from 0 to 1000000, not \(amount.text(decimals: 0...9))", at: value,
        hint: amount < .zero ? "what is free costs 0" : nil)
      return nil
    }
    return amount
  }

  // MARK: Parts of all of them

  /// A date, meaning 00:00 UTC, or an instant with a zone.
  private func date(_ value: YAMLValue, _ reader: inout YAMLReader) -> Instant? {
    reader.read(value, as: "a date") { text throws(InvalidTime) in
      guard text.utf8.count <= 10 else { return try Instant(text) }
      return Instant(secondsSince1970: try CivilDate(text).dayNumber * 86_400)
    }
  }

  private func required(
    _ key: String, of members: [String: YAMLValue], in value: YAMLValue, as what: String,
    _ reader: inout YAMLReader
  ) -> YAMLValue? {
    if members[key] == nil { reader.report("\(what) needs '\(key)'", at: value) }
    return members[key]
  }

  private func reportTwice(_ what: String, at value: YAMLValue, _ reader: inout YAMLReader) {
    reader.report(
      "\(what) from this instant is given twice", at: value,
      hint: "remove one, or say when the newer one was learned of: learned: 2026-11-02")
  }
}
