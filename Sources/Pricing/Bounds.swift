/// An estimate between the least and the most that it can be.
public struct Bounds<Value> {
  public var low: Value
  public var estimate: Value
  public var high: Value

  public init(low: Value, estimate: Value, high: Value) {
    self.low = low
    self.estimate = estimate
    self.high = high
  }

  /// What is certain.
  public init(certain value: Value) {
    self.init(low: value, estimate: value, high: value)
  }

  public func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Bounds<Other> {
    Bounds<Other>(low: try transform(low), estimate: try transform(estimate), high: try transform(high))
  }
}

extension Bounds: Equatable where Value: Equatable {
  /// Nothing is left open.
  public var isCertain: Bool { low == estimate && estimate == high }
}

extension Bounds where Value: Comparable {
  /// Bounds as people are shown them. A scenario that cuts a run where another does not costs a started minute
  /// more, so that an estimate may lie a cent outside of its bounds: there it is the bound.
  public var shown: Bounds { Bounds(low: min(low, estimate), estimate: estimate, high: max(high, estimate)) }
}

extension Bounds: Hashable where Value: Hashable {}
extension Bounds: Sendable where Value: Sendable {}

extension Bounds: AdditiveArithmetic where Value: AdditiveArithmetic {
  public static var zero: Bounds { Bounds(certain: .zero) }

  public static func + (left: Bounds, right: Bounds) -> Bounds {
    Bounds(
      low: left.low + right.low, estimate: left.estimate + right.estimate, high: left.high + right.high)
  }

  public static func - (left: Bounds, right: Bounds) -> Bounds {
    Bounds(
      low: left.low - right.low, estimate: left.estimate - right.estimate, high: left.high - right.high)
  }
}
