import CSV
public import Foundation
import JSON
import Money
public import Timelines

extension BillingUsage {
  /// Reads a file that a person downloaded: JSON, or CSV whose columns are known by their heads.
  ///
  /// - Parameters:
  ///   - file: for messages.
  ///   - days: rows of other days are left out, where a column says the day.
  ///   - currency: rows in another are left out, where a column says it.
  /// - Throws: ``UnreadableUsage``
  public init(
    _ data: Data, file: String, days: Range<CivilDate>, currency: String
  ) throws(UnreadableUsage) {
    let first = data.first { !$0.isWhitespace && ![0xEF, 0xBB, 0xBF].contains($0) }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      do {
        self.init(json: try JSONValue(parsing: data), source: file, days: days)
      } catch {
        throw UnreadableUsage(description: "\(file) is \(error)")
      }
      if let problem { throw UnreadableUsage(description: "\(file): \(problem)") }
      return
    }
    self.init()
    var table = UsageTable(file: file, days: days, currency: currency)
    try table.read(data)
    self = table.usage
    if lines.isEmpty, let problem { throw UnreadableUsage(description: "\(file): \(problem)") }
  }
}

extension UInt8 {
  fileprivate var isWhitespace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}

private struct UsageTable {
  let file: String
  let days: Range<CivilDate>
  let currency: String
  private(set) var usage = BillingUsage()
  /// Rows of other months.
  private var outside = 0
  /// What rows say that all the others make.
  private var totals: [Money] = []

  init(file: String, days: Range<CivilDate>, currency: String) {
    (self.file, self.days, self.currency) = (file, days, currency)
  }

  private static let dayNames = ["charge period start", "date", "day", "usage date", "month"]
  private static let ownerNames = ["owner", "account", "organization", "billing account name"]

  mutating func read(_ data: Data) throws(UnreadableUsage) {
    var reader = CSVReader(Array(data))
    guard let header = reader.next() else { throw UnreadableUsage(description: "\(file) is empty") }
    var records: [CSVReader.Record] = []
    while let record = reader.next() { records.append(record) }
    if let failure = reader.failure {
      throw UnreadableUsage(description: "\(file):\(failure.line): \(failure)")
    }
    for (separator, separators) in [(";", "semicolons"), ("\t", "tabs")]
    where header.fields.count == 1 && header.fields[0].contains(separator) {
      throw UnreadableUsage(
        description:
          "\(file): its columns are separated by \(separators); write commas between them on each line, and points in numbers, such as 1234.50"
      )
    }
    let heads = header.fields.map { $0.trimmingCharacters(in: .whitespaces) }
    let names = heads.map(UsageName.init)
    let (column, unit) = try amountColumn(heads, names, records)
    tellColumns(heads, names, amounts: column, unit)

    for record in records { read(record, heads, names, amounts: column, unit) }
    if outside > 0 {
      usage.sources.append("\(NumberText.count(outside, "row")) of other months left out.")
    }
    let sum = usage.lines.reduce(Money.zero) { $0 + $1.amount }
    for total in totals where total != sum {
      usage.unread.append(
        "a row of the file says that the total is \(NumberText.money(total)), and the other rows make \(NumberText.money(sum))."
      )
    }
  }

  private mutating func read(
    _ record: CSVReader.Record, _ heads: [String], _ names: [UsageName], amounts column: Int, _ unit: Int128
  ) {
    let fields = record.fields.map { $0.trimmingCharacters(in: .whitespaces) }
    guard fields.contains(where: { !$0.isEmpty }) else { return }
    var entry = UsageEntry(values: zip(names, fields).map { ($0, $1) })
    entry.owner = entry.value(of: Self.ownerNames)?.text
    guard column < fields.count, let number = UsageNumber(fields[column]) else {
      let text = column < fields.count ? fields[column] : ""
      let cure = text.contains(",") ? ": is its comma a point? Write 1234.50." : "."
      usage.unread.append(
        "line \(record.line): '\(printable(text))' in '\(heads[column])' is no amount of money\(cure)")
      return
    }
    let amount = Money(nanoDollars: number.units(of: unit))
    if let other = entry.value(of: UsageEntry.currencyNames)?.text, other.uppercased() != currency {
      usage.unread.append("line \(record.line): it is in \(printable(other)), not in \(currency).")
      return
    }
    let written = entry.value(of: Self.dayNames)
    let day = written.flatMap { CivilDate(inUsage: $0.text) }
    if let day, !days.contains(day) {
      outside += 1
      return
    }
    if let isOfAll = Self.isTotal(ofAll: entry) {
      if isOfAll { totals.append(amount) }
      return
    }
    if let written, day == nil {
      let head = names.firstIndex { $0.text == written.name }.map { heads[$0] } ?? written.name
      usage.unread.append(
        "line \(record.line): '\(printable(written.text))' in '\(printable(head))' is no date; write it as 2026-10-01 or 2026-10."
      )
      return
    }
    let line = entry.line(amount: amount)
    if let owner = line.space?.owner ?? entry.owner { usage.owners.insert(owner) }
    usage.lines.append(line)
  }

