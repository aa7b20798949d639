public import Schedules
public import Spaces
public import Timelines

/// How long starts took, as far as looks tell: from what began them until the Space was up, or slept again, which it does
/// no sooner. Where looks saw anything else in between, as other hardware, it is not known when the start was over.
public struct StartupsSeen: Sendable {
  /// What is known of a start.
  private struct Start {
    let hardware: SpaceHardware
    /// It began in these seconds.
    var begin: ClosedRange<Instant>
    /// The last look at which it was not over.
    let notUp: Instant?
    /// The first look at which it was.
    let up: Instant
    /// What the Space sleeps after, in seconds.
    let sleep: Int64

    /// After so many seconds it was not over.
    var longer: Int64? { notUp.map { max(0, $0 - begin.upperBound) } }
    /// After so many it was.
    var most: Int64 { up - begin.lowerBound }
    /// How many seconds it may have taken.
    var seconds: ClosedRange<Int64> { min(most, longer.map { $0 + 1 } ?? 0)...most }
  }

  /// By a request for hardware.
  private var asked: [Start] = []
  /// By somebody who visited it while it was asleep.
  private var woken: [Start] = []

  /// - Parameters:
  ///   - intervals: what was seen of the Space, in order of time; of each at least the first and the last look.
  ///   - actions: the journal's, in order of time.
  public init(_ intervals: [Interval], _ actions: [SpaceAction]) {
    let looks = intervals.flatMap { interval in interval.looks.map { (at: $0, state: interval.state) } }
    let requests = actions.filter { $0.kind == .hardware && $0.mayHaveHappened }
    for (index, action) in requests.enumerated() where action.outcome == .done {
      let hardware = SpaceHardware(rawValue: action.to)
      let end = index + 1 < requests.count ? requests[index + 1].at : .distantFuture
      // A look of the same second was before it.
      let after = looks[looks.partitioningIndex { $0.at > action.at }...]
      guard let up = after.firstIndex(where: { !$0.state.isStarting(on: hardware) }), looks[up].at < end,
        looks[up].state.hasStarted(on: hardware, isSeenStarting: up > after.startIndex)
      else { continue }
      asked.append(
        Start(
          hardware: hardware, begin: action.at...action.at,
          notUp: up > after.startIndex ? looks[up - 1].at : nil, up: looks[up].at, sleep: .max))
    }
    let starting = actions.filter { $0.startsIt && $0.countsAsSent }.map(\.at).sorted()
    for (index, asleep) in intervals.enumerated().dropLast() where asleep.state.stage.isAsleep {
      guard let last = asleep.looks.last, let first = intervals[index + 1].looks.first,
        let hardware = asleep.state.requestedElseCurrentHardware
      else { continue }
      let request = starting.partitioningIndex { $0 >= last }
      let end = request < starting.count ? starting[request] : .distantFuture
      let after = looks[looks.partitioningIndex { $0.at > last }...]
      // Whoever builds it has not visited it.
      guard
        let up = after.firstIndex(where: { !$0.state.isStarting(on: hardware) || $0.state.stage.isBuilding }),
        looks[up].at < end, !looks[up].state.stage.isBuilding,
        looks[up].state.hasStarted(on: hardware, isSeenStarting: up > after.startIndex)
      else { continue }
      let sleep = asleep.state.sleep.length
      // Between looks that are far apart it may have slept and have been woken once more.
      var notUp: Instant?
      for look in looks[after.startIndex..<up] {
        guard look.at - (notUp ?? first) <= sleep else { break }
        notUp = look.at
      }
      woken.append(
        Start(hardware: hardware, begin: last...first, notUp: notUp, up: looks[up].at, sleep: sleep))
    }
  }

  /// What was known of them at an instant.
  public func known(at instant: Instant) -> StartupsSeen {
    var known = self
    known.asked.removeAll { $0.up > instant }
    known.woken.removeAll { $0.up > instant }
    return known
  }

