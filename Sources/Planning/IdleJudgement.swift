package import Pricing
package import Schedules
package import Spaces
package import Timelines

/// Whether nobody has used a Space for long. What can't be known is not idle.
enum IdleJudgement: Hashable {
  /// Idle since an instant: the last that is known of any use.
  case idle(since: Instant)
  case inUse(reason: String)
  case unknown(reason: String)

  /// Judges a Space that was not used recently by what its log and metrics tell.
  ///
  /// Idle is what started longer ago than `after`, has written no log line for as long, and shows no work
  /// now where metrics answer. Many programs log no requests: a log without any line since the start-up
  /// proves nothing, unless metrics answer.
  /// - Parameter clock: of the policy's zone, for reasons.
  init(_ situation: Situation, activity: Activity, after: Int64, now: Instant, clock: WallClock) {
    let limit = now - after
    guard activity.metrics != .working else {
      self = .inUse(reason: "its metrics show work")
      return
    }
    let allLines: [Instant]
    switch activity.log {
    case .lines(let known): allLines = known
    case .unknown(let reason):
      self = .unknown(reason: "its log can't be read (\(reason))")
      return
    }
    let startedAfter = situation.lastLookBeforeStart ?? .distantPast
    let lines = allLines.filter { $0 > startedAfter }
    if let last = lines.last, last > limit {
      self = .inUse(reason: "it wrote a log line at \(clock.text(at: last))")
      return
    }
    let firstSeenRunning = situation.firstLookSinceStart ?? .distantFuture
    let firstLine = lines.first ?? .distantFuture
    let firstSign = min(firstSeenRunning, firstLine)
    guard firstSign <= limit else {
      self = .unknown(reason: "it is not known to have run for \(DurationText.text(after)) yet")
      return
    }
    // A line later than this was not written by the start-up.
    let startedBy = min(firstSeenRunning, firstLine + Situation.longestStart)
    guard activity.metrics == .quiet || lines.contains(where: { $0 > startedBy }) else {
      self = .unknown(reason: "it has logged nothing since it started, and its metrics don't answer")
      return
    }
    self = .idle(since: lines.last ?? firstSign)
  }
}

extension Situation {
  /// Whether it was used after an instant, going by what was seen and done. A start counts as use, and so does
  /// a change by hand.
  func wasUsed(after limit: Instant) -> Bool {
    if let lastLookBeforeStart, lastLookBeforeStart > limit { return true }
    if actions.contains(where: { $0.startsIt && $0.countsAsSent && $0.at > limit }) { return true }
    return [Setting.hardware, .sleep, .replicas].contains { setting in
      guard let changedAfter = lastLookBefore(change: setting), changedAfter > limit else { return false }
      return !actions.contains {
        Setting($0.kind) == setting && $0.mayHaveHappened && $0.at >= changedAfter
      }
    }
  }

  /// The last look that saw it on other hardware or not running: it started after that.
  fileprivate var lastLookBeforeStart: Instant? {
    intervals.last { !runsAsNow($0.state) }?.looks.last
  }

  /// The first look at the present stretch of running on the present hardware: it had started by then.
  fileprivate var firstLookSinceStart: Instant? {
    intervals.reversed().prefix { runsAsNow($0.state) }.last?.looks.first
  }

  private func runsAsNow(_ past: SpaceState) -> Bool {
    past.stage.isRunning && past.hardware == live.hardware
  }
}

extension IdleRule {
  /// What the rule sets, but for what makes a Space dearer: to that it has no right.
  ///
  /// - Parameters:
  ///   - hardware: what the Space was last asked to run on.
  ///   - replicas: its copies.
  package func downgrades(
    from hardware: SpaceHardware?, replicas: Int, at instant: Instant, prices: PriceTable
  ) -> Settings {
    var set = set
    if prices.direction(from: hardware, to: set.hardware, at: instant) == .up { set.hardware = nil }
    if let asked = set.replicas, asked > replicas { set.replicas = nil }
    if set.state == .running { set.state = nil }
    return set
  }
}
