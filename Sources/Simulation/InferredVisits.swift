import Spaces
import Timelines

/// What a Space's sleep tells of its visitors: it woke, so somebody came; it fell asleep, so somebody came one sleep
/// time before, or while it started, and no gap between was longer than the sleep time. It slept, so nobody came.
///
/// When it woke and fell asleep is only known from look to look: as few came as could have, where they fit best, and as
/// many as could have.
struct InferredVisits {
  /// As few as keep it awake beside those that were seen: a sleep time apart.
  private(set) var least = Visits([])
  /// Always busy, where it was awake, could not be visited, or nobody looked.
  private(set) var most = Visits([])
  /// Stretches in which others may have come than those that are inferred, in order.
  private(set) var unknown: [Range<Instant>] = []
  /// The longest sleep time under which it was awake on upgraded hardware: what shorter ones would have done can't
  /// be known. 0 where it was never awake under one.
  private(set) var resolution: Int64 = 0
  /// Whether anything could be inferred.
  private(set) var isEmpty = true

  /// Who is always busy has somebody in every minute: the Hub knows no shorter sleep times.
  private static let busyEvery: Int64 = 60
  /// Between an action and the look that shows what it did.
  private static let slack: Int64 = 900

  private enum Mode: Equatable {
    /// Nobody knows who came: nobody looked, or nobody could be served.
    case unknown
    /// With the hardware that was asked for.
    case asleep(SpaceHardware?, SleepTime)
    case awake(SpaceHardware, SleepTime)
    /// There was no such Space.
    case absent

    var isAsleep: Bool { if case .asleep = self { true } else { false } }

    /// Its sleep time in seconds.
    var sleep: Int64 {
      switch self {
      case .asleep(_, let sleep), .awake(_, let sleep): sleep.length
      case .unknown, .absent: .max
      }
    }
  }

  /// Awake on one hardware, from a start or a look on: sleep times may change meanwhile.
  private struct AwakeStretch {
    let hardware: SpaceHardware
    let range: Range<Instant>
    /// In order, one at least.
    let sleeps: [(range: Range<Instant>, sleep: SleepTime)]

    /// When it falls asleep after a visit where nobody else comes; nil where it does not in the stretch. Who comes that
    /// very second finds it awake.
    func sleepDue(after visit: Instant) -> Instant? {
      for (range, sleep) in sleeps where range.upperBound > visit {
        guard case .after(let seconds) = sleep, seconds > 0 else { continue }
        let due = max(range.lowerBound, visit + Int64(seconds))
        if due < range.upperBound { return due }
      }
      return nil
    }
  }

  /// When it was looked at, in order; of looks that saw the same one after the other at least the first and the last.
  private let looks: [Instant]
  /// Elsewhere others tell who came.
  private let range: Range<Instant>

  /// - Parameters:
  ///   - looks: without any, states are taken to have changed just when they say.
  ///   - starts: when something else than a visit started it.
  ///   - seen: visits that looks saw.
  init(
    from states: Timeline<SpaceState?>, looks: [Instant], program: SpaceProgram, starts: [Instant],
    seen: Visits, in range: Range<Instant>
  ) {
    (self.looks, self.range) = (looks, range)
    let modes = Array(states.clipped(to: range).map(Self.mode).segments)
    var (few, many): ([Visit], [Visit]) = ([], [])
    func beBusy(_ stretch: Range<Instant>) {
      unknown.append(stretch)
      var at = stretch.lowerBound
      while at < stretch.upperBound {
        many.append(Visit(at: at))
        at = at + Self.busyEvery
      }
    }
    var index = 0
    while index < modes.count {
      let before = index > 0 ? modes[index - 1].value : nil
      switch modes[index].value {
      case .asleep:
        isEmpty = false
        index += 1
      case .unknown:
        beBusy(modes[index].range)
        index += 1
      case .absent: index += 1
      case .awake(let hardware, _):
        var sleeps: [(range: Range<Instant>, sleep: SleepTime)] = []
        while index < modes.count, case .awake(hardware, let sleep) = modes[index].value {
          sleeps.append((modes[index].range, sleep))
          index += 1
        }
        let start = sleeps[0].range.lowerBound
        let awake = AwakeStretch(
          hardware: hardware, range: start..<sleeps[sleeps.count - 1].range.upperBound, sleeps: sleeps)
        // Other hardware starts by being asked for.
        var isWoken = false
        if case .asleep(let requested, _) = before, requested ?? hardware == hardware {
          isWoken = !starts.contains { $0 > start - Self.slack && $0 <= start }
        }
        let busy = infer(
          awake, isWoken: isWoken, startup: isWoken ? program.startup(on: hardware) : 0,
          fallingAsleepAs: index < modes.count ? modes[index].value : nil, seen: seen, &few, &many)
        beBusy(busy)
      }
    }
    unknown.removeAll(where: \.isEmpty)
    least = Self.once(few)
    most = Self.once(many)
  }

