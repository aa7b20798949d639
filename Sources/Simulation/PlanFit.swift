import Money
import Schedules
import Spaces
import Timelines

/// How the cheapest plan is found: each is replayed, and windows are read off sums before.
extension PlanTrial {
  /// What a plan is fitted for.
  private enum Goal {
    /// The cheapest with which at most so many of ten thousand visitors wait.
    case waiting(perTenThousand: Int)
    /// The cheapest with cold starts.
    case coldStartCost(Money)
  }

  /// A plan, whether it keeps what is promised on a range, and what counts as its cost there.
  private struct Tried {
    let plan: WeekPlan
    let keeps: Bool
    let cost: Money

    func isBetter(than other: Tried) -> Bool {
      guard keeps, other.keeps else { return keeps }
      // Longer sleep times than it takes only promise more than they are.
      return (cost, plan.patience) < (other.cost, other.plan.patience)
    }

    /// Rules have to be worth their lines: one part in fifty.
    func isWorthRules(beside other: Tried) -> Bool {
      guard keeps, other.keeps else { return keeps }
      return cost < other.cost.scaled(by: 49, over: 50)
    }
  }

  private func tried(_ plan: WeekPlan, on range: Range<Instant>, _ goal: Goal) -> Tried {
    switch goal {
    case .waiting(let perTenThousand):
      let judged = judge(plan, in: range, .zero)
      return Tried(plan: plan, keeps: judged.keeps(perTenThousand: perTenThousand), cost: judged.cost)
    case .coldStartCost(let cost):
      let judged = judge(plan, in: range, cost)
      // Who lets most visitors down does not run a Space any more.
      return Tried(plan: plan, keeps: judged.letDown * 2 <= judged.visits, cost: judged.total)
    }
  }

  /// The plan that costs least on a range, and what is taken for a cold start.
  ///
  /// - Returns: also whether that price alone makes fixed sleep times keep the promise on the range.
  func fit(
    on range: Range<Instant>, promise: Promise, rules: Int
  ) -> (plan: WeekPlan, coldStartCost: Money, keeps: Bool) {
    var best = steadily(on: range, promise) { fixed(on: range, on: present, $0) }
    func take(_ next: Tried) { if next.isBetter(than: best) { best = next } }
    for choice in others { take(steadily(on: range, promise) { fixed(on: range, on: choice, $0) }) }
    // Today's hours have their lines already.
    if let hours, hours.ruleCount <= rules {
      take(steadily(on: range, promise) { fixed(on: range, in: hours, $0) })
    }
    let withoutWindows = best
    for search in searches {
      guard let count = worthwhileRules(on: range, search, promise, atMost: rules) else { continue }
      let next = steadily(on: range, promise) { goal in
        windows(on: range, search, goal, rules: count, isRefined: true) ?? withoutWindows
      }
      if next.isWorthRules(beside: withoutWindows) { take(next) }
    }
    switch promise {
    case .coldStartCost(let cost): return (best.plan, cost, true)
    case .waiting(let perThousand):
      let (cost, keeps) = coldStartCost(on: range, waiting: perThousand * 10)
      return (best.plan, cost, keeps)
    }
  }

  /// What keeps a promise of waiting on a range with a tenth to spare, as weeks differ; but with nothing to spare where
  /// each third of it keeps it as well.
  private func steadily(on range: Range<Instant>, _ promise: Promise, _ cheapest: (Goal) -> Tried) -> Tried {
    switch promise {
    case .coldStartCost(let cost): return cheapest(.coldStartCost(cost))
    case .waiting(let perThousand):
      let exact = cheapest(.waiting(perTenThousand: perThousand * 10))
      let third = range.seconds / 3
      let isSteady = (0..<3).allSatisfy { number in
        let start = range.lowerBound + Int64(number) * third
        return judge(exact.plan, in: start..<start + third, .zero).keeps(perTenThousand: perThousand * 10)
      }
      return isSteady ? exact : cheapest(.waiting(perTenThousand: perThousand * 9))
    }
  }

