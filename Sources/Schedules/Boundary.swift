import Cron
public import Timelines

/// A firing of a rule; for a policy without rules, midnight of its zone.
public struct Boundary: Hashable, Sendable {
  public let instant: Instant
  /// What the rule's text asks for; differs from the clock's reading where the clock skips that minute.
  public let wallTime: WallTime
  /// The place of the rule among the policy's rules; nil for midnight.
  public let rule: Int?
  /// The rule's label, or `midnight`.
  public let name: String
  /// What the rule sets; empty for midnight.
  public let set: Settings

  /// Of two on one instant, the later wall time wins (02:00 and 02:30 meet at the end of a gap), else the
  /// later in the file.
  func loses(to other: Boundary) -> Bool {
    (instant, wallTime, rule ?? -1) < (other.instant, other.wallTime, other.rule ?? -1)
  }
}

/// All boundaries of a policy on one instant.
public struct Firing: Hashable, Sendable {
  /// The one that decides.
  public let winner: Boundary
  /// The others, the next best last; nearly always none.
  public let others: [Boundary]

  public var instant: Instant { winner.instant }
}

extension Policy {
  /// The boundary that decides at an instant, or nil where there was none yet. A rule that never fires
  /// again is searched for in all its past.
  public func latestBoundary(atOrBefore instant: Instant) -> Boundary? {
    guard !rules.isEmpty else { return latestMidnight(atOrBefore: instant) }
    return rules.indices.lazy
      .compactMap { boundary(ofRule: $0, atOrBefore: instant) }
      .max { $0.loses(to: $1) }
  }

  /// The first boundary strictly after an instant, or nil where none will come.
  public func nextBoundary(after instant: Instant) -> Boundary? {
    guard instant < .distantFuture else { return nil }
    return boundaries(in: instant + 1..<Instant.distantFuture).first { _ in true }
  }

  /// The deciding boundary of each instant, in order of time, found one by one as they are asked for.
  public func boundaries(in range: Range<Instant>) -> some Sequence<Boundary> {
    firings(in: range).lazy.map(\.winner)
  }

  /// Every instant with boundaries, with all of them, in order of time, found one by one as they are asked
  /// for. O(number of rules) for each.
  public func firings(in range: Range<Instant>) -> some Sequence<Firing> {
    FiringSequence(policy: self, range: range)
  }

  /// The rule's latest boundary.
  fileprivate func boundary(ofRule index: Int, atOrBefore instant: Instant) -> Boundary? {
    let rule = rules[index]
    return rule.cron.latestOccurrence(atOrBefore: instant, in: zone).map { occurrence in
      Boundary(
        instant: occurrence.instant, wallTime: occurrence.wallTime, rule: index, name: rule.label,
        set: rule.set)
    }
  }

  /// Each rule's boundaries in order of time; those at midnight where there is no rule.
  fileprivate func sources(in range: Range<Instant>) -> [AnyIterator<Boundary>] {
    guard !rules.isEmpty else { return [AnyIterator(midnights(in: range).makeIterator())] }
    return rules.indices.map { index in
      AnyIterator(
        rules[index].cron.occurrences(in: range, zone: zone).lazy
          .compactMap { boundary(ofRule: index, atOrBefore: $0) }.makeIterator())
    }
  }
}

// MARK: Midnights

extension Policy {
  /// The first instant of a date, or nil where the clock skips the date.
  private func midnight(of date: CivilDate, on clock: WallClock) -> Boundary? {
    let day = clock.day(date)
    guard !day.isEmpty else { return nil }
    return Boundary(
      instant: day.lowerBound, wallTime: WallTime(date: date), rule: nil, name: "midnight", set: Settings())
  }

  private func latestMidnight(atOrBefore instant: Instant) -> Boundary? {
    let clock = WallClock(zone)
    // A clock that goes back over midnight shows the old date again after the new one has begun.
    return sequence(first: clock.date(at: instant) + 1) { $0 + -1 }.lazy
      .compactMap { midnight(of: $0, on: clock) }
      .first { $0.instant <= instant }
  }

  private func midnights(in range: Range<Instant>) -> some Sequence<Boundary> {
    let clock = WallClock(zone)
    return sequence(first: clock.date(at: range.lowerBound)) { $0 + 1 }.lazy
      .compactMap { midnight(of: $0, on: clock) }
      .drop { $0.instant < range.lowerBound }
      .prefix { $0.instant < range.upperBound }
  }
}

/// Merges the boundaries of all rules.
private struct FiringSequence: Sequence {
  let policy: Policy
  let range: Range<Instant>

  func makeIterator() -> Iterator { Iterator(sources: policy.sources(in: range)) }

  struct Iterator: IteratorProtocol {
    private let sources: [AnyIterator<Boundary>]
    private var heads: [Boundary?]

    init(sources: [AnyIterator<Boundary>]) {
      self.sources = sources
      heads = sources.map { $0.next() }
    }

    mutating func next() -> Firing? {
      guard let instant = heads.lazy.compactMap(\.?.instant).min() else { return nil }
      var together: [Boundary] = []
      for (index, head) in heads.enumerated() {
        guard let head, head.instant == instant else { continue }
        together.append(head)
        heads[index] = sources[index].next()
      }
      together.sort { $0.loses(to: $1) }
      return together.popLast().map { Firing(winner: $0, others: together) }
    }
  }
}
