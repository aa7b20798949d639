import Money
import Pricing
import Spaces
import Timelines

/// Costs by hour of the week, exactly, for pictures and comparisons: started minutes are not rounded up.
enum HourlyCost {
  static let none = [Int128](repeating: 0, count: HourOfWeek.count)

  /// In 3600ths of a nano-dollar.
  static func of(_ billed: Timeline<Billed?>, prices: PriceTable, clock: WallClock) -> [Int128] {
    var hours = none
    forEachPrice(of: billed, prices: prices) { perHour, range in
      HourOfWeek.forEach(in: range, on: clock) { hour, range in
        hours[hour.index] += perHour * Int128(range.seconds)
      }
    }
    return hours
  }

  /// Of all hours together, rounded once.
  static func total(of billed: Timeline<Billed?>, prices: PriceTable) -> Money {
    var parts: Int128 = 0
    forEachPrice(of: billed, prices: prices) { parts += $0 * Int128($1.seconds) }
    return Money(nanoDollars: parts).scaled(by: 1, over: 3600)
  }

  /// - Parameter body: gets nano-dollars an hour, and when.
  private static func forEachPrice(
    of billed: Timeline<Billed?>, prices: PriceTable, _ body: (Int128, Range<Instant>) -> Void
  ) {
    // Neighbours mostly run on the same.
    var hardware: SpaceHardware?
    var paid: [(range: Range<Instant>, perHour: Int128)] = []
    for segment in billed.segments {
      guard let value = segment.value else { continue }
      if value.hardware != hardware {
        hardware = value.hardware
        paid = prices.hourlyPrices(of: value.hardware).segments.compactMap { price in
          price.value.flatMap { $0 > .zero ? (price.range, $0.nanoDollars) : nil }
        }
      }
      for index in paid.indices where paid[index].range.overlaps(segment.range) {
        body(paid[index].perHour * Int128(value.replicas), paid[index].range.clamped(to: segment.range))
      }
    }
  }
}