  // MARK: Fixed sleep times

  private func fixed(on range: Range<Instant>, on choice: Choice, _ goal: Goal) -> Tried {
    let plan = { WeekPlan(Settings(hardware: choice.hardware, sleep: $0)) }
    let sleep =
      switch goal {
      case .waiting(let perTenThousand):
        shortest(in: range, on: choice, waiting: perTenThousand, plan)
      case .coldStartCost(let cost): bestSleep(in: range, on: choice)(cost)
      }
    return tried(plan(sleep), on: range, goal)
  }

  private func fixed(on range: Range<Instant>, in hours: HardwareHours, _ goal: Goal) -> Tried {
    let plan = { WeekPlan(sleep: $0, in: hours) }
    switch goal {
    case .waiting(let perTenThousand):
      let sleep = shortest(in: range, on: present, waiting: perTenThousand, plan)
      return tried(plan(sleep), on: range, goal)
    case .coldStartCost:
      let all = sleeps(in: range, on: present, goal).map { tried(plan($0), on: range, goal) }
      return all.dropFirst().reduce(all[0]) { $1.isBetter(than: $0) ? $1 : $0 }
    }
  }

  /// The shortest sleep time with which at most so many of ten thousand visitors wait: the cheapest of those.
  private func shortest(
    in range: Range<Instant>, on choice: Choice, waiting perTenThousand: Int, _ plan: (SleepTime) -> WeekPlan
  ) -> SleepTime {
    curve(range)?.shortest(from: max(choice.startup, shortest)) {
      judge(plan($0), in: range, .zero).keeps(perTenThousand: perTenThousand)
    } ?? .never
  }

  /// The sleep time that costs least throughout, by what a cold start is taken to cost.
  private func bestSleep(in range: Range<Instant>, on choice: Choice) -> (_ coldStartCost: Money) -> SleepTime
  {
    let curve = curve(range)
    return { cost in
      curve?.best(
        startup: max(choice.startup, shortest), perHour: choice.perHour, perColdStart: cost
      ).sleep ?? .never
    }
  }

  /// Nil where nobody came.
  private func curve(_ range: Range<Instant>) -> SleepCurve? {
    SleepCurve(visits.clipped(to: range), until: range.upperBound)
  }

  /// The fixed sleep time on the present hardware that turned out best.
  func bestFixed(in range: Range<Instant>, _ promise: Promise) -> WeekPlan {
    switch promise {
    case .waiting(let perThousand):
      fixed(on: range, on: present, .waiting(perTenThousand: perThousand * 10)).plan
    case .coldStartCost(let cost): fixed(on: range, on: present, .coldStartCost(cost)).plan
    }
  }

  /// The least that a cold start has to be taken to cost for the best fixed sleep time to keep a promise.
  private func coldStartCost(on range: Range<Instant>, waiting perTenThousand: Int) -> (Money, keeps: Bool) {
    let bestSleep = bestSleep(in: range, on: present)
    func keeps(_ cost: Money) -> Bool {
      let plan = WeekPlan(Settings(hardware: present.hardware, sleep: bestSleep(cost)))
      return judge(plan, in: range, .zero).keeps(perTenThousand: perTenThousand)
    }
    var (low, high) = (Money.zero, Money(nanoDollars: 1_000_000))
    while !keeps(high) {
      guard high < Money(nanoDollars: 1_000_000_000_000) else { return (high, false) }
      (low, high) = (high, high.scaled(by: 4, over: 1))
    }
    for _ in 0..<8 {
      let middle = (low + high).scaled(by: 1, over: 2)
      if keeps(middle) { high = middle } else { low = middle }
    }
    return (high, true)
  }

  // MARK: Windows

  /// Where windows are looked for: on one hardware, and with free hardware beside it.
  private struct Search {
    let choice: Choice
    let isFreeToo: Bool
  }

