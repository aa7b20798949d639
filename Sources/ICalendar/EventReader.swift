import Foundation
import Timelines

/// Reads the events of a calendar, each problem told where it stands.
struct EventReader {
  private var findings: Findings
  private var zones: ZoneNames
  private var namesTold: Set<String> = []
  /// How many years may still be searched for the ends of rules: less than a second of work.
  private var years = 200_000
  /// The event that is being read.
  private var component: Component

  private init(_ calendar: Component, findings: Findings) {
    self.findings = findings
    zones = ZoneNames(calendar: calendar)
    component = calendar
  }

  /// The events of all calendars of a file.
  static func drafts(of calendars: [Component], findings: inout Findings) -> [EventDraft] {
    guard let first = calendars.first else { return [] }
    var reader = EventReader(first, findings: findings)
    var drafts: [EventDraft] = []
    for calendar in calendars {
      (reader.zones, reader.namesTold) = (ZoneNames(calendar: calendar), [])
      for event in calendar.components where event.name == "VEVENT" && !reader.findings.isFull {
        if let draft = reader.draft(of: event) { drafts.append(draft) }
      }
    }
    findings = reader.findings
    return drafts
  }

  /// Nil where it can't be read, which the findings tell.
  private mutating func draft(of event: Component) -> EventDraft? {
    component = event
    let known = findings.problems.count
    let uid = event["UID"].map { CalendarText.unescaped($0.value).trimmed }.flatMap { $0.isEmpty ? nil : $0 }
    let replaces = one("RECURRENCE-ID") { property, reader throws(InvalidValue) in
      if property.parameters["RANGE"] != nil {
        throw InvalidValue(
          "changes of this and all later occurrences (RANGE) are not read",
          hint: "end the rule of the old event with UNTIL, and begin a new one")
      }
      return try reader.time(property.value, of: property)
    }
    let isCancelled = event["STATUS"]?.value.trimmed.uppercased() == "CANCELLED"
    let read = isCancelled ? nil : self.event(uid: uid)
    guard findings.problems.count == known else { return nil }
    return EventDraft(
      event: read, uid: uid, replaces: replaces,
      sequence: event["SEQUENCE"].flatMap { Int($0.value.trimmed) } ?? 0)
  }

  private typealias Read<Value> = (ContentLine, inout EventReader) throws(InvalidValue) -> Value

  /// A property that may stand once; nil where it does not, or can't be read.
  private mutating func one<Value>(_ name: String, _ read: Read<Value>) -> Value? {
    let all = component.properties.filter { $0.name == name }
    guard let property = all.first else { return nil }
    if all.count > 1 {
      findings.refuse(
        all[1].line, "the event has a second \(name); the first is in line \(property.line.number)")
    }
    return value(of: property, read)
  }

  /// A property that may stand often.
  private mutating func every<Value>(_ name: String, _ read: Read<[Value]>) -> [Value] {
    var values: [Value] = []
    for property in component.properties where property.name == name {
      values += value(of: property, read) ?? []
    }
    return values
  }

  private mutating func value<Value>(of property: ContentLine, _ read: Read<Value>) -> Value? {
    do throws(InvalidValue) {
      return try read(property, &self)
    } catch {
      findings.refuse(property.line, error)
      return nil
    }
  }

  /// A date or time with the zone that its property names.
  private mutating func time(_ text: some StringProtocol, of property: ContentLine) throws(InvalidValue)
    -> CalendarTime
  {
    var text = text.trimmed
    if property.parameters["VALUE"]?.uppercased() == "DATE" { text = String(text.prefix(8)) }
    let time = try CalendarTime(text, zone: nil)
    guard !time.isDate, time.zone == nil, let name = property.parameters["TZID"]?.trimmed else { return time }
    guard let found = zones.zone(name) else {
      throw InvalidValue(
        "TZID '\(name.prefix(100))' is no time zone that is known",
        hint: "name a place, such as TZID=Europe/Paris, or add X-WR-TIMEZONE:Europe/Paris to the calendar")
    }
    if found.isAssumed, namesTold.insert(name).inserted {
      findings.warn(
        property.line,
        "TZID '\(name.prefix(100))' is no time zone that is known: read as the calendar's, "
          + found.zone.ianaName)
    }
    return .time(time.wall, found.zone)
  }

  private mutating func times(of property: ContentLine) throws(InvalidValue) -> [CalendarTime] {
    if property.parameters["VALUE"]?.uppercased() == "PERIOD" {
      throw InvalidValue(
        "periods in \(property.name) are not read", hint: "write each as an event of its own")
    }
    var times: [CalendarTime] = []
    for text in property.value.split(separator: ",") { times.append(try time(text, of: property)) }
    return times
  }

