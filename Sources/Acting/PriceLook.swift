import History
public import Hub
import Money
public import Pricing
public import Spaces
import Timelines

extension Runner {
  /// Whether the Hub lists hardware; true where it does not say what it has.
  public func isOffered(_ hardware: SpaceHardware) async -> Bool {
    let answer = await Result { () async throws(HubError) in try await hub.hardwareOffers(isPatient: false) }
    guard case .success(let offers) = answer, !offers.isEmpty else { return true }
    return offers.contains { $0.hardware == hardware }
  }

  /// Once a day: records what the Hub lists, and compares it with the table for hardware in use.
  ///
  /// - Returns: prices that differ and what that does to the month, for people. A Hub that does not answer is no
  ///   reason to stop.
  func lookAtPrices(_ fleet: Fleet, now: Instant) async throws -> [String] {
    if let last = try history.lastLookAtPrices(), now - last < 86_400 { return [] }
    let answer = await Result { () async throws(HubError) in try await hub.hardwareOffers(isPatient: false) }
    guard case .success(let offers) = answer else { return [] }
    let seen = offers.compactMap { offer in
      offer.unitCostMicroUSD.map {
        PriceSeen(hardware: offer.hardware, microDollars: $0, unit: offer.unit ?? "minute")
      }
    }
    try history.record(seen, at: now)
    let live = fleet.seen.values.map { SpaceState($0.runtime) }
    return prices.differences(from: offers.compactMap(ListedPrice.init), at: now).compactMap { difference in
      guard case .changed(let listed, let perHour) = difference,
        live.contains(where: { $0.currentElseRequestedHardware == listed.hardware })
      else { return nil }
      let billed = live.compactMap { prices.billed($0, at: now) }.filter { $0.hardware == listed.hardware }
        .reduce(0) { $0 + $1.replicas }
      return
        "\(listed.hardware) costs \(perHour.text(decimals: 2...9)) \(prices.currency) an hour in the table of prices, but the Hub lists \(listed.perHour.text(decimals: 2...9))\(effect(listed.perHour - perHour, copies: billed, now: now)): spaceplan prices update corrects the table"
    }
  }

  /// On what the month costs, if all that runs on it now goes on.
  private func effect(_ change: Money, copies: Int, now: Instant) -> String {
    let month = WallClock(.gmt).month(at: now)
    let sum = change.scaled(by: Int128(copies) * Int128(month.upperBound - now), over: 3600)
    guard copies > 0 else { return "" }
    let sign = sum < .zero ? "" : "+"
    return " (\(sign)\(sum.text(decimals: 2...2)) until the month ends, if all that runs on it goes on)"
  }
}

extension ListedPrice {
  /// Nil where no price of a minute is told.
  public init?(_ offer: HardwareOffer) {
    guard let price = offer.unitCostMicroUSD, offer.unit ?? "minute" == "minute" else { return nil }
    self.init(hardware: offer.hardware, label: offer.label, microDollarsPerMinute: price)
  }
}
