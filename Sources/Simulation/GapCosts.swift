import Money
import Spaces
import Timelines

/// What the gaps between visits cost under some sleep times, by the hour of the week in which a gap begins: from
/// these the best windows are read off without a replay for each.
struct GapCosts {
  /// The candidates, the shortest first.
  let sleeps: [SleepTime]
  /// By sleep time, then hour of the week; in 3600ths of a nano-dollar.
  private let costs: [[Int128]]

  /// - Parameters:
  ///   - until: the end, after the last visit.
  ///   - startup: seconds that a start takes; sleep times are not shorter.
  init(
    _ visits: Visits, until: Instant, sleeps: [SleepTime], perHour: Money, perColdStart: Money,
    clock: WallClock
  ) {
    self.sleeps = sleeps
    let seconds = sleeps.map { sleep in
      switch sleep {
      case .never: Int64.max
      case .after(let seconds): Int64(seconds)
      }
    }
    var costs = sleeps.map { _ in [Int128](repeating: 0, count: HourOfWeek.count) }
    let arrivals = visits.arrivals
    for index in arrivals.indices {
      let start = arrivals[index].at
      let isLast = index + 1 == arrivals.count
      let gap = (isLast ? until : arrivals[index + 1].at) - start
      let hour = HourOfWeek(at: start, on: clock).index
      for (candidate, sleep) in seconds.enumerated() {
        let awake = perHour.nanoDollars * Int128(min(gap, sleep))
        let isCold = gap > sleep && !isLast
        costs[candidate][hour] += awake + (isCold ? perColdStart.nanoDollars * 3600 : 0)
      }
    }
    self.costs = costs
  }

  /// The best plan with at most so many rules: windows on weekdays, at weekends or every day.
  func best(rules: Int) -> SleepPlan {
    var best: (cost: Int128, plan: SleepPlan)?
    func consider(_ cost: Int128, _ plan: SleepPlan) {
      if best.map({ cost < $0.cost }) ?? true { best = (cost, plan) }
    }
    for outside in sleeps.indices {
      let base = costs[outside].reduce(0, +)
      consider(base, SleepPlan(sleep: sleeps[outside]))
      guard rules >= 2 else { continue }
      /// The window that saves most on some days, and what it saves.
      func window(_ days: SleepPlan.Days) -> (saved: Int128, window: SleepPlan.Window)? {
        var best: (saved: Int128, window: SleepPlan.Window)?
        let days7 = (0..<7).filter(days.contains)
        for inside in sleeps.indices where inside != outside {
          // What each hour of these days would save: the best window is the largest sum of a run.
          let saved = (0..<24).map { hour in
            days7.reduce(Int128(0)) { $0 + costs[outside][$1 * 24 + hour] - costs[inside][$1 * 24 + hour] }
          }
          for from in 0..<23 {
            var sum: Int128 = 0
            for until in from + 1...23 {
              sum += saved[until - 1]
              if sum > 0, sum > best?.saved ?? 0 {
                best = (sum, SleepPlan.Window(days: days, from: from, until: until, sleep: sleeps[inside]))
              }
            }
          }
        }
        return best
      }
      for days in SleepPlan.Days.allCases {
        if let one = window(days) {
          consider(base - one.saved, SleepPlan(sleep: sleeps[outside], windows: [one.window]))
        }
      }
      if rules >= 4, let weekdays = window(.weekdays), let weekend = window(.weekend) {
        consider(
          base - weekdays.saved - weekend.saved,
          SleepPlan(sleep: sleeps[outside], windows: [weekdays.window, weekend.window]))
      }
    }
    return best?.plan ?? SleepPlan(sleep: .never)
  }
}
