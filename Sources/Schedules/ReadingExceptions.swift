import Foundation
import ICalendar
import LocatedYAML
import Timelines

/// An exception as read, with its settings as they are written; nil for those of a policy's `calendar`.
struct ReadException {
  var exception: Exception
  var set: FileReading.ReadSettings?
}

extension FileReading {
  /// Settings for fixed times: a range, whole days, or the events of a calendar.
  mutating func readException(_ value: YAMLValue, zone: TimeZone) -> ReadException? {
    let what = "an exception"
    guard
      let members = reader.mapping(
        value, as: what, keys: ["name", "from", "until", "days", "calendar", "set"])
    else { return nil }
    let nameValue = required(members["name"], "name", in: what, at: value)
    let name = nameValue.flatMap { readName($0, as: "an exception's name") }
    let set = required(members["set"], "set", in: what, at: value).map { readSettings($0, as: "a set") }
    let occasions = readOccasions(members, zone: zone, of: value)
    guard let name, let set, let occasions else { return nil }
    if set.settings.isEmpty {
      reader.report(
        "'\(name)' sets nothing, so nothing changes while it lasts", at: set.place, severity: .warning)
    }
    return ReadException(
      exception: Exception(
        name: name, occasions: occasions, set: set.settings, place: reader.place(of: value)), set: set)
  }

  /// `calendar` of a policy: while one of its events lasts, the default holds.
  mutating func readCalendar(
    _ value: YAMLValue?, default standard: Settings?, zone: TimeZone
  ) -> [ReadException] {
    guard let value = given(value) else { return [] }
    guard let standard, !standard.isEmpty else {
      reader.report(
        "on the days of a policy's calendar its default holds, and it has none", at: value,
        hint: "add a default, or write an exception with 'calendar' and 'set'")
      return []
    }
    return readEvents(value, zone: zone).map {
      [
        ReadException(
          exception: Exception(
            name: "calendar", occasions: $0, set: standard, place: reader.place(of: value)))
      ]
    } ?? []
  }

  private mutating func readOccasions(
    _ members: [String: YAMLValue], zone: TimeZone, of value: YAMLValue
  ) -> [Occasion]? {
    let (from, until) = (given(members["from"]), given(members["until"]))
    let (days, calendar) = (given(members["days"]), given(members["calendar"]))
    let isRange = from != nil || until != nil
    guard [isRange, days != nil, calendar != nil].count(where: { $0 }) == 1 else {
      reader.report(
        "an exception is for one time: 'from' and 'until', or 'days', or 'calendar'", at: value,
        hint: "such as days: [2026-12-24, 12-31]")
      return nil
    }
    if let days { return readDays(days) }
    if let calendar { return readEvents(calendar, zone: zone) }
    guard required(from, "from", in: "an exception with 'until'", at: until ?? value) != nil,
      required(until, "until", in: "an exception with 'from'", at: from ?? value) != nil
    else { return nil }
    return readValidity(from, until, zone: zone).map { [.range($0)] }
  }

  private mutating func readDays(_ value: YAMLValue) -> [Occasion]? {
    let elements = value.text == nil ? reader.sequence(value, as: "days", ofTexts: true) : [value]
    if elements.isEmpty, case .sequence = value.content {
      reader.report("the list of days is empty", at: value, hint: "such as [2026-12-24, 12-31]")
    }
    let days = elements.map { element in
      reader.read(element, as: "a day") { text throws(InvalidTime) in try Occasion(day: text) }
    }
    return days.contains { $0 == nil } || days.isEmpty ? nil : days.compactMap(\.self)
  }

  private mutating func readEvents(_ value: YAMLValue, zone: TimeZone) -> [Occasion]? {
    guard let path = reader.text(value, as: "the name of a calendar file") else { return nil }
    switch calendars.read(path, beside: reader.file) {
    case .failure(let error):
      if !error.isTold {
        reader.report(
          "the calendar '\(path)' can't be read: \(error)", at: value,
          hint: "its name is relative to this file")
      }
      return nil
    case .success(let calendar):
      if calendar.events.isEmpty {
        reader.report("the calendar '\(path)' has no events", at: value, severity: .warning)
      }
      return calendar.events.map { .event(name: $0.name, $0.occurrences(zone: zone)) }
    }
  }
}

extension Occasion {
  /// Reads a day, `2026-12-24`, or one of each year, `12-25`.
  fileprivate init(day text: String) throws(InvalidTime) {
    if let date = try? CivilDate(text) {
      self = .day(date)
      return
    }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    // 2000 was a leap year: the 29th of February is a day of some years.
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let month = Int(parts[0]),
      let day = Int(parts[1]), CivilDate(year: 2000, month: month, day: day) != nil
    else {
      throw InvalidTime(
        text: text, expected: "a day, such as 2026-12-24, or 12-25 for the 25th of each December")
    }
    self = .yearly(month: month, day: day)
  }
}
