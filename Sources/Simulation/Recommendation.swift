public import Foundation
public import Money
public import Pricing
public import Schedules
public import Spaces
public import Timelines

/// The cheapest sleep times and windows that keep a promise, fitted on the first part of a Space's history and judged
/// by the last, which the fit has not seen.
public struct Recommendation: Sendable {
  /// What rules make of the last part.
  public struct Judged: Sendable {
    public let cost: Money
    public let visitors: VisitorTally
    /// Visitors who would find it running on `cpu-basic`; they count among those who wait. Not counted are hours in
    /// which today's rules have it there, unless the plan moves it there itself.
    public let letDown: Int
    /// How many people came.
    public let visits: Int
    public let waits: WaitTally
    /// By day (UTC) of the last part; without those of no cost.
    let days: [CivilDate: Money]
    /// Who waited or was turned away, and who was let down.
    let waitingByDay: [PeopleByDay]
    /// By the second: started minutes are not rounded up.
    let exactCost: Money

    /// With a price for each cold start, and for each who is let down or turned away.
    public func total(perColdStart price: Money) -> Money {
      cost + price.scaled(by: Int128(visitors.coldStarts + visitors.turnedAway + letDown), over: 1)
    }

    /// Of a thousand visitors, rounded up.
    public var waitingPerThousand: Int { visits == 0 ? 0 : (waiting * 1000 + visits - 1) / visits }

    /// Whoever lets most visitors down does not run a Space any more.
    var servesMost: Bool { letDown * 2 <= visits }

    var waiting: Int { waits.people + visitors.turnedAway + letDown }
  }

  public let space: SpaceID
  public let hardware: SpaceHardware
  /// How many copies of it there are: as many as today's rules ask for at most, or else as where ``judgedOn`` begins.
  public let copies: Int
  /// Whether today's rules ask for fewer at some times, and the plan does not.
  public let addsCopies: Bool
  /// Seconds that a start takes.
  public let startup: Int64
  public let promise: Promise
  /// What is taken for a cold start: as promised, or what makes the promise of waiting hold on the first part. Nil
  /// where no price does, or nobody came there: then there are no sums with cold starts.
  public let coldStartCost: Money?
  /// Hardware that was asked for, and is not proposed as the Space was seen to fail on it.
  public let failsOn: [SpaceHardware]
  /// Whether today's rules pause it, which the plan leaves out.
  public let dropsPauses: Bool
  /// Whether today's policy has an idle rule, which the plan leaves out.
  public let dropsIdle: Bool
  /// Whether only rules in place of today's come to the same: settings above these would leave pauses, or what an idle
  /// rule does.
  public let needsRules: Bool
  /// The policy in whose place it is; nil where nothing may be changed.
  public let todaysPolicy: String?
  /// Of today's policy: they go on to hold, so that it was judged with them.
  public let exceptions: [Exception]
  /// Why no hours on `cpu-basic` were tried but those of today's rules; nil where they were, or it is not allowed.
  public let untriedFree: UntriedFree?
  /// Hardware on which today's rules put it at some time, and the plan never; by name.
  public let droppedHardware: [SpaceHardware]
  /// What is known of the Space.
  public let known: Range<Instant>
  /// The part of it that the plan was fitted on, and the part that judges it.
  public let fittedOn: Range<Instant>
  public let judgedOn: Range<Instant>
  /// What visits rest on.
  public let demand: Demand

  public let plan: WeekPlan
  /// The zone of the plan's windows.
  public let zone: TimeZone
  /// The fixed sleep time that turned out best on the part that judges.
  public let bestFixed: (sleep: SleepTime, judged: Judged)
  /// Other ways on that part.
  public let baselines: [(name: String, judged: Judged)]
  /// The least that the visits of that part can cost anyone who knows them beforehand, with cold starts.
  public let hindsight: Money?
  public let today: Judged
  public let proposed: Judged
  /// What the plan saves a month of 30 days, with an interval from weeks drawn by lot, or from days where there are few
  /// weeks.
  public let saving: Bounds<Money>
  /// Whether that interval is from weeks.
  public let isByWeek: Bool
  /// Of a thousand visitors who wait under the plan on the part that judges, and in four weeks to come: drawn by lot from
  /// the latest that are known, which all are taken to be like.
  public let waitingPerThousand: Bounds<Int>
  /// Of a hundred such draws, those in which more wait than is promised; rounded up.
  public let chanceOfBreaking: Int
  /// Whether the plan keeps the promise on the part that judges and in nineteen of twenty draws.
  public let isReliable: Bool
  /// What is clearly cheaper than the plan and keeps the promise on the part that judges, but can't be relied on; nil
  /// where nothing is, or the plan can't be either.
  public let riskier: (plan: WeekPlan, judged: Judged, chanceOfBreaking: Int)?

  /// What is proposed, as a policy for this Space alone.
  public var policy: Policy {
    plan.policy(name: "\(space.name)-recommended", for: space, zone: zone)
  }

