import Schedules
import Spaces
import Timelines

/// What a setting goes back to when an exception or a hold has ended and nothing names it any more: to what it
/// was before, by the journal, unless somebody changed it meanwhile.
struct Restoration {
  let set: Settings
  let source: Desired.Source

  /// Nil where nothing has to go back.
  init?(_ setting: Setting, _ situation: Situation) {
    // A pause of ours ends by itself when nothing asks for it; see PauseJudgement.
    guard setting != .state else { return nil }
    let made = situation.actions.filter { Setting($0.kind) == setting && $0.mayHaveHappened }
    guard let last = made.last, last.isForOverride, situation.liveValue(of: setting) == last.settingValue,
      !situation.wasChangedAndBack(setting, since: last.at)
    else { return nil }
    // One hold may have followed another: what held before the first of them counts.
    var first = last
    for action in made.dropLast().reversed() {
      guard action.isForOverride, action.settingValue == first.from else { break }
      first = action
    }
    guard !first.from.isEmpty, !first.isSleepOfCPUBasic(in: situation) else { return nil }
    var set = Settings()
    set.take(setting, journalValue: first.from)
    self.set = set
    source = .before(name: last.cause == .hold ? "the hold" : "the exception", since: first.at)
  }
}

extension SpaceAction {
  fileprivate var isForOverride: Bool { cause == .exception || cause == .hold }

  /// Whether it changed the sleep time on the way up from `cpu-basic`, whose 48 hours nobody had set.
  fileprivate func isSleepOfCPUBasic(in situation: Situation) -> Bool {
    kind == .sleep
      && situation.actions.contains {
        $0.kind == .hardware && $0.at == at && $0.from == SpaceHardware.cpuBasic.rawValue
      }
  }
}
