import Spaces
import Timelines

/// What a Space's sleep tells of its visitors: it woke, so somebody came; it fell asleep, so somebody came one sleep
/// time before, and no gap between was longer than the sleep time. It slept, so nobody came.
struct InferredVisits {
  /// As few as keep it awake beside those that were seen: a sleep time apart.
  private(set) var least = Visits([])
  /// Always busy, where it was awake or nobody looked.
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
    case unknown
    case asleep
    case awake(SpaceHardware, SleepTime)
    /// Nobody can be served, and nothing follows from it.
    case off
  }

  /// - Parameters:
  ///   - starts: when something else than a visit started it.
  ///   - seen: visits that looks saw.
  init(from states: Timeline<SpaceState?>, starts: [Instant], seen: Visits, in range: Range<Instant>) {
    let modes = Array(states.clipped(to: range).map(Self.mode).segments)
    var (few, many): ([Visit], [Visit]) = ([], [])
    func fill(_ stretch: Range<Instant>, every seconds: Int64, _ visits: inout [Visit]) {
      var at = stretch.lowerBound
      while at < stretch.upperBound {
        visits.append(Visit(at: at))
        at = at + seconds
      }
    }
    for index in modes.indices {
      let stretch = modes[index].range
      switch modes[index].value {
      case .off: break
      case .asleep: isEmpty = false
      case .unknown:
        unknown.append(stretch)
        fill(stretch, every: Self.busyEvery, &many)
      case .awake(let hardware, let sleep):
        let start = stretch.lowerBound
        let fellAsleep = index + 1 < modes.count && modes[index + 1].value == .asleep
        let woke = index > 0 && modes[index - 1].value == .asleep
        if woke, !starts.contains(where: { $0 > start - Self.slack && $0 <= start }) {
          few.append(Visit(at: start))
          many.append(Visit(at: start))
          isEmpty = false
        }
        var busy = stretch
        if case .after(let seconds) = sleep, seconds > 0 {
          // The two days of cpu-basic are nobody's choice.
          if hardware != .cpuBasic { resolution = max(resolution, Int64(seconds)) }
          if fellAsleep {
            isEmpty = false
            busy = start..<max(start, stretch.upperBound - Int64(seconds))
            if !busy.isEmpty {
              few.append(Visit(at: busy.upperBound))
              many.append(Visit(at: busy.upperBound))
            }
          }
          if start + Int64(seconds) < busy.upperBound { isEmpty = false }
          var last = start
          for visit in seen.clipped(to: busy).arrivals {
            // Who comes the very second at which it would sleep finds it awake.
            fill(last + Int64(seconds)..<max(last + Int64(seconds), visit.at), every: Int64(seconds), &few)
            last = visit.at
          }
          let next = last + Int64(seconds)
          fill(next..<max(next, busy.upperBound), every: Int64(seconds), &few)
        }
        unknown.append(busy)
        fill(busy, every: Self.busyEvery, &many)
      }
    }
    unknown.removeAll(where: \.isEmpty)
    least = Self.once(few)
    most = Self.once(many)
  }

  private static func mode(of state: SpaceState?) -> Mode {
    guard let state else { return .unknown }
    if state.stage.isAsleep { return .asleep }
    guard let hardware = state.hardware, state.stage.isRunning || state.stage == .appStarting else {
      return .off
    }
    return .awake(hardware, state.sleep)
  }

  /// One visitor a second.
  private static func once(_ visits: [Visit]) -> Visits {
    Visits(Visits(visits).arrivals.map { Visit(at: $0.at) })
  }
}
