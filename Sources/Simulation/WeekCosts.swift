package import Money
package import Schedules
import Spaces
package import Timelines

/// What visits cost under each of some settings, by the hour of the week, and what it costs to go from one to another:
/// from this the best windows are read off without a replay of each.
package struct WeekCosts {
  /// Settings that may hold in a window, or outside of all.
  package struct Candidate {
    let settings: Settings
    /// Zero on free hardware.
    let perHour: Money
    /// Seconds that it stays awake after a visit, not fewer than a start takes. On free hardware it doesn't matter.
    let patience: Int64

    package init(settings: Settings, perHour: Money, patience: Int64) {
      (self.settings, self.perHour, self.patience) = (settings, perHour, patience)
    }

    var isFree: Bool { perHour == .zero }
  }

  /// What is paid, in 3600ths of a nano-dollar, and how many visitors fare badly: they cause a cold start, or free
  /// hardware lets them down.
  fileprivate struct Cost: Hashable {
    var paid: Int128 = 0
    var coldStarts: Int128 = 0

    static func += (left: inout Cost, right: Cost) {
      left.paid += right.paid
      left.coldStarts += right.coldStarts
    }
  }

  private let candidates: [Candidate]
  /// By candidate, then hour of the week.
  private let costs: [[Cost]]
  /// What is to be added for going from one candidate to another when an hour of the week begins.
  private let changes: [[[Cost]]]

  /// O(visits + hours of their range), for each candidate, or pair of them.
  ///
  /// - Parameters:
  ///   - until: the end, after the last visit.
  ///   - owed: those visitors whom free hardware lets down.
  package init(
    _ visits: Visits, until: Instant, owed: Visits, candidates: [Candidate], clock: WallClock
  ) {
    self.candidates = candidates
    let none = [Cost](repeating: Cost(), count: HourOfWeek.count)
    var costs = candidates.map { _ in none }
    var changes = candidates.map { _ in candidates.map { _ in none } }
    let arrivals = visits.arrivals
    var hours: [(hour: Int, end: Instant)] = []
    HourOfWeek.forEach(in: (arrivals.first?.at ?? until)..<until, on: clock) {
      hours.append(($0.index, $1.upperBound))
    }
    var place = 0
    for (index, visit) in arrivals.enumerated() {
      let isLast = index + 1 == arrivals.count
      let gap = Gap(start: visit.at, end: isLast ? until : arrivals[index + 1].at, endsInVisit: !isLast)
      while hours[place].end <= gap.start { place += 1 }
      for (number, candidate) in candidates.enumerated() where !candidate.isFree {
        let asleep = gap.start + min(gap.length, candidate.patience)
        var (hour, start) = (place, gap.start)
        while start < asleep {
          let end = min(asleep, hours[hour].end)
          costs[number][hours[hour].hour].paid += candidate.perHour.nanoDollars * Int128(end - start)
          (hour, start) = (hour + 1, end)
        }
      }
      while hours[place].end <= gap.end, place + 1 < hours.count {
        let border = hours[place].end
        place += 1
        for before in candidates.indices {
          for after in candidates.indices where after != before && !candidates[after].isFree {
            changes[before][after][hours[place].hour] += gap.cost(
              of: (candidates[before], candidates[after]), at: border)
          }
        }
      }
      for (number, candidate) in candidates.enumerated() where gap.isCold(for: candidate) {
        costs[number][hours[place].hour].coldStarts += 1
      }
    }
    for (number, candidate) in candidates.enumerated() where candidate.isFree {
      for visit in owed.arrivals {
        costs[number][HourOfWeek(at: visit.at, on: clock).index].coldStarts += Int128(visit.count)
      }
    }
    (self.costs, self.changes) = (costs, changes)
  }

  /// The best plan with at most so many rules: windows on weekdays, at weekends or every day. Never free hardware all
  /// week.
  ///
  /// - Parameter perColdStart: what each visitor who fares badly is taken to cost.
  package func best(rules: Int, perColdStart: Money) -> WeekPlan? {
    func priced(_ costs: [Cost]) -> [Int128] {
      costs.map { $0.paid + $0.coldStarts * perColdStart.nanoDollars * 3600 }
    }
    let (costs, changes) = (costs.map(priced), changes.map { $0.map(priced) })
    var best: (cost: Int128, plan: WeekPlan)?
    func consider(_ cost: Int128, _ plan: WeekPlan) {
      if best.map({ cost < $0.cost }) ?? true { best = (cost, plan) }
    }
    /// The window that saves most on some days, and what it saves.
    func window(_ days: WeekPlan.Days, in outside: Int) -> (saved: Int128, window: WeekPlan.Window)? {
      var best: (saved: Int128, window: WeekPlan.Window)?
      let days7 = (0..<7).filter(days.contains)
      func sum(_ hours: [Int128], at hour: Int) -> Int128 {
        days7.reduce(0) { $0 + hours[$1 * 24 + hour] }
      }
      for inside in candidates.indices where inside != outside {
        let saved = (0..<24).map { sum(costs[outside], at: $0) - sum(costs[inside], at: $0) }
        let opening = (0..<24).map { sum(changes[outside][inside], at: $0) }
        let closing = (0..<24).map { sum(changes[inside][outside], at: $0) }
        for from in 0..<23 {
          var savedInside = -opening[from]
          for until in from + 1...23 {
            savedInside += saved[until - 1]
            let savedInAll = savedInside - closing[until]
            if savedInAll > 0, savedInAll > best?.saved ?? 0 {
              best = (
                savedInAll,
                WeekPlan.Window(days: days, from: from, until: until, settings: candidates[inside].settings)
              )
            }
          }
        }
      }
      return best
    }
    for outside in candidates.indices {
      let settings = candidates[outside].settings
      let base = costs[outside].reduce(0, +)
      if !candidates[outside].isFree { consider(base, WeekPlan(settings)) }
      guard rules >= 2 else { continue }
      let (everyDay, weekdays, weekend) = (
        window(.everyDay, in: outside), window(.weekdays, in: outside), window(.weekend, in: outside)
      )
      for case let one? in [everyDay, weekdays, weekend] {
        consider(base - one.saved, WeekPlan(settings, windows: [one.window]))
      }
      if rules >= 4, let weekdays, let weekend {
        consider(
          base - weekdays.saved - weekend.saved,
          WeekPlan(settings, windows: [weekdays.window, weekend.window]))
      }
    }
    return best?.plan
  }
}

