import Foundation
import History
import Spaces
import TestSupport
import Testing
import Timelines

private let chat = SpaceState(
  stage: .running, hardware: .t4Small, requestedHardware: .t4Small, sleepTime: 3600)
private let asleep = SpaceState(stage: .sleeping, hardware: nil, requestedHardware: .t4Small, sleepTime: 3600)

private func at(_ second: Int64) -> Instant { Instant(secondsSince1970: second) }

private func space(_ name: String) throws -> SpaceID { try SpaceID(name) }

@Test func equalLooksAreOneInterval() throws {
  let history = try History()
  let id = try space("acme/chat")
  for second in [100, 400, 700] { try history.record([Look(space: id, at: at(Int64(second)), state: chat)]) }
  try history.record([Look(space: id, at: at(1000), state: asleep)])
  #expect(
    try history.intervals(of: id) == [
      Interval(state: chat, looks: [at(100), at(400), at(700)]), Interval(state: asleep, looks: [at(1000)]),
    ])
}

@Test func stretchesAreIntervalsWithoutTheLooksInBetween() throws {
  let history = try History()
  let id = try space("acme/chat")
  #expect(try history.stretches(of: id).isEmpty)
  for (second, state) in [
    (100, chat), (400, chat), (700, chat), (1000, asleep), (1300, .gone), (1600, .gone),
  ] {
    try history.record([Look(space: id, at: at(Int64(second)), state: state, raw: [:])])
  }
  #expect(
    try history.stretches(of: id) == [
      Stretch(state: chat, first: at(100), last: at(700)),
      Stretch(state: asleep, first: at(1000), last: at(1000)),
      Stretch(state: .gone, first: at(1300), last: at(1600)),
    ])
}

@Test func whatIsKnownOfASpaceIsItsLastState() throws {
  let history = try History()
  let (seen, unseen) = (try space("acme/chat"), try space("acme/app"))
  try history.record([Look(space: seen, at: at(1), state: chat)])
  try history.record([Look(space: seen, at: at(2), state: asleep)])
  try history.remember([AppliedSetting(space: unseen, setting: "sleep", value: "60", at: at(3))])
  #expect(try history.spaces().map(\.name) == [unseen, seen])
  #expect(try history.spaces().map(\.state) == [nil, asleep])
}

@Test func aLookThatIsNotLaterIsLeftOutAndSaid() throws {
  let history = try History()
  let id = try space("acme/chat")
  #expect(try history.record([Look(space: id, at: at(100), state: chat)]).isEmpty)
  #expect(try history.record([Look(space: id, at: at(100), state: asleep)]) == [id])
  #expect(try history.record([Look(space: id, at: at(99), state: chat)]) == [id])
  #expect(try history.intervals(of: id) == [Interval(state: chat, looks: [at(100)])])
}

@Test func longRunsAreKeptWhole() throws {
  let history = try History()
  let id = try space("acme/chat")
  let looks = (0..<1300).map { at(Int64($0) * 301 + Int64($0 % 7)) }
  for look in looks { try history.record([Look(space: id, at: look, state: chat)]) }
  let intervals = try history.intervals(of: id)
  #expect(intervals.flatMap(\.looks) == looks)
  #expect(intervals.count == 3)
}

@Test func aRenamedSpaceIsOneSpace() throws {
  let history = try History()
  let (old, new) = (try space("acme/chat"), try space("acme/talk"))
  try history.record([Look(space: old, at: at(1), state: chat)])
  // The list had the new name before anybody knew of the renaming.
  try history.record([Look(space: new, at: at(2), state: chat)])
  #expect(try history.rename(old, to: new, at: at(3)))
  #expect(try history.intervals(of: new).flatMap(\.looks) == [at(1), at(2)])
  #expect(try history.intervals(of: old) == history.intervals(of: new))
  let known = try history.spaces()
  #expect(known.map(\.name) == [new])
  #expect(known.first?.formerNames == [old])
  // Another Space that takes the old name later is another Space.
  try history.record([Look(space: old, at: at(9), state: asleep)])
  #expect(try history.spaces().map(\.name) == [old, new])
  #expect(try history.intervals(of: old).flatMap(\.looks) == [at(9)])
  // And the name is that one's alone.
  #expect(try history.spaces().map(\.names) == [[old], [new]])
}

/// As where two processes look at one time, and both find that the Space has moved.
@Test func aRenamingThatIsKnownAlreadyChangesNothing() throws {
  let history = try History()
  let (old, new) = (try space("acme/chat"), try space("acme/talk"))
  try history.record([Look(space: old, at: at(1), state: chat)])
  #expect(try history.rename(old, to: new, at: at(3)))
  try history.record([Look(space: new, at: at(4), state: asleep)])
  let known = try history.spaces()
  #expect(try history.rename(old, to: new, at: at(5)))
  #expect(try history.spaces() == known)
  #expect(try history.intervals(of: new).flatMap(\.looks) == [at(1), at(4)])
}

