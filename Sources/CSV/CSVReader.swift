/// Reads comma-separated values as RFC 4180 has them: quotes, doubled quotes and line breaks inside them; LF
/// and CRLF; a byte-order mark is passed over, and so are blank lines. One pass over the bytes, a record at
/// a time, each with the line on which it starts.
public struct CSVReader: Sequence, IteratorProtocol {
  public struct Record: Hashable, Sendable {
    /// From 1.
    public let line: Int
    public let fields: [String]
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  /// A quote that is not closed before the end; nil while there is none.
  public private(set) var failure: UnclosedQuote?

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  public init(_ text: String) {
    self.init(Array(text.utf8))
  }

  public mutating func next() -> Record? {
    while position < bytes.count, isLineBreak(bytes[position]) { skipLineBreak() }
    guard position < bytes.count, failure == nil else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      fields.append(field())
      if failure != nil { return nil }
      guard position < bytes.count else { break }
      if bytes[position] == UInt8(ascii: ",") {
        position += 1
      } else {
        skipLineBreak()
        break
      }
    }
    return Record(line: start, fields: fields)
  }

  /// Reads up to the comma, line break or end that follows, which stays.
  private mutating func field() -> String {
    let quote = UInt8(ascii: "\"")
    guard position < bytes.count, bytes[position] == quote else {
      return String(decoding: unquoted(), as: UTF8.self)
    }
    let openedAt = line
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == quote {
        guard position < bytes.count, bytes[position] == quote else {
          content += unquoted()
          return String(decoding: content, as: UTF8.self)
        }
        position += 1
      } else if byte == UInt8(ascii: "\n") {
        line += 1
      }
      content.append(byte)
    }
    failure = UnclosedQuote(line: openedAt)
    return ""
  }

  private mutating func unquoted() -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: ","), !isLineBreak(bytes[position]) {
      position += 1
    }
    return bytes[start..<position]
  }

  private func isLineBreak(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private mutating func skipLineBreak() {
    if bytes[position] == UInt8(ascii: "\r"), position + 1 < bytes.count,
      bytes[position + 1] == UInt8(ascii: "\n")
    {
      position += 1
    }
    position += 1
    line += 1
  }
}

/// A quoted field that never ends.
public struct UnclosedQuote: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where it begins, from 1.
  public let line: Int
  public var description: String { "a quote opens here and never closes" }
}
