public import LocatedYAML
public import Spaces

/// A user or an organisation whose Spaces are looked at, whether a policy is for them or not.
public struct Account: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Codable, Sendable {
    case user
    case organization
  }

  public var name: String
  public var kind: Kind

  public init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// All rule files of a folder together: which Space should be what, and when.
public struct Schedules: Sendable {
  /// In the order of the files and in each file's order.
  public internal(set) var policies: [Policy]
  public internal(set) var accounts: [Account]
  /// Those of owners and of all Spaces, in the same order; see ``budgets`` for every one.
  public internal(set) var sharedBudgets: [Budget] = []
  /// Who is told by a webhook, in the same order.
  public internal(set) var receivers: [Receiver] = []
  /// Every hardware that a default, a rule or an idle rule names, with its place, in the same order: whether
  /// it has a price is known to the pricing table.
  public internal(set) var namedHardware: [(hardware: SpaceHardware, place: Place)]
  /// Each hardware that an idle rule sets, with what the default and the rules of its policy name, in any
  /// order: where it is dearer than one of these is known to the pricing table.
  public internal(set) var idleHardware: [(hardware: SpaceHardware, others: [SpaceHardware], place: Place)]
  /// Names and patterns that two policies claim with equal right, among the errors of the files. They
  /// concern the Spaces that match them only, which are left alone; every other error makes the files unfit.
  public internal(set) var conflicts: [Diagnostic]
  var patternIndex = PatternIndex([])
  var places = Places()

  /// Where the files say what they could contradict elsewhere: in the order of policies and accounts.
  struct Places {
    var policyNames: [Place] = []
    var patterns: [[Place]] = []
    var accounts: [Place] = []
  }

  /// Rules for nothing.
  public init() {
    policies = []
    accounts = []
    namedHardware = []
    idleHardware = []
    conflicts = []
  }

  /// The JSON Schema of rule files (draft 2020-12), by which editors complete and check them. All that it
  /// refuses, ``read(_:calendar:)`` does, too.
  public static let jsonSchema = String(decoding: PackageResources.schedules_schema_json, as: UTF8.self)

  /// Of all policies, accounts and budgets, in order of code points, each once.
  public var owners: [String] {
    let names =
      policies.flatMap { $0.patterns.map(\.owner) } + accounts.map(\.name)
      + sharedBudgets.compactMap(\.scope.owner)
    return Set(names).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
  }

  /// Where an owner is first named: by an account, else by a policy's pattern; nil where it is not.
  public func place(ofOwner owner: String) -> Place? {
    zip(accounts, places.accounts).first { $0.0.name == owner }?.1
      ?? claims.first { $0.pattern.owner == owner }?.place
      ?? sharedBudgets.first { $0.scope.owner == owner }?.place
  }

  /// The Spaces that policies name exactly, in order, each once.
  public var exactNames: [SpaceID] {
    Set(policies.flatMap { $0.patterns.compactMap(\.exactName) }).sorted()
  }
}