/// From a visit to the next, or to the end.
private struct Gap {
  let start: Instant
  let end: Instant
  let endsInVisit: Bool

  var length: Int64 { end - start }

  /// Whether the visit that ends it meets a Space that sleeps.
  func isCold(for candidate: WeekCosts.Candidate) -> Bool {
    endsInVisit && !candidate.isFree && length > candidate.patience
  }

  /// What it makes dearer, or cheaper, that settings give way to others in the middle of it, beside the others from its
  /// beginning. They may hold for an hour only: so it is not made cheaper by more than that.
  ///
  /// - Parameter settings: those before, and those after, which are not free.
  func cost(
    of settings: (before: WeekCosts.Candidate, after: WeekCosts.Candidate), at border: Instant
  ) -> WeekCosts.Cost {
    let (before, after) = settings
    let hour: Int64 = 3600
    let rest = end - border
    let otherwise = max(0, min(rest, after.patience - (border - start)))
    if before.settings.hardware != after.settings.hardware {
      // Other hardware starts at once.
      let awake = min(rest, after.patience)
      let isSpared = isCold(for: after) && rest <= min(after.patience, hour)
      return WeekCosts.Cost(
        paid: after.perHour.nanoDollars * Int128(awake - otherwise), coldStarts: isSpared ? -1 : 0)
    }
    if border - start > before.patience {
      // It sleeps on until somebody comes.
      return WeekCosts.Cost(
        paid: after.perHour.nanoDollars * -Int128(min(otherwise, hour)),
        coldStarts: endsInVisit && !isCold(for: after) ? 1 : 0)
    }
    // Who comes in that very second comes before it sleeps.
    return WeekCosts.Cost(coldStarts: rest == 0 && isCold(for: after) ? -1 : 0)
  }
}
