/// A part of an expression's text that knows its place.
struct TextPiece {
  var text: Substring
  /// In characters from 1.
  var column: Int

  var isEmpty: Bool { text.isEmpty }

  /// Only ASCII letters have another case here: `ſun` is not Sunday.
  var upper: String { String(text.map { $0.isASCII ? Character($0.uppercased()) : $0 }) }

  var isNumber: Bool { !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } }

  /// The parts between separators, empty ones too.
  func split(_ isSeparator: (Character) -> Bool) -> [TextPiece] {
    var pieces: [TextPiece] = []
    var start = text.startIndex
    var column = column
    for (offset, index) in text.indices.enumerated() where isSeparator(text[index]) {
      pieces.append(TextPiece(text: text[start..<index], column: column))
      start = text.index(after: index)
      column = self.column + offset + 1
    }
    pieces.append(TextPiece(text: text[start...], column: column))
    return pieces
  }

  func split(_ separator: Character) -> [TextPiece] { split { $0 == separator } }

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
