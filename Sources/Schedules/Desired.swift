public import Spaces
public import Timelines

/// What a Space should be at an instant by its policy's default and rules, each setting with its source.
/// What is nil is not ours: it is left as the Hub has it.
public struct Desired: Hashable, Sendable {
  /// What decides a setting.
  public enum Source: Hashable, Sendable {
    case `default`
    /// A rule, by its label, since its boundary.
    case rule(name: String, since: Instant)
  }

  /// A value and what decides it.
  public struct Setting<Value: Hashable & Sendable>: Hashable, Sendable {
    public var value: Value
    public var source: Source

    public init(_ value: Value, source: Source) {
      self.value = value
      self.source = source
    }
  }

  public var hardware: Setting<SpaceHardware>?
  public var sleep: Setting<SleepTime>?
  public var state: Setting<DesiredState>?
  /// Copies, 1 or more.
  public var replicas: Setting<Int>?
  /// The latest boundary, which decides; nil before the first.
  public var boundary: Boundary?

  /// The boundary's `set`, completed by the default.
  public init(boundary: Boundary?, default: Settings) {
    func setting<Value>(_ key: KeyPath<Settings, Value?>) -> Setting<Value>? {
      if let boundary, let value = boundary.set[keyPath: key] {
        return Setting(value, source: .rule(name: boundary.name, since: boundary.instant))
      }
      return `default`[keyPath: key].map { Setting($0, source: .default) }
    }
    hardware = setting(\.hardware)
    sleep = setting(\.sleep)
    state = setting(\.state)
    replicas = setting(\.replicas)
    self.boundary = boundary
  }

  /// The values without their sources.
  public var settings: Settings {
    Settings(
      hardware: hardware?.value, sleep: sleep?.value, state: state?.value, replicas: replicas?.value)
  }
}

extension Policy {
  /// What the policy asks for at an instant: decided by the latest boundary at or before it, so that a missed
  /// boundary heals whenever somebody looks next.
  public func desired(at instant: Instant) -> Desired {
    Desired(boundary: latestBoundary(atOrBefore: instant), default: `default`)
  }

  /// What the policy asks for at every instant of a range. Each boundary begins a segment; the work is
  /// proportional to their number.
  public func desired(over range: Range<Instant>) -> Timeline<Desired> {
    Timeline(
      desired(at: range.lowerBound), over: range,
      changes: boundaries(in: range).lazy.map {
        ($0.instant, Desired(boundary: $0, default: `default`))
      })
  }
}
