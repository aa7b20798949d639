import Money
import Pricing
public import Spaces
public import Timelines

/// What became known of closed months, as rows of a later one: `ChargeClass` is `Correction`, the charge period is
/// the day that is corrected, and the billing period the month that takes it over.
extension FocusTable {
  static let correction = "Correction"

  /// The rows that make the sums of closed months and of the month that takes them over what is known now.
  ///
  /// A row for each day, Space, SKU and price of which the time, a cost or a bound differs. Another price is two
  /// rows: what was at the old one is taken back, and is at the new one. The bounds are differences too, so that
  /// they need not lie around the cost.
  /// - Parameters:
  ///   - kept: closed months as they were written, with the corrections that they took over.
  ///   - month: the first day of the month that takes them over; the table has the days before it that they are
  ///     of, as they are known now.
  ///   - names: present names of Spaces that were renamed, by former ones.
  public func corrections(
    of kept: [FocusTable], bookedIn month: CivilDate, names: [SpaceID: SpaceID]
  ) -> FocusTable {
    let columns = FocusFields(version)
    var differences: [FocusKey: FocusDifference] = [:]
    for row in rows {
      differences[FocusKey(row, columns, names), default: FocusDifference(row)].add(row, columns, sign: 1)
    }
    for row in kept.flatMap(\.rows) {
      differences[FocusKey(row, columns, names), default: FocusDifference(row)].add(row, columns, sign: -1)
    }
    // What is told beside amounts is as it is now, so that one thing is called one name in one file.
    let accounts = Dictionary(rows.map { ($0.account, $0) }) { $1 }
    let prices = Dictionary(rows.map { (columns["SkuPriceId", $0], $0) }) { $1 }
    return FocusTable(
      version,
      differences.filter { !$0.value.isNothing }.sorted { $0.key < $1.key }.map { key, difference in
        var row = difference.row(correcting: key, in: month, columns)
        row.copy(["BillingAccountId", "BillingAccountType"], from: accounts[row.account], columns)
        row.copy(["SkuPriceDetails"], from: prices[key.priceID], columns)
        return row
      })
  }

  /// With rows of one month that it has no corrections of yet.
  public func taking(over corrections: FocusTable) -> FocusTable {
    guard let first = corrections.rows.first?.bookedOn else { return self }
    return FocusTable(
      version,
      rows.filter { $0.bookedOn < first } + corrections.rows + rows.filter { $0.bookedOn >= first })
  }

  /// The Spaces of a closed month whose hardware was paid for by a grant, and those whose hardware was not; one of
  /// which the rows don't tell is missing.
  public func grants(names: [SpaceID: SpaceID]) -> [SpaceID: Bool] {
    let columns = FocusFields(version)
    return rows.reduce(into: [:]) { grants, row in
      guard !row.isCorrection, !columns["x_HardwareFlavor", row].isEmpty,
        let list = try? Money(columns["ListUnitPrice", row]), list != .zero,
        let contracted = try? Money(columns["ContractedUnitPrice", row]),
        let space = try? SpaceID(resource: columns["ResourceId", row])
      else { return }
      grants[names[space] ?? space] = contracted == .zero
    }
  }
}

extension SpaceID {
  fileprivate static let resourcePrefix = "spaces/"

  fileprivate init(resource: String) throws(InvalidSpaceID) {
    try self.init(String(resource.dropFirst(Self.resourcePrefix.count)))
  }
}

/// Where a version has its columns.
private struct FocusFields {
  private let places: [String: Int]

  init(_ version: FocusVersion) {
    places = Dictionary(uniqueKeysWithValues: version.columns.enumerated().map { ($1.id, $0) })
  }

  subscript(_ column: String, _ row: FocusTable.Row) -> String {
    places[column].map { row.fields[$0] } ?? ""
  }

  func set(_ column: String, _ text: String, in fields: inout [String]) {
    if let place = places[column] { fields[place] = text }
  }
}

extension FocusTable.Row {
  fileprivate mutating func copy(_ names: [String], from other: FocusTable.Row?, _ columns: FocusFields) {
    guard let other else { return }
    var fields = fields
    for name in names { columns.set(name, columns[name, other], in: &fields) }
    self = FocusTable.Row(
      day: day, month: month, isCorrection: isCorrection, account: account, billedCost: billedCost,
      fields: fields)
  }
}

/// What makes a row one of its own.
private struct FocusKey: Hashable, Comparable {
  let day: CivilDate
  /// By its present name.
  let resource: String
  let priceID: String
  let listPrice: String
  let contractedPrice: String

  init(_ row: FocusTable.Row, _ columns: FocusFields, _ names: [SpaceID: SpaceID]) {
    day = row.day
    let resource = columns["ResourceId", row]
    let present = (try? SpaceID(resource: resource)).flatMap { names[$0] }
    self.resource = present.map { SpaceID.resourcePrefix + $0.description } ?? resource
    priceID = columns["SkuPriceId", row]
    listPrice = columns["ListUnitPrice", row]
    contractedPrice = columns["ContractedUnitPrice", row]
  }

