import Schedules
public import Spaces
public import Timelines

/// What a replay goes on from: what a Space is at an instant, and what of its past still counts then.
public struct Beginning: Sendable {
  let state: SpaceState
  /// The pause of ours, in which it is.
  let pause: SpacePast.OurPause?
  /// What settings were before exceptions and holds in force, and what those made of them.
  let overridden: (before: Settings, made: Settings)
  /// Whether it was seen paused before: a boundary ends the pause of somebody else only then.
  let wasPaused: Bool
  /// What idle rules had set.
  let madeByIdle: SpacePast.MadeByIdle
  let program: SpaceProgram
  /// When it was last visited or started before, as far as that is known.
  private let lastUse: Instant?
  /// When the start began in which it is.
  private let start: Instant?

  /// - Parameters:
  ///   - lastUse: when it was last visited or started before; nil where that is not known.
  ///   - program: how it starts.
  public init(_ state: SpaceState, lastUse: Instant? = nil, program: SpaceProgram) {
    self.init(
      state, lastUse: lastUse, start: nil, pause: nil, wasPaused: false,
      overridden: (Settings(), Settings()), madeByIdle: SpacePast.MadeByIdle(), program: program)
  }

  init(
    _ state: SpaceState, lastUse: Instant?, start: Instant?, pause: SpacePast.OurPause?, wasPaused: Bool,
    overridden: (before: Settings, made: Settings), madeByIdle: SpacePast.MadeByIdle, program: SpaceProgram
  ) {
    self.state = state
    self.lastUse = lastUse
    self.start = start
    self.pause = pause
    self.wasPaused = wasPaused
    self.overridden = overridden
    self.madeByIdle = madeByIdle
    self.program = program
  }

  /// Its life from then on.
  ///
  /// - Parameter hardware: where the state tells none.
  func life(at instant: Instant, else hardware: SpaceHardware = .cpuBasic) -> SpaceLifecycle {
    // In the middle of a change of hardware it starts on what was requested.
    let known =
      state.stage == .appStarting ? state.requestedElseCurrentHardware : state.currentElseRequestedHardware
    return SpaceLifecycle(
      stage: state.stage, hardware: known ?? hardware, sleep: state.sleep,
      replicas: max(1, state.replicas), program: program, at: instant, since: start, lastUse: lastUse)
  }
}

extension SpacePast {
  /// Nil where it is not known what it was, and no other state is given for that.
  func beginning(at instant: Instant, else other: SpaceState? = nil) -> Beginning? {
    (state(at: instant) ?? other).map {
      Beginning(
        $0, lastUse: lastUse(before: instant), start: start(at: instant), pause: ourPause(at: instant),
        wasPaused: state(at: instant - 1)?.stage == .paused, overridden: overridden(at: instant),
        madeByIdle: madeByIdle(at: instant), program: program)
    }
  }

  /// Goes on from the last that is known before an instant; nil where nothing is, or it is gone.
  func beginning(before instant: Instant) -> Beginning? {
    guard let last = last(before: instant), last.state.stage != .gone else { return nil }
    return Beginning(
      last.state, lastUse: lastUse(before: instant - 1), start: start(at: last.until - 1),
      pause: ourPause(before: instant), wasPaused: true, overridden: overridden(before: instant),
      madeByIdle: madeByIdle(at: last.until - 1), program: program)
  }

  /// When the start began in which it is at an instant.
  private func start(at instant: Instant) -> Instant? {
    states.numberedSegments(in: instant..<instant + 1).first { $0.1.value?.stage == .appStarting }?.1.range
      .lowerBound
  }
}
