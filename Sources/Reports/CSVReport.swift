import CSV
import Money
import Pricing

extension CostReport {
  /// The charges for spreadsheets: a line for each Space, day, hardware and price, in this order (Spaces and
  /// hardware by code point, no price first), and no totals, which somebody would add once more.
  ///
  /// Money has nine decimals and minutes are as billed. Hardware without a price has neither `per_hour` nor costs,
  /// and storage neither `per_hour` nor minutes.
  /// - Parameters:
  ///   - byteOrderMark: begins with one, by which Excel knows UTF-8.
  ///   - crlf: ends lines with CR and LF, as `text/csv` is registered, instead of LF.
  public func csv(byteOrderMark: Bool = false, crlf: Bool = false) -> String {
    var text = byteOrderMark ? "\u{FEFF}" : ""
    func add(_ fields: [String]) {
      let line = CSVWriter.line(fields)
      text += crlf ? line.dropLast() + "\r\n" : line
    }
    add([
      "space", "day", "hardware", "per_hour", "minutes_low", "minutes", "minutes_high", "cost_low", "cost",
      "cost_high",
    ])
    for space in spaces {
      for line in space.lines {
        add(
          [space.space.description, line.day.description, line.hardware, line.perHour?.description ?? ""]
            + columns(line.minutes, \.minutesText) + columns(line.cost, \.description))
      }
    }
    return text
  }

  private func columns<Value>(_ bounds: Bounds<Value>?, _ text: (Value) -> String) -> [String] {
    guard let bounds else { return ["", "", ""] }
    return [text(bounds.low), text(bounds.estimate), text(bounds.high)]
  }
}
