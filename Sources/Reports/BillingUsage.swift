public import JSON
public import Money
public import Pricing
public import Spaces
public import Timelines

/// What the Hub says that an account used in a month: its billing usage, as the Hub's own call answers it or as a
/// person downloaded it.
///
/// No document says what either looks like, so they are read by the names that things have in them. What a name
/// does not tell is not guessed: ``unread`` says what was left out and why.
public struct BillingUsage: Sendable {
  public struct Line: Hashable, Sendable {
    /// Nil where none is told, or one that can't be told apart.
    public var space: SpaceID?
    /// A name without its owner.
    var bareName: String?
    /// Whether it is about Spaces, and not about Jobs, Inference or anything else.
    public var isOfSpaces: Bool
    /// What it is called there.
    public var product: String
    /// The hardware, or `storage-` and the name of a storage, as line items have it; nil where it is not told.
    public var hardware: String?
    public var amount: Money
    /// What was billed, added up over replicas; nil where it is not told.
    public var time: BilledTime?
    /// The Hub says that a grant pays for it.
    public var isGranted: Bool
    /// The name that the amount has there.
    var amountName = ""

    /// What is to be paid.
    public var billed: Money { isGranted ? .zero : amount }
  }

  public internal(set) var lines: [Line] = []
  /// The accounts that it is of, where they are known.
  public internal(set) var owners: Set<String> = []
  /// Where it comes from and what was taken for what, each a sentence for people.
  public internal(set) var sources: [String] = []
  /// What was not taken, and why, each a sentence for people.
  public internal(set) var unread: [String] = []
  /// Some place in it is for Spaces, if only an empty one.
  var hasPlaceForSpaces = true

  public init() {}

  /// Why no Space can be compared with it; nil where they can. That nothing is charged has to be told, too.
  public var problem: String? {
    guard !lines.contains(where: \.isOfSpaces) else { return nil }
    if let first = unread.first { return "no amount of a Space could be read: \(first)" }
    return hasPlaceForSpaces ? nil : "nothing in it tells of Spaces"
  }

  /// Of several accounts.
  public static func + (left: BillingUsage, right: BillingUsage) -> BillingUsage {
    var sum = left
    sum.lines += right.lines
    sum.owners.formUnion(right.owners)
    sum.sources += right.sources
    sum.unread += right.unread
    return sum
  }

