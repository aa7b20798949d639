/// A setting of a Space that rules may name, and that drifts by itself.
public enum Setting: String, Sendable, CaseIterable {
  case hardware, sleep, replicas
  /// Paused or not.
  case state
}

extension Settings {
  /// Whether these ask for a setting.
  public func names(_ setting: Setting) -> Bool {
    switch setting {
    case .hardware: preference != nil
    case .sleep: sleep != nil
    case .replicas: replicas != nil
    case .state: state != nil
    }
  }

  /// The settings that these ask for.
  public var named: [Setting] { Setting.allCases.filter(names) }

  /// A setting's value as rule files write it; nil where these do not name it.
  public func text(of setting: Setting) -> String? {
    switch setting {
    case .hardware: preference?.description
    case .sleep: sleep?.ruleText
    case .replicas: replicas.map { "\($0)" }
    case .state: state?.rawValue
    }
  }
}
