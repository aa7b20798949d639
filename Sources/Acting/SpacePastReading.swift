public import History
public import Pricing
public import Simulation
public import Spaces
public import Timelines

extension History {
  /// What is known of a Space's past: what was seen and done, and when it was visited.
  ///
  /// - Parameters:
  ///   - startup: seconds that a start takes where looks leave it open.
  ///   - visits: whether visits are read, too; only replays ask for them.
  public func past(
    of space: SpaceID, startup: Int64 = SpaceProgram.usualStartup, visits: Bool = true, now: Instant,
    prices: PriceTable
  ) throws -> SpacePast {
    var past = SpacePast(
      space, intervals: try intervals(of: space), actions: try actions(on: space).map(\.action),
      startup: startup, now: now, prices: prices)
    if visits { try readVisits(into: &past) }
    return past
  }

  /// A forecast with visits where these tell more: they are many, and seldom asked for.
  ///
  /// - Parameters:
  ///   - past: gets its visits then.
  ///   - make: makes it by what is known.
  public func forecast(
    by past: inout SpacePast, _ make: (SpacePast) -> SpaceForecast
  ) throws -> SpaceForecast {
    let first = make(past)
    guard !first.untold.isEmpty else { return first }
    try readVisits(into: &past)
    return make(past)
  }

  private func readVisits(into past: inout SpacePast) throws {
    let always = Instant.distantPast..<Instant.distantFuture
    past.log = VisitLog(
      Visits(try visits(of: past.space, in: always, from: .imported)), spans: try visitSpans(of: past.space))
    past.recorded = Visits(try visits(of: past.space, in: always, from: .recorded))
  }
}
