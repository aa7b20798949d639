public import Timelines

/// The visits of one UTC day in compact form: each second in which anybody came, and how many.
///
/// A second takes one to three bytes, and one to two more where more than one came. The numbers are LEB128:
/// the seconds since the one before (the first: since midnight), doubled; one more, and then the count, where
/// that is above 1.
public struct VisitDay: Hashable, Sendable {
  public static let seconds: Int64 = 86_400

  public let bytes: [UInt8]

  /// - Parameter bytes: as ``bytes`` gave them.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// - Parameter visits: all of one UTC day, in order of time, each second once.
  public init(_ visits: [Visit]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(visits.count * 2)
    var last = visits.first.map { Self.midnight(of: Self.number(of: $0.at)) }
    for visit in visits {
      let gap = UInt64(visit.at - (last ?? visit.at)) << 1
      last = visit.at
      if visit.count == 1 {
        LEB128.append(gap, to: &bytes)
      } else {
        LEB128.append(gap | 1, to: &bytes)
        LEB128.append(UInt64(visit.count), to: &bytes)
      }
    }
    self.bytes = bytes
  }

  /// In order of time.
  ///
  /// - Parameter number: of the day that this is.
  public func visits(onDay number: Int64) -> [Visit] {
    var visits: [Visit] = []
    append(onDay: number, to: &visits)
    return visits
  }

  /// Puts them at the end of those of earlier days.
  public func append(onDay number: Int64, to visits: inout [Visit]) {
    // None takes less than a byte.
    visits.append(addingCapacity: bytes.count) { visits in
      var at = Self.midnight(of: number)
      var reader = LEB128.Reader(bytes)
      while let head = reader.next() {
        at = at + Int64(head >> 1)
        guard head & 1 == 1 else {
          visits.append(Visit(at: at))
          continue
        }
        guard let count = reader.next() else { break }
        visits.append(Visit(at: at, count: Int(truncatingIfNeeded: count)))
      }
    }
  }

  /// The UTC day of an instant, counted from 1970-01-01.
  public static func number(of instant: Instant) -> Int64 {
    WallTime(secondsSinceEpoch: instant.secondsSince1970).date.dayNumber
  }

  /// When a UTC day begins.
  public static func midnight(of number: Int64) -> Instant { Instant(secondsSince1970: number * seconds) }
}

/// The visits of Spaces by UTC day, counted from 1970-01-01.
public typealias VisitDays = [SpaceID: [Int64: VisitDay]]

extension VisitDays {
  /// Takes in what another file tells. Of a second that both have, the larger count stays, so that files that
  /// overlap count nobody twice.
  public mutating func raise(to other: VisitDays) {
    for (space, days) in other {
      for (number, day) in days {
        let known = self[space]?[number]?.visits(onDay: number) ?? []
        self[space, default: [:]][number] = VisitDay(known.merged(with: day.visits(onDay: number), Swift.max))
      }
    }
  }
}

extension [Int64: VisitDay] {
  /// What a log of these visits, with lines that say that nobody came, tells of: in order of time. From one line to the
  /// next, but for a ``Silence`` too long to be believed.
  ///
  /// - Parameter quiet: when lines say that nobody came, in any order.
  public func spans(quiet: [Range<Instant>] = []) -> [Range<Instant>] {
    // By days first, of which only those at the ends of a run have to be read.
    var runs: [ClosedRange<Int64>] = []
    for day in keys.sorted() {
      if let run = runs.last, (day - run.upperBound) * VisitDay.seconds < Silence.longest {
        runs[runs.count - 1] = run.lowerBound...day
      } else {
        runs.append(day...day)
      }
    }
    let visited = runs.compactMap { run -> Range<Instant>? in
      guard let first = self[run.lowerBound]?.visits(onDay: run.lowerBound).first,
        let last = self[run.upperBound]?.visits(onDay: run.upperBound).last
      else { return nil }
      return first.at..<last.at + 1
    }
    return (visited + quiet).sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { spans, next in
      if let last = spans.last, next.lowerBound - last.upperBound <= Silence.longest {
        spans[spans.count - 1] = last.lowerBound..<Swift.max(last.upperBound, next.upperBound)
      } else {
        spans.append(next)
      }
    }
  }
}

extension [Visit] {
  /// Two lists, each in order of time and with each second once, as one.
  ///
  /// - Parameter count: how many came in a second that both have.
  public func merged(with other: [Visit], _ count: (Int, Int) -> Int) -> [Visit] {
    if isEmpty { return other }
    if other.isEmpty { return self }
    var merged: [Visit] = []
    merged.reserveCapacity(self.count + other.count)
    var (left, right) = (0, 0)
    while left < self.count, right < other.count {
      if self[left].at < other[right].at {
        merged.append(self[left])
        left += 1
      } else if other[right].at < self[left].at {
        merged.append(other[right])
        right += 1
      } else {
        merged.append(Visit(at: self[left].at, count: count(self[left].count, other[right].count)))
        (left, right) = (left + 1, right + 1)
      }
    }
    return merged + self[left...] + other[right...]
  }
}
