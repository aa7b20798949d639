public import Foundation
public import Money
public import Pricing
public import Schedules
public import Spaces
public import Timelines

/// What visitors are promised.
public enum Promise: Hashable, Sendable {
  /// At most so many of a thousand visitors wait.
  case waiting(perThousand: Int)
  /// Each start that visitors wait for is taken to cost so much.
  case coldStartCost(Money)

  /// What is promised where nobody says: one of twenty may wait.
  public static let usual = waiting(perThousand: 50)
}

/// The cheapest sleep times that keep a promise, fitted on the first part of a Space's history and judged by the last,
/// which the fit has not seen.
public struct Recommendation: Sendable {
  /// What rules make of the last part.
  public struct Judged: Sendable {
    public let cost: Money
    /// With what is taken for each cold start.
    public let total: Money
    public let visitors: VisitorTally
    /// How many people came.
    public let visits: Int
    public let waits: WaitTally
    /// By week of the last part; the last may not be whole.
    fileprivate let weeks: [Money]
    /// By the second: started minutes are not rounded up.
    let exactCost: Money

    /// Of a thousand visitors, rounded up.
    public var waitingPerThousand: Int {
      visits == 0 ? 0 : ((waits.people + visitors.turnedAway) * 1000 + visits - 1) / visits
    }
  }

  public let space: SpaceID
  public let hardware: SpaceHardware
  /// Seconds that a start takes.
  public let startup: Int64
  public let promise: Promise
  /// What is taken for a cold start: as promised, or what makes the promise of waiting hold on the first part.
  public let coldStartCost: Money
  /// The part that it was fitted on, and the part that judges it.
  public let fitted: Range<Instant>
  public let judged: Range<Instant>
  /// What visits rest on.
  public let demand: Demand

  public let plan: SleepPlan
  /// The zone of the plan's windows.
  public let zone: TimeZone
  /// Other ways on the part that judges.
  public let baselines: [(name: String, judged: Judged)]
  /// The least that the visits of that part can cost anyone who knows them beforehand, with cold starts.
  public let hindsight: Money
  public let today: Judged
  public let proposed: Judged
  /// What the plan saves a month of 30 days, with an interval from weeks drawn by lot.
  public let saving: ForecastInterval

  /// What is proposed, as a policy for this Space alone.
  public var policy: Policy {
    plan.policy(name: "\(space.name)-recommended", for: space, hardware: hardware, zone: zone)
  }

  /// Whether it is cheaper than today's rules on the part that it has not seen, and keeps the promise as well.
  public var isBetter: Bool {
    margin < .zero && (keepsPromise || proposed.waitingPerThousand <= today.waitingPerThousand)
  }

  /// What the plan costs more than today's rules on the part that it has not seen; with cold starts where they are
  /// priced.
  public var margin: Money {
    switch promise {
    case .waiting: proposed.cost - today.cost
    case .coldStartCost: proposed.total - today.total
    }
  }

  /// On the part that it has not seen.
  public var keepsPromise: Bool {
    switch promise {
    case .waiting(let perThousand): proposed.waitingPerThousand <= perThousand
    case .coldStartCost: true
    }
  }

  /// Why nothing can be recommended.
  public enum Obstacle: Error, Hashable, Sendable {
    /// It has run on nothing that costs money.
    case free
    /// Its last look found no such Space.
    case gone
    /// Too short a history; enough is known from an instant on.
    case tooShort(until: Instant)
    /// Nothing tells when it is visited.
    case nothingKnown
    /// Nobody came in the part to fit on, or in that which judges.
    case noVisits
    case noPrice(SpaceHardware)
  }

  private static let week: Int64 = 7 * 86_400

  /// - Parameters:
  ///   - range: what is known of the Space, two weeks at least.
  ///   - current: steps of today's rules over a range; nil where nothing may be changed.
  ///   - rules: the most that may be proposed: none, 2 or 4 are used.
  ///   - prices: of one instant, see ``PriceTable/frozen(at:)``.
  ///   - zone: of windows.
  public init(
    of past: SpacePast, in range: Range<Instant>, current: (Range<Instant>) -> RuleSteps?, promise: Promise,
    rules: Int, prices: PriceTable, zone: TimeZone, now: Instant
  ) throws(Obstacle) {
    let known = past.known(in: range)
    if past.goneSince != nil { throw .gone }
    guard known.seconds >= 2 * Self.week else { throw .tooShort(until: known.lowerBound + 2 * Self.week) }
    guard let hardware = past.longestPaidHardware(in: known, prices: prices) else { throw .free }
    guard let perHour = prices.hourlyPrice(of: hardware, at: now) else { throw .noPrice(hardware) }
    let demand = past.demand(in: known)
    guard !demand.sources.isEmpty else { throw .nothingKnown }
    let border = known.upperBound - max(Self.week, known.seconds / 4)
    let (first, last) = (known.lowerBound..<border, border..<known.upperBound)
    let visits = demand.least
    guard visits.clipped(to: first).span != nil, visits.clipped(to: last).span != nil else { throw .noVisits }

    let trial = PlanTrial(
      past: past, visits: visits, shortest: max(60, demand.resolution), hardware: hardware, perHour: perHour,
      prices: prices, zone: zone)
    let (plan, coldStartCost) = trial.fit(on: first, promise: promise, rules: rules)
    let today = trial.judge(current(last), in: last, coldStartCost)
    let proposed = trial.judge(plan, in: last, coldStartCost)
    space = past.space
    self.hardware = hardware
    startup = past.program.startup(on: hardware)
    self.promise = promise
    self.coldStartCost = coldStartCost
    (fitted, judged) = (first, last)
    self.demand = demand
    self.plan = plan
    self.zone = zone
    self.today = today
    self.proposed = proposed
    baselines = trial.baselines(in: last, coldStartCost)
    hindsight =
      visits.clipped(to: last).hindsight(
        until: last.upperBound, startup: past.program.startup(on: hardware), perHour: perHour,
        perColdStart: coldStartCost)?.total ?? .zero
    saving = Self.saving(today.weeks, proposed.weeks, seconds: last.seconds)
  }

