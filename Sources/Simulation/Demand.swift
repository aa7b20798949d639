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

  /// What it rests on, without the visits.
  public struct Basis: Hashable, Sendable {
    /// In order; empty where nothing is known.
    public let sources: [Source]
    /// The time in which visits may have come that nobody knows of, in seconds.
    public let unknownSeconds: Int64
    /// The length of the time that it is about, in seconds.
    public let seconds: Int64
  }

  /// The fewest: only where it is known. Fewer than ``least`` where nobody looked.
  public let fewest: Visits
  /// The least that explains what it was by the estimate.
  public let least: Visits
  /// The most: where nothing is known it is always busy.
  public let most: Visits
  public let basis: Basis
  /// Seconds: what shorter sleep times would have done can't be known from visits that are inferred. 0 where logs tell.
  public let resolution: Int64
  /// Logs tell of who came, but for a hundredth of the time at most: they seldom begin and end when looks do.
  public let isLogged: Bool

  /// - Parameters:
  ///   - recorded: instants at which somebody looked and saw traffic.
  ///   - states: what the Space was, by the estimate; nil where that is not known.
  ///   - looks: between which that is not known to the second; without any, it is. In order; of looks that saw the same
  ///     one after the other at least the first and the last.
  ///   - program: how long its starts take.
  ///   - gaps: when nobody looked, in order: it may have been anything, and visited by anybody.
  ///   - starts: when something else than a visit started it: our own actions.
  public init(
    _ log: VisitLog, recorded: Visits, states: Timeline<SpaceState?>, looks: [Instant] = [],
    program: SpaceProgram = SpaceProgram(), gaps: [Range<Instant>], starts: [Instant],
    in range: Range<Instant>
  ) {
    let log = log.clipped(to: range)
    // Where each visit is known nothing has to be inferred.
    let others = range.parts(without: log.spans)
    let seen = Visits(inOrder: others.map(recorded.clipped))
    func infer(from states: Timeline<SpaceState?>) -> [InferredVisits] {
      others.map {
        InferredVisits(
          from: states, looks: looks, program: program, starts: starts, seen: seen, in: $0)
      }
    }
    let inferred = infer(from: states)
    let possible = gaps.isEmpty ? inferred : infer(from: states.forgotten(in: gaps))
    fewest = Visits(log.visits, seen, Visits(inOrder: possible.map(\.least)))
    least = Visits(log.visits, seen, Visits(inOrder: inferred.map(\.least)))
    most = Visits(log.visits, seen, Visits(inOrder: possible.map(\.most)))
    isLogged = log.spans.reduce(0) { $0 + $1.seconds } * 100 >= range.seconds * 99
    resolution = isLogged ? 0 : inferred.map(\.resolution).max() ?? 0
    var sources: [Source] = []
    if !log.spans.isEmpty { sources.append(.imported) }
    if !seen.isEmpty { sources.append(.recorded) }
    if inferred.contains(where: { !$0.isEmpty }) { sources.append(.inferred) }
    basis = Basis(
      sources: sources, unknownSeconds: possible.reduce(0) { $0 + $1.unknown.reduce(0) { $0 + $1.seconds } },
      seconds: range.seconds)
  }

  /// Every visit is known.
  public var isKnown: Bool { least == most }
}

extension Timeline<SpaceState?> {
  /// - Parameter gaps: in order of time, apart from each other.
  fileprivate func forgotten(in gaps: [Range<Instant>]) -> Timeline {
    let isForgotten = Timeline<Bool>(
      false, over: range, changes: gaps.flatMap { [($0.lowerBound, true), ($0.upperBound, false)] })
    return zip(isForgotten) { $1 ? nil : $0 }
  }
}

extension Range<Instant> {
  /// What is left of it: none of the parts is empty.
  /// - Parameter taken: in order of time, apart from each other, inside of it.
  fileprivate func parts(without taken: [Range]) -> [Range] {
    let starts = [lowerBound] + taken.map(\.upperBound)
    let ends = taken.map(\.lowerBound) + [upperBound]
    return zip(starts, ends).filter { $0 < $1 }.map { $0..<$1 }
  }
}
