public import Schedules
public import Spaces
import Timelines

extension StartupTimes {
  /// Reads from a Space's past how long it took from asking for a hardware until it was up on it.
  ///
  /// Looks bound each start from both sides. Taken is the longest that a start is known to have taken, but
  /// at least the shortest in which one is known to have been over: of a Space that was looked at every
  /// quarter of an hour, nothing better is known.
  ///
  /// - Parameters:
  ///   - intervals: what was seen of it, in order of time; of each at least the first and the last look.
  ///   - actions: the journal's, in order of time.
  ///   - runsEvery: seconds between two runs.
  public init(_ intervals: [Interval], _ actions: [SpaceAction], runsEvery: Int64) {
    var longest: [SpaceHardware: Int64] = [:]
    var shortest: [SpaceHardware: Int64] = [:]
    let asked = actions.filter { $0.kind == .hardware && $0.outcome?.mayHaveHappened == true }
    for (index, action) in asked.enumerated() where action.outcome == .done {
      let hardware = SpaceHardware(rawValue: action.to)
      let end = index + 1 < asked.count ? asked[index + 1].at : .distantFuture
      let looks = intervals.lazy.flatMap { interval in interval.looks.map { ($0, interval.state) } }
        .filter { $0.0 >= action.at && $0.0 < end }
      guard let up = looks.first(where: { $0.1.isUp(on: hardware) })?.0 else { continue }
      let notUp = looks.last { $0.0 < up }?.0 ?? action.at
      longest[hardware] = max(longest[hardware] ?? 0, notUp - action.at)
      shortest[hardware] = min(shortest[hardware] ?? .max, up - action.at)
    }
    self.init(seconds: longest.merging(shortest) { max($0, $1) }, runsEvery: runsEvery)
  }
}
