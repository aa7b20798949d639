public import Foundation
import Schedules
import Spaces
import Spelling
public import Timelines

/// What a Space's own variables ask of spaceplan, where its policy says `variables: true`. Bad values are told
/// and ignored, never guessed.
public struct SpaceOrders: Hashable, Sendable {
  /// `SPACEPLAN_POLICY`: the policy that is for it, by name.
  public var policy: String?
  /// `SPACEPLAN_HOLD_UNTIL`: until then no rule or idle change is made.
  public var holdUntil: Instant?
  /// When the hold was asked for, as far as the Hub tells.
  public var holdSince: Instant?
  /// `SPACEPLAN_EXCLUDE`.
  public var isExcluded = false
  /// Why its variables could not be read: it is left alone, as they might say so.
  public var unreadable: String?
  public var problems: [String] = []

  /// A variable's value, and when it was last changed.
  public typealias Value = (text: String, updatedAt: Instant?)

  private static let prefix = "SPACEPLAN_"
  /// What may come after that.
  private static let names = ["POLICY", "HOLD_UNTIL", "EXCLUDE"]

  public init() {}

  /// - Parameter zone: of the policy that they name, or that is for the Space where they name none: for an instant
  ///   without one.
  public init(_ variables: [String: Value], zone: (_ policy: String?) -> TimeZone) {
    func given(_ key: String) -> String? {
      variables[key].map { $0.text.trimmingCharacters(in: .whitespacesAndNewlines) }.flatMap {
        $0.isEmpty ? nil : $0
      }
    }
    // Others may be for a spaceplan that runs in the Space.
    for variable in variables.keys.sorted() where variable.uppercased().hasPrefix(Self.prefix) {
      let name = String(variable.dropFirst(Self.prefix.count))
      guard let meant = Spelling.nearest(to: name, among: Self.names), variable != Self.prefix + meant else {
        continue
      }
      problems.append("its variable \(variable) is ignored; did you mean \(Self.prefix)\(meant)?")
    }
    policy = given("SPACEPLAN_POLICY")
    if let text = given("SPACEPLAN_HOLD_UNTIL") {
      do {
        holdUntil = try Instant(text, zone: zone(policy))
        holdSince = variables["SPACEPLAN_HOLD_UNTIL"]?.updatedAt
      } catch {
        problems.append("its variable SPACEPLAN_HOLD_UNTIL is ignored: \(error)")
      }
    }
    if let text = given("SPACEPLAN_EXCLUDE") {
      switch text.lowercased() {
      case "true", "yes", "1", "on": isExcluded = true
      case "false", "no", "0", "off": break
      default:
        problems.append("its variable SPACEPLAN_EXCLUDE is ignored: '\(text)' is neither true nor false")
      }
    }
  }

  /// Why nothing may be done about the Space at all; nil if something may.
  var exclusion: String? {
    unreadable.map { "its variables can't be read, and might say that it is to be left alone: \($0)" }
      ?? (isExcluded ? "its variable SPACEPLAN_EXCLUDE says so" : nil)
  }

  /// Whether they ask for anything, ever.
  var isEmpty: Bool { policy == nil && holdUntil == nil && !isExcluded }

  /// The hold that it asks for, also one that has ended.
  func hold(keeping settings: Settings) -> Override? {
    guard let holdUntil else { return nil }
    let start = min(holdSince ?? .distantPast, holdUntil - 1)
    return Override(
      kind: .hold, name: "SPACEPLAN_HOLD_UNTIL", range: start..<holdUntil, set: settings)
  }
}
