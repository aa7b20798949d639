import Schedules
public import Spaces
public import Timelines

/// What a pause of a Space means for its plan.
enum PauseJudgement {
  case notPaused
  /// Our pause, and still wanted.
  case asWanted
  /// Left alone, and nothing else is sent.
  case kept(reason: String)
  /// Settings first, then a restart.
  case ends(reason: String, cause: SpaceAction.Cause)
}

extension PlanDraft {
  func judgePause() -> PauseJudgement {
    guard situation.live.stage == .paused else { return .notPaused }
    guard let ours = ourPause else {
      let seen = pauseSeen.map { " (seen so since \(clock.text(at: $0)))" } ?? ""
      return endedOnceABoundary("paused by somebody else, or by the Hub's spend limit\(seen)")
    }
    if wanted.state?.value == .paused { return .asWanted }
    if ours.cause == .refusedDowngrade, wanted.hardware?.value == .cpuBasic, situation.hardware != .cpuBasic {
      return endedOnceABoundary(
        "paused on \(clock.text(at: ours.at)), as its downgrade to cpu-basic was refused")
    }
    let reason = wanted.state?.reason ?? wanted.hardware?.reason ?? "policy \(schedule.policy.name)"
    return .ends(reason: "nothing asks for the pause any more; \(reason)", cause: .endOfPause)
  }

  /// It is paused in place of a downgrade that was refused: what asks for other hardware ends that.
  var isPausedInstead: Bool { ourPause?.cause == .refusedDowngrade }

  /// The action of ours that paused the Space; nil where somebody else did, or started it since.
  private var ourPause: SpaceAction? {
    // A start that nobody saw, and that may not have happened, ends no pause.
    let last = situation.actions.last {
      $0.kind == .pause && $0.mayHaveHappened || $0.kind == .restart && $0.outcome == .done
    }
    guard let last, last.kind == .pause else { return nil }
    // A look may still have seen it up while the pause took effect.
    let sincePaused = situation.intervals.drop { interval in
      interval.state.stage != .paused || interval.looks.last.map { $0 < last.at } ?? true
    }
    let wasEnded = sincePaused.contains { $0.state.stage != .paused && $0.state.stage != .gone }
    return wasEnded ? nil : last
  }

  /// The first look at the present pause; a start of ours, though no look saw it, ended the one before.
  private var pauseSeen: Instant? {
    let lastStart = situation.actions.lastRestart ?? .distantPast
    return situation.intervals.reversed().prefix { $0.state.stage == .paused }.reversed().lazy
      .compactMap { $0.looks.first { $0 > lastStart } }.first
  }

  /// A pause that we did not make is left alone: it may be its owner's wish, or the Hub's spend limit. So is
  /// one for a refused downgrade, as long as it would be refused again. A rule that says `state: running` ends
  /// it once, at the first run after a boundary before which a look had seen the pause.
  private func endedOnceABoundary(_ fact: String) -> PauseJudgement {
    guard let state = wanted.state, state.value == .running, let pauseSeen,
      let boundary = schedule.latestBoundary(of: .state, atOrBefore: now),
      // Who holds it may be the first who has looked.
      pauseSeen < boundary.instant || pauseSeen == boundary.instant && state.cause == .hold
    else { return .kept(reason: "\(fact); left alone") }
    // What was refused before the restart could be sent was a try as well.
    let hasTried = situation.actions.contains {
      $0.decidedAt >= boundary.instant
        && ($0.kind == .restart ? $0.outcome != .notSent : $0.outcome == .refused)
    }
    return hasTried
      ? .kept(
        reason: "\(fact); it was tried once after the latest boundary, and is left alone until the next")
      : .ends(reason: "state: running ends a pause once a boundary; \(state.reason)", cause: .rules)
  }
}

extension [SpaceAction] {
  /// When we last restarted it, for certain.
  public var lastRestart: Instant? { last { $0.kind == .restart && $0.outcome == .done }?.at }
}
