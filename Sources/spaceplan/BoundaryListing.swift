import Acting
import Foundation
import ICalendar
import JSON
import Money
import Planning
import Pricing
import Reports
import Schedules
import Timelines

/// The boundaries to come of several schedules, in order of time: as a table, as data, as a calendar.
struct BoundaryListing {
  fileprivate struct Row {
    let subject: ScheduleSubject
    let upcoming: UpcomingBoundary

    var boundary: Boundary { upcoming.boundary }
    var clock: WallClock { WallClock(subject.schedule.policy.zone) }
  }

  private let rows: [Row]
  private let subjects: [ScheduleSubject]
  private let range: Range<Instant>
  private let prices: PriceTable
  /// The clock on the reader's own wall.
  private let reader: WallClock

  init(_ subjects: [ScheduleSubject], in range: Range<Instant>, prices: PriceTable, reader: WallClock) {
    self.subjects = subjects
    self.range = range
    self.prices = prices
    self.reader = reader
    rows = subjects.flatMap { subject in
      UpcomingBoundaries(schedule: subject.schedule, prices: prices).all(in: range)
        // Midnight matters to changes by hand only, and is the same every day.
        .filter { $0.boundary.event != .midnight }
        .map { Row(subject: subject, upcoming: $0) }
    }.sorted { ($0.boundary.instant, $0.subject.title) < ($1.boundary.instant, $1.subject.title) }
  }

  // MARK: Table

  func table(now: Instant) -> String {
    let span =
      "from \(reader.moment(at: now)) to \(reader.moment(at: range.upperBound - 1)) \(reader.zone.ianaName)"
    guard !rows.isEmpty else { return "No boundaries \(span).\n" }
    let zones = Set(rows.map(\.clock.zone.ianaName))
    let isLocal = zones == [reader.zone.ianaName]
    var columns: [Column] = [.left("WHEN")]
    if !isLocal { columns.append(.left("YOURS (\(reader.zone.ianaName))")) }
    columns += [
      .left("FOR"), .left("WHAT"), .left("CHANGES"), .right("\(prices.currency)/H EACH"),
    ]
    var table = TextTable(columns)
    for row in rows {
      var cells: [TextTable.Cell] = [
        "\(row.clock.moment(at: row.boundary.instant))\(isLocal ? "" : " \(row.clock.zone.ianaName)")"
      ]
      if !isLocal { cells.append("\(reader.moment(at: row.boundary.instant))") }
      let changes = row.changes
      cells += [
        "\(row.subject.title)", "\(row.name)",
        TextTable.Cell(changes.isEmpty ? "nothing" : changes, changes.isEmpty ? .dim : .bold),
        "\(row.price)",
      ]
      table.add(cells)
    }
    return "Boundaries \(span):\n\n" + table.text(Terminal.style, width: Terminal.width)
  }

  // MARK: Data

  var json: JSONValue {
    .array(
      rows.map { row in
        [
          "at": .string(row.boundary.instant.description), "due": .string(row.boundary.due.description),
          "zone": .string(row.clock.zone.ianaName),
          "local": .string(row.clock.reading(at: row.boundary.instant).description),
          "policy": .string(row.subject.schedule.policy.name),
          "spaces": .array(row.subject.spaces.map { .string($0.description) }),
          "name": .string(row.boundary.name),
          "changes": row.changesAsData, "settings": row.settingsAsData,
          "per_hour_before": .text(row.upcoming.rateBefore),
          "per_hour_after": .text(row.upcoming.rateAfter),
        ]
      })
  }

  // MARK: Calendar

  /// Only what changes something: a calendar is for people.
  var feed: CalendarFeed {
    CalendarFeed(
      name: "spaceplan",
      events: rows.filter { !$0.upcoming.changes.isEmpty }.map { row in
        let policy = row.subject.schedule.policy
        let spaces =
          row.subject.spaces.isEmpty
          ? policy.patterns.map(\.description) : row.subject.spaces.map(\.description)
        return CalendarFeed.Event(
          uid: "\(row.subject.title)-\(row.boundary.name)-\(row.boundary.due)@spaceplan",
          summary: "\(row.subject.title): \(row.changes)",
          description: "\(row.name), policy \(policy.name)\n\(row.price) \(prices.currency) an hour\n"
            + spaces.joined(separator: "\n"),
          categories: ["spaceplan"], range: row.boundary.instant..<row.boundary.instant)
      })
  }
}

extension BoundaryListing.Row {
  /// What it is called, and when it is due where it acts early.
  fileprivate var name: String {
    guard boundary.due > boundary.instant else { return boundary.name }
    return "\(boundary.name), ready by \(clock.reading(at: boundary.due).hourAndMinute)"
  }

  fileprivate var changes: String { upcoming.changeText }

  /// All that should be from here on; null for what is not ours.
  fileprivate var settingsAsData: JSONValue {
    var members: [String: JSONValue] = [:]
    for setting in Setting.allCases { members[setting.rawValue] = .text(upcoming.after.text(of: setting)) }
    return .object(members)
  }

  fileprivate var changesAsData: JSONValue {
    var members: [String: JSONValue] = [:]
    for setting in upcoming.changes {
      members[setting.rawValue] = [
        "before": .text(upcoming.before.text(of: setting)), "after": .text(upcoming.after.text(of: setting)),
      ]
    }
    return .object(members)
  }

  fileprivate var price: String {
    func text(_ rate: Money?) -> String { rate.map(NumberText.price) ?? "?" }
    let (before, after) = (text(upcoming.rateBefore), text(upcoming.rateAfter))
    return before == after ? after : "\(before) → \(after)"
  }
}

extension WallClock {
  /// What the clock shows, with the weekday that people plan by: `Tue 2026-11-24 19:00`.
  func moment(at instant: Instant) -> String {
    let reading = reading(at: instant)
    let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    return "\(names[reading.date.weekday]) \(reading)"
  }
}
