public import Foundation
public import Money
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
  public func lineItems(of storage: Timeline<SpaceStorage?>, in range: Range<Instant>, zone: TimeZone)
    -> [LineItem]
  {
    let days = civilDays(of: zone, in: range.clamped(to: storage.range))
    let months = lengthsOfMonths(in: days.range)
    var held: [LineKey: [MonthlyPrice: Int64]] = [:]
    for segment in storage.clipped(to: days.range).segments {
      guard let storage = segment.value else { continue }
      let prices = monthlyPrices(of: storage).zip(months) { price, days in
        price.map { MonthlyPrice(amount: $0, secondsOfMonth: days * 86_400) }
      }
      let parts = days.clipped(to: segment.range).zip(prices) { StoragePart(day: $0, price: $1) }
      for part in parts.segments {
        guard let price = part.value.price else { continue }
        let key = LineKey(day: part.value.day, subject: .storage(storage), perHour: nil)
        held[key, default: [:]][price, default: 0] += part.range.seconds
      }
    }
    return held.map { key, seconds in
      let holdings = seconds.map { price, seconds in
        StorageHolding(perMonth: price.amount, seconds: seconds, secondsOfMonth: price.secondsOfMonth)
      }.sorted { ($0.perMonth, $0.secondsOfMonth) < ($1.perMonth, $1.secondsOfMonth) }
      let amount = holdings.reduce(0) { $0 + $1.shares }
      let cost = Money(nanoDollars: amount.dividedHalfToEven(by: sharesOfMonth))
      return LineItem(
        day: key.day, subject: key.subject, perHour: nil, minutes: nil, cost: Bounds(certain: cost),
        holdings: holdings)
    }
  }
}

/// Storage held for a part of a day, at one price in one UTC month.
public struct StorageHolding: Hashable, Sendable {
  public let perMonth: Money
  public let seconds: Int64
  /// The length of the month: what the price is for.
  public let secondsOfMonth: Int64

  /// What it costs, in nano-dollars / sharesOfMonth.
  fileprivate var shares: Int128 {
    perMonth.nanoDollars * (sharesOfMonth / Int128(secondsOfMonth)) * Int128(seconds)
  }
}

extension LineItem {
  /// What each of the ``holdings`` costs, in their order. The line is rounded once, so they are rounded down, and
  /// the nano-dollars that this leaves go to where the most was cut off: they add up to the line, and none is a
  /// whole nano-dollar off.
  public var holdingCosts: [Money] {
    guard let cost, !holdings.isEmpty else { return [] }
    let whole = holdings.map { $0.shares / sharesOfMonth }
    let left = cost.estimate.nanoDollars - whole.reduce(0, +)
    let byRemainder = holdings.indices.sorted {
      (holdings[$1].shares % sharesOfMonth, $0) < (holdings[$0].shares % sharesOfMonth, $1)
    }
    let raised = Set(byRemainder.prefix(Int(left)))
    return whole.indices.map { Money(nanoDollars: whole[$0] + (raised.contains($0) ? 1 : 0)) }
  }
}

private struct MonthlyPrice: Hashable {
  let amount: Money
  let secondsOfMonth: Int64
}

private struct StoragePart: Equatable {
  let day: CivilDate
  let price: MonthlyPrice?
}

/// Months of 28, 29, 30 and 31 days can all be cut into so many equal shares of whole seconds, so that prices a
/// second add up exactly over months of different lengths.
private let sharesOfMonth: Int128 = 4 * 7 * 29 * 3 * 5 * 31 * 86_400

/// The number of days of the month in UTC.
private func lengthsOfMonths(in range: Range<Instant>) -> Timeline<Int64> {
  var month = WallTime(secondsSinceEpoch: range.lowerBound.secondsSince1970).date.startOfMonth
  var changes: [(Instant, Int64)] = []
  func start(_ date: CivilDate) -> Instant { Instant(secondsSince1970: date.dayNumber * 86_400) }
  while start(month) < range.upperBound {
    let next = month.startOfNextMonth
    changes.append((start(month), next.dayNumber - month.dayNumber))
    month = next
  }
  return Timeline(0, over: range, changes: changes)
}
