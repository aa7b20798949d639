import Cron
public import Timelines

/// An instant at which it is decided anew what a Space should be.
public struct Boundary: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    /// A rule fires; its place among the policy's rules.
    case rule(Int)
    /// Where a policy has no rules.
    case midnight
    /// `from` or `until` of a rule.
    case validity(Int)
    case overrideBegins(Override)
    case overrideEnds(Override)
  }

  public let instant: Instant
  /// When a rule that acts early is due; else the same instant.
  public let due: Instant
  public let event: Event
  /// What the rule's text asks for, which differs from the clock's reading where the clock skips that minute;
  /// else the clock's reading.
  public let wallTime: WallTime
  /// For people: the rule's label, `midnight`, `the end of launch`.
  public let name: String
  /// What the rule or override sets from here on.
  public let set: Settings

  /// The place of the rule that fires among the policy's rules; nil for all other events.
  public var rule: Int? {
    if case .rule(let index) = event { index } else { nil }
  }

  /// The exception or hold that begins or ends; nil for what the policy's rules make.
  package var override: Override? {
    switch event {
    case .overrideBegins(let override), .overrideEnds(let override): override
    case .rule, .midnight, .validity: nil
    }
  }

  /// Of two rules, the one that is due later wins, then the later wall time (02:00 and 02:30 meet at the end
  /// of a gap), else the later in the file. A rule that acts early is not undone by one that is due before it.
  func loses(to other: Boundary) -> Bool {
    (due, wallTime, rule ?? -1) < (other.due, other.wallTime, other.rule ?? -1)
  }

  func isEarlier(than other: Boundary) -> Bool {
    instant == other.instant ? loses(to: other) : instant < other.instant
  }
}

/// All boundaries of a policy's rules on one instant.
public struct Firing: Hashable, Sendable {
  /// The one that decides.
  public let winner: Boundary
  /// The others, the next best last; nearly always none.
  public let others: [Boundary]

  public var instant: Instant { winner.instant }
}

/// The latest firing of each rule of a policy while they pass one after the other; where it has none, the latest
/// midnight.
struct LatestFirings {
  fileprivate let policy: Policy
  fileprivate let startup: StartupTimes
  /// By rule; nil where it has not fired yet.
  fileprivate var latest: [Boundary?]

  /// - Parameter firing: later than those that passed before.
  mutating func pass(_ firing: Firing) {
    for boundary in firing.others + [firing.winner] {
      switch boundary.event {
      case .rule(let index): latest[index] = boundary
      case .midnight: latest = [boundary]
      // One that acts early may be due right after it begins to count, and has acted then.
      case .validity(let index):
        latest[index] = policy.firing(ofRule: index, atOrBefore: boundary.instant, startup)
      case .overrideBegins, .overrideEnds: break
      }
    }
  }

  /// The firing whose settings hold at an instant, of which it is the latest.
  func deciding(at instant: Instant) -> Boundary? {
    latest.lazy.compactMap(\.self)
      .filter { $0.rule.map { policy.rules[$0].validity.contains(instant) } ?? true }
      .max { $0.loses(to: $1) }
  }
}

/// The boundaries that a policy's rules make; exceptions and holds come on top, in ``SpaceSchedule``.
extension Policy {
  /// The firing whose settings hold at an instant, or nil where there was none yet. A rule that never fires
  /// again is searched for in all its past.
  func decidingFiring(at instant: Instant, _ startup: StartupTimes) -> Boundary? {
    latestFirings(atOrBefore: instant, startup).deciding(at: instant)
  }

  /// A rule that never fires again is searched for in all its past.
  func latestFirings(atOrBefore instant: Instant, _ startup: StartupTimes) -> LatestFirings {
    LatestFirings(
      policy: self, startup: startup,
      latest: rules.isEmpty
        ? [latestMidnight(atOrBefore: instant)]
        : rules.indices.map { firing(ofRule: $0, atOrBefore: instant, startup) })
  }

