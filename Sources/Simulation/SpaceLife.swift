import Spaces
import Timelines

/// The state of a ``SpaceLifecycle`` at one instant, and what each event does to it. Plain numbers: it is copied at
/// each event.
struct SpaceLife: Hashable, Sendable {
  enum Phase: Hashable, Sendable {
    /// A build that ends by itself, with or without an older copy that serves meanwhile.
    case building(until: Instant, serving: Bool)
    case starting
    case running
    /// `SLEEPING` or `STOPPED`: the next visit wakes it.
    case asleep(SpaceStage)
    /// Paused, failed, or in a stage unknown here: nothing happens by itself, and visitors are turned away.
    case halted(SpaceStage)
  }

  var phase: Phase
  private(set) var requested: SpaceHardware
  private(set) var sleep: SleepTime
  private(set) var replicas: Int
  private(set) var latestStart: Instant
  private(set) var ready: Instant
  private(set) var visitors = VisitorTally()
  /// The latest visit or, if later, the latest start.
  private(set) var latestUse: Instant

  init(
    stage: SpaceStage, hardware: SpaceHardware, sleep: SleepTime, replicas: Int, program: SpaceProgram,
    at start: Instant, since: Instant, lastUse: Instant
  ) {
    requested = hardware
    self.sleep = hardware == .cpuBasic ? .ofCPUBasic : sleep
    self.replicas = hardware == .cpuBasic ? 1 : replicas
    (latestStart, latestUse, ready) = (start, lastUse, start)
    phase = .running
    if stage.isBuilding {
      phase = .building(until: start + program.build, serving: stage.isRunning)
      endWhatIsDue(at: start, program)
    } else if stage == .appStarting {
      self.start(at: since, program)
      latestUse = max(since, lastUse)
      ready = max(start, ready)
      endWhatIsDue(at: start, program)
    } else if stage.isAsleep {
      phase = .asleep(stage)
    } else if !stage.isRunning {
      phase = .halted(stage)
    }
  }

  /// What can be seen once all has happened that happens now.
  func state(at now: Instant) -> SpaceState {
    let (stage, hasContainer): (SpaceStage, Bool) =
      switch phase {
      case .building(_, let serving): (serving ? .runningBuilding : .building, serving)
      case .starting: (.appStarting, true)
      case .running: isSleepDue(at: now) ? (.sleeping, false) : (.running, true)
      case .asleep(let stage), .halted(let stage): (stage, false)
      }
    return SpaceState(
      stage: stage, hardware: hasContainer ? requested : nil, requestedHardware: requested,
      sleepTime: sleep == .never ? nil : sleep.hubSeconds, replicas: replicas)
  }

  /// Visitors find it running.
  private var serves: Bool {
    switch phase {
    case .running, .building(_, serving: true): true
    case .building, .starting, .asleep, .halted: false
    }
  }

  /// When the next thing happens by itself.
  var nextDue: Instant? {
    switch phase {
    case .building(let end, _): end
    case .starting: ready
    case .running: sleepDue
    case .asleep, .halted: nil
    }
  }

  private var sleepDue: Instant? {
    switch sleep {
    case .never: nil
    case .after(let seconds): max(ready, latestUse + Int64(seconds))
    }
  }

  /// A build that ends begins a start; a start that ends leaves it running, or failed.
  mutating func endWhatIsDue(at now: Instant, _ program: SpaceProgram) {
    switch phase {
    case .building(let end, _) where end <= now: start(at: now, program)
    case .starting where ready <= now:
      phase = program.failsOn.contains(requested) ? .halted(.runtimeError) : .running
    case .building, .starting, .running, .asleep, .halted: break
    }
  }

  mutating func start(at now: Instant, _ program: SpaceProgram) {
    if let stage = program.mending {
      phase = .halted(stage)
      return
    }
    phase = .starting
    latestStart = now
    latestUse = now
    ready = now + program.startup(on: requested)
    endWhatIsDue(at: now, program)
  }

  mutating func build(at now: Instant, _ program: SpaceProgram) {
    phase = .building(until: now + program.build, serving: serves)
    endWhatIsDue(at: now, program)
  }

  mutating func requestHardware(
    _ hardware: SpaceHardware, sleep newSleep: SleepTime?, at now: Instant, _ program: SpaceProgram
  ) {
    guard hardware != requested else {
      if let newSleep { requestSleepTime(newSleep) }
      return
    }
    let old = requested
    requested = hardware
    if hardware == .cpuBasic {
      sleep = .ofCPUBasic
      replicas = 1
    } else if let newSleep {
      sleep = newSleep
    } else if old == .cpuBasic {
      sleep = .never
    }
    if phase != .halted(.paused) { start(at: now, program) }
  }

  mutating func requestSleepTime(_ newSleep: SleepTime) {
    if requested != .cpuBasic { sleep = newSleep }
  }

  mutating func requestReplicas(_ count: Int) {
    if requested != .cpuBasic { replicas = count }
  }

  /// Somebody comes.
  /// - Returns: what became of them; nil where they found it running.
  @discardableResult
  mutating func visit(_ visit: Visit, _ program: SpaceProgram) -> Wait? {
    let now = visit.at
    let wait: Wait
    switch phase {
    case .running, .building(_, serving: true):
      latestUse = now
      return nil
    case .asleep:
      start(at: now, program)
      if case .halted = phase {
        wait = Wait(visit, .turnedAway, seconds: 0)
      } else {
        wait = Wait(visit, .coldStart, seconds: ready - now)
      }
    case .starting:
      latestUse = now
      wait = Wait(visit, .delayed, seconds: ready - now)
    case .building(let end, serving: false):
      latestUse = now
      wait = Wait(visit, .delayed, seconds: end + program.startup(on: requested) - now)
    case .halted:
      wait = Wait(visit, .turnedAway, seconds: 0)
    }
    visitors.add(wait)
    return wait
  }

  /// Serves those of the visits to come, all after now, that find it running because each follows the one before
  /// closely enough; but the last of them, which is left to be lived through.
  /// - Parameter first: the place of the first to come.
  /// - Returns: how many were served.
  mutating func serve(_ visits: ArraySlice<Visit>, from first: Int) -> Int {
    guard phase == .running else { return 0 }
    let patience = sleep.length
    var last = latestUse
    var found = 0
    while first + found < visits.endIndex {
      // Where several come within its patience, none of the gaps between them is longer.
      let several = first + found + 15
      let next = several < visits.endIndex && visits[several].at - last <= patience ? several : first + found
      guard visits[next].at - last <= patience else { break }
      last = visits[next].at
      found = next - first + 1
    }
    guard found > 1 else { return 0 }
    latestUse = visits[first + found - 2].at
    return found - 1
  }

  mutating func sleepIfDue(at now: Instant) {
    if isSleepDue(at: now) { phase = .asleep(.sleeping) }
  }

  /// It runs, and nobody has come for its sleep time.
  func isSleepDue(at now: Instant) -> Bool {
    guard case .running = phase, let sleepDue else { return false }
    return sleepDue <= now
  }
}
