public import Foundation
public import Pricing
public import Spaces
public import Timelines

/// A stretch of a Space's life again, under rules and with the visits that it had.
///
/// A run is taken to come at each boundary, to the second, and whenever the time of an idle rule is over; what people
/// did by hand is left out.
public struct SpaceReplay: Sendable {
  /// What could be seen of the Space.
  public let states: Timeline<SpaceState>
  /// How its visitors fared.
  public let visitors: VisitorTally
  /// How long those waited who did not find it running.
  public let waits: WaitTally
  /// Who waited or was turned away.
  let waiting: PeopleByDay

  /// - Parameters:
  ///   - beginning: when the range begins.
  ///   - steps: of the rules for it, over the same range; nil where nothing may be changed.
  ///   - visits: those outside of the range are left out.
  public init(
    from beginning: Beginning, under steps: RuleSteps?, visits: Visits, in range: Range<Instant>,
    prices: PriceTable
  ) {
    self.init(
      beginning.life(at: range.lowerBound), steps?.steps ?? [], visits,
      steps.map { SimulatedRuns($0, from: beginning, prices: prices) }, in: range)
  }

  /// One hardware and one sleep time throughout. It is asleep when the range begins.
  ///
  /// - Parameters:
  ///   - visits: those outside of the range are left out.
  ///   - startup: seconds from a visit to a sleeping Space until it is served, 0 or more.
  public init(
    _ visits: Visits, in range: Range<Instant>, hardware: SpaceHardware, sleep: SleepTime, startup: Int64
  ) {
    self.init(
      SpaceLifecycle(
        stage: .sleeping, hardware: hardware, sleep: sleep, program: SpaceProgram(startup: startup),
        at: range.lowerBound), [], visits, nil, in: range)
  }

  private init(
    _ life: SpaceLifecycle, _ steps: [RuleSteps.Step], _ visits: Visits, _ runs: SimulatedRuns?,
    in range: Range<Instant>
  ) {
    var course = Course(life: life, rest: visits.clipped(to: range).arrivals[...], runs: runs)
    for step in steps { course.run(at: step) }
    course.live(until: range.upperBound)
    course.life.advance(to: range.upperBound)
    self.init(of: course.life, course.waits, course.waiting, in: range)
  }

  /// A life that has been lived to the end of a range.
  init(of life: SpaceLifecycle, _ waits: WaitTally, _ waiting: PeopleByDay, in range: Range<Instant>) {
    states = life.states.clipped(to: range)
    visitors = life.visitors
    (self.waits, self.waiting) = (waits, waiting)
  }

  /// Seconds in which it started or ran.
  public var awakeSeconds: Int64 {
    states.integrate(into: 0) { total, segment in
      if segment.value.hardware != nil { total += segment.range.seconds }
    }
  }

  /// What it is charged: a line a day.
  public func lineItems(_ prices: PriceTable, zone: TimeZone = .gmt) -> [LineItem] {
    prices.lineItems(of: Bounds(certain: prices.billed(states)), in: states.range, zone: zone)
  }
}

/// A replay on its way.
private struct Course {
  var life: SpaceLifecycle
  /// The visits to come.
  var rest: ArraySlice<Visit>
  var runs: SimulatedRuns?
  var waits = WaitTally()
  var waiting = PeopleByDay()

  mutating func run(at step: RuleSteps.Step) {
    live(until: step.instant)
    life.advance(to: step.instant)
    runs?.run(at: step, on: &life)
  }

  /// Lives through what comes before an instant: visits, and runs that find the Space idle.
  mutating func live(until end: Instant) {
    let last = rest.partitioningIndex { $0.at >= end }
    while let idleTime = runs?.idleTime(of: life) {
      // Up to the first visit that comes after so long that a run found the Space idle before.
      var use = life.unusedSince
      var index = rest.startIndex
      while index < last, rest[index].at - use < idleTime {
        use = max(use, rest[index].at)
        index += 1
      }
      live(throughVisitsBefore: index)
      let due = life.unusedSince + idleTime
      // What the last of them woke is used until its start is done.
      if index < last, rest[index].at < due { continue }
      guard due < end else { break }
      life.advance(to: due)
      runs?.runWhenIdle(on: &life)
      guard runs?.idleTime(of: life) != nil else { continue }
      // Asleep or free: only a visit can change that.
      guard index < last else { break }
      live(throughVisitsBefore: index + 1)
    }
    live(throughVisitsBefore: last)
  }

  private mutating func live(throughVisitsBefore index: Int) {
    life.live(through: rest[..<max(index, rest.startIndex)]) { wait in
      waits.add(wait)
      waiting.add(wait.visit)
    }
    rest = rest[max(index, rest.startIndex)...]
  }
}
