public import Hub
public import Planning
public import Spaces

/// What became of one planned call.
public struct Outcome: Sendable {
  public let space: SpaceID
  public let change: Change
  public let outcome: SpaceAction.Outcome
  /// What the Hub said and what to do about it; nil where all went well.
  public let note: String?
  /// Nil where nothing was refused, or the refusal did not come from the Hub.
  public let error: HubError.Kind?
  /// It was refused, and the next in order of preference was asked for, or is what the Space has already.
  public internal(set) var isSuperseded = false

  init(
    space: SpaceID, change: Change, outcome: SpaceAction.Outcome, note: String?, error: HubError.Kind? = nil
  ) {
    self.space = space
    self.change = change
    self.outcome = outcome
    self.note = note
    self.error = error
  }

  /// The Hub would not have just this; another may be granted.
  var isRefusalOfThis: Bool { outcome == .refused && error?.ofChange == .refusesThis }

  /// The Hub would not have it on `cpu-basic`: an account may run only so many such Spaces at once.
  var isRefusedDowngrade: Bool {
    change.isDowngradeToBasic && [.refusesThis, .refusesOwner].contains(error?.ofChange)
  }
}

extension SpaceAction.Outcome {
  /// As the journal has it; nil where only reading back tells.
  public init?(_ change: FailedChange) {
    switch change {
    case .notSent: self = .notSent
    case .refusesThis, .refusesNow, .refusesSpace, .refusesOwner, .refusesToken: self = .refused
    case .unclear: return nil
    }
  }
}

extension Change {
  /// Such calls of one owner compete for the places of a quota.
  var isDowngradeToBasic: Bool {
    guard case .hardware(_, .cpuBasic, _) = call else { return false }
    return true
  }

  var isPause: Bool { if case .pause = call { true } else { false } }

  /// A rule ends a pause that is not ours once a boundary.
  private var isOnlyTry: Bool {
    isRestart && cause == .rules
  }

  /// The other way to stop the bill.
  func pauseInstead(of stage: SpaceStage) -> Change {
    var pause = self
    pause.call = .pause(from: stage)
    pause.reason = "its downgrade to cpu-basic was refused (otherwise: pause); \(reason)"
    pause.cause = .refusedDowngrade
    pause.rateAfter = .zero
    return pause
  }

  /// What the user can do about a refusal.
  func advice(_ error: HubError) -> String {
    switch error.kind {
    case .badRequest where isDowngradeToBasic && saving > .zero && !pausesWhereRefused,
      .forbidden where isDowngradeToBasic && saving > .zero && !pausesWhereRefused:
      "\(error.advice) If it is the account's quota of cpu-basic, pausing stops the bill too: `otherwise: pause` in the policy lets spaceplan do it."
    case .conflict where isOnlyTry: "It was the one try of this boundary: start it on the Hub."
    case .conflict where isRestart && cause == .hold: "Hold it again if it stays paused."
    case .conflict: "The next run tries again."
    default: error.advice
    }
  }
}
