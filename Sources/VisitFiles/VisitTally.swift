import Spaces
import Timelines

/// Adds up visits in any order, in memory that grows with the seconds in which anybody came (a few bytes each),
/// not with the visits.
struct VisitTally {
  private struct Entry {
    /// The Space's number in the upper 24 bits, the seconds since the year 1 in the lower 40.
    var key: UInt64
    var count: Int
  }

  static let mostSpaces = 1 << 24
  private static let capacity = 1 << 18

  private var entries: [Entry] = []
  private var days: [[Int64: VisitDay]] = []

  init() { entries.reserveCapacity(Self.capacity) }

  /// - Parameters:
  ///   - count: 1 or more.
  ///   - second: since 1970, between ``Instant/distantPast`` and ``Instant/distantFuture``.
  ///   - space: its number, from 0.
  mutating func add(_ count: Int, at second: Int64, space: Int) {
    let key = UInt64(space) << 40 | UInt64(second - Instant.distantPast.secondsSince1970)
    if let last = entries.indices.last, entries[last].key == key {
      entries[last].count += count
      return
    }
    entries.append(Entry(key: key, count: count))
    if entries.count == Self.capacity { settle() }
  }

  /// The visits of each Space, by its number.
  mutating func result() -> [[Int64: VisitDay]] {
    settle()
    return days
  }

  /// Moves what has piled up into its days.
  private mutating func settle() {
    if !zip(entries, entries.dropFirst()).allSatisfy({ $0.key < $1.key }) { entries.sort { $0.key < $1.key } }
    var index = 0
    while index < entries.count {
      let first = entries[index].key
      let day = VisitDay.number(of: Self.instant(first))
      let rest = VisitDay.midnight(of: day + 1) - Self.instant(first)
      let end = first + UInt64(rest)
      var visits: [Visit] = []
      while index < entries.count, entries[index].key < end {
        let at = Self.instant(entries[index].key)
        if let last = visits.indices.last, visits[last].at == at {
          visits[last].count += entries[index].count
        } else {
          visits.append(Visit(at: at, count: entries[index].count))
        }
        index += 1
      }
      let space = Int(first >> 40)
      while days.count <= space { days.append([:]) }
      let known = days[space][day]?.visits(onDay: day) ?? []
      days[space][day] = VisitDay(known.merged(with: visits, +))
    }
    entries.removeAll(keepingCapacity: true)
  }

  private static func instant(_ key: UInt64) -> Instant { Instant.distantPast + Int64(key & 0xFF_FFFF_FFFF) }
}
