public import Schedules
public import Spaces
public import Timelines

/// What would put a Space back to the hardware and sleep time that a run found, by what the journal says.
public enum Undo: Hashable, Sendable {
  /// By a hold that ends at the Space's next boundary.
  case hold(Settings, until: Instant)
  /// Not at all: it has changed since, or the journal does not tell.
  case left(reason: String)
}

extension Planner {
  /// - Parameter made: the run's actions on the Space, in order of time. Of the situation, the past is needed.
  public func undo(_ made: [SpaceAction], of situation: Situation) -> Undo {
    let refusal = refusal(of: situation)
    guard case .policy(let policy, _) = situation.assignment, refusal == nil else {
      return .left(reason: refusal ?? "no policy is for it")
    }
    let effective = made.filter { $0.mayHaveHappened }
    var found = Settings()
    for setting in [Setting.hardware, .sleep] {
      let changes = effective.filter { Setting($0.kind) == setting }
      // On cpu-basic the Hub sets the sleep time itself.
      if setting == .sleep, situation.hardware == .cpuBasic { continue }
      guard let first = changes.first, let last = changes.last else { continue }
      let isChangedByUs = situation.actions.contains {
        Setting($0.kind) == setting && $0.mayHaveHappened && $0.at > last.at
      }
      guard situation.liveValue(of: setting) == last.settingValue, !isChangedByUs,
        !situation.wasChangedAndBack(setting, since: last.at)
      else { return .left(reason: "its \(setting.rawValue) was changed since") }
      guard !first.from.isEmpty else {
        return .left(reason: "the journal does not say what its \(setting.rawValue) was")
      }
      found.take(setting, journalValue: first.from)
    }
    if found.hardware == .cpuBasic {
      found.sleep = nil
    } else if let hardware = found.hardware, found.sleep == nil {
      // On the way up from cpu-basic, the Hub has forgotten the sleep time.
      found.sleep =
        situation.intervals.last { interval in
          interval.state.stage != .gone
            && Setting.hardware.journalValue(in: interval.state) == hardware.rawValue
            && interval.looks.first.map { $0 <= effective[0].at } ?? false
        }?.state.sleep
    }
    guard !found.isEmpty else {
      let kinds = Set(effective.map(\.kind.rawValue)).sorted().joined(separator: ", ")
      return .left(reason: kinds.isEmpty ? "nothing came of that run" : "that run's \(kinds) is not undone")
    }
    let next = schedule(of: situation, policy).nextBoundary(of: .hardware, after: now)?.instant
    return .hold(found, until: next ?? now + 86_400)
  }
}
