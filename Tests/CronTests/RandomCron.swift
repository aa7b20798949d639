import TestSupport
import Timelines

/// A random expression with its meaning written down from the definition, without sets of bits.
struct RandomCron {
  enum Item {
    case star(step: Int?)
    case values(from: Int, to: Int?, step: Int?)
    case lastDay
    case lastWorkday
    case workdayNearest(Int)
    case nth(Int, weekday: Int)
    case last(weekday: Int)
  }

  struct Field {
    let limits: ClosedRange<Int>
    let items: [Item]
    let text: String

    /// The plain values only.
    func contains(_ value: Int) -> Bool {
      items.contains { item in
        switch item {
        case .star(let step): (value - limits.lowerBound) % (step ?? 1) == 0
        case .values(let from, let to, let step):
          value >= from && value <= to ?? (step == nil ? from : limits.upperBound)
            && (value - from) % (step ?? 1) == 0
        case .lastDay, .lastWorkday, .workdayNearest, .nth, .last: false
        }
      }
    }
  }

  let minute: Field
  let hour: Field
  let day: Field
  let month: Field
  let weekday: Field

  var text: String { [minute, hour, day, month, weekday].map(\.text).joined(separator: " ") }
  var isInterval: Bool { minute.text.hasPrefix("*") || hour.text.hasPrefix("*") }

  func matches(minuteOfDay: Int) -> Bool {
    hour.contains(minuteOfDay / 60) && minute.contains(minuteOfDay % 60)
  }

  func matches(_ date: CivilDate) -> Bool {
    guard month.contains(date.month) else { return false }
    let byDate =
      day.contains(date.day)
      || day.items.contains { item in
        switch item {
        case .lastDay: (date + 1).month != date.month
        case .lastWorkday:
          date.isWorkday && !(1...3).contains { (date + $0).isWorkday && (date + $0).month == date.month }
        case .workdayNearest(let wanted):
          CivilDate(year: date.year, month: date.month, day: wanted).map { nearestWorkday(to: $0) == date }
            ?? false
        case .star, .values, .nth, .last: false
        }
      }
    let byWeekday =
      weekday.contains(date.weekday) || (date.weekday == 0 && weekday.contains(7))
      || weekday.items.contains { item in
        switch item {
        case .nth(let n, let wanted): date.weekday == wanted % 7 && (date.day - 1) / 7 + 1 == n
        case .last(let wanted): date.weekday == wanted % 7 && (date + 7).month != date.month
        case .star, .values, .lastDay, .lastWorkday, .workdayNearest: false
        }
      }
    let both = day.text.hasPrefix("*") || weekday.text.hasPrefix("*")
    return both ? byDate && byWeekday : byDate || byWeekday
  }

  private func nearestWorkday(to date: CivilDate) -> CivilDate? {
    [0, -1, 1, -2, 2].map { date + $0 }.first { $0.isWorkday && $0.month == date.month }
  }

  /// - Parameter rare: more often restricted dates.
  init(using random: inout SplitMix64, rare: Bool = false) {
    let freedom = rare ? 3 : 6
    minute = Self.field(0...59, using: &random, starOneIn: 4)
    hour = Self.field(0...23, using: &random, starOneIn: 2)
    day = Self.field(1...31, using: &random, starOneIn: freedom / 3 + 1, special: Self.dayItem)
    month = Self.field(1...12, names: Self.months, using: &random, starOneIn: rare ? 3 : 1)
    weekday = Self.field(
      0...7, names: Self.weekdays, using: &random, starOneIn: freedom / 3, special: Self.weekdayItem)
  }

  private static let months = [
    "", "jan", "Feb", "MAR", "APR", "may", "JUN", "JUL", "Aug", "SEP", "OCT", "nov", "DEC",
  ]
  private static let weekdays = ["SUN", "mon", "Tue", "WED", "THU", "fri", "Sat", "7"]

  private static func field(
    _ limits: ClosedRange<Int>, names: [String]? = nil, using random: inout SplitMix64, starOneIn: Int,
    special: ((inout SplitMix64, (Int, inout SplitMix64) -> String) -> (Item, String))? = nil
  ) -> Field {
    func name(_ value: Int, _ random: inout SplitMix64) -> String {
      if let names, Bool.random(using: &random) { return names[value] }
      return (Int.random(in: 0..<5, using: &random) == 0 ? "0" : "") + String(value)
    }
    if starOneIn == 1
      ? Int.random(in: 0..<4, using: &random) > 0 : Int.random(in: 0..<starOneIn, using: &random) == 0
    {
      return Field(limits: limits, items: [.star(step: nil)], text: "*")
    }
    var items: [Item] = []
    var texts: [String] = []
    for _ in 0..<[1, 1, 1, 2, 3][Int.random(in: 0..<5, using: &random)] {
      let (item, text) =
        if let special, Int.random(in: 0..<3, using: &random) == 0 {
          special(&random, name)
        } else {
          plain(limits, &random, name)
        }
      items.append(item)
      texts.append(text)
    }
    return Field(limits: limits, items: items, text: texts.joined(separator: ","))
  }

  private static func plain(
    _ limits: ClosedRange<Int>, _ random: inout SplitMix64, _ name: (Int, inout SplitMix64) -> String
  ) -> (Item, String) {
    let from = Int.random(in: limits, using: &random)
    let to = Int.random(in: from...limits.upperBound, using: &random)
    let step =
      Int.random(in: 1...limits.upperBound + 5, using: &random) / Int.random(in: 1...8, using: &random) + 1
    switch Int.random(in: 0..<7, using: &random) {
    case 0: return (.star(step: step), "*/\(step)")
    case 1: return (.values(from: from, to: to, step: nil), "\(name(from, &random))-\(name(to, &random))")
    case 2: return (.values(from: from, to: to, step: step), "\(from)-\(to)/\(step)")
    case 3: return (.values(from: from, to: nil, step: step), "\(name(from, &random))/\(step)")
    case 4: return (.star(step: nil), "*")
    default: return (.values(from: from, to: nil, step: nil), name(from, &random))
    }
  }

  private static func dayItem(
    _ random: inout SplitMix64, _ name: (Int, inout SplitMix64) -> String
  ) -> (Item, String) {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return (.lastDay, "L")
    case 1: return (.lastWorkday, "lw")
    default:
      let day = [1, 2, 28, 29, 30, 31, 15][Int.random(in: 0..<7, using: &random)]
      return (.workdayNearest(day), "\(day)W")
    }
  }

  private static func weekdayItem(
    _ random: inout SplitMix64, _ name: (Int, inout SplitMix64) -> String
  ) -> (Item, String) {
    let weekday = Int.random(in: 0...7, using: &random)
    let n = Int.random(in: 1...5, using: &random)
    return Bool.random(using: &random)
      ? (.nth(n, weekday: weekday), "\(name(weekday, &random))#\(n)")
      : (.last(weekday: weekday), "\(name(weekday, &random))L")
  }
}

extension CivilDate {
  var isWorkday: Bool { (1...5).contains(weekday) }
}
