import Money
import Schedules
import Spaces
import Timelines

/// How the cheapest plan is found: each is replayed, and windows are read off sums before.
extension PlanTrial {
  /// A plan, whether it keeps what is promised on a range, and what counts as its cost there.
  private struct Tried {
    let plan: WeekPlan
    let keeps: Bool
    let cost: Money

    func isBetter(than other: Tried) -> Bool {
      guard keeps, other.keeps else { return keeps }
      // Of sleep times that cost the same, the longer are never reached.
      return (cost, plan.patience) < (other.cost, other.plan.patience)
    }

    /// Rules have to be worth their lines.
    func isWorthRules(beside other: Tried) -> Bool {
      guard keeps, other.keeps else { return keeps }
      return cost.isClearlyLess(than: other.cost)
    }
  }

  /// Weeks differ, so a promise of waiting has to be kept with a tenth to spare, or in each third of the range. The
  /// thirds do not excuse plans with windows: of so many some pass by chance.
  private func tried(_ plan: WeekPlan, on range: Range<Instant>, _ promise: Promise) -> Tried {
    let judged = judge(plan, in: range)
    let keeps =
      judged.servesMost && judged.keeps(promise)
      && (judged.keeps(promise, tenths: 9) || plan.windows.isEmpty && keepsInThirds(plan, of: range, promise))
    return Tried(plan: plan, keeps: keeps, cost: judged.cost(under: promise))
  }

  private func keepsInThirds(_ plan: WeekPlan, of range: Range<Instant>, _ promise: Promise) -> Bool {
    let third = range.seconds / 3
    return (0..<3).allSatisfy { number in
      let start = range.lowerBound + Int64(number) * third
      return judge(plan, in: start..<start + third).keeps(promise)
    }
  }

  /// The plan that costs least on a range.
  func fit(on range: Range<Instant>, promise: Promise, rules: Int) -> WeekPlan {
    var best = fixed(on: range, on: present, promise)
    func take(_ next: Tried) { if next.isBetter(than: best) { best = next } }
    for choice in others { take(fixed(on: range, on: choice, promise)) }
    // Today's hours have their lines already.
    if let hours, hours.ruleCount <= rules { take(fixed(on: range, in: hours, promise)) }
    let withoutWindows = best
    for search in searches {
      if let count = worthwhileRules(on: range, search, promise, atMost: rules),
        let next = windows(on: range, search, promise, rules: count, isRefined: true),
        next.isWorthRules(beside: withoutWindows)
      {
        take(next)
      }
    }
    return best.plan
  }

  // MARK: Fixed sleep times

  private func fixed(on range: Range<Instant>, on choice: Choice, _ promise: Promise) -> Tried {
    func tried(_ sleep: SleepTime) -> Tried {
      self.tried(WeekPlan(Settings(hardware: choice.hardware, sleep: sleep)), on: range, promise)
    }
    return tried(best(in: range, on: choice, promise) { tried($0).keeps })
  }

  /// The cheapest throughout: of a promise of waiting the shortest that keeps it.
  private func best(
    in range: Range<Instant>, on choice: Choice, _ promise: Promise, where keeps: (SleepTime) -> Bool
  ) -> SleepTime {
    switch promise {
    case .waiting: shortest(in: range, on: choice, where: keeps)
    case .coldStartCost(let cost): bestSleep(in: range, on: choice)(cost)
    }
  }

  private func fixed(on range: Range<Instant>, in hours: HardwareHours, _ promise: Promise) -> Tried {
    func tried(_ sleep: SleepTime) -> Tried {
      self.tried(WeekPlan(sleep: sleep, in: hours), on: range, promise)
    }
    switch promise {
    case .waiting: return tried(shortest(in: range, on: present) { tried($0).keeps })
    case .coldStartCost:
      let all = sleeps(in: range, on: present, promise).map(tried)
      return all.dropFirst().reduce(all[0]) { $1.isBetter(than: $0) ? $1 : $0 }
    }
  }

  /// The shortest sleep time that keeps a promise of waiting: the cheapest of those.
  private func shortest(
    in range: Range<Instant>, on choice: Choice, where keeps: (SleepTime) -> Bool
  ) -> SleepTime {
    let least = least(on: choice)
    // Where nobody comes nobody waits.
    guard let curve = curve(range) else { return .after(seconds: Int(least)) }
    return curve.shortest(from: least, where: keeps)
  }

  /// The sleep time that costs least throughout, by what a cold start is taken to cost.
  private func bestSleep(in range: Range<Instant>, on choice: Choice) -> (_ coldStartCost: Money) -> SleepTime
  {
    let least = least(on: choice)
    let curve = curve(range)
    return { cost in
      curve?.best(startup: least, perHour: choice.perHour, perColdStart: cost).sleep
        ?? .after(seconds: Int(least))
    }
  }

