public import Spaces
public import Timelines

/// What the simulated Hub charges, and what it offers.
public struct HubPrices: Sendable {
  /// One line of `GET /api/spaces/hardware`.
  public struct Offer: Sendable {
    public var hardware: SpaceHardware
    public var label: String
    public var cpu: Int
    public var memoryGB: Int
    public var diskGB: Int?
    /// The accelerator: its name, how many, and their memory; nil for none.
    public var accelerator: (model: String, count: Int, memoryGB: Int)?

    public init(
      hardware: SpaceHardware, label: String, cpu: Int, memoryGB: Int, diskGB: Int? = nil,
      accelerator: (model: String, count: Int, memoryGB: Int)? = nil
    ) {
      self.hardware = hardware
      self.label = label
      self.cpu = cpu
      self.memoryGB = memoryGB
      self.diskGB = diskGB
      self.accelerator = accelerator
    }
  }

  /// What can be had at an instant.
  public var offers: @Sendable (Instant) -> [Offer]
  /// Nano-dollars an hour in force at an instant; nil without a price.
  public var perHour: @Sendable (SpaceHardware, Instant) -> Int64?
  /// Whether a stage is billed at an instant.
  public var isBillable: @Sendable (SpaceStage, Instant) -> Bool

  public init(
    offers: @escaping @Sendable (Instant) -> [Offer],
    perHour: @escaping @Sendable (SpaceHardware, Instant) -> Int64?,
    isBillable: @escaping @Sendable (SpaceStage, Instant) -> Bool
  ) {
    self.offers = offers
    self.perHour = perHour
    self.isBillable = isBillable
  }

  /// No prices: every cost is null. Starting and running are billable.
  public static let none = HubPrices(
    offers: { _ in [] }, perHour: { _, _ in nil },
    isBillable: { stage, _ in stage.isRunning || stage == .appStarting })
}
