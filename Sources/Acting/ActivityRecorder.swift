import Planning
public import Spaces
import Timelines

/// What one look at the traffic of running Spaces found.
public struct ActivitySeen: Hashable, Sendable {
  /// Running Spaces that were asked.
  public var asked = 0
  /// Those at which somebody was, of whom it was not known yet.
  public var busy: [SpaceID] = []
  /// Those of which neither log nor metrics tell anything.
  public var unknown: [SpaceID] = []
}

extension Observer {
  /// Asks each running Space of a look for its metrics and its last log line, and records when somebody was there:
  /// at the look where the metrics show work, and at the last line if it was written since a look saw it running and
  /// since the latest visit that is recorded. What can't be known is not recorded.
  ///
  /// The client keeps these calls within the Hub's limits, as all others.
  public func recordActivity(of fleet: Fleet) async throws -> ActivitySeen {
    let running = fleet.seen.filter { $0.value.runtime.stage.isRunning }.keys.sorted()
    let hub = hub
    let activities = await inOrder(running.compactMap { space in fleet.seen[space].map { (space, $0) } }) {
      space, seen in
      await hub.traffic(at: space, replicas: SpaceState(seen.runtime).replicas)
    }
    var result = ActivitySeen(asked: running.count)
    var visits: [SpaceID: [Instant]] = [:]
    let now = clock()
    for (space, activity) in zip(running, activities) {
      var seen = activity.metrics == .working ? [now] : []
      if case .lines(let lines) = activity.log, let last = lines.last, last <= now + Self.clockDifference,
        try isNews(min(last, now), of: space)
      {
        seen.append(min(last, now))
      }
      if case .unknown = activity.log, activity.metrics == .unknown { result.unknown.append(space) }
      guard !seen.isEmpty else { continue }
      visits[space] = seen
      result.busy.append(space)
    }
    try history.recordVisits(visits)
    return result
  }

  /// Seconds by which the Hub's clock may be ahead of ours; a line from later is none that was written.
  private static let clockDifference: Int64 = 60

  /// Before it was seen running, lines are those of the start-up; one that was told of before tells nothing of now.
  private func isNews(_ line: Instant, of space: SpaceID) throws -> Bool {
    guard let since = try firstLookAtRun(of: space), line > since else { return false }
    return try history.visits(of: space, in: line..<Instant.distantFuture, from: .recorded).isEmpty
  }

  /// The first look at the present stretch of running on the present hardware.
  private func firstLookAtRun(of space: SpaceID) throws -> Instant? {
    let stretches = try history.stretches(of: space)
    let hardware = stretches.last?.state.hardware
    return stretches.reversed().prefix { $0.state.stage.isRunning && $0.state.hardware == hardware }.last?
      .first
  }
}
