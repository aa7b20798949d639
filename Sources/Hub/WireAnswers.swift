public import JSON
public import Spaces

/// One entry of a list of Spaces.
public struct ListedSpace: Hashable, Sendable {
  public let id: SpaceID
  /// Nil where the Hub told none, or none that can be read.
  public let runtime: SpaceRuntime?

  public init(id: SpaceID, runtime: SpaceRuntime?) {
    (self.id, self.runtime) = (id, runtime)
  }

  /// Nil for anything without the name of a Space.
  init?(json: JSONValue) {
    guard let text = json["id"]?.string, let id = try? SpaceID(text) else { return nil }
    self.init(id: id, runtime: json["runtime"].flatMap { try? SpaceRuntime(json: $0) })
  }
}

/// Hardware that can be had now, and its price.
public struct HardwareOffer: Hashable, Sendable {
  public let hardware: SpaceHardware
  public let label: String?
  /// Millionths of a dollar for each ``unit``, as the Hub rounds them; nil where it tells no price.
  public let unitCostMicroUSD: Int64?
  /// `minute`, as far as is known.
  public let unit: String?
  /// Everything that the Hub said of it.
  public let raw: JSONValue

  /// Nil for anything without a name.
  public init?(json: JSONValue) {
    guard let name = json["name"]?.string, !name.isEmpty else { return nil }
    hardware = SpaceHardware(rawValue: name)
    label = json["prettyName"]?.string
    unitCostMicroUSD = json["unitCostMicroUSD"]?.integer
    unit = json["unitLabel"]?.string
    raw = json
  }
}

/// Whose token it is.
public struct HubAccount: Hashable, Sendable {
  public struct Organization: Hashable, Sendable {
    public let name: String
    /// `admin`, `write`, `contributor`, `read`, or a word from tomorrow.
    public let role: String?
    public let plan: String?
  }

  public let name: String
  public let isPro: Bool
  public let organizations: [Organization]
  /// What the token may do: `read`, `write`, `fineGrained`, or a word from tomorrow.
  public let tokenRole: String?
  public let raw: JSONValue

  /// Nil for anything without a name.
  public init?(json: JSONValue) {
    guard let name = json["name"]?.string, !name.isEmpty else { return nil }
    self.name = name
    isPro = json["isPro"] == .bool(true)
    organizations = (json["orgs"]?.array ?? []).compactMap { organization in
      organization["name"]?.string.map {
        Organization(name: $0, role: organization["roleInOrg"]?.string, plan: organization["plan"]?.string)
      }
    }
    tokenRole = json["auth"]?["accessToken"]?["role"]?.string
    raw = json
  }
}
