import Foundation
import Money
import Pricing
import Schedules
import Spaces
import Timelines

/// Plans tried on visits.
struct PlanTrial {
  /// Hardware that costs money on which plans may put a Space.
  struct Choice {
    let hardware: SpaceHardware
    let perHour: Money
    /// Seconds that a start takes.
    let startup: Int64
  }

  let past: SpacePast
  let visits: Visits
  /// Seconds: no shorter sleep time can be judged.
  let shortest: Int64
  /// The present one.
  let present: Choice
  let others: [Choice]
  /// Those who come when today's rules have it on hardware that costs money: free hardware lets them down. Nil where
  /// no plan may put it there.
  let owed: Visits?
  let prices: PriceTable
  let zone: TimeZone
  /// Of today's rules; nil where they leave it on one hardware.
  let hours: HardwareHours?

  private var choices: [Choice] { [present] + others }
  private static let week: Int64 = 7 * 86_400

  // MARK: Fitting

  /// The plan that costs least on a range, and what it takes for a cold start.
  ///
  /// - Returns: also whether that price alone makes plans keep the promise on the range.
  func fit(
    on range: Range<Instant>, promise: Promise, rules: Int
  ) -> (plan: WeekPlan, coldStartCost: Money, keeps: Bool) {
    let hours = hours.flatMap { $0.ruleCount <= rules ? $0 : nil }
    switch promise {
    case .coldStartCost(let cost):
      let plain = windows(on: range, rules: rules, [cost])(cost)
      guard let hours else { return (plain, cost, true) }
      let tried =
        ([plain] + usualSleeps(in: range, on: present, [cost]).map { WeekPlan(sleep: $0, in: hours) })
        .map { ($0, judge($0, in: range, cost).total) }
      return (tried.min { $0.1 < $1.1 }?.0 ?? plain, cost, true)
    case .waiting(let perThousand):
      // Windows have to be worth their lines, and today's hours have theirs already.
      let (windows, coldStartCost) = self.windows(on: range, waiting: perThousand * 9, rules: rules)
      var best = fixed(on: range, waiting: perThousand, as: plans(on: present))
      for plans in others.map(plans) + (hours.map { [plans(in: $0)] } ?? []) {
        let next = fixed(on: range, waiting: perThousand, as: plans)
        if next.isBetter(than: best) { best = next }
      }
      let worth = windows.plan.windows.isEmpty ? windows.cost : windows.cost.scaled(by: 50, over: 49)
      if Tried(plan: windows.plan, keeps: windows.keeps, cost: worth).isBetter(than: best) { best = windows }
      return (best.plan, coldStartCost, windows.keeps)
    }
  }

  /// A plan, whether it keeps a promise of waiting on the range that it is fitted on, and what it costs there.
  private struct Tried {
    let plan: WeekPlan
    let keeps: Bool
    let cost: Money

    func isBetter(than other: Tried) -> Bool { keeps && (!other.keeps || cost < other.cost) }
  }

  private func tried(_ plan: WeekPlan, on range: Range<Instant>, waiting perTenThousand: Int) -> Tried {
    let judged = judge(plan, in: range, .zero)
    return Tried(plan: plan, keeps: judged.keeps(perTenThousand: perTenThousand), cost: judged.cost)
  }

  // MARK: Fixed sleep times

  /// Plans that differ in their sleep time alone.
  private struct FixedPlans {
    /// Seconds: no shorter sleep time is tried.
    let least: Int64
    let plan: (SleepTime) -> WeekPlan
  }

  private func plans(on choice: Choice) -> FixedPlans {
    FixedPlans(least: max(choice.startup, shortest)) { sleep in
      WeekPlan(Settings(hardware: choice.hardware, sleep: sleep))
    }
  }

  private func plans(in hours: HardwareHours) -> FixedPlans {
    FixedPlans(least: max(present.startup, shortest)) { WeekPlan(sleep: $0, in: hours) }
  }

