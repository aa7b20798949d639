import Money
import Schedules
import Spaces
import Timelines

/// How the cheapest plan for a part of what is known of a Space is found: each is replayed, and windows are read off
/// sums before, which are the same whatever share of visitors may wait.
struct PlanFit {
  private typealias Tried = PlanTrial.Tried

  private let trial: PlanTrial
  private let range: Range<Instant>
  private let rules: Int
  private let searches: [Search]

  /// - Parameters:
  ///   - promise: of the kind that is kept.
  ///   - rules: the most that may be proposed.
  init(_ trial: PlanTrial, on range: Range<Instant>, _ promise: Promise, rules: Int) {
    (self.trial, self.range, self.rules) = (trial, range, rules)
    let isLongEnough = range.seconds >= 14 * 86_400
    searches =
      rules >= 2 && isLongEnough
      ? ([trial.present] + trial.others).flatMap { choice in
        (trial.mayBeFree ? [false, true] : [false]).map { isFreeToo in
          Search(trial, on: range, choice, isFreeToo: isFreeToo, promise)
        }
      } : []
  }

  /// The plan that costs least of those that keep a promise.
  func plan(keeping promise: Promise) -> WeekPlan {
    var best = trial.fixed(on: range, on: trial.present, promise)
    func take(_ next: Tried) { if next.isBetter(than: best) { best = next } }
    for choice in trial.others { take(trial.fixed(on: range, on: choice, promise)) }
    // Today's hours have their lines already.
    if let hours = trial.hours, hours.ruleCount <= rules { take(trial.fixed(on: range, in: hours, promise)) }
    let withoutWindows = best
    for search in searches {
      if let count = search.worthwhileRules(promise, atMost: rules),
        let next = search.whole?.windows(promise, rules: count, isRefined: true),
        next.isWorthRules(beside: withoutWindows)
      {
        take(next)
      }
    }
    return best.plan
  }

  /// Where windows are looked for: on one hardware, with or without free hardware beside it.
  private struct Search {
    let trial: PlanTrial
    let choice: PlanTrial.Choice
    /// The first two thirds, and the last, on which is seen whether windows pay.
    let first: Windows?
    let last: Range<Instant>
    let whole: Windows?

    init(
      _ trial: PlanTrial, on range: Range<Instant>, _ choice: PlanTrial.Choice, isFreeToo: Bool,
      _ promise: Promise
    ) {
      (self.trial, self.choice) = (trial, choice)
      let border = range.upperBound - range.seconds / 3
      last = border..<range.upperBound
      first = Windows(
        trial, on: range.lowerBound..<border, choice, isFreeToo: isFreeToo, promise)
      whole = Windows(trial, on: range, choice, isFreeToo: isFreeToo, promise)
    }

    /// How many rules pay on a part that they were not fitted on; nil for none.
    func worthwhileRules(_ promise: Promise, atMost rules: Int) -> Int? {
      guard let first else { return nil }
      func seen(_ plan: WeekPlan) -> Tried {
        let judged = trial.judge(plan, in: last)
        // It was not fitted on this part: a tenth more than promised is no reason against it.
        return Tried(
          plan: plan, keeps: judged.servesMost && judged.keeps(promise, tenths: 11),
          cost: judged.cost(under: promise))
      }
      var best = seen(trial.fixed(on: first.range, on: choice, promise).plan)
      var chosen: Int?
      for count in [2, 4] where count <= rules {
        guard let windows = first.windows(promise, rules: count, isRefined: false) else { continue }
        let next = seen(windows.plan)
        if next.isWorthRules(beside: best) { (chosen, best) = (count, next) }
      }
      return chosen
    }
  }

  /// Plans with windows, on one part.
  private struct Windows {
    let range: Range<Instant>
    private let trial: PlanTrial
    private let sleeps: [SleepTime]
    private let best: BestWindows
    private let visits: Int

    /// Each takes a few dozen replays.
    private static let mostSteps = 6

    /// Nil for nobody: there no window is better than another.
    init?(
      _ trial: PlanTrial, on range: Range<Instant>, _ choice: PlanTrial.Choice, isFreeToo: Bool,
      _ promise: Promise
    ) {
      let visits = trial.visits.clipped(to: range)
      guard !visits.isEmpty else { return nil }
      (self.trial, self.range, self.visits) = (trial, range, visits.count)
      sleeps = trial.sleeps(in: range, on: choice, promise)
      let costs = WeekCosts(
        visits, until: range.upperBound, on: choice.hardware, replicas: choice.replicas,
        perHour: choice.perHour, startup: choice.startup, sleeps: sleeps, isFreeToo: isFreeToo,
        clock: WallClock(trial.zone))
      best = BestWindows(costs, price: promise.price)
    }

    /// The best plan with windows; nil where none is better than a fixed sleep time.
    ///
    /// - Parameter isRefined: hours and sleep times beside those that were read off sums are tried, too.
    func windows(_ promise: Promise, rules: Int, isRefined: Bool) -> Tried? {
      let limits: [Int] =
        switch promise {
        case .waiting(let perThousand): [9, 10].map { perThousand * $0 * visits / 10_000 }
        case .coldStartCost: [.max]
        }
      let all = limits.flatMap { limit in
        best.best(rules: rules, atMost: limit).filter { !$0.windows.isEmpty }.prefix(4).map {
          trial.tried($0, on: range, promise)
        }
      }
      guard var best = all.first else { return nil }
      for next in all.dropFirst() where next.isBetter(than: best) { best = next }
      guard isRefined else { return best }
      for _ in 0..<Self.mostSteps {
        var next = best
        for plan in best.plan.neighbors(sleeps: sleeps) {
          let neighbor = trial.tried(plan, on: range, promise)
          if neighbor.isBetter(than: next) { next = neighbor }
        }
        guard next.isBetter(than: best) else { return best }
        best = next
      }
      return best
    }
  }
}
