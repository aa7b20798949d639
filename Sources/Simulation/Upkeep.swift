import Schedules
import Spaces

/// Whether a Space is up that does not sleep, as settings follow each other. No other sleep time wakes it, nor does
/// what it has already: only visitors do, other hardware, and the end of a pause.
struct Upkeep {
  private enum Halt {
    case pausedByUs
    /// Only a rule for the state overrules that.
    case pausedByOthers
    case broken
  }

  /// Visitors make it so.
  var isUp: Bool
  /// It does not sleep by what settings ask for. False where they ask for nothing.
  private(set) var isSleepless = false
  /// The last that was asked for; nil where that is not known.
  private var hardware: SpaceHardware?
  private var halt: Halt?

  /// - Parameters:
  ///   - state: what it was last; where that is not known it is taken to be up.
  ///   - pause: of ours, in which it is.
  init(_ state: SpaceState?, pause: SpacePast.OurPause?) {
    hardware = state?.requestedElseCurrentHardware
    let stage = state?.stage ?? .running
    if stage == .paused { halt = pause == nil ? .pausedByOthers : .pausedByUs }
    if stage.needsMending { halt = .broken }
    isUp = halt == nil && !stage.isAsleep && stage != .runtimeError
  }

  mutating func take(_ settings: Settings) {
    switch (halt, settings.state) {
    case (.broken, _): return
    case (_, .paused):
      (isUp, halt) = (false, .pausedByUs)
      return
    case (.pausedByUs, _), (.pausedByOthers, .running): (isUp, halt) = (true, nil)
    case (.pausedByOthers, nil), (nil, _): break
    }
    let old = hardware
    hardware = settings.hardware ?? old
    if hardware != old, halt == nil { isUp = true }
    if let sleep = settings.sleep {
      isSleepless = sleep == .never
    } else if hardware != old, old == .cpuBasic {
      // Its 48 hours do not go with it.
      isSleepless = true
    }
  }
}
