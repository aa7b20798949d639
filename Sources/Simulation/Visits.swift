public import Spaces
public import Timelines

/// When people came to a Space: in order of time, those of one second together.
public struct Visits: Hashable, Sendable {
  /// In order, each second once.
  public let arrivals: [Visit]

  /// - Parameter visits: in any order; those of the same second are added up.
  public init(_ visits: some Sequence<Visit>) {
    var visits = Array(visits)
    // As the history and most files have them.
    guard !zip(visits, visits.dropFirst()).allSatisfy({ $0.at < $1.at }) else {
      arrivals = visits
      return
    }
    visits.sort { $0.at < $1.at }
    var merged: [Visit] = []
    merged.reserveCapacity(visits.count)
    for visit in visits {
      if let last = merged.last, last.at == visit.at {
        merged[merged.count - 1].count += visit.count
      } else {
        merged.append(visit)
      }
    }
    arrivals = merged
  }

  private init(inOrder arrivals: [Visit]) { self.arrivals = arrivals }

  /// Those of stretches that follow each other.
  init(inOrder parts: [Visits]) {
    self.init(inOrder: parts.count == 1 ? parts[0].arrivals : parts.flatMap(\.arrivals))
  }

  /// All of them; those of the same second are added up.
  init(_ parts: Visits...) {
    let parts = parts.filter { !$0.isEmpty }
    if parts.count == 1 {
      self = parts[0]
    } else {
      self.init(parts.flatMap(\.arrivals))
    }
  }

  public var isEmpty: Bool { arrivals.isEmpty }

  /// How many people came.
  public var count: Int { arrivals.reduce(0) { $0 + $1.count } }

  /// Those in a range. O(log n) to find them.
  public func clipped(to range: Range<Instant>) -> Visits {
    let first = arrivals.partitioningIndex { $0.at >= range.lowerBound }
    let end = arrivals.partitioningIndex { $0.at >= range.upperBound }
    if first == 0, end == arrivals.count { return self }
    return Visits(inOrder: Array(arrivals[first..<max(first, end)]))
  }

  /// The same, a number of seconds later.
  func later(by seconds: Int64) -> Visits {
    Visits(inOrder: arrivals.map { Visit(at: $0.at + seconds, count: $0.count) })
  }

  /// The latest before an instant. O(log n).
  func last(before instant: Instant) -> Visit? {
    let next = arrivals.partitioningIndex { $0.at >= instant }
    return next > 0 ? arrivals[next - 1] : nil
  }

  /// From the first visit to a second after the last; nil where there is none.
  public var span: Range<Instant>? {
    guard let first = arrivals.first, let last = arrivals.last else { return nil }
    return first.at..<last.at + 1
  }

  /// Those who find a Space running on `cpu-basic`.
  func served(onFreeHardware states: Timeline<SpaceState>) -> Visits {
    let stays = states.map { $0.stage.isRunning && $0.hardware == .cpuBasic }
    return Visits(inOrder: stays.segments.filter(\.value).map { clipped(to: $0.range) })
  }
}
