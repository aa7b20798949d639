public import Timelines

/// What one look recorded of a Space. Two looks are equal if they agree in all of these.
///
/// In an order that takes the least room: a simulated year has millions of them.
public struct SpaceState: Hashable, Sendable {
  /// Seconds, as recorded: a sleep time of −1 and none differ here, though both mean never.
  public var sleepTime: Int?
  public var stage: SpaceStage
  /// What it runs on; nil while no container runs.
  public var hardware: SpaceHardware?
  public var requestedHardware: SpaceHardware?
  public var storage: SpaceStorage?
  /// Copies that are billed, 0 or more.
  public var replicas: Int

  public init(
    stage: SpaceStage, hardware: SpaceHardware? = nil, requestedHardware: SpaceHardware? = nil,
    sleepTime: Int? = nil, replicas: Int = 1, storage: SpaceStorage? = nil
  ) {
    self.stage = stage
    self.hardware = hardware
    self.requestedHardware = requestedHardware
    self.sleepTime = sleepTime
    self.replicas = replicas
    self.storage = storage
  }

  public init(_ runtime: SpaceRuntime) {
    self.init(
      stage: runtime.stage, hardware: runtime.hardware, requestedHardware: runtime.requestedHardware,
      sleepTime: runtime.sleepTime, replicas: runtime.replicas, storage: runtime.storage)
  }

  /// The Hub has no such Space.
  public static let gone = SpaceState(stage: .gone)

  public var sleep: SleepTime { SleepTime(hubSeconds: sleepTime) }

  /// What it runs on, else what it would run on; nil for a static Space and one that is gone.
  public var currentElseRequestedHardware: SpaceHardware? { hardware ?? requestedHardware }

  /// What was last asked for, as far as the Hub tells.
  public var requestedElseCurrentHardware: SpaceHardware? { requestedHardware ?? hardware }
}

/// A run of equal observations of one Space: a state, and the instants at which somebody looked and saw it.
public struct Interval: Hashable, Sendable {
  public var state: SpaceState
  /// In order, each once, at least one.
  public var looks: [Instant]

  public init(state: SpaceState, looks: [Instant]) {
    self.state = state
    self.looks = looks
  }
}

extension Interval {
  /// Without later looks; nil where there are no others.
  public func until(_ now: Instant) -> Interval? {
    guard let last = looks.last, last > now else { return self }
    let known = looks.prefix { $0 <= now }
    return known.isEmpty ? nil : Interval(state: state, looks: Array(known))
  }
}

/// A run of equal looks without the looks in between.
public struct Stretch: Hashable, Sendable {
  public var state: SpaceState
  /// The first and the last look; one and the same where there was but one.
  public var first: Instant
  public var last: Instant

  public init(state: SpaceState, first: Instant, last: Instant) {
    self.state = state
    self.first = first
    self.last = last
  }
}
