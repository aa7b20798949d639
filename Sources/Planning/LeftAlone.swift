package import Schedules
package import Spaces

extension Policy {
  /// Why it leaves a Space alone that costs its host nothing as it is, and would be missed; nil where it need not.
  ///
  /// - Parameters:
  ///   - hardware: what the Space was last asked to run on; nil where that is not known.
  ///   - match: why the policy is for it.
  func reasonToLeaveAlone(_ hardware: SpaceHardware?, _ match: Match) -> String? {
    if match.isExact { return nil }
    if hardware == .zeroA10G {
      return "ZeroGPU costs its host nothing; it is moved only where a policy gives its exact name"
    }
    if isGranted {
      return "a grant pays for it, and might be lost; it is moved only where a policy gives its exact name"
    }
    return nil
  }
}

extension Assignment {
  /// Why no run may change a Space of which no more is known than what it runs on, whatever the rules say; nil where
  /// one may, or no policy is for it.
  package func reasonToLeaveAlone(on hardware: SpaceHardware?) -> String? {
    switch self {
    case .unmanaged: nil
    case .conflict(let policies): Self.reason(ofConflict: policies)
    case .policy(let policy, let match):
      policy.isProtected ? "protected" : policy.reasonToLeaveAlone(hardware, match)
    }
  }

  static func reason(ofConflict policies: [Policy]) -> String {
    "policies \(policies.map(\.name).joined(separator: " and ")) both claim it; give its exact name to one of them"
  }

  /// The schedule of such a Space, for simulations; nil where no run may change it.
  package func schedule(
    on hardware: SpaceHardware?, startup: StartupTimes = StartupTimes()
  ) -> SpaceSchedule? {
    guard let policy, reasonToLeaveAlone(on: hardware) == nil else { return nil }
    return SpaceSchedule(policy, startup: policy.actsEarly ? startup : StartupTimes())
  }
}
