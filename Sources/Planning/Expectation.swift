import LocatedYAML
public import Schedules
import Spaces
public import Timelines

extension Planner {
  /// What is to be expected of a Space if nobody intervenes: its schedule, and what runs leave alone for now. A change
  /// by hand stays until its boundary; what is paused or failed, and is not ours to start, costs nothing.
  ///
  /// - Parameters:
  ///   - situation: with the Space's past.
  ///   - end: until when it is asked for.
  /// - Returns: nil where nothing is planned for it: it goes on as it did.
  public func expectedSchedule(of situation: Situation, until end: Instant) -> SpaceSchedule? {
    let stage = situation.live.stage
    guard let policy = situation.assignment.policy, mayBeMoved(situation) else {
      return stage == .paused || stage.needsMending ? stopped(until: end) : nil
    }
    let reasoning = reasoning(situation, policy)
    let draft = reasoning.draft
    if draft.staysPaused || stage.needsMending || stage == .runtimeError && draft.changes.isEmpty {
      return stopped(until: end)
    }
    var schedule = reasoning.schedule
    for (setting, until) in draft.keptUntil where min(until, end) > now {
      guard let value = situation.liveValue(of: setting) else { continue }
      var set = Settings()
      set.take(setting, value)
      schedule.holds.append(Override(kind: .hold, name: "", range: now..<min(until, end), set: set))
    }
    return schedule
  }

  private func stopped(until end: Instant) -> SpaceSchedule {
    let nobody = Policy(name: "", patterns: [], place: Place(file: "", line: 1, column: 1))
    let pause = Override(kind: .hold, name: "", range: now..<max(now, end), set: Settings(state: .paused))
    return SpaceSchedule(nobody, holds: [pause])
  }

  /// Whether a Space that was given up is not: somebody has changed its hardware by hand since, or the Hub refuses
  /// the downgrade.
  ///
  /// - Parameter situation: with the Space's past.
  public func hasEscaped(_ situation: Situation) -> Bool {
    guard let policy = situation.assignment.policy, situation.hardware != .cpuBasic, mayBeMoved(situation)
    else {
      return false
    }
    if reasoning(situation, policy).draft.keptUntil[.hardware] != nil { return true }
    return wasRefused(situation)
  }

  /// Whether the Hub refused the last downgrade for a budget.
  public func wasRefused(_ situation: Situation) -> Bool {
    let last = situation.actions.last { $0.kind == .hardware && $0.outcome != .notSent }
    return last?.cause == .budget && last?.outcome == .refused
  }
}
