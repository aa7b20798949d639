import Money
import Pricing
import Timelines

/// How a report draws its charts.
public enum Charts: String, CaseIterable, Sendable {
  /// A Mermaid block, which GitHub and GitLab draw.
  case mermaid
  /// Block characters, which show everywhere.
  case text
  case none
}

/// The cost of each day: a sentence, and a picture of it.
struct DayChart {
  private let period: ReportPeriod
  private let currency: String
  private let days: [DayCosts]
  /// Days that are over, began after the first look and were watched: only these can be compared with each other.
  private let whole: [DayCosts]

  /// Nil for fewer than two whole days, where there is nothing to see.
  init?(_ report: CostReport) {
    period = report.period
    currency = report.prices.currency
    days = report.days
    guard let first = report.spaces.compactMap(\.firstLook).min() else { return nil }
    let (clock, elapsed) = (WallClock(report.period.zone), report.period.elapsed)
    whole = report.days.filter(\.isWatched).filter {
      let day = clock.day($0.day)
      return max(first, elapsed.lowerBound) <= day.lowerBound && day.upperBound <= elapsed.upperBound
    }
    guard whole.count >= 2 else { return nil }
  }

  /// The least, the most, the mean and the trend, all of whole days.
  var sentence: String {
    guard let least = whole.min(by: { $0.cost.estimate < $1.cost.estimate }),
      let most = whole.max(by: { ($0.cost.estimate, $1.day) < ($1.cost.estimate, $0.day) })
    else { return "" }
    let (low, high) = (least.cost.estimate, most.cost.estimate)
    guard low < high else { return "Each day cost \(NumberText.money(low)) \(currency)." }
    return
      "A day cost from \(NumberText.money(low)) (\(least.day)) to \(NumberText.money(high)) (\(most.day)), "
      + "\(NumberText.money(mean(whole))) \(currency) on average; \(trend)."
  }

  /// Halves compared: of an odd number of days the middle one is left out.
  private var trend: String {
    let half = whole.count / 2
    let (before, after) = (mean(whole.prefix(half)), mean(whole.suffix(half)))
    let change = after - before
    // A twentieth more or less is no trend.
    let word =
      change.magnitude.scaled(by: 20, over: 1) <= before ? "steady" : change > .zero ? "rising" : "falling"
    return
      "\(word): \(NumberText.money(before)) a day in the first half, \(NumberText.money(after)) in the second"
  }

  private func mean(_ days: some Collection<DayCosts>) -> Money {
    days.reduce(.zero) { $0 + $1.cost.estimate }.scaled(by: 1, over: Int128(max(days.count, 1)))
  }

  /// The picture in Markdown; empty if none is wanted, or for so many days that it would be too wide.
  func markdown(_ charts: Charts) -> String {
    guard days.count <= 62 else { return "" }
    return switch charts {
    case .mermaid: mermaid
    case .text: "```text\n\(blocks)```\n"
    case .none: ""
    }
  }

  private var top: Money { days.map(\.cost.estimate).max() ?? .zero }

  /// A character a day, in eighths of the dearest day; `·` where nobody looked.
  private var blocks: String {
    let steps = Array("▁▂▃▄▅▆▇█")
    let row = days.map { day -> Character in
      guard day.isWatched else { return "·" }
      guard top > .zero else { return steps[0] }
      let (eighths, rest) = (day.cost.estimate.nanoDollars * 8)
        .quotientAndRemainder(dividingBy: top.nanoDollars)
      return steps[max(0, Int(eighths) + (rest > 0 ? 1 : 0) - 1)]
    }
    let toCome = max(0, daysInPeriod - days.count)
    var scale = ""
    for (index, day) in days.enumerated() where index % 7 == 0 {
      scale += String(repeating: " ", count: index - scale.count)
      scale += period.month == nil ? label(day.day) : String(day.day.day)
    }
    return
      "\(String(row))\(String(repeating: "·", count: toCome))  up to \(NumberText.money(top)) \(currency)\n"
      + "\(scale)\n"
  }

  private var daysInPeriod: Int {
    period.month.map { Int($0.startOfNextMonth.dayNumber - $0.dayNumber) } ?? days.count
  }

  private var mermaid: String {
    // Bars can't tell no cost from nothing known: days before the first look and after the last are left out.
    guard let start = days.firstIndex(where: \.isWatched), let end = days.lastIndex(where: \.isWatched) else {
      return ""
    }
    let days = days[start...end]
    let values = days.map { $0.cost.estimate.text(decimals: 2...2) }.joined(separator: ", ")
    let first = days.first?.day.day ?? 1
    let axis =
      period.month == nil
      ? "[\(days.map { "\"\(label($0.day))\"" }.joined(separator: ", "))]"
      : "\"\(period.title)\" \(first) --> \(first + days.count - 1)"
    let most = max(top, Money(nanoDollars: 10_000_000)).text(decimals: 2...2)
    return """
      ```mermaid
      xychart-beta
        x-axis \(axis)
        y-axis "\(currency) a day" 0 --> \(most)
        bar [\(values)]
      ```

      """
  }

  /// `10-05`.
  private func label(_ day: CivilDate) -> String { String(day.description.suffix(5)) }
}
