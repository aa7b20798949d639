import History
import Hub
import Money
import Pricing
import Spaces
import Timelines

extension Runner {
  /// Once a day: records what the Hub lists, and compares it with the table for hardware in use.
  ///
  /// - Returns: prices that differ, for people. A Hub that does not answer is no reason to stop.
  func lookAtPrices(_ fleet: Fleet, now: Instant) async throws -> [String] {
    if let last = try history.lastLookAtPrices(), now - last < 86_400 { return [] }
    let answer = await Result { () async throws(HubError) in try await hub.hardwareOffers() }
    guard case .success(let offers) = answer else { return [] }
    let seen = offers.compactMap { offer in
      offer.unitCostMicroUSD.map {
        PriceSeen(hardware: offer.hardware, microDollars: $0, unit: offer.unit ?? "minute")
      }
    }
    try history.record(seen, at: now)
    let inUse = Set(fleet.seen.values.compactMap(\.runtime.currentElseRequestedHardware))
    return seen.filter { inUse.contains($0.hardware) && $0.unit == "minute" }.compactMap { price in
      guard let perHour = prices.hourlyPrice(of: price.hardware, at: now), !price.agrees(with: perHour) else {
        return nil
      }
      let listed = Money(nanoDollars: Int128(price.microDollars) * 1000)
      return
        "\(price.hardware) costs \(perHour.text(decimals: 2...9)) USD an hour in the table of prices, but the Hub lists \(listed.text(decimals: 2...9)) a minute: correct the table"
    }
  }
}

extension PriceSeen {
  /// The Hub's price a minute is rounded to a micro-dollar, so it may be off by half of one.
  fileprivate func agrees(with perHour: Money) -> Bool {
    (Int128(microDollars) * 1000 * 60 - perHour.nanoDollars).magnitude <= 500 * 60
  }
}
