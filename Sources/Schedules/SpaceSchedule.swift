public import Timelines

/// What one Space should be through time: its policy's rules and exceptions, what was given up for budgets, and the
/// holds that people set.
///
/// Where a rule file becomes `desired(t)`: the default, the firing that decides, and the exceptions, downgrades and
/// holds of that instant, one above the other.
public struct SpaceSchedule: Sendable {
  public var policy: Policy
  /// In the order in which they were made: of two at once, the later wins.
  public var holds: [Override]
  /// Downgrades for budgets, which win over all but holds.
  public var givenUp: [Override] = []
  /// For rules that act early.
  public var startup: StartupTimes

  public init(_ policy: Policy, holds: [Override] = [], startup: StartupTimes = StartupTimes()) {
    self.policy = policy
    self.holds = holds
    self.startup = startup
  }

  /// No rules, for one that is paused and stays so.
  public static func stopped(in range: Range<Instant>) -> SpaceSchedule {
    SpaceSchedule(Policy(name: "", patterns: []), holds: [.pause(in: range)])
  }

  /// What the Space should be at an instant.
  public func desired(at instant: Instant) -> Desired {
    desired(policy.decidingFiring(at: instant, startup), overrides(in: instant..<instant + 1))
  }

  /// What it should be at every instant of a range. The work is proportional to the number of boundaries.
  public func desired(over range: Range<Instant>) -> Timeline<Desired> {
    Timeline(
      desired(at: range.lowerBound), over: range,
      changes: turns(in: range).lazy.map { ($0.instant, $0.desired) })
  }

  /// What an instant with boundaries makes of a Space.
  public struct Turn: Sendable {
    public let instant: Instant
    public let desired: Desired
    /// The settings of which it is a boundary, as in ``latestBoundary(of:atOrBefore:midnight:)``; a midnight is of none.
    public let bounds: [Setting]
  }

  /// Every instant of a range with boundaries, in order of time. O(number of rules) for each, as firings are not
  /// searched for but followed.
  public func turns(in range: Range<Instant>) -> [Turn] {
    var firings = Array(policy.firings(in: range, startup))[...]
    let overrides = overrides(in: range)
    let edges = Dictionary(grouping: edges(in: range)) { $0.instant }
    let ofRules = firings.map(\.instant)
    let instants = edges.isEmpty ? ofRules : Set(ofRules).union(edges.keys).sorted()
    var latest = policy.latestFirings(atOrBefore: range.lowerBound, startup)
    return instants.map { instant in
      var isOfRules = false
      if let firing = firings.first, firing.instant == instant {
        firings.removeFirst()
        latest.pass(firing)
        isOfRules = !policy.rules.isEmpty
      }
      let present = overrides.filter { $0.range.contains(instant) }
      let changing = edges[instant, default: []].compactMap(\.override)
      return Turn(
        instant: instant, desired: desired(latest.deciding(at: instant), present),
        bounds: Setting.allCases.filter { setting in
          isOfRules && !present.contains { $0.set.names(setting) }
            || changing.contains { $0.set.names(setting) }
        })
    }
  }

  private func desired(_ firing: Boundary?, _ overrides: [Override]) -> Desired {
    var desired = Desired(boundary: firing, default: policy.default)
    for override in overrides { desired.add(Desired.Layer(.override(override), override.set)) }
    return desired
  }

  /// Every boundary in a range, in order of time: of rules, exceptions and holds. Of the rules that meet on
  /// an instant, the one that decides.
  public func boundaries(in range: Range<Instant>) -> [Boundary] {
    let ofRules = policy.firings(in: range, startup).map(\.winner)
    guard hasOverrides else { return ofRules }
    return (ofRules + edges(in: range)).enumerated()
      .sorted { ($0.element.instant, $0.offset) < ($1.element.instant, $1.offset) }.map(\.element)
  }

  /// Whether there is any. Mostly there is none between two runs, which is found without looking for more.
  public func hasBoundary(in range: Range<Instant>) -> Bool {
    policy.firings(in: range, startup).first { _ in true } != nil || !edges(in: range).isEmpty
  }

  /// The exceptions, in the file's order, and then the downgrades for budgets and the holds that share an instant
  /// with a range.
  public func overrides(in range: Range<Instant>) -> [Override] {
    guard hasOverrides else { return [] }
    let clock = WallClock(policy.zone)
    return policy.exceptions.flatMap { $0.overrides(in: range, on: clock) }
      + (givenUp + holds).filter { $0.range.overlaps(range) }
  }