@Test func twoSpacesSeenAtOneTimeAreNotOne() throws {
  let history = try History()
  let (one, two) = (try space("acme/one"), try space("acme/two"))
  for second in [1, 5] {
    try history.record([
      Look(space: one, at: at(Int64(second)), state: chat),
      Look(space: two, at: at(Int64(second)), state: chat),
    ])
  }
  #expect(try !history.rename(one, to: two, at: at(9)))
  #expect(try history.spaces().count == 2)
}

@Test func theFirstLookAtAnOwner() throws {
  let history = try History()
  #expect(try history.firstLook(atOwner: "acme") == nil)
  try history.record([Look(space: try space("acme-2/x"), at: at(3), state: chat)])
  #expect(try history.firstLook(atOwner: "acme") == nil)
  try history.record([], ownersListed: ["acme": at(5)])
  try history.record(
    [Look(space: try space("acme/x"), at: at(7), state: chat)], ownersListed: ["acme": at(7)])
  #expect(try history.firstLook(atOwner: "acme") == at(5))
}

@Test func pricesThatStayTakeNoNewRow() throws {
  let history = try History()
  #expect(try history.lastLookAtPrices() == nil)
  let price = PriceSeen(hardware: .t4Small, microDollars: 6667, unit: "minute")
  try history.record([price], at: at(10))
  try history.record([price], at: at(20))
  #expect(try history.lastLookAtPrices() == at(20))
}

@Test func theJournalSettlesWhatItIntended() throws {
  let history = try History()
  let run = try history.beginRun(at: at(10))
  let action = SpaceAction(
    space: try space("acme/chat"), at: at(11), decidedAt: at(10), kind: .hardware, from: "t4-small",
    to: "cpu-basic", outcome: nil, reason: "rule evening", cause: .idle)
  let ids = try history.intend([action], run: run)
  #expect(try history.openActions().map(\.action) == [action])
  #expect(try history.lastRun() == nil)
  try history.settle(ids, as: .refused, note: "quota")
  try history.endRun(run, at: at(20))
  #expect(try history.openActions().isEmpty)
  let entry = try #require(try history.actions(on: action.space).first)
  #expect(entry.action.outcome == .refused && entry.action.decidedAt == at(10))
  #expect(entry.action.reason == "rule evening; quota")
  #expect(try history.lastRun() == at(10))
}

@Test func theAttemptThatTookEffectGivesTheTime() throws {
  let history = try History()
  let run = try history.beginRun(at: at(10))
  let ids = try history.intend(
    [SpaceAction.Kind.hardware, .sleep].map {
      SpaceAction(
        space: try space("acme/chat"), at: at(11), kind: $0, from: "", to: "60", outcome: nil, reason: "rule",
        cause: .rules)
    }, run: run)
  try history.settle([ids[0]], as: .done, sentAt: at(19))
  try history.settle([ids[1]], as: .done)
  let actions = try history.actions(on: try space("acme/chat")).map(\.action)
  #expect(actions.map(\.kind) == [.sleep, .hardware])
  #expect(actions.map(\.at) == [at(11), at(19)])
}

private let actionsThatMayBeOurs: [(SpaceAction.Outcome?, SpaceAction.Cause?, Bool)] = [
  (.done, .rules, true), (.unknown, .idle, true), (.refused, .rules, false), (.failed, .rules, false),
  (.notSent, .rules, false), (nil, .rules, false), (.done, nil, false),
]

@Test(arguments: actionsThatMayBeOurs)
func whatARunMayHaveChangedIsOurs(outcome: SpaceAction.Outcome?, cause: SpaceAction.Cause?, isOurs: Bool)
  throws
{
  let history = try History()
  let space = try space("acme/chat")
  let action = SpaceAction(
    space: space, at: at(1), kind: .pause, from: "", to: "", outcome: outcome, reason: "", cause: cause)
  _ = try history.intend([action, action], run: try history.beginRun(at: at(1)))
  #expect(try history.changed(for: [.rules, .idle]) == (isOurs ? [space] : []))
  #expect(try history.changed(for: [.hold]).isEmpty)
}

@Test func anAppliedSettingThatStaysKeepsItsTime() throws {
  let history = try History()
  let id = try space("acme/chat")
  func applied(_ value: String, _ second: Int64) -> AppliedSetting {
    AppliedSetting(space: id, setting: "hardware", value: value, at: at(second))
  }
  try history.remember([applied("t4-small", 1)])
  try history.remember([applied("t4-small", 2)])
  #expect(try history.appliedSettings() == [applied("t4-small", 1)])
  try history.remember([applied("cpu-basic", 3)])
  #expect(try history.appliedSettings() == [applied("cpu-basic", 3)])
}
