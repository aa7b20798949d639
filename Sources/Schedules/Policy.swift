public import Foundation
public import LocatedYAML

/// What becomes of a Space that is billed and that nobody uses.
public struct IdleRule: Hashable, Sendable {
  /// Seconds without use, more than 0.
  public var after: Int64
  public var set: Settings

  public init(after: Int64, set: Settings) {
    self.after = after
    self.set = set
  }
}

/// What to do about a change by hand.
public enum DriftMode: String, CaseIterable, Sendable {
  /// It holds until the next boundary.
  case untilNextBoundary = "until-next-boundary"
  /// It is put back at once.
  case enforce
  /// It is only told.
  case report
}

/// Rules for a set of Spaces.
public struct Policy: Equatable, Sendable {
  public var name: String
  public var patterns: [SpacePattern]
  /// Holds before the first boundary, and where a rule's `set` lacks a key.
  public var `default`: Settings
  /// In the file's order; those of templates first.
  public var rules: [Rule]
  /// In the file's order: of two at once, the later wins.
  public var exceptions: [Exception]
  public var zone: TimeZone
  public var idle: IdleRule?
  public var drift: DriftMode
  /// Never touched.
  public var isProtected: Bool
  /// Paused where a downgrade to `cpu-basic` is refused (`otherwise: pause`).
  public var pausesWhereRefused: Bool
  /// Whether a Space's own variables steer it (`variables: true`).
  public var readsVariables: Bool
  /// What its Spaces may cost together; nil for no limit.
  public var budget: Budget?
  /// What is given up first for a budget: of two policies, the lower; 0 where none is given.
  public var priority = 0
  public var labels = Labels()
  /// A community grant pays for its Spaces' hardware (`granted: true`), which the Hub's API does not show.
  public var isGranted = false
  public var place: Place

  /// Whether how long Spaces take to start decides when a rule acts.
  public var actsEarly: Bool { rules.contains { $0.lead == .measured } }

  public init(
    name: String, patterns: [SpacePattern], default: Settings = Settings(), rules: [Rule] = [],
    exceptions: [Exception] = [], zone: TimeZone = .gmt, idle: IdleRule? = nil,
    drift: DriftMode = .untilNextBoundary,
    isProtected: Bool = false, pausesWhereRefused: Bool = false, readsVariables: Bool = false,
    budget: Budget? = nil, place: Place = .inNoFile
  ) {
    self.name = name
    self.patterns = patterns
    self.default = `default`
    self.rules = rules
    self.exceptions = exceptions
    self.zone = zone
    self.idle = idle
    self.drift = drift
    self.isProtected = isProtected
    self.pausesWhereRefused = pausesWhereRefused
    self.readsVariables = readsVariables
    self.budget = budget
    self.place = place
  }
}
