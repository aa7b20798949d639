public import Money
public import Spaces
public import Timelines

/// What hardware and storage cost, and when a Space is billed: everything about prices that is data, with dates.
///
/// Read from files with ``read(_:)``, or the one that comes with the program (``builtIn``).
public struct PriceTable: Equatable, Sendable {
  /// How billed time becomes minutes.
  public enum Rounding: String, CaseIterable, Sendable {
    /// A minute counts when it has started.
    case up
    /// Seconds / 60.
    case exact
  }

  /// The currency of all prices, a label such as `USD`.
  public let currency: String
  public let rounding: Rounding
  /// In order of time, as given.
  public let billingRules: [BillingRule]
  /// In the files' order.
  public let hardware: [HardwareListing]
  /// In the files' order.
  public let storage: [StorageListing]

  private let hardwareIndex: [SpaceHardware: Int]
  private let hourlyPrices: [SpaceHardware: Timeline<Money?>]
  private let monthlyPrices: [SpaceStorage: Timeline<Money?>]
  /// The stages that are billed; none before the first rule.
  public let billableStages: Timeline<Set<SpaceStage>>
  /// Stretches in which no price and no rule changes; the value is the start of each.
  let epochs: Timeline<Instant>

  init(
    currency: String, rounding: Rounding, billingRules: [BillingRule], hardware: [HardwareListing],
    storage: [StorageListing]
  ) {
    self.currency = currency
    self.rounding = rounding
    self.billingRules = billingRules.sorted { $0.from < $1.from }
    self.hardware = hardware
    self.storage = storage
    hardwareIndex = Dictionary(hardware.enumerated().map { ($1.hardware, $0) }) { first, _ in first }
    hourlyPrices = Dictionary(hardware.map { ($0.hardware, timeline(of: $0.prices)) }) { first, _ in first }
    monthlyPrices = Dictionary(storage.map { ($0.storage, timeline(of: $0.prices)) }) { first, _ in first }
    billableStages = Timeline(
      [], over: allTime, changes: inForce(billingRules).map { ($0.from, $0.stages) })
    let changes =
      hardware.flatMap { $0.prices.map(\.from) } + storage.flatMap { $0.prices.map(\.from) }
      + billingRules.map(\.from)
    epochs = Timeline(.distantPast, over: allTime, changes: changes.sorted().map { ($0, $0) })
  }

  /// The prices and billing rules of an instant, as if they had been in force all along and would never change: for
  /// simulations, whose visits may be older than the prices.
  public func frozen(at instant: Instant) -> PriceTable {
    func always(_ prices: [DatedPrice]) -> [DatedPrice] {
      inForce(prices).last { $0.from <= instant }.map { price in
        [DatedPrice(amount: price.amount, from: .distantPast, until: nil, source: price.source, learned: nil)]
      } ?? []
    }
    return PriceTable(
      currency: currency, rounding: rounding,
      billingRules: [
        BillingRule(
          stages: billableStages.value(at: instant) ?? [], from: .distantPast, source: nil, learned: nil)
      ],
      hardware: hardware.map { listing in
        var listing = listing
        listing.prices = always(listing.prices)
        return listing
      },
      storage: storage.map { StorageListing(storage: $0.storage, prices: always($0.prices)) })
  }

  /// Whether a price or a billing rule changes in a range.
  public func changes(in range: Range<Instant>) -> Bool { epochs.clipped(to: range).segments.count > 1 }

  // MARK: Prices

  /// The price of one copy, an hour, or nil where none is known: before the first, and for unknown hardware.
  public func hourlyPrice(of hardware: SpaceHardware, at instant: Instant) -> Money? {
    hourlyPrices[hardware]?.value(at: instant) ?? nil
  }

  /// The price in force, with where it comes from.
  public func price(of hardware: SpaceHardware, at instant: Instant) -> DatedPrice? {
    listing(of: hardware).flatMap { inForce($0.prices).last { $0.from <= instant } }
  }

