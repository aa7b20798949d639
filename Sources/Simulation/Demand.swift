public import Spaces
public import Timelines

/// When people came to a Space, as far as it is known: at least and at most so many.
public struct Demand: Sendable {
  /// What it rests on, from the most trusted.
  public enum Source: String, Sendable, CaseIterable {
    /// Logs of visits.
    case imported
    /// Looks that saw traffic.
    case recorded
    /// When the Space woke and fell asleep.
    case inferred
  }

  /// The least that explains what is known.
  public let least: Visits
  /// The most: where nothing is known it is always busy.
  public let most: Visits
  /// What it rests on, in order; empty where nothing is known.
  public let sources: [Source]
  /// The time in which visits may have come that nobody knows of, in seconds.
  public let unknownSeconds: Int64
  /// Seconds: what shorter sleep times would have done can't be known from visits that are inferred. 0 where all are
  /// known.
  public let resolution: Int64
  /// The length of the time that it is about, in seconds.
  public let seconds: Int64

  /// Each visit is known.
  public init(known visits: Visits, in range: Range<Instant>) {
    least = visits.clipped(to: range)
    most = least
    sources = [.imported]
    unknownSeconds = 0
    resolution = 0
    seconds = range.seconds
  }

  /// - Parameters:
  ///   - imported: visits, and from when to when each is known.
  ///   - recorded: instants at which somebody looked and saw traffic.
  ///   - states: what the Space was; nil where that is not known.
  ///   - starts: when something else than a visit started it: our own actions.
  public init(
    imported: (visits: Visits, known: Range<Instant>)?, recorded: Visits, states: Timeline<SpaceState?>,
    starts: [Instant], in range: Range<Instant>
  ) {
    let known = imported?.known.clamped(to: range) ?? range.lowerBound..<range.lowerBound
    let visits = (imported?.visits ?? Visits([])).clipped(to: known)
    // Where each visit is known nothing has to be inferred.
    let inferred = [range.lowerBound..<known.lowerBound, known.upperBound..<range.upperBound]
      .filter { !$0.isEmpty }.map { InferredVisits(from: states, starts: starts, in: $0) }
    let seen = recorded.clipped(to: range).arrivals.filter { !known.contains($0.at) }
    least = Visits(visits.arrivals + inferred.flatMap(\.least.arrivals) + seen)
    most = Visits(visits.arrivals + inferred.flatMap(\.most.arrivals) + seen)
    unknownSeconds = inferred.reduce(0) { $0 + $1.unknown.reduce(0) { $0 + $1.seconds } }
    resolution = inferred.map(\.resolution).max() ?? 0
    seconds = range.seconds
    var sources: [Source] = []
    if !known.isEmpty { sources.append(.imported) }
    if !seen.isEmpty { sources.append(.recorded) }
    if inferred.contains(where: { !$0.isEmpty }) { sources.append(.inferred) }
    self.sources = sources
  }

  /// Every visit is known.
  public var isKnown: Bool { least == most }
}
