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

  /// The least that explains what is known.
  public let least: Visits
  /// The most: where nothing is known it is always busy.
  public let most: Visits
  public let basis: Basis
  /// Seconds: what shorter sleep times would have done can't be known from visits that are inferred. 0 where logs tell.
  public let resolution: Int64
  /// Logs tell of who came, but for a hundredth of the time at most: they seldom begin and end when looks do.
  public let isLogged: Bool

  /// Each visit is known.
  public init(known visits: Visits, in range: Range<Instant>) {
    least = visits.clipped(to: range)
    most = least
    basis = Basis(sources: [.imported], unknownSeconds: 0, seconds: range.seconds)
    resolution = 0
    isLogged = true
  }

  /// - Parameters:
  ///   - imported: visits that logs told of.
  ///   - known: from when to when the logs knew who came: in order of time, apart from each other.
  ///   - recorded: instants at which somebody looked and saw traffic.
  ///   - states: what the Space was; nil where that is not known.
  ///   - starts: when something else than a visit started it: our own actions.
  public init(
    imported: Visits, known: [Range<Instant>], recorded: Visits, states: Timeline<SpaceState?>,
    starts: [Instant], in range: Range<Instant>
  ) {
    let known = known.map { $0.clamped(to: range) }.filter { !$0.isEmpty }
    let told = Visits(inOrder: known.map(imported.clipped))
    // Where each visit is known nothing has to be inferred.
    let others = range.parts(without: known)
    let seen = Visits(inOrder: others.map(recorded.clipped))
    let inferred = others.map { InferredVisits(from: states, starts: starts, seen: seen, in: $0) }
    least = Visits(told, seen, Visits(inOrder: inferred.map(\.least)))
    most = Visits(told, seen, Visits(inOrder: inferred.map(\.most)))
    isLogged = known.reduce(0) { $0 + $1.seconds } * 100 >= range.seconds * 99
    resolution = isLogged ? 0 : inferred.map(\.resolution).max() ?? 0
    var sources: [Source] = []
    if !known.isEmpty { sources.append(.imported) }
    if !seen.isEmpty { sources.append(.recorded) }
    if inferred.contains(where: { !$0.isEmpty }) { sources.append(.inferred) }
    basis = Basis(
      sources: sources, unknownSeconds: inferred.reduce(0) { $0 + $1.unknown.reduce(0) { $0 + $1.seconds } },
      seconds: range.seconds)
  }

  public var sources: [Source] { basis.sources }
  public var unknownSeconds: Int64 { basis.unknownSeconds }
  public var seconds: Int64 { basis.seconds }
  /// Every visit is known.
  public var isKnown: Bool { least == most }
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