  /// The longest after which a Space that was asked onto a hardware was known not to be up yet, in seconds.
  public var longest: [SpaceHardware: Int64] {
    asked.reduce(into: [:]) { $0[$1.hardware] = max($0[$1.hardware] ?? 0, $1.longer ?? 0) }
  }
  /// The shortest after which one was known to be up, in seconds.
  public var shortest: [SpaceHardware: Int64] {
    asked.reduce(into: [:]) { $0[$1.hardware] = min($0[$1.hardware] ?? .max, $1.most) }
  }

  /// Seconds that a start takes: what most of those seen allow, as near as that is to what is assumed.
  ///
  /// - Parameters:
  ///   - visits: in order of time. Those who found it asleep began starts.
  ///   - known: from when to when these are all who came; elsewhere others may have begun them.
  public func seconds(
    assuming seconds: Int64, visits: [Visit] = [], known: [Range<Instant>] = []
  ) -> [SpaceHardware: Int64] {
    let woken = woken.map { start in
      var start = start
      if known.contains(where: { $0.contains(start.begin.lowerBound) && $0.contains(start.begin.upperBound) })
      {
        start.begin = Self.begin(of: start, visits) ?? start.begin
      }
      return start
    }
    return Dictionary(grouping: asked + woken, by: \.hardware)
      .mapValues { Self.length(near: seconds, $0.map(\.seconds)) }
  }

  /// From the first visit that may have begun it to the last; nil where none is known.
  private static func begin(of start: Start, _ visits: [Visit]) -> ClosedRange<Instant>? {
    // Who came in the second of a look came after it.
    let first = visits.partitioningIndex { $0.at >= start.begin.lowerBound }
    let end = visits.partitioningIndex { $0.at > start.begin.upperBound || $0.at >= start.up }
    guard first < end else { return nil }
    // After a gap as long it may have slept again.
    let last = (first + 1..<end).last { visits[$0].at - visits[$0 - 1].at > start.sleep } ?? first
    return visits[first].at...visits[last].at
  }

  /// A number that lies in as many of the ranges as any, the nearest to another, and of two so near the larger.
  private static func length(near assumed: Int64, _ ranges: [ClosedRange<Int64>]) -> Int64 {
    let starts = ranges.map(\.lowerBound).sorted()
    let ends = ranges.map(\.upperBound).sorted()
    // How many hold it changes only at their ends.
    return (starts + ends + [assumed]).max { left, right in
      func rank(_ number: Int64) -> (Int, Int64, Int64) {
        let begun = starts.partitioningIndex { $0 > number }
        return (begun - ends.partitioningIndex { $0 >= number }, -abs(number - assumed), number)
      }
      return rank(left) < rank(right)
    } ?? assumed
  }
}

extension StartupTimes {
  /// Assumes the longest time after which a start was seen unfinished or, if that is longer, the shortest after which
  /// one was seen finished: of a Space that was looked at every quarter of an hour, nothing better is known.
  ///
  /// - Parameter runsEvery: seconds between two runs.
  public init(_ seen: StartupsSeen, runsEvery: Int64) {
    self.init(seconds: seen.longest.merging(seen.shortest) { max($0, $1) }, runsEvery: runsEvery)
  }
}

extension SpaceState {
  fileprivate func isStarting(on hardware: SpaceHardware) -> Bool {
    requestedElseCurrentHardware == hardware
      && (stage.isRunning || stage == .building || stage == .appStarting) && !isUp(on: hardware)
  }

  /// Whether a start is over: the Space is up, or sleeps again after looks that saw it start.
  fileprivate func hasStarted(on hardware: SpaceHardware, isSeenStarting: Bool) -> Bool {
    isUp(on: hardware) || isSeenStarting && stage.isAsleep && requestedElseCurrentHardware == hardware
  }

  /// Whether a copy serves on a hardware, and none is starting.
  func isUp(on hardware: SpaceHardware?) -> Bool {
    (stage == .running || stage == .runningBuilding) && self.hardware == hardware
  }
}
