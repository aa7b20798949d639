import LocatedYAML
public import Money
public import Spaces
public import Timelines

/// A price to be written into a pricing file.
public struct PriceEntry: Hashable, Sendable {
  public let hardware: SpaceHardware
  /// For hardware that the files do not have yet.
  public let label: String?
  public let perHour: Money
  public let from: CivilDate
  /// When we learned of it, where that is later.
  public let learned: CivilDate?
  public let source: String

  public init(
    hardware: SpaceHardware, label: String? = nil, perHour: Money, from: CivilDate, learned: CivilDate? = nil,
    source: String
  ) {
    self.hardware = hardware
    self.label = label
    self.perHour = perHour
    self.from = from
    self.learned = learned
    self.source = source
  }

  fileprivate var line: String {
    "- { from: \(from), per_hour: \(perHour.text(decimals: 2...9)), "
      + (learned.map { "learned: \($0), " } ?? "") + "source: \(source) }"
  }
}

/// Why an entry has to be written by hand.
public struct PriceFileProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

/// The text of a pricing file, which new prices are written into: its comments and its order stay.
public struct PriceFile: Sendable {
  public let name: String
  private var content: YAMLLines
  /// The lines added so far, from 1.
  public private(set) var added: [Int] = []

  public init(name: String, text: String) {
    self.name = name
    content = YAMLLines(text)
  }

  public var lines: [String] { content.lines }
  public var text: String { content.text }

  /// Whether the file describes a hardware.
  public func describes(_ hardware: SpaceHardware) -> Bool { listing(of: hardware) != nil }

  /// Adds a price behind those of its hardware; hardware that the file does not describe comes at its end.
  /// - Throws: ``PriceFileProblem`` where the file is written in a way that this does not find its way in.
  public mutating func add(_ entry: PriceEntry) throws(PriceFileProblem) {
    let before = PriceTable.read([(name, text)]).table
    if let listing = listing(of: entry.hardware) {
      guard let prices = listing.members["prices"], case .sequence(let elements) = prices.content,
        let last = elements.last, let indent = content.indentOfDash(inLine: last.line)
      else {
        throw PriceFileProblem(
          description: "\(name): the prices of \(entry.hardware) are no list with a line for each")
      }
      insert(
        [String(repeating: " ", count: indent) + entry.line], after: content.endOfBlock(at: last.line, indent)
      )
    } else {
      guard let last = hardware.last else {
        throw PriceFileProblem(description: "\(name): it has no hardware to add \(entry.hardware) to")
      }
      let indent = last.column - 1
      let margin = String(repeating: " ", count: indent)
      insert(
        ["", "\(margin)\(entry.hardware):"]
          + (entry.label.map { ["\(margin)  label: \($0.quotedForYAML)"] } ?? [])
          + ["\(margin)  prices:", "\(margin)    \(entry.line)"],
        after: content.endOfBlock(at: last.line, indent))
    }
    try verify(entry, before)
  }

  /// All that was there is there still, and the new price is read back.
  private func verify(_ entry: PriceEntry, _ before: PriceTable) throws(PriceFileProblem) {
    let (after, diagnostics) = PriceTable.read([(name, text)])
    let start = Instant(secondsSince1970: entry.from.dayNumber * 86_400)
    let isWhole =
      !diagnostics.contains { $0.severity == .error }
      && after.listing(of: entry.hardware)?.prices.contains { $0.amount == entry.perHour && $0.from == start }
        == true
      && before.hardware.allSatisfy { $0.hardware == entry.hardware || after.listing(of: $0.hardware) == $0 }
      && before.storage == after.storage && before.billingRules == after.billingRules
    guard isWhole else {
      throw PriceFileProblem(
        description: "\(name): the price of \(entry.hardware) can't be added without changing what is there")
    }
  }

  // MARK: Finding the way

  private typealias Listing = (line: Int, column: Int, name: String, members: [String: YAMLValue])

  /// In the file's order.
  private var hardware: [Listing] {
    guard let root = YAMLReader(file: name, text: text).root, case .mapping(let keys) = root.content,
      let all = keys.first(where: { $0.key.text == "hardware" })?.value,
      case .mapping(let listed) = all.content
    else { return [] }
    return listed.map { key, value in
      var members: [String: YAMLValue] = [:]
      if case .mapping(let pairs) = value.content {
        for (key, value) in pairs { if let name = key.text { members[name] = value } }
      }
      return (key.line, key.column, key.text ?? "", members)
    }
  }

  private func listing(of hardware: SpaceHardware) -> Listing? {
    self.hardware.first { $0.name == hardware.rawValue }
  }

  private mutating func insert(_ new: [String], after number: Int) {
    content.insert(new, after: number)
    added = added.map { $0 > number ? $0 + new.count : $0 } + (1...new.count).map { number + $0 }
  }
}