  /// - Parameters:
  ///   - isWoken: by a visit.
  ///   - startup: seconds that the start took with which it begins, as far as that is known.
  ///   - next: what it was after the stretch.
  /// - Returns: the part in which others may have come than those that are inferred.
  private mutating func infer(
    _ awake: AwakeStretch, isWoken: Bool, startup: Int64, fallingAsleepAs next: Mode?, seen: Visits,
    _ few: inout [Visit], _ many: inout [Visit]
  ) -> Range<Instant> {
    for (_, sleep) in awake.sleeps {
      // The two days of cpu-basic are nobody's choice.
      if case .after(let seconds) = sleep, awake.hardware != .cpuBasic {
        resolution = max(resolution, Int64(seconds))
      }
    }
    let begin = isWoken ? window(around: awake.range.lowerBound) : .at(awake.range.lowerBound)
    var (first, last) = (begin.middle, awake.range.upperBound)
    var busy = begin.earliest..<last
    let sleep = awake.sleeps[awake.sleeps.count - 1].sleep.length
    // A sleep time that is lowered, to less than nobody has come for, sends it to sleep at once: somebody may have come
    // up to that time before. Else the last came exactly the sleep time before.
    let isSentToSleep = next.map { $0.isAsleep && $0.sleep < sleep } ?? false
    let recorded = seen.clipped(to: awake.range)
    if let next, next.isAsleep, sleep > 0, case let patience = min(sleep, next.sleep), patience < .max {
      let end = isSentToSleep ? .at(last) : window(around: last)
      busy = begin.earliest..<max(begin.earliest, end.latest - patience)
      last = max(first, end.middle - patience)
      if !isSentToSleep {
        if recorded.isEmpty {
          (first, last) = Self.firstAndLast(from: begin, to: end, patience: patience, startup: startup)
        }
        if last > first { few.append(Visit(at: last)) }
        if !busy.isEmpty { many.append(Visit(at: busy.upperBound)) }
      }
    }
    if isWoken {
      isEmpty = false
      few.append(Visit(at: first))
      many.append(Visit(at: busy.isEmpty ? first : begin.earliest))
    }
    var latest = first
    func keepAwake(until end: Instant) {
      // Nobody sleeps before the start is done.
      while let due = awake.sleepDue(after: latest).map({ max($0, first + startup) }), due < end {
        // Who is to come after the last that can have come has come by then.
        let visit = min(due, last)
        guard visit > latest else { return }
        isEmpty = false
        few.append(Visit(at: visit))
        latest = visit
      }
    }
    for visit in recorded.arrivals where visit.at < last {
      keepAwake(until: visit.at)
      latest = max(latest, visit.at)
    }
    // Up to then it was awake.
    keepAwake(until: isSentToSleep ? awake.range.upperBound : last)
    return busy
  }

  /// When something happened, as far as looks tell.
  private struct Window {
    let earliest: Instant
    /// As the estimate has it.
    let middle: Instant
    let latest: Instant

    static func at(_ instant: Instant) -> Window {
      Window(earliest: instant, middle: instant, latest: instant)
    }
  }

  /// After the last look before, and at the latest at the first that shows it.
  private func window(around instant: Instant) -> Window {
    let next = looks.partitioningIndex { $0 > instant }
    guard next > 0, next < looks.count else { return .at(instant) }
    let earliest = max(looks[next - 1] + 1, range.lowerBound)
    let latest = max(earliest, min(looks[next], range.upperBound))
    return Window(earliest: earliest, middle: min(max(instant, earliest), latest), latest: latest)
  }

  /// The first and the last of the visits to a Space that fell asleep by itself, so that as few as can be lie between
  /// them; one and the same where nobody else need have come.
  private static func firstAndLast(
    from begin: Window, to end: Window, patience: Int64, startup: Int64
  ) -> (first: Instant, last: Instant) {
    let alone = max(patience, startup)
    if end.earliest - begin.latest <= alone {
      let earliest = max(begin.earliest, end.earliest - alone)
      let latest = min(begin.latest, end.latest - alone)
      let first = earliest <= latest ? min(max(begin.middle, earliest), latest) : begin.middle
      return (first, first)
    }
    func gaps(_ seconds: Int64) -> Int64 { max(1, 1 + (seconds - alone + patience - 1) / patience) }
    let (first, last) = (begin.middle, end.middle - patience)
    let least = gaps(end.earliest - patience - begin.latest)
    guard least < gaps(last - first) else { return (first, last) }
    // Nearer to each other by as much as saves a visit.
    let excess = last - first - (alone + (least - 1) * patience)
    let later = min(begin.latest - first, max(excess / 2, excess - (end.middle - end.earliest)))
    return (first + later, last - (excess - later))
  }

  private static func mode(of state: SpaceState?) -> Mode {
    guard let state else { return .unknown }
    if state.stage == .gone { return .absent }
    if state.stage.isAsleep { return .asleep(state.requestedElseCurrentHardware, state.sleep) }
    guard let hardware = state.hardware, state.stage.isRunning || state.stage == .appStarting else {
      return .unknown
    }
    return .awake(hardware, state.sleep)
  }

  /// One visitor a second.
  private static func once(_ visits: [Visit]) -> Visits {
    Visits(Visits(visits).arrivals.map { Visit(at: $0.at) })
  }
}
