import LocatedYAML
import Testing

private func shown(_ source: String, column: Int) -> [String] {
  Diagnostic(file: "a", line: 1, column: column, message: "wrong", source: source).description
    .split(separator: "\n", omittingEmptySubsequences: false).dropFirst().map(String.init)
}

@Test(arguments: ["", "   ", "\t"])
func aLineWithNothingInItIsNotShown(source: String) {
  #expect(shown(source, column: 1) == [])
}

@Test func whatSteersATerminalIsNotShown() {
  #expect(shown("a\u{1B}[31mb\tc\u{202E}", column: 8) == ["  a [31mb c ", "         ^"])
  let diagnostic = Diagnostic(file: "a\u{7}", message: "no '\u{1B}[2J\n'", hint: "x\u{1B}y")
  #expect(diagnostic.description == "a :1:1: error: no ' [2J '\n  hint: x y")
}

/// The mark stays below its character.
@Test(arguments: [1, 50, 51, 52, 500, 949, 950, 951, 1000])
func ofALongLineOnlyWhatIsAroundTheMarkIsShown(column: Int) throws {
  let source = (1...1000).map { $0 == column ? "#" : "-" }.joined()
  let lines = shown(source, column: column)
  #expect(lines.count == 2)
  let (line, mark) = (Array(lines[0]), Array(lines[1]))
  #expect(line.count <= 104 && line.count >= 100)
  #expect(line[try #require(mark.firstIndex(of: "^"))] == "#")
  #expect((line[2] == "…") == (column > 51))
  #expect((line.last == "…") == (column < 951))
}

@Test func aLineThatFitsIsShownWhole() {
  let source = String(repeating: "-", count: 100)
  #expect(shown(source, column: 100)[0] == "  " + source)
}

@Test func longWordsOfAFileAreCut() {
  let text = Diagnostic(file: "a", message: "no '" + String(repeating: "x", count: 10_000) + "' here")
    .description
  #expect(text.count < 500 && text.hasSuffix("x' here") && text.contains("…"))
}