  /// The cheapest that keeps a promise. Weeks differ, so that it is kept with a tenth to spare; but with nothing to spare
  /// where each third of them keeps it as well.
  private func fixed(on range: Range<Instant>, waiting perThousand: Int, as plans: FixedPlans) -> Tried {
    func shortest(_ perTenThousand: Int) -> Tried {
      let sleep = bestFixed(in: range, waiting: perTenThousand, as: plans)
      return tried(plans.plan(sleep), on: range, waiting: perTenThousand)
    }
    let exact = shortest(perThousand * 10)
    let third = range.seconds / 3
    let isSteady = (0..<3).allSatisfy { number in
      let start = range.lowerBound + Int64(number) * third
      return judge(exact.plan, in: start..<start + third, .zero).keeps(perTenThousand: perThousand * 10)
    }
    return isSteady ? exact : shortest(perThousand * 9)
  }

  /// The cheapest sleep time with which at most so many of ten thousand visitors wait.
  private func bestFixed(
    in range: Range<Instant>, waiting perTenThousand: Int, as plans: FixedPlans
  ) -> SleepTime {
    SleepCurve(visits.clipped(to: range), until: range.upperBound)?
      .shortest(from: plans.least) {
        judge(plans.plan($0), in: range, .zero).keeps(perTenThousand: perTenThousand)
      } ?? .never
  }

  /// The sleep time that costs least, where a cold start is taken to cost so much; nil where nobody came.
  private func bestFixed(
    in range: Range<Instant>, on choice: Choice, _ coldStartCost: Money
  ) -> BestSleep? {
    SleepCurve(visits.clipped(to: range), until: range.upperBound)?
      .best(
        startup: max(choice.startup, shortest), perHour: choice.perHour, perColdStart: coldStartCost)
  }

  /// The fixed sleep time on the present hardware that turned out best.
  func bestFixed(in range: Range<Instant>, _ promise: Promise) -> SleepTime {
    switch promise {
    case .waiting(let perThousand):
      bestFixed(in: range, waiting: perThousand * 10, as: plans(on: present))
    case .coldStartCost(let cost): bestFixed(in: range, on: present, cost)?.sleep ?? .never
    }
  }

  // MARK: Windows

