import Spelling
import Testing

private let words = ["sleep", "hardware", "a10g-small", "a10g-large", "t4-small"]

@Test(arguments: [
  ("slep", "sleep"), ("slepe", "sleep"), ("SLEEP", "sleep"), ("hardwear", "hardware"),
  ("a10-small", "a10g-small"),
  ("a10g-lagre", "a10g-large"), ("t4small", "t4-small"), ("sleep", "sleep"),
])
func theNearestWordIsFound(text: String, word: String) {
  #expect(Spelling.nearest(to: text, among: words) == word)
}

/// More than a third of the letters would be wrong.
@Test(arguments: ["", "s", "lp", "software-x", "h100"])
func whatIsFarFromAllIsNoMistake(text: String) {
  #expect(Spelling.nearest(to: text, among: words) == nil)
}

@Test func theFirstOfTwoThatAreEquallyNearIsTaken() {
  #expect(Spelling.nearest(to: "l4x2", among: ["l4x1", "l4x4"]) == "l4x1")
}
