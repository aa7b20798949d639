public import Spaces

/// Whether a Space should be up (and then sleep and wake as visits come) or paused.
public enum DesiredState: String, CaseIterable, Codable, Sendable {
  case running
  case paused
}

/// What a `default`, a `set` or a person asks of a Space. What is nil is not asked for.
public struct Settings: Hashable, Sendable {
  public var hardware: SpaceHardware?
  public var sleep: SleepTime?
  public var state: DesiredState?
  /// Copies, 1 or more.
  public var replicas: Int?

  public init(
    hardware: SpaceHardware? = nil, sleep: SleepTime? = nil, state: DesiredState? = nil, replicas: Int? = nil
  ) {
    self.hardware = hardware
    self.sleep = sleep
    self.state = state
    self.replicas = replicas
  }

  public var isEmpty: Bool { self == Settings() }

  /// These settings, and what they lack from `other`.
  public func completed(by other: Settings) -> Settings {
    Settings(
      hardware: hardware ?? other.hardware, sleep: sleep ?? other.sleep, state: state ?? other.state,
      replicas: replicas ?? other.replicas)
  }
}

extension Settings: CustomStringConvertible {
  /// As in a rule file, such as `hardware: a10g-small, sleep: 30m`; `nothing` where empty.
  public var description: String {
    let parts = [
      hardware.map { "hardware: \($0)" }, sleep.map { "sleep: \($0.ruleText)" },
      state.map { "state: \($0.rawValue)" }, replicas.map { "replicas: \($0)" },
    ]
    return isEmpty ? "nothing" : parts.compactMap(\.self).joined(separator: ", ")
  }
}
