public import Spaces

/// The body of `POST …/hardware`.
public struct HardwareRequest: Codable, Hashable, Sendable {
  public var flavor: SpaceHardware
  /// Seconds; −1 is never; nil leaves the sleep time to the Hub.
  public var sleepTimeSeconds: Int?

  public init(flavor: SpaceHardware, sleepTimeSeconds: Int?) {
    (self.flavor, self.sleepTimeSeconds) = (flavor, sleepTimeSeconds)
  }
}

/// The body of `POST …/sleeptime`.
public struct SleepTimeRequest: Codable, Hashable, Sendable {
  /// −1 is never.
  public var seconds: Int

  public init(seconds: Int) { self.seconds = seconds }
}

/// The body of `POST …/replicas`.
public struct ReplicasRequest: Codable, Hashable, Sendable {
  public var replicas: Int

  public init(replicas: Int) { self.replicas = replicas }
}

/// The body of `POST …/variables`, and without value and description that of `DELETE …/variables`.
public struct VariableRequest: Codable, Hashable, Sendable {
  public var key: String
  public var value: String?
  public var description: String?

  public init(key: String, value: String? = nil, description: String? = nil) {
    (self.key, self.value, self.description) = (key, value, description)
  }
}
