import Planning
import Pricing
import Schedules
import Spaces
import Timelines

/// What runs do to a simulated Space: as the planner does where nobody changes anything by hand and the Hub refuses
/// nothing.
struct SimulatedRuns {
  let policy: Policy
  let prices: PriceTable
  private var step: RuleSteps.Step
  /// What an idle rule has set and that still holds: until the next boundary of any setting that it names.
  private var idle: Settings?
  /// What settings were before exceptions that name them, and what those made of them.
  private var before: Settings
  private var made: Settings
  private var pause: SpacePast.OurPause?
  /// When a pause in which it began was seen first, or before.
  private let pauseSeen: Instant

  init(_ steps: RuleSteps, from beginning: Beginning, prices: PriceTable) {
    pause = beginning.pause
    (before, made) = beginning.overridden
    policy = steps.policy
    self.prices = prices
    step = steps.steps[0]
    pauseSeen = beginning.wasPaused ? .distantPast : step.instant
    guard let rule = policy.idle,
      let made = beginning.madeByIdle.inForce(since: steps.idleBoundary, after: rule.after)
    else { return }
    let downgrades = rule.downgrades(
      from: beginning.state.requestedElseCurrentHardware, replicas: beginning.state.replicas,
      at: step.instant, prices: prices)
    idle = made.completed(by: downgrades)
  }

  /// A run at a boundary, or at the beginning.
  mutating func run(at step: RuleSteps.Step, on life: inout SpaceLifecycle) {
    self.step = step
    if let rule = policy.idle, step.bounds.contains(where: rule.set.names) { idle = nil }
    apply(to: &life)
  }

  // MARK: Idle

  /// Seconds without use after which a run would downgrade the Space; nil where none would.
  func idleTime(of life: SpaceLifecycle) -> Int64? {
    guard idle == nil, let rule = policy.idle, !policy.isGranted, life.requestedHardware != .zeroA10G else {
      return nil
    }
    return rule.after
  }

  /// A run that finds it unused for so long; nothing where it costs nothing now.
  mutating func runWhenIdle(on life: inout SpaceLifecycle) {
    guard let rule = policy.idle, prices.rate(of: life.state, at: life.now) != .zero else { return }
    let downgrades = rule.downgrades(
      from: life.requestedHardware, replicas: life.state.replicas, at: life.now, prices: prices)
    guard !downgrades.isEmpty else { return }
    idle = downgrades
    apply(to: &life)
  }

  // MARK: Acting

  /// Exceptions and holds above what idle has set, above the rules; what none of them names goes back to what it was
  /// before, unless somebody has changed it since.
  private func desired(_ life: SpaceLifecycle) -> Settings {
    let asked = step.overriding.completed(by: step.ruled)
    let desired = idle.map { step.overriding.completed(by: $0).completed(by: step.ruled) } ?? asked
    guard !before.isEmpty else { return desired }
    let live = Settings(
      hardware: life.requestedHardware, sleep: life.state.sleep, replicas: life.state.replicas)
    let restored = before.named.filter { !asked.names($0) && made.only($0) == live.only($0) }
    return restored.reduce(desired) { $0.completed(by: before.only($1)) }
  }

  private mutating func apply(to life: inout SpaceLifecycle) {
    let desired = desired(life)
    let stage = life.state.stage
    if stage.needsMending {
      moveToFreeHardware(desired, &life)
    } else if stage == .paused {
      let isWanted = desired.state == .paused
      // The downgrade would be refused again: until other hardware is asked for it is as anybody's pause.
      let isOurs = pause == .asked || pause == .refusedDowngrade && desired.hardware != .cpuBasic
      guard isOurs || desired.state == .running && step.isOfState && pauseSeen < step.instant else { return }
      move(desired, &life)
      if !isWanted {
        life.restart()
        pause = nil
      }
    } else {
      if desired.state == .paused {
        life.pause()
        pause = .asked
      }
      move(desired, &life)
    }
  }

  private mutating func moveToFreeHardware(_ desired: Settings, _ life: inout SpaceLifecycle) {
    guard let hardware = desired.hardware, hardware != life.requestedHardware,
      prices.isFree(hardware, at: life.now)
    else { return }
    remember(.hardware, Settings(hardware: life.requestedHardware), Settings(hardware: hardware))
    request(hardware, &life)
  }

  /// The 48 hours of `cpu-basic` take the place of a sleep time that was set for an exception.
  private mutating func request(_ free: SpaceHardware, _ life: inout SpaceLifecycle) {
    if free == .cpuBasic, made.sleep != .ofCPUBasic {
      before.forget(.sleep)
      made.forget(.sleep)
    }
    life.requestHardware(free)
  }

  private mutating func move(_ desired: Settings, _ life: inout SpaceLifecycle) {
    let old = life.state
    let hardware = desired.hardware ?? life.requestedHardware
    let isMoved = hardware != life.requestedHardware
    if isMoved {
      remember(.hardware, Settings(hardware: life.requestedHardware), Settings(hardware: hardware))
    }
    guard hardware != .cpuBasic else {
      if isMoved { request(hardware, &life) }
      return
    }
    let comesFromBasic = life.requestedHardware == .cpuBasic
    let sleep = desired.sleep
    let isNewSleep = sleep.map { comesFromBasic || $0 != old.sleep } ?? false
    // Nobody had set the 48 hours of cpu-basic.
    if isNewSleep {
      remember(.sleep, Settings(sleep: comesFromBasic ? nil : old.sleep), Settings(sleep: sleep))
    }
    if isMoved {
      life.requestHardware(hardware, sleep: isNewSleep ? sleep : nil)
    } else if isNewSleep, let sleep {
      life.requestSleepTime(sleep)
    }
    if let replicas = desired.replicas, replicas != life.state.replicas {
      remember(.replicas, Settings(replicas: old.replicas), Settings(replicas: replicas))
      life.requestReplicas(replicas)
    }
  }

  /// Keeps what a setting was before the first of the exceptions that follow each other, if that is known.
  private mutating func remember(_ setting: Setting, _ old: Settings, _ new: Settings) {
    let follows = made.names(setting) && made.only(setting) == old
    let isForOverride = step.overriding.names(setting)
    if !isForOverride || !follows { before.forget(setting) }
    made.forget(setting)
    guard isForOverride else { return }
    if !follows { before = before.completed(by: old) }
    made = made.completed(by: new)
  }
}
