import Schedules
import Spaces
import Timelines

/// What a Space should be now, all layers put together: each setting with why and what decided it.
struct Wanted {
  struct Decision<Value: Hashable & Sendable> {
    var value: Value
    var reason: String
    var cause: SpaceAction.Cause
  }

  private(set) var desired: Desired
  let policy: Policy
  /// Of several in order of preference, the one to ask for; nil where one alone is wanted.
  var choice: HardwareChoice?

  /// For people; the same for nearly all Spaces of a policy.
  private let ofDefault: String
  private let ofRule: String

  init(_ desired: Desired, policy: Policy) {
    self.desired = desired
    self.policy = policy
    ofDefault = "default of policy \(policy.name)"
    let clock = WallClock(policy.zone)
    ofRule =
      desired.boundary.map { boundary in
        "rule \(boundary.name) of \(clock.text(at: boundary.due))"
          + (boundary.due > boundary.instant ? ", early so that it is up by then" : "")
      } ?? ""
  }

  var hardware: Decision<SpaceHardware>? { hardware(after: 0) }

  /// Of several in order of preference, the one to ask for after so many were refused in this run.
  func hardware(after refused: Int) -> Decision<SpaceHardware>? {
    guard var wanted = setting(desired.hardware) else { return nil }
    if let choice {
      wanted.value = choice.hardware(after: refused)
      if let reason = choice.reason(after: refused) { wanted.reason += " (\(reason))" }
    }
    return wanted
  }

  var sleep: Decision<SleepTime>? { setting(desired.sleep) }
  var replicas: Decision<Int>? { setting(desired.replicas) }
  var state: Decision<DesiredState>? { setting(desired.state) }

  /// Puts a layer in its place: below what wins over it.
  mutating func add(_ source: Desired.Source, _ set: Settings) {
    desired.add(Desired.Layer(source, set))
  }

  private func setting<Value>(_ setting: Desired.Decision<Value>?) -> Decision<Value>? {
    setting.map { Decision(value: $0.value, reason: reason(of: $0.source), cause: cause(of: $0.source)) }
  }

  /// For people.
  func reason(of source: Desired.Source) -> String {
    switch source {
    case .before(let name, let since):
      "\(name) has ended: back to what it was before \(WallClock(policy.zone).text(at: since))"
    case .default: ofDefault
    case .rule: ofRule
    case .idle(let reason): reason
    case .override(let override):
      "\(override.title) until \(WallClock(policy.zone).text(at: override.range.upperBound))"
    }
  }

  private func cause(of source: Desired.Source) -> SpaceAction.Cause {
    switch source {
    case .before: .endOfOverride
    case .default, .rule: .rules
    case .idle: .idle
    case .override(let override):
      switch override.kind {
      case .exception: .exception
      case .budget: .budget
      case .hold: .hold
      }
    }
  }
}

extension Wanted: CustomStringConvertible {
  var description: String {
    var parts: [String] = []
    if let state, state.value == .paused { parts.append("paused") }
    if let hardware { parts.append("\(hardware.value)") }
    if let sleep, hardware?.value != .cpuBasic { parts.append("sleep \(sleep.value.ruleText)") }
    if let replicas, hardware?.value != .cpuBasic {
      parts.append("\(replicas.value) replica\(replicas.value == 1 ? "" : "s")")
    }
    if parts.isEmpty, state != nil { parts.append("not paused") }
    return parts.joined(separator: ", ")
  }

  /// Why, as its most telling setting has it.
  var why: String? {
    (state?.value == .paused ? state?.reason : nil) ?? hardware?.reason ?? sleep?.reason ?? replicas?.reason
      ?? state?.reason
  }
}
