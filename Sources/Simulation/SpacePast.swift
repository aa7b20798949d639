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
  /// The first and the last of looks that saw the same one after the other, in order.
  private let looks: [Instant]
  /// What we did to it, in order of time.
  let actions: [SpaceAction]
  /// What we did to it as it was idle.
  let idleActions: Set<SpaceAction>
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
    looks = intervals.flatMap { [$0.looks.first, $0.looks.last].compactMap(\.self) }
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

  /// When people came, as far as it is known.
  public func demand(in range: Range<Instant>) -> Demand {
    // In less than its sleep time nobody can have woken it and left it asleep again, unseen.
    let gaps = usage.gaps.filter { gap in
      gap.seconds > states.value(at: gap.lowerBound)??.sleep.length ?? 0
    }
    return Demand(
      log, recorded: recorded, states: states, looks: looks, program: program, gaps: gaps, starts: starts,
      in: range)
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
