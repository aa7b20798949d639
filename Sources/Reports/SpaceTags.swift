public import Schedules

/// What a report knows of a Space beside its history, from the rule files.
public struct SpaceTags: Hashable, Sendable {
  /// The name of the policy that is for it now; nil where none is.
  public var policy: String?
  /// Such as `team: research`.
  public var labels: [String: String]
  /// Who shares its cost where it has no label of the key asked for; empty for nobody.
  public var split: [Share]
  /// A community grant pays for its hardware.
  public var isGranted: Bool

  public typealias Share = Labels.Share

  public init(
    policy: String? = nil, labels: [String: String] = [:], split: [Share] = [], isGranted: Bool = false
  ) {
    self.policy = policy
    self.labels = labels
    self.split = split
    self.isGranted = isGranted
  }
}
