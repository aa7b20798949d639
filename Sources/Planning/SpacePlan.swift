public import Money
import Pricing
public import Schedules
public import Spaces
import Timelines

/// What a run means to do about one Space, and why.
public struct SpacePlan: Sendable {
  public enum Verdict: Hashable, Sendable {
    /// It is what it should be.
    case asDesired
    /// Calls are needed; see ``SpacePlan/changes``.
    case change
    /// It is left as it is, for a reason that people should know.
    case leftAlone
    /// No policy is for it.
    case unmanaged
  }

  public let space: SpaceID
  /// The policy's name; nil if none is for it.
  public var policy: String?
  public let live: SpaceState
  /// What it should be, for people: `cpu-basic, sleep 30m`; empty where nothing is ours.
  public var shouldBe = ""
  public var verdict: Verdict = .asDesired
  /// Why: the rule and its boundary, idle since, or why it is left alone.
  public var why = ""
  /// In the order in which they must be sent.
  public var changes: [Change] = []
  /// What people should know besides.
  public var notes: [String] = []
  /// Something went wrong with it since the last run, as its notes tell: also who hears of nothing else wants to know.
  public var isInNewTrouble = false
  /// Settings that are as desired: to be remembered, as what differs later was changed by hand.
  public var found: [Setting: String] = [:]
  /// Those of ``found`` that no run has remembered yet.
  public var newlyFound: [Setting: String] = [:]
  /// What it costs an hour now; nil where its hardware has no price.
  public var rate: Money?
  /// How long the changes count, and what the Space would cost meanwhile without them; nil where there are none.
  var effect: Effect?

  struct Effect: Sendable {
    let range: Range<Instant>
    /// Nil where a price is not known.
    let costOtherwise: Money?
  }

  init(space: SpaceID, live: SpaceState) {
    self.space = space
    self.live = live
  }

  /// What it would cost an hour after the changes; nil where a price is not known.
  public var rateAfter: Money? { changes.isEmpty ? rate : changes.last?.rateAfter }

  /// What the changes add to this UTC month, if they hold until the Space's next boundary or the month's end; negative
  /// if they save. Nil where a price is not known.
  public var monthEffect: Money? { monthEffect(at: rateAfter) }

  /// The same where something else than the changes was done.
  /// - Parameter rate: what it costs an hour after that; nil where that is not known.
  public func monthEffect(at rate: Money?) -> Money? {
    guard let effect else { return .zero }
    guard let rate, let otherwise = effect.costOtherwise else { return nil }
    return rate.scaled(by: Int128(effect.range.seconds), over: 3600) - otherwise
  }

  /// Why the changes, each reason once.
  var reasons: String {
    changes.map(\.reason).enumerated().filter { index, reason in
      !changes[..<index].contains { $0.reason == reason }
    }.map(\.element).joined(separator: "; ")
  }

  mutating func leaveAlone(_ why: String) {
    verdict = .leftAlone
    self.why = why
  }
}
