import Foundation
import LocatedYAML
import Spaces
import Timelines

extension Policy {
  /// As an element of a rule file's `policies`, its zone where rules need it: what a proposal has, so no idle rule,
  /// exceptions, budget or grant, and of a rule its name, expression and settings.
  ///
  /// - Parameter namesZone: also where no rules need it.
  public func yaml(namesZone: Bool = false) -> String {
    lines(indent: 2, namesZone: namesZone).map { $0 + "\n" }.joined()
  }

  /// Whether it says more than what its Spaces should be: a policy of their own would lack that.
  public var saysMore: Bool {
    isProtected || isGranted || budget != nil || !exceptions.isEmpty || labels != Labels()
      || drift != .untilNextBoundary || pausesWhereRefused || readsVariables || priority != 0
  }

  /// - Parameters:
  ///   - indent: of the dash.
  ///   - namesZone: also where no rules need it.
  func lines(indent: Int, namesZone: Bool = false) -> [String] {
    var members = [
      "name: \(name.quotedForYAML)", "spaces: [\(patterns.map { Self.text($0) }.joined(separator: ", "))]",
    ]
    if namesZone || !rules.isEmpty { members.append("zone: \(zone.ianaName)") }
    if !labels.ofPolicy.isEmpty {
      let pairs = labels.ofPolicy.sorted { $0.key < $1.key }
        .map { "\($0.key.quotedForYAML): \($0.value.quotedForYAML)" }
      members.append("labels: { \(pairs.joined(separator: ", ")) }")
    }
    if drift != .untilNextBoundary { members.append("drift: \(drift.rawValue)") }
    if pausesWhereRefused { members.append("otherwise: pause") }
    if readsVariables { members.append("variables: true") }
    if priority != 0 { members.append("priority: \(priority)") }
    members += [defaultLine] + ruleLines
    let margin = String(repeating: " ", count: indent)
    return members.enumerated().map { margin + ($0.offset == 0 ? "- " : "  ") + $0.element }
  }

  /// A pattern's `*` would be an alias without quotes.
  private static func text(_ pattern: SpacePattern) -> String {
    pattern.isExact ? "\(pattern)" : "\"\(pattern)\""
  }

  var defaultLine: String { "default: { \(`default`) }" }

  /// `rules:` and a line each; nothing where there are none.
  var ruleLines: [String] {
    rules.isEmpty
      ? []
      : ["rules:"]
        + rules.map { rule in
          let name = rule.name.map { "name: \($0.quotedForYAML), " } ?? ""
          return "  - { \(name)cron: \"\(rule.cron)\", set: { \(rule.set.isEmpty ? "" : "\(rule.set) ")} }"
        }
  }
}
