import CZlib

/// What can't be read as gzip.
public struct InvalidGzip: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

/// Takes gzip in pieces and gives its content in pieces: one member or several, one after the other.
final class Gunzip {
  private static let outputSize = 1 << 17

  /// zlib remembers where its state lies, so that stays in one place.
  private let stream: UnsafeMutablePointer<z_stream>
  private var output = [UInt8](repeating: 0, count: outputSize)
  /// The member at hand has ended; nothing, zeros or a further member may follow.
  private var isAtEnd = false
  private var isPadding = false

  init() throws(InvalidGzip) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15: the largest window; 16 more: gzip, with its checksum, and nothing else.
    let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw InvalidGzip(description: "zlib can't be used (its code \(status))") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// - Parameter body: gets what a piece holds.
  func inflate(_ piece: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    var rest = piece
    while !rest.isEmpty {
      if isAtEnd {
        // Tapes and some tools fill up with zeros.
        if rest.first == 0 { isPadding = true }
        if isPadding {
          guard rest.allSatisfy({ $0 == 0 }) else {
            throw InvalidGzip(description: "something else than gzip follows its end")
          }
          return
        }
        inflateReset(stream)
        isAtEnd = false
      }
      let (taken, given) = try step(rest)
      rest = rest.dropFirst(taken)
      if given > 0 { try body(output[..<given]) }
    }
  }

  /// Must be called when no more is to come.
  func finish() throws(InvalidGzip) {
    guard isAtEnd else { throw InvalidGzip(description: "the gzip data end too early: the file was cut off") }
  }

  private func step(_ input: ArraySlice<UInt8>) throws(InvalidGzip) -> (taken: Int, given: Int) {
    let (status, taken, given) = input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        // zlib's field is not const, but it only reads.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        return (
          status, input.count - Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out)
        )
      }
    }
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isAtEnd = true
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib's code \(status)"
      throw InvalidGzip(description: "the gzip data are damaged: \(reason)")
    }
    return (taken, given)
  }
}