  /// Nil where it can't be read, which the findings tell, or never takes place.
  private mutating func event(uid: String?) -> CalendarEvent? {
    let known = findings.problems.count
    let start = one("DTSTART") { property, reader throws(InvalidValue) in
      try reader.time(property.value, of: property)
    }
    let end = one("DTEND") { property, reader throws(InvalidValue) in
      try reader.time(property.value, of: property)
    }
    let duration = one("DURATION") { property, _ throws(InvalidValue) in
      try CalendarDuration(property.value.trimmed)
    }
    let rule = one("RRULE") { property, _ throws(InvalidValue) in try RecurrenceRule(property.value.trimmed) }
    let added = every("RDATE") { property, reader throws(InvalidValue) in
      let times = try reader.times(of: property)
      if let start, times.contains(where: { $0.isDate != start.isDate }) {
        throw InvalidValue(
          start.isDate ? "DTSTART is a date and RDATE a time" : "DTSTART is a time and RDATE a date",
          hint: "give both in the same form")
      }
      return times
    }
    let excluded = every("EXDATE") { property, reader throws(InvalidValue) in try reader.times(of: property) }
    if let exclusion = component["EXRULE"] {
      findings.refuse(exclusion.line, "EXRULE is not read", hint: "list the dates in EXDATE")
    }
    guard findings.problems.count == known, component.isReadable else { return nil }
    guard let start else {
      findings.refuse(component.begin, "the event has no DTSTART, so nobody knows when it takes place")
      return nil
    }
    guard let length = length(from: start, end: end, duration: duration),
      let dates = dates(from: start.wall.date, rule)
    else { return nil }
    let summary = component["SUMMARY"].map { CalendarText.unescaped($0.value).trimmed } ?? ""
    return CalendarEvent(
      name: summary.isEmpty ? uid ?? start.wall.date.description : summary, uid: uid,
      line: component.begin.number, start: start, length: length, rule: rule,
      dates: dates, added: added, excluded: excluded)
  }

  private mutating func length(
    from start: CalendarTime, end: CalendarTime?, duration: CalendarDuration?
  ) -> CalendarEvent.Length? {
    let line = (component["DTEND"] ?? component["DURATION"])?.line ?? component.begin
    if let end {
      if duration != nil {
        findings.refuse(line, "the event has a DTEND and a DURATION", hint: "leave out one of them")
      } else if end.isDate != start.isDate {
        findings.refuse(
          line, start.isDate ? "DTSTART is a date and DTEND a time" : "DTSTART is a time and DTEND a date",
          hint: "give both in the same form")
      } else if (end.zone == nil) != (start.zone == nil) {
        findings.refuse(line, "of DTSTART and DTEND only one has a zone", hint: "give it to both")
      } else if end.instant(readIn: .gmt) < start.instant(readIn: .gmt) {
        findings.refuse(line, "the event ends before it begins")
      } else if end == start, start.isDate {
        findings.warn(
          line, "the event ends on the day on which it begins: read as that one day",
          hint: "DTEND is the day after the last")
        return .duration(CalendarDuration(days: 1))
      } else if end.instant(readIn: .gmt) == start.instant(readIn: .gmt) {
        warnOfNoLength(line)
      } else {
        return .end(end)
      }
      return nil
    }
    guard let duration else {
      if start.isDate { return .duration(CalendarDuration(days: 1)) }
      warnOfNoLength(line)
      return nil
    }
    if duration.days == 0, duration.seconds == 0 {
      warnOfNoLength(line)
      return nil
    }
    guard start.isDate else { return .duration(duration) }
    guard duration.seconds % 86_400 == 0 else {
      findings.refuse(line, "an event of whole days lasts whole days", hint: "such as DURATION:P1D")
      return nil
    }
    return .duration(CalendarDuration(days: duration.days + duration.seconds / 86_400))
  }

  private mutating func warnOfNoLength(_ line: UnfoldedLine) {
    findings.warn(
      line, "the event takes no time, and is passed over", hint: "give it a DTEND after its DTSTART")
  }

  private mutating func dates(from first: CivilDate, _ rule: RecurrenceRule?) -> RecurrenceDates? {
    guard let rule, let line = component["RRULE"]?.line else { return RecurrenceDates(first) }
    let dates: RecurrenceDates
    do throws(InvalidValue) {
      dates = try RecurrenceDates(rule, from: first, years: &years)
    } catch {
      findings.refuse(line, error)
      return nil
    }
    if !dates.rulesFirst {
      findings.warn(
        line, "the rule does not give the event's own first day, \(first), which counts nevertheless",
        hint: "begin on a day of the rule")
    }
    return dates
  }
}
