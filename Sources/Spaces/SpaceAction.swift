public import Timelines

/// A change that spaceplan asked the Hub for, as its journal has it.
public struct SpaceAction: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case hardware, sleep, pause, restart, replicas
  }

  /// What became of it.
  public enum Outcome: String, Sendable, CaseIterable {
    case done
    /// The Hub said no.
    case refused
    /// The Hub had trouble, and reading back showed that nothing came of it.
    case failed
    /// It never left, or was cut off before it had any effect.
    case notSent = "not-sent"
    /// Nobody could find out.
    case unknown

    /// Whether the Hub may have acted on it: such actions narrow what is not known of a Space's history.
    public var mayHaveHappened: Bool { self == .done || self == .unknown }
  }

  /// What made it, so that a later run knows what asked for it.
  public enum Cause: String, Sendable {
    /// The rules, the default, or drift put back.
    case rules
    case idle
    case exception
    /// Given up for a budget.
    case budget
    /// Set by a person for a time.
    case hold
    /// Back to what it was before an exception or a hold, as nothing names the setting any more.
    case endOfOverride = "end-of-override"
    /// A pause, as the Hub refused a downgrade.
    case refusedDowngrade = "refused-downgrade"
    /// A restart, as nothing asked for a pause of ours any more.
    case endOfPause = "end-of-pause"
  }

  /// Whether the Hub may have acted on it, once its outcome is known.
  public var mayHaveHappened: Bool { outcome?.mayHaveHappened ?? false }

  /// Whether it may have changed the Space: what is still open may have happened.
  public var countsAsSent: Bool { outcome?.mayHaveHappened ?? true }

  /// Whether a Space starts by it, if it happened.
  public var startsIt: Bool { kind == .hardware || kind == .restart }

  /// Whether the Hub did it, as far as is known, or said no.
  public var wasAnswered: Bool { countsAsSent || outcome == .refused }

  /// Whether it tells what the Hub grants: it granted or refused just this.
  public var tellsWhatIsGranted: Bool { wasAnswered && !wasRefusedAnyway }

  public var space: SpaceID
  /// The second at which it was sent.
  public var at: Instant
  /// When the run began that asked for it: it knew of no later boundary. For imported actions when they were sent.
  public var decidedAt: Instant
  public var kind: Kind
  /// What held before, and what was asked for: hardware names, seconds of sleep time (−1 is never), stages
  /// or numbers of replicas. Empty where not known.
  public var from: String
  public var to: String
  /// Nil while it is under way, and after a crash until it is settled.
  public var outcome: Outcome?
  /// Why, for people: the rule and its boundary, or since when it was idle; and what the Hub said.
  public var reason: String
  /// Nil for imported actions.
  public var cause: Cause?
  /// The Hub would have refused anything else, too, as something else was under way, or for the token, a debt or the
  /// Space itself. False where that is not known, as for imported actions.
  public var wasRefusedAnyway: Bool

  /// - Parameter decidedAt: when the run began that asked for it; nil for the second at which it was sent.
  public init(
    space: SpaceID, at: Instant, decidedAt: Instant? = nil, kind: Kind, from: String, to: String,
    outcome: Outcome?, reason: String, cause: Cause? = nil, wasRefusedAnyway: Bool = false
  ) {
    self.space = space
    self.at = at
    self.decidedAt = decidedAt ?? at
    self.kind = kind
    self.from = from
    self.to = to
    self.outcome = outcome
    self.reason = reason
    self.cause = cause
    self.wasRefusedAnyway = wasRefusedAnyway
  }
}

// MARK: Not the first choice

extension SpaceAction {
  /// How a reason says that the hardware is not the first of a list: `choice 2 of 3: a10g-small was refused`.
  public static func choice(_ number: Int, of count: Int, because reasons: [String]) -> String {
    "choice \(number) of \(count): \(reasons.joined(separator: ", "))"
  }

  /// That part of its reason; nil where it has none.
  public var choice: String? {
    reason.firstMatch(of: #/choice \d+ of \d+: [^()]+/#).map { String($0.output) }
  }
}
