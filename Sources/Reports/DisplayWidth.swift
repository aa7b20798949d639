extension String {
  /// How many columns a terminal gives this text: two for East Asian wide characters and for emoji, none for
  /// combining marks, joiners and control characters, else one.
  public var displayWidth: Int {
    reduce(0) { $0 + $1.displayWidth }
  }

  /// With spaces at the end, or in front, up to a display width.
  func padded(to width: Int, alignment: Column.Alignment) -> String {
    let spaces = String(repeating: " ", count: max(0, width - displayWidth))
    return alignment == .left ? self + spaces : spaces + self
  }
}

extension Character {
  fileprivate var displayWidth: Int {
    unicodeScalars.contains { $0 == "\u{FE0F}" } ? 2 : unicodeScalars.map(\.displayWidth).max() ?? 0
  }
}

extension Unicode.Scalar {
  fileprivate var displayWidth: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: 0
    default: isWide ? 2 : 1
    }
  }

  /// East Asian Width W and F of the Unicode Standard (UAX #11), and what is shown as an emoji.
  private var isWide: Bool {
    if properties.isEmojiPresentation { return true }
    return switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
      0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
