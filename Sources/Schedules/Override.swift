public import Timelines

/// Settings that win over the rules for a time: an exception's, a downgrade for a budget, or a hold.
public struct Override: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    case exception
    /// Given up for the rest of a month.
    case budget
    /// Set by a person.
    case hold
  }

  public let kind: Kind
  /// What the exception is called, the title of the budget, or why somebody holds.
  public let name: String
  public let range: Range<Instant>
  /// Replaces only what it names.
  public let set: Settings

  public init(kind: Kind, name: String, range: Range<Instant>, set: Settings) {
    self.kind = kind
    self.name = name
    self.range = range
    self.set = set
  }
}

extension Override {
  /// It is taken to stay paused, as nobody starts it.
  public static func pause(in range: Range<Instant>) -> Override {
    Override(kind: .hold, name: "", range: range, set: Settings(state: .paused))
  }

  /// For people: `exception launch`, `the downgrade for the budget of acme`, `the hold (demo for the board)`.
  public var title: String {
    switch kind {
    case .exception: "exception \(name)"
    case .budget: "the downgrade for \(name)"
    case .hold: name.isEmpty ? "the hold" : "the hold (\(name))"
    }
  }
}
