public import Timelines

/// What logs tell of a Space's visitors.
public struct VisitLog: Hashable, Sendable {
  public let visits: Visits
  /// From when to when these are all who came: in order of time, apart from each other.
  public let spans: [Range<Instant>]

  public init(_ visits: Visits = Visits([]), spans: [Range<Instant>] = []) {
    self.visits = visits
    self.spans = spans
  }

  /// The part of it in a range.
  func clipped(to range: Range<Instant>) -> VisitLog {
    let spans = spans.map { $0.clamped(to: range) }.filter { !$0.isEmpty }
    return VisitLog(Visits(inOrder: spans.map(visits.clipped)), spans: spans)
  }
}
