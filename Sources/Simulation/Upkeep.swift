import Schedules
import Spaces
import Timelines

/// What is asked for at one time.
struct Asked: Equatable {
  /// What exceptions, holds and budgets ask for.
  var overriding = Settings()
  /// What rules ask for below them, and what stays when they end.
  var lasting = Settings()

  var settings: Settings { overriding.completed(by: lasting) }
}

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
  /// The hardware that rules left it on or, since then, people; nil where rules have named none yet.
  private(set) var left: SpaceHardware?
  /// What people asked for, and until when it stands against what settings name.
  private(set) var hand: (hardware: SpaceHardware, until: Instant)?
  /// The latest hardware that people asked for, and the sleep time that they gave it.
  private var moved: (hardware: SpaceHardware, sleep: SleepTime)?
  /// The last that was asked for; nil where that is not known.
  private var hardware: SpaceHardware?
  private var sleep: SleepTime?
  /// What that was before exceptions and holds, to which it goes back where nothing names it any more.
  private var sleepBefore: SleepTime?
  /// When settings began its latest start.
  private var start: Instant?
  private var halt: Halt?

  /// - Parameters:
  ///   - state: what it was last; where that is not known it is taken to be up.
  ///   - pause: of ours, in which it is.
  init(_ state: SpaceState?, pause: SpacePast.OurPause?) {
    hardware = state?.requestedElseCurrentHardware
    sleep = state?.sleep
    let stage = state?.stage ?? .running
    if stage == .paused { halt = pause == nil ? .pausedByOthers : .pausedByUs }
    if stage.needsMending { halt = .broken }
    isUp = !stage.isHalted && !stage.isAsleep
  }

  /// Until when it is up whoever comes, by the start that settings began last; nil where they began none, or it does
  /// not sleep.
  var upUntil: Instant? {
    guard let start, case .after(let seconds) = sleep else { return nil }
    return start + Int64(seconds)
  }

  /// - Returns: what it is to be.
  mutating func take(_ asked: Asked, at instant: Instant) -> Settings {
    var settings = asked.settings
    if let hand, instant < hand.until { settings.hardware = hand.hardware } else { hand = nil }
    left = hand?.hardware ?? asked.lasting.hardware ?? left
    settings.hardware = settings.hardware ?? left
    switch (halt, settings.state) {
    case (.broken, _): return settings
    case (_, .paused):
      (isUp, halt, start) = (false, .pausedByUs, nil)
      return settings
    case (.pausedByUs, _), (.pausedByOthers, .running): (isUp, halt, start) = (true, nil, instant)
    case (.pausedByOthers, nil), (nil, _): break
    }
    let old = hardware
    hardware = settings.hardware ?? old
    if hardware != old, halt == nil { (isUp, start) = (true, instant) }
    if asked.overriding.sleep != nil {
      // Nobody had set the 48 hours of cpu-basic.
      if old != .cpuBasic { sleepBefore = sleepBefore ?? sleep }
    } else {
      settings.sleep = settings.sleep ?? sleepBefore
      sleepBefore = nil
    }
    if let newSleep = settings.sleep {
      sleep = newSleep
      isSleepless = newSleep == .never
    } else if hardware != old, old == .cpuBasic {
      // Its 48 hours do not go with it.
      let isOfPeople = hand != nil || asked.settings.hardware == nil
      let newSleep = isOfPeople && moved?.hardware == hardware ? moved?.sleep ?? .never : .never
      sleep = newSleep
      isSleepless = newSleep == .never
    }
    return settings
  }

  /// What exceptions and holds have made what it is now goes back to what it was before them.
  mutating func goBack(to before: Settings) {
    left = before.hardware ?? left
    sleepBefore = before.sleep
  }

  /// Somebody asks for other hardware by hand.
  /// - Parameter end: until when that stands against what settings name; nil where it does not.
  mutating func take(_ move: SpacePast.Move, until end: Instant?) {
    moved = (move.hardware, move.sleep)
    if left != nil { left = move.hardware }
    if let end { hand = (move.hardware, end) }
  }
}