  /// The latest boundary at or before an instant, or nil where there was none yet.
  public func latestBoundary(
    atOrBefore instant: Instant, _ startup: StartupTimes = StartupTimes()
  ) -> Boundary? {
    guard !rules.isEmpty else { return latestMidnight(atOrBefore: instant) }
    return rules.indices.lazy
      .flatMap { index in
        validityBoundaries(ofRule: index).filter { $0.instant <= instant }
          // One that would have acted before the rule began to count did not act.
          + [firing(ofRule: index, atOrBefore: instant, startup)].compactMap(\.self)
          .filter { $0.instant >= rules[index].validity.lowerBound }
      }
      .max { $0.isEarlier(than: $1) }
  }

  /// The first boundary strictly after an instant, or nil where none will come.
  public func nextBoundary(
    after instant: Instant, _ startup: StartupTimes = StartupTimes()
  ) -> Boundary? {
    guard instant < .distantFuture else { return nil }
    return firings(in: instant + 1..<Instant.distantFuture, startup).first { _ in true }?.winner
  }

  /// The deciding boundary of each instant, in order of time, found one by one as they are asked for.
  public func boundaries(in range: Range<Instant>) -> some Sequence<Boundary> {
    firings(in: range).lazy.map(\.winner)
  }

  /// Every instant with boundaries, with all of them, in order of time, found one by one as they are asked
  /// for. O(number of rules) for each.
  public func firings(
    in range: Range<Instant>, _ startup: StartupTimes = StartupTimes()
  ) -> some Sequence<Firing> {
    FiringSequence(sources: sources(in: range, startup))
  }

  /// Each rule's boundaries in order of time; those at midnight where there is no rule.
  private func sources(in range: Range<Instant>, _ startup: StartupTimes) -> [AnyIterator<Boundary>] {
    guard !rules.isEmpty else { return [AnyIterator(midnights(in: range).makeIterator())] }
    return rules.indices.flatMap { index in
      let ends = validityBoundaries(ofRule: index).filter { range.contains($0.instant) }
      return [firings(ofRule: index, in: range, startup)]
        + (ends.isEmpty ? [] : [AnyIterator(ends.makeIterator())])
    }
  }
}

// MARK: One rule

extension Policy {
  /// The rule's next firing that counts, as if no start was measured yet; nil where none will come.
  func nextFiring(ofRule index: Int, after instant: Instant) -> Boundary? {
    guard instant < .distantFuture else { return nil }
    return firings(ofRule: index, in: instant + 1..<Instant.distantFuture, StartupTimes()).next()
  }

  /// The rule's latest firing that counts, as if no start was measured yet; nil where there was none yet.
  func latestFiring(ofRule index: Int, atOrBefore instant: Instant) -> Boundary? {
    firing(ofRule: index, atOrBefore: instant, StartupTimes())
  }

  /// The rule's latest firing that counts.
  fileprivate func firing(ofRule index: Int, atOrBefore instant: Instant, _ startup: StartupTimes)
    -> Boundary?
  {
    let rule = rules[index]
    let clock = WallClock(zone)
    let leads = leads(ofRule: index, startup)
    var limit = min(leads.latestDue(actingAtOrBefore: instant), rule.validity.upperBound - 1)
    while let occurrence = rule.cron.latestOccurrence(atOrBefore: limit, on: clock),
      rule.validity.contains(occurrence.instant)
    {
      guard let cycle = rule.cycle, !cycle.contains(occurrence.wallTime.date) else {
        return boundary(ofRule: index, occurrence, leads)
      }
      guard let last = cycle.lastDate(before: occurrence.wallTime.date) else { return nil }
      // A minute that the clock skips at the end of that date fires at the first instant of the next.
      limit = min(occurrence.instant - 1, clock.start(of: last + 1))
    }
    return nil
  }

  /// The rule's firings that count, in order of time, found one by one as they are asked for.
  func firings(
    ofRule index: Int, in range: Range<Instant>, _ startup: StartupTimes
  ) -> AnyIterator<Boundary> {
    firings(ofRule: index, in: range, leads(ofRule: index, startup))
  }

