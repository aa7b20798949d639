import Spaces
import Timelines

/// Whether nobody has used a Space for long. What can't be known is not idle.
enum IdleJudgement: Hashable {
  /// Idle since an instant: the last that is known of any use.
  case idle(since: Instant)
  case inUse(reason: String)
  case unknown(reason: String)

  /// A start never takes longer: the Hub flags it as stuck then. So a line later than this after the log's
  /// first was not written by the start-up.
  private static let longestStart: Int64 = 30 * 60

  /// Judges from a Space's past and what its log and metrics tell.
  ///
  /// Idle is what started longer ago than `after`, has written no log line for as long, and shows no work
  /// now where metrics answer. Many programs log no requests: a log without any line since the start-up
  /// proves nothing, unless metrics answer.
  init(_ situation: Situation, activity: Activity, after: Int64, now: Instant) {
    let limit = now - after
    if let reason = Self.recentUse(situation, after: after, now: now) {
      self = .inUse(reason: reason)
      return
    }
    if activity.metrics == .working {
      self = .inUse(reason: "its metrics show work now")
      return
    }
    let lines: [Instant]
    switch activity.log {
    case .lines(let known): lines = known
    case .unknown(let reason):
      self = .unknown(reason: "its log can't be read (\(reason))")
      return
    }
    if let last = lines.last, last > limit {
      self = .inUse(reason: "it wrote a log line at \(last)")
      return
    }
    let firstSeenRunning = Self.firstSeenRunning(situation)
    let oldestSign = [firstSeenRunning, lines.first].compactMap(\.self).min()
    guard let oldestSign, oldestSign <= limit else {
      self = .unknown(reason: "it is not known to have run for \(DurationText.text(after)) yet")
      return
    }
    let startedBy = Self.sawItStart(situation) ? firstSeenRunning : lines.first.map { $0 + Self.longestStart }
    let lineSinceStart = lines.last { line in startedBy.map { line > $0 } ?? false }
    if activity.metrics == .unknown, lineSinceStart == nil {
      self = .unknown(reason: "it has logged nothing since it started, and its metrics don't answer")
      return
    }
    self = .idle(since: lines.last ?? oldestSign)
  }

  /// Why the Space counts as used within `after`, going by what was seen and done; nil if nothing says so.
  /// A change by hand counts as use, and so does a start.
  static func recentUse(_ situation: Situation, after: Int64, now: Instant) -> String? {
    let limit = now - after
    if let start = lastNotRunning(situation), start > limit { return "it started after \(start)" }
    if let action = situation.actions.last(where: \.mayHaveStartedIt), action.at > limit {
      return "it was started at \(action.at)"
    }
    for setting in [Setting.hardware, .sleep, .replicas] {
      let isOurs = situation.applied[setting] == situation.liveValue(of: setting)
      if !isOurs, let changed = situation.lastLookBefore(change: setting), changed > limit {
        return "its \(setting) was changed after \(changed)"
      }
    }
    return nil
  }

  /// The last look that saw it on other hardware or not running: it started after that.
  private static func lastNotRunning(_ situation: Situation) -> Instant? {
    situation.intervals.last { !isSameStretch($0.state, situation.live) }?.looks.last
  }

  private static func sawItStart(_ situation: Situation) -> Bool { lastNotRunning(situation) != nil }

  /// The first look at the present stretch of running on the present hardware.
  private static func firstSeenRunning(_ situation: Situation) -> Instant? {
    let stretch = situation.intervals.reversed().prefix { isSameStretch($0.state, situation.live) }
    return stretch.last?.looks.first
  }

  private static func isSameStretch(_ past: SpaceState, _ live: SpaceState) -> Bool {
    past.stage.isRunning && past.hardware == live.hardware
  }
}

extension SpaceAction {
  fileprivate var mayHaveStartedIt: Bool {
    (kind == .hardware || kind == .restart) && (outcome?.mayHaveHappened ?? true)
  }
}
