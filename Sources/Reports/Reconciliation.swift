public import Money
public import Pricing
public import Spaces
import Timelines

/// What was charged by the history, beside what the Hub's billing usage says of the same month.
public struct Reconciliation: Sendable {
  public enum Verdict: String, Sendable {
    /// The estimate and the usage are the same, within the tolerance.
    case matched
    /// The usage lies between the least and the most: time in which nobody looked can make the difference.
    case explained
    case unexplained
  }

  /// A Space, or all of them.
  public struct Row: Sendable {
    /// Nil for all, and for what the usage has of Spaces without saying of which.
    public let space: SpaceID?
    /// By the history.
    public let ours: Bounds<Money>
    /// Nil where the usage does not tell of it.
    public let usage: Money?
    /// How far apart two amounts are that count as the same.
    public let tolerance: Money
    public let verdict: Verdict
    /// What the data support, the likeliest first; empty where nothing is unexplained.
    public internal(set) var causes: [Cause] = []

    /// The usage less the estimate; what is not told is nothing.
    public var difference: Money { (usage ?? .zero) - ours.estimate }

    init(space: SpaceID?, ours: Bounds<Money>, usage: Money?, tolerance: Money) {
      (self.space, self.ours, self.usage, self.tolerance) = (space, ours.shown, usage, tolerance)
      let usage = usage ?? .zero
      if (usage - ours.estimate).magnitude <= tolerance {
        verdict = .matched
      } else if usage >= self.ours.low - tolerance, usage <= self.ours.high + tolerance {
        verdict = .explained
      } else {
        verdict = .unexplained
      }
    }
  }

  public let report: CostReport
  public let usage: BillingUsage
  /// Those that cost anything on either side, dearest first, then by name; empty where the usage does not tell of
  /// single Spaces.
  public let rows: [Row]
  public let sum: Row
  /// How many of the Spaces compared cost nothing on either side.
  public let freeSpaces: Int
  /// Owners of recorded Spaces whose usage this is not, in order.
  public let otherOwners: [String]

  /// The Hub lists the price of a minute rounded to a micro-dollar, and shows amounts to a cent.
  static let cent = Money(nanoDollars: 10_000_000)
  private static let halfMicroDollar = Money(nanoDollars: 500)

  /// - Parameters:
  ///   - report: of the UTC month.
  ///   - owner: whose Spaces are compared; nil for those that the usage is of, and where it does not say, for all.
  ///   - names: present names of Spaces that were renamed, by former ones.
  public init(
    _ report: CostReport, with usage: BillingUsage, owner: String? = nil, names: [SpaceID: SpaceID] = [:]
  ) {
    var usage = usage
    for index in usage.lines.indices where usage.lines[index].isOfSpaces {
      usage.lines[index].name(by: names, knowing: report.spaces.map(\.space))
    }
    if let owner {
      usage.lines.removeAll { $0.isOfSpaces && $0.space.map { $0.owner != owner } ?? false }
    }
    (self.report, self.usage) = (report, usage)

    let owners = owner.map { [$0] } ?? usage.owners
    let spaces = report.spaces.filter { owners.isEmpty || owners.contains($0.space.owner) }
    otherOwners = Set(report.spaces.filter { $0.total.high > .zero }.map(\.space.owner))
      .subtracting(spaces.map(\.space.owner)).sorted()

    let ofSpaces = usage.lines.filter(\.isOfSpaces)
    let bySpace = Dictionary(grouping: ofSpaces, by: \.space)
    let isBySpace = ofSpaces.isEmpty || bySpace.keys.contains { $0 != nil }
    let known = Dictionary(spaces.map { ($0.space, $0) }) { first, _ in first }
    let names = Set(known.keys).union(bySpace.keys.compactMap(\.self))
    var (rows, free, tolerance) = ([Row](), 0, Self.cent)
    for name in names {
      let (costs, lines) = (known[name], bySpace[name])
      let row = Row(
        space: name, ours: costs?.total ?? .zero, usage: lines.map(\.billed),
        tolerance: Self.tolerance(costs))
      tolerance += row.tolerance
      if row.ours == .zero, row.usage ?? .zero == .zero, costs?.hasUnpriced != true {
        free += 1
      } else {
        rows.append(row)
      }
    }
    if isBySpace, let lines = bySpace[nil] {
      rows.append(Row(space: nil, ours: .zero, usage: lines.billed, tolerance: Self.cent))
    }
    sum = Row(
      space: nil, ours: spaces.reduce(.zero) { $0 + $1.total }, usage: ofSpaces.billed, tolerance: tolerance)
    self.rows =
      isBySpace
      ? rows.sorted { left, right in
        let (a, b) = (left.largest, right.largest)
        return a != b ? a > b : left.space?.description ?? "~" < right.space?.description ?? "~"
      } : []
    freeSpaces = free
    explain(known: known, usageOf: bySpace)
  }

  /// Whether nothing is left unexplained.
  public var isExplained: Bool { (rows + [sum]).allSatisfy { $0.verdict != .unexplained } }

  /// By our minutes: those of the usage may be anything, and where they are many more, so is the amount.
  private static func tolerance(_ costs: SpaceCosts?) -> Money {
    let time = (costs?.lines ?? []).reduce(BilledTime.zero) { $0 + ($1.minutes?.high ?? .zero) }
    return cent + halfMicroDollar.scaled(by: time.seconds, over: 60)
  }

  /// Gives each row that is unexplained its causes.
  private mutating func explain(
    known: [SpaceID: SpaceCosts], usageOf bySpace: [SpaceID?: [BillingUsage.Line]]
  ) {
    guard !isExplained else { return }
    func explained(_ row: Row, _ costs: [SpaceCosts], _ lines: [BillingUsage.Line]?) -> Row {
      guard row.verdict == .unexplained else { return row }
      var row = row
      row.causes = Difference(row: row, costs: costs, lines: lines, report: report).causes
      return row
    }
    let isBySpace = !rows.isEmpty
    self = Reconciliation(
      self,
      rows: rows.map { row in
        guard let space = row.space else {
          var row = row
          if row.verdict == .unexplained { row.causes = [.withoutSpace] }
          return row
        }
        return explained(row, known[space].map { [$0] } ?? [], bySpace[space])
      },
      sum: isBySpace ? sum : explained(sum, Array(known.values), bySpace[nil] ?? []))
  }

  private init(_ other: Reconciliation, rows: [Row], sum: Row) {
    (report, usage, freeSpaces) = (other.report, other.usage, other.freeSpaces)
    (otherOwners, self.rows, self.sum) = (other.otherOwners, rows, sum)
  }
}

extension Reconciliation.Row {
  fileprivate var largest: Money { max(ours.high, usage ?? .zero) }
}

extension Sequence<BillingUsage.Line> {
  var billed: Money { reduce(.zero) { $0 + $1.billed } }
}

extension BillingUsage.Line {
  /// Its present name; a name without an owner is that of the only Space called so.
  fileprivate mutating func name(by names: [SpaceID: SpaceID], knowing spaces: [SpaceID]) {
    if space == nil, let bareName {
      let called = spaces.filter { $0.name == bareName }
      if called.count == 1 { space = called[0] }
    }
    space = space.map { names[$0] ?? $0 }
  }
}
