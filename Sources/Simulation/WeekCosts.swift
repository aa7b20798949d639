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
  let costs: [[Cost]]
  /// What is to be added for going from one candidate to another when an hour of the week begins.
  let changes: [[[Cost]]]

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
    let candidates =
      sleeps.map {
        Candidate(
          settings: Settings(hardware: hardware, sleep: $0, replicas: replicas), patience: $0.length)
      }
      + (isFreeToo ? [Candidate(settings: Settings(hardware: .cpuBasic), patience: nil)] : [])
    let none = [Cost](repeating: Cost(), count: HourOfWeek.count)
    var costs = candidates.map { _ in none }
    var changes = candidates.map { _ in candidates.map { _ in none } }
    let arrivals = visits.arrivals
    let gaps = Gap.all(arrivals, until: until, startup: startup)
    var hours: [(hour: Int, end: Instant)] = []
    HourOfWeek.forEach(in: (gaps.first?.start ?? until)..<until, on: clock) {
      hours.append(($0.index, $1.upperBound))
    }
    var place = 0
    for gap in gaps {
      while hours[place].end <= gap.start { place += 1 }
      for (number, candidate) in candidates.enumerated() {
        guard let patience = candidate.patience else { continue }
        let asleep = gap.start + min(gap.length, patience)
        var (hour, start) = (place, gap.start)
        while start < asleep {
          let end = min(asleep, hours[hour].end)
          costs[number][hours[hour].hour].awake += end - start
          (hour, start) = (hour + 1, end)
        }
      }
      while hours[place].end <= gap.end, place + 1 < hours.count {
        let border = hours[place].end
        place += 1
        for before in candidates.indices {
          for (after, candidate) in candidates.enumerated() where after != before {
            guard let patience = candidate.patience else { continue }
            changes[before][after][hours[place].hour] += gap.cost(
              ofChangeFrom: candidates[before].patience, to: patience, at: border)
          }
        }
      }
      for (number, candidate) in candidates.enumerated() {
        if let patience = candidate.patience, gap.isCold(patience) {
          costs[number][hours[place].hour] += gap.coldStart
        }
      }
    }
    for (number, candidate) in candidates.enumerated() where candidate.patience == nil {
      for visit in arrivals {
        costs[number][HourOfWeek(at: visit.at, on: clock).index] += Cost(
          failures: visit.count, people: visit.count)
      }
    }
    (self.candidates, self.costs, self.changes) = (candidates, costs, changes)
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
