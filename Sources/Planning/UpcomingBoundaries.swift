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
  /// The settings of which it is the boundary; others on the same instant may be the boundary of the rest.
  let settings: [Setting]

  /// Those of its settings that differ. On `cpu-basic` nobody can choose a sleep time or copies.
  public var changes: [Setting] {
    settings.filter { setting in
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

  /// In order of time; of those on one instant only those that decide, each with what it decides.
  public func all(in range: Range<Instant>) -> [UpcomingBoundary] {
    let byInstant = Dictionary(grouping: schedule.boundaries(in: range), by: \.instant)
    return byInstant.sorted { $0.key < $1.key }.flatMap { instant, together in
      guard together.count > 1, let first = together.first else { return together.map { upcoming($0) } }
      let changes = upcoming(first).changes
      let sources = schedule.desired(at: instant)
      let deciding = Dictionary(grouping: changes) { setting in
        Self.deciding(setting, from: sources.source(of: setting), of: together)
      }
      guard !changes.isEmpty else { return [upcoming(first)] }
      return together.compactMap { boundary in deciding[boundary].map { upcoming(boundary, of: $0) } }
    }
  }

  /// Of several boundaries on one instant the one that makes a setting what it is from then on.
  ///
  /// - Parameter boundaries: not empty; the rules' first.
  private static func deciding(
    _ setting: Setting, from source: Desired.Source?, of boundaries: [Boundary]
  ) -> Boundary? {
    let edges = boundaries.filter { $0.override?.set.names(setting) ?? false }
    let begun = edges.last { boundary in
      if case .overrideBegins(let override) = boundary.event { source == .override(override) } else { false }
    }
    return begun ?? edges.last ?? boundaries.first
  }

  /// The first that changes anything; nil where nothing changes within a year.
  public func first(after instant: Instant) -> UpcomingBoundary? {
    var cursor = instant
    while let boundary = schedule.nextBoundary(after: cursor), boundary.instant < instant + 366 * 86_400 {
      let next = all(in: boundary.instant..<boundary.instant + 1).first { !$0.changes.isEmpty }
      if let next { return upcoming(next.boundary) }
      cursor = boundary.instant
    }
    return nil
  }

  private func upcoming(_ boundary: Boundary, of settings: [Setting] = Setting.allCases) -> UpcomingBoundary {
    let before = schedule.desired(at: boundary.instant - 1).settings
    let after = schedule.desired(at: boundary.instant).settings
    let rateAfter = rate(of: after, at: boundary.instant)
    // A sleep time by itself costs nothing.
    let costs = settings.contains { $0 != .sleep }
    return UpcomingBoundary(
      boundary: boundary, before: before, after: after,
      rateBefore: costs ? rate(of: before, at: boundary.instant - 1) : rateAfter, rateAfter: rateAfter,
      settings: settings)
  }

  /// Money an hour while it runs.
  private func rate(of settings: Settings, at instant: Instant) -> Money? {
    if settings.state == .paused || schedule.policy.isGranted { return .zero }
    return settings.billed().flatMap { prices.rate(of: $0, at: instant) }
  }
}
