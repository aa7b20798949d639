public import Money
public import Spaces
public import Timelines

/// A price as published: how much, from when, and how we know.
public struct DatedPrice: Hashable, Sendable, Dated {
  /// An hour for hardware, a month for storage; 0 to 1,000,000.
  public let amount: Money
  public let from: Instant
  /// When the offer was withdrawn. The price goes on for who still has it, until the next one.
  public let until: Instant?
  /// Where it was published.
  public let source: String?
  /// When we learned of it; nil if all along. Of several prices from one instant, the last learned holds.
  public let learned: Instant?
}

/// Which stages are billed, from when, and how we know.
public struct BillingRule: Hashable, Sendable, Dated {
  public let stages: Set<SpaceStage>
  public let from: Instant
  public let source: String?
  public let learned: Instant?
}

/// What the table says of a hardware. All but the name may be unknown.
public struct HardwareListing: Hashable, Sendable {
  public let hardware: SpaceHardware
  /// As the Hub shows it to people: `Nvidia T4 - small`.
  public var label: String?
  /// Virtual processors.
  public var cpu: Int?
  public var memoryGB: Int?
  /// What kind; nil where there is none.
  public var gpu: String?
  public var gpuCount: Int?
  /// Of all its GPUs together.
  public var vramGB: Int?
  public var diskGB: Int?
  /// As given: neither in order, nor without corrected ones.
  public var prices: [DatedPrice] = []
}

/// What the table says of a kind of persistent storage.
public struct StorageListing: Hashable, Sendable {
  public let storage: SpaceStorage
  /// As given: neither in order, nor without corrected ones.
  public var prices: [DatedPrice] = []
}
