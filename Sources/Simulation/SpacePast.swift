package import Planning
public import Pricing
import Schedules
public import Spaces
public import Timelines

/// What is known of a Space's past: what simulations, recommendations and forecasts start from.
public struct SpacePast: Sendable {
  public let space: SpaceID
  public let usage: SpaceUsage
  /// What it was, by the estimate; nil where that is not known.
  public let states: Timeline<SpaceState?>
  /// What the last look saw.
  let latest: SpaceState?
  /// Hardware on which it was seen to run.
  public let ran: Set<SpaceHardware>
  /// How it starts, from what was seen of it.
  public private(set) var program: SpaceProgram
  /// The first of the last looks, which found no such Space; nil where the last look found it.
  public let goneSince: Instant?
  /// Logs tell also when starts began that looks saw.
  public var log = VisitLog() {
    didSet {
      program.startups = startups.seconds(
        assuming: program.startup, visits: log.visits.arrivals, known: log.spans)
    }
  }
  /// Instants at which somebody looked and saw traffic.
  public var recorded = Visits([])
  /// When our own actions may have started it.
  private let starts: [Instant]
  /// What we did to it, in order of time.
  private let actions: [SpaceAction]
  /// What we did to it as it was idle.
  private let idleActions: Set<SpaceAction>
  /// Its starts; rules that act early go by those that were asked for.
  package let startups: StartupsSeen

  /// - Parameters:
  ///   - startup: seconds that a start takes where looks leave it open.
  ///   - now: what was seen or done later is not known.
  public init(
    _ space: SpaceID, intervals: [Interval], actions: [SpaceAction], startup: Int64, now: Instant,
    prices: PriceTable
  ) {
    self.space = space
    let intervals = intervals.compactMap { $0.until(now) }
    let actions = actions.filter { $0.at <= now }
    let sent = actions.filter(\.countsAsSent)
    usage = SpaceUsage(
      intervals: intervals, actions: sent.map(\.at), now: now, prices: prices)
    states = usage.states
    latest = intervals.last?.state
    goneSince = usage.goneSince
    starts = sent.filter(\.startsIt).map(\.at)
    self.actions = sent.sorted { $0.at < $1.at }
    idleActions = Set(actions.sorted { $0.at < $1.at }.forIdle)
    var ran: Set<SpaceHardware> = []
    var failed: Set<SpaceHardware> = []
    for state in intervals.lazy.map(\.state) {
      guard let hardware = state.currentElseRequestedHardware else { continue }
      if state.stage.isRunning { ran.insert(hardware) }
      if state.stage == .runtimeError { failed.insert(hardware) }
    }
    self.ran = ran
    startups = StartupsSeen(intervals, actions)
    program = SpaceProgram(
      startup: startup, startups: startups.seconds(assuming: startup), failsOn: failed.subtracting(ran))
  }

  /// From when on it was there until it was gone, or nobody has looked any more: not before a ``Silence`` too long to be
  /// believed. Empty where nothing is known.
  public func known(in range: Range<Instant>) -> Range<Instant> {
    let gap = usage.gaps.last { $0.seconds > Silence.longest && range.contains($0.upperBound) }
    let start = gap?.upperBound ?? range.lowerBound
    let known = states.clipped(to: start..<range.upperBound).segments.filter { segment in
      segment.value.map { $0.stage != .gone } ?? false
    }
    guard let first = known.first, let last = known.last else { return range.lowerBound..<range.lowerBound }
    return first.range.lowerBound..<last.range.upperBound
  }

  /// What it was billed for in a life without the time in which it was gone, or nobody knows whether it was there.
  func present(_ billed: Timeline<Billed?>) -> Timeline<Billed?> {
    let states = states.clipped(to: billed.range)
    func isAbsent(_ state: SpaceState?) -> Bool { state.map { $0.stage == .gone } ?? true }
    guard states.range != billed.range || states.segments.contains(where: { isAbsent($0.value) }) else {
      return billed
    }
    return billed.zip(states) { isAbsent($1) ? nil : $0 }
  }

  /// What it was at an instant; nil where that is not known, or where there was no such Space.
  public func state(at instant: Instant) -> SpaceState? {
    guard let state = states.value(at: instant) ?? nil, state.stage != .gone else { return nil }
    return state
  }

  /// The last that is known of what it was before an instant, and until when: nobody may have looked since.
  func last(before instant: Instant) -> (state: SpaceState, until: Instant)? {
    let last = states.clipped(to: .distantPast..<instant).segments.last { $0.value != nil }
    return last.flatMap { segment in segment.value.map { ($0, segment.range.upperBound) } }
  }

  /// The latest visit to a Space that is up, or, if later, its latest start: where logs tell of all who came up to an
  /// instant. Nil where nobody knows.
  func lastUse(before instant: Instant) -> Instant? {
    guard let span = log.spans.last(where: { $0.lowerBound < instant }), instant <= span.upperBound,
      let hardware = state(at: instant)?.hardware
    else { return nil }
    var start = instant
    for segment in states.clipped(to: span.lowerBound..<instant).segments.reversed() {
      // The Hub may still name the hardware of one that sleeps.
      guard let state = segment.value, state.hardware == hardware,
        state.stage.isRunning || state.stage == .appStarting
      else { break }
      start = segment.range.lowerBound
      // What came before was an earlier start.
      if segment.value?.stage == .appStarting { break }
    }
    // Where it was up before the logs begin and nobody has come since: no later than then.
    return max(start, log.visits.last(before: instant)?.at ?? start)
  }

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

  /// Up to an instant.
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

  /// When people came, as far as it is known.
  public func demand(in range: Range<Instant>) -> Demand {
    // In less than its sleep time nobody can have woken it and left it asleep again, unseen.
    let gaps = usage.gaps.filter { gap in
      gap.seconds > states.value(at: gap.lowerBound)??.sleep.length ?? 0
    }
    return Demand(log, recorded: recorded, states: states, gaps: gaps, starts: starts, in: range)
  }
}

extension SpacePast {
  /// The hardware that costs money on which it was up longest.
  func longestPaidHardware(in range: Range<Instant>, prices: PriceTable) -> SpaceHardware? {
    usage.billed.estimate.clipped(to: range).integrate(into: [SpaceHardware: Int64]()) { times, segment in
      guard let hardware = segment.value?.hardware, !prices.isFree(hardware, at: segment.range.lowerBound)
      else {
        return
      }
      times[hardware, default: 0] += segment.range.seconds
    }.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
  }
}
