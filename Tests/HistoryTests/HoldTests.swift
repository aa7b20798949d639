import Foundation
import GRDB
import History
import Spaces
import Testing
import Timelines

private func at(_ second: Int64) -> Instant { Instant(secondsSince1970: second) }

private func hold(
  _ space: String = "acme/chat", _ hardware: SpaceHardware? = .a100Large, from: Int64 = 100,
  until: Int64 = 200,
  released: Hold.Release? = nil
) throws -> Hold {
  Hold(
    space: try SpaceID(space), hardware: hardware, from: at(from), until: at(until), reason: "demo",
    madeBy: "anna@laptop", released: released)
}

@Test func aHoldIsKeptAsItWasMade() throws {
  let history = try History()
  let all = Hold(
    space: try SpaceID("acme/chat"), hardware: .t4Small, sleep: .never, isPaused: true, replicas: 2,
    from: at(100), until: at(200), reason: "demo, \"live\"", madeBy: "anna@laptop")
  let others = [try hold("acme/app", nil), try hold("acme/chat", .t4Medium, from: 150)]
  for hold in [all] + others { try history.add(hold) }
  #expect(try history.holds() == [all] + others)
  #expect(try history.holds(of: all.space) == [all, others[1]])
  #expect(try history.holds(of: SpaceID("acme/unknown")).isEmpty)
}

@Test func aHoldThatEndsBeforeItBeginsIsNotKept() throws {
  let history = try History()
  #expect(throws: HistoryError.self) { try history.add(hold(from: 200, until: 200)) }
  #expect(try history.holds().isEmpty)
}

@Test(
  arguments: [
    (nil, 100..<200, [at(99), at(100), at(199)], [at(200)]),
    (at(150), 100..<150, [], [at(120), at(150)]),
    (at(100), 100..<100, [], [at(100)]),
    (at(90), 100..<100, [], [at(100)]),
    (at(300), 100..<200, [], [at(150)]),
  ] as [(Instant?, Range<Int64>, [Instant], [Instant])])
func aReleasedHoldEndsAtItsRelease(
  released: Instant?, range: Range<Int64>, stands: [Instant], doesNot: [Instant]
) throws {
  let hold = try hold(released: released.map { Hold.Release(at: $0, by: "ben@desk") })
  #expect(hold.range == at(range.lowerBound)..<at(range.upperBound))
  for instant in stands { #expect(hold.stands(at: instant)) }
  for instant in doesNot { #expect(!hold.stands(at: instant)) }
}

@Test func onlyWhatStandsIsReleasedAndOnlyOnce() throws {
  let history = try History()
  let (over, chat, app) = (try hold(until: 110), try hold(until: 200), try hold("acme/app"))
  for hold in [over, chat, app] { try history.add(hold) }
  func released(_ hold: Hold, _ second: Int64, _ name: String) -> Hold {
    var hold = hold
    hold.released = Hold.Release(at: at(second), by: name)
    return hold
  }
  let first = try history.releaseHolds(of: chat.space, at: at(150), by: "ben@desk")
  #expect(first == [released(chat, 150, "ben@desk")])
  #expect(try history.releaseHolds(of: chat.space, at: at(160), by: "anna@laptop").isEmpty)
  #expect(try history.releaseHolds(at: at(160), by: "anna@laptop") == [released(app, 160, "anna@laptop")])
  #expect(
    try history.holds() == [over, released(chat, 150, "ben@desk"), released(app, 160, "anna@laptop")])
}

@Test func aHoldStaysWithARenamedSpace() throws {
  let history = try History()
  let (old, new) = (try SpaceID("acme/chat"), try SpaceID("acme/talk"))
  let state = SpaceState(stage: .running, hardware: .t4Small)
  try history.record([Look(space: old, at: at(1), state: state)])
  try history.add(hold("acme/chat"))
  // Made by its new name before any look has found out that it is the same.
  try history.add(hold("acme/talk", .t4Medium, from: 120))
  #expect(try history.rename(old, to: new, at: at(3)))
  for name in [old, new] {
    #expect(try history.holds(of: name) == [hold("acme/talk"), hold("acme/talk", .t4Medium, from: 120)])
  }
}

@Test func aCopyKeepsWhatIsWrittenToItself() throws {
  let history = try History()
  try history.add(hold())
  let copy = try history.copy()
  try copy.add(hold("acme/app"))
  #expect(try copy.holds().count == 2)
  #expect(try history.holds() == [hold()])
}

@Test func runsAndWhatTheyDidAreFound() throws {
  let history = try History()
  #expect(try history.lastRuns(3).isEmpty)
  #expect(try history.lastRunWithChanges() == nil)
  let space = try SpaceID("acme/chat")
  func action(_ outcome: SpaceAction.Outcome?) -> SpaceAction {
    SpaceAction(
      space: space, at: at(5), kind: .hardware, from: "a", to: "b", outcome: outcome, reason: "", cause: .hold
    )
  }
  var runs: [Int64] = []
  for (number, outcome) in [SpaceAction.Outcome.done, .unknown, .refused, nil].enumerated() {
    let run = try history.beginRun(at: at(Int64(number) * 10))
    _ = try history.intend([action(outcome)], run: run)
    if number != 1 { try history.endRun(run, at: at(Int64(number) * 10 + 1)) }
    runs.append(run)
  }
  #expect(try history.lastRuns(2) == [at(20), at(30)])
  #expect(try history.lastRuns(9) == [at(0), at(20), at(30)])
  #expect(try history.lastRunWithChanges() == runs[1])
  let third = try history.actions(ofRun: runs[2]).map(\.action)
  #expect(third.map(\.outcome) == [.refused])
  #expect(third.map(\.decidedAt) == [at(20)])
  #expect(try history.start(ofRun: runs[2]) == at(20))
  #expect(try history.start(ofRun: 999) == nil)
}
