public import Spaces
import Timelines

/// Whether a Space should be up (and then sleep and wake as visits come) or paused.
public enum DesiredState: String, CaseIterable, Codable, Sendable {
  case running
  case paused
}

/// What a `default`, a `set` or a person asks of a Space. What is nil is not asked for.
public struct Settings: Hashable, Sendable {
  /// One hardware, or several in order of preference.
  public var preference: HardwarePreference?
  public var sleep: SleepTime?
  public var state: DesiredState?
  /// Copies, 1 or more.
  public var replicas: Int?

  public init(
    hardware: SpaceHardware? = nil, sleep: SleepTime? = nil, state: DesiredState? = nil, replicas: Int? = nil
  ) {
    self.preference = hardware.map { HardwarePreference($0) }
    self.sleep = sleep
    self.state = state
    self.replicas = replicas
  }

  /// The hardware that is wanted most. Setting it asks for that one alone.
  public var hardware: SpaceHardware? {
    // With `preference?.first` the optimizer of Swift 6.3.1 crashes ("Found outside of lifetime use").
    get { preference.map { $0.first } }
    set { preference = newValue.map { HardwarePreference($0) } }
  }

  public var isEmpty: Bool { self == Settings() }

  /// These settings, and what they lack from `other`.
  public func completed(by other: Settings) -> Settings {
    var settings = self
    settings.preference = preference ?? other.preference
    settings.sleep = sleep ?? other.sleep
    settings.state = state ?? other.state
    settings.replicas = replicas ?? other.replicas
    return settings
  }

  /// Of these settings this one, if they name it.
  public func only(_ setting: Setting) -> Settings {
    var settings = self
    for other in Setting.allCases where other != setting { settings.forget(other) }
    return settings
  }

  public mutating func forget(_ setting: Setting) {
    switch setting {
    case .hardware: preference = nil
    case .sleep: sleep = nil
    case .state: state = nil
    case .replicas: replicas = nil
    }
  }
}

extension Settings: CustomStringConvertible {
  /// As in a rule file, such as `hardware: a10g-small, sleep: 30m`; `nothing` where empty.
  public var description: String {
    var parts: [String] = []
    if let preference {
      parts.append("hardware: \(preference)")
      if !preference.others.isEmpty, preference.within != HardwarePreference.usualWait {
        parts.append("within: \(DurationText.text(preference.within))")
      }
    }
    if let sleep { parts.append("sleep: \(sleep.ruleText)") }
    if let state { parts.append("state: \(state.rawValue)") }
    if let replicas { parts.append("replicas: \(replicas)") }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }
}