  /// What is not about Spaces, by product, in order of name.
  public var others: [(product: String, amount: Money)] {
    lines.filter { !$0.isOfSpaces }.reduce(into: [String: Money]()) {
      $0[$1.product, default: .zero] += $1.billed
    }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

/// Text that is no billing usage at all.
public struct UnreadableUsage: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

// MARK: - One entry

/// A thing in the usage with its names and values: an object of JSON, or a row of a table.
struct UsageEntry {
  let values: [(name: UsageName, text: String)]
  /// What it stands under, from the outside: `Spaces`, say.
  var path: [String] = []
  /// Whose usage it is; nil where that is not known.
  var owner: String?

  /// The first of these names that has a value.
  func value(of names: [String]) -> (name: String, text: String)? {
    for name in names {
      if let found = values.first(where: { $0.name.text == name && !$0.text.isEmpty }) {
        return (name, found.text)
      }
    }
    return nil
  }

  static let spaceNames = [
    "space", "space id", "space name", "repo", "repo id", "repo name", "repository", "repository name",
    "resource id", "resource name", "resource", "label", "name",
  ]
  static let productNames = [
    "product", "product id", "product name", "sku id", "service name", "service", "category", "sku", "type",
  ]
  static let hardwareNames = ["hardware", "flavor", "x hardware flavor"]
  static let grantNames = ["free grant", "is granted", "granted"]
  static let currencyNames = ["currency", "billing currency"]

  func line(amount: Money) -> BillingUsage.Line {
    let product = value(of: Self.productNames)?.text
    let named = value(of: Self.spaceNames)
    let category = path.last { !Self.containers.contains($0.lowercased()) }
    let space = named.flatMap { SpaceID(inUsage: $0.text) }
    let service = value(of: ["service name", "service", "category"])?.text
    let tellsKind = [product, category, service].compactMap(\.self)
    let isOfSpaces =
      named?.name.hasPrefix("space") == true
      || (tellsKind.isEmpty ? space != nil : tellsKind.contains { Self.firstWord($0).hasPrefix("space") })
    var line = BillingUsage.Line(
      space: isOfSpaces ? space : nil, bareName: nil, isOfSpaces: isOfSpaces,
      product: product ?? category ?? "(no product)", hardware: nil, amount: amount, time: time(product),
      isGranted: value(of: Self.grantNames).map { ["true", "yes", "1"].contains($0.text.lowercased()) }
        ?? false)
    if isOfSpaces {
      line.hardware = value(of: Self.hardwareNames)?.text ?? product.flatMap(Self.hardware)
      if space == nil, let text = named?.text {
        line.space = owner.flatMap { try? SpaceID("\($0)/\(text)") }
        if line.space == nil { line.bareName = text }
      }
    } else if let category, product.map({ !$0.lowercased().contains(category.lowercased()) }) ?? false {
      line.product = "\(category) \(line.product)"
    }
    return line
  }

  /// Words that only hold what is meant.
  private static let containers: Set<String> = [
    "usage", "data", "items", "results", "lines", "rows", "products",
  ]

  private static func firstWord(_ text: String) -> String { UsageName(text).words.first ?? "" }

  /// `t4-small` of `spaces/t4-small/minutes` and of `spaces-t4-small`.
  private static func hardware(ofProduct product: String) -> String? {
    let lowercased = product.lowercased()
    guard lowercased.hasPrefix("spaces/") || lowercased.hasPrefix("spaces-") else { return nil }
    let name = lowercased.dropFirst("spaces/".count).prefix { $0 != "/" }
    return name.isEmpty || name.contains(" ") ? nil : String(name)
  }

  /// Only where minutes are told to be minutes.
  private func time(_ product: String?) -> BilledTime? {
    var text = value(of: ["minutes", "total minutes", "billed minutes"])?.text
    let unit = value(of: ["unit label", "unit", "consumed unit"])?.text.lowercased()
    if text == nil, unit?.hasPrefix("minute") == true || product?.lowercased().hasSuffix("/minutes") == true {
      text = value(of: ["quantity", "consumed quantity"])?.text
    }
    return text.flatMap(UsageNumber.init).map { BilledTime(seconds: $0.units(of: 60)) }
  }
}

extension SpaceID {
  /// `acme/chat`, also behind `spaces/` and in an address of the Hub.
  fileprivate init?(inUsage text: String) {
    var rest = Substring(text)
    for prefix in ["https://", "huggingface.co/", "spaces/"] where rest.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
    }
    try? self.init(String(rest))
  }
}

// MARK: - JSON

extension BillingUsage {
  /// Reads what the Hub's call answers, or a file of it.
  ///
  /// An object with an amount under a known name is a line, and what is inside of it a part of it, unless
  /// only that names Spaces, or is about them. Amounts whose name does not tell their unit are not taken.
  /// - Parameters:
  ///   - owner: whose usage it is; nil where only it can say so itself.
  ///   - days: what says that it is of others is not taken.
  public init(json: JSONValue, owner: String? = nil, source: String, days: Range<CivilDate>) {
    let owner = owner ?? json["period"]?["entityName"]?.string
    var reader = UsageReader(owner: owner)
    lines = reader.lines(in: json["usage"] ?? json, path: [])
    unread = reader.unread
    hasPlaceForSpaces = reader.hasPlaceForSpaces
    if let owner { owners = [owner] }
    let names = Set(lines.map(\.amountName)).sorted().map { "`\($0)`" }.joined(separator: ", ")
    sources = [names.isEmpty ? "\(source): nothing was used." : "\(source): amounts under \(names)."]
    guard let period = json["period"].flatMap(Self.range) else { return }
    let text = "\(period.lowerBound) until \(period.upperBound)"
    let clock = WallClock(.gmt)
    let wanted = clock.start(of: days.lowerBound)..<clock.start(of: days.upperBound)
    if !period.overlaps(wanted) {
      lines = []
      unread = ["it is of \(text), which is not the month compared."]
    } else if period.clamped(to: wanted) != period {
      sources.append("\(source) is of \(text), which is more than the month compared.")
    }
  }

