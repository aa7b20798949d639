import Timelines

/// The instants of a run of looks in compact form: the seconds from each to the next, as LEB128 numbers.
///
/// Looks every few minutes take two bytes each. The first instant is stored beside the list.
struct LookList {
  private(set) var bytes: [UInt8]

  init(bytes: [UInt8] = []) {
    self.bytes = bytes
  }

  init(_ looks: [Instant]) {
    bytes = []
    for (earlier, later) in zip(looks, looks.dropFirst()) { append(later - earlier) }
  }

  /// - Parameter seconds: since the look before, 1 or more.
  mutating func append(_ seconds: Int64) {
    var rest = UInt64(seconds)
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  func looks(from first: Instant) -> [Instant] {
    var looks = [first]
    var (value, shift, current) = (UInt64(0), UInt64(0), first)
    for byte in bytes {
      value |= UInt64(byte & 0x7F) << shift
      shift += 7
      guard byte < 0x80 else { continue }
      current = current + Int64(value)
      looks.append(current)
      (value, shift) = (0, 0)
    }
    return looks
  }
}
