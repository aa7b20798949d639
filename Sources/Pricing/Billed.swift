public import Money
public import Spaces

/// What a Space is billed for at an instant: hardware, and how many copies of it.
public struct Billed: Hashable, Sendable {
  public let hardware: SpaceHardware
  /// 1 to 1,000,000. No Space has as many, and with the limit on prices no sum of ours can overflow.
  public let replicas: Int

  /// - Parameter replicas: at least 1; more than 1,000,000 count as that many.
  public init(hardware: SpaceHardware, replicas: Int = 1) {
    self.hardware = hardware
    self.replicas = min(max(replicas, 1), 1_000_000)
  }

  /// What a Space in this state would be billed for if its stage were billable: its hardware, current, else
  /// requested. Nil where there is nothing to bill: a static Space, one without replicas, one that is gone.
  public init?(ifBillable state: SpaceState) {
    guard state.stage != .gone, state.replicas > 0, let hardware = state.currentElseRequestedHardware else {
      return nil
    }
    self.init(hardware: hardware, replicas: state.replicas)
  }
}

/// Time that is billed, added up over replicas.
public struct BilledTime: Hashable, Sendable {
  /// A multiple of 60 where started minutes are billed.
  public let seconds: Int128

  public init(seconds: Int128) {
    self.seconds = seconds
  }

  /// Seconds / 60 in decimals, rounded half to even to nine, without zeros at the end: `90`, `1.016666667`.
  public var minutesText: String {
    let billionths = (seconds * 1_000_000_000).dividedHalfToEven(by: 60)
    return billionths.decimalText(places: 9, atLeast: 0)
  }

  /// What it costs, rounded half to even to a nano-dollar.
  public func cost(perHour: Money) -> Money {
    perHour.scaled(by: seconds, over: 3600)
  }
}

extension BilledTime: Comparable, AdditiveArithmetic {
  public static let zero = BilledTime(seconds: 0)

  public static func < (left: BilledTime, right: BilledTime) -> Bool { left.seconds < right.seconds }

  public static func + (left: BilledTime, right: BilledTime) -> BilledTime {
    BilledTime(seconds: left.seconds + right.seconds)
  }

  public static func - (left: BilledTime, right: BilledTime) -> BilledTime {
    BilledTime(seconds: left.seconds - right.seconds)
  }
}
