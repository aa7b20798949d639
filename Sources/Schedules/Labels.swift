/// What reports know a policy's Spaces by, beside their names.
public struct Labels: Hashable, Sendable {
  /// Such as `team: research`, by key.
  public var ofPolicy: [String: String] = [:]
  /// Those of single Spaces or patterns, which win over the policy's key by key.
  public var ofSpaces: [SpacePattern: [String: String]] = [:]
  /// Who shares the cost of a Space that has no label of the key asked for; empty for nobody.
  public var split: [Share] = []

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

  public init() {}

  /// All labels of a Space that a pattern has brought here.
  public func labels(of pattern: SpacePattern) -> [String: String] {
    ofPolicy.merging(ofSpaces[pattern] ?? [:]) { $1 }
  }
}
