import Schedules
import Spaces
import Timelines

/// What a pause of a Space means for its plan.
enum PauseJudgement {
  /// It is not paused.
  case none
  /// Our pause, and still wanted.
  case asWanted
  /// Left alone, and nothing else is sent.
  case kept(reason: String)
  /// Settings first, then a restart.
  case ends(reason: String, cause: SpaceAction.Cause)
}

func pause(of situation: Situation, _ wanted: Wanted, _ policy: Policy, now: Instant) -> PauseJudgement {
  guard situation.live.stage == .paused else { return .none }
  guard let ours = ourPause(situation) else { return foreignPause(situation, wanted, policy, now: now) }
  if wanted.state?.value == .paused { return .asWanted }
  if ours.cause == .refusedDowngrade, wanted.hardware?.value == .cpuBasic, wanted.state == nil {
    return .kept(reason: "paused on \(ours.at), as its downgrade to cpu-basic was refused")
  }
  let reason = wanted.state?.reason ?? wanted.hardware?.reason ?? "policy \(policy.name)"
  return .ends(reason: "nothing asks for the pause any more; \(reason)", cause: .endOfPause)
}

/// The action of ours that paused the Space; nil where somebody else did, or started it since.
private func ourPause(_ situation: Situation) -> SpaceAction? {
  let happened = situation.actions.filter { $0.outcome?.mayHaveHappened == true }
  guard let last = happened.last(where: { $0.kind == .pause || $0.kind == .restart }), last.kind == .pause
  else {
    return nil
  }
  let lastSeenUp = situation.intervals.last { $0.state.stage != .paused && $0.state.stage != .gone }?.looks
    .last
  return lastSeenUp.map { $0 <= last.at } ?? true ? last : nil
}

/// A pause that we did not make is left alone; it may be its owner's wish, or the Hub's spend limit. A rule
/// that says `state: running` ends it once, at the first run after a boundary before which a look had seen
/// the pause.
private func foreignPause(_ situation: Situation, _ wanted: Wanted, _ policy: Policy, now: Instant)
  -> PauseJudgement
{
  let seen = situation.intervals.reversed().prefix { $0.state.stage == .paused }.last?.looks.first
  let sinceWhen = seen.map { " (seen so since \(WallClock(policy.zone).reading(at: $0)))" } ?? ""
  let kept = PauseJudgement.kept(
    reason: "paused by somebody else, or by the Hub's spend limit\(sinceWhen); left alone")
  guard let state = wanted.state, state.value == .running, let seen,
    let boundary = policy.latestBoundary(atOrBefore: now), seen < boundary.instant
  else { return kept }
  let hasTried = situation.actions.contains {
    $0.kind == .restart && $0.at >= boundary.instant && $0.outcome != .notSent
  }
  if hasTried {
    return .kept(
      reason:
        "paused by somebody else, or by the Hub's spend limit\(sinceWhen); it was started once after the latest boundary, and is left alone until the next"
    )
  }
  return .ends(reason: "state: running ends a pause once a boundary; \(state.reason)", cause: .rules)
}
