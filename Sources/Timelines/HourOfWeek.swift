/// An hour of the week as a zone's clock shows it: Monday 00:00 is 0, Sunday 23:00 is 167.
public struct HourOfWeek: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 0 to 167.
  public let index: Int

  public static let count = 168
  private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  /// - Parameter index: counted on beyond a week.
  public init(_ index: Int) { self.index = ((index % Self.count) + Self.count) % Self.count }

  /// The hour that the clock shows at an instant.
  public init(at instant: Instant, on clock: WallClock) {
    self.init(Int(Self.hours(at: instant, offset: clock.offset(at: instant))))
  }

  /// 0 is Monday.
  public var day: Int { index / 24 }
  public var hour: Int { index % 24 }

  public static func < (left: HourOfWeek, right: HourOfWeek) -> Bool { left.index < right.index }

  /// `Mon 08:00`.
  public var description: String { "\(Self.days[day]) \(hour < 10 ? "0" : "")\(hour):00" }

  /// Cuts a range at the hours of the clock. O(number of hours).
  public static func forEach(
    in range: Range<Instant>, on clock: WallClock, _ body: (HourOfWeek, Range<Instant>) -> Void
  ) {
    var start = range.lowerBound
    while start < range.upperBound {
      let stretch = clock.stretch(at: start)
      let end = min(range.upperBound, Instant(secondsSince1970: stretch.end))
      let hours = hours(at: start, offset: stretch.offset)
      var hour = HourOfWeek(Int(hours))
      var next = Instant(secondsSince1970: (hours + 1) * 3600 - monday - stretch.offset)
      while start < end {
        body(hour, start..<min(next, end))
        start = min(next, end)
        next = next + 3600
        hour = HourOfWeek(hour.index + 1)
      }
    }
  }

  /// From the Monday before 1970, 1969-12-29, to 1970.
  private static let monday: Int64 = 3 * 86_400

  /// Whole hours of the clock since that Monday, rounded down.
  private static func hours(at instant: Instant, offset: Int64) -> Int64 {
    (instant.secondsSince1970 + offset + monday).flooredQuotient(by: 3600)
  }
}
