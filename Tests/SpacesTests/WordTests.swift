import Spaces
import Testing

@Test func wordsAreKeptToTheByte() {
  // Swift takes the two spellings for equal; the Hub may not.
  let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
  #expect(composed == decomposed)
  let (one, other) = (SpaceHardware(rawValue: composed), SpaceHardware(rawValue: decomposed))
  #expect(one != other)
  #expect(!(one == other))
  #expect(Array(one.rawValue.utf8) == Array(composed.utf8))
  #expect(Array(other.rawValue.utf8) == Array(decomposed.utf8))
}

@Test func tasksThatMeetNewWordsAtOnceAgreeOnThem() async {
  let words = (0..<500).map { "hardware-of-tomorrow-\($0)" }
  let found = await withTaskGroup(of: [SpaceHardware].self) { group in
    for _ in 0..<8 { group.addTask { words.map { SpaceHardware(rawValue: $0) } } }
    return await group.reduce(into: []) { $0.append($1) }
  }
  #expect(found.count == 8)
  #expect(Set(found).count == 1)
  #expect(found[0].map(\.rawValue) == words)
  #expect(Set(found[0]).count == words.count)
}

@Test func wordsOfEveryKindAreEqualWhereTheirTextIs() {
  #expect(SpaceStage(rawValue: "RUNNING") == .running)
  #expect(SpaceStage(rawValue: "running") != .running)
  #expect(SpaceStage(rawValue: "").rawValue == "")
  #expect(SpaceHardware(rawValue: "t4-small") == .t4Small)
  #expect(SpaceStorage(rawValue: "small") == .small)
}
