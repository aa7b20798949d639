import Foundation
import Money
import Pricing
import Schedules
import Spaces
import Timelines

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
  /// Of today's rules; nil where they leave it on one hardware.
  let hours: HardwareHours?

  private var startup: Int64 { past.program.startup(on: hardware) }
  /// Seconds: no shorter sleep time is tried.
  private var least: Int64 { max(startup, shortest) }
  private static let week: Int64 = 7 * 86_400

  // MARK: Fitting

  /// The plan that costs least on a range, and what it takes for a cold start.
  ///
  /// - Returns: also whether that price alone makes plans keep the promise on the range.
  func fit(
    on range: Range<Instant>, promise: Promise, rules: Int
  ) -> (plan: SleepPlan, coldStartCost: Money, keeps: Bool) {
    let hours = hours.flatMap { $0.ruleCount <= rules ? $0 : nil }
    switch promise {
    case .coldStartCost(let cost):
      let plain = fit(on: range, cost, rules: rules)
      guard let hours else { return (plain, cost, true) }
      let tried = ([plain] + usualSleeps(in: range, cost).map { SleepPlan(sleep: $0, in: hours) }).map {
        ($0, judge($0, in: range, cost).total)
      }
      return (tried.min { $0.1 < $1.1 }?.0 ?? plain, cost, true)
    case .waiting(let perThousand):
      // Windows have to be worth their lines, and today's hours have theirs already.
      let (windows, coldStartCost) = self.windows(on: range, waiting: perThousand * 9, rules: rules)
      var best = fixed(on: range, waiting: perThousand, in: nil)
      if let hours, case let kept = fixed(on: range, waiting: perThousand, in: hours),
        kept.isBetter(than: best)
      {
        best = kept
      }
      let worth = windows.plan.windows.isEmpty ? windows.cost : windows.cost.scaled(by: 50, over: 49)
      if Tried(plan: windows.plan, keeps: windows.keeps, cost: worth).isBetter(than: best) { best = windows }
      return (best.plan, coldStartCost, windows.keeps)
    }
  }

  /// A plan, whether it keeps a promise of waiting on the range that it is fitted on, and what it costs there.
  private struct Tried {
    let plan: SleepPlan
    let keeps: Bool
    let cost: Money

    func isBetter(than other: Tried) -> Bool { keeps && (!other.keeps || cost < other.cost) }
  }

  private func tried(_ plan: SleepPlan, on range: Range<Instant>, waiting perTenThousand: Int) -> Tried {
    let judged = judge(plan, in: range, .zero)
    return Tried(plan: plan, keeps: judged.keeps(perTenThousand: perTenThousand), cost: judged.cost)
  }

  /// Windows are found by what a cold start is taken to cost: the dearer, the fewer there are. A price alone passes over
  /// fixed sleep times that lie between those that are best at some price.
  ///
  /// - Returns: also the price, the least that keeps the promise as far as it was looked for.
  private func windows(
    on range: Range<Instant>, waiting perTenThousand: Int, rules: Int
  ) -> (cheapest: Tried, coldStartCost: Money) {
    func at(_ cost: Money) -> Tried {
      tried(fit(on: range, cost, rules: rules), on: range, waiting: perTenThousand)
    }
    var (low, high) = (Money.zero, Money(nanoDollars: 1_000_000))
    var cheapest = at(high)
    while !cheapest.keeps, high < Money(nanoDollars: 1_000_000_000_000) {
      low = high
      high = high.scaled(by: 4, over: 1)
      cheapest = at(high)
    }
    guard cheapest.keeps else { return (cheapest, high) }
    for _ in 0..<8 {
      let middle = (low + high).scaled(by: 1, over: 2)
      let next = at(middle)
      if next.keeps { high = middle } else { low = middle }
      if next.isBetter(than: cheapest) { cheapest = next }
    }
    return (cheapest, high)
  }

  /// The cheapest fixed sleep time that keeps a promise. Weeks differ, so that it is kept with a tenth to spare; but with
  /// nothing to spare where each third of them keeps it as well.
  private func fixed(on range: Range<Instant>, waiting perThousand: Int, in hours: HardwareHours?) -> Tried {
    func shortest(_ perTenThousand: Int) -> Tried {
      tried(
        SleepPlan(sleep: bestFixed(in: range, waiting: perTenThousand, hours), in: hours), on: range,
        waiting: perTenThousand)
    }
    let exact = shortest(perThousand * 10)
    let third = range.seconds / 3
    let isSteady = (0..<3).allSatisfy { number in
      let start = range.lowerBound + Int64(number) * third
      return judge(exact.plan, in: start..<start + third, .zero).keeps(perTenThousand: perThousand * 10)
    }
    return isSteady ? exact : shortest(perThousand * 9)
  }

  /// The cheapest fixed sleep time with which at most so many of ten thousand visitors wait.
  private func bestFixed(
    in range: Range<Instant>, waiting perTenThousand: Int, _ hours: HardwareHours? = nil
  ) -> SleepTime {
    SleepCurve(visits.clipped(to: range), until: range.upperBound)?
      .shortest(from: least) {
        judge(SleepPlan(sleep: $0, in: hours), in: range, .zero).keeps(perTenThousand: perTenThousand)
      } ?? .never
  }

  /// The fixed sleep time that turned out best.
  func bestFixed(in range: Range<Instant>, _ promise: Promise) -> SleepTime {
    switch promise {
    case .waiting(let perThousand): bestFixed(in: range, waiting: perThousand * 10)
    case .coldStartCost(let cost): bestFixed(in: range, cost)
    }
  }

  /// The fixed sleep time that costs least, where a cold start is taken to cost so much.
  private func bestFixed(in range: Range<Instant>, _ coldStartCost: Money) -> SleepTime {
    SleepCurve(visits.clipped(to: range), until: range.upperBound)?
      .best(startup: least, perHour: perHour, perColdStart: coldStartCost).sleep ?? .never
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
    guard rules > 0, !visits.isEmpty else { return SleepPlan(sleep: bestFixed(in: range, coldStartCost)) }
    return GapCosts(
      visits, until: range.upperBound, sleeps: usualSleeps(in: range, coldStartCost), perHour: perHour,
      perColdStart: coldStartCost, clock: WallClock(zone)
    ).best(rules: rules)
  }

  /// What people choose from, and what is best throughout: the shortest first.
  private func usualSleeps(in range: Range<Instant>, _ coldStartCost: Money) -> [SleepTime] {
    let usual: [Int64] = [least, 300, 600, 900, 1800, 3600, 7200, 4 * 3600, 8 * 3600]
    return Set(
      usual.filter { $0 >= least }.map { SleepTime.after(seconds: Int($0)) }
        + [bestFixed(in: range, coldStartCost), .never]
    ).sorted { $0.length < $1.length }
  }

  // MARK: Judging

  /// The sleep times that the Hub offers on its settings page.
  private static let hubSleeps: [Int] = [5, 15, 30, 60, 600, 1440, 2880, 4320, 10_080].map { $0 * 60 }

  /// Never to sleep, what the Hub offers, the sleep time that costs as much as a cold start, the best fixed sleep time
  /// of the very part that judges, and what the Hub can't do: to wake before a visit.
  func baselines(
    in range: Range<Instant>, bestFixed: Recommendation.Judged, _ coldStartCost: Money
  ) -> [(name: String, judged: Recommendation.Judged)] {
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
    baselines.append(("best fixed in hindsight", bestFixed))
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
      from: start(of: range), lastUse: past.lastUse(before: range.lowerBound), under: steps, visits: visits,
      program: past.program, in: range, prices: prices)
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
