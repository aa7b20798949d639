/// Cuts bytes that come in pieces into lines.
struct LineSplitter {
  /// Bytes; a longer line is passed over, so that memory stays flat.
  static let longest = 1 << 16

  /// The beginning of the line at hand.
  private var begun: [UInt8] = []
  private var isTooLong = false

  /// - Parameter body: gets each line that ends in the piece, without its end; nil for one that is too long.
  mutating func split(_ piece: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>?) throws -> Void) rethrows {
    var rest = piece
    while let end = rest.position(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      rest = rest[(end + 1)...]
      if begun.isEmpty, !isTooLong {
        try body(line.count > Self.longest ? nil : line)
      } else {
        add(line)
        try giveBegun(body)
      }
    }
    add(rest)
  }

  /// The last line, if it has no end.
  mutating func finish(_ body: (ArraySlice<UInt8>?) throws -> Void) rethrows {
    if !begun.isEmpty || isTooLong { try giveBegun(body) }
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>) {
    if begun.count + bytes.count > Self.longest { isTooLong = true }
    if isTooLong { begun = [] } else { begun += bytes }
  }

  private mutating func giveBegun(_ body: (ArraySlice<UInt8>?) throws -> Void) rethrows {
    try body(isTooLong ? nil : begun[...])
    begun.removeAll(keepingCapacity: true)
    isTooLong = false
  }
}