  /// Windows are found by what a cold start is taken to cost: the dearer, the fewer there are. A price alone passes over
  /// fixed sleep times that lie between those that are best at some price.
  ///
  /// - Returns: also the price, the least that keeps the promise as far as it was looked for.
  private func windows(
    on range: Range<Instant>, waiting perTenThousand: Int, rules: Int
  ) -> (cheapest: Tried, coldStartCost: Money) {
    let usualPrices = (0..<8).map { Money(nanoDollars: 1_000_000 << (2 * $0)) }
    let fit = windows(on: range, rules: rules, usualPrices)
    func at(_ cost: Money) -> Tried { tried(fit(cost), on: range, waiting: perTenThousand) }
    var (low, high) = (Money.zero, usualPrices[0])
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

  /// The best plan where a cold start is taken to cost so much, with as many windows as pay on a part that they were not
  /// fitted on.
  ///
  /// - Parameter usualPrices: what a cold start may be taken to cost: sleep times that are best at one of them are tried
  ///   in windows.
  private func windows(
    on range: Range<Instant>, rules: Int, _ usualPrices: [Money]
  ) -> (_ coldStartCost: Money) -> WeekPlan {
    func plain(_ range: Range<Instant>, _ cost: Money) -> WeekPlan {
      let best = choices.compactMap { choice in
        bestFixed(in: range, on: choice, cost).map { (choice.hardware, $0) }
      }.min { $0.1.cost < $1.1.cost }
      guard let (hardware, best) = best else { return plans(on: present).plan(.never) }
      return WeekPlan(Settings(hardware: hardware, sleep: best.sleep))
    }
    guard rules >= 2, range.seconds >= 2 * Self.week else { return { plain(range, $0) } }
    let border = range.upperBound - range.seconds / 3
    let (first, last) = (range.lowerBound..<border, border..<range.upperBound)
    let (whole, part) = (weekCosts(in: range, usualPrices), weekCosts(in: first, usualPrices))
    return { cost in
      func total(_ plan: WeekPlan) -> Money { judge(plan, in: last, cost).total }
      var chosen = 0
      var least = total(plain(first, cost))
      for count in [2, 4] where count <= rules {
        guard let plan = part.best(rules: count, perColdStart: cost) else { continue }
        let next = total(plan)
        // Rules have to be worth their lines: one part in fifty.
        if next < least.scaled(by: 49, over: 50) { (chosen, least) = (count, next) }
      }
      return (chosen == 0 ? nil : whole.best(rules: chosen, perColdStart: cost)) ?? plain(range, cost)
    }
  }

  private func weekCosts(in range: Range<Instant>, _ usualPrices: [Money]) -> WeekCosts {
    var candidates = choices.flatMap { choice in
      usualSleeps(in: range, on: choice, usualPrices).map { sleep in
        WeekCosts.Candidate(
          settings: Settings(hardware: choice.hardware, sleep: sleep), perHour: choice.perHour,
          patience: sleep.length)
      }
    }
    if owed != nil {
      candidates.append(
        WeekCosts.Candidate(settings: Settings(hardware: .cpuBasic), perHour: .zero, patience: 0))
    }
    return WeekCosts(
      visits.clipped(to: range), until: range.upperBound, owed: owed?.clipped(to: range) ?? Visits([]),
      candidates: candidates, clock: WallClock(zone))
  }

  /// What people choose from, and what is best throughout at some price of a cold start: the shortest first.
  private func usualSleeps(
    in range: Range<Instant>, on choice: Choice, _ coldStartCosts: [Money]
  ) -> [SleepTime] {
    let least = max(choice.startup, shortest)
    let usual: [Int64] = [least, 300, 600, 900, 1800, 3600, 7200, 4 * 3600, 8 * 3600]
    return Set(
      usual.filter { $0 >= least }.map { SleepTime.after(seconds: Int($0)) }
        + coldStartCosts.compactMap { bestFixed(in: range, on: choice, $0)?.sleep } + [.never]
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
      judge(plans(on: present).plan(sleep), in: range, coldStartCost)
    }
    var baselines = [("never sleep", fixed(.never))]
    baselines += Self.hubSleeps.map { seconds in
      ("sleep \(DurationText.text(Int64(seconds)))", fixed(.after(seconds: seconds)))
    }
    if present.perHour > .zero {
      let seconds = Int(coldStartCost.nanoDollars * 3600 / present.perHour.nanoDollars)
      let breakEven = max(Int(present.startup), min(seconds, Int(Int32.max)))
      baselines.append(
        ("break-even, sleep \(DurationText.text(Int64(breakEven)))", fixed(.after(seconds: breakEven))))
    }
    baselines.append(("best fixed in hindsight", bestFixed))
    let histogram = HybridHistogram.replay(
      visits, in: range, from: start(of: range), on: present.hardware, program: past.program)
    baselines.append(
      (
        "hybrid histogram",
        judged(histogram.states, histogram.visitors, histogram.waits, in: range, coldStartCost)
      ))
    return baselines
  }

  func judge(_ plan: WeekPlan, in range: Range<Instant>, _ coldStartCost: Money) -> Recommendation.Judged {
    let policy = plan.policy(name: "recommended", for: past.space, zone: zone)
    return judge(RuleSteps(SpaceSchedule(policy), in: range), in: range, coldStartCost)
  }

  func judge(_ steps: RuleSteps?, in range: Range<Instant>, _ coldStartCost: Money) -> Recommendation.Judged {
    let replay = SpaceReplay(
      from: start(of: range), lastUse: past.lastUse(before: range.lowerBound), under: steps, visits: visits,
      program: past.program, in: range, prices: prices)
    return judged(replay.states, replay.visitors, replay.waits, in: range, coldStartCost)
  }

  private func start(of range: Range<Instant>) -> SpaceState {
    past.state(at: range.lowerBound) ?? SpaceState(stage: .sleeping, requestedHardware: present.hardware)
  }

  private func judged(
    _ states: Timeline<SpaceState>, _ visitors: VisitorTally, _ waits: WaitTally, in range: Range<Instant>,
    _ coldStartCost: Money
  ) -> Recommendation.Judged {
    let billed = prices.billed(states)
    let days = Dictionary(
      grouping: prices.lineItems(of: Bounds(certain: billed), in: range, zone: .gmt), by: \.day
    ).mapValues(\.totalCost.estimate)
    let cost = days.values.reduce(.zero, +)
    let letDown = owed?.clipped(to: range).onFreeHardware(states).count ?? 0
    return Recommendation.Judged(
      cost: cost,
      total: cost + coldStartCost.scaled(by: Int128(visitors.coldStarts + letDown), over: 1),
      visitors: visitors, letDown: letDown, visits: visits.clipped(to: range).count, waits: waits,
      days: days, exactCost: HourlyCost.total(of: billed, prices: prices))
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
