import Planning
import Schedules
import Spaces
import Timelines

/// Who has changed a Space: what we did to it, what for and how long that stood, and what people asked for instead.
extension SpacePast {
  /// When the hardware, or the pause, held that was asked for so, as by an idle rule. Imported actions do not tell.
  func wasSet(by causes: Set<SpaceAction.Cause>) -> Timeline<Bool> {
    wasSet { $0.cause.map(causes.contains) ?? false }
  }

  /// When anything was set for a time alone, by exceptions, holds or budgets: no sign of how it goes on.
  ///
  /// - Parameter schedule: from now on. Where it names what still stands, that has become usual.
  func isExceptional(under schedule: SpaceSchedule?, at now: Instant) -> Timeline<Bool> {
    isExceptional(.hardware, under: schedule, at: now)
      .zip(isExceptional(.state, under: schedule, at: now)) { $0 || $1 }
      .zip(isExceptional(.sleep, under: schedule, at: now)) { $0 || $1 }
  }

  /// The same of one setting.
  func isExceptional(
    _ setting: Setting, under schedule: SpaceSchedule?, at now: Instant
  ) -> Timeline<Bool> {
    let was = wasSet([setting]) { $0.isForOverride || $0.cause == .budget }
    guard let last = was.segments.last, last.value else { return was }
    if let schedule {
      // What nothing names any more goes back at the next run, but after a budget's downgrade.
      let goesBack =
        schedule.desired(at: now).source(of: setting) == nil
        && (setting == .state || overridden(before: now).before.names(setting))
      if goesBack || schedule.isOverridden(at: now) { return was }
    }
    return Timeline(
      false, over: was.range,
      changes: was.segments.map { ($0.range.lowerBound, $0.value && $0.range != last.range) })
  }

  /// A pause of ours ends when nothing asks for it any more.
  enum OurPause: Hashable, Sendable {
    case asked
    /// In place of a downgrade to `cpu-basic`, which the Hub refused: rules that ask for other hardware end it.
    case refusedDowngrade
  }

  /// When it was paused by us.
  var pausedByUs: Timeline<OurPause?> {
    let refused = wasSet { $0.kind == .pause && $0.cause == .refusedDowngrade }
    return wasSet { $0.kind == .pause }.zip(refused) { $0 ? $1 ? .refusedDowngrade : .asked : nil }
  }

  /// The pause of ours that stands at an instant.
  func ourPause(at instant: Instant) -> OurPause? {
    state(at: instant)?.stage == .paused ? pausedByUs.value(at: instant) ?? nil : nil
  }

  /// The pause of ours that is the last that is known before an instant.
  func ourPause(before instant: Instant) -> OurPause? {
    last(before: instant).flatMap { ourPause(at: $0.until - 1) }
  }

  /// What settings were before the exceptions and holds that made them what they are at an instant, and what those made
  /// of them.
  func overridden(at instant: Instant) -> (before: Settings, made: Settings) {
    let actions = actions.prefix { $0.at <= instant }
    return [Setting.hardware, .sleep, .replicas].reduce(into: (Settings(), Settings())) { sum, setting in
      // What people have changed since does not go back.
      guard let made = MadeForOverrides(setting, by: actions),
        wasSet([setting], by: \.isForOverride).value(at: instant) ?? false
      else { return }
      sum = (sum.0.completed(by: made.before), sum.1.completed(by: made.made))
    }
  }

  /// The same at the last that is known before an instant.
  func overridden(before instant: Instant) -> (before: Settings, made: Settings) {
    last(before: instant).map { overridden(at: $0.until - 1) } ?? (Settings(), Settings())
  }

  /// What idle rules have set up to an instant.
  func madeByIdle(at instant: Instant) -> MadeByIdle {
    let made = actions.filter { $0.at <= instant && idleActions.contains($0) }
    let parts = Setting.allCases.compactMap { setting in
      made.last { Setting($0.kind) == setting }.map { last in
        MadeByIdle.Part(
          setting: setting, value: last.settingValue, decidedAt: last.decidedAt,
          stands: wasSet([setting], by: idleActions.contains).value(at: instant) ?? false)
      }
    }
    return MadeByIdle(parts: parts)
  }

