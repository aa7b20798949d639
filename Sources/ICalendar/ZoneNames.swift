import Foundation
import Timelines

/// What the TZIDs of a calendar mean.
///
/// A TZID is only a label for a VTIMEZONE, yet in practice it is an IANA name, one with something in front, or
/// a name of Windows. The rules in the VTIMEZONE are not read: they are often those of one year, or wrong.
struct ZoneNames {
  /// The zone in which the calendar is shown, for names that mean nothing.
  private let shown: TimeZone?
  /// IANA names by TZID, as some programs add them to a VTIMEZONE.
  private var locations: [String: String] = [:]
  private var known: [String: Zone?] = [:]

  struct Zone {
    let zone: TimeZone
    /// Whether the name meant nothing and the calendar's own zone stands in.
    let isAssumed: Bool
  }

  init(calendar: Component) {
    shown = calendar["X-WR-TIMEZONE"].flatMap { TimeZone(calendarName: $0.value.trimmed) }
    for component in calendar.components where component.name == "VTIMEZONE" {
      guard let name = component["TZID"], let location = component["X-LIC-LOCATION"] else { continue }
      locations[name.value.trimmed] = location.value.trimmed
    }
  }

  mutating func zone(_ name: String) -> Zone? {
    if let zone = known[name] { return zone }
    let named = TimeZone(calendarName: name) ?? locations[name].flatMap { TimeZone(calendarName: $0) }
    let zone =
      named.map { Zone(zone: $0, isAssumed: false) } ?? shown.map { Zone(zone: $0, isAssumed: true) }
    known[name] = .some(zone)
    return zone
  }
}

extension TimeZone {
  /// A zone by its IANA name, also with something in front (`/example.org/2026/Europe/Paris`), or by its name
  /// on Windows.
  fileprivate init?(calendarName name: String) {
    if let place = WindowsZones.places[name.lowercased()] {
      self.init(identifier: place)
      return
    }
    let isPlain = name.utf8.allSatisfy { byte in
      byte < 128 && (Character(Unicode.Scalar(byte)).isLetter || "0123456789+-_/ .".utf8.contains(byte))
    }
    guard name.utf8.count <= 100, isPlain else { return nil }
    // From the longest, as some names have three parts; but GMT, UTC and their like stand alone.
    let parts = name.split(separator: "/")
    let suffixes = (0..<max(parts.count - 1, 1)).map { parts.dropFirst($0).joined(separator: "/") }
    for suffix in [name] + suffixes.filter({ $0.contains("/") }) {
      if let zone = TimeZone(knownIANAName: suffix) {
        self = zone
        return
      }
    }
    return nil
  }
}