  private func firings(
    ofRule index: Int, in range: Range<Instant>, _ leads: Leads
  ) -> AnyIterator<Boundary> {
    let rule = rules[index]
    let clock = WallClock(zone)
    let first = max(range.lowerBound + leads.usual, rule.validity.lowerBound)
    let end = min(leads.latestDue(actingAtOrBefore: range.upperBound - 1) + 1, rule.validity.upperBound)
    var cursor = first - 1
    return AnyIterator {
      while let instant = rule.cron.next(after: cursor, on: clock), instant < end {
        cursor = instant
        guard let occurrence = rule.cron.latestOccurrence(atOrBefore: instant, on: clock) else { return nil }
        if let cycle = rule.cycle, !cycle.contains(occurrence.wallTime.date) {
          cursor = max(cursor, clock.start(of: cycle.firstDate(after: occurrence.wallTime.date)) - 1)
          continue
        }
        let boundary = boundary(ofRule: index, occurrence, leads)
        if boundary.instant >= rule.validity.lowerBound, range.contains(boundary.instant) { return boundary }
      }
      return nil
    }
  }

  private func boundary(ofRule index: Int, _ occurrence: Occurrence, _ leads: Leads) -> Boundary {
    Boundary(
      instant: leads.instant(ofDue: occurrence.instant), due: occurrence.instant, event: .rule(index),
      wallTime: occurrence.wallTime, name: rules[index].label, set: rules[index].set)
  }

  private func leads(ofRule index: Int, _ startup: StartupTimes) -> Leads {
    let rule = rules[index]
    let hardware = rule.set.hardware ?? `default`.hardware
    var leads = Leads(usual: startup.lead(rule.lead, to: hardware))
    guard rule.lead == .measured else { return leads }
    for request in startup.requests {
      let later = request.at + 1..<Instant.distantFuture
      guard let due = firings(ofRule: index, in: later, Leads(usual: 0)).next()?.due,
        request.wasEarly(for: due, on: hardware)
      else { continue }
      leads.acted[due] = min(leads.acted[due] ?? request.at, request.at)
    }
    return leads
  }

  private func validityBoundaries(ofRule index: Int) -> [Boundary] {
    let (rule, clock) = (rules[index], WallClock(zone))
    func boundary(_ instant: Instant, _ word: String) -> Boundary {
      Boundary(
        instant: instant, due: instant, event: .validity(index), wallTime: clock.reading(at: instant),
        name: "the \(word) of \(rule.label)", set: Settings())
    }
    var boundaries: [Boundary] = []
    if rule.validity.lowerBound > .distantPast {
      boundaries.append(boundary(rule.validity.lowerBound, "beginning"))
    }
    if rule.validity.upperBound < .distantFuture {
      boundaries.append(boundary(rule.validity.upperBound, "end"))
    }
    return boundaries
  }
}

/// How early a rule acts.
private struct Leads {
  /// Seconds.
  let usual: Int64
  /// When it has acted, by the instant for which that was early: of the rule's firings the first after it.
  var acted: [Instant: Instant] = [:]

  func instant(ofDue due: Instant) -> Instant { min(due - usual, acted[due] ?? due) }

  /// No firing that is due later acts by an instant.
  func latestDue(actingAtOrBefore instant: Instant) -> Instant {
    acted.filter { $0.value <= instant }.keys.reduce(instant + usual, max)
  }
}

// MARK: Midnights

extension Policy {
  /// The first instant of a date, or nil where the clock skips the date.
  private func midnight(of date: CivilDate, on clock: WallClock) -> Boundary? {
    let day = clock.day(date)
    guard !day.isEmpty else { return nil }
    return Boundary(
      instant: day.lowerBound, due: day.lowerBound, event: .midnight, wallTime: WallTime(date: date),
      name: "midnight", set: Settings())
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
  let sources: [AnyIterator<Boundary>]

  func makeIterator() -> Iterator { Iterator(sources: sources) }

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
