import Money
public import Pricing
public import Schedules
import Spaces
public import Timelines

extension SpaceSchedule {
  /// What keeps a Space as cheap as it is where upgrades are refused: what is taken down once stays down, and what is
  /// paused stays paused. Holds win over it.
  ///
  /// - Parameters:
  ///   - live: what it is when it begins.
  ///   - name: of whoever refuses.
  public func refusingUpgrades(
    from live: Settings, in range: Range<Instant>, name: String, prices: PriceTable
  ) -> [Override] {
    var kept = live
    return desired(over: range).map(\.settings).segments.compactMap { segment in
      var refused = Settings()
      let wanted = segment.value
      if let hardware = wanted.hardware {
        if prices.direction(from: kept.hardware, to: hardware, at: segment.range.lowerBound) == .up {
          refused.hardware = kept.hardware
        } else {
          kept.hardware = hardware
        }
      }
      if let sleep = wanted.sleep, kept.hardware != .cpuBasic {
        if let before = kept.sleep, sleep.length > before.length {
          refused.sleep = before
        } else {
          kept.sleep = sleep
        }
      }
      if wanted.state == .paused {
        kept.state = .paused
      } else if kept.state == .paused {
        refused.state = .paused
      }
      if let replicas = wanted.replicas {
        if let before = kept.replicas, replicas > before {
          refused.replicas = before
        } else {
          kept.replicas = replicas
        }
      }
      return refused.isEmpty
        ? nil : Override(kind: .budget, name: name, range: segment.range, set: refused)
    }
  }
}