/// A place in each time zone that Windows and Outlook name, in small letters.
enum WindowsZones {
  static let places = [
    "dateline standard time": "Etc/GMT+12",
    "aleutian standard time": "America/Adak",
    "hawaiian standard time": "Pacific/Honolulu",
    "alaskan standard time": "America/Anchorage",
    "pacific standard time": "America/Los_Angeles",
    "pacific standard time (mexico)": "America/Tijuana",
    "us mountain standard time": "America/Phoenix",
    "mountain standard time": "America/Denver",
    "mountain standard time (mexico)": "America/Mazatlan",
    "yukon standard time": "America/Whitehorse",
    "central standard time": "America/Chicago",
    "central standard time (mexico)": "America/Mexico_City",
    "central america standard time": "America/Guatemala",
    "canada central standard time": "America/Regina",
    "eastern standard time": "America/New_York",
    "eastern standard time (mexico)": "America/Cancun",
    "us eastern standard time": "America/Indiana/Indianapolis",
    "sa pacific standard time": "America/Bogota",
    "haiti standard time": "America/Port-au-Prince",
    "cuba standard time": "America/Havana",
    "atlantic standard time": "America/Halifax",
    "venezuela standard time": "America/Caracas",
    "paraguay standard time": "America/Asuncion",
    "central brazilian standard time": "America/Cuiaba",
    "sa western standard time": "America/La_Paz",
    "pacific sa standard time": "America/Santiago",
    "newfoundland standard time": "America/St_Johns",
    "e. south america standard time": "America/Sao_Paulo",
    "sa eastern standard time": "America/Cayenne",
    "argentina standard time": "America/Argentina/Buenos_Aires",
    "bahia standard time": "America/Bahia",
    "montevideo standard time": "America/Montevideo",
    "greenland standard time": "America/Nuuk",
    "azores standard time": "Atlantic/Azores",
    "cape verde standard time": "Atlantic/Cape_Verde",
    "utc": "UTC",
    "coordinated universal time": "UTC",
    "gmt standard time": "Europe/London",
    "greenwich standard time": "Atlantic/Reykjavik",
    "morocco standard time": "Africa/Casablanca",
    "w. europe standard time": "Europe/Berlin",
    "central europe standard time": "Europe/Budapest",
    "romance standard time": "Europe/Paris",
    "central european standard time": "Europe/Warsaw",
    "w. central africa standard time": "Africa/Lagos",
    "gtb standard time": "Europe/Bucharest",
    "e. europe standard time": "Europe/Chisinau",
    "fle standard time": "Europe/Kyiv",
    "middle east standard time": "Asia/Beirut",
    "egypt standard time": "Africa/Cairo",
    "israel standard time": "Asia/Jerusalem",
    "jordan standard time": "Asia/Amman",
    "syria standard time": "Asia/Damascus",
    "south africa standard time": "Africa/Johannesburg",
    "namibia standard time": "Africa/Windhoek",
    "kaliningrad standard time": "Europe/Kaliningrad",
    "libya standard time": "Africa/Tripoli",
    "turkey standard time": "Europe/Istanbul",
    "arab standard time": "Asia/Riyadh",
    "arabic standard time": "Asia/Baghdad",
    "belarus standard time": "Europe/Minsk",
    "russian standard time": "Europe/Moscow",
    "e. africa standard time": "Africa/Nairobi",
    "iran standard time": "Asia/Tehran",
    "arabian standard time": "Asia/Dubai",
    "azerbaijan standard time": "Asia/Baku",
    "georgian standard time": "Asia/Tbilisi",
    "caucasus standard time": "Asia/Yerevan",
    "mauritius standard time": "Indian/Mauritius",
    "russia time zone 3": "Europe/Samara",
    "afghanistan standard time": "Asia/Kabul",
    "west asia standard time": "Asia/Tashkent",
    "pakistan standard time": "Asia/Karachi",
    "ekaterinburg standard time": "Asia/Yekaterinburg",
    "india standard time": "Asia/Kolkata",
    "sri lanka standard time": "Asia/Colombo",
    "nepal standard time": "Asia/Kathmandu",
    "central asia standard time": "Asia/Bishkek",
    "bangladesh standard time": "Asia/Dhaka",
    "myanmar standard time": "Asia/Yangon",
    "n. central asia standard time": "Asia/Novosibirsk",
    "se asia standard time": "Asia/Bangkok",
    "north asia standard time": "Asia/Krasnoyarsk",
    "china standard time": "Asia/Shanghai",
    "north asia east standard time": "Asia/Irkutsk",
    "singapore standard time": "Asia/Singapore",
    "taipei standard time": "Asia/Taipei",
    "w. australia standard time": "Australia/Perth",
    "ulaanbaatar standard time": "Asia/Ulaanbaatar",
    "tokyo standard time": "Asia/Tokyo",
    "korea standard time": "Asia/Seoul",
    "yakutsk standard time": "Asia/Yakutsk",
    "cen. australia standard time": "Australia/Adelaide",
    "aus central standard time": "Australia/Darwin",
    "e. australia standard time": "Australia/Brisbane",
    "aus eastern standard time": "Australia/Sydney",
    "tasmania standard time": "Australia/Hobart",
    "west pacific standard time": "Pacific/Port_Moresby",
    "vladivostok standard time": "Asia/Vladivostok",
    "central pacific standard time": "Pacific/Guadalcanal",
    "new zealand standard time": "Pacific/Auckland",
    "fiji standard time": "Pacific/Fiji",
    "tonga standard time": "Pacific/Tongatapu",
    "samoa standard time": "Pacific/Apia",
    "line islands standard time": "Pacific/Kiritimati",
  ]
}
