import Cron
import Foundation
import JSON
import Reports
import Timelines

/// When a cron expression fires, without any file.
struct CronTrial {
  let expression: CronExpression
  let clock: WallClock
  let after: Instant
  let count: Int

  private var occurrences: [Occurrence] {
    sequence(first: expression.next(after: after, on: clock)) { latest in
      latest.flatMap { expression.next(after: $0, on: clock) }
    }.lazy.prefix { $0 != nil }.compactMap(\.self).prefix(count)
      .compactMap { expression.latestOccurrence(atOrBefore: $0, on: clock) }
  }

  var text: String {
    let zone = clock.zone.ianaName
    var text = "\(expression.explanation) (\(expression), \(zone))\n"
    for warning in expression.warnings { text += "warning: \(warning)\n" }
    let occurrences = occurrences
    guard !occurrences.isEmpty else { return text + "It never fires after \(clock.moment(at: after)).\n" }
    var table = TextTable([.left("WHEN (\(zone))"), .left("UTC"), .left("")])
    for occurrence in occurrences {
      table.add([
        "\(clock.moment(at: occurrence.instant))", "\(occurrence.instant)", "\(remark(on: occurrence) ?? "")",
      ])
    }
    return text + "\n" + table.text(Terminal.style, width: Terminal.width)
  }

  var json: JSONValue {
    [
      "expression": .string(expression.description), "explanation": .string(expression.explanation),
      "zone": .string(clock.zone.ianaName),
      "warnings": .array(expression.warnings.map { .string($0.description) }),
      "occurrences": .array(
        occurrences.map { occurrence in
          [
            "at": .string(occurrence.instant.description),
            "local": .string(clock.reading(at: occurrence.instant).description),
            "remark": .text(remark(on: occurrence)),
          ]
        }),
    ]
  }

  /// What a change of the clock does to it.
  private func remark(on occurrence: Occurrence) -> String? {
    let reading = clock.reading(at: occurrence.instant)
    if occurrence.wallTime != reading { return "the clock skips \(occurrence.wallTime.hourAndMinute)" }
    let first = clock.instant(showing: reading)
    if first != occurrence.instant { return "the clock shows it again" }
    guard let change = clock.nextTransition(after: occurrence.instant), change - occurrence.instant < 86_400,
      clock.reading(at: change) <= reading
    else { return nil }
    return "the clock shows it twice: fires the first time"
  }
}
