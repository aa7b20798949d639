import Spaces
import Timelines

/// How many people came on each day (UTC); without those of nobody.
struct PeopleByDay: Sendable {
  private(set) var counts: [(day: CivilDate, people: Int)] = []
  /// When the last of these days is over.
  private var end = Instant.distantPast

  init() {}

  init(_ visits: Visits) {
    for visit in visits.arrivals { add(visit) }
  }

  /// - Parameter visit: not before the latest.
  mutating func add(_ visit: Visit) {
    if visit.at < end {
      counts[counts.count - 1].people += visit.count
    } else {
      let number = VisitDay.number(of: visit.at)
      counts.append((CivilDate(dayNumber: number), visit.count))
      end = VisitDay.midnight(of: number + 1)
    }
  }
}