  private var hasOverrides: Bool { !(policy.exceptions.isEmpty && givenUp.isEmpty && holds.isEmpty) }

  /// Whether the Space has anything that its policy's others may not have.
  public var isSpecial: Bool { !(holds.isEmpty && givenUp.isEmpty && startup == StartupTimes()) }
}

// MARK: Boundaries of one setting

extension SpaceSchedule {
  /// The latest boundary of a setting: the start or end of an exception or hold that names it, or a firing
  /// that no such one covers. Nil where there was none yet.
  ///
  /// - Parameter midnight: whether those of a policy without rules count.
  public func latestBoundary(
    of setting: Setting, atOrBefore instant: Instant, midnight: Bool = true
  ) -> Boundary? {
    let ofRules =
      policy.rules.isEmpty && !midnight ? nil : policy.latestBoundary(atOrBefore: instant, startup)
    // One that covers the firing began after every firing that it does not cover.
    let edge = latestEdge(of: setting, atOrBefore: instant)
    guard let ofRules, !isCovered(setting, at: ofRules.instant) else { return edge }
    guard let edge, edge.instant > ofRules.instant else { return ofRules }
    return edge
  }

  /// The latest boundary of any of these settings, but for the midnights of a policy without rules.
  public func latestBoundary(ofAny settings: [Setting], atOrBefore instant: Instant) -> Instant? {
    settings.compactMap { latestBoundary(of: $0, atOrBefore: instant, midnight: false)?.instant }.max()
  }

  /// The next boundary of a setting strictly after an instant; nil where none will come.
  public func nextBoundary(of setting: Setting, after instant: Instant) -> Boundary? {
    let ofRules = policy.nextBoundary(after: instant, startup)
    // Where an exception covers the firing, its own start or end comes first.
    let edge = nextEdge(of: setting, after: instant)
    guard let ofRules, !isCovered(setting, at: ofRules.instant) else { return edge }
    guard let edge, edge.instant <= ofRules.instant else { return ofRules }
    return edge
  }

  /// The first of the next boundaries of all settings.
  public func nextBoundary(after instant: Instant) -> Boundary? {
    Setting.allCases.compactMap { nextBoundary(of: $0, after: instant) }.min { $0.instant < $1.instant }
  }

  private func isCovered(_ setting: Setting, at instant: Instant) -> Bool {
    overrides(in: instant..<instant + 1).contains { $0.set.names(setting) }
  }

  /// Exceptions recur after 8 years at the latest (a 29th of February) but for rare calendars, so a search of
  /// a year nearly always ends it.
  private static let horizons: [Int64] = [1, 9, 40].map { $0 * 366 * 86_400 }

  private func latestEdge(of setting: Setting, atOrBefore instant: Instant) -> Boundary? {
    guard hasOverrides else { return nil }
    for horizon in Self.horizons {
      let range = max(.distantPast, instant - horizon)..<instant + 1
      if let edge = edges(in: range, of: setting).last { return edge }
    }
    return nil
  }

  private func nextEdge(of setting: Setting, after instant: Instant) -> Boundary? {
    guard hasOverrides, instant < .distantFuture else { return nil }
    for horizon in Self.horizons {
      let range = instant + 1..<max(instant + 2, min(.distantFuture, instant + horizon))
      if let edge = edges(in: range, of: setting).first { return edge }
    }
    return nil
  }

  /// The starts and ends of exceptions and holds in a range, in order of time.
  private func edges(in range: Range<Instant>, of setting: Setting? = nil) -> [Boundary] {
    let clock = WallClock(policy.zone)
    // One that ends where the range begins shares no instant with it.
    return overrides(in: range.lowerBound - 1..<range.upperBound)
      .filter { override in setting.map(override.set.names) ?? true }
      .flatMap { override in
        [
          Boundary(
            instant: override.range.lowerBound, due: override.range.lowerBound,
            event: .overrideBegins(override), wallTime: clock.reading(at: override.range.lowerBound),
            name: "\(override.title)", set: override.set),
          Boundary(
            instant: override.range.upperBound, due: override.range.upperBound,
            event: .overrideEnds(override), wallTime: clock.reading(at: override.range.upperBound),
            name: "the end of \(override.title)", set: Settings()),
        ]
      }
      .filter { range.contains($0.instant) }
      .enumerated().sorted { ($0.element.instant, $0.offset) < ($1.element.instant, $1.offset) }
      .map(\.element)
  }
}
