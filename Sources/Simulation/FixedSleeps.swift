import Money
import Schedules
import Spaces
import Timelines

/// Plans with one sleep time throughout, or in the hours of today's rules.
extension PlanTrial {
  /// The cheapest throughout on one hardware: of a promise of waiting the shortest that keeps it.
  func fixed(on range: Range<Instant>, on choice: Choice, _ promise: Promise) -> Tried {
    func tried(_ sleep: SleepTime) -> Tried {
      self.tried(WeekPlan(choice.settings(sleep: sleep)), on: range, promise)
    }
    return switch promise {
    case .waiting: tried(shortest(in: range, on: choice) { tried($0).keeps })
    case .coldStartCost(let cost): tried(bestSleep(in: range, on: choice)(cost))
    }
  }

  func fixed(on range: Range<Instant>, in hours: HardwareHours, _ promise: Promise) -> Tried {
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

  /// What is promised, or the least, of a cent or more, that a cold start has to be taken to cost for the best fixed
  /// sleep time to keep a promise of waiting.
  ///
  /// - Returns: nil where there is no such price, or nobody came.
  func coldStartCost(on range: Range<Instant>, _ promise: Promise) -> Money? {
    if case .coldStartCost(let cost) = promise { return cost }
    guard !visits.clipped(to: range).isEmpty else { return nil }
    let bestSleep = bestSleep(in: range, on: present)
    func keeps(_ cost: Money) -> Bool {
      let plan = WeekPlan(present.settings(sleep: bestSleep(cost)))
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

  /// What people choose from, and what is best throughout at some price of a cold start: the shortest first.
  func sleeps(in range: Range<Instant>, on choice: Choice, _ promise: Promise) -> [SleepTime] {
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
