import Schedules
package import Spaces
import Timelines

/// What an idle rule has set and that still holds: until the Space's next boundary or change by hand.
struct IdleInForce {
  let set: Settings
  let since: Instant

  /// Nil where nothing that an idle rule did still holds. The midnight of a policy without rules is no end.
  ///
  /// - Parameter downgrades: what the rule would set now.
  init?(
    _ idle: IdleRule, downgrades: Settings, _ situation: Situation, _ schedule: SpaceSchedule, now: Instant
  ) {
    let boundary = schedule.latestBoundary(ofAny: idle.set.named, atOrBefore: now)
    let made = situation.actions.forIdle.filter { $0.decidedAt >= boundary ?? .distantPast }
    guard let since = made.last?.at else { return nil }
    // Paused in place of a downgrade, it would only be refused again.
    let isInstead = made.contains { $0.cause == .refusedDowngrade }
    var set = situation.standing(of: isInstead ? situation.live(of: idle.set) : downgrades, since: since)
    // It judges again after its idle time at the earliest: what was made since then was made together.
    for action in made where action.at > since - idle.after {
      guard let setting = Setting(action.kind), situation.liveValue(of: setting) == action.settingValue,
        !situation.wasChangedAndBack(setting, since: action.at)
      else { return nil }
      set.take(setting, journalValue: action.settingValue)
    }
    (self.set, self.since) = (set, since)
  }
}

extension Situation {
  /// What of some settings is live, or waits to be: without what somebody has changed by hand since.
  fileprivate func standing(of set: Settings, since: Instant) -> Settings {
    var standing = live(of: set)
    for setting in set.named where !standing.names(setting) {
      let isByHand = lastLookBefore(change: setting).map { $0 > since } ?? false
      if !isByHand { standing = standing.completed(by: set.only(setting)) }
    }
    return standing
  }

  /// What of some settings is live.
  fileprivate func live(of set: Settings) -> Settings {
    Settings(
      hardware: set.hardware == hardware ? hardware : nil, sleep: set.sleep == live.sleep ? set.sleep : nil,
      state: live.stage == .paused && set.state == .paused ? .paused : nil,
      replicas: set.replicas == replicas ? replicas : nil)
  }
}

extension [SpaceAction] {
  /// What idle rules made, and pauses where their downgrade was refused.
  package var forIdle: [SpaceAction] {
    indices.filter { index in
      let action = self[index]
      guard action.mayHaveHappened else { return false }
      let isInstead = action.cause == .refusedDowngrade
      return (isInstead ? self[..<index].last { $0.kind == .hardware } : action)?.cause == .idle
    }.map { self[$0] }
  }
}
