public import Spaces
public import Timelines

/// What the looks at one Space tell of what it was billed for: three scenarios, and where they come from.
///
/// Between two looks nobody knows. If they saw the same and are near each other, they are taken at their word;
/// else the scenarios differ: how they do, case by case, is the table “From observations to charges, exactly”
/// of the design, and ``init(intervals:actions:watchedGap:now:prices:)`` is that table.
public struct SpaceUsage: Sendable {
  /// The longest time between two looks that counts as watched, in seconds, where nobody says otherwise.
  public static let usualWatchedGap: Int64 = 900

  /// From the first look until now; empty without one. The scenarios bound sums of a Space (but for a started
  /// minute of each run), not single line items, where another hardware may have been the dearer.
  public let billed: Bounds<Timeline<Billed?>>
  /// The estimate if nothing had changed between the last look and now, however long ago that was.
  public let billedIfUnchanged: Timeline<Billed?>
  /// The storage held if nothing had changed between the last look and now.
  let storageIfUnchanged: Timeline<SpaceStorage?>
  /// The persistent storage held, by the estimate.
  public let storage: Timeline<SpaceStorage?>
  /// The stretches that nobody watched, in order: looks too far apart, a Space that was gone and came back, and
  /// what is longer ago since the last look than counts as watched.
  public let gaps: [Range<Instant>]
  /// Those gaps in which a Space was gone and came back: the estimate takes nothing of them.
  public let absences: [Range<Instant>]
  /// Nil if nobody has looked yet.
  public let firstLook: Instant?
  /// The first of the last looks, which found no such Space; nil where the last look found it, or nobody has looked.
  public let goneSince: Instant?
  private let estimate: Timeline<Assumption>
  private let seen: SeenStates

  /// - Parameters:
  ///   - intervals: all observations of the Space, in order. What a report covers may begin inside a run, whose
  ///     minutes count from its start: give them from the first look on.
  ///   - actions: when we sent changes to this Space that were not refused, in any order.
  ///   - watchedGap: the longest time between two looks that counts as watched, in seconds, 0 or more.
  ///   - now: later looks are left out.
  public init(
    intervals: [Interval], actions: [Instant], watchedGap: Int64 = SpaceUsage.usualWatchedGap, now: Instant,
    prices: PriceTable
  ) {
    var scenarios = Scenarios(watchedGap: watchedGap, actions: actions.sorted())
    let (runs, seen) = runsOfEqualLooks(intervals, until: now)
    for (index, run) in runs.enumerated() {
      let previous = index > 0 ? runs[index - 1] : nil
      let next = index + 1 < runs.count ? runs[index + 1] : nil
      if let previous { scenarios.addChange(from: previous, to: run) }
      if run.isGone {
        scenarios.addAbsence(run, between: previous?.state, and: next)
      } else {
        scenarios.addLooks(run)
      }
    }
    let range = (runs.first?.looks.first ?? now)..<now
    func timeline(_ changes: [(Instant, Assumption)]) -> Timeline<Assumption> {
      Timeline(.nothing, over: range, changes: changes)
    }
    func held(_ timeline: Timeline<Assumption>) -> Timeline<SpaceStorage?> {
      timeline.map { assumption in
        guard case .state(let state) = assumption else { return nil }
        return seen[state].storage
      }
    }
    let unchanged = timeline(scenarios.estimate)
    billedIfUnchanged = prices.billed(unchanged, seen)
    storageIfUnchanged = held(unchanged)
    if let last = runs.last, !last.isGone { scenarios.addTimeSinceLastLook(last, now: now) }

    let estimate = timeline(scenarios.estimate)
    billed = Bounds(
      low: prices.billed(timeline(scenarios.low), seen), estimate: prices.billed(estimate, seen),
      high: prices.billed(timeline(scenarios.high), seen))
    (self.estimate, self.seen) = (estimate, seen)
    storage = held(estimate)
    (gaps, absences) = (scenarios.gaps, scenarios.absences)
    firstLook = runs.first?.looks.first
    goneSince = runs.last.flatMap { $0.isGone ? $0.looks.first : nil }
  }

  /// What it was, by the estimate; nil where that is not known. O(number of changes).
  public var states: Timeline<SpaceState?> {
    estimate.map { assumption in
      guard case .state(let state) = assumption else { return nil }
      return seen[state]
    }
  }

  /// Time in the range that nobody watched, in seconds; without that before the first look.
  public func gapSeconds(in range: Range<Instant>) -> Int64 {
    gaps.reduce(0) { $0 + $1.clamped(to: range).seconds }
  }
}

/// Looks that saw the same, one after the other.
private struct LookRun {
  let state: SeenStates.Place
  let isGone: Bool
  var looks: [Instant]
}

