public import Money
import Pricing
import Schedules
public import Spaces
import Timelines

/// One call that would change a Space.
public struct Change: Hashable, Sendable {
  public enum Call: Hashable, Sendable {
    /// Hardware, and in the same call the sleep time where that changes too.
    case hardware(from: SpaceHardware?, to: SpaceHardware, sleep: SleepTime?)
    case sleep(from: SleepTime, to: SleepTime)
    case replicas(from: Int, to: Int)
    case pause(from: SpaceStage)
    case restart(from: SpaceStage)
  }

  public var call: Call
  /// Why, for people: the rule and its boundary, or since when the Space was idle.
  public var reason: String
  public var cause: SpaceAction.Cause
  /// What decided the sleep time that goes with hardware, where that was something else.
  public var sleepCause: SpaceAction.Cause?
  public var direction: Direction
  /// What the Space costs an hour before this call and after it; nil where a price is not known.
  public var rateBefore: Money?
  public var rateAfter: Money?
  /// What is asked for instead, one after the other, where the Hub refuses this call.
  public var alternatives: [Change] = []
  /// Where all of these are refused, too, the Space has the next of the list already.
  public var keepsWhereRefused = false
  /// The policy pauses the Space where the Hub refuses this downgrade to `cpu-basic`.
  public var pausesWhereRefused = false

  /// The setting that it is made for.
  var setting: Setting {
    switch call {
    case .hardware: .hardware
    case .sleep: .sleep
    case .replicas: .replicas
    case .pause, .restart: .state
    }
  }

  public var isRestart: Bool { if case .restart = call { true } else { false } }

  var startsOrPauses: Bool {
    switch call {
    case .hardware, .pause, .restart: true
    case .sleep, .replicas: false
    }
  }

  /// What it saves an hour right now, 0 or more: nothing for a Space that is not billed.
  public var saving: Money {
    guard let rateBefore, let rateAfter, rateAfter < rateBefore else { return .zero }
    return rateBefore - rateAfter
  }

  /// It makes the Space dearer, or, where it sets a sleep time alone, keeps it up for longer.
  var mayCostMore: Bool {
    if case .sleep(let from, let to) = call { return to.length > from.length }
    return direction == .up
  }

  /// Towards dearer or cheaper hardware, by its price whether or not the Space is billed right now.
  public enum Direction: Hashable, Sendable {
    case down, level, up

    /// What has no price may cost anything: towards it is up, and away from it is only sure to be down where
    /// nothing is paid.
    init(from before: Money?, to after: Money?) {
      switch (before, after) {
      case (let before?, let after?): self = after > before ? .up : after < before ? .down : .level
      case (_?, nil): self = .up
      case (nil, let after?): self = after == .zero ? .down : .level
      case (nil, nil): self = .level
      }
    }
  }
}

extension Change.Call: CustomStringConvertible {
  /// For people: `a10g-small → cpu-basic`.
  public var description: String {
    switch self {
    case .hardware(let from, let to, let sleep):
      "\(from?.rawValue ?? "?") → \(to)" + (sleep.map { ", sleep \($0.ruleText)" } ?? "")
    case .sleep(let from, let to): "sleep \(from.ruleText) → \(to.ruleText)"
    case .replicas(let from, let to): "replicas \(from) → \(to)"
    case .pause: "pause"
    case .restart: "restart"
    }
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
