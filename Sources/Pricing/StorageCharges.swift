import Foundation
import Money
public import Spaces
public import Timelines

extension SpaceUsage {
  /// The storage held in the range while the table had no price for it, in order of name.
  public func unpricedStorage(in range: Range<Instant>, prices: PriceTable) -> [SpaceStorage] {
    let unpriced = storage.clipped(to: range).segments.reduce(into: Set<SpaceStorage>()) { found, segment in
      guard let storage = segment.value else { return }
      let known = prices.monthlyPrices(of: storage).clipped(to: segment.range)
      if known.segments.contains(where: { $0.value == nil }) { found.insert(storage) }
    }
    return unpriced.sorted { $0.rawValue < $1.rawValue }
  }
}

extension PriceTable {
  /// Storage costs its monthly price in proportion to the seconds of the UTC month that it is held: a line a day,
  /// certain, rounded once, even where the day touches two months or two prices.
  func lineItems(of storage: Timeline<SpaceStorage?>, in range: Range<Instant>, zone: TimeZone) -> [LineItem]
  {
    let days = civilDays(of: zone, in: range.clamped(to: storage.range))
    let months = lengthsOfMonths(in: days.range)
    var amounts: [LineKey: Int128] = [:]  // in nano-dollars / sharesOfMonth
    for held in storage.clipped(to: days.range).segments {
      guard let storage = held.value else { continue }
      let hardware = SpaceHardware(rawValue: "storage-\(storage.rawValue)")
      let perSecond = monthlyPrices(of: storage).zip(months) { price, days in
        price.map { $0.nanoDollars * (sharesOfMonth / (days * 86_400)) }
      }
      let parts = days.clipped(to: held.range).zip(perSecond) { StoragePart(day: $0, perSecond: $1) }
      for part in parts.segments {
        guard let perSecond = part.value.perSecond else { continue }
        let key = LineKey(day: part.value.day, hardware: hardware, perHour: nil)
        amounts[key, default: 0] += perSecond * Int128(part.range.seconds)
      }
    }
    return amounts.map { key, amount in
      let cost = Money(nanoDollars: amount.dividedHalfToEven(by: sharesOfMonth))
      return LineItem(
        day: key.day, hardware: key.hardware.rawValue, perHour: nil, minutes: nil, cost: Bounds(certain: cost)
      )
    }
  }
}

private struct StoragePart: Equatable {
  let day: CivilDate
  /// In nano-dollars / sharesOfMonth.
  let perSecond: Int128?
}

/// Months of 28, 29, 30 and 31 days can all be cut into so many equal shares of whole seconds, so that prices a
/// second add up exactly over months of different lengths.
private let sharesOfMonth: Int128 = 4 * 7 * 29 * 3 * 5 * 31 * 86_400

/// The number of days of the month in UTC.
private func lengthsOfMonths(in range: Range<Instant>) -> Timeline<Int128> {
  var month = WallTime(secondsSinceEpoch: range.lowerBound.secondsSince1970).date.startOfMonth
  var changes: [(Instant, Int128)] = []
  func start(_ date: CivilDate) -> Instant { Instant(secondsSince1970: date.dayNumber * 86_400) }
  while start(month) < range.upperBound {
    let next = month.startOfNextMonth
    changes.append((start(month), Int128(next.dayNumber - month.dayNumber)))
    month = next
  }
  return Timeline(0, over: range, changes: changes)
}
