import Money
package import Pricing
package import Schedules
package import Spaces
package import Timelines

extension Settings {
  /// What a Space is billed for that is up under these settings. Nil where they pause it, or nothing says what it runs
  /// on.
  ///
  /// - Parameter live: what it has now, for what the settings do not name; without it there is one copy.
  package func billed(now live: Billed? = nil) -> Billed? {
    guard state != .paused, let hardware = hardware ?? live?.hardware else { return nil }
    let copies = hardware == .cpuBasic ? 1 : replicas ?? live?.replicas ?? 1
    return Billed(hardware: hardware, replicas: copies)
  }
}

extension PriceTable {
  /// Whether other hardware is dearer.
  func direction(
    from before: SpaceHardware?, to after: SpaceHardware?, at instant: Instant
  ) -> Change.Direction {
    func price(_ hardware: SpaceHardware?) -> Money? {
      hardware.flatMap { hourlyPrice(of: $0, at: instant) }
    }
    return Change.Direction(from: price(before), to: price(after))
  }
}

extension IdleRule {
  /// What the rule sets, but for what makes a Space dearer: to that it has no right.
  ///
  /// - Parameters:
  ///   - hardware: what the Space was last asked to run on.
  ///   - replicas: its copies.
  package func downgrades(
    from hardware: SpaceHardware?, replicas: Int, at instant: Instant, prices: PriceTable
  ) -> Settings {
    var set = set
    if prices.direction(from: hardware, to: set.hardware, at: instant) == .up { set.hardware = nil }
    if let asked = set.replicas, asked > replicas { set.replicas = nil }
    if set.state == .running { set.state = nil }
    return set
  }
}
