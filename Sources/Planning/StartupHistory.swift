public import Schedules
public import Spaces
import Timelines

/// How long starts took, as far as looks tell: from what began them until the Space was up. Where looks saw anything else
/// in between, as sleep or other hardware, it is not known when the start was over.
public struct StartupsSeen: Sendable {
  /// What is known of a start.
  private struct Start {
    let hardware: SpaceHardware
    /// It began in these seconds.
    let begin: ClosedRange<Instant>
    /// The last look at which it was not over.
    let notUp: Instant?
    /// The first look at which it was.
    let up: Instant

    /// How many seconds it may have taken.
    var seconds: ClosedRange<Int64> {
      let most = up - begin.lowerBound
      return min(most, max(0, (notUp ?? begin.upperBound) - begin.upperBound))...most
    }
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
    func start(on hardware: SpaceHardware, begin: ClosedRange<Instant>, before end: Instant) -> Start? {
      // A look of the same second was before it.
      let first = looks.partitioningIndex { $0.at > begin.lowerBound }
      guard let up = looks[first...].firstIndex(where: { !$0.state.isStarting(on: hardware) }),
        looks[up].at < end, looks[up].state.isUp(on: hardware)
      else { return nil }
      return Start(
        hardware: hardware, begin: begin, notUp: up > first ? looks[up - 1].at : nil, up: looks[up].at)
    }
    let requests = actions.filter { $0.kind == .hardware && $0.mayHaveHappened }
    for (index, action) in requests.enumerated() where action.outcome == .done {
      let end = index + 1 < requests.count ? requests[index + 1].at : .distantFuture
      if let start = start(
        on: SpaceHardware(rawValue: action.to), begin: action.at...action.at, before: end)
      {
        asked.append(start)
      }
    }
    let starting = actions.filter { $0.startsIt && $0.countsAsSent }.map(\.at).sorted()
    for (asleep, next) in zip(intervals, intervals.dropFirst()) where asleep.state.stage.isAsleep {
      guard let last = asleep.looks.last, let first = next.looks.first,
        let hardware = asleep.state.requestedElseCurrentHardware
      else { continue }
      let request = starting.partitioningIndex { $0 >= last }
      let end = request < starting.count ? starting[request] : .distantFuture
      if let start = start(on: hardware, begin: last...first, before: end) { woken.append(start) }
    }
  }

  /// The longest after which a Space that was asked onto a hardware was known not to be up yet, in seconds.
  public var longest: [SpaceHardware: Int64] {
    asked.reduce(into: [:]) { $0[$1.hardware] = max($0[$1.hardware] ?? 0, $1.seconds.lowerBound) }
  }
  /// The shortest after which one was known to be up, in seconds.
  public var shortest: [SpaceHardware: Int64] {
    asked.reduce(into: [:]) { $0[$1.hardware] = min($0[$1.hardware] ?? .max, $1.seconds.upperBound) }
  }

  /// Seconds that a start takes: what most of those seen allow, as near as that is to what is assumed.
  ///
  /// - Parameter visits: in order of time. The first one that found it asleep began the start.
  public func seconds(assuming seconds: Int64, visits: [Visit] = []) -> [SpaceHardware: Int64] {
    let woken = woken.map { start in
      let next = visits.partitioningIndex { $0.at > start.begin.lowerBound }
      guard next < visits.count, visits[next].at <= start.begin.upperBound else { return start }
      return Start(
        hardware: start.hardware, begin: visits[next].at...visits[next].at, notUp: start.notUp, up: start.up)
    }
    return Dictionary(grouping: asked + woken, by: \.hardware)
      .mapValues { Self.length(near: seconds, $0.map(\.seconds)) }
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
  /// Taken is the longest that a start is known to have taken, but at least the shortest in which one is known to
  /// have been over: of a Space that was looked at every quarter of an hour, nothing better is known.
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

  /// Whether a copy serves on a hardware, and none is starting.
  func isUp(on hardware: SpaceHardware?) -> Bool {
    (stage == .running || stage == .runningBuilding) && self.hardware == hardware
  }
}