  /// Weeks drawn by lot, as many as there are.
  private static func saving(_ today: [Money], _ proposed: [Money], seconds: Int64) -> ForecastInterval {
    let weeks = zip(today, proposed).map { $0 - $1 }
    func perMonth(_ sum: Money) -> Money { sum.scaled(by: 30 * 86_400, over: Int128(max(1, seconds))) }
    var random = SeededGenerator(seed: 1)
    let sums = (0..<400).map { _ in
      weeks.indices.reduce(Money.zero) { sum, _ in sum + (weeks.randomElement(using: &random) ?? .zero) }
    }.sorted()
    let estimate = perMonth(weeks.reduce(.zero, +))
    return ForecastInterval(
      low: min(estimate, perMonth(sums[sums.count / 10])), estimate: estimate,
      high: max(estimate, perMonth(sums[sums.count * 9 / 10])))
  }
}

/// Plans tried on visits.
struct PlanTrial {
  let past: SpacePast
  let visits: Visits
  /// Seconds: no shorter sleep time can be judged.
  let shortest: Int64
  let hardware: SpaceHardware
  let perHour: Money
  let prices: PriceTable
  let zone: TimeZone

  private var startup: Int64 { past.program.startup(on: hardware) }
  private static let week: Int64 = 7 * 86_400

  // MARK: Fitting

  /// The plan that costs least on a range, and what it takes for a cold start.
  func fit(on range: Range<Instant>, promise: Promise, rules: Int) -> (plan: SleepPlan, coldStartCost: Money)
  {
    switch promise {
    case .coldStartCost(let cost): return (fit(on: range, cost, rules: rules), cost)
    case .waiting(let perThousand):
      // The dearer a cold start is taken to be, the fewer there are: the least that keeps the promise. Weeks differ,
      // so that it is kept with a fifth to spare.
      var (low, high) = (Money.zero, Money(nanoDollars: 1_000_000))
      func plan(_ cost: Money) -> (plan: SleepPlan, keeps: Bool) {
        let plan = fit(on: range, cost, rules: rules)
        return (plan, judge(plan, in: range, cost).waitingPerThousand <= perThousand * 4 / 5)
      }
      var kept = plan(high)
      while !kept.keeps, high < Money(nanoDollars: 1_000_000_000_000) {
        low = high
        high = high.scaled(by: 4, over: 1)
        kept = plan(high)
      }
      for _ in 0..<8 {
        let middle = (low + high).scaled(by: 1, over: 2)
        let tried = plan(middle)
        if tried.keeps { (high, kept) = (middle, tried) } else { low = middle }
      }
      return (kept.plan, high)
    }
  }

  /// As many windows as pay on a part that they were not fitted on.
  private func fit(on range: Range<Instant>, _ coldStartCost: Money, rules: Int) -> SleepPlan {
    let plain = best(in: range, coldStartCost, rules: 0)
    guard rules >= 2, range.seconds >= 2 * Self.week else { return plain }
    let border = range.upperBound - range.seconds / 3
    let counts = [0, 2, 4].filter { $0 <= rules }
    let totals = counts.map { count in
      judge(
        best(in: range.lowerBound..<border, coldStartCost, rules: count), in: border..<range.upperBound,
        coldStartCost
      )
      .total
    }
    // Rules have to be worth their lines: one part in fifty.
    var chosen = 0
    for (count, total) in zip(counts, totals).dropFirst()
    where total < totals[counts.firstIndex(of: chosen) ?? 0].scaled(by: 49, over: 50) {
      chosen = count
    }
    return chosen == 0 ? plain : best(in: range, coldStartCost, rules: chosen)
  }

