public import Pricing
public import Spaces
public import Timelines

/// What an action of ours was, in the words of people who pay for hardware.
public enum Deed: CaseIterable, Sendable {
  /// To cheaper hardware, and to dearer, by the prices when it was done.
  case downgrade, upgrade
  /// To hardware that costs the same, or of which a price is not known.
  case otherHardware
  case sleepTime, pause, restart, replicas

  public init(_ action: SpaceAction, prices: PriceTable) {
    self =
      switch action.kind {
      case .hardware: Self(from: action.from, to: action.to, at: action.at, prices: prices)
      case .sleep: .sleepTime
      case .pause: .pause
      case .restart: .restart
      case .replicas: .replicas
      }
  }

  private init(from: String, to: String, at instant: Instant, prices: PriceTable) {
    guard let before = prices.hourlyPrice(of: SpaceHardware(rawValue: from), at: instant),
      let after = prices.hourlyPrice(of: SpaceHardware(rawValue: to), at: instant), before != after
    else {
      self = .otherHardware
      return
    }
    self = after < before ? .downgrade : .upgrade
  }

  /// A noun for one of them.
  public var name: String {
    switch self {
    case .downgrade: "downgrade"
    case .upgrade: "upgrade"
    case .otherHardware: "other hardware change"
    case .sleepTime: "sleep time change"
    case .pause: "pause"
    case .restart: "restart"
    case .replicas: "replica change"
    }
  }
}

/// What spaceplan did in a period, counted.
public struct Deeds: Sendable {
  /// How often something was done, in the order of ``Deed``, without what never was.
  public let done: [(deed: Deed, count: Int)]
  /// What did not work or is not clear, the most often repeated first, then by Space.
  public let troubles: [Trouble]
  /// Hardware that was not the first of a list, by Space and then by time.
  public let otherChoices: [OtherChoice]

  /// A Space got the same hardware instead of a more wanted one, once or more.
  public struct OtherChoice: Sendable {
    public let space: SpaceID
    public let hardware: String
    /// When last, and why, as the journal has it.
    public fileprivate(set) var at: Instant
    public fileprivate(set) var reason: String
    public fileprivate(set) var count: Int
  }

  /// The same that was tried on the same Space, with the same outcome, once or more.
  public struct Trouble: Sendable {
    public let deed: Deed
    /// The latest of them.
    public fileprivate(set) var action: SpaceAction
    public fileprivate(set) var count: Int
  }

  private struct Attempt: Hashable {
    let space: SpaceID
    let kind: SpaceAction.Kind
    var from: String
    let to: String
    let outcome: SpaceAction.Outcome?
  }

  /// - Parameter actions: of any Spaces, each Space's in order of time.
  public init(_ actions: some Sequence<SpaceAction>, prices: PriceTable) {
    var counts: [Deed: Int] = [:]
    var troubles: [Attempt: Trouble] = [:]
    var others: [Attempt: OtherChoice] = [:]
    for action in actions {
      let deed = Deed(action, prices: prices)
      var attempt = Attempt(
        space: action.space, kind: action.kind, from: action.from, to: action.to, outcome: action.outcome)
      guard action.outcome != .done else {
        counts[deed, default: 0] += 1
        if let reason = action.choice {
          attempt.from = ""
          let before = others[attempt]?.count ?? 0
          others[attempt] = OtherChoice(
            space: action.space, hardware: action.to, at: action.at, reason: reason, count: before + 1)
        }
        continue
      }
      let before = troubles[attempt]?.count ?? 0
      troubles[attempt] = Trouble(deed: deed, action: action, count: before + 1)
    }
    done = Deed.allCases.compactMap { deed in counts[deed].map { (deed, $0) } }
    otherChoices = others.values.sorted { ($0.space, $0.at, $0.hardware) < ($1.space, $1.at, $1.hardware) }
    self.troubles = troubles.values.sorted {
      ($1.count, $0.action.space, $0.action.at, $0.action.kind.rawValue, $0.action.to)
        < ($0.count, $1.action.space, $1.action.at, $1.action.kind.rawValue, $1.action.to)
    }
  }
}