  /// Nil where it can't be read, and for no time at all, as a month that has just begun has it.
  private static func range(ofPeriod period: JSONValue) -> Range<Instant>? {
    func instant(_ key: String) -> Instant? {
      period[key]?.string.flatMap { try? Instant($0, zone: .gmt) }
    }
    guard let start = instant("periodStart"), let end = instant("periodEnd"), start < end else { return nil }
    return start..<end
  }
}

private struct UsageReader {
  let owner: String?
  private(set) var unread: [String] = []
  private(set) var hasPlaceForSpaces = false

  init(owner: String?) { self.owner = owner }

  /// Payments, limits and what is included are no usage.
  private static let notUsage: Set<String> = [
    "period", "periods", "charges", "invoice", "invoices", "limit", "limits", "included", "balance",
    "payment",
    "payments", "credits",
  ]

  mutating func lines(in value: JSONValue, path: [String]) -> [BillingUsage.Line] {
    if let elements = value.array { return elements.flatMap { lines(in: $0, path: path) } }
    guard let members = value.object else { return [] }
    let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    if members.keys.contains(where: { $0.lowercased() == "spaces" }) { hasPlaceForSpaces = true }
    let own = ownLine(sorted, path)
    let inner = sorted.filter { Self.notUsage.isDisjoint(with: UsageName($0.key).words) }
      .flatMap { lines(in: $0.value, path: path + [$0.key]) }
    guard let own else { return inner }
    // A sum gives way to its parts where they tell more of Spaces.
    let isToldByParts =
      inner.contains { $0.space != nil } || !own.isOfSpaces && inner.contains(where: \.isOfSpaces)
    return own.space == nil && isToldByParts ? inner : [own]
  }

  private mutating func ownLine(_ members: [(key: String, value: JSONValue)], _ path: [String])
    -> BillingUsage.Line?
  {
    let scalars = members.compactMap { key, value in
      value.usageText.map { (key: key, name: UsageName(key), text: $0) }
    }
    let amounts = scalars.compactMap { scalar in
      UsageAmountName(scalar.name).map { (scalar: scalar, name: $0) }
    }
    .sorted { $0.name.rank < $1.name.rank }
    let place = path.joined(separator: ".")
    guard let chosen = amounts.first(where: { $0.name.unit != nil }), let unit = chosen.name.unit else {
      // A `total` or `used` may count anything; an amount of money is what has such a name and is no text.
      for unclear in amounts where unclear.scalar.name.words.contains(where: Self.moneyWords.contains) {
        unread.append(
          "`\(unclear.scalar.key)`\(place.isEmpty ? "" : " in `\(place)`"): its name does not tell its unit, so it was not taken."
        )
      }
      return nil
    }
    guard let number = UsageNumber(chosen.scalar.text) else {
      unread.append("`\(chosen.scalar.key)`: '\(printable(chosen.scalar.text))' is no amount of money.")
      return nil
    }
    let entry = UsageEntry(
      values: scalars.map { ($0.name, $0.text) }, path: path + spaceKey(path), owner: owner)
    var line = entry.line(amount: Money(nanoDollars: number.units(of: unit)))
    line.amountName = chosen.scalar.key
    if line.isOfSpaces, line.space == nil, let key = path.last, let space = try? SpaceID(key) {
      line.space = space
    }
    return line
  }

  private static let moneyWords: Set<String> = [
    "cost", "amount", "charge", "charged", "billed", "spent", "due",
  ]

  /// An object whose keys are Spaces needs no other word for that they are.
  private func spaceKey(_ path: [String]) -> [String] {
    guard let key = path.last, (try? SpaceID(key)) != nil else { return [] }
    return path.count > 1 ? [path[path.count - 2]] : ["Spaces"]
  }
}

extension JSONValue {
  /// A value that is no list and no object, as text; nil for null too.
  fileprivate var usageText: String? {
    switch self {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .decimal(let number): number.description
    case .number(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .null, .array, .object: nil
    }
  }
}
