extension JSONValue {
  /// JSON text on one line, keys in order of their UTF-8, so that equal values have equal text.
  public var text: String {
    var utf8: [UInt8] = []
    utf8.reserveCapacity(512)
    write(to: &utf8)
    return String(decoding: utf8, as: UTF8.self)
  }

  private func write(to utf8: inout [UInt8]) {
    switch self {
    case .null: utf8.append(contentsOf: "null".utf8)
    case .bool(let flag): utf8.append(contentsOf: (flag ? "true" : "false").utf8)
    case .integer(let number): utf8.append(contentsOf: number.description.utf8)
    // What is not finite can't have been read from JSON, and JSON has no word for it.
    case .number(let text): utf8.append(contentsOf: text.utf8)
    case .decimal(let number): utf8.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
    case .string(let text): Self.write(text, to: &utf8)
    case .array(let elements):
      utf8.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { utf8.append(UInt8(ascii: ",")) }
        element.write(to: &utf8)
      }
      utf8.append(UInt8(ascii: "]"))
    case .object(let members):
      utf8.append(UInt8(ascii: "{"))
      let inOrder = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (index, member) in inOrder.enumerated() {
        if index > 0 { utf8.append(UInt8(ascii: ",")) }
        Self.write(member.key, to: &utf8)
        utf8.append(UInt8(ascii: ":"))
        member.value.write(to: &utf8)
      }
      utf8.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, to utf8: inout [UInt8]) {
    utf8.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): utf8.append(contentsOf: [UInt8(ascii: "\\"), byte])
      case UInt8(ascii: "\n"): utf8.append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\r"): utf8.append(contentsOf: "\\r".utf8)
      case UInt8(ascii: "\t"): utf8.append(contentsOf: "\\t".utf8)
      case 0..<0x20:
        utf8.append(contentsOf: "\\u00".utf8)
        utf8.append(contentsOf: (byte < 16 ? "0" : "").utf8)
        utf8.append(contentsOf: String(byte, radix: 16).utf8)
      default: utf8.append(byte)
      }
    }
    utf8.append(UInt8(ascii: "\""))
  }
}
