package import Money
import Schedules

/// The best plans with windows, read off sums by the hour of the week: the cheapest where each cold start and each who
/// is let down has a price, else the cheapest for each number of people who wait or are let down.
package struct BestWindows {
  /// Hours of some days, and at which hours of the week a window of them begins and ends.
  private struct Shape {
    let days: WeekPlan.Days
    let from: Int
    let until: Int
    let opening: [Int]
    let closing: [Int]

    init?(days: WeekPlan.Days, from: Int, until: Int) {
      let window = WeekPlan.Window(days: days, from: from, until: until, settings: Settings())
      guard window.isPossible else { return nil }
      (self.days, self.from, self.until) = (days, from, until)
      opening = window.openingDays.map { $0 * 24 + from }
      let (closingDays, closingHour) = window.closing
      closing = closingDays.map { $0 * 24 + closingHour }
    }
  }

  /// What a choice comes to, or what a window changes in it.
  private struct Sum {
    /// In 3600ths of a nano-dollar.
    var cost: Int128
    /// Nobody is counted where there is a price.
    var people: Int

    static func + (left: Sum, right: Sum) -> Sum {
      Sum(cost: left.cost + right.cost, people: left.people + right.people)
    }
  }

  private struct Option {
    let sum: Sum
    let window: WeekPlan.Window
  }

  /// Settings outside of windows.
  private struct Outside {
    let settings: Settings
    /// Never free hardware all week.
    let mayBeAlone: Bool
    let sum: Sum
    /// By days: the windows of which none other is as cheap with as few people, the cheapest first.
    let windows: [[Option]]
  }

  private let outsides: [Outside]

  private static let shapes: [[Shape]] = WeekPlan.Days.allCases.map { days in
    (0..<24).flatMap { from in (from + 1...24).compactMap { Shape(days: days, from: from, until: $0) } }
  }

  /// O(pairs of settings × windows).
  ///
  /// - Parameter price: of each cold start, and of each who is let down; nil where people are counted.
  package init(_ costs: WeekCosts, price: Money?) {
    func sum(_ cost: WeekCosts.Cost) -> Sum {
      Sum(
        cost: costs.perHour.nanoDollars * Int128(cost.awake)
          + (price ?? .zero).nanoDollars * 3600 * Int128(cost.failures),
        people: price == nil ? cost.people : 0)
    }
    outsides = costs.candidates.indices.map { outside in
      Outside(
        settings: costs.candidates[outside].settings, mayBeAlone: costs.candidates[outside].patience != nil,
        sum: sum(costs.costs[outside].reduce(into: WeekCosts.Cost()) { $0 += $1 }),
        windows: Self.shapes.map { shapes in
          Self.frontier(of: shapes, costs, outside: outside, sum)
        })
    }
  }

  /// Those windows that change anything for the better.
  private static func frontier(
    of shapes: [Shape], _ costs: WeekCosts, outside: Int, _ sum: (WeekCosts.Cost) -> Sum
  ) -> [Option] {
    var found: [(sum: Sum, inside: Int, shape: Int)] = []
    for inside in costs.candidates.indices where inside != outside {
      let (opening, closing) = (costs.changes[outside][inside], costs.changes[inside][outside])
      let numbers = shapes[0].days.numbers
      let more = (0..<24).map { hour in
        numbers.reduce(into: WeekCosts.Cost()) {
          $0 += costs.costs[inside][$1 * 24 + hour]
          $0 -= costs.costs[outside][$1 * 24 + hour]
        }
      }
      var within = WeekCosts.Cost()
      for (number, shape) in shapes.enumerated() {
        // In order of their beginnings, then of their ends.
        if shape.until == shape.from + 1 { within = WeekCosts.Cost() }
        within += more[shape.until - 1]
        var cost = within
        for hour in shape.opening { cost += opening[hour] }
        for hour in shape.closing { cost += closing[hour] }
        let sum = sum(cost)
        if sum.cost < 0 || sum.people < 0 { found.append((sum, inside, number)) }
      }
    }
    found.sort { ($0.sum.cost, $0.sum.people) < ($1.sum.cost, $1.sum.people) }
    var kept: [Option] = []
    for next in found where kept.last.map({ next.sum.people < $0.sum.people }) ?? true {
      let shape = shapes[next.shape]
      kept.append(
        Option(
          sum: next.sum,
          window: WeekPlan.Window(
            days: shape.days, from: shape.from, until: shape.until,
            settings: costs.candidates[next.inside].settings)))
    }
    return kept
  }

  /// The best plans, the cheapest first, each with other settings outside of its windows: one window, or one on weekdays
  /// and one at weekends.
  ///
  /// - Parameters:
  ///   - rules: at most so many, two for each window.
  ///   - people: at most so many wait or are let down.
  package func best(rules: Int, atMost people: Int = .max) -> [WeekPlan] {
    outsides.compactMap { outside in
      var best: (cost: Int128, windows: [WeekPlan.Window])?
      func consider(_ total: Sum, _ windows: [WeekPlan.Window]) {
        guard total.people <= people, best.map({ total.cost < $0.cost }) ?? true else { return }
        best = (total.cost, windows)
      }
      if outside.mayBeAlone { consider(outside.sum, []) }
      if rules >= 2 {
        for option in outside.windows.joined() { consider(outside.sum + option.sum, [option.window]) }
      }
      if rules >= 4 {
        let (weekdays, weekend) = (outside.windows[1], outside.windows[2])
        for first in weekdays {
          // The cheapest of those that keep within the limit.
          let sum = outside.sum + first.sum
          let second = weekend.first {
            sum.people + $0.sum.people <= people && !first.window.touches($0.window)
          }
          if let second { consider(sum + second.sum, [first.window, second.window]) }
        }
      }
      return best.map { (cost: $0.cost, plan: WeekPlan(outside.settings, windows: $0.windows)) }
    }.sorted { $0.cost < $1.cost }.map(\.plan)
  }
}
