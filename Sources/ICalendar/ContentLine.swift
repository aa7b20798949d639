/// A line of a calendar, put together again from those over which it was folded (RFC 5545, 3.1).
struct UnfoldedLine: Sendable {
  /// Where it begins, from 1.
  let number: Int
  /// All of it, without line breaks and the spaces that mark a fold.
  fileprivate(set) var content: ArraySlice<UInt8>
  private let first: ArraySlice<UInt8>
  fileprivate(set) var isFolded = false

  fileprivate init(number: Int, content: ArraySlice<UInt8>) {
    self.number = number
    self.content = content
    self.first = content
  }

  /// The line of the file on which it begins.
  var source: String { String(decoding: first, as: UTF8.self) }

  /// The lines of a file that are not blank. Ended by CRLF, LF or CR; a line that begins with a space or a
  /// tab goes on where the one before ended, in the middle of a character if need be.
  static func all(in bytes: ArraySlice<UInt8>) -> [UnfoldedLine] {
    var lines: [UnfoldedLine] = []
    var number = 0
    var rest = bytes
    while !rest.isEmpty {
      number += 1
      let end = rest.firstIndex { $0 == lineFeed || $0 == carriageReturn } ?? rest.endIndex
      let physical = rest[..<end]
      rest = rest[end...]
      // CRLF, and the CR CR LF of a file that was converted twice.
      while rest.first == carriageReturn, rest.dropFirst().first == carriageReturn { rest.removeFirst() }
      if rest.first == carriageReturn { rest.removeFirst() }
      if rest.first == lineFeed { rest.removeFirst() }
      guard let first = physical.first else { continue }
      if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t"), !lines.isEmpty {
        lines[lines.count - 1].content += physical.dropFirst()
        lines[lines.count - 1].isFolded = true
      } else {
        lines.append(UnfoldedLine(number: number, content: physical))
      }
    }
    return lines
  }

  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The component that begins (or ends) here, in capitals; nil where none does.
  func component(after keyword: StaticString) -> String? {
    let length = keyword.utf8CodeUnitCount
    guard content.count > length else { return nil }
    let start = String(decoding: content.prefix(length), as: UTF8.self)
    guard start.uppercased() == "\(keyword)" else { return nil }
    return String(decoding: content.dropFirst(length), as: UTF8.self).trimmed.uppercased()
  }
}

/// A property: `DTSTART;TZID=Europe/Paris:20261102T100000`.
struct ContentLine: Sendable {
  let line: UnfoldedLine
  /// In capitals.
  let name: String
  /// By their names in capitals; of several values the first.
  let parameters: [String: String]
  /// As written.
  let value: String

  init(_ line: UnfoldedLine) throws(InvalidValue) {
    var rest = line.content
    func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
    func taken(while belongs: (UInt8) -> Bool) -> ArraySlice<UInt8> {
      let end = rest.firstIndex { !belongs($0) } ?? rest.endIndex
      defer { rest = rest[end...] }
      return rest[..<end]
    }
    let name = taken(while: Self.isOfName)
    guard !name.isEmpty, rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: ";") else {
      throw InvalidValue(
        "this is not a property, such as SUMMARY:New Year",
        hint: "where it belongs to the line before, begin it with a space")
    }
    var parameters: [String: String] = [:]
    while rest.first == UInt8(ascii: ";") {
      rest.removeFirst()
      let parameter = text(taken(while: Self.isOfName)).uppercased()
      guard !parameter.isEmpty, rest.first == UInt8(ascii: "=") else {
        throw InvalidValue("after ';' there is no parameter, such as VALUE=DATE")
      }
      repeat {
        rest.removeFirst()
        let value: ArraySlice<UInt8>
        if rest.first == Self.quote {
          rest.removeFirst()
          value = taken { $0 != Self.quote }
          guard !rest.isEmpty else { throw InvalidValue("the quote of \(parameter) never closes") }
          rest.removeFirst()
        } else {
          value = taken { !Self.endsValue.contains($0) }
        }
        if parameters[parameter] == nil { parameters[parameter] = text(value) }
      } while rest.first == UInt8(ascii: ",")
    }
    guard rest.first == UInt8(ascii: ":") else {
      throw InvalidValue("'\(text(name))' has no value, which would follow a ':'")
    }
    self.line = line
    self.name = text(name).uppercased()
    self.parameters = parameters
    self.value = text(rest.dropFirst())
  }

  private static let quote = UInt8(ascii: "\"")
  private static let endsValue: [UInt8] = Array(",;:".utf8)

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension StringProtocol {
  /// Without spaces and line breaks around it.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
