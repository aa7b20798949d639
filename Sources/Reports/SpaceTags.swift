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

  /// One of those who share a cost.
  public struct Share: Hashable, Sendable {
    public let name: String
    /// 1 or more; its part is this over the sum of all.
    public let weight: Int

    public init(name: String, weight: Int) {
      self.name = name
      self.weight = weight
    }
  }

  public init(
    policy: String? = nil, labels: [String: String] = [:], split: [Share] = [], isGranted: Bool = false
  ) {
    self.policy = policy
    self.labels = labels
    self.split = split
    self.isGranted = isGranted
  }
}
