import Money
public import Pricing
import Schedules
public import Spaces
public import Timelines

/// What pictures show of one Space: when it is visited, when it is billed for nobody, and what sleep times cost.
public struct SpacePictures: Sendable {
  public let space: SpaceID
  public let range: Range<Instant>
  public let demand: Demand.Basis
  /// As it was, or as it would have been under some rules; nil for as it was.
  public let weeks: [(rules: SleepTradeOff.Way?, week: VisitedWeek)]
  /// Nil where nobody came, or nobody is charged.
  public let tradeOff: SleepTradeOff?

  /// Of all that is known of a Space, with the part of it by which a recommendation was judged.
  ///
  /// - Parameters:
  ///   - prices: of one instant, as the recommendation had them.
  ///   - clock: of the hours of the week.
  public init(
    of past: SpacePast, _ recommendation: Recommendation, prices: PriceTable, clock: WallClock
  ) {
    space = past.space
    range = recommendation.known
    demand = recommendation.demand.basis
    let week = VisitedWeek(
      recommendation.demand, billed: past.usage.billed.estimate, in: range, prices: prices, clock: clock)
    weeks = [(nil, week)]
    tradeOff = recommendation.tradeOff(prices: prices)
  }

  /// Of a simulation. Nil where nothing is known about visits, or nobody came and nothing was billed.
  ///
  /// - Parameters:
  ///   - comparison: with its courses.
  ///   - recommendation: what is recommended for the Space now, to be shown beside the rules; nil where nothing is.
  ///   - isGranted: somebody else pays for its hardware.
  ///   - clock: of the hours of the week.
  public init?(
    of past: SpacePast, _ comparison: SpaceComparison, recommendation: Recommendation?, isGranted: Bool,
    prices: PriceTable, clock: WallClock
  ) {
    guard let current = comparison.current.billed, let new = comparison.proposed.billed,
      let today = comparison.current.visitors, let then = comparison.proposed.visitors
    else { return nil }
    let (range, demand) = (comparison.range, past.demand(in: comparison.range))
    space = past.space
    self.range = range
    self.demand = demand.basis
    weeks = [(.today, current), (.new, new)].map { rules, billed in
      (rules, VisitedWeek(demand, billed: billed, in: range, prices: prices, clock: clock))
    }
    guard !demand.least.isEmpty || weeks.contains(where: { $0.week.billedSeconds > 0 }) else { return nil }
    let hardware = recommendation?.hardware ?? past.longestPaidHardware(in: range, prices: prices)
    guard !isGranted, let hardware,
      let perHour = prices.rate(
        of: Billed(hardware: hardware, replicas: recommendation?.copies ?? current.copies(on: hardware)),
        at: range.upperBound - 1),
      var tradeOff = SleepTradeOff(
        demand.least, in: range, on: hardware, perHour: perHour,
        shortest: max(60, past.program.startup(on: hardware), demand.resolution))
    else {
      self.tradeOff = nil
      return
    }
    func cost(_ billed: Timeline<Billed?>) -> Money { HourlyCost.total(of: billed, prices: prices) }
    tradeOff.mark(.today, cost: cost(current), today)
    tradeOff.mark(.new, cost: cost(new), then)
    if let recommendation, recommendation.isBetter, let beginning = past.beginning(at: range.lowerBound) {
      let plan = recommendation.plan
      let policy = plan.policy(
        name: "recommended", for: past.space, zone: recommendation.zone,
        exceptions: recommendation.exceptions)
      let replay = SpaceReplay(
        from: beginning, under: RuleSteps(SpaceSchedule(policy), in: range), visits: demand.least, in: range,
        prices: prices)
      tradeOff.mark(
        .recommended(plan), cost: cost(past.present(prices.billed(replay.states))), replay.visitors,
        onFreeHardware: plan.bringsFreeHardware
          ? demand.least.served(onFreeHardware: replay.states).count : 0)
    }
    if let recommendation {
      tradeOff.markBestFixed(recommendation.promise, startup: recommendation.startup)
      if let cost = recommendation.coldStartCost {
        tradeOff.markHindsight(startup: recommendation.startup, perColdStart: cost)
      }
    }
    self.tradeOff = tradeOff
  }
}

extension Timeline<Billed?> {
  /// How many were billed last on a hardware.
  fileprivate func copies(on hardware: SpaceHardware) -> Int {
    let last = segments.last { $0.value?.hardware == hardware }
    return last?.value?.replicas ?? 1
  }
}

extension Recommendation {
  /// Sleep times on the part that judges, with today's rules and the plan if it is better.
  func tradeOff(prices: PriceTable) -> SleepTradeOff? {
    guard
      let perHour = prices.rate(
        of: Billed(hardware: hardware, replicas: copies), at: judgedOn.upperBound),
      var tradeOff = SleepTradeOff(
        demand.least, in: judgedOn, on: hardware, perHour: perHour,
        shortest: max(60, startup, demand.resolution))
    else { return nil }
    tradeOff.mark(.today, cost: today.exactCost, today.visitors)
    if isBetter {
      tradeOff.mark(
        .recommended(plan), cost: proposed.exactCost, proposed.visitors, onFreeHardware: proposed.letDown)
    }
    tradeOff.mark(
      .bestFixed(bestFixed.sleep, promise), cost: bestFixed.judged.exactCost, bestFixed.judged.visitors)
    if let coldStartCost { tradeOff.markHindsight(startup: startup, perColdStart: coldStartCost) }
    return tradeOff
  }
}
