import Planning
public import Pricing
public import Schedules
import Spaces
public import Timelines

/// Recent weeks as they would have been if the rules to come had held already: the visitors that logs tell of come again,
/// and the Space sleeps after other times than it did.
struct RelivedWeeks {
  let states: Timeline<SpaceState?>
  let billed: Timeline<Billed?>

  private static let day: Int64 = 86_400
  /// As many weeks as forecasts look back on, and by which they judge themselves.
  private static let most = 16 * 7 * day

  /// Nil where logs do not tell of a week up to now.
  init?(of past: SpacePast, under schedule: SpaceSchedule, until now: Instant, prices: PriceTable) {
    guard
      let known = past.importSpans.last?.clamped(to: past.known(in: now - Self.most..<now)),
      known.seconds >= 7 * Self.day, known.upperBound >= now - Self.day,
      // As it is now: what was broken, paused or moved by hand when those weeks began tells nothing of days to come.
      let present = past.state(at: now + -1)
    else { return nil }
    var start = present
    (start.stage, start.hardware) = (.sleeping, nil)
    let replay = SpaceReplay(
      from: start, under: RuleSteps(schedule, in: known), visits: past.imported, program: past.program,
      in: known, prices: prices)
    states = replay.states.map { $0 }
    billed = prices.billed(replay.states)
  }
}

extension SpacePast {
  /// Whether rules let it sleep after another time, an hour in all at least, than it was seen to in the last four weeks
  /// on hardware that costs money: what happened then does not tell what that costs, but its visits do.
  public func sleepsOtherwise(under schedule: SpaceSchedule, now: Instant, prices: PriceTable) -> Bool {
    let recent = states.clipped(to: now - 28 * 86_400..<now)
    let others = recent.zip(schedule.desired(over: recent.range)) { state, desired -> Bool in
      guard let state, state.stage != .gone, let sleep = desired.settings.sleep,
        let hardware = state.requestedElseCurrentHardware, !prices.isFree(hardware, at: now)
      else { return false }
      return sleep != state.sleep
    }
    return others.integrate(into: 0) { $0 += $1.value ? $1.range.seconds : 0 } > 3600
  }
}
