import Synchronization

/// A word of the Hub's vocabulary, kept once: whatever holds it is copied, compared and hashed as a number.
///
/// There are few such words, and they are everywhere: each look and each step of a simulation compares stages and
/// hardware.
@usableFromInline
struct Word: Hashable, Sendable {
  @usableFromInline let number: UInt32

  private struct Vocabulary: Sendable {
    var texts: [String] = []
    var numbers: [Spelling: UInt32] = [:]
  }

  /// Tells texts apart by their bytes, so that each is sent back as it came: Swift takes some for equal that are
  /// spelt in different ways.
  private struct Spelling: Hashable {
    var text: String

    static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }

  private static let vocabulary = Mutex(Vocabulary())

  init(_ text: String) {
    number = Self.vocabulary.withLock { vocabulary in
      if let number = vocabulary.numbers[Spelling(text: text)] { return number }
      let number = UInt32(vocabulary.texts.count)
      vocabulary.texts.append(text)
      vocabulary.numbers[Spelling(text: text)] = number
      return number
    }
  }

  var text: String { Self.vocabulary.withLock { $0.texts[Int(number)] } }

  @inlinable
  static func == (left: Word, right: Word) -> Bool { left.number == right.number }

  @inlinable
  func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