  /// Nil where nobody came.
  private func curve(_ range: Range<Instant>) -> SleepCurve? {
    SleepCurve(visits.clipped(to: range), until: range.upperBound)
  }

  /// The fixed sleep time on the present hardware that turned out best, with nothing to spare.
  func bestFixed(in range: Range<Instant>, _ promise: Promise) -> WeekPlan {
    func plan(_ sleep: SleepTime) -> WeekPlan { WeekPlan(Settings(hardware: present.hardware, sleep: sleep)) }
    return plan(best(in: range, on: present, promise) { judge(plan($0), in: range).keeps(promise) })
  }

  /// What is promised, or the least, of a cent or more, that a cold start has to be taken to cost for the best fixed
  /// sleep time to keep a promise of waiting.
  ///
  /// - Returns: nil where there is no such price, or nobody came.
  func coldStartCost(on range: Range<Instant>, _ promise: Promise) -> Money? {
    if case .coldStartCost(let cost) = promise { return cost }
    guard !visits.clipped(to: range).isEmpty else { return nil }
    let bestSleep = bestSleep(in: range, on: present)
    func keeps(_ cost: Money) -> Bool {
      let plan = WeekPlan(Settings(hardware: present.hardware, sleep: bestSleep(cost)))
      return judge(plan, in: range).keeps(promise)
    }
    var (low, high) = (Money.zero, Money(nanoDollars: 10_000_000))
    if keeps(high) { return high }
    while !keeps(high) {
      guard high < Money(nanoDollars: 1_000_000_000_000) else { return nil }
      (low, high) = (high, high.scaled(by: 4, over: 1))
    }
    for _ in 0..<8 {
      let middle = (low + high).scaled(by: 1, over: 2)
      if keeps(middle) { high = middle } else { low = middle }
    }
    return high
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
    func seen(_ plan: WeekPlan) -> Tried {
      let judged = judge(plan, in: last)
      // It was not fitted on this part: a tenth more than promised is no reason against it.
      return Tried(
        plan: plan, keeps: judged.servesMost && judged.keeps(promise, tenths: 11),
        cost: judged.cost(under: promise))
    }
    var best = seen(fixed(on: first, on: search.choice, promise).plan)
    var chosen: Int?
    for count in [2, 4] where count <= rules {
      guard let windows = windows(on: first, search, promise, rules: count, isRefined: false) else {
        continue
      }
      let next = seen(windows.plan)
      if next.isWorthRules(beside: best) { (chosen, best) = (count, next) }
    }
    return chosen
  }

  /// The best plan with windows; nil where none is better than a fixed sleep time.
  ///
  /// - Parameter isRefined: hours and sleep times beside those that were read off sums are tried, too.
  private func windows(
    on range: Range<Instant>, _ search: Search, _ promise: Promise, rules: Int, isRefined: Bool
  ) -> Tried? {
    let choice = search.choice
    let visits = visits.clipped(to: range)
    // For nobody no window is better than another.
    guard !visits.isEmpty else { return nil }
    let sleeps = sleeps(in: range, on: choice, promise)
    let costs = WeekCosts(
      visits, until: range.upperBound, on: choice.hardware, perHour: choice.perHour, startup: choice.startup,
      sleeps: sleeps, isFreeToo: search.isFreeToo, clock: WallClock(zone))
    let goals: [WeekCosts.Goal] =
      switch promise {
      case .waiting(let perThousand): [9, 10].map { .people(perThousand * $0 * visits.count / 10_000) }
      case .coldStartCost(let cost): [.price(cost)]
      }
    let all = goals.flatMap { goal in
      costs.best(rules: rules, goal).filter { !$0.windows.isEmpty }.prefix(4).map {
        tried($0, on: range, promise)
      }
    }
    guard var best = all.first else { return nil }
    for next in all.dropFirst() where next.isBetter(than: best) { best = next }
    guard isRefined else { return best }
    for _ in 0..<Self.mostSteps {
      var next = best
      for plan in best.plan.neighbors(sleeps: sleeps) {
        let neighbor = tried(plan, on: range, promise)
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
  private func sleeps(in range: Range<Instant>, on choice: Choice, _ promise: Promise) -> [SleepTime] {
    let least = least(on: choice)
    let usual: [Int64] = [least, 300, 600, 900, 1800, 3600, 7200, 4 * 3600, 8 * 3600]
    let prices: [Money] =
      switch promise {
      case .waiting: (0..<8).map { Money(nanoDollars: 1_000_000 << (2 * $0)) }
      case .coldStartCost(let cost): [cost]
      }
    return Set(
      usual.filter { $0 >= least }.map { SleepTime.after(seconds: Int($0)) }
        + prices.map(bestSleep(in: range, on: choice)) + [.never]
    ).sorted { $0.length < $1.length }
  }
}
