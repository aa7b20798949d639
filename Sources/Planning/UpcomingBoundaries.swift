public import Money
public import Pricing
public import Schedules
import Spaces
public import Timelines

/// A boundary to come: what it changes, and what that costs.
public struct UpcomingBoundary: Sendable {
  public let boundary: Boundary
  /// What should be just before it and from it on.
  public let before: Settings
  public let after: Settings
  /// Money an hour while the Space runs, just before it and from it on; nil where the hardware is not ours
  /// or has no price.
  public let rateBefore: Money?
  public let rateAfter: Money?

  /// Settings that differ. On `cpu-basic` nobody can choose a sleep time or copies.
  public var changes: [Setting] {
    Setting.allCases.filter { setting in
      if after.hardware == .cpuBasic, setting == .sleep || setting == .replicas { return false }
      return switch setting {
      case .hardware: before.preference != after.preference
      case .sleep: before.sleep != after.sleep
      case .replicas: before.replicas != after.replicas
      case .state: before.state != after.state
      }
    }
  }

  /// For people: `hardware a10g-small → cpu-basic, sleep 30m → 2h`; empty where nothing changes.
  public var changeText: String {
    changes.map { setting in
      "\(setting) \(before.text(of: setting) ?? "as it is") → \(after.text(of: setting) ?? "as it is")"
    }.joined(separator: ", ")
  }
}

/// The boundaries of one schedule that are to come, with what each changes.
public struct UpcomingBoundaries: Sendable {
  let schedule: SpaceSchedule
  let prices: PriceTable

  public init(schedule: SpaceSchedule, prices: PriceTable) {
    self.schedule = schedule
    self.prices = prices
  }

  /// In order of time; of those on one instant only the one that decides.
  public func all(in range: Range<Instant>) -> [UpcomingBoundary] {
    schedule.boundaries(in: range).map(upcoming)
  }

  /// The first that changes anything; nil where nothing changes within a year.
  public func first(after instant: Instant) -> UpcomingBoundary? {
    var cursor = instant
    while let boundary = schedule.nextBoundary(after: cursor), boundary.instant < instant + 366 * 86_400 {
      let next = upcoming(boundary)
      if !next.changes.isEmpty { return next }
      cursor = boundary.instant
    }
    return nil
  }

  private func upcoming(_ boundary: Boundary) -> UpcomingBoundary {
    let before = schedule.desired(at: boundary.instant - 1).settings
    let after = schedule.desired(at: boundary.instant).settings
    return UpcomingBoundary(
      boundary: boundary, before: before, after: after,
      rateBefore: rate(of: before, at: boundary.instant - 1), rateAfter: rate(of: after, at: boundary.instant)
    )
  }

  /// Money an hour while it runs.
  private func rate(of settings: Settings, at instant: Instant) -> Money? {
    if settings.state == .paused || schedule.policy.isGranted { return .zero }
    return settings.billed().flatMap { prices.rate(of: $0, at: instant) }
  }
}
