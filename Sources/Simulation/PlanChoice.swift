import Timelines

/// Which of the plans that were fitted on parts of what is known is proposed.
///
/// What keeps a promise of waiting on the part that it was fitted on may break it later, and what just keeps it does so
/// soon. So what keeps stricter promises is tried, too, and each plan is asked how it would do in four weeks to come.
struct PlanChoice {
  /// What a plan is beside today's rules; the worst first.
  enum Worth: Comparable {
    case none
    /// Cheaper, though it breaks the promise: no more wait than today.
    case cheaper
    /// It keeps a promise that today's rules break, though not for less.
    case mending, reliablyMending
    /// Cheaper, by as much as it has to be, and it keeps the promise.
    case better, reliablyBetter
  }

  /// A plan, the part that it was fitted on, and what becomes of it on the part that judges.
  struct Fit {
    let part: Range<Instant>
    let plan: WeekPlan
    let judged: Recommendation.Judged
    let worth: Worth
    /// Of a thousand visitors who wait in four weeks to come, again and again: drawn by lot.
    let drawn: [Int]
    /// Of a hundred such draws, those in which more wait than is promised; rounded up.
    let chanceOfBreaking: Int

    /// Whether it keeps the promise on the part that judges and in nineteen of twenty draws.
    let isReliable: Bool

    /// - Parameters:
    ///   - weeks: that the plan is replayed in, and that are drawn from.
    init(
      _ plan: WeekPlan, on part: Range<Instant>, judgedIn range: Range<Instant>, _ trial: PlanTrial,
      beside today: Recommendation.Judged, _ promise: Promise, weeks: WeeksByLot
    ) {
      (self.part, self.plan) = (part, plan)
      judged = trial.judge(plan, in: range)
      let keeps = judged.keeps(promise)
      drawn = weeks.waitingPerThousand(
        trial.judge(plan, in: weeks.range, beginsAwake: true), of: trial.visits)
      if case .waiting(let perThousand) = promise {
        chanceOfBreaking = (drawn.count { $0 > perThousand } * 100 + drawn.count - 1) / max(1, drawn.count)
      } else {
        chanceOfBreaking = 0
      }
      isReliable = keeps && chanceOfBreaking <= 5
      worth =
        switch (judged.isBetter(than: today, under: promise), keeps) {
        case (true, true): isReliable ? .reliablyBetter : .better
        case (true, false): .cheaper
        case (false, true) where !today.keeps(promise): isReliable ? .reliablyMending : .mending
        case (false, _): .none
        }
    }
  }

  let best: Fit
  /// What would be clearly cheaper than the best and keeps the promise on the part that judges, but can't be relied on.
  let riskier: Fit?

  init(
    _ trial: PlanTrial, _ basis: RecommendationBasis, beside today: Recommendation.Judged, _ promise: Promise,
    rules: Int
  ) {
    let weeks = WeeksByLot(of: basis.latest, drawing: 4)
    /// The least strict first, up to one that can be relied on: stricter ones are mostly dearer.
    func fits(on part: Range<Instant>) -> [Fit] {
      let fit = PlanFit(trial, on: part, promise, rules: rules)
      var fits: [Fit] = []
      for stricter in promise.andStricter where fits.last?.isReliable != true {
        let plan = fit.plan(keeping: stricter)
        guard plan != fits.last?.plan else { continue }
        fits.append(
          Fit(
            plan, on: part, judgedIn: basis.judging, trial, beside: today, promise, weeks: weeks))
      }
      return fits
    }
    let parts = basis.parts.map(fits)
    let bestOfParts = parts.map { $0.dropFirst().reduce($0[0]) { $1.worth > $0.worth ? $1 : $0 } }
    let best = bestOfParts.dropFirst().reduce(bestOfParts[0]) { whole, recent in
      guard recent.worth == whole.worth else { return recent.worth > whole.worth ? recent : whole }
      // Fewer weeks tell less: what is fitted on them has to save a fiftieth.
      return recent.isClearlyCheaper(than: whole, promise) ? recent : whole
    }
    self.best = best
    riskier = parts.joined().filter {
      $0.worth == .better && best.isReliable && $0.isClearlyCheaper(than: best, promise)
    }.min { $0.judged.cost < $1.judged.cost }
  }
}

extension PlanChoice.Fit {
  fileprivate func isClearlyCheaper(than other: Self, _ promise: Promise) -> Bool {
    judged.cost(under: promise).isClearlyLess(than: other.judged.cost(under: promise))
  }
}

extension Promise {
  /// It, and of waiting those of fewer, in tenths.
  fileprivate var andStricter: [Promise] {
    guard case .waiting(let perThousand) = self else { return [self] }
    return Set((2...10).map { perThousand * $0 / 10 }).sorted(by: >).map { .waiting(perThousand: $0) }
  }
}