  static func < (left: FocusKey, right: FocusKey) -> Bool {
    if left.day != right.day { return left.day < right.day }
    let texts = [
      (left.resource, right.resource), (left.priceID, right.priceID), (left.listPrice, right.listPrice),
      (left.contractedPrice, right.contractedPrice),
    ]
    guard let (first, second) = texts.first(where: { $0 != $1 }) else { return false }
    return first.utf8.lexicographicallyPrecedes(second.utf8)
  }
}

/// What is known now of a row, less what was written of it.
private struct FocusDifference {
  private static let amounts = [
    "BilledCost", "ContractedCost", "EffectiveCost", "ListCost", "PricingCurrencyEffectiveCost",
    "x_EffectiveCostHigh", "x_EffectiveCostLow",
  ]

  /// One that has the rest of what is to be written; as it is now, where it is at all.
  private let model: FocusTable.Row
  private var money: [String: Money] = [:]
  private var time = BilledTime.zero

  init(_ model: FocusTable.Row) { self.model = model }

  mutating func add(_ row: FocusTable.Row, _ columns: FocusFields, sign: Int128) {
    for column in Self.amounts {
      guard let amount = try? Money(columns[column, row]) else { continue }
      money[column, default: .zero] += sign < 0 ? -amount : amount
    }
    // Written with 12 digits, which tell the seconds.
    let seconds =
      Self.trillionths(columns["ConsumedQuantity", row]) * Int128(Self.seconds(ofUnit: row, columns))
    time += BilledTime(seconds: sign * seconds.dividedHalfToEven(by: .powerOfTen(12)))
  }

  var isNothing: Bool { time == .zero && money.values.allSatisfy { $0 == .zero } }

  func row(correcting key: FocusKey, in month: CivilDate, _ columns: FocusFields) -> FocusTable.Row {
    var fields = model.fields
    for (column, amount) in money { columns.set(column, amount.text(decimals: 1...9), in: &fields) }
    let consumed = Self.seconds(ofUnit: model, columns)
    columns.set("ConsumedQuantity", time.text(in: consumed, atLeast: 1), in: &fields)
    columns.set("PricingQuantity", time.text(in: secondsOfPricingUnit(columns), atLeast: 1), in: &fields)
    columns.set("ResourceId", key.resource, in: &fields)
    columns.set("ChargeClass", FocusTable.correction, in: &fields)
    columns.set("ChargeDescription", description(of: key, columns), in: &fields)
    columns.set("BillingPeriodStart", month.startInUTC.description, in: &fields)
    columns.set("BillingPeriodEnd", month.startOfNextMonth.startInUTC.description, in: &fields)
    return FocusTable.Row(
      day: model.day, month: month, isCorrection: true, account: model.account,
      billedCost: money["BilledCost"] ?? .zero, fields: fields)
  }

  /// One sentence that can stand alone.
  private func description(of key: FocusKey, _ columns: FocusFields) -> String {
    let space = key.resource.dropFirst(SpaceID.resourcePrefix.count)
    let isHardware = !columns["x_HardwareFlavor", model].isEmpty
    let sku = columns["SkuId", model].dropFirst(isHardware ? "spaces-".count : "spaces-storage-".count)
    let name = isHardware ? String(sku) : "\(sku) storage"
    let price = (try? Money(key.listPrice)).map(NumberText.price) ?? key.listPrice
    let rate = "\(price) \(columns["BillingCurrency", model]) \(isHardware ? "an hour" : "a month")"
    let known = "Correction of \(key.day): by what is known now, Space \(space) had"
    guard time != .zero else {
      return "\(known) the same time of \(name) at \(rate), but not the same cost or bounds."
    }
    let magnitude = time < .zero ? BilledTime.zero - time : time
    let amount = magnitude.text(in: Self.seconds(ofUnit: model, columns), atLeast: 0)
    let unit = columns["ConsumedUnit", model].lowercased()
    return
      "\(known) \(amount) \(amount == "1" ? String(unit.dropLast()) : unit) \(time < .zero ? "less" : "more")"
      + " of \(name) at \(rate)."
  }

  // MARK: Units

  private static func seconds(ofUnit row: FocusTable.Row, _ columns: FocusFields) -> Int64 {
    columns["ConsumedUnit", row] == "Hours" ? 3600 : 60
  }

  private func secondsOfPricingUnit(_ columns: FocusFields) -> Int64 {
    guard columns["PricingUnit", model] == "Months" else { return 3600 }
    return (model.day.startOfNextMonth.dayNumber - model.day.startOfMonth.dayNumber) * 86_400
  }

  /// A decimal as it is written; nothing for what is none.
  private static func trillionths(_ text: String) -> Int128 {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count <= 12, let whole = Int128(parts[0]),
      let fraction = Int128(parts[1] + String(repeating: "0", count: 12 - parts[1].count))
    else { return 0 }
    return whole * .powerOfTen(12) + (text.hasPrefix("-") ? -fraction : fraction)
  }
}
