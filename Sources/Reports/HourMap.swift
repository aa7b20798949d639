package import Foundation
import Pricing
import Timelines

/// A number for each hour of the week, to be drawn: on a page, or in a terminal.
package struct HourMap: Sendable {
  package enum Unit: Sendable {
    /// The numbers are seconds.
    case hours
    /// Of a noun, such as `visit`.
    case count(String)

    func text(_ value: Int64) -> String {
      switch self {
      case .hours: NumberText.hours(BilledTime(seconds: Int128(value)))
      case .count: "\(value)"
      }
    }

    /// With what they are numbers of.
    func words(_ value: Int64) -> String {
      switch self {
      case .hours: "\(text(value)) h"
      case .count(let noun): NumberText.count(Int(value), noun)
      }
    }
  }

  /// What it shows, and when there is most of it.
  let title: String
  /// What else there is to say.
  let note: String?
  /// From Monday at 0; none is negative.
  let values: [Int64]
  let unit: Unit

  /// - Parameters:
  ///   - name: such as `Paid hours`.
  ///   - values: of all 168 hours.
  package init(_ name: String, _ values: [Int64], in unit: Unit, zone: TimeZone, note: String? = nil) {
    self.values = values
    self.unit = unit
    self.note = note
    title =
      "\(name) by hour of the week (\(zone.ianaName)); "
      + (Self.busiest(values).map { "most at \($0)." } ?? "none.")
  }

  /// The first of those with most; nil where there is nothing.
  var busiest: HourOfWeek? { Self.busiest(values) }

  private static func busiest(_ values: [Int64]) -> HourOfWeek? {
    let most = values.max() ?? 0
    return most > 0 ? values.firstIndex(of: most).map { HourOfWeek($0) } : nil
  }

  func values(ofDay day: Int) -> ArraySlice<Int64> { values[day * 24..<day * 24 + 24] }

  static func name(ofDay day: Int) -> String { String("\(HourOfWeek(day * 24))".prefix(3)) }

  // MARK: In a terminal

  /// A row a weekday, a column an hour, as bars of eight heights; `·` is nothing. The day's sum is behind it.
  package var text: String {
    guard busiest != nil else { return title + "\n" + (note.map { $0 + "\n" } ?? "") }
    let most = values.max() ?? 1
    var lines = [title]
    lines.append(
      "     "
        + stride(from: 0, to: 24, by: 3).map { "\($0)".padded(to: 6, alignment: .left) }.joined())
    for day in 0..<7 {
      let cells = values(ofDay: day).map { value in
        value == 0 ? "· " : String(repeating: Sparkline.bar(Int128(value), of: Int128(most)), count: 2)
      }
      let sum = unit.words(values(ofDay: day).reduce(0, +))
      lines.append("\(Self.name(ofDay: day))  \(cells.joined())  \(sum)")
    }
    if let note { lines.append(note) }
    return lines.map { $0.trimmingSuffix(" ") + "\n" }.joined()
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    var text = self
    while text.last == character { text.removeLast() }
    return text
  }
}
