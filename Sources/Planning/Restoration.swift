package import Schedules
package import Spaces
import Timelines

/// What a setting goes back to when an exception or a hold has ended and nothing names it any more: to what it
/// was before, by the journal, unless somebody changed it meanwhile.
struct Restoration {
  let set: Settings
  let source: Desired.Source

  /// Nil where nothing has to go back.
  init?(_ setting: Setting, _ situation: Situation) {
    // A pause of ours ends by itself when nothing asks for it; see PauseJudgement.
    guard setting != .state, let made = MadeForOverrides(setting, by: situation.actions),
      situation.liveValue(of: setting) == made.last.settingValue,
      !situation.wasChangedAndBack(setting, since: made.last.at)
    else { return nil }
    set = made.before
    source = .before(name: made.last.cause == .hold ? "the hold" : "the exception", since: made.first.at)
  }
}

/// What we did to a setting for exceptions and holds that follow each other, where that is the last we did to it.
package struct MadeForOverrides {
  let first: SpaceAction
  let last: SpaceAction
  /// What the setting was before the first, and what the last made it.
  package private(set) var before = Settings()
  package private(set) var made = Settings()

  /// Nil where something else was done later, or it is not known what was before.
  ///
  /// - Parameter actions: in order of time.
  package init?(_ setting: Setting, by actions: some BidirectionalCollection<SpaceAction>) {
    let ofSetting = actions.reversed().lazy.filter { Setting($0.kind) == setting && $0.mayHaveHappened }
    guard let last = ofSetting.first, last.isForOverride else { return nil }
    // One hold may have followed another: what held before the first of them counts.
    var first = last
    for action in ofSetting.dropFirst() {
      guard action.isForOverride, action.settingValue == first.from else { break }
      first = action
    }
    guard !first.from.isEmpty, !first.isSleepOfCPUBasic(among: actions) else { return nil }
    (self.first, self.last) = (first, last)
    before.take(setting, journalValue: first.from)
    made.take(setting, journalValue: last.settingValue)
  }
}

extension SpaceAction {
  /// Made for an exception or a hold, which ends.
  package var isForOverride: Bool { cause == .exception || cause == .hold }

  /// Whether it changed the sleep time on the way up from `cpu-basic`, whose 48 hours nobody had set.
  fileprivate func isSleepOfCPUBasic(among actions: some Collection<SpaceAction>) -> Bool {
    kind == .sleep
      && actions.contains {
        $0.kind == .hardware && $0.at == at && $0.from == SpaceHardware.cpuBasic.rawValue
      }
  }
}
