public import Timelines

/// A calendar to which people subscribe (RFC 5545), as Thunderbird, Google and Apple read it.
public struct CalendarFeed: Hashable, Sendable {
  /// What calendar programs call it.
  public var name: String
  public var events: [Event]

  public init(name: String, events: [Event]) {
    self.name = name
    self.events = events
  }

  public struct Event: Hashable, Sendable {
    /// The same as long as it is the same event, and no other's: a program that looks again replaces by it.
    public var uid: String
    public var summary: String
    /// Nothing if empty.
    public var description: String
    public var categories: [String]
    public var range: Range<Instant>

    public init(
      uid: String, summary: String, description: String = "", categories: [String] = [],
      range: Range<Instant>
    ) {
      self.uid = uid
      self.summary = summary
      self.description = description
      self.categories = categories
      self.range = range
    }
  }

  /// The file. Times are in UTC; nobody is shown as busy because of them.
  /// - Parameter now: written as the time at which each event was made.
  public func text(now: Instant) -> String {
    var lines = [
      "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//spaceplan//spaceplan//EN", "CALSCALE:GREGORIAN",
      "METHOD:PUBLISH", "X-WR-CALNAME:\(CalendarText.escaped(name))",
    ]
    for event in events {
      lines += [
        "BEGIN:VEVENT", "UID:\(CalendarText.escaped(event.uid))", "DTSTAMP:\(now.basicText)",
        "DTSTART:\(event.range.lowerBound.basicText)",
      ]
      // A DTEND must be later; without one the event is a moment.
      if !event.range.isEmpty { lines.append("DTEND:\(event.range.upperBound.basicText)") }
      lines.append("SUMMARY:\(CalendarText.escaped(event.summary))")
      if !event.description.isEmpty { lines.append("DESCRIPTION:\(CalendarText.escaped(event.description))") }
      if !event.categories.isEmpty {
        lines.append("CATEGORIES:\(event.categories.map(CalendarText.escaped).joined(separator: ","))")
      }
      lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    }
    lines.append("END:VCALENDAR")
    return lines.map { Self.folded($0) + "\r\n" }.joined()
  }

  /// Broken into lines of at most 75 bytes, never inside a character; those that go on begin with a space.
  private static func folded(_ line: String) -> String {
    var folded = String.UnicodeScalarView()
    var length = 0
    for scalar in line.unicodeScalars {
      let bytes = UTF8.width(scalar)
      if length + bytes > 75 {
        folded += ["\r", "\n", " "]
        length = 1
      }
      folded.append(scalar)
      length += bytes
    }
    return String(folded)
  }
}

extension Instant {
  /// `20261102T100000Z`, in the years 0001 to 9999.
  fileprivate var basicText: String {
    min(max(self, .distantPast), .distantFuture).description.filter { $0 != "-" && $0 != ":" }
  }
}
