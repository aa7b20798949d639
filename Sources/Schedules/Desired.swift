public import Spaces
public import Timelines

/// What a Space should be at an instant, in layers: each replaces only the settings that it names. What no
/// layer names is not ours: it is left as the Hub has it.
public struct Desired: Hashable, Sendable {
  /// What decides a setting, from below.
  public enum Source: Hashable, Sendable {
    /// Nothing names it any more: it goes back to what it was before an exception or a hold that has ended.
    case before(name: String, since: Instant)
    case `default`
    /// A rule, by its label, since its boundary.
    case rule(name: String, since: Instant)
    /// Nobody uses it; why, for people.
    case idle(String)
    /// An exception, a downgrade for a budget, or a hold.
    case override(Override)

    /// The higher wins.
    fileprivate var rank: Int {
      switch self {
      case .before: 0
      case .default: 1
      case .rule: 2
      case .idle: 3
      case .override(let override):
        switch override.kind {
        case .exception: 4
        case .budget: 5
        case .hold: 6
        }
      }
    }
  }

  public struct Layer: Hashable, Sendable {
    public let source: Source
    public let set: Settings

    public init(_ source: Source, _ set: Settings) {
      self.source = source
      self.set = set
    }
  }

  /// A value and what decides it.
  public struct Decision<Value: Hashable & Sendable>: Hashable, Sendable {
    public var value: Value
    public var source: Source

    public init(_ value: Value, source: Source) {
      self.value = value
      self.source = source
    }
  }

  /// From below: a later one wins.
  public private(set) var layers: [Layer]
  /// The firing of a rule that decides; nil before the first.
  public let boundary: Boundary?

  /// The boundary's `set`, above the default.
  public init(boundary: Boundary?, default: Settings) {
    layers = [Layer(.default, `default`)]
    self.boundary = boundary
    if let boundary {
      layers.append(Layer(.rule(name: boundary.name, since: boundary.instant), boundary.set))
    }
  }

  /// Puts a layer in its place: above those of its kind and below those that win over it.
  public mutating func add(_ layer: Layer) {
    let place = layers.lastIndex { $0.source.rank <= layer.source.rank }
    layers.insert(layer, at: place.map { $0 + 1 } ?? 0)
  }

  private func setting<Value>(_ value: (Settings) -> Value?) -> Decision<Value>? {
    for layer in layers.reversed() {
      if let value = value(layer.set) { return Decision(value, source: layer.source) }
    }
    return nil
  }

  /// One hardware, or several in order of preference.
  public var preference: Decision<HardwarePreference>? { setting { $0.preference } }
  /// The hardware that is wanted most.
  public var hardware: Decision<SpaceHardware>? { setting { $0.hardware } }
  public var sleep: Decision<SleepTime>? { setting { $0.sleep } }
  public var state: Decision<DesiredState>? { setting { $0.state } }
  /// Copies, 1 or more.
  public var replicas: Decision<Int>? { setting { $0.replicas } }

  /// What decides a setting; nil for what is not ours.
  public func source(of setting: Setting) -> Source? {
    layers.last { $0.set.names(setting) }?.source
  }

  /// The values without their sources.
  public var settings: Settings {
    var settings = Settings(sleep: sleep?.value, state: state?.value, replicas: replicas?.value)
    settings.preference = preference?.value
    return settings
  }

  /// What exceptions, downgrades and holds ask for, and what rules ask for below them.
  public var settingsByKind: (overriding: Settings, ruled: Settings) {
    layers.reduce(into: (Settings(), Settings())) { kinds, layer in
      if case .override = layer.source {
        kinds.0 = layer.set.completed(by: kinds.0)
      } else {
        kinds.1 = layer.set.completed(by: kinds.1)
      }
    }
  }
}

extension Policy {
  /// What the policy asks for at an instant: decided by the latest boundary at or before it, so that a missed
  /// boundary heals whenever somebody looks next.
  public func desired(at instant: Instant) -> Desired { SpaceSchedule(self).desired(at: instant) }

  /// What the policy asks for at every instant of a range.
  public func desired(over range: Range<Instant>) -> Timeline<Desired> {
    SpaceSchedule(self).desired(over: range)
  }
}
