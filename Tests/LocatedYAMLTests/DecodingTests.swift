import LocatedYAML
import Testing

private let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

@Test func aByteOrderMarkIsNotPartOfTheText() throws {
  let text = "a: 1\nb: x\n"
  for var reader in [
    YAMLReader(file: "a.yaml", bytes: byteOrderMark + text.utf8),
    YAMLReader(file: "a.yaml", text: "\u{FEFF}" + text),
  ] {
    let root = try #require(reader.root)
    #expect(reader.mapping(root, as: "a file", keys: ["a", "b"])?.keys.sorted() == ["a", "b"])
    #expect(root.column == 1)
    #expect(reader.diagnostics == [])
  }
}

@Test(arguments: [true, false], [true, false])
func utf16IsToldAsSuch(isBigEndian: Bool, isMarked: Bool) {
  let units = Array(((isMarked ? "\u{FEFF}" : "") + "a: 1\n").utf16)
  let bytes = units.flatMap { unit in
    let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
    return isBigEndian ? pair : pair.reversed()
  }
  let reader = YAMLReader(file: "a.yaml", bytes: bytes)
  #expect(reader.root == nil)
  #expect(
    reader.diagnostics.map(\.description) == [
      "a.yaml:1:1: error: the file is UTF-16\n  hint: save it as UTF-8"
    ])
}

/// The first byte that is not UTF-8, and what is read of the line.
@Test(arguments: [
  ([UInt8]("a: 1\nb: caf".utf8) + [0xE9] + [UInt8](" x\n".utf8), "2:7", "E9", "b: caf\u{FFFD} x"),
  (byteOrderMark + [0xFF], "1:1", "FF", "\u{FFFD}"),
  ([UInt8]("é: ".utf8) + [0xE2, 0x82], "1:4", "E2", "é: \u{FFFD}"),
  ([UInt8]("a: 1\r\n".utf8) + [0xC0, 0xAF], "2:1", "C0", "\u{FFFD}\u{FFFD}"),
])
func whatIsNotUTF8IsNotGuessed(bytes: [UInt8], place: String, byte: String, source: String) throws {
  let reader = YAMLReader(file: "a.yaml", bytes: bytes)
  #expect(reader.root == nil)
  let diagnostic = try #require(reader.diagnostics.first)
  #expect(reader.diagnostics.count == 1)
  #expect("\(diagnostic.line):\(diagnostic.column)" == place)
  #expect(diagnostic.message == "the file is not UTF-8: there is a byte \(byte) here")
  #expect(diagnostic.hint == "save it as UTF-8")
  #expect(diagnostic.source == source)
}
