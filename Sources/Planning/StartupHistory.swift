public import Schedules
public import Spaces
import Timelines

/// How long starts took, as far as looks tell, by hardware: from asking for it until the Space was up on it. Where looks
/// saw anything else in between, as sleep or other hardware, it is not known when the start was over.
public struct StartupsSeen: Sendable {
  /// The longest after which a Space was known not to be up yet, in seconds.
  public private(set) var longest: [SpaceHardware: Int64] = [:]
  /// The shortest after which one was known to be up, in seconds.
  public private(set) var shortest: [SpaceHardware: Int64] = [:]

  /// - Parameters:
  ///   - intervals: what was seen of the Space, in order of time; of each at least the first and the last look.
  ///   - actions: the journal's, in order of time.
  public init(_ intervals: [Interval], _ actions: [SpaceAction]) {
    let looks = intervals.flatMap { interval in interval.looks.map { (at: $0, state: interval.state) } }
    let asked = actions.filter { $0.kind == .hardware && $0.mayHaveHappened }
    for (index, action) in asked.enumerated() where action.outcome == .done {
      let hardware = SpaceHardware(rawValue: action.to)
      let end = index + 1 < asked.count ? asked[index + 1].at : .distantFuture
      // A look of the same second was before it.
      let after = looks[looks.partitioningIndex { $0.at > action.at }...]
      guard let up = after.firstIndex(where: { !$0.state.isStarting(on: hardware) }), looks[up].at < end,
        looks[up].state.isUp(on: hardware)
      else { continue }
      let notUp = up > after.startIndex ? looks[up - 1].at : action.at
      longest[hardware] = max(longest[hardware] ?? 0, notUp - action.at)
      shortest[hardware] = min(shortest[hardware] ?? .max, looks[up].at - action.at)
    }
  }

  /// Seconds that a start takes: as assumed, unless looks tell that it took longer or less long.
  public func seconds(assuming seconds: Int64) -> [SpaceHardware: Int64] {
    shortest.reduce(into: [:]) { times, entry in
      times[entry.key] = max(longest[entry.key] ?? 0, min(seconds, entry.value))
    }
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
