public import Spaces
public import Timelines

/// How long before its time a rule has to act, so that a Space is up when the rule is due.
public struct StartupTimes: Hashable, Sendable {
  /// Seconds from asking for a hardware until the Space was up on it.
  public var seconds: [SpaceHardware: Int64]
  /// Seconds between two runs, by which a run may come late; 0 where every boundary is met.
  public var runsEvery: Int64
  /// Lately, in order of time: what a rule has done early is not taken back because less time would do by what is
  /// known since.
  public var requests: [Request] = []

  /// A start that rules had us ask for.
  public struct Request: Hashable, Sendable {
    /// Nil for a restart, on whatever it has.
    let hardware: SpaceHardware?
    let at: Instant
    /// What was known when it was asked for.
    private let known: StartupTimes

    public init(_ hardware: SpaceHardware?, at instant: Instant, known: StartupTimes) {
      self.hardware = hardware
      self.known = known
      at = instant
    }

    /// Whether a rule that asks for a hardware, and is due at an instant, has acted early by it.
    func wasEarly(for due: Instant, on hardware: SpaceHardware?) -> Bool {
      (self.hardware ?? hardware) == hardware && due - known.lead(.measured, to: hardware) <= at
    }
  }

  /// Where a Space has never been seen to start on a hardware: long rather than short, as it has to be up in time.
  public static let assumed: Int64 = 5 * 60

  public init(seconds: [SpaceHardware: Int64] = [:], runsEvery: Int64 = 0) {
    self.seconds = seconds
    self.runsEvery = runsEvery
  }

  /// Seconds before a rule is due.
  func lead(_ lead: Lead?, to hardware: SpaceHardware?) -> Int64 {
    switch lead {
    case nil: 0
    case .fixed(let seconds): seconds
    case .measured: (hardware.flatMap { seconds[$0] } ?? Self.assumed) + runsEvery
    }
  }
}
