/// Why bytes are not text in UTF-8, the only encoding that is read: what is guessed is sometimes wrong, and
/// then a Space gets another name.
struct EncodingProblem {
  let message: String
  /// Both from 1; the column counts characters.
  private(set) var line = 1
  private(set) var column = 1
  /// What can be read, to show the line; empty where nothing can.
  private(set) var text = ""

  /// Nil where the bytes are UTF-8.
  init?(_ bytes: [UInt8]) {
    // A mark, or the zero half of a first letter from ASCII.
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || bytes.prefix(2).contains(0) {
      message = "the file is UTF-16"
      return
    }
    guard let offset = Self.firstError(in: bytes) else { return nil }
    let before = String(decoding: bytes[..<offset], as: UTF8.self).withoutByteOrderMark
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let hexadecimal = String(bytes[offset], radix: 16, uppercase: true)
    message = "the file is not UTF-8: there is a byte \(hexadecimal) here"
    line = max(1, before.count)
    column = (before.last?.count ?? 0) + 1
    text = String(decoding: bytes, as: UTF8.self).withoutByteOrderMark
  }

  private static func firstError(in bytes: [UInt8]) -> Int? {
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var offset = 0
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let scalar): offset += scalar.count
      case .error: return offset
      case .emptyInput: return nil
      }
    }
  }
}

extension String {
  /// Some editors begin UTF-8 with it; it is not part of what was written.
  var withoutByteOrderMark: String {
    unicodeScalars.first == "\u{FEFF}" ? String(unicodeScalars.dropFirst()) : self
  }
}
