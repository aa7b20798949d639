import History
import Hub
import Planning
import Schedules
import Spaces
import Timelines

/// How a planned change is asked for, how its effect is recognised, and how the journal writes it.
extension Change {
  /// One row of the journal for each setting.
  func actions(on space: SpaceID, at: Instant, from live: SpaceState) -> [SpaceAction] {
    call.actions(on: space, at: at, reason: reason, from: live).map { action in
      var action = action
      action.cause = action.kind == .sleep ? sleepCause ?? cause : cause
      return action
    }
  }
}

extension Change.Call {
  func send(to hub: HubClient, _ space: SpaceID) async throws(HubError) -> SpaceRuntime {
    switch self {
    case .hardware(_, let to, let sleep): try await hub.setHardware(to, sleep: sleep, of: space)
    case .sleep(_, let to): try await hub.setSleepTime(to, of: space)
    case .replicas(_, let to): try await hub.setReplicas(to, of: space)
    case .pause: try await hub.pause(space)
    case .restart: try await hub.restart(space)
    }
  }

  /// A restart sets nothing, so a second one would be a second restart.
  var isRepeatable: Bool {
    if case .restart = self { false } else { true }
  }

  fileprivate func actions(
    on space: SpaceID, at: Instant, reason: String, from live: SpaceState
  ) -> [SpaceAction] {
    func action(_ kind: SpaceAction.Kind, _ from: String, _ to: String) -> SpaceAction {
      SpaceAction(
        space: space, at: at, kind: kind, from: from, to: to, outcome: nil, reason: reason)
    }
    switch self {
    case .hardware(let from, let to, let sleep):
      let sleepAction = sleep.map {
        action(.sleep, String(SleepTime(hubSeconds: live.sleepTime).hubSeconds), String($0.hubSeconds))
      }
      return [action(.hardware, from?.rawValue ?? "", to.rawValue)] + [sleepAction].compactMap(\.self)
    case .sleep(let from, let to): return [action(.sleep, String(from.hubSeconds), String(to.hubSeconds))]
    case .replicas(let from, let to): return [action(.replicas, String(from), String(to))]
    case .pause(let from): return [action(.pause, from.rawValue, SpaceStage.paused.rawValue)]
    case .restart(let from): return [action(.restart, from.rawValue, SpaceStage.running.rawValue)]
    }
  }
}

extension SpaceAction {
  /// What is applied once this is done.
  var applied: AppliedSetting {
    let setting = Setting(kind) ?? .state
    let value = kind == .restart ? DesiredState.running.rawValue : settingValue
    return AppliedSetting(space: space, setting: setting.rawValue, value: value, at: at)
  }

  /// Whether the Hub shows what was asked for; nil where it does not tell, as any key may be missing.
  func isDone(in runtime: SpaceRuntime) -> Bool? {
    switch kind {
    case .hardware:
      return runtime.requestedHardware.map { $0.rawValue == to }
        ?? (runtime.hardware?.rawValue == to ? true : nil)
    case .sleep:
      let isShown = Int(to).map { SleepTime(hubSeconds: $0) } == runtime.sleep
      return isShown || runtime.tellsSleepTime ? isShown : nil
    case .replicas:
      let isShown = String(runtime.requestedReplicas ?? runtime.replicas) == to
      return isShown || runtime.tellsReplicas ? isShown : nil
    case .pause: return runtime.stage == .paused
    case .restart: return runtime.stage != .paused
    }
  }
}
