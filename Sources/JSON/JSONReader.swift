public import Foundation

/// Text that is not JSON (RFC 8259), with the place.
public struct InvalidJSON: Error, Hashable, Sendable, CustomStringConvertible {
  /// Bytes before the mistake.
  public let offset: Int
  public let reason: String
  public var description: String { "not JSON: \(reason) at byte \(offset)" }
}

extension JSONValue {
  /// Arrays and objects within each other, at most.
  static let deepest = 512

  /// Reads JSON text in UTF-8. Whole numbers that fit are ``integer(_:)``, however they are written; of two
  /// members with one key the later stands; bytes that are not UTF-8 become U+FFFD, as do lone surrogates.
  public init(parsing data: Data) throws(InvalidJSON) {
    self = try data.withUnsafeBytes { bytes in Result { () throws(InvalidJSON) in try Self(parsing: bytes) } }
      .get()
  }

  /// Reads JSON text in UTF-8 where it lies in memory; as ``init(parsing:)-(Data)``.
  ///
  /// A page of a list is some hundred kilobytes, and a decoder that tries one type after the other takes
  /// most of a run's processor time; this one looks at each byte once.
  public init(parsing bytes: UnsafeRawBufferPointer) throws(InvalidJSON) {
    var reader = JSONReader(bytes: bytes.bindMemory(to: UInt8.self))
    self = try reader.document()
  }
}

private struct JSONReader {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0

  mutating func document() throws(InvalidJSON) -> JSONValue {
    let value = try value(depth: 0)
    guard peek() == nil else { throw invalid("text after the end") }
    return value
  }

  func invalid(_ reason: String) -> InvalidJSON { InvalidJSON(offset: position, reason: reason) }

  /// The next byte that is not white space, which is not taken.
  mutating func peek() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  mutating func value(depth: Int) throws(InvalidJSON) -> JSONValue {
    guard depth <= JSONValue.deepest else { throw invalid("nested too deeply") }
    switch peek() {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some: return try number()
    case nil: throw invalid("the text ends too early")
    }
  }

  mutating func word(_ text: StaticString, _ value: JSONValue) throws(InvalidJSON) -> JSONValue {
    guard
      bytes[position...].starts(
        with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    else { throw invalid("an unknown word") }
    position += text.utf8CodeUnitCount
    return value
  }

  mutating func array(depth: Int) throws(InvalidJSON) -> [JSONValue] {
    position += 1
    var elements: [JSONValue] = []
    if peek() == UInt8(ascii: "]") {
      position += 1
      return elements
    }
    while true {
      elements.append(try value(depth: depth))
      switch peek() {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "]"):
        position += 1
        return elements
      default: throw invalid("no ',' or ']' after an element")
      }
    }
  }

  mutating func object(depth: Int) throws(InvalidJSON) -> [String: JSONValue] {
    position += 1
    var members: [String: JSONValue] = [:]
    if peek() == UInt8(ascii: "}") {
      position += 1
      return members
    }
    while true {
      guard peek() == UInt8(ascii: "\"") else { throw invalid("no key") }
      let key = try string()
      guard peek() == UInt8(ascii: ":") else { throw invalid("no ':' after a key") }
      position += 1
      members[key] = try value(depth: depth)
      switch peek() {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "}"):
        position += 1
        return members
      default: throw invalid("no ',' or '}' after a member")
      }
    }
  }
}

// MARK: - Strings

extension JSONReader {
  mutating func string() throws(InvalidJSON) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        defer { position += 1 }
        return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw invalid("a control character in a string")
      default: position += 1
      }
    }
    throw invalid("a string without end")
  }

  /// The slow path: a string with at least one escape, at which the position is.
  mutating func escapedString(from start: Int) throws(InvalidJSON) -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        text.append(contentsOf: String(try escaped()).utf8)
      case 0..<0x20: throw invalid("a control character in a string")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw invalid("a string without end")
  }

  mutating func escaped() throws(InvalidJSON) -> Unicode.Scalar {
    guard position < bytes.count else { throw invalid("a string without end") }
    defer { position += 1 }
    switch bytes[position] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try codeUnit(at: position + 1)
      position += 4
      guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
      guard position + 6 < bytes.count, bytes[position + 1] == UInt8(ascii: "\\"),
        bytes[position + 2] == UInt8(ascii: "u")
      else { return "\u{FFFD}" }
      let second = try codeUnit(at: position + 3)
      guard UTF16.isTrailSurrogate(second) else { return "\u{FFFD}" }
      position += 6
      return UTF16.decode(UTF16.EncodedScalar([first, second]))
    default: throw invalid("an unknown escape")
    }
  }

  func codeUnit(at start: Int) throws(InvalidJSON) -> UInt16 {
    guard start + 4 <= bytes.count else { throw invalid("a string without end") }
    var unit: UInt16 = 0
    for byte in bytes[start..<start + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw invalid("no four hex digits")
      }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }
}

// MARK: - Numbers

extension JSONReader {
  mutating func number() throws(InvalidJSON) -> JSONValue {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    var magnitude: UInt64 = 0
    var overflows = false
    let firstDigit = position
    while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
      let (tenfold, tooWide) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, tooLarge) = tenfold.addingReportingOverflow(UInt64(digit))
      (magnitude, overflows) = (sum, overflows || tooWide || tooLarge)
      position += 1
    }
    guard position > firstDigit else {
      position = start
      throw invalid("neither a value nor an end")
    }
    guard position == firstDigit + 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
      throw invalid("a number that begins with 0")
    }
    let isWhole = position == bytes.count || !".eE".utf8.contains(bytes[position])
    if isWhole, !overflows {
      let integer =
        isNegative ? Int64(exactly: -Int128(magnitude)) : Int64(exactly: magnitude)
      if let integer { return .integer(integer) }
    }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    guard let number = Decimal(string: text, locale: Self.posix), number.isFinite else {
      return .number(text)
    }
    return Int64(number.description).map(JSONValue.integer) ?? .decimal(number)
  }

  private static let posix = Locale(identifier: "en_US_POSIX")

  mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func digits() throws(InvalidJSON) {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    guard position > start else { throw invalid("a number without digits") }
  }
}
