import Schedules
import Spaces
import Timelines

/// On which hardware and in how many copies rules have a Space when, or pause it: what stays as it is where other sleep
/// times are tried.
public struct HardwareHours: Equatable, Sendable {
  private let `default`: Settings
  private let rules: [Rule]

  /// Nil where rules leave a Space on one hardware in as many copies, or say more than can be said in a default and
  /// rules of a line each.
  init?(of policy: Policy) {
    let always = Instant.distantPast..<Instant.distantFuture
    guard policy.idle == nil,
      policy.rules.allSatisfy({ $0.cycle == nil && $0.lead == nil && $0.validity == always })
    else { return nil }
    let settings = [policy.default] + policy.rules.map { $0.set.completed(by: policy.default) }
    guard
      Set(settings.map(\.preference)).count > 1 || Set(settings.map(\.state)).count > 1
        || Set(settings.map { $0.replicas ?? 1 }).count > 1
    else { return nil }
    (self.default, rules) = (policy.default, policy.rules)
  }

  /// How many rules it takes.
  var ruleCount: Int { rules.count }

  /// With one sleep time wherever there is any. On `cpu-basic`, and while it is paused, a sleep time stays that means
  /// nothing there: an exception may rest on it.
  func settings(sleep: SleepTime) -> (default: Settings, rules: [Rule]) {
    func asked(_ settings: Settings) -> Settings {
      var settings = settings
      let whole = settings.completed(by: self.default)
      if whole.hardware != .cpuBasic, whole.state != .paused { settings.sleep = sleep }
      return settings
    }
    let rules = rules.map { rule in
      var rule = rule
      rule.set = asked(rule.set)
      return rule
    }
    return (asked(self.default), rules)
  }
}
