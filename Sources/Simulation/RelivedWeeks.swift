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

  private static let week: Int64 = 7 * 86_400
  /// As many weeks as forecasts look back on, and by which they judge themselves.
  private static let most = 16 * week

  /// Nil where logs do not tell of two weeks, up to the last week. Since they end, those of the week before come again.
  init?(of past: SpacePast, under schedule: SpaceSchedule, until now: Instant, prices: PriceTable) {
    let recent = past.known(in: now - Self.most..<now)
    guard let logged = past.importSpans.last?.clamped(to: recent), logged.seconds >= 2 * Self.week,
      now - logged.upperBound <= Self.week,
      // As it is now: what was broken, paused or moved by hand when those weeks began tells nothing of days to come.
      let present = past.state(at: now + -1)
    else { return nil }
    var start = present
    (start.stage, start.hardware) = (.sleeping, nil)
    let since = past.imported.clipped(to: logged.upperBound - Self.week..<now - Self.week)
    let visits = Visits(
      past.imported.clipped(to: logged).arrivals
        + since.arrivals.map { Visit(at: $0.at + Self.week, count: $0.count) })
    let replay = SpaceReplay(
      from: start, under: RuleSteps(schedule, in: logged.lowerBound..<now), visits: visits,
      program: past.program, in: logged.lowerBound..<now, prices: prices)
    states = replay.states.map { $0 }
    billed = prices.billed(replay.states)
  }
}

extension SpacePast {
  /// Whether rules let it sleep after another time, for more than an hour in all, than it was seen to in the last four weeks
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
