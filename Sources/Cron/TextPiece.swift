/// A part of an expression's text that knows its place.
struct TextPiece {
  var text: Substring
  /// In characters from 1.
  var column: Int

  var isEmpty: Bool { text.isEmpty }

  /// Only ASCII letters have another case here: `ſun` is not Sunday.
  var upper: String {
    text.utf8.contains { $0.isASCIILowercase }
      ? String(decoding: text.utf8.map { $0.isASCIILowercase ? $0 - 32 : $0 }, as: UTF8.self) : String(text)
  }

  var isNumber: Bool { !text.isEmpty && text.utf8.allSatisfy(\.isASCIIDigit) }

  /// The parts between ASCII separators, empty ones too.
  func split(_ separators: Unicode.Scalar...) -> [TextPiece] {
    let separators = separators.map(UInt8.init(ascii:))
    // Nearly always a byte is a character, and bytes are gone through many times faster.
    let isPlain = text.utf8.allSatisfy { $0 < 128 && $0 != UInt8(ascii: "\r") }
    var pieces: [TextPiece] = []
    var rest = self
    while let end = isPlain
      ? rest.text.utf8.firstIndex(where: separators.contains)
      : rest.text.firstIndex(where: { $0.asciiValue.map(separators.contains) ?? false })
    {
      let part = rest.text[..<end]
      pieces.append(TextPiece(text: part, column: rest.column))
      rest = TextPiece(
        text: rest.text[rest.text.index(after: end)...],
        column: rest.column + (isPlain ? part.utf8.count : part.count) + 1)
    }
    return pieces + [rest]
  }

  /// From the first character that fits to the end.
  func suffix(from fits: (Character) -> Bool) -> TextPiece? {
    text.firstIndex(where: fits).map { start in
      TextPiece(text: text[start...], column: column + text.distance(from: text.startIndex, to: start))
    }
  }

  func dropFirst(_ count: Int) -> TextPiece {
    TextPiece(text: text.dropFirst(count), column: column + min(count, text.count))
  }

  func dropLast(_ count: Int) -> TextPiece { TextPiece(text: text.dropLast(count), column: column) }

  func prefix(while fits: (Character) -> Bool) -> TextPiece {
    TextPiece(text: text.prefix(while: fits), column: column)
  }
}

extension UInt8 {
  var isASCIIDigit: Bool { (48...57).contains(self) }
  var isASCIILowercase: Bool { (97...122).contains(self) }
  var isASCIILetter: Bool { isASCIILowercase || (65...90).contains(self) }
}
