/// A piecewise-constant function of time: a value for every instant of a range.
///
/// Kept normal: segments are not empty, follow each other without a hole, and two neighbours differ. So two
/// timelines are equal exactly when they agree at every instant, and work on them is proportional to the
/// number of changes, never to the number of minutes.
///
/// Inlinable, as other modules would otherwise look up what a value is at every step: fleets are
/// simulated five times faster so.
public struct Timeline<Value: Equatable> {
  /// A stretch with one value.
  public struct Segment {
    public let range: Range<Instant>
    public let value: Value

    @inlinable
    init(range: Range<Instant>, value: Value) {
      (self.range, self.value) = (range, value)
    }
  }

  @usableFromInline
  struct Change: Equatable {
    @usableFromInline var start: Instant
    @usableFromInline var value: Value

    @inlinable
    init(start: Instant, value: Value) {
      (self.start, self.value) = (start, value)
    }
  }

  /// The instants that have a value. Empty if there are none.
  public let range: Range<Instant>
  @usableFromInline var changes: [Change]

  @inlinable
  init(range: Range<Instant>, changes: [Change]) {
    self.range = range
    self.changes = changes
  }

  /// The same value throughout.
  @inlinable
  public init(_ value: Value, over range: Range<Instant>) {
    self.init(range: range, changes: range.isEmpty ? [] : [Change(start: range.lowerBound, value: value)])
  }

  /// `initial` from the start of the range, then each change's value from its instant on. Changes must be
  /// in order of time; of several at one instant the last counts; those at or before the start replace
  /// `initial`, and those at or after the end are left out.
  @inlinable
  public init(_ initial: Value, over range: Range<Instant>, changes: some Sequence<(Instant, Value)>) {
    self.init(range: range, changes: [])
    guard !range.isEmpty else { return }
    append(initial, from: range.lowerBound)
    for (instant, value) in changes where instant < range.upperBound {
      append(value, from: max(instant, range.lowerBound))
    }
  }

  /// Another value from an instant in the range on to its end.
  ///
  /// - Parameter start: not before the latest change; what began at the same instant is replaced.
  @inlinable
  package mutating func append(_ value: Value, from start: Instant) {
    // By index: `last` would copy the value.
    if let last = changes.indices.last, changes[last].start >= start { changes.removeLast() }
    if let last = changes.indices.last, changes[last].value == value { return }
    changes.append(Change(start: start, value: value))
  }

  /// In order of time. O(number of segments).
  @inlinable
  public var segments: some RandomAccessCollection<Segment> { changes.indices.lazy.map(segment) }

  /// Those that reach into `limits`, whole, with their places among all. O(log number of segments) to begin.
  @inlinable
  public func numberedSegments(in limits: Range<Instant>) -> some Sequence<(Int, Segment)> {
    indices(in: limits).lazy.map { ($0, segment($0)) }
  }

  @inlinable
  func indices(in limits: Range<Instant>) -> Range<Int> {
    let clipped = range.clamped(to: limits)
    guard !clipped.isEmpty else { return 0..<0 }
    let end = changes.partitioningIndex { $0.start >= clipped.upperBound }
    return changes.partitioningIndex { $0.start > clipped.lowerBound } - 1..<end
  }

  @inlinable
  func segment(_ index: Int) -> Segment {
    Segment(range: changes[index].start..<end(of: index), value: changes[index].value)
  }

  @inlinable
  func end(of index: Int) -> Instant {
    index + 1 < changes.count ? changes[index + 1].start : range.upperBound
  }

  /// The value at an instant, or nil outside the range. O(log number of segments).
  @inlinable
  public func value(at instant: Instant) -> Value? {
    guard range.contains(instant) else { return nil }
    return changes[changes.partitioningIndex { $0.start > instant } - 1].value
  }

