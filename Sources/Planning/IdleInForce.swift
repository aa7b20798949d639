import Schedules
import Spaces
import Timelines

/// What an idle rule has set and that still holds: until the Space's next boundary or change by hand.
struct IdleInForce {
  let set: Settings
  let since: Instant

  /// Nil where nothing that an idle rule did still holds. The midnight of a policy without rules is no end.
  init?(_ situation: Situation, _ schedule: SpaceSchedule, now: Instant) {
    guard let idle = schedule.policy.idle else { return nil }
    let boundary = idle.set.named.compactMap {
      schedule.latestBoundary(of: $0, atOrBefore: now, midnight: false)?.instant
    }.max()
    let made = situation.actionsForIdle.filter { $0.at >= boundary ?? .distantPast }
    guard let since = made.last?.at else { return nil }
    var set = situation.live(of: idle.set)
    // It judges again after its idle time at the earliest: what was made since then was made together.
    for action in made where action.at > since - idle.after {
      guard let setting = Setting(action.kind), situation.liveValue(of: setting) == action.settingValue else {
        return nil
      }
      set.take(setting, journalValue: action.settingValue)
    }
    (self.set, self.since) = (set, since)
  }
}

extension Situation {
  /// What of some settings is live.
  fileprivate func live(of set: Settings) -> Settings {
    Settings(
      hardware: set.hardware == hardware ? hardware : nil, sleep: set.sleep == live.sleep ? set.sleep : nil,
      state: live.stage == .paused && set.state == .paused ? .paused : nil,
      replicas: set.replicas == replicas ? replicas : nil)
  }

  /// What an idle rule made, and pauses where its downgrade was refused.
  fileprivate var actionsForIdle: [SpaceAction] {
    actions.indices.filter { index in
      let action = actions[index]
      guard action.mayHaveHappened else { return false }
      let isInstead = action.cause == .refusedDowngrade
      return (isInstead ? actions[..<index].last { $0.kind == .hardware } : action)?.cause == .idle
    }.map { actions[$0] }
  }
}
