import CSV
public import JSON
public import Money
public import Pricing
public import Spaces
public import Timelines

/// Rows of FOCUS, Cost and Usage, as they are written.
///
/// Written rows, not charges, as those of a closed month are kept and must come back as they were.
public struct FocusTable: Sendable {
  public struct Row: Hashable, Sendable {
    /// The UTC day that it is for.
    public let day: CivilDate
    /// The first day of the month whose invoice it belongs to.
    public let month: CivilDate
    /// It corrects a month that was closed before.
    public let isCorrection: Bool
    /// The name of the account that pays.
    public let account: String
    /// What is to be paid.
    public let billedCost: Money
    /// As written, in order of the columns; empty where null.
    let fields: [String]

    /// The day on which it is booked: a correction on the first of its month.
    var bookedOn: CivilDate { isCorrection ? month : day }
  }

  public let version: FocusVersion
  /// In order of month, day, Space, SKU and price.
  public let rows: [Row]

  init(_ version: FocusVersion, _ charges: some Sequence<FocusCharge>) {
    let columns = version.columns
    self.init(
      version,
      charges.map { charge in
        Row(
          day: charge.day, month: charge.day.startOfMonth, isCorrection: false, account: charge.space.owner,
          billedCost: charge.cost.estimate,
          fields: columns.map { $0.text(charge) ?? "" })
      })
  }

  /// - Parameter rows: in order.
  public init(_ version: FocusVersion, _ rows: [Row] = []) {
    (self.version, self.rows) = (version, rows)
  }

  // MARK: As text

  /// Comma-separated values: a header, quotes only where they are needed, lines ended by LF. A null is nothing
  /// at all, as quotes would make it an empty string.
  public var csv: String {
    ([version.columns.map(\.id)] + rows.map(\.fields)).map { CSVWriter.line($0) }.joined()
  }

  /// Reads what ``csv`` has written. A column that has come since then is null, one that has gone is left out.
  public init(_ version: FocusVersion, csv: String) throws {
    var records = CSVReader(csv)
    let header = records.next()?.fields ?? []
    let rows = try records.map { record in
      let values = Dictionary(zip(header, record.fields)) { first, _ in first }
      func value(_ column: String) -> String { values[column] ?? "" }
      return Row(
        day: try CivilDate(String(value("ChargePeriodStart").prefix(10))),
        month: try CivilDate(String(value("BillingPeriodStart").prefix(10))),
        isCorrection: value("ChargeClass") == Self.correction,
        account: value("BillingAccountName"), billedCost: try Money(value("BilledCost")),
        fields: version.columns.map { value($0.id) })
    }
    self.init(version, rows)
  }

  // MARK: Parts and sums

  public var billedCost: Money { rows.reduce(.zero) { $0 + $1.billedCost } }

  /// The first days of the months that have rows, in order.
  public var months: [CivilDate] {
    rows.reduce(into: []) { months, row in
      if months.last != row.month { months.append(row.month) }
    }
  }

  /// The names of the accounts that have rows, in order.
  public var accounts: [String] { Set(rows.map(\.account)).sorted() }

  public func rows(ofAccount name: String) -> FocusTable {
    FocusTable(version, rows.filter { $0.account == name })
  }

  /// Those that are booked on these days.
  public func rows(in days: Range<CivilDate>) -> FocusTable {
    FocusTable(version, rows.filter { days.contains($0.bookedOn) })
  }

  public var withoutCorrections: FocusTable { FocusTable(version, rows.filter { !$0.isCorrection }) }

  /// With the rows of these days as another table has them.
  public func replacing(_ days: Range<CivilDate>, by other: FocusTable) -> FocusTable {
    FocusTable(
      version,
      rows.filter { $0.bookedOn < days.lowerBound } + other.rows(in: days).rows
        + rows.filter { $0.bookedOn >= days.upperBound })
  }
}

extension CostReport {
  /// The charges as rows of FOCUS. The report must be one of whole UTC days, in UTC, as each row is one.
  ///
  /// What has no price has no row, as usage must have one (``minutesWithoutRow``); nor has what was billed at most,
  /// but not by the estimate (``highestCostWithoutRow``).
  /// - Parameters:
  ///   - organizations: the owners that are organisations; all others count as users.
  ///   - tags: by Space, with the prefixes of their schemes.
  ///   - isGranted: whether a grant paid for the hardware of a Space in a month, by its first day; nil where only
  ///     the tags say it.
  public func focus(
    _ version: FocusVersion = .oneTwo, organizations: Set<String> = [],
    tags: [SpaceID: [String: JSONValue]] = [:], isGranted: (SpaceID, CivilDate) -> Bool? = { _, _ in nil }
  ) -> FocusTable {
    FocusTable(
      version,
      focusCharges(organizations: organizations, tags: tags) { space, day in
        isGranted(space.space, day.startOfMonth) ?? space.tags.isGranted
      })
  }

  /// The time on hardware that has no row as it has no price, also where a grant pays, by name of the hardware.
  public var minutesWithoutRow: [(hardware: SpaceHardware, minutes: Bounds<BilledTime>)] {
    spaces.lazy.flatMap(\.listLines).unpricedMinutes
  }

  /// What the lines cost at most that were not billed by the estimate.
  public var highestCostWithoutRow: Money {
    spaces.lazy.flatMap(\.lines).reduce(.zero) { sum, line in
      line.minutes?.estimate == .zero ? sum + (line.cost?.high ?? .zero) : sum
    }
  }
}
