public import Money
public import Spaces
import Spelling
public import Timelines

/// A price as the Hub lists it: of a minute, and rounded to a micro-dollar. The published price of an hour is the
/// exact one.
public struct ListedPrice: Hashable, Sendable {
  public let hardware: SpaceHardware
  /// As the Hub shows it to people.
  public let label: String?
  /// 0 to 10^12.
  public let microDollarsPerMinute: Int64

  public init(hardware: SpaceHardware, label: String? = nil, microDollarsPerMinute: Int64) {
    self.hardware = hardware
    self.label = label
    self.microDollarsPerMinute = min(max(microDollarsPerMinute, 0), 1_000_000_000_000)
  }

  /// The prices of an hour, in nano-dollars, that are listed so: within half a micro-dollar a minute.
  private var range: ClosedRange<Int128> { max(0, middle - 30_000)...middle + 30_000 }

  private var middle: Int128 { Int128(microDollarsPerMinute) * 60_000 }

  public func agrees(with perHour: Money) -> Bool { range.contains(perHour.nanoDollars) }

  /// The price of an hour with the fewest decimals that is listed so: 6667 is 0.40.
  public var perHour: Money {
    var unit: Int128 = 1_000_000_000
    while unit > 1 {
      let candidate = (middle + unit / 2) / unit * unit
      if range.contains(candidate) { return Money(nanoDollars: candidate) }
      unit /= 10
    }
    return Money(nanoDollars: middle)
  }
}

/// Where the table and what the Hub lists now do not say the same.
public enum PriceDifference: Hashable, Sendable {
  /// The table's price is another.
  case changed(ListedPrice, from: Money)
  /// The table has no price for it.
  case new(ListedPrice)
  /// The table offers it, and the Hub does not.
  case notListed(SpaceHardware, perHour: Money)
}

extension PriceTable {
  /// The hardware that somebody may have meant who wrote a name that the table does not have: of what is offered,
  /// the first that begins so, else the nearest in spelling.
  public func hardware(meantBy text: String, at now: Instant) -> SpaceHardware? {
    let offered = hardware.map(\.hardware).filter { !isWithdrawn($0, at: now) }
    let lowercased = text.lowercased()
    return offered.first { $0.rawValue == lowercased || $0.rawValue.hasPrefix(lowercased + "-") }
      ?? offered.first { lowercased.count > 1 && $0.rawValue.hasPrefix(lowercased) }
      ?? Spelling.nearest(to: text, among: offered.map(\.rawValue)).map(SpaceHardware.init)
  }

  /// In the Hub's order, then in the table's.
  public func differences(from listed: [ListedPrice], at now: Instant) -> [PriceDifference] {
    let names = Set(listed.map(\.hardware))
    return listed.compactMap { price in
      guard let perHour = hourlyPrice(of: price.hardware, at: now) else { return .new(price) }
      return price.agrees(with: perHour) ? nil : .changed(price, from: perHour)
    }
      + hardware.compactMap { listing in
        guard !names.contains(listing.hardware), !isWithdrawn(listing.hardware, at: now),
          let perHour = hourlyPrice(of: listing.hardware, at: now)
        else { return nil }
        return .notListed(listing.hardware, perHour: perHour)
      }
  }
}
