public import Foundation
public import Money
public import Pricing
public import Schedules
public import Spaces
public import Timelines

/// What a Space will have cost when a month is over: what it has cost so far, and what the rest of the month may.
///
/// A day to come is taken to go as days of the same weekday in recent weeks went, newer ones more likely, under the
/// rules and at the prices of the day itself. Where these let it sleep after other times than then, or downgrade it
/// when it is idle, which was not seen, the visits of those weeks are lived through again under them; where no log
/// tells of visits, nothing of what may cost less than it did is certain to come.
public struct SpaceForecast: Sendable {
  /// What the rest of the month rests on.
  public enum Basis: Hashable, Sendable {
    /// The month is over, or the Space gone.
    case over
    /// Rules alone decide what it costs, whoever comes.
    case rules
    /// It is paused or has failed, and no rule starts it.
    case stopped
    /// So many recent weeks.
    case weeks(Int)
    /// The visits of so many recent weeks, under rules that do with them what was not seen then.
    case visits(weeks: Int)
    /// Too little history for weekdays: beyond what rules settle, what it was billed for on average since it is known,
    /// and anything between nothing and twice that.
    case runRate
    /// Neither history nor rules tell: anything between what rules settle, which is taken for the estimate, and being
    /// up throughout.
    case unknown
  }

  public let space: SpaceID
  public let basis: Basis
  /// As charged until now.
  public let spent: Bounds<Money>
  /// What may come.
  public let rest: ForecastPaths
  /// What rules may do that recent weeks do not show, and that is not in it, as no log tells who came.
  public let untold: UnseenRules
  /// Of late, people have asked for other hardware by hand than rules had: then no visits are replayed.
  public let isOverruled: Bool
  /// Hardware without a price that it may run on: what that costs is in none of it.
  public let unpriced: [SpaceHardware]
  /// Until when it is known what it was. What it has cost since is in no estimate.
  public let known: Instant

  /// What the month will have cost.
  public var total: Bounds<Money> { rest.month(after: spent) }

  /// - Parameters:
  ///   - rest: the days of the month that are still to come, see ``restOfMonth(_:zone:now:)``.
  ///   - schedule: the rules for it; nil where there are none, or nothing may be changed.
  ///   - isGranted: somebody else pays for its hardware.
  ///   - spent: what it has cost in the month until now.
  ///   - byLowBound: goes by what is certain to have been billed, not by the estimate; where visits are lived through
  ///     again, by these.
  public init(
    of past: SpacePast, rest days: [Range<Instant>], zone: TimeZone, now: Instant, schedule: SpaceSchedule?,
    isGranted: Bool, spent: Bounds<Money>, prices: PriceTable, byLowBound: Bool = false
  ) {
    space = past.space
    self.spent = spent
    known = past.last(before: now)?.until ?? now
    guard !days.isEmpty, !(past.goneSince.map { $0 <= now } ?? false) else {
      basis = .over
      rest = ForecastPaths(days: days)
      (untold, unpriced, isOverruled) = ([], [], false)
      return
    }
    let hardware = HardwareForecast(
      of: past, over: days, until: known, now: now, under: schedule, isGranted: isGranted, prices: prices,
      clock: WallClock(zone), byLowBound: byLowBound)
    (basis, untold, unpriced) = (hardware.basis, hardware.untold, hardware.unpriced)
    isOverruled = hardware.isOverruled
    let storage = past.storageCosts(in: days, now: now, prices: prices)
    rest = hardware.paths + ForecastPaths(days: days, certain: storage)
  }

  /// The days of a month that are still to come, in order; the first may have begun.
  public static func restOfMonth(_ month: Range<Instant>, zone: TimeZone, now: Instant) -> [Range<Instant>] {
    WallClock(zone).days(in: month.clamped(to: now..<max(now, month.upperBound))).map(\.range)
  }
}

extension SpacePast {
  /// What the storage that was held last costs in days to come.
  fileprivate func storageCosts(in days: [Range<Instant>], now: Instant, prices: PriceTable) -> [Money] {
    let held = last(before: now)?.state.storage
    return days.map { day in
      prices.lineItems(of: Timeline(held, over: day), in: day, zone: .gmt).totalCost.estimate
    }
  }
}