  private var searches: [Search] {
    ([present] + others).flatMap { choice in
      (mayBeFree ? [false, true] : [false]).map { Search(choice: choice, isFreeToo: $0) }
    }
  }

  /// How many rules pay on a part that they were not fitted on; nil for none.
  private func worthwhileRules(
    on range: Range<Instant>, _ search: Search, _ promise: Promise, atMost rules: Int
  ) -> Int? {
    guard rules >= 2, range.seconds >= 14 * 86_400 else { return nil }
    let border = range.upperBound - range.seconds / 3
    let (first, last) = (range.lowerBound..<border, border..<range.upperBound)
    // Weeks differ: a little to spare there, and a little more than promised here.
    let (fitted, judged): (Goal, Goal) =
      switch promise {
      case .waiting(let perThousand):
        (.waiting(perTenThousand: perThousand * 9), .waiting(perTenThousand: perThousand * 11))
      case .coldStartCost(let cost): (.coldStartCost(cost), .coldStartCost(cost))
      }
    var best = tried(fixed(on: first, on: search.choice, fitted).plan, on: last, judged)
    var chosen: Int?
    for count in [2, 4] where count <= rules {
      guard let windows = windows(on: first, search, fitted, rules: count, isRefined: false) else {
        continue
      }
      let next = tried(windows.plan, on: last, judged)
      if next.isWorthRules(beside: best) { (chosen, best) = (count, next) }
    }
    return chosen
  }

  /// The best plan with windows; nil where none is better than a fixed sleep time.
  ///
  /// - Parameter isRefined: hours and sleep times beside those that were read off sums are tried, too.
  private func windows(
    on range: Range<Instant>, _ search: Search, _ goal: Goal, rules: Int, isRefined: Bool
  ) -> Tried? {
    let choice = search.choice
    let visits = visits.clipped(to: range)
    let sleeps = sleeps(in: range, on: choice, goal)
    let costs = WeekCosts(
      visits, until: range.upperBound, on: choice.hardware, perHour: choice.perHour, startup: choice.startup,
      sleeps: sleeps, owed: search.isFreeToo ? owed.clipped(to: range) : nil, clock: WallClock(zone))
    let plans =
      switch goal {
      case .waiting(let perTenThousand):
        costs.best(rules: rules, .people(perTenThousand * visits.count / 10_000))
      case .coldStartCost(let cost): costs.best(rules: rules, .price(cost))
      }
    let all = plans.filter { !$0.windows.isEmpty }.prefix(4).map { tried($0, on: range, goal) }
    guard var best = all.first else { return nil }
    for next in all.dropFirst() where next.isBetter(than: best) { best = next }
    guard isRefined else { return best }
    for _ in 0..<Self.mostSteps {
      var next = best
      for plan in best.plan.neighbors(sleeps: sleeps) {
        let neighbor = tried(plan, on: range, goal)
        if neighbor.isBetter(than: next) { next = neighbor }
      }
      guard next.isBetter(than: best) else { return best }
      best = next
    }
    return best
  }

  /// Each takes a few dozen replays.
  private static let mostSteps = 6

  /// What people choose from, and what is best throughout at some price of a cold start: the shortest first.
  private func sleeps(in range: Range<Instant>, on choice: Choice, _ goal: Goal) -> [SleepTime] {
    let least = max(choice.startup, shortest)
    let usual: [Int64] = [least, 300, 600, 900, 1800, 3600, 7200, 4 * 3600, 8 * 3600]
    let prices: [Money] =
      switch goal {
      case .waiting: (0..<8).map { Money(nanoDollars: 1_000_000 << (2 * $0)) }
      case .coldStartCost(let cost): [cost]
      }
    return Set(
      usual.filter { $0 >= least }.map { SleepTime.after(seconds: Int($0)) }
        + prices.map(bestSleep(in: range, on: choice)) + [.never]
    ).sorted { $0.length < $1.length }
  }
}
