public import Foundation
import Schedules
import Spaces
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

  public init() {}

  /// - Parameter zone: of the policy that they name, or that is for the Space where they name none: for an instant
  ///   without one.
  public init(_ variables: [String: Value], zone: (_ policy: String?) -> TimeZone) {
    func given(_ key: String) -> String? {
      variables[key].map { $0.text.trimmingCharacters(in: .whitespacesAndNewlines) }.flatMap {
        $0.isEmpty ? nil : $0
      }
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

  /// The hold that it asks for, also one that has ended.
  func hold(keeping settings: Settings) -> Override? {
    guard let holdUntil else { return nil }
    let start = min(holdSince ?? .distantPast, holdUntil - 1)
    return Override(
      kind: .hold, name: "SPACEPLAN_HOLD_UNTIL", range: start..<holdUntil, set: settings)
  }
}
