import Spaces
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
  mutating func append(_ seconds: Int64) { LEB128.append(UInt64(seconds), to: &bytes) }

  func looks(from first: Instant) -> [Instant] {
    var looks = [first]
    var current = first
    for seconds in LEB128.Reader(bytes) {
      current = current + Int64(seconds)
      looks.append(current)
    }
    return looks
  }
}
