import Reports
import Testing

struct TextTableTests {
  private func table() -> TextTable {
    var table = TextTable([.left("Space"), .right("USD"), .left("why")])
    table.add(["acme/chat", "12.30", .init("refused", .failure)])
    table.add(["日本/デモ", "0.00"])
    return table
  }

  @Test func standsInColumns() {
    #expect(
      table().text() == """
        Space        USD  why
        acme/chat  12.30  refused
        日本/デモ   0.00

        """)
  }

  @Test func emphasisIsOutsideOfThePadding() {
    let lines = table().text(.terminal).split(separator: "\n")
    #expect(lines[0] == "\u{1B}[1mSpace    \u{1B}[0m  \u{1B}[1m  USD\u{1B}[0m  \u{1B}[1mwhy\u{1B}[0m")
    #expect(lines[1].hasSuffix("\u{1B}[31mrefused\u{1B}[0m"))
  }

  @Test func onANarrowTerminalTheLastCellStandsBelow() {
    var table = TextTable([.left("Space"), .right("USD"), .left("why")])
    table.add(["acme/chat", "12.30", "rule morning of 2026-11-02"])
    table.add(["acme/demo", "0.00"])
    let narrow = """
      Space        USD
          why
      acme/chat  12.30
          rule morning of
          2026-11-02
      acme/demo   0.00

      """
    #expect(table.text(width: 20) == narrow)
    #expect(table.text(width: 44) == table.text())
    #expect(table.text(width: 43) != table.text())
  }

  @Test func otherPeoplesWordsSteerNothing() {
    var table = TextTable([.left("why")])
    table.add(["a\u{1B}[31m\nb\u{9B}\u{2028}c"])
    #expect(table.text() == "why\na [31m b  c\n")
  }

  @Test(arguments: [
    ("", 0), ("acme/chat", 9), ("日本", 4), ("e\u{301}", 1), ("ｆｕｌｌ", 8), ("한국", 4), ("😀", 2), ("👩‍👩‍👧", 2),
    ("❤️", 2),
    ("·▁█", 3), ("a\u{200B}b\u{2060}", 2), ("नमस्ते", 4),
  ]) func displayWidth(text: String, width: Int) {
    #expect(text.displayWidth == width)
  }
}
