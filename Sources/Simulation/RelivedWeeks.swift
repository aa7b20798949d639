import Planning
public import Pricing
public import Schedules
import Spaces
public import Timelines

/// Recent weeks as they would have been if rules to come had held already: their visitors come again, and the Space
/// sleeps after other times than it did.
struct RelivedWeeks {
  let states: Timeline<SpaceState?>
  let billed: Timeline<Billed?>

  /// As many as forecasts look back on, and by which they judge themselves.
  private static let seconds: Int64 = 16 * 7 * 86_400

  /// Nil where nothing tells of visits, or it is not known what the Space was when those weeks began.
  init?(of past: SpacePast, under schedule: SpaceSchedule, until now: Instant, prices: PriceTable) {
    let range = past.known(in: now - Self.seconds..<now)
    let demand = past.demand(in: range)
    guard !demand.sources.isEmpty, let start = past.state(at: range.lowerBound) else { return nil }
    let replay = SpaceReplay(
      from: start, lastUse: past.lastUse(before: range.lowerBound), under: RuleSteps(schedule, in: range),
      visits: demand.least, program: past.program, in: range, prices: prices)
    states = replay.states.map { $0 }
    billed = prices.billed(replay.states)
  }
}

extension SpacePast {
  /// Whether rules let it sleep after another time in days to come than in the last four weeks, on hardware that
  /// costs money: what happened then does not tell what that will cost, but its visits do.
  public func sleepsOtherwise(
    under schedule: SpaceSchedule, in days: Range<Instant>, now: Instant, prices: PriceTable
  ) -> Bool {
    func isPaid(_ hardware: SpaceHardware?) -> Bool { hardware.map { !prices.isFree($0, at: now) } ?? true }
    let wanted = schedule.desired(over: days).segments.map(\.value.settings).filter { isPaid($0.hardware) }
    let recent = states.clipped(to: now - 28 * 86_400..<now).segments.compactMap(\.value)
    let before = Set(
      recent.filter { $0.stage != .gone && isPaid($0.requestedElseCurrentHardware) }.map(\.sleep))
    return !before.isEmpty && !before.isSuperset(of: wanted.compactMap(\.sleep))
  }
}
