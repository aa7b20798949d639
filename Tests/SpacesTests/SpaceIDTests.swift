import Spaces
import TestSupport
import Testing

@Test(arguments: ["", "acme", "acme/", "/chat", "acme/chat/2", "acme/ch at", "acmé/chat", "acme/*"])
func badSpaceNamesAreRefused(text: String) {
  let error = #expect(throws: InvalidSpaceID.self) { try SpaceID(text) }
  #expect(error?.description.hasPrefix("'\(text)' is not a Space") == true)
}

@Test func ownerAndNameAreTheParts() throws {
  let space = try SpaceID("acme.org/chat-2")
  #expect((space.owner, space.name) == ("acme.org", "chat-2"))
}

/// Also where one owner is the beginning of another, and goes on with what sorts before `/`.
@Test(arguments: UInt64(1)...50) func spacesSortByCodePoint(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  func word() -> String {
    String(
      (0...Int.random(in: 0...3, using: &random)).map { _ in "aB0-._".randomElement(using: &random) ?? "a" })
  }
  let spaces = try (0..<60).map { _ in try SpaceID("\(word())/\(word())") }
  let byCodePoint = spaces.map(\.description).sorted {
    $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
  }
  #expect(spaces.sorted().map(\.description) == byCodePoint)
}
