import Foundation

/// Why a line of a file was passed over.
struct LineProblem: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// A line that was passed over.
public struct BadLine: Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  public let number: Int
  public let reason: String

  public var description: String { "line \(number): \(reason)" }
}

/// A file of which nothing can be taken.
public struct UnreadableVisits: Error, Hashable, Sendable, CustomStringConvertible {
  public let file: String
  /// From 1; nil where it is about the whole file.
  public let line: Int?
  public let message: String

  public var description: String {
    "\(file)\(line.map { ":\($0)" } ?? ""): \(message)"
  }
}

extension ArraySlice<UInt8> {
  /// For messages: the beginning, on one line.
  var excerpt: String {
    let most = 60
    let text = String(decoding: prefix(most), as: UTF8.self)
    let shown = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "�" : "\($0)" }
    return "'\(shown.joined())'" + (count > most ? " …" : "")
  }

  /// Where a byte first stands; many are looked at in one step.
  func position(of byte: UInt8) -> Index? {
    withUnsafeBytes { bytes in
      bytes.baseAddress.flatMap { start in
        memchr(start, Int32(byte), bytes.count).map { startIndex + start.distance(to: $0) }
      }
    }
  }

  /// The number that digits spell; nil for anything else, and for more than 18 digits.
  var number: Int? {
    guard !isEmpty, count <= 18 else { return nil }
    var value = 0
    for byte in self {
      guard byte &- 48 < 10 else { return nil }
      value = value * 10 + Int(byte &- 48)
    }
    return value
  }
}
