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
    /// As many as today's rules ask for at most; nil where they name none.
    let replicas: Int?
    /// Those, or else as many as there are where the part that judges begins.
    let copies: Int
    /// Of all copies.
    let perHour: Money
    /// Seconds that a start takes.
    let startup: Int64

    func settings(sleep: SleepTime) -> Settings {
      Settings(hardware: hardware, sleep: sleep, replicas: replicas)
    }
  }

  let past: SpacePast
  let visits: Visits
  /// Seconds: no shorter sleep time can be judged.
  let shortest: Int64
  /// The present one.
  let present: Choice
  /// What plans may put it on instead.
  let others: [Choice]
  /// Those who come when today's rules don't ask for free hardware, or a pause.
  let owed: Visits
  /// Whether plans may have it on free hardware at other times than today's rules.
  let mayBeFree: Bool
  let prices: PriceTable
  let zone: TimeZone
  /// Of today's rules; nil where they leave it on one hardware in as many copies.
  let hours: HardwareHours?
  /// Of today's rules: they go on to hold.
  let exceptions: [Exception]

  /// Seconds: no shorter sleep time is tried.
  func least(on choice: Choice) -> Int64 { max(choice.startup, shortest) }

  /// The sleep times that the Hub offers on its settings page.
  private static let hubSleeps: [Int] = [5, 15, 30, 60, 600, 1440, 2880, 4320, 10_080].map { $0 * 60 }

  /// Never to sleep, what the Hub offers, the sleep time that costs as much as a cold start, the best fixed sleep time
  /// of the very part that judges, and what the Hub can't do: to wake before a visit.
  func baselines(
    in range: Range<Instant>, bestFixed: (sleep: SleepTime, judged: Recommendation.Judged),
    _ coldStartCost: Money?
  ) -> [(name: String, judged: Recommendation.Judged)] {
    func fixed(_ sleep: SleepTime) -> Recommendation.Judged {
      judge(WeekPlan(present.settings(sleep: sleep)), in: range)
    }
    var baselines = [("never sleep", fixed(.never))]
    baselines += Self.hubSleeps.map { seconds in
      ("sleep \(DurationText.text(Int64(seconds)))", fixed(.after(seconds: seconds)))
    }
    if let coldStartCost, present.perHour > .zero {
      let seconds = coldStartCost.nanoDollars * 3600 / present.perHour.nanoDollars
      let breakEven = max(Int(present.startup), Int(min(seconds, Int128(Int32.max))))
      baselines.append(
        ("break-even, sleep \(DurationText.text(Int64(breakEven)))", fixed(.after(seconds: breakEven))))
    }
    baselines.append(("best fixed in hindsight, sleep \(bestFixed.sleep.ruleText)", bestFixed.judged))
    let histogram = HybridHistogram.replay(
      visits, in: range, from: beginning(of: range), on: present.hardware, replicas: present.replicas)
    baselines.append(("hybrid histogram", judged(histogram, owed: owed)))
    return baselines
  }

  /// - Parameter beginsAwake: where it was asleep when the range began, so that no plan lets its first visitor wait.
  func judge(
    _ plan: WeekPlan, in range: Range<Instant>, beginsAwake: Bool = false
  ) -> Recommendation.Judged {
    let policy = plan.policy(name: "recommended", for: past.space, zone: zone, exceptions: exceptions)
    var beginning = beginning(of: range)
    if beginsAwake, beginning.state.stage.isAsleep {
      beginning = Beginning(
        SpaceState(stage: .running, hardware: present.hardware, requestedHardware: present.hardware),
        program: past.program)
    }
    // Whoever asks again after each proposal must not be offered a little more of it each time.
    return judge(
      RuleSteps(SpaceSchedule(policy), in: range), from: beginning,
      owed: plan.bringsFreeHardware ? visits : owed, in: range)
  }

  /// - Parameters:
  ///   - beginning: as it was, unless told.
  ///   - owed: those whom free hardware lets down.
  func judge(
    _ steps: RuleSteps?, from beginning: Beginning? = nil, owed: Visits, in range: Range<Instant>
  ) -> Recommendation.Judged {
    let replay = SpaceReplay(
      from: beginning ?? self.beginning(of: range), under: steps, visits: visits, in: range, prices: prices)
    return judged(replay, owed: owed)
  }

  private func beginning(of range: Range<Instant>) -> Beginning {
    let asleep = SpaceState(stage: .sleeping, requestedHardware: present.hardware)
    return past.beginning(at: range.lowerBound, else: asleep) ?? Beginning(asleep, program: past.program)
  }

  private func judged(_ replay: SpaceReplay, owed: Visits) -> Recommendation.Judged {
    let range = replay.states.range
    let billed = past.present(prices.billed(replay.states))
    let days = Dictionary(
      grouping: prices.lineItems(of: Bounds(certain: billed), in: range, zone: .gmt), by: \.day
    ).mapValues(\.totalCost.estimate)
    let letDown = owed.clipped(to: range).served(onFreeHardware: replay.states)
    return Recommendation.Judged(
      cost: days.values.reduce(.zero, +), visitors: replay.visitors, letDown: letDown.count,
      visits: visits.clipped(to: range).count, waits: replay.waits, days: days,
      waitingByDay: [replay.waiting, PeopleByDay(letDown)],
      exactCost: HourlyCost.total(of: billed, prices: prices))
  }
}

extension PlanTrial {
  /// A plan, whether it keeps what is promised on a range, and what counts as its cost there.
  struct Tried {
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

  /// There are so many plans with windows that some keep a promise of waiting by chance: they have to with a tenth to
  /// spare.
  func tried(_ plan: WeekPlan, on range: Range<Instant>, _ promise: Promise) -> Tried {
    let judged = judge(plan, in: range)
    return Tried(
      plan: plan, keeps: judged.servesMost && judged.keeps(promise, tenths: plan.windows.isEmpty ? 10 : 9),
      cost: judged.cost(under: promise))
  }
}
