import Simulation
import Spaces
import TestSupport
import Testing
import Timelines

/// The rules of a Space's life again, as plainly as they can be written: one second after the other.
private struct SecondBySecond {
  var stage: SpaceStage
  var hardware: SpaceHardware
  var sleep: Int64?
  var startup: Int64
  var fails: SpaceHardware
  var ready: Int64 = 0
  var last: Int64 = 0
  var built: Int64 = 0
  var tally = VisitorTally()

  var seen: String {
    let runs = stage.isRunning || stage == .appStarting
    return "\(stage) \(runs ? hardware.rawValue : "-") \(hardware) \(sleep.map { "\($0)" } ?? "never")"
  }

  mutating func start(_ t: Int64) {
    (stage, ready, last) = (.appStarting, t + startup, t)
    endStart(t)
  }

  mutating func endStart(_ t: Int64) {
    if stage == .appStarting, t >= ready { stage = hardware == fails ? .runtimeError : .running }
  }

  mutating func second(_ t: Int64, _ settings: [Setting], visits: Int) {
    if stage.isBuilding, t >= built { start(t) }
    endStart(t)
    for setting in settings { apply(setting, t) }
    for _ in 0..<visits {
      switch stage {
      case .running, .runningBuilding: last = t
      case .sleeping:
        start(t)
        tally.coldStarts += 1
        tally.waitSeconds += startup
      case .appStarting:
        last = t
        tally.delayed += 1
        tally.waitSeconds += ready - t
      case .building:
        last = t
        tally.delayed += 1
        tally.waitSeconds += built + startup - t
      default: tally.turnedAway += 1
      }
    }
    if stage == .running, let sleep, t >= max(ready, last + sleep) { stage = .sleeping }
  }

  mutating func apply(_ setting: Setting, _ t: Int64) {
    switch setting {
    case .hardware(let new, let newSleep):
      if new == hardware {
        if let newSleep, new != .cpuBasic { sleep = newSleep }
        return
      }
      if new == .cpuBasic {
        sleep = 172_800
      } else if let newSleep {
        sleep = newSleep
      } else if hardware == .cpuBasic {
        sleep = nil
      }
      hardware = new
      if stage != .paused { start(t) }
    case .sleep(let new): if hardware != .cpuBasic { sleep = new }
    case .pause: stage = .paused
    case .restart: start(t)
    case .build:
      built = t + 40
      stage = stage == .running || stage == .runningBuilding ? .runningBuilding : .building
    }
  }
}

private enum Setting {
  case hardware(SpaceHardware, sleep: Int64?)
  case sleep(Int64?)
  case pause
  case restart
  case build

  static func random(using random: inout SplitMix64) -> Setting {
    let sleeps: [Int64?] = [0, 5, 30, 100, nil]
    let hardware: [SpaceHardware] = [.cpuBasic, .t4Small, .l4x1]
    let sleep = sleeps.randomElement(using: &random) ?? nil
    switch Int.random(in: 0..<9, using: &random) {
    case 0, 1, 2: return .hardware(hardware.randomElement(using: &random) ?? .t4Small, sleep: sleep)
    case 3, 4: return .sleep(sleep)
    case 5: return .pause
    case 6, 7: return .restart
    default: return .build
    }
  }

  func apply(to life: inout SpaceLifecycle) {
    func time(_ seconds: Int64?) -> SleepTime { seconds.map { .after(seconds: Int($0)) } ?? .never }
    switch self {
    case .hardware(let hardware, let sleep): life.requestHardware(hardware, sleep: sleep.map { time($0) })
    case .sleep(let sleep): life.requestSleepTime(time(sleep))
    case .pause: life.pause()
    case .restart: life.restart()
    case .build: life.build()
    }
  }
}

@Test(arguments: 0..<300 as Range<UInt64>)
func aLifeIsWhatItsSecondsAre(seed: UInt64) {
  var random = SplitMix64(seed: seed)
  let startup = Int64.random(in: 0...40, using: &random)
  let length: Int64 = 600
  let fails: SpaceHardware = Bool.random(using: &random) ? .l4x1 : SpaceHardware(rawValue: "none")
  let stage = [SpaceStage.running, .sleeping, .paused].randomElement(using: &random) ?? .running
  let origin = Instant(secondsSince1970: 0)
  var plain = SecondBySecond(stage: stage, hardware: .t4Small, sleep: 30, startup: startup, fails: fails)
  var life = SpaceLifecycle(
    stage: stage, hardware: .t4Small, sleep: .after(seconds: 30),
    program: SpaceProgram(startup: startup, build: 40, failsOn: [fails]), at: origin)
  var expected: [String] = []
  for t in 0..<length {
    let settings = (0..<(Int.random(in: 0..<30, using: &random) == 0 ? 2 : 0)).map { _ in
      Setting.random(using: &random)
    }
    let visits = Int.random(in: 0..<25, using: &random) == 0 ? 2 : 0
    plain.second(t, settings, visits: visits)
    expected.append(plain.seen)
    // Jumps over most seconds, and mixes the calls of one instant: visits may come before settings.
    if !settings.isEmpty || visits > 0 || Int.random(in: 0..<20, using: &random) == 0 {
      life.advance(to: origin + t)
      let visitsFirst = Int.random(in: 0...visits, using: &random)
      for _ in 0..<visitsFirst { life.visit() }
      for setting in settings { setting.apply(to: &life) }
      for _ in visitsFirst..<visits { life.visit() }
    }
    if let due = life.nextDue { #expect(due > life.now) }
  }
  life.advance(to: origin + (length - 1))
  let timeline = life.states.clipped(to: origin..<origin + length)
  let seen = (0..<length).compactMap { timeline.value(at: origin + $0) }.map {
    "\($0.stage) \($0.hardware?.rawValue ?? "-") \($0.requestedHardware?.rawValue ?? "-") \($0.sleepTime.map { "\($0)" } ?? "never")"
  }
  #expect(seen == expected)
  #expect(life.visitors == plain.tally)
}

/// Settings and groups of people who come at one instant: the settings count first, whenever they are made.
@Test(arguments: 0..<100 as Range<UInt64>)
func theOrderOfCallsAtOneInstantDoesNotMatter(seed: UInt64) {
  var random = SplitMix64(seed: seed)
  let groups = (0..<Int.random(in: 1...4, using: &random)).map { _ in Int.random(in: 1...3, using: &random) }
  let setting = Setting.random(using: &random)
  let origin = Instant(secondsSince1970: 0)
  let stage = [SpaceStage.running, .sleeping, .building].randomElement(using: &random) ?? .sleeping
  let born = SpaceLifecycle(
    stage: stage, hardware: .t4Small, sleep: .after(seconds: 30),
    program: SpaceProgram(startup: Int64.random(in: 0...1, using: &random) * 10, build: 40), at: origin)
  var before = born
  setting.apply(to: &before)
  for count in groups { before.visit(count: count) }
  var after = born
  for count in groups { after.visit(count: count) }
  setting.apply(to: &after)
  for _ in 0..<2 {
    #expect(before.visitors == after.visitors, "seed \(seed)")
    #expect(before.states == after.states, "seed \(seed)")
    before.advance(to: origin + 100)
    after.advance(to: origin + 100)
  }
}