  /// The column with what was charged, and the unit of its numbers in nano-dollars.
  private func amountColumn(
    _ heads: [String], _ names: [UsageName], _ records: [CSVReader.Record]
  ) throws(UnreadableUsage) -> (Int, Int128) {
    let found = names.enumerated().compactMap { index, name in
      UsageAmountName(name).map { (index: index, name: $0) }
    }.sorted { $0.name.rank < $1.name.rank }
    if let best = found.first(where: { $0.name.unit != nil }), let unit = best.name.unit {
      return (best.index, unit)
    }
    guard let best = found.first else {
      throw UnreadableUsage(
        description:
          "\(file) has no column with what was charged, such as 'amount_usd', 'Cost (USD)' or 'usedNanoUsd'; its columns are \(heads.map { "'\(printable($0))'" }.joined(separator: ", "))"
      )
    }
    // Its name does not tell the unit, so something else in the file has to.
    let hasCurrency = names.contains { UsageEntry.currencyNames.contains($0.text) }
    let isShown = records.contains { record in
      best.index < record.fields.count && UsageNumber(record.fields[best.index])?.looksLikeDollars == true
    }
    guard hasCurrency || isShown else {
      let head = printable(heads[best.index])
      throw UnreadableUsage(
        description:
          "\(file): nothing tells the unit of the column '\(head)'; call it '\(head)_usd', '\(head)_cents', '\(head)_micro_usd' or '\(head)_nano_usd'"
      )
    }
    return (best.index, 1_000_000_000)
  }

  private mutating func tellColumns(
    _ heads: [String], _ names: [UsageName], amounts column: Int, _ unit: Int128
  ) {
    func head(of wanted: [String]) -> String? {
      for name in wanted {
        if let index = names.firstIndex(where: { $0.text == name }) { return printable(heads[index]) }
      }
      return nil
    }
    let unitName =
      switch unit {
      case 1: "nano-dollars"
      case 1000: "micro-dollars"
      case 1_000_000: "thousandths of a dollar"
      case 10_000_000: "cents"
      default: "dollars"
      }
    let space = head(of: UsageEntry.spaceNames).map { "Spaces from '\($0)'" } ?? "no column for Spaces"
    let product =
      head(of: UsageEntry.productNames).map { "products from '\($0)'" } ?? "no column for products"
    usage.sources.append(
      "\(file): \(space), \(product), amounts from '\(printable(heads[column]))', in \(unitName).")
  }

  private static let totalWords = ["total", "grand total", "subtotal", "sum"]

  /// A row that adds up others is not one of them: whether it adds up all; nil for usage itself.
  ///
  /// The word for it stands first, or behind the date, or where others have their Space or product.
  private static func isTotal(ofAll entry: UsageEntry) -> Bool? {
    let filled = entry.values.filter { !$0.text.isEmpty }
    let behindDate = filled.first { !dayNames.contains($0.name.text) }?.text
    let space = entry.value(of: UsageEntry.spaceNames)?.text
    let cells = [filled.first?.text, behindDate, space, entry.value(of: UsageEntry.productNames)?.text]
    let words = cells.compactMap { $0?.lowercased() }.filter(totalWords.contains)
    guard !words.isEmpty else { return nil }
    // Of a subtotal nobody says what it adds up, and a Space's total is of that Space.
    return !words.contains("subtotal") && space.map { totalWords.contains($0.lowercased()) } ?? true
  }
}

extension CivilDate {
  /// A day, an instant's day, or a month's first.
  fileprivate init?(inUsage text: String) {
    if let day = (try? CivilDate(String(text.prefix(10)))) ?? (try? CivilDate(month: text)) {
      self = day
    } else {
      return nil
    }
  }
}
