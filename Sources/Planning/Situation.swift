import Pricing
public import Schedules
public import Spaces
public import Timelines

/// Everything that is known of one Space when it is planned.
public struct Situation: Sendable {
  public var space: SpaceID
  /// What the Hub said at the latest look.
  public var live: SpaceState
  /// Copies asked for, as the Hub tells; nil where it does not.
  public var requestedReplicas: Int?
  /// The latest look found a static page, which runs on nothing.
  public var isStatic: Bool
  /// Somebody works in it over SSH or an editor, which leaves no line in its log.
  public var isInDevMode = false
  public var assignment: Assignment
  /// See ``SpaceRuntime/tellsSleepTime``.
  public var tellsSleepTime = true
  /// What was seen of it, in order of time, the latest look included; of each interval at least the first and
  /// the last look, and the first after our last restart. Only needed where ``Planner/planWithoutPast(_:)``
  /// has none.
  public var intervals: [Interval] = []
  /// The journal's actions on it, in order of time. Only needed as these are.
  public var actions: [SpaceAction] = []
  /// What a run last made or found as desired; no value for a setting that none has yet.
  public var applied: [Setting: String] = [:]
  /// When ``applied`` came to be: what differs from it was changed later.
  public var appliedAt: [Setting: Instant] = [:]
  /// For a Space that appeared after the first look at its owner: the last look that did not see it yet.
  public var missingUntil: Instant?
  /// Holds that people set for it, also those that have ended, in the order in which they were made.
  public var holds: [Override] = []
  /// Holds that were released since the last run, as they would have gone on.
  public var released: [Override] = []
  /// What was given up for budgets, until their month turns.
  public var givenUp: [Override] = []
  /// Why nothing of it may become dearer but by a hold, for people; nil where no budget is in the way.
  public var upgradeRefusal: String?
  /// What its own variables ask for; nil where they were not read.
  public var orders: SpaceOrders?
  /// How long it took to come up before, for rules that act early.
  public var startup = StartupTimes()
  /// Whether the journal has a change of ours for an exception or a hold, which may have to go back.
  public var mayGoBack = false
  /// When the last run began that went through to its end.
  public var lastRun: Instant?
  /// What logs and metrics told; nil where they were not asked.
  public var activity: Activity?

  public init(
    space: SpaceID, live: SpaceState, requestedReplicas: Int? = nil, isStatic: Bool = false,
    assignment: Assignment
  ) {
    self.space = space
    self.live = live
    self.requestedReplicas = requestedReplicas
    self.isStatic = isStatic
    self.assignment = assignment
  }

  /// Seconds; no start takes longer: then the Hub flags it as stuck.
  static let longestStart: Int64 = 30 * 60

  /// The hardware last asked for, as far as the Hub tells.
  public var hardware: SpaceHardware? { live.requestedElseCurrentHardware }

  /// What it is billed for if it is up; nil where the Hub does not say what it runs on.
  var billed: Billed? { hardware.map { Billed(hardware: $0, replicas: replicas) } }

  /// Copies last asked for, as far as the Hub tells.
  var replicas: Int { requestedReplicas ?? live.replicas }

  /// When ``live`` was seen; nil where nothing is known of the past.
  var latestLook: Instant? { intervals.last?.looks.last }

  /// The live value of a setting as the journal writes it; nil where the Hub does not tell.
  func liveValue(of setting: Setting) -> String? {
    if setting == .sleep, !tellsSleepTime { return nil }
    return setting.journalValue(in: live, requestedReplicas: requestedReplicas)
  }

  /// The first of the latest looks that saw it in its stage and asked for its hardware; nil where none has.
  var firstLookInStage: Instant? {
    intervals.reversed().prefix {
      $0.state.stage == live.stage && $0.state.requestedElseCurrentHardware == hardware
    }.last?.looks.first
  }

  /// The last look at which a setting did not have its live value: if somebody changed it by hand, then just
  /// after that. Nil if every look known has seen the value.
  func lastLookBefore(change setting: Setting) -> Instant? {
    let value = liveValue(of: setting)
    let other = intervals.last { interval in
      guard interval.state.stage != .gone, let past = setting.journalValue(in: interval.state) else {
        return false
      }
      return past != value
    }
    return other?.looks.last
  }

  /// Whether somebody has changed hardware or a sleep time by hand since we set it to what it is now, and back. False for
  /// what else there is, which the Hub shows late.
  func wasChangedAndBack(_ setting: Setting, since made: Instant) -> Bool {
    guard setting == .hardware || setting == .sleep, let other = lastLookBefore(change: setting) else {
      return false
    }
    // A look may overtake a change that the Hub is slow to take.
    return other > made + 60
  }
}

extension Situation {
  /// What the Space has now, as far as the Hub tells: what a hold that names nothing keeps.
  public var settings: Settings {
    Settings(
      hardware: hardware, sleep: live.sleep, state: live.stage == .paused ? .paused : .running,
      replicas: replicas)
  }
}
