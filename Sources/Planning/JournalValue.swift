public import Schedules
public import Spaces

// How the journal writes what a setting is: a hardware's name, seconds with -1 for never, a number of copies, `running`
// or `paused`. What was done, what is live and what is wanted are compared so.

extension Setting {
  /// The setting that an action of this kind sets; a restart sets none.
  public init?(_ kind: SpaceAction.Kind) {
    switch kind {
    case .hardware: self = .hardware
    case .sleep: self = .sleep
    case .replicas: self = .replicas
    case .pause: self = .state
    case .restart: return nil
    }
  }

  /// What it is in a state; nil where that is not known.
  package func journalValue(in state: SpaceState, requestedReplicas: Int? = nil) -> String? {
    switch self {
    case .hardware: state.requestedElseCurrentHardware?.rawValue
    case .sleep: String(SleepTime(hubSeconds: state.sleepTime).hubSeconds)
    case .replicas: String(requestedReplicas ?? state.replicas)
    case .state: (state.stage == .paused ? DesiredState.paused : .running).rawValue
    }
  }
}

extension Settings {
  /// What these ask for; nil where they do not name the setting.
  func journalValue(of setting: Setting) -> String? {
    switch setting {
    case .hardware: hardware?.rawValue
    case .sleep: (sleep?.hubSeconds).map(String.init)
    case .replicas: replicas.map(String.init)
    case .state: state?.rawValue
    }
  }

  /// Asks for a value.
  package mutating func take(_ setting: Setting, journalValue value: String) {
    switch setting {
    case .hardware: hardware = SpaceHardware(rawValue: value)
    case .sleep: sleep = Int(value).map { SleepTime(hubSeconds: $0) }
    case .replicas: replicas = Int(value)
    case .state: state = DesiredState(rawValue: value)
    }
  }
}

extension SpaceAction {
  /// What it set.
  public var settingValue: String { kind == .pause ? DesiredState.paused.rawValue : to }
}
