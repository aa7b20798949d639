public import Foundation
public import Timelines

/// An occurrence, and the minute on the wall for which it is one.
public struct Occurrence: Hashable, Sendable {
  public let instant: Instant
  /// What the clock shows at the instant; at the end of a gap the skipped minute, if only that one matches.
  public let wallTime: WallTime
}

// An interval rule asks what the clock shows, a fixed rule how far it has come: that never falls, and each
// wall minute is reached once, at its first showing or, if it is skipped, at the end of the gap. So a fixed
// rule needs one search among wall minutes and one among the zone's changes.
extension CronExpression {
  /// The first occurrence strictly after an instant, or nil if there is none up to the year 9999.
  ///
  /// Takes some hundred nanoseconds where dates are not rare, and searches 400 years at most, after which
  /// the calendar repeats. Allocates nothing.
  public func next(after instant: Instant, on clock: WallClock) -> Instant? {
    guard !neverFires, instant < .distantFuture else { return nil }
    let second = max(instant, .distantPast - 1)
    guard let found = isInterval ? nextShown(after: second, clock) : nextReached(after: second, clock),
      found <= .distantFuture
    else { return nil }
    return found
  }

  /// The last occurrence at or before an instant, or nil if there is none from the year 1 on.
  ///
  /// Of several wall minutes that fire at one instant, the end of a gap, it has the latest. Costs what
  /// ``next(after:on:)`` does.
  public func latestOccurrence(atOrBefore instant: Instant, on clock: WallClock) -> Occurrence? {
    guard !neverFires, instant >= .distantPast else { return nil }
    let second = min(instant, .distantFuture)
    guard let found = isInterval ? lastShown(through: second, clock) : lastReached(through: second, clock),
      found.instant >= .distantPast
    else { return nil }
    return found
  }

  /// The last occurrence at or before an instant: the instant itself, if it is one.
  public func previous(atOrBefore instant: Instant, on clock: WallClock) -> Instant? {
    latestOccurrence(atOrBefore: instant, on: clock)?.instant
  }

  /// The last occurrence strictly before an instant.
  public func previous(before instant: Instant, on clock: WallClock) -> Instant? {
    guard instant > .distantPast else { return nil }
    return latestOccurrence(atOrBefore: instant - 1, on: clock)?.instant
  }

  /// As ``next(after:on:)``, on the clock of a zone.
  public func next(after instant: Instant, in zone: TimeZone) -> Instant? {
    next(after: instant, on: WallClock(zone))
  }

  /// As ``latestOccurrence(atOrBefore:on:)``, on the clock of a zone.
  public func latestOccurrence(atOrBefore instant: Instant, in zone: TimeZone) -> Occurrence? {
    latestOccurrence(atOrBefore: instant, on: WallClock(zone))
  }

  /// As ``previous(atOrBefore:on:)``, on the clock of a zone.
  public func previous(atOrBefore instant: Instant, in zone: TimeZone) -> Instant? {
    previous(atOrBefore: instant, on: WallClock(zone))
  }

  /// As ``previous(before:on:)``, on the clock of a zone.
  public func previous(before instant: Instant, in zone: TimeZone) -> Instant? {
    previous(before: instant, on: WallClock(zone))
  }

  // MARK: Interval rules

  private func nextShown(after instant: Instant, _ clock: WallClock) -> Instant? {
    var second = instant.secondsSince1970 + 1
    let lastDay = second / 86_400 + daysToSearch
    // The latest search: no minute from `searched` on matches before `found`.
    var searched = Int64.max
    var found = Int64.min
    while true {
      let stretch = clock.stretch(at: Instant(secondsSince1970: second))
      let wall = second + stretch.offset
      if wall < searched || wall > found {
        guard let minute = wallMinutes.first(from: wall, lastDay: lastDay) else { return nil }
        (searched, found) = (wall, minute)
      }
      if found < stretch.wallEnd { return Instant(secondsSince1970: found - stretch.offset) }
      second = stretch.end
    }
  }

  private func lastShown(through instant: Instant, _ clock: WallClock) -> Occurrence? {
    var second = instant.secondsSince1970
    let firstDay = second / 86_400 - daysToSearch
    var searched = Int64.min
    var found = Int64.max
    while true {
      let stretch = clock.stretch(at: Instant(secondsSince1970: second))
      let wall = second + stretch.offset
      if wall > searched || wall < found {
        guard let minute = wallMinutes.last(through: wall, firstDay: firstDay) else { return nil }
        (searched, found) = (wall, minute)
      }
      if found >= stretch.wallStart {
        return Occurrence(
          instant: Instant(secondsSince1970: found - stretch.offset),
          wallTime: WallTime(secondsSinceEpoch: found))
      }
      second = stretch.start - 1
    }
  }

  // MARK: Fixed rules

  private func nextReached(after instant: Instant, _ clock: WallClock) -> Instant? {
    let wall = firstUnreached(after: instant, clock)
    return wallMinutes.first(from: wall, lastDay: wall / 86_400 + daysToSearch)
      .map { whenReached($0, clock) }
  }

  private func lastReached(through instant: Instant, _ clock: WallClock) -> Occurrence? {
    let wall = firstUnreached(after: instant, clock)
    return wallMinutes.last(through: wall - 1, firstDay: wall / 86_400 - daysToSearch)
      .map { Occurrence(instant: whenReached($0, clock), wallTime: WallTime(secondsSinceEpoch: $0)) }
  }

  /// The first wall second whose minute, if it begins there, fires after an instant.
  private func firstUnreached(after instant: Instant, _ clock: WallClock) -> Int64 {
    let stretch = clock.stretch(at: instant)
    let wall = instant.secondsSince1970 + stretch.offset
    // A gap that ends within a minute fires when the next one begins.
    return wall < stretch.firstWholeMinute ? stretch.reached : max(stretch.reached, wall + 1)
  }

  private func whenReached(_ wallMinute: Int64, _ clock: WallClock) -> Instant {
    let stretch = clock.stretch(reaching: wallMinute)
    let wall = wallMinute < stretch.wallStart ? stretch.firstWholeMinute : wallMinute
    return Instant(secondsSince1970: wall - stretch.offset)
  }

  /// The Gregorian cycle, and a day each way as zones differ by more than one.
  private var daysToSearch: Int64 { 146_097 + 2 }
}

extension ClockStretch {
  /// The first wall second of the stretch that begins a minute.
  fileprivate var firstWholeMinute: Int64 {
    let second = wallStart % 60
    return second == 0 ? wallStart : wallStart - second + (second > 0 ? 60 : 0)
  }
}