  private func best(in range: Range<Instant>, _ coldStartCost: Money, rules: Int) -> SleepPlan {
    let visits = visits.clipped(to: range)
    guard let curve = SleepCurve(visits, until: range.upperBound) else { return SleepPlan(sleep: .never) }
    let shortest = max(startup, shortest)
    let fixed = curve.best(startup: shortest, perHour: perHour, perColdStart: coldStartCost).sleep
    guard rules > 0 else { return SleepPlan(sleep: fixed) }
    let usual: [Int64] = [shortest, 300, 600, 900, 1800, 3600, 7200, 4 * 3600, 8 * 3600]
    let sleeps = Set(
      usual.filter { $0 >= shortest }.map { SleepTime.after(seconds: Int($0)) } + [fixed, .never])
    return GapCosts(
      visits, until: range.upperBound, sleeps: sleeps.sorted { $0.length < $1.length }, perHour: perHour,
      perColdStart: coldStartCost, clock: WallClock(zone)
    ).best(rules: rules)
  }

  // MARK: Judging

  /// The sleep times that the Hub offers on its settings page.
  private static let hubSleeps: [Int] = [5, 15, 30, 60, 600, 1440, 2880, 4320, 10_080].map { $0 * 60 }

  /// Never to sleep, what the Hub offers, the sleep time that costs as much as a cold start, the best fixed sleep time
  /// of the very part that judges, and what the Hub can't do: to wake before a visit.
  func baselines(in range: Range<Instant>, _ coldStartCost: Money) -> [(
    name: String, judged: Recommendation.Judged
  )] {
    func fixed(_ sleep: SleepTime) -> Recommendation.Judged {
      judge(SleepPlan(sleep: sleep), in: range, coldStartCost)
    }
    var baselines = [("never sleep", fixed(.never))]
    baselines += Self.hubSleeps.map { seconds in
      ("sleep \(DurationText.text(Int64(seconds)))", fixed(.after(seconds: seconds)))
    }
    if perHour > .zero {
      let seconds = Int(coldStartCost.nanoDollars * 3600 / perHour.nanoDollars)
      let breakEven = max(Int(startup), min(seconds, Int(Int32.max)))
      baselines.append(
        ("break-even, sleep \(DurationText.text(Int64(breakEven)))", fixed(.after(seconds: breakEven))))
    }
    if let curve = SleepCurve(visits.clipped(to: range), until: range.upperBound) {
      let best = curve.best(startup: startup, perHour: perHour, perColdStart: coldStartCost).sleep
      baselines.append(("best fixed in hindsight", fixed(best)))
    }
    let histogram = HybridHistogram.replay(
      visits, in: range, from: start(of: range), on: hardware, program: past.program)
    baselines.append(
      (
        "hybrid histogram",
        judged(histogram.states, histogram.visitors, histogram.waits, in: range, coldStartCost)
      ))
    return baselines
  }

  func judge(_ plan: SleepPlan, in range: Range<Instant>, _ coldStartCost: Money) -> Recommendation.Judged {
    let policy = plan.policy(
      name: "recommended", for: past.space, hardware: hardware, zone: zone)
    return judge(RuleSteps(SpaceSchedule(policy), in: range), in: range, coldStartCost)
  }

  func judge(_ steps: RuleSteps?, in range: Range<Instant>, _ coldStartCost: Money) -> Recommendation.Judged {
    let replay = SpaceReplay(
      from: start(of: range), under: steps, visits: visits, program: past.program, in: range, prices: prices)
    return judged(replay.states, replay.visitors, replay.waits, in: range, coldStartCost)
  }

  private func start(of range: Range<Instant>) -> SpaceState {
    past.state(at: range.lowerBound) ?? SpaceState(stage: .sleeping, requestedHardware: hardware)
  }

  private func judged(
    _ states: Timeline<SpaceState>, _ visitors: VisitorTally, _ waits: [Wait], in range: Range<Instant>,
    _ coldStartCost: Money
  ) -> Recommendation.Judged {
    let billed = prices.billed(states)
    var weeks: [Money] = []
    var week = range.lowerBound
    while week < range.upperBound {
      let end = min(range.upperBound, week + Self.week)
      weeks.append(
        prices.lineItems(of: Bounds(certain: billed), in: week..<end, zone: .gmt).totalCost.estimate)
      week = end
    }
    let cost = weeks.reduce(.zero, +)
    return Recommendation.Judged(
      cost: cost,
      total: cost + coldStartCost.scaled(by: Int128(visitors.coldStarts), over: 1),
      visitors: visitors, visits: visits.clipped(to: range).count, waits: WaitTally(waits),
      weeks: weeks, exactCost: HourlyCost.total(of: billed, prices: prices))
  }
}

extension SleepTime {
  /// Seconds; never is longer than any.
  var length: Int64 {
    switch self {
    case .never: .max
    case .after(let seconds): Int64(seconds)
    }
  }
}

extension SpacePast {
  /// The hardware that costs money on which it was up longest.
  func longestPaidHardware(in range: Range<Instant>, prices: PriceTable) -> SpaceHardware? {
    usage.billed.estimate.clipped(to: range).integrate(into: [SpaceHardware: Int64]()) { times, segment in
      guard let hardware = segment.value?.hardware, !prices.isFree(hardware, at: segment.range.lowerBound)
      else {
        return
      }
      times[hardware, default: 0] += segment.range.seconds
    }.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
  }
}
