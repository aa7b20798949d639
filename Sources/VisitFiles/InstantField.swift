import Timelines

/// Reads instants as files of visits have them, as fast as it can: of a million lines, nearly all look alike.
struct InstantField {
  /// What times without a zone are read by; nil where they are none.
  private let clock: WallClock?
  /// The date read last, as year × 10,000 + month × 100 + day.
  private var lastDate: Int?
  private var lastDay: Int64 = 0

  init(clock: WallClock?) { self.clock = clock }

  /// ISO 8601, or seconds since 1970, whose fraction is cut off.
  ///
  /// - Returns: seconds since 1970.
  mutating func seconds(_ field: ArraySlice<UInt8>) throws(LineProblem) -> Int64 {
    if let second = usual(field) { return second }
    if let second = unix(field) {
      guard Self.isInstant(second) else {
        let hint = Self.isInstant(second / 1000) ? "; are these milliseconds? Give seconds" : ""
        throw LineProblem("at: \(field.excerpt) lies after the year 9999 or before the year 1\(hint)")
      }
      return second
    }
    let text = String(decoding: field.prefix(80), as: UTF8.self)
    // A day is no instant, whatever its zone.
    let isDay = (try? CivilDate(text)) != nil
    do throws(InvalidTime) {
      return try Instant(text, zone: isDay ? nil : clock?.zone).secondsSince1970
    } catch {
      guard error != .beyondAllYears(text) else { throw LineProblem("at: \(error)") }
      if !isDay, (try? Instant(text, zone: .gmt)) != nil {
        throw LineProblem(
          "at: \(field.excerpt) has no zone: name that of all such times, for example with --zone Europe/Paris"
        )
      }
      throw LineProblem(
        "at: \(field.excerpt) is neither an instant with a zone, such as 2026-11-02T10:00:00Z, nor seconds since 1970"
      )
    }
  }

  /// Whether it is a time, perhaps one that lacks its zone.
  mutating func isTime(_ field: ArraySlice<UInt8>) -> Bool {
    (try? seconds(field)) != nil
      || (try? Instant(String(decoding: field.prefix(80), as: UTF8.self), zone: .gmt)) != nil
  }

  /// `10/Oct/2026:13:55:36 -0700`, as web servers write it.
  mutating func logTime(_ field: ArraySlice<UInt8>) throws(LineProblem) -> Int64? {
    let start = field.startIndex
    guard field.count == 26, field[start + 2] == UInt8(ascii: "/"), field[start + 6] == UInt8(ascii: "/"),
      field[start + 11] == UInt8(ascii: ":"), field[start + 20] == UInt8(ascii: " "),
      let day = field[start..<start + 2].number, let month = Self.month(field[start + 3..<start + 6]),
      let year = field[start + 7..<start + 11].number, let date = dayNumber(year, month, day),
      let second = Self.timeOfDay(field[start + 12..<start + 20]),
      let hours = field[start + 22..<start + 24].number, let minutes = field[start + 24..<start + 26].number,
      hours < 24, minutes < 60
    else { return nil }
    let offset = Int64(hours * 3600 + minutes * 60)
    let instant: Int64
    switch field[start + 21] {
    case UInt8(ascii: "+"): instant = date * 86_400 + second - offset
    case UInt8(ascii: "-"): instant = date * 86_400 + second + offset
    default: return nil
    }
    guard Self.isInstant(instant) else {
      throw LineProblem("\(field.excerpt) is not in the years 0001 to 9999 in UTC")
    }
    return instant
  }

  /// `2026-11-02T10:00:00Z`, exactly so, or without the `Z` where there is a clock for that.
  private mutating func usual(_ field: ArraySlice<UInt8>) -> Int64? {
    let start = field.startIndex
    let isUTC = field.count == 20 && field.last == UInt8(ascii: "Z")
    guard isUTC || (clock != nil && field.count == 19), field[start + 4] == UInt8(ascii: "-"),
      field[start + 7] == UInt8(ascii: "-"),
      field[start + 10] == UInt8(ascii: "T") || field[start + 10] == UInt8(ascii: " "),
      let year = field[start..<start + 4].number, let month = field[start + 5..<start + 7].number,
      let day = field[start + 8..<start + 10].number, let date = dayNumber(year, month, day),
      let second = Self.timeOfDay(field[start + 11..<start + 19])
    else { return nil }
    let wall = date * 86_400 + second
    guard !isUTC, let clock else { return wall }
    let instant = clock.instant(showing: WallTime(secondsSinceEpoch: wall))
    return Instant.all.contains(instant) ? instant.secondsSince1970 : nil
  }

  private func unix(_ field: ArraySlice<UInt8>) -> Int64? {
    let isNegative = field.first == UInt8(ascii: "-")
    let digits = isNegative ? field.dropFirst() : field
    let point = digits.firstIndex(of: UInt8(ascii: ".")) ?? digits.endIndex
    guard let whole = digits[..<point].number else { return nil }
    var hasFraction = false
    if point < digits.endIndex {
      let fraction = digits[(point + 1)...]
      guard !fraction.isEmpty, fraction.allSatisfy({ $0 &- 48 < 10 }) else { return nil }
      hasFraction = fraction.contains { $0 != 48 }
    }
    // Cut off means the second that has begun, before 1970 too.
    return isNegative ? -Int64(whole) - (hasFraction ? 1 : 0) : Int64(whole)
  }

  private mutating func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int64? {
    let date = year * 10_000 + month * 100 + day
    if date == lastDate { return lastDay }
    guard year >= 1, let civil = CivilDate(year: year, month: month, day: day) else { return nil }
    (lastDate, lastDay) = (date, civil.dayNumber)
    return lastDay
  }

  /// `13:55:36`. A leap second counts as the second before it.
  private static func timeOfDay(_ field: ArraySlice<UInt8>) -> Int64? {
    let start = field.startIndex
    guard field[start + 2] == UInt8(ascii: ":"), field[start + 5] == UInt8(ascii: ":"),
      let hour = field[start..<start + 2].number, let minute = field[start + 3..<start + 5].number,
      let second = field[start + 6..<start + 8].number, hour < 24, minute < 60, second <= 60
    else { return nil }
    return Int64(hour * 3600 + minute * 60 + min(second, 59))
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ].map { letters($0.utf8) }

  private static func month(_ field: ArraySlice<UInt8>) -> Int? {
    months.firstIndex(of: letters(field)).map { $0 + 1 }
  }

  /// Three letters as a number, whether small or not.
  private static func letters(_ text: some Collection<UInt8>) -> Int {
    // The bit that tells small letters from capitals.
    text.reduce(0) { $0 << 8 | Int($1 | 0x20) }
  }

  private static func isInstant(_ second: Int64) -> Bool {
    Instant.all.contains(Instant(secondsSince1970: second))
  }
}
