import Spaces
import Timelines

/// How many people came on each day (UTC); without those of nobody.
struct PeopleByDay: Sendable {
  private(set) var counts: [(day: CivilDate, people: Int)] = []

  init() {}

  init(_ visits: Visits) {
    for visit in visits.arrivals { add(visit) }
  }

  /// - Parameter visit: not before the latest.
  mutating func add(_ visit: Visit) {
    let day = WallTime(secondsSinceEpoch: visit.at.secondsSince1970).date
    if let last = counts.indices.last, counts[last].day == day {
      counts[last].people += visit.count
    } else {
      counts.append((day, visit.count))
    }
  }
}