  /// The part inside `limits`.
  @inlinable
  public func clipped(to limits: Range<Instant>) -> Timeline {
    let clipped = range.clamped(to: limits)
    guard !clipped.isEmpty else { return Timeline(range: clipped, changes: []) }
    // Where only the end of the last segment is cut off, both share their changes: nothing is copied.
    if let last = changes.last, clipped.lowerBound == range.lowerBound, clipped.upperBound > last.start {
      return Timeline(range: clipped, changes: changes)
    }
    var kept = Array(changes[indices(in: clipped)])
    kept[0].start = clipped.lowerBound
    return Timeline(range: clipped, changes: kept)
  }

  /// Each value replaced; neighbours that become equal become one segment.
  @inlinable
  public func map<Other: Equatable>(_ transform: (Value) throws -> Other) rethrows -> Timeline<Other> {
    var result = Timeline<Other>(range: range, changes: [])
    for change in changes { result.append(try transform(change.value), from: change.start) }
    return result
  }

  /// Both values at every instant at which both have one, combined. O(segments of both).
  @inlinable
  public func zip<Other: Equatable, Combined: Equatable>(
    _ other: Timeline<Other>, _ combine: (Value, Other) throws -> Combined
  ) rethrows -> Timeline<Combined> {
    let common = range.clamped(to: other.range)
    var result = Timeline<Combined>(range: common, changes: [])
    guard !common.isEmpty else { return result }
    var mine = changes.partitioningIndex { $0.start > common.lowerBound } - 1
    var theirs = other.changes.partitioningIndex { $0.start > common.lowerBound } - 1
    // Each is taken when it begins: one of both mostly goes on for long.
    var (myValue, theirValue) = (changes[mine].value, other.changes[theirs].value)
    var instant = common.lowerBound
    while true {
      result.append(try combine(myValue, theirValue), from: instant)
      let (myEnd, theirEnd) = (end(of: mine), other.end(of: theirs))
      instant = min(myEnd, theirEnd)
      guard instant < common.upperBound else { return result }
      if myEnd == instant {
        mine += 1
        myValue = changes[mine].value
      }
      if theirEnd == instant {
        theirs += 1
        theirValue = other.changes[theirs].value
      }
    }
  }

  /// This timeline, with `upper`'s value wherever that one has a value that is not nil.
  @inlinable
  public func overlaid(with upper: Timeline<Value?>) -> Timeline {
    guard !upper.range.clamped(to: range).isEmpty else { return self }
    let before = clipped(to: Instant.distantPast..<max(.distantPast, upper.range.lowerBound))
    let after = clipped(to: min(.distantFuture, upper.range.upperBound)..<Instant.distantFuture)
    var result = Timeline(range: range, changes: [])
    for part in [before, zip(upper) { $1 ?? $0 }, after] {
      for change in part.changes { result.append(change.value, from: change.start) }
    }
    return result
  }

  /// The sum of what each segment adds: how seconds, minutes and money come out of a timeline.
  @inlinable
  public func integrate<Total>(
    into initial: Total, _ add: (inout Total, Segment) throws -> Void
  ) rethrows -> Total {
    var total = initial
    for segment in segments { try add(&total, segment) }
    return total
  }
}

extension Timeline: Equatable {}
extension Timeline: Sendable where Value: Sendable {}
extension Timeline.Change: Sendable where Value: Sendable {}
extension Timeline.Segment: Sendable where Value: Sendable {}
extension Timeline.Segment: Equatable {}

extension RandomAccessCollection {
  /// The first index at which the predicate holds, where it holds for all after the first. O(log n).
  @inlinable
  package func partitioningIndex(where belongs: (Element) -> Bool) -> Index {
    var (low, count) = (startIndex, self.count)
    while count > 0 {
      let half = count / 2
      let middle = index(low, offsetBy: half)
      if belongs(self[middle]) {
        count = half
      } else {
        low = index(after: middle)
        count -= half + 1
      }
    }
    return low
  }
}
