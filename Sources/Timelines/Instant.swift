/// A point in time: whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Zones matter only to cron, to the days and months of reports, and to what people read; everything else
/// is arithmetic on these seconds.
public struct Instant: Hashable, Comparable, Sendable {
  public var secondsSince1970: Int64

  @inlinable
  public init(secondsSince1970: Int64) {
    self.secondsSince1970 = secondsSince1970
  }

  /// The first and the last instant that spaceplan reads (of the years 0001 and 9999).
  public static let distantPast = Instant(secondsSince1970: -62_135_596_800)
  public static let distantFuture = Instant(secondsSince1970: 253_402_300_799)
  /// Those that can be written with four digits for the year.
  public static let all = distantPast...distantFuture

  @inlinable
  public static func < (left: Instant, right: Instant) -> Bool {
    left.secondsSince1970 < right.secondsSince1970
  }

  /// The instant `seconds` later (earlier, if negative).
  @inlinable
  public static func + (instant: Instant, seconds: Int64) -> Instant {
    Instant(secondsSince1970: instant.secondsSince1970 + seconds)
  }

  /// The instant `seconds` earlier.
  @inlinable
  public static func - (instant: Instant, seconds: Int64) -> Instant {
    Instant(secondsSince1970: instant.secondsSince1970 - seconds)
  }

  /// The seconds from `earlier` to `later`; negative if they are the other way round.
  @inlinable
  public static func - (later: Instant, earlier: Instant) -> Int64 {
    later.secondsSince1970 - earlier.secondsSince1970
  }
}

extension Range where Bound == Instant {
  /// The length in seconds, 0 or more.
  @inlinable
  public var seconds: Int64 { upperBound - lowerBound }
}

extension Instant: CustomStringConvertible {
  /// ISO 8601 in UTC, such as `2026-11-02T10:00:00Z`.
  public var description: String {
    let wall = WallTime(secondsSinceEpoch: secondsSince1970)
    return "\(wall.date)T\(wall.timeOfDay)Z"
  }
}

extension Instant: Codable {
  /// Decodes ISO 8601 text with a zone, such as `2026-11-02T10:00:00Z`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Encodes as ``description``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
