public import Spaces

/// Hardware in order of preference: the next is asked for where the Hub refuses one, or where the Space does
/// not come up on it in time.
public struct HardwarePreference: Hashable, Sendable {
  public let first: SpaceHardware
  /// What is asked for instead, the most wanted first; mostly empty.
  public let others: [SpaceHardware]
  /// Seconds from asking for one, in which the Space must be up on it; more than 0.
  public let within: Int64

  /// As long as people wait before they look what is wrong; a Hub that has capacity needs a few minutes.
  public static let usualWait: Int64 = 20 * 60

  public init(_ first: SpaceHardware, others: [SpaceHardware] = [], within: Int64 = usualWait) {
    self.first = first
    self.others = others
    self.within = within
  }

  /// All of them, the most wanted first.
  public var choices: [SpaceHardware] { [first] + others }
}

extension HardwarePreference: CustomStringConvertible {
  /// As in a rule file: `a10g-small`, or `[a10g-small, t4-medium]`.
  public var description: String {
    others.isEmpty ? first.rawValue : "[\(choices.map(\.rawValue).joined(separator: ", "))]"
  }
}
