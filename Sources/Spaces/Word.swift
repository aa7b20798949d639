import Synchronization

/// A vocabulary of the Hub's, open: a word of tomorrow is kept, shown, stored and sent as it is.
public protocol Vocabulary: RawRepresentable<String>, Hashable, Codable, Sendable, CustomStringConvertible {
  var word: Word { get }
  init(_ word: Word)
}

extension Vocabulary {
  public init(rawValue: String) { self.init(Word(rawValue)) }
  public var rawValue: String { word.text }
  public var description: String { word.text }

  @inlinable
  public static func == (left: Self, right: Self) -> Bool { left.word == right.word }

  // What the standard library has for all that has a raw value would compare texts.
  @inlinable
  public static func != (left: Self, right: Self) -> Bool { left.word != right.word }

  @inlinable
  public func hash(into hasher: inout Hasher) { hasher.combine(word) }
}

/// A word of the Hub's, kept once: whatever holds it is copied, compared and hashed as a number.
///
/// There are few of them, and they are everywhere: each look and each step of a simulation compares stages and
/// hardware.
public struct Word: Hashable, Sendable {
  @usableFromInline let number: UInt32

  private struct Known: Sendable {
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

  private static let known = Mutex(Known())

  init(_ text: String) {
    number = Self.known.withLock { known in
      if let number = known.numbers[Spelling(text: text)] { return number }
      let number = UInt32(known.texts.count)
      known.texts.append(text)
      known.numbers[Spelling(text: text)] = number
      return number
    }
  }

  var text: String { Self.known.withLock { $0.texts[Int(number)] } }

  @inlinable
  public static func == (left: Word, right: Word) -> Bool { left.number == right.number }

  @inlinable
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
