public import Money
public import Spaces
public import Timelines

/// What all fixed sleep times cost, and how often visitors then wait for a start, beside what rules make of the same
/// visits.
///
/// Costs are by the second: started minutes would make them depend on the seconds at which visits happen to come.
public struct SleepTradeOff: Sendable {
  public struct Point: Hashable, Sendable {
    public let cost: Money
    /// Starts that a visit caused.
    public let coldStarts: Int
    /// Visitors who came while it was paused or had failed.
    public let turnedAway: Int
    /// Visitors whom a recommendation has on `cpu-basic`; not in hours in which today's rules have them there, and it
    /// leaves that so.
    public let onFreeHardware: Int

    public init(cost: Money, coldStarts: Int, turnedAway: Int = 0, onFreeHardware: Int = 0) {
      (self.cost, self.coldStarts, self.turnedAway) = (cost, coldStarts, turnedAway)
      self.onFreeHardware = onFreeHardware
    }
  }

  /// What is shown beside fixed sleep times.
  public enum Way: Equatable, Sendable {
    case today
    /// The rules that are simulated.
    case new
    case recommended(WeekPlan)
    /// The fixed sleep time that turned out best for what the recommendation promises.
    case bestFixed(SleepTime, Promise)
    /// By whoever knows all visits beforehand, and takes a cold start to cost so much.
    case hindsight(perColdStart: Money)
  }

  public let range: Range<Instant>
  public let hardware: SpaceHardware
  /// Seconds: no shorter sleep time is looked at.
  public let shortest: Int64
  public private(set) var marks: [(way: Way, point: Point)] = []
  private let visits: Visits
  private let curve: SleepCurve
  private let perHour: Money

  /// Nil where nobody came.
  ///
  /// - Parameters:
  ///   - visits: those outside of the range are left out.
  ///   - shortest: seconds, not shorter than a start takes.
  public init?(
    _ visits: Visits, in range: Range<Instant>, on hardware: SpaceHardware, perHour: Money, shortest: Int64
  ) {
    self.visits = visits.clipped(to: range)
    guard let curve = SleepCurve(self.visits, until: range.upperBound) else { return nil }
    (self.range, self.hardware, self.perHour, self.shortest) = (range, hardware, perHour, shortest)
    self.curve = curve
  }

  /// What one sleep time comes to.
  public func point(of sleep: SleepTime) -> Point {
    let outcome = curve.outcome(of: sleep)
    return point(awakeSeconds: outcome.awakeSeconds, coldStarts: outcome.coldStarts)
  }

  /// Sleep times that people choose from, the shortest first, with what they come to.
  public var usual: [(sleep: SleepTime, point: Point)] {
    let sleeps = [shortest] + Self.usualSeconds.filter { $0 > shortest }
    return (sleeps.map { .after(seconds: Int($0)) } + [.never]).map { ($0, point(of: $0)) }
  }

  private static let usualSeconds: [Int64] = [5, 15, 30, 60, 240, 720, 1440, 2880].map { $0 * 60 }

  /// All sleep times, the shortest first, and never: but for those so near to the one before that no picture shows
  /// the difference.
  public var line: [Point] {
    let (first, last) = (point(of: .after(seconds: Int(shortest))), point(of: .never))
    let steps: Int128 = 200
    var line = [first]
    for gap in curve.gaps where gap > shortest {
      let next = point(of: .after(seconds: Int(gap)))
      let before = line[line.count - 1]
      if Int128(before.coldStarts - next.coldStarts) * steps >= Int128(first.coldStarts)
        || (next.cost - before.cost).scaled(by: steps, over: 1) >= last.cost
      {
        line.append(next)
      }
    }
    return line + [last]
  }

  // MARK: Marks

  /// What rules made of the visits.
  ///
  /// - Parameter cost: by the second.
  mutating func mark(_ way: Way, cost: Money, _ visitors: VisitorTally, onFreeHardware: Int = 0) {
    let point = Point(
      cost: cost, coldStarts: visitors.coldStarts, turnedAway: visitors.turnedAway,
      onFreeHardware: onFreeHardware)
    marks.append((way, point))
  }

  /// The fixed sleep time that turned out best for a promise, asleep until the first visit.
  ///
  /// - Parameter startup: seconds.
  mutating func markBestFixed(_ promise: Promise, startup: Int64) {
    let best =
      switch promise {
      case .waiting(let perThousand):
        curve.shortest(from: shortest) {
          SpaceReplay(visits, in: range, hardware: hardware, sleep: $0, startup: startup).waits.people * 1000
            <= perThousand * visits.count
        }
      case .coldStartCost(let cost):
        curve.best(startup: shortest, perHour: perHour, perColdStart: cost).sleep
      }
    marks.append((.bestFixed(best, promise), point(of: best)))
  }

  /// The least that anyone could have paid who knew all visits.
  ///
  /// - Parameters:
  ///   - startup: seconds.
  ///   - perColdStart: what a cold start is taken to cost.
  mutating func markHindsight(startup: Int64, perColdStart: Money) {
    let hindsight = visits.hindsight(
      until: range.upperBound, startup: startup, perHour: perHour, perColdStart: perColdStart)
    if let hindsight { marks.append((.hindsight(perColdStart: perColdStart), point(hindsight))) }
  }

  private func point(_ cost: ExactCost) -> Point {
    point(awakeSeconds: cost.awakeSeconds, coldStarts: cost.coldStarts)
  }

  private func point(awakeSeconds: Int64, coldStarts: Int) -> Point {
    Point(cost: perHour.scaled(by: Int128(awakeSeconds), over: 3600), coldStarts: coldStarts)
  }
}
