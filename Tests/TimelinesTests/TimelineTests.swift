import TestSupport
import Testing
import Timelines

@Test func segmentsAreNormal() {
  let timeline = Timeline(
    "a", over: at(0)..<at(10),
    changes: [(at(2), "a"), (at(3), "b"), (at(3), "c"), (at(5), "c"), (at(12), "d")])
  #expect(timeline.segments.map(\.value) == ["a", "c"])
  #expect(timeline.segments.map(\.range) == [at(0)..<at(3), at(3)..<at(10)])
}

@Test func valueAtAnInstant() {
  let timeline = Timeline(1, over: at(0)..<at(10), changes: [(at(4), 2)])
  #expect(timeline.value(at: at(3)) == 1)
  #expect(timeline.value(at: at(4)) == 2)
  #expect(timeline.value(at: at(10)) == nil)
  #expect(timeline.value(at: at(-1)) == nil)
}

/// Every operation must say at each instant what a table of values, one a second, says.
@Test(arguments: UInt64(1)...200) func operationsAgreeWithATable(seed: UInt64) {
  var random = SplitMix64(seed: seed)
  let (left, leftTable) = randomTimeline(using: &random)
  let (right, rightTable) = randomTimeline(using: &random)
  let limits = randomRange(using: &random)

  expect(left.clipped(to: limits), leftTable.filter { limits.contains(at($0.key)) })
  for change in left.segments {
    let before = left.range.lowerBound..<change.range.lowerBound
    expect(left.clipped(to: before), leftTable.filter { before.contains(at($0.key)) })
  }
  expect(left.map { $0.map { $0 / 2 } }, leftTable.mapValues { $0.map { $0 / 2 } })
  let both = leftTable.reduce(into: [Int64: Int?]()) { table, entry in
    if let other = rightTable[entry.key] { table[entry.key] = (entry.value ?? 0) + (other ?? 0) }
  }
  expect(left.zip(right) { ($0 ?? 0) + ($1 ?? 0) }, both)
  let base = left.map { $0 ?? 0 }
  let overlaid = leftTable.reduce(into: [Int64: Int?]()) { table, entry in
    table[entry.key] = rightTable[entry.key].flatMap { $0 } ?? entry.value ?? 0
  }
  expect(base.overlaid(with: right), overlaid)
  let sum = left.integrate(into: Int64(0)) { $0 += Int64($1.value ?? 0) * $1.range.seconds }
  #expect(sum == leftTable.values.reduce(0) { $0 + Int64($1 ?? 0) })
}

private func expect<Value>(_ timeline: Timeline<Value>, _ table: [Int64: Int?]) where Value: Equatable {
  for second in Int64(-5)...45 {
    let value = timeline.value(at: at(second)).flatMap { $0 as? Int ?? ($0 as? Int?).flatMap { $0 } }
    #expect(value == table[second].flatMap { $0 }, "at \(second)")
    #expect((timeline.value(at: at(second)) == nil) == (table[second] == nil), "at \(second)")
  }
  for segment in timeline.segments { #expect(!segment.range.isEmpty) }
  for (one, next) in zip(timeline.segments, timeline.segments.dropFirst()) {
    #expect(one.range.upperBound == next.range.lowerBound)
    #expect(one.value != next.value)
  }
}

private func at(_ second: Int64) -> Instant { Instant(secondsSince1970: second) }

private func randomRange(using random: inout SplitMix64) -> Range<Instant> {
  let start = Int64.random(in: 0..<40, using: &random)
  return at(start)..<at(Int64.random(in: start...40, using: &random))
}

private func randomTimeline(using random: inout SplitMix64) -> (Timeline<Int?>, [Int64: Int?]) {
  let range = randomRange(using: &random)
  func value() -> Int? { Bool.random(using: &random) ? Int.random(in: 0..<4, using: &random) : nil }
  let initial = value()
  let changes = (0..<Int.random(in: 0..<8, using: &random))
    .map { _ in Int64.random(in: -3..<44, using: &random) }.sorted().map { (at($0), value()) }
  var table: [Int64: Int?] = [:]
  for second in range.lowerBound.secondsSince1970..<range.upperBound.secondsSince1970 {
    table[second] = changes.last { $0.0 <= at(second) }.map(\.1) ?? initial
  }
  return (Timeline(initial, over: range, changes: changes), table)
}
