public import Spaces

/// The paths of the Hub's API, below the endpoint.
public enum HubPath {
  public static let spaces = "/api/spaces"
  public static let hardwareOffers = "/api/spaces/hardware"
  public static let whoami = "/api/whoami-v2"
  /// Of the user whose token it is.
  public static let billingUsage = "/api/settings/billing/usage-v2"

  public static func billingUsage(ofOrganization name: String) -> String {
    "/api/organizations/\(name)/billing/usage-v2"
  }

  public static func space(_ id: SpaceID) -> String { "\(spaces)/\(id)" }
  public static func runtime(_ id: SpaceID) -> String { space(id) + "/runtime" }
  public static func hardware(_ id: SpaceID) -> String { space(id) + "/hardware" }
  public static func sleepTime(_ id: SpaceID) -> String { space(id) + "/sleeptime" }
  public static func pause(_ id: SpaceID) -> String { space(id) + "/pause" }
  public static func restart(_ id: SpaceID) -> String { space(id) + "/restart" }
  public static func replicas(_ id: SpaceID) -> String { space(id) + "/replicas" }
  public static func variables(_ id: SpaceID) -> String { space(id) + "/variables" }
  public static func runLog(_ id: SpaceID) -> String { space(id) + "/logs/run" }
  public static func metrics(_ id: SpaceID) -> String { space(id) + "/metrics" }

  /// The Space that a path is about; nil for any other path.
  public static func space(in path: String) -> SpaceID? {
    let parts = path.split(separator: "/")
    guard parts.count >= 4, parts[0] == "api", parts[1] == "spaces" else { return nil }
    return try? SpaceID("\(parts[2])/\(parts[3])")
  }
}

/// The names of the header fields that the Hub and its clients use beside the usual ones.
public enum HubHeader {
  public static let errorCode = "X-Error-Code"
  public static let errorMessage = "X-Error-Message"
  public static let rateLimit = "RateLimit"
  public static let rateLimitPolicy = "RateLimit-Policy"
  public static let requestID = "X-Request-Id"
  public static let traceID = "X-Amzn-Trace-Id"
  public static let cloudFrontID = "X-Amz-Cf-Id"
  public static let warning = "X-HF-Warning"

  /// What ``errorMessage`` says with a 401 where the token itself is bad.
  public static let invalidCredentials = "Invalid credentials in Authorization header"
  /// What the Hub says with a 403 of a Space that it disabled.
  public static let disabled = "Access to this resource is disabled."
}
