package import Money
import Schedules
package import Spaces
package import Timelines

/// What visits cost under each of some settings, by the hour of the week, and what it costs to go from one to another:
/// from this the best windows are read off without a replay of each.
///
/// It is a sum for whole weeks, and not exact where nobody comes in a window: what is found has to be replayed.
package struct WeekCosts {
  /// What plans are looked for.
  package enum Goal: Sendable {
    /// The cheapest of those that let at most so many people wait, or down.
    case people(Int)
    /// The cheapest, where each cold start and each who is let down is taken to cost so much.
    case price(Money)
  }

  /// Settings that may hold in a window, or outside of all.
  private struct Candidate {
    let settings: Settings
    /// Seconds that it stays awake after a visit, not fewer than a start takes; nil on free hardware.
    let patience: Int64?
  }

  fileprivate struct Cost {
    /// In seconds.
    var awake: Int64 = 0
    /// Cold starts, and visitors whom free hardware lets down.
    var failures = 0
    /// Who wait for a start, and whom free hardware lets down.
    var people = 0

    static func += (left: inout Cost, right: Cost) {
      left.awake += right.awake
      left.failures += right.failures
      left.people += right.people
    }

    static func -= (left: inout Cost, right: Cost) {
      left.awake -= right.awake
      left.failures -= right.failures
      left.people -= right.people
    }
  }

  private let perHour: Money
  private let candidates: [Candidate]
  /// By candidate, then hour of the week.
  private let costs: [[Cost]]
  /// What is to be added for going from one candidate to another when an hour of the week begins.
  private let changes: [[[Cost]]]

  /// O(visits + hours of their range), for each sleep time, or pair of them.
  ///
  /// - Parameters:
  ///   - until: the end, after the last visit.
  ///   - hardware: that costs money, at so much an hour.
  ///   - startup: seconds that a start takes.
  ///   - sleeps: not shorter than that.
  ///   - isFreeToo: free hardware is looked at, too. It lets everybody down.
  package init(
    _ visits: Visits, until: Instant, on hardware: SpaceHardware, perHour: Money, startup: Int64,
    sleeps: [SleepTime], isFreeToo: Bool, clock: WallClock
  ) {
    self.perHour = perHour
    let candidates =
      sleeps.map { Candidate(settings: Settings(hardware: hardware, sleep: $0), patience: $0.length) }
      + (isFreeToo ? [Candidate(settings: Settings(hardware: .cpuBasic), patience: nil)] : [])
    let none = [Cost](repeating: Cost(), count: HourOfWeek.count)
    var costs = candidates.map { _ in none }
    var changes = candidates.map { _ in candidates.map { _ in none } }
    let arrivals = visits.arrivals
    let gaps = Gap.all(arrivals, until: until, startup: startup)
    var hours: [(hour: Int, end: Instant)] = []
    HourOfWeek.forEach(in: (gaps.first?.start ?? until)..<until, on: clock) {
      hours.append(($0.index, $1.upperBound))
    }
    var place = 0
    for gap in gaps {
      while hours[place].end <= gap.start { place += 1 }
      for (number, candidate) in candidates.enumerated() {
        guard let patience = candidate.patience else { continue }
        let asleep = gap.start + min(gap.length, patience)
        var (hour, start) = (place, gap.start)
        while start < asleep {
          let end = min(asleep, hours[hour].end)
          costs[number][hours[hour].hour].awake += end - start
          (hour, start) = (hour + 1, end)
        }
      }
      while hours[place].end <= gap.end, place + 1 < hours.count {
        let border = hours[place].end
        place += 1
        for before in candidates.indices {
          for (after, candidate) in candidates.enumerated() where after != before {
            guard let patience = candidate.patience else { continue }
            changes[before][after][hours[place].hour] += gap.cost(
              ofChangeFrom: candidates[before].patience, to: patience, at: border)
          }
        }
      }
      for (number, candidate) in candidates.enumerated() {
        if let patience = candidate.patience, gap.isCold(patience) {
          costs[number][hours[place].hour] += gap.coldStart
        }
      }
    }
    for (number, candidate) in candidates.enumerated() where candidate.patience == nil {
      for visit in arrivals {
        costs[number][HourOfWeek(at: visit.at, on: clock).index] += Cost(
          failures: visit.count, people: visit.count)
      }
    }
    (self.candidates, self.costs, self.changes) = (candidates, costs, changes)
  }

  // MARK: Searching

  /// What a choice comes to.
  private struct Sum {
    /// In 3600ths of a nano-dollar.
    var cost: Int128
    /// Nobody is counted where there is a price.
    var people: Int

    static func + (left: Sum, right: Sum) -> Sum {
      Sum(cost: left.cost + right.cost, people: left.people + right.people)
    }
  }

  /// The best plans with at most so many rules, the cheapest first, each with other settings outside of its windows:
  /// one window, or one on weekdays and one at weekends. Never free hardware all week.
  package func best(rules: Int, _ goal: Goal) -> [WeekPlan] {
    let (limit, perFailure): (Int, Int128) =
      switch goal {
      case .people(let limit): (limit, 0)
      case .price(let price): (.max, price.nanoDollars * 3600)
      }
    func sum(_ cost: Cost) -> Sum {
      Sum(
        cost: perHour.nanoDollars * Int128(cost.awake) + perFailure * Int128(cost.failures),
        people: limit == .max ? 0 : cost.people)
    }
    var found: [(cost: Int128, plan: WeekPlan)] = []
    for outside in candidates.indices {
      let settings = candidates[outside].settings
      let base = sum(costs[outside].reduce(into: Cost()) { $0 += $1 })
      var best: (cost: Int128, windows: [WeekPlan.Window])?
      func consider(_ total: Sum, _ windows: [WeekPlan.Window]) {
        guard total.people <= limit, best.map({ total.cost < $0.cost }) ?? true else { return }
        best = (total.cost, windows)
      }
      if candidates[outside].patience != nil { consider(base, []) }
      if rules >= 2 {
        let options = WeekPlan.Days.allCases.map { days in
          Self.frontier(
            windows(on: days, in: outside).map { (sum($0.cost), $0.window) }.filter {
              $0.0.cost < 0 || $0.0.people < 0
            })
        }
        for (saved, window) in options.joined() { consider(base + saved, [window]) }
        if rules >= 4 {
          let (weekdays, weekend) = (options[1], options[2])
          for (onWeekdays, window) in weekdays {
            // The cheapest of those that keep within the limit.
            let rest = limit == .max ? .max : limit - base.people - onWeekdays.people
            let other = weekend.first { $0.sum.people <= rest && !window.touches($0.window) }
            if let other { consider(base + onWeekdays + other.sum, [window, other.window]) }
          }
        }
      }
      if let best { found.append((best.cost, WeekPlan(settings, windows: best.windows))) }
    }
    return found.sorted { $0.cost < $1.cost }.map(\.plan)
  }

  /// All windows on some days, and what each changes.
  private func windows(on days: WeekPlan.Days, in outside: Int) -> [(cost: Cost, window: WeekPlan.Window)] {
    func sum(_ hours: [Cost], on days: [Int], at hour: Int) -> Cost {
      days.reduce(into: Cost()) { $0 += hours[$1 * 24 + hour] }
    }
    var found: [(cost: Cost, window: WeekPlan.Window)] = []
    for inside in candidates.indices where inside != outside {
      let more = (0..<24).map { hour in
        var cost = sum(costs[inside], on: days.numbers, at: hour)
        cost -= sum(costs[outside], on: days.numbers, at: hour)
        return cost
      }
      for from in 0..<24 {
        var total = Cost()
        for until in from + 1...24 {
          total += more[until - 1]
          let window = WeekPlan.Window(
            days: days, from: from, until: until, settings: candidates[inside].settings)
          guard days != .everyDay || !window.isWholeDays else { continue }
          var cost = total
          cost += sum(changes[outside][inside], on: window.openingDays, at: from)
          cost += sum(changes[inside][outside], on: window.closing.days, at: window.closing.hour)
          found.append((cost, window))
        }
      }
    }
    return found
  }

  /// Those of which none other is as cheap with as few people; the cheapest first.
  private static func frontier(
    _ windows: [(sum: Sum, window: WeekPlan.Window)]
  ) -> [(sum: Sum, window: WeekPlan.Window)] {
    var kept: [(sum: Sum, window: WeekPlan.Window)] = []
    for next in windows.sorted(by: { ($0.sum.cost, $0.sum.people) < ($1.sum.cost, $1.sum.people) })
    where kept.last.map({ next.sum.people < $0.sum.people }) ?? true {
      kept.append(next)
    }
    return kept
  }
}

