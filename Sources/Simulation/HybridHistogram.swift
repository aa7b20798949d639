package import Spaces
package import Timelines

/// The hybrid histogram policy (Shahrad et al., *Serverless in the Wild*, 2020): it learns from each gap between visits
/// how long they mostly are, sleeps at once after a visit, wakes shortly before the next is due, and stays awake until
/// it is overdue.
///
/// Gaps are counted by the minute up to four hours. The shortest twentieth is left out below and the longest hundredth
/// above, and a tenth is added to either side. Where none is known yet, where they are spread evenly or most are
/// longer, it stays awake for four hours instead; for longer ones the paper then looks for a trend. The Hub has nothing
/// that wakes a Space like that: it shows what foresight of this kind would bring.
package struct HybridHistogram: Sendable {
  /// How a Space waits for its next visit.
  package enum Waiting: Hashable, Sendable {
    /// It sleeps at once, and is ready again from `start` to `end` seconds after the visit.
    case between(start: Int64, end: Int64)
    /// It stays awake for so many seconds.
    case awake(Int64)
  }

  /// By the minute.
  private var counts = [Int64](repeating: 0, count: 240)
  private var count: Int64 = 0
  private var squares: Int64 = 0
  private var longer: Int64 = 0

  package init() {}

  /// - Parameter gap: seconds, 0 or more.
  package mutating func learn(_ gap: Int64) {
    let minute = Int(gap / 60)
    guard minute < counts.count else {
      longer += 1
      return
    }
    squares += 2 * counts[minute] + 1
    counts[minute] += 1
    count += 1
  }

  package var waiting: Waiting {
    let bins = Int64(counts.count)
    // A standard deviation below twice the mean tells nothing of the next visit.
    guard count > longer, squares * bins >= 5 * count * count else { return .awake(bins * 60) }
    let (head, tail) = (minute(atPercent: 5), minute(atPercent: 99) + 1)
    let end = (tail * 60 * 11 + 9) / 10
    return head == 0 ? .awake(end) : .between(start: head * 60 * 9 / 10, end: end)
  }

  /// The minute up to which so many percent of the gaps are counted.
  private func minute(atPercent percent: Int64) -> Int64 {
    let rank = max(1, (count * percent + 99) / 100)
    var passed: Int64 = 0
    for (minute, count) in counts.enumerated() {
      passed += count
      if passed >= rank { return Int64(minute) }
    }
    return Int64(counts.count - 1)
  }
}

extension HybridHistogram {
  /// The life of a Space under it.
  ///
  /// - Parameters:
  ///   - visits: it learns also from those before the range.
  ///   - beginning: when the range begins.
  ///   - hardware: throughout.
  package static func replay(
    _ visits: Visits, in range: Range<Instant>, from beginning: Beginning, on hardware: SpaceHardware,
    replicas: Int? = nil
  ) -> SpaceReplay {
    let startup = beginning.program.startup(on: hardware)
    var histogram = HybridHistogram()
    let earlier = visits.clipped(to: .distantPast..<range.lowerBound).arrivals
    for (visit, next) in zip(earlier, earlier.dropFirst()) { histogram.learn(next.at - visit.at) }
    var before = earlier.last?.at
    var (waits, waiting) = (WaitTally(), PeopleByDay())
    var life = beginning.life(at: range.lowerBound, else: hardware)
    life.requestHardware(hardware, sleep: .never)
    if let replicas { life.requestReplicas(replicas) }
    /// When it is started before the next visit, and how long it then stays up.
    var planned: (start: Instant, sleep: Int64)?
    func prepare(until instant: Instant) {
      guard let plan = planned, plan.start < instant else { return }
      life.advance(to: plan.start)
      life.requestSleepTime(.after(seconds: Int(plan.sleep)))
      life.restart()
      planned = nil
    }
    func wait(from visit: Instant) {
      switch histogram.waiting {
      case .awake(let seconds): life.requestSleepTime(.after(seconds: Int(seconds)))
      case .between(let first, let end):
        // Where it would hardly have fallen asleep, it stays up.
        guard first > 2 * startup else { return life.requestSleepTime(.after(seconds: Int(end))) }
        life.requestSleepTime(.after(seconds: 0))
        planned = (visit + first - startup, end - first + startup)
      }
    }
    wait(from: range.lowerBound)
    for visit in visits.clipped(to: range).arrivals {
      if let before { histogram.learn(visit.at - before) }
      before = visit.at
      prepare(until: visit.at)
      planned = nil
      life.live(through: [visit]) { wait in
        waits.add(wait)
        waiting.add(wait.visit)
      }
      wait(from: visit.at)
    }
    prepare(until: range.upperBound)
    life.advance(to: range.upperBound)
    return SpaceReplay(of: life, waits, waiting, in: range)
  }
}