  /// Whether it is better than today's rules on the part that it has not seen.
  public var isBetter: Bool { proposed.isBetter(than: today, under: promise) }

  /// Whether more would wait than under today's rules.
  public var isMoreWaiting: Bool { proposed.waiting > today.waiting }

  /// Whether shares of visitors are the most that they can be: only the fewest visitors who explain what was seen are
  /// known, and more may have come.
  public var isOfFewest: Bool { demand.basis.unknownSeconds * 20 > demand.basis.seconds }

  /// Whether it keeps the promise, which today's rules break, though not for less.
  public var mendsPromise: Bool { !isBetter && keepsPromise && !today.keeps(promise) }

  /// Whether it is asleep again as soon as it is up, where nobody else comes: a sleep time is no longer than a start.
  public var sleepsOnceUp: Bool {
    plan.allSettings.contains { $0.sleep.map { $0.length <= startup } ?? false }
  }

  /// What the plan costs more than today's rules on the part that it has not seen; with cold starts where they are
  /// priced.
  public var margin: Money { proposed.cost(under: promise) - today.cost(under: promise) }

  /// On the part that it has not seen.
  public var keepsPromise: Bool { proposed.keeps(promise) }

  private static let week: Int64 = 7 * 86_400
  /// As long as a Space has to be known before anything is recommended for it, in seconds.
  public static let leastKnown = 2 * week

  /// The plan is fitted on all but the part that judges, or on the last weeks of that.
  ///
  /// - Parameters:
  ///   - range: what is known of the Space, two weeks at least.
  ///   - current: today's rules; nil where nothing may be changed.
  ///   - rules: the most that may be proposed: none, 2 or 4 for windows, or as many as today's rules need for their
  ///     hardware.
  ///   - others: what may be proposed beside the present hardware: `cpu-basic`, and what costs money. Nil for
  ///     `cpu-basic` where today's rules put it there or it was seen to run there, as nobody knows else whether it can.
  ///   - prices: of one instant, see ``PriceTable/frozen(at:)``.
  ///   - zone: of windows.
  public init(
    of past: SpacePast, in range: Range<Instant>, current: SpaceSchedule?, promise: Promise,
    rules: Int, others: [SpaceHardware]? = nil, prices: PriceTable, zone: TimeZone, now: Instant
  ) throws(Obstacle) {
    let basis = try RecommendationBasis(
      of: past, in: range, current: current, others: others, prices: prices, zone: zone, now: now)
    let (trial, present) = (basis.trial, basis.trial.present)
    (judgedOn, demand) = (basis.judging, basis.demand)
    known = basis.beforehand.lowerBound..<judgedOn.upperBound
    (failsOn, untriedFree, exceptions) = (basis.failsOn, basis.untriedFree, trial.exceptions)
    (space, hardware, startup) = (past.space, present.hardware, present.startup)
    copies = present.copies
    self.promise = promise
    self.zone = zone

    coldStartCost = trial.coldStartCost(on: basis.beforehand, promise)
    today = trial.judge(
      current.map { [judgedOn] in RuleSteps($0, in: judgedOn) }, owed: trial.owed, in: judgedOn)
    let choice = PlanChoice(trial, basis, beside: today, promise, rules: rules)
    (fittedOn, plan, proposed) = (choice.best.part, choice.best.plan, choice.best.judged)
    waitingPerThousand = Bounds(proposed.waitingPerThousand, drawn: choice.best.drawn)
    (chanceOfBreaking, isReliable) = (choice.best.chanceOfBreaking, choice.best.isReliable)
    riskier = choice.riskier.map { ($0.plan, $0.judged, $0.chanceOfBreaking) }
    droppedHardware = Set(basis.todaysSettings.compactMap(\.hardware))
      .subtracting(plan.allSettings.compactMap(\.hardware)).sorted { $0.rawValue < $1.rawValue }
    dropsIdle = current?.policy.idle != nil
    todaysPolicy = current?.policy.name
    addsCopies = plan.hours == nil && basis.todaysCopies.count > 1
    dropsPauses = plan.hours == nil && basis.todaysSettings.contains { $0.state == .paused }
    let named = plan.settings.named
    needsRules =
      !plan.windows.isEmpty || dropsPauses
      || current?.policy.idle.map { idle in idle.set.named.contains { !named.contains($0) } } ?? false

    let best = trial.fixed(on: judgedOn, on: present, promise).plan
    bestFixed = (best.settings.sleep ?? .never, trial.judge(best, in: judgedOn))
    baselines = trial.baselines(in: judgedOn, bestFixed: bestFixed, coldStartCost)
    hindsight = coldStartCost.map { [judgedOn, startup] cost in
      trial.visits.clipped(to: judgedOn).hindsight(
        until: judgedOn.upperBound, startup: startup, perHour: present.perHour, perColdStart: cost
      )?.total ?? .zero
    }
    let weeks = WeeksByLot(of: judgedOn)
    saving = weeks.saving(today.days, proposed.days)
    isByWeek = weeks.areWeeks
  }
}