/// From a visit to the next, or to the end.
private struct Gap {
  let start: Instant
  let end: Instant
  /// How many wait where the visit that ends it meets a Space that sleeps; nil where no visit ends it.
  let waiting: Int?

  static func all(_ arrivals: [Visit], until: Instant, startup: Int64) -> [Gap] {
    // Who comes before a start is done waits, too.
    var (first, people) = (0, 0)
    return arrivals.indices.map { index in
      let isLast = index + 1 == arrivals.count
      guard !isLast else { return Gap(start: arrivals[index].at, end: until, waiting: nil) }
      first = max(first, index + 1)
      while first < arrivals.count,
        first == index + 1 || arrivals[first].at < arrivals[index + 1].at + startup
      {
        people += arrivals[first].count
        first += 1
      }
      defer { people -= arrivals[index + 1].count }
      return Gap(start: arrivals[index].at, end: arrivals[index + 1].at, waiting: people)
    }
  }

  var length: Int64 { end - start }

  /// Whether the visit that ends it meets a Space that sleeps.
  func isCold(_ patience: Int64) -> Bool { waiting != nil && length > patience }

  var coldStart: WeekCosts.Cost { WeekCosts.Cost(failures: 1, people: waiting ?? 0) }

  /// Corrects what a gap costs in whose middle the sleep time changes, or free hardware ends. The new sleep time may
  /// last for an hour only, so the correction saves no more than that hour.
  ///
  /// - Parameter before: nil for free hardware.
  func cost(ofChangeFrom before: Int64?, to patience: Int64, at border: Instant) -> WeekCosts.Cost {
    let hour: Int64 = 3600
    let rest = end - border
    let otherwise = max(0, min(rest, patience - (border - start)))
    var cost = WeekCosts.Cost()
    guard let before else {
      // Other hardware starts at once.
      cost.awake = min(rest, patience) - otherwise
      if isCold(patience), rest <= min(patience, hour) { cost -= coldStart }
      return cost
    }
    if border - start > before {
      // It sleeps on until somebody comes.
      cost.awake = -min(otherwise, hour)
      if waiting != nil, !isCold(patience) { cost += coldStart }
    } else if rest == 0, isCold(patience) {
      // Who comes in that very second comes before it sleeps.
      cost -= coldStart
    }
    return cost
  }
}
