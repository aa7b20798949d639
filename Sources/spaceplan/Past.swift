import History
import Planning
import Pricing
import Simulation
import Spaces
import Timelines

extension KnownSpace {
  /// The present name first.
  var names: [SpaceID] { [name] + formerNames }
}

extension History {
  /// What is known of a Space's past: what was seen and done, and when it was visited.
  ///
  /// - Parameter startup: seconds of a start on hardware on which none was seen.
  func past(
    of space: SpaceID, startup: Int64 = 60, watchedGap: Int64 = 900, now: Instant, prices: PriceTable
  ) throws -> SpacePast {
    let (intervals, actions) = (try intervals(of: space), try actions(on: space).map(\.action))
    var past = SpacePast(
      space, intervals: intervals, actions: actions,
      startups: StartupsSeen(intervals, actions).seconds(assuming: startup), startup: startup,
      watchedGap: watchedGap, now: now, prices: prices)
    let always = Instant.distantPast..<Instant.distantFuture
    past.imported = Visits(try visits(of: space, in: always, from: .imported))
    past.importSpans = try visitSpans(of: space)
    past.recorded = Visits(try visits(of: space, in: always, from: .recorded))
    return past
  }
}
