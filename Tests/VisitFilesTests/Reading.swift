import CZlib
import Foundation
import Spaces
import TestSupport
import Timelines
import VisitFiles

let chat = "acme/chat"

/// Reads a file, in pieces of a size.
func read(
  _ bytes: [UInt8], space: String? = chat, zone: String? = nil, peopleOnly: Bool = false, pieces: Int = 7
) throws -> VisitFileContent {
  var reader = VisitFileReader(
    file: "v.csv", space: try space.map { try SpaceID($0) },
    clock: try zone.map { WallClock(try TimeZone(ianaName: $0)) }, peopleOnly: peopleOnly)
  var rest = bytes[...]
  while !rest.isEmpty {
    try reader.take(rest.prefix(pieces))
    rest = rest.dropFirst(pieces)
  }
  return try reader.finish()
}

func read(
  _ text: String, space: String? = chat, zone: String? = nil, peopleOnly: Bool = false
) throws -> VisitFileContent {
  try read(Array(text.utf8), space: space, zone: zone, peopleOnly: peopleOnly)
}

/// Like `2026-10-05T08:00:00Z acme/chat 2`, by Space and time.
func lines(_ visits: VisitDays) -> [String] {
  visits.sorted { $0.key < $1.key }.flatMap { space, days in
    days.sorted { $0.key < $1.key }.flatMap { number, day in
      day.visits(onDay: number).map { "\($0.at) \(space) \($0.count)" }
    }
  }
}

/// What the `gzip` program writes.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
  let size = output.count
  input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(size)
      _ = deflate(&stream, Z_FINISH)
    }
  }
  return Array(output[..<(size - Int(stream.avail_out))])
}
