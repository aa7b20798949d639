public import Spaces
public import Timelines

/// What a Space does when somebody visits it, changes its settings, or leaves it alone.
///
/// Time moves by ``advance(to:)`` only, and nothing happens between two events: whoever drives it asks
/// ``nextDue`` and jumps there. Events at the same instant count in the order *starts that end, settings,
/// visits, sleep*, whatever the order of the calls: so a visit or a setting that arrives at the very instant
/// at which the Space fell asleep still finds it awake, and what had happened then is settled anew.
public struct SpaceLifecycle: Equatable, Sendable {
  /// What all events up to now have led to.
  public private(set) var now: Instant
  /// What could be seen of the Space from its beginning to now, storage apart, of which a life knows nothing. It goes
  /// on as it is now.
  public private(set) var states: Timeline<SpaceState>
  private let program: SpaceProgram
  /// Life at `now` before sleep, which comes last: whatever else happens now comes before it.
  private var life: SpaceLife
  /// Who came at `now`; nil for nobody.
  private var guests: Guests?

  private struct Guests: Equatable, Sendable {
    /// Life before they came.
    var life: SpaceLife
    /// How many came first, and after them: those can't find it asleep, so that it does not matter in how many groups.
    let first: Int
    var later = 0
  }

  /// A Space whose life begins in a stage at an instant, which counts as its latest start.
  ///
  /// - Parameters:
  ///   - since: when the start began in which it is; the instant itself, unless told.
  ///   - lastUse: the latest visit or start before; the instant itself, unless told.
  ///   - sleep: ignored on `cpu-basic`, which always sleeps after 48 hours.
  ///   - stage: a building or starting Space begins to do so now; a stage unknown here stays as it is until
  ///     a restart or another hardware.
  public init(
    stage: SpaceStage, hardware: SpaceHardware, sleep: SleepTime = .never, replicas: Int = 1,
    program: SpaceProgram = SpaceProgram(), at start: Instant, since: Instant? = nil, lastUse: Instant? = nil
  ) {
    now = start
    var program = program
    if stage.needsMending || stage == .deleting { program.mending = stage }
    self.program = program
    life = SpaceLife(
      stage: stage, hardware: hardware, sleep: sleep, replicas: replicas, program: program, at: start,
      since: min(start, since ?? start), lastUse: min(start, lastUse ?? start))
    states = Timeline(life.state(at: start), over: start..<max(start, .distantFuture))
  }

  /// What can be seen now. Sleep time is nil for never.
  public var state: SpaceState { life.state(at: now) }
  /// What the Space was asked to run on, whether it does or not.
  public var requestedHardware: SpaceHardware { life.requested }
  /// The beginning of the latest start.
  public var latestStart: Instant { life.latestStart }
  /// The latest visit or, if later, the latest start.
  public var latestUse: Instant { life.latestUse }
  /// Since when nobody has used it, as its log tells: a start in this life writes lines until it is done.
  var unusedSince: Instant { latestUse < latestStart ? latestUse : max(latestUse, ready) }
  /// The end of the latest start: from then on it serves.
  public var ready: Instant { life.ready }
  /// How visitors have fared so far.
  public var visitors: VisitorTally { life.visitors }
  /// When the next thing happens by itself; always later than ``now``. Nil if nothing will.
  public var nextDue: Instant? { life.isSleepDue(at: now) ? nil : life.nextDue }

  /// Lets everything happen that falls due up to and including an instant. Time never goes back: an earlier
  /// instant changes nothing. O(number of things that fall due).
  public mutating func advance(to instant: Instant) {
    while now < instant {
      life.sleepIfDue(at: now)
      guests = nil
      guard let due = life.nextDue, due <= instant else {
        now = instant
        return
      }
      now = due
      life.endWhatIsDue(at: now, program)
      see()
    }
  }

  /// Lives through visits, in order and none before ``now``, up to the last of them: as ``advance(to:)`` and
  /// ``visit(count:)`` for each. The work is proportional to the number of stretches awake, but for a
  /// comparison a visit.
  ///
  /// - Parameter waited: told of each visit that did not find it running.
  public mutating func live(through visits: ArraySlice<Visit>, waited: (Wait) -> Void = { _ in }) {
    var next = visits.startIndex
    while next < visits.endIndex {
      let visit = visits[next]
      if visit.at > now {
        let served = life.serve(visits, from: next)
        if served > 0 {
          next += served
          continue
        }
      }
      advance(to: visit.at)
      if let wait = self.visit(count: visit.count) { waited(wait) }
      next += 1
    }
  }

  /// Somebody comes, or `count` people in the same second.
  /// - Returns: what became of them; nil where they found it running.
  @discardableResult
  public mutating func visit(count: Int = 1) -> Wait? {
    if guests == nil {
      guests = Guests(life: life, first: count)
    } else {
      guests?.later += count
    }
    let wait = life.visit(Visit(at: now, count: count), program)
    see()
    return wait
  }

  /// Asks for hardware, and for a sleep time with it. From any stage but paused the Space starts on it at
  /// once. What is requested already is not requested again; the sleep time then holds by itself.
  public mutating func requestHardware(_ hardware: SpaceHardware, sleep: SleepTime? = nil) {
    takeVisitsBack()
    life.requestHardware(hardware, sleep: sleep, at: now, program)
    letThemVisit()
  }

  /// Asks for another sleep time, which holds at once, counted from the latest use.
  public mutating func requestSleepTime(_ sleep: SleepTime) {
    takeVisitsBack()
    life.requestSleepTime(sleep)
    letThemVisit()
  }

  /// Asks for so many copies; on `cpu-basic` there is always one.
  public mutating func requestReplicas(_ count: Int) {
    takeVisitsBack()
    life.requestReplicas(count)
    letThemVisit()
  }

  /// Stops the Space until somebody restarts it.
  public mutating func pause() {
    takeVisitsBack()
    life.phase = .halted(.paused)
    letThemVisit()
  }

  /// Starts the Space, whatever it does now.
  public mutating func restart() {
    takeVisitsBack()
    life.start(at: now, program)
    letThemVisit()
  }

  /// Builds the Space anew, then starts it; a copy that runs goes on meanwhile.
  public mutating func build() {
    takeVisitsBack()
    life.build(at: now, program)
    letThemVisit()
  }

  /// Settings count before the visits of the same instant, which are lived through again after them.
  private mutating func takeVisitsBack() {
    if let guests { life = guests.life }
  }

  private mutating func letThemVisit() {
    guests?.life = life
    if let guests {
      life.visit(Visit(at: now, count: guests.first), program)
      if guests.later > 0 { life.visit(Visit(at: now, count: guests.later), program) }
    }
    see()
  }

  private mutating func see() { states.append(state, from: now) }
}
