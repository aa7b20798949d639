import Schedules
public import Spaces
import Timelines

/// What a Space should be now, all layers put together: each setting with why and what decided it.
struct Wanted {
  struct Setting<Value: Hashable & Sendable> {
    var value: Value
    var reason: String
    var cause: SpaceAction.Cause
  }

  var hardware: Setting<SpaceHardware>?
  var sleep: Setting<SleepTime>?
  var replicas: Setting<Int>?
  var state: Setting<DesiredState>?

  /// The rules' layer.
  init(_ desired: Desired, policy: Policy) {
    let clock = WallClock(policy.zone)
    func setting<Value>(_ setting: Desired.Setting<Value>?) -> Setting<Value>? {
      guard let setting else { return nil }
      let reason =
        switch setting.source {
        case .default: "default of policy \(policy.name)"
        case .rule(let name, let since): "rule \(name) of \(clock.text(at: since))"
        }
      return Setting(value: setting.value, reason: reason, cause: .rules)
    }
    hardware = setting(desired.hardware)
    sleep = setting(desired.sleep)
    replicas = setting(desired.replicas)
    state = setting(desired.state)
  }

  /// The layer above the rules: what the idle rule sets.
  mutating func overlay(idle set: Settings, reason: String) {
    func setting<Value>(_ value: Value) -> Setting<Value> {
      Setting(value: value, reason: reason, cause: .idle)
    }
    hardware = set.hardware.map(setting) ?? hardware
    sleep = set.sleep.map(setting) ?? sleep
    replicas = set.replicas.map(setting) ?? replicas
    state = set.state.map(setting) ?? state
  }
}

/// What an idle rule has set and that still holds: until the Space's next boundary or change by hand.
struct IdleInForce {
  let set: Settings
  let since: Instant

  /// Nil where nothing that an idle rule did still holds. The midnight of a policy without rules is no end.
  init?(_ situation: Situation, policy: Policy, now: Instant) {
    guard let idle = policy.idle else { return nil }
    let boundary = policy.rules.isEmpty ? nil : policy.latestBoundary(atOrBefore: now)?.instant
    let made = situation.actionsForIdle.filter { $0.at >= boundary ?? .distantPast }
    guard let since = made.last?.at else { return nil }
    var set = situation.live(of: idle.set)
    // It judges again after its idle time at the earliest: what was made since then was made together.
    for action in made where action.at > since - idle.after {
      guard let setting = Setting(action.kind), situation.liveValue(of: setting) == action.settingValue else {
        return nil
      }
      switch setting {
      case .hardware: set.hardware = SpaceHardware(rawValue: action.to)
      case .sleep: set.sleep = Int(action.to).map { SleepTime(hubSeconds: $0) }
      case .replicas: set.replicas = Int(action.to)
      case .state: set.state = .paused
      }
    }
    (self.set, self.since) = (set, since)
  }
}

extension Situation {
  /// What of some settings is live.
  fileprivate func live(of set: Settings) -> Settings {
    Settings(
      hardware: set.hardware == hardware ? hardware : nil, sleep: set.sleep == live.sleep ? set.sleep : nil,
      state: live.stage == .paused && set.state == .paused ? .paused : nil,
      replicas: set.replicas == replicas ? replicas : nil)
  }

  /// What an idle rule made, and pauses where its downgrade was refused.
  fileprivate var actionsForIdle: [SpaceAction] {
    actions.indices.filter { index in
      let action = actions[index]
      guard action.outcome?.mayHaveHappened == true else { return false }
      let isInstead = action.cause == .refusedDowngrade
      return (isInstead ? actions[..<index].last { $0.kind == .hardware } : action)?.cause == .idle
    }.map { actions[$0] }
  }
}

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
}

extension SpaceAction {
  /// What it set, as ``Setting/value(in:requestedReplicas:)`` reads it back.
  public var settingValue: String { kind == .pause ? DesiredState.paused.rawValue : to }
}