/// Neighbours that saw the same made one, and later looks left out.
private func runsOfEqualLooks(
  _ intervals: [Interval], until now: Instant
) -> (runs: [LookRun], states: SeenStates) {
  var runs: [LookRun] = []
  var states = SeenStates()
  for interval in intervals.lazy.compactMap({ $0.until(now) }) {
    // What a Space was that is gone has nothing to say.
    let isGone = interval.state.stage == .gone
    let state = states.place(of: isGone ? .gone : interval.state)
    if let last = runs.last, last.state == state {
      runs[runs.count - 1].looks += interval.looks
    } else {
      runs.append(LookRun(state: state, isGone: isGone, looks: interval.looks))
    }
  }
  return (runs, states)
}

/// The three scenarios while they are built, each as changes in order of time.
private struct Scenarios {
  let watchedGap: Int64
  let actions: [Instant]
  private var nextAction = 0

  private(set) var low: [(Instant, Assumption)] = []
  private(set) var estimate: [(Instant, Assumption)] = []
  private(set) var high: [(Instant, Assumption)] = []
  private(set) var gaps: [Range<Instant>] = []
  private(set) var absences: [Range<Instant>] = []

  init(watchedGap: Int64, actions: [Instant]) {
    self.watchedGap = watchedGap
    self.actions = actions
  }

  private mutating func add(from start: Instant, low: Assumption, estimate: Assumption, high: Assumption) {
    self.low.append((start, low))
    self.estimate.append((start, estimate))
    self.high.append((start, high))
  }

  /// A = B: a run of equal looks, in which only those too far apart make a difference.
  mutating func addLooks(_ run: LookRun) {
    let seen = Assumption.state(run.state)
    var previous: Instant?
    for look in run.looks {
      if let start = previous, look - start > watchedGap {
        add(from: start, low: .nothing, estimate: seen, high: .potential(run.state))
        add(from: look, low: seen, estimate: seen, high: seen)
        gaps.append(start..<look)
      } else if previous == nil {
        add(from: look, low: seen, estimate: seen, high: seen)
      }
      previous = look
    }
  }

  /// A ≠ B: between the last look at one state and the first at the next.
  mutating func addChange(from before: LookRun, to after: LookRun) {
    guard let start = before.looks.last, let end = after.looks.first else { return }
    let action = lastAction(from: start, before: end)
    // A Space that was gone is charged nothing until it is found again.
    guard !before.isGone else { return }
    let isWatched = end - start <= watchedGap
    if !isWatched { gaps.append(start..<end) }
    let (a, b) = (before.state, after.state)

    estimate += [(start, .state(a)), (action ?? start + (end - start) / 2, .state(b))]
    switch (isWatched, action) {
    case (true, let action?):
      low += [(start, .state(a)), (action, .state(b))]
      high += [(start, .state(a)), (action, .state(b))]
    case (true, nil):
      low.append((start, .cheaper(a, b)))
      high.append((start, .dearer(a, b)))
    case (false, let action?):
      low.append((start, .nothing))
      high += [(start, .potential(a)), (action, .potential(b))]
    case (false, nil):
      low.append((start, .nothing))
      high.append((start, .dearerPotential(a, b)))
    }
  }

  /// Looks that found no such Space. Only if a later one finds it again may it have been there all along.
  mutating func addAbsence(_ absence: LookRun, between before: SeenStates.Place?, and after: LookRun?) {
    guard let start = absence.looks.first else { return }
    guard let after, let found = after.looks.first else {
      add(from: start, low: .nothing, estimate: .nothing, high: .nothing)
      return
    }
    add(
      from: start, low: .nothing, estimate: .nothing,
      high: .dearerPotential(before ?? absence.state, after.state))
    gaps.append(start..<found)
    absences.append(start..<found)
  }

  /// After the last look the estimate goes on for as long as counts as watched; the most is until now.
  mutating func addTimeSinceLastLook(_ run: LookRun, now: Instant) {
    guard let last = run.looks.last, last < now else { return }
    high.append((last, .potential(run.state)))
    guard now - last > watchedGap else { return }
    let end = last + watchedGap
    low.append((end, .nothing))
    estimate.append((end, .nothing))
    gaps.append(end..<now)
  }

  /// The last of our actions in `start..<end`. Asked for later and later stretches.
  private mutating func lastAction(from start: Instant, before end: Instant) -> Instant? {
    var last: Instant?
    while nextAction < actions.count, actions[nextAction] < end {
      last = actions[nextAction]
      nextAction += 1
    }
    return last.flatMap { $0 >= start ? $0 : nil }
  }
}
