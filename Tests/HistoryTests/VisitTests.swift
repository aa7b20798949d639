import History
import Spaces
import TestSupport
import Testing
import Timelines

private let everything = Instant.distantPast..<Instant.distantFuture

private func days(_ visits: [SpaceID: [Visit]]) -> VisitDays {
  visits.mapValues { list in
    Dictionary(grouping: list.sorted { $0.at < $1.at }, by: { VisitDay.number(of: $0.at) })
      .mapValues { VisitDay($0) }
  }
}

private func visit(_ second: Int64, _ count: Int = 1) -> Visit {
  Visit(at: Instant(secondsSince1970: second), count: count)
}

extension History {
  /// As from a file each.
  @discardableResult
  fileprivate func importVisits(_ visits: [SpaceID: [Visit]]) throws -> VisitsAdded {
    try importVisits(days(visits), known: days(visits).mapValues { $0.spans() })
  }
}

/// Over ten days around 1970, so that days before it count too; each second once.
private func randomVisits(_ random: inout SplitMix64) -> [Visit] {
  let seconds = (0..<Int.random(in: 0...200, using: &random)).map { _ in
    Bool.random(using: &random)
      ? Int64.random(in: -432_000..<432_000, using: &random)
      : 86_400 * Int64.random(in: -5..<5, using: &random) - Int64.random(in: 0...1, using: &random)
  }
  return Set(seconds).sorted().map { second in
    visit(second, Bool.random(using: &random) ? 1 : Int.random(in: 1...1_000_000, using: &random))
  }
}

@Test(arguments: 0..<UInt64(100)) func visitsComeOutAsTheyWentIn(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let history = try History()
  let (chat, demo) = (try SpaceID("acme/chat"), try SpaceID("acme/demo"))
  let visits = [chat: randomVisits(&random), demo: randomVisits(&random)]
  let total = visits.values.joined().reduce(0) { $0 + $1.count }
  #expect(try history.importVisits(visits).visits == total)
  let first = Instant(secondsSince1970: Int64.random(in: -500_000..<500_000, using: &random))
  let range = first..<(first + Int64.random(in: 0..<500_000, using: &random))
  for (space, list) in visits {
    #expect(try history.visits(of: space, in: everything, from: .imported) == list)
    #expect(
      try history.visits(of: space, in: range, from: .imported) == list.filter { range.contains($0.at) })
    let span = list.first.flatMap { first in list.last.map { first.at..<$0.at + 1 } }
    #expect(try history.visitSpans(of: space) == [span].compactMap(\.self))
  }
}

@Test(arguments: 0..<UInt64(50)) func addingInAnyOrderAndAgainIsTheSame(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let space = try SpaceID("acme/chat")
  let parts = (0..<3).map { _ in randomVisits(&random) }
  let (one, other) = (try History(), try History())
  for part in parts { try one.importVisits([space: part]) }
  for part in (parts + parts).shuffled(using: &random) { try other.importVisits([space: part]) }
  let stored = try one.visits(of: space, in: everything, from: .imported)
  #expect(try other.visits(of: space, in: everything, from: .imported) == stored)
  #expect(try one.importVisits([space: stored]) == VisitsAdded())
}

@Test func ofOneSecondTheLargerCountStays() throws {
  let history = try History()
  let space = try SpaceID("acme/chat")
  #expect(
    try history.importVisits([space: [visit(5, 3)]])
      == VisitsAdded(visits: 3, newSpaces: [space], knowsMore: true))
  #expect(try history.importVisits([space: [visit(5, 2), visit(6)]]).visits == 1)
  try history.recordVisits([space: [visit(6).at, visit(9).at, visit(9).at]])
  #expect(try history.visits(of: space, in: everything, from: .imported) == [visit(5, 3), visit(6)])
  #expect(try history.visits(of: space, in: everything, from: .recorded) == [visit(6), visit(9)])
  #expect(try history.visitSpans(of: space) == [visit(5).at..<visit(7).at])
}

@Test func whatNoFileToldIsNotKnown() throws {
  let history = try History()
  let space = try SpaceID("acme/chat")
  let day = VisitDay.seconds
  try history.importVisits([space: [visit(0), visit(10)]])
  try history.importVisits([space: [visit(10 * day), visit(11 * day)]])
  let (early, late) = (visit(0).at..<visit(11).at, visit(10 * day).at..<visit(11 * day + 1).at)
  #expect(try history.visitSpans(of: space) == [early, late])
  // A log that was rotated: a day later at most.
  try history.importVisits([space: [visit(11 + day), visit(12 + day)]])
  #expect(try history.visitSpans(of: space) == [early.lowerBound..<visit(13 + day).at, late])
  // Nobody came, and that is known.
  try history.importVisits([:], known: [space: [visit(0).at..<visit(10 * day).at]])
  #expect(try history.visitSpans(of: space) == [early.lowerBound..<late.upperBound])
}

@Test func nothingIsKnownOfAStranger() throws {
  let history = try History()
  #expect(try history.visits(of: SpaceID("acme/chat"), in: everything, from: .imported).isEmpty)
  #expect(try history.visitSpans(of: SpaceID("acme/chat")).isEmpty)
  #expect(try history.spaces().isEmpty)
}

@Test func aRenamedSpaceKeepsItsVisitsAndTakesOverTheNewOnes() throws {
  let history = try History()
  let (old, new) = (try SpaceID("acme/old"), try SpaceID("acme/new"))
  try history.importVisits([old: [visit(1), visit(2, 5)], new: [visit(2, 3), visit(3)]])
  try history.recordVisits([old: [visit(4).at], new: [visit(5).at]])
  #expect(try history.rename(old, to: new, at: visit(9).at))
  for name in [old, new] {
    #expect(
      try history.visits(of: name, in: everything, from: .imported) == [visit(1), visit(2, 5), visit(3)])
    #expect(try history.visits(of: name, in: everything, from: .recorded) == [visit(4), visit(5)])
  }
}

@Test func aMillionVisitsTakeFewBytes() throws {
  var random = SplitMix64(seed: 7)
  var second: Int64 = 0
  let visits = (0..<100_000).map { _ in
    second += Int64.random(in: 1...120, using: &random)
    return visit(second)
  }
  let size = days([try SpaceID("acme/chat"): visits]).values.joined().reduce(0) { $0 + $1.value.bytes.count }
  #expect(size < 200_000)
}

@Test func damagedDaysGiveWhatCanBeRead() {
  #expect(VisitDay(bytes: [4, 0x85]).visits(onDay: 0) == [visit(2)])
  #expect(VisitDay(bytes: [5]).visits(onDay: 0).isEmpty)
  #expect(VisitDay(bytes: []).visits(onDay: 0).isEmpty)
}
