package import Money
import Schedules
package import Spaces
package import Timelines

/// What visits cost under each of some settings, by the hour of the week, and what it costs to go from one to another:
/// from this the best windows are read off without a replay of each.
///
/// It is a sum for whole weeks, and not exact where nobody comes in a window: what is found has to be replayed.
package struct WeekCosts {
  /// Settings that may hold in a window, or outside of all.
  struct Candidate {
    let settings: Settings
    /// Seconds that it stays awake after a visit, not fewer than a start takes; nil on free hardware.
    let patience: Int64?
  }

  struct Cost {
    /// In seconds.
    var awake: Int64 = 0
    /// Cold starts, and visitors whom free hardware lets down.
    var failures = 0
    /// Who wait for a start, and whom free hardware lets down.
    var people = 0

    static func += (left: inout Cost, right: Cost) {
      left.awake += right.awake
      left.failures += right.failures
      left.people += right.people
    }

    static func -= (left: inout Cost, right: Cost) {
      left.awake -= right.awake
      left.failures -= right.failures
      left.people -= right.people
    }
  }

  let perHour: Money
  let candidates: [Candidate]
  /// By candidate, then hour of the week.
  private(set) var costs: [[Cost]]
  /// What is to be added for going from one candidate to another when an hour of the week begins.
  private(set) var changes: [[[Cost]]]

  /// O(visits + hours of their range), for each sleep time, or pair of them.
  ///
  /// - Parameters:
  ///   - until: the end, after the last visit.
  ///   - hardware: that costs money, at so much an hour for all copies.
  ///   - startup: seconds that a start takes.
  ///   - sleeps: not shorter than that.
  ///   - isFreeToo: free hardware is looked at, too. It lets everybody down.
  package init(
    _ visits: Visits, until: Instant, on hardware: SpaceHardware, replicas: Int? = nil, perHour: Money,
    startup: Int64, sleeps: [SleepTime], isFreeToo: Bool, clock: WallClock
  ) {
    self.perHour = perHour
    candidates =
      sleeps.map {
        Candidate(
          settings: Settings(hardware: hardware, sleep: $0, replicas: replicas), patience: $0.length)
      }
      + (isFreeToo ? [Candidate(settings: Settings(hardware: .cpuBasic), patience: nil)] : [])
    let none = [Cost](repeating: Cost(), count: HourOfWeek.count)
    costs = Array(repeating: none, count: candidates.count)
    changes = Array(repeating: costs, count: candidates.count)
    let gaps = Gap.all(visits.arrivals, until: until, startup: startup)
    var hours: [Hour] = []
    HourOfWeek.forEach(in: (gaps.first?.start ?? until)..<until, on: clock) {
      hours.append(Hour(ofWeek: $0.index, end: $1.upperBound))
    }
    var place = 0
    for gap in gaps {
      while hours[place].end <= gap.start { place += 1 }
      addTimeAwake(after: gap, from: place, of: hours)
      while hours[place].end <= gap.end, place + 1 < hours.count {
        let border = hours[place].end
        place += 1
        addChanges(at: border, to: hours[place], in: gap)
      }
      addColdStarts(at: hours[place], ending: gap)
    }
    addLetDown(visits, on: clock)
  }

  private struct Hour {
    /// The index of its ``HourOfWeek``.
    let ofWeek: Int
    let end: Instant
  }

  private mutating func addTimeAwake(after gap: Gap, from place: Int, of hours: [Hour]) {
    for (number, candidate) in candidates.enumerated() {
      guard let patience = candidate.patience else { continue }
      let asleep = gap.start + min(gap.length, patience)
      var (hour, start) = (place, gap.start)
      while start < asleep {
        let end = min(asleep, hours[hour].end)
        costs[number][hours[hour].ofWeek].awake += end - start
        (hour, start) = (hour + 1, end)
      }
    }
  }

  private mutating func addChanges(at border: Instant, to hour: Hour, in gap: Gap) {
    for before in candidates.indices {
      for (after, candidate) in candidates.enumerated() where after != before {
        guard let patience = candidate.patience else { continue }
        changes[before][after][hour.ofWeek] += gap.cost(
          ofChangeFrom: candidates[before].patience, to: patience, at: border)
      }
    }
  }

  private mutating func addColdStarts(at hour: Hour, ending gap: Gap) {
    for (number, candidate) in candidates.enumerated() {
      if let patience = candidate.patience, gap.isCold(patience) {
        costs[number][hour.ofWeek] += gap.coldStart
      }
    }
  }

  /// On free hardware, all who come.
  private mutating func addLetDown(_ visits: Visits, on clock: WallClock) {
    for (number, candidate) in candidates.enumerated() where candidate.patience == nil {
      for visit in visits.arrivals {
        costs[number][HourOfWeek(at: visit.at, on: clock).index] += Cost(
          failures: visit.count, people: visit.count)
      }
    }
  }
}

/// From a visit to the next, or to the end.
private struct Gap {
  let start: Instant
  let end: Instant
  /// How many wait where the visit that ends it meets a Space that sleeps; nil where no visit ends it.
  let waiting: Int?

  static func all(_ arrivals: [Visit], until: Instant, startup: Int64) -> [Gap] {
    // Who comes before a start is done waits, too.
    var (first, people) = (0, 0)
    return arrivals.indices.map { index in
      let isLast = index + 1 == arrivals.count
      guard !isLast else { return Gap(start: arrivals[index].at, end: until, waiting: nil) }
      first = max(first, index + 1)
      while first < arrivals.count,
        first == index + 1 || arrivals[first].at < arrivals[index + 1].at + startup
      {
        people += arrivals[first].count
        first += 1
      }
      defer { people -= arrivals[index + 1].count }
      return Gap(start: arrivals[index].at, end: arrivals[index + 1].at, waiting: people)
    }
  }

  var length: Int64 { end - start }

  /// Whether the visit that ends it meets a Space that sleeps.
  func isCold(_ patience: Int64) -> Bool { waiting != nil && length > patience }

  var coldStart: WeekCosts.Cost { WeekCosts.Cost(failures: 1, people: waiting ?? 0) }

  /// Corrects what a gap costs in whose middle the sleep time changes, or free hardware ends. The new sleep time may
  /// last for an hour only, so the correction saves no more than that hour.
  ///
  /// - Parameter before: nil for free hardware.
  func cost(ofChangeFrom before: Int64?, to patience: Int64, at border: Instant) -> WeekCosts.Cost {
    let hour: Int64 = 3600
    let rest = end - border
    let otherwise = max(0, min(rest, patience - (border - start)))
    var cost = WeekCosts.Cost()
    guard let before else {
      // Other hardware starts at once.
      cost.awake = min(rest, patience) - otherwise
      if isCold(patience), rest <= min(patience, hour) { cost -= coldStart }
      return cost
    }
    if border - start > before {
      // It sleeps on until somebody comes.
      cost.awake = -min(otherwise, hour)
      if waiting != nil, !isCold(patience) { cost += coldStart }
    } else if rest == 0, isCold(patience) {
      // Who comes in that very second comes before it sleeps.
      cost -= coldStart
    }
    return cost
  }
}
