import CSV
import Money
import Pricing

/// How a report is written for spreadsheets.
public struct CSVStyle: Sendable {
  /// Begins with a byte-order mark, by which Excel knows UTF-8.
  public var hasByteOrderMark: Bool
  /// Ends lines with CR and LF, as `text/csv` is registered, instead of LF.
  public var usesCRLF: Bool
  /// Leaves words that people chose as they are, also those that a spreadsheet takes for a formula.
  public var isRaw: Bool

  public init(hasByteOrderMark: Bool = false, usesCRLF: Bool = false, isRaw: Bool = false) {
    self.hasByteOrderMark = hasByteOrderMark
    self.usesCRLF = usesCRLF
    self.isRaw = isRaw
  }
}

extension CostReport {
  private static let sumColumns = [
    "per_hour", "minutes_low", "minutes", "minutes_high", "cost_low", "cost", "cost_high",
  ]

  /// The charges for spreadsheets: a line for each Space, day, hardware and price, in this order (Spaces and
  /// hardware by code point, no price first), and no totals, which somebody would add once more.
  ///
  /// Money has nine decimals and minutes are as billed. Hardware without a price has neither `per_hour` nor costs,
  /// and storage neither `per_hour` nor minutes.
  public func csv(_ style: CSVStyle = CSVStyle()) -> String {
    let lines = spaces.flatMap { space in
      space.lines.map { line in
        [space.space.description, line.day.description, line.subject.name]
          + sums(line.perHour, line.minutes, line.cost)
      }
    }
    return csv([["space", "day", "hardware"] + Self.sumColumns] + lines, style)
  }

  /// The same charges added up: a line a group, by its keys. `per_hour` is empty where several prices were charged.
  public func csv(by dimensions: [CostDimension], _ style: CSVStyle = CSVStyle()) -> String {
    // What has cost something only in the time before has no line.
    let ordered = groups(by: dimensions).filter(\.hasLines).sorted { left, right in
      left.keys.map { $0 ?? "" }.lexicographicallyPrecedes(right.keys.map { $0 ?? "" })
    }
    let lines = ordered.map { group in
      zip(group.keys, dimensions).map { key, dimension in
        let text = key ?? ""
        return dimension.isFreeText && !style.isRaw ? text.guardedFromFormulas : text
      } + sums(group.perHour, group.minutes, group.cost)
    }
    return csv([dimensions.map(\.name) + Self.sumColumns] + lines, style)
  }

  private func csv(_ lines: [[String]], _ style: CSVStyle) -> String {
    (style.hasByteOrderMark ? "\u{FEFF}" : "")
      + lines.map { fields in
        let line = CSVWriter.line(fields)
        return style.usesCRLF ? line.dropLast() + "\r\n" : line
      }.joined()
  }

  private func sums(_ perHour: Money?, _ minutes: Bounds<BilledTime>?, _ cost: Bounds<Money>?) -> [String] {
    [perHour?.description ?? ""] + columns(minutes, \.minutesText) + columns(cost, \.description)
  }

  private func columns<Value>(_ bounds: Bounds<Value>?, _ text: (Value) -> String) -> [String] {
    guard let bounds else { return ["", "", ""] }
    return [text(bounds.low), text(bounds.estimate), text(bounds.high)]
  }
}

extension String {
  /// A spreadsheet runs a cell as a formula when it begins with one of these, quoted or not (OWASP, CSV
  /// injection); an apostrophe in front keeps it from that.
  fileprivate var guardedFromFormulas: String {
    guard let first = unicodeScalars.first,
      "=+-@\t\r\n\u{0}\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
    else { return self }
    return "'" + self
  }
}