  /// Hardware that people asked for by hand.
  struct Move: Hashable, Sendable {
    let at: Instant
    let hardware: SpaceHardware
    /// The last that it had on it.
    var sleep: SleepTime
    /// What was there had been asked for by us.
    let overrulesUs: Bool
  }

  /// The latest at each instant.
  var moves: Timeline<Move?> {
    let isOurs = wasSet { $0.kind == .hardware }
    var changes: [(Instant, Move)] = []
    var last: SpaceHardware?
    var isMoved = false
    for segment in states.segments {
      guard let state = segment.value, let hardware = state.requestedElseCurrentHardware else { continue }
      let start = segment.range.lowerBound
      if hardware != last {
        isMoved = last != nil && !isOurs.clipped(to: segment.range).segments.contains(where: \.value)
        if isMoved {
          let overrulesUs = isOurs.value(at: start - 1) ?? false
          changes.append(
            (start, Move(at: start, hardware: hardware, sleep: state.sleep, overrulesUs: overrulesUs)))
        }
      } else if isMoved {
        changes[changes.count - 1].1.sleep = state.sleep
      }
      last = hardware
    }
    return Timeline(nil, over: states.range, changes: changes)
  }

  /// When hardware was there that people had asked for in place of ours.
  var isMovedByHand: Timeline<Bool> {
    states.zip(moves) { state, move in
      guard let state, let move, move.overrulesUs else { return false }
      return state.requestedElseCurrentHardware == move.hardware
    }.zip(wasSet { $0.kind == .hardware }) { $0 && !$1 }
  }

  private func wasSet(
    _ settings: Set<Setting> = [.hardware, .state], by isMeant: (SpaceAction) -> Bool
  ) -> Timeline<Bool> {
    var changes: [(Instant, Bool)] = []
    var end = Instant.distantPast
    for action in actions where action.at >= end && isMeant(action) {
      guard let setting = Setting(action.kind), settings.contains(setting) else { continue }
      var wasSeen = false
      var next: Instant?
      for (_, segment) in states.numberedSegments(in: action.at..<max(action.at, states.range.upperBound)) {
        guard let state = segment.value else { continue }
        if setting.journalValue(in: state) == action.settingValue {
          wasSeen = true
        } else if wasSeen || segment.range.lowerBound > action.at {
          // A look may still have seen what was before while it took effect.
          next = segment.range.lowerBound
          break
        }
      }
      guard wasSeen else { continue }
      end = next ?? states.range.upperBound
      changes += [(action.at, true), (end, false)]
    }
    return Timeline(false, over: states.range, changes: changes)
  }
}

extension SpacePast {
  /// What idle rules have set, each setting as it was set last.
  struct MadeByIdle: Hashable, Sendable {
    struct Part: Hashable, Sendable {
      let setting: Setting
      let value: String
      let decidedAt: Instant
      /// Nobody has changed it since.
      let stands: Bool
    }

    var parts: [Part] = []

    /// What is still in force; nil for nothing. One part that was changed by hand ends those that were made with it.
    ///
    /// - Parameters:
    ///   - boundary: ends what was decided before; nil for none.
    ///   - after: seconds in which a rule does not judge again, so that what it made in them was made together.
    func inForce(since boundary: Instant?, after: Int64) -> Settings? {
      let parts = parts.filter { $0.decidedAt >= boundary ?? .distantPast }
      guard let last = parts.map(\.decidedAt).max(),
        parts.allSatisfy({ $0.stands || $0.decidedAt <= last - after })
      else { return nil }
      return parts.filter(\.stands).reduce(into: Settings()) { $0.take($1.setting, journalValue: $1.value) }
    }
  }
}
