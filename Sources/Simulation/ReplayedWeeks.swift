import Money
import Pricing
import Schedules
import Spaces
import Timelines

/// The days to come, lived with the visitors of a recent week: under the rules, exceptions and prices of those days.
struct ReplayedWeeks {
  let schedule: SpaceSchedule
  let prices: PriceTable
  let clock: WallClock
  /// Seconds that logs tell of, up to now.
  let recorded: Int64
  private let visits: Visits
  private let beginning: Beginning

  private static let week: Int64 = 7 * 86_400

  /// Nil where logs do not tell of two weeks, up to the last week. Since they end, those of the week before come again.
  init?(
    of past: SpacePast, under schedule: SpaceSchedule, at now: Instant, prices: PriceTable, clock: WallClock
  ) {
    let recent = past.known(in: Instant.distantPast..<now)
    guard let logged = past.log.clipped(to: recent).spans.last, logged.seconds >= 2 * Self.week,
      now - logged.upperBound <= Self.week, let beginning = past.beginning(before: now)
    else { return nil }
    self.schedule = schedule
    self.prices = prices
    self.clock = clock
    self.beginning = beginning
    recorded = now - logged.lowerBound
    let before = past.log.visits.clipped(to: logged.upperBound - Self.week..<now - Self.week)
    visits = Visits(inOrder: [past.log.visits.clipped(to: logged), before.later(by: Self.week)])
  }

  /// What the days to come cost if each is visited as an earlier one.
  func costs(of pairs: [AnalogDays.Pair]) -> [Money] {
    guard let first = pairs.first, let last = pairs.last else { return [] }
    let coming = first.day.lowerBound..<last.day.upperBound
    let replay = SpaceReplay(
      from: beginning, under: RuleSteps(schedule, in: coming),
      visits: Visits(inOrder: pairs.map { visits.clipped(to: $0.earlier).later(by: $0.shift) }),
      in: coming, prices: prices)
    let costs = replay.lineItems(prices, zone: clock.zone).reduce(into: [CivilDate: Money]()) {
      $0[$1.day, default: .zero] += $1.cost?.estimate ?? .zero
    }
    return pairs.map { costs[clock.date(at: $0.day.lowerBound)] ?? .zero }
  }
}
