public import Foundation
public import Timelines

extension CronExpression {
  /// All occurrences in a range, found one by one as they are asked for, from either end.
  public func occurrences(in range: Range<Instant>, zone: TimeZone) -> CronOccurrences {
    occurrences(in: range, on: WallClock(zone))
  }

  /// All occurrences in a range, found one by one as they are asked for, from either end.
  public func occurrences(in range: Range<Instant>, on clock: WallClock) -> CronOccurrences {
    CronOccurrences(expression: self, clock: clock, range: range)
  }
}

/// The occurrences of a cron expression in a range of time, in order; lazy in both directions.
///
/// An index is an instant, so each step is one ``CronExpression/next(after:on:)``, reading is O(1), and
/// counting takes every step.
public struct CronOccurrences: BidirectionalCollection, Sendable {
  /// The place of an occurrence, or the end.
  public struct Index: Comparable, Sendable {
    fileprivate let instant: Instant

    public static func < (left: Index, right: Index) -> Bool { left.instant < right.instant }
  }

  public let startIndex: Index
  public let endIndex: Index
  private let expression: CronExpression
  private let clock: WallClock

  fileprivate init(expression: CronExpression, clock: WallClock, range: Range<Instant>) {
    self.expression = expression
    self.clock = clock
    endIndex = Index(instant: range.upperBound)
    let first = Swift.max(range.lowerBound, .distantPast)
    startIndex = Self.index(of: expression.next(after: first - 1, on: clock), before: endIndex)
  }

  public subscript(position: Index) -> Instant { position.instant }

  public func index(after index: Index) -> Index {
    Self.index(of: expression.next(after: index.instant, on: clock), before: endIndex)
  }

  public func index(before index: Index) -> Index {
    // A collection's caller never asks before the start.
    Index(instant: expression.previous(before: index.instant, on: clock) ?? startIndex.instant)
  }

  private static func index(of instant: Instant?, before end: Index) -> Index {
    instant.map { Swift.min(Index(instant: $0), end) } ?? end
  }
}