  /// The price of one copy, an hour, at every instant.
  public func hourlyPrices(of hardware: SpaceHardware) -> Timeline<Money?> {
    hourlyPrices[hardware] ?? Timeline(nil, over: allTime)
  }

  /// The price a month at every instant; nil where none is known.
  public func monthlyPrices(of storage: SpaceStorage) -> Timeline<Money?> {
    monthlyPrices[storage] ?? Timeline(nil, over: allTime)
  }

  /// Costs nothing, and is known to.
  public func isFree(_ hardware: SpaceHardware, at instant: Instant) -> Bool {
    hourlyPrice(of: hardware, at: instant) == .zero
  }

  /// No longer offered: the last price goes on for who still runs on it.
  public func isWithdrawn(_ hardware: SpaceHardware, at instant: Instant) -> Bool {
    guard let until = price(of: hardware, at: instant)?.until else { return false }
    return until <= instant
  }

  // MARK: Hardware

  /// What the table says of a hardware; nil if nothing.
  public func listing(of hardware: SpaceHardware) -> HardwareListing? {
    hardwareIndex[hardware].map { self.hardware[$0] }
  }

  /// How people call a hardware: its label, else its name.
  public func label(of hardware: SpaceHardware) -> String {
    listing(of: hardware)?.label ?? hardware.rawValue
  }

  // MARK: Billing

  /// Whether time in this stage is billed.
  public func isBillable(_ stage: SpaceStage, at instant: Instant) -> Bool {
    billableStages.value(at: instant)?.contains(stage) ?? false
  }

  /// What a Space in this state is billed for; nil if nothing.
  public func billed(_ state: SpaceState, at instant: Instant) -> Billed? {
    isBillable(state.stage, at: instant) ? Billed(ifBillable: state) : nil
  }

  /// Money an hour for a Space in this state: nothing if it is not billed, nil if it is billed for hardware
  /// without a price.
  public func rate(of state: SpaceState, at instant: Instant) -> Money? {
    rate(of: billed(state, at: instant), at: instant)
  }

  /// Money an hour for a Space in this state if its stage were billable; nil for hardware without a price.
  public func potential(of state: SpaceState, at instant: Instant) -> Money? {
    rate(of: Billed(ifBillable: state), at: instant)
  }

  /// Money an hour: nothing for nil, nil for hardware without a price.
  public func rate(of billed: Billed?, at instant: Instant) -> Money? {
    guard let billed else { return .zero }
    return hourlyPrice(of: billed.hardware, at: instant)?.scaled(by: Int128(billed.replicas), over: 1)
  }

  /// What it costs to be billed for this throughout a range, to the second, at each price that is in force in it. Time
  /// without a price counts as nothing.
  public func cost(of billed: Billed?, in range: Range<Instant>) -> Money {
    guard let billed else { return .zero }
    return hourlyPrices(of: billed.hardware).clipped(to: range).integrate(into: .zero) { total, segment in
      guard let perHour = segment.value else { return }
      total += perHour.scaled(by: Int128(segment.range.seconds) * Int128(billed.replicas), over: 3600)
    }
  }
}

private let allTime = Instant.distantPast..<Instant.distantFuture

/// From when on something holds, as given in a file.
protocol Dated {
  var from: Instant { get }
  var learned: Instant? { get }
}

/// In order of time, with only the last learned of several for one instant. What does not say when it was
/// learned counts as known all along.
private func inForce<Entry: Dated>(_ entries: [Entry]) -> [Entry] {
  let byTime = entries.sorted {
    ($0.from, $0.learned ?? .distantPast) < ($1.from, $1.learned ?? .distantPast)
  }
  return byTime.indices.filter { $0 + 1 == byTime.count || byTime[$0 + 1].from > byTime[$0].from }
    .map { byTime[$0] }
}

private func timeline(of prices: [DatedPrice]) -> Timeline<Money?> {
  Timeline(nil, over: allTime, changes: inForce(prices).map { ($0.from, $0.amount) })
}
