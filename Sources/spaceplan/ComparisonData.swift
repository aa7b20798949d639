import CSV
import JSON
import Money
import Pricing
import Simulation
import Spaces
import Timelines

/// For programs.
extension FleetComparison {
  func csv() -> String {
    var text = CSVWriter.line([
      "space", "rules", "cost_low", "cost", "cost_high", "paid_minutes", "cold_starts", "delayed",
      "turned_away", "wait_seconds", "boundaries", "awake_minutes", "unpriced_minutes",
    ])
    for space in spaces {
      text += CSVWriter.line([
        space.space.description, "actual", space.actual.low.description, space.actual.estimate.description,
        space.actual.high.description, "", "", "", "", "", "", "", "",
      ])
      for (name, course) in [("current", space.current), ("new", space.proposed)] {
        let fates = course.visitors.map {
          ["\($0.coldStarts)", "\($0.delayed)", "\($0.turnedAway)", "\($0.waitSeconds)"]
        }
        text += CSVWriter.line(
          [
            space.space.description, name, course.cost.low.description, course.cost.estimate.description,
            course.cost.high.description, course.paidTime.minutesText,
          ] + (fates ?? ["", "", "", ""]) + [
            "\(course.boundaries)", minutes(course.times), minutes(course.unpricedTimes),
          ])
      }
    }
    return text
  }

  /// `a10g-small=120 t4-small=60`.
  private func minutes(_ times: [SpaceHardware: BilledTime]) -> String {
    times.map { "\($0.key)=\($0.value.minutesText)" }.sorted().joined(separator: " ")
  }

  /// - Parameter assumptions: what it rests on, a line each; nil where nobody asked.
  func json(currency: String, assumptions: [String]?) -> JSONValue {
    var members: [String: JSONValue] = [
      "from": .string(range.lowerBound.description), "until": .string(range.upperBound.description),
      "currency": .string(currency),
      "spaces": .array(
        spaces.map { space in
          [
            "space": .string(space.space.description), "from": .string(space.range.lowerBound.description),
            "actual": .bounds(space.actual), "current": json(space.current), "new": json(space.proposed),
            "demand": [
              "sources": .array(space.demand.sources.map { .string($0.rawValue) }),
              "unknown_seconds": .integer(space.demand.unknownSeconds),
              "seconds": .integer(space.demand.seconds),
            ],
          ]
        }),
      "actual": .bounds(actual), "current": .bounds(current), "new": .bounds(proposed),
      "change": .string(change.description), "model_error": .string(modelError.description),
      "zone": .string(clock.zone.ianaName),
      "largest_differences": .array(
        largestDifferences(3).map {
          ["hour": .string($0.hour.description), "per_hour": .string($0.perHour.description)]
        }),
    ]
    members["assumptions"] = assumptions.map { .array($0.map(JSONValue.string)) }
    return .object(members)
  }

  private func json(_ course: SimulatedCourse) -> JSONValue {
    func minutes(_ times: [SpaceHardware: BilledTime]) -> JSONValue {
      .object(
        Dictionary(uniqueKeysWithValues: times.map { ($0.key.rawValue, .string($0.value.minutesText)) }))
    }
    return [
      "cost": .bounds(course.cost), "paid_minutes": .string(course.paidTime.minutesText),
      "awake_minutes": minutes(course.times), "unpriced_minutes": minutes(course.unpricedTimes),
      "cold_starts": .number(course.visitors.map { Int64($0.coldStarts) }),
      "delayed": .number(course.visitors.map { Int64($0.delayed) }),
      "turned_away": .number(course.visitors.map { Int64($0.turnedAway) }),
      "on_free_hardware": .number(course.onFreeHardware.map(Int64.init)),
      "wait_seconds": .number(course.visitors?.waitSeconds),
      "wait_median": .number(course.waits?.percentile(50)), "wait_95": .number(course.waits?.percentile(95)),
      "wait_longest": .number(course.waits?.longest), "boundaries": .integer(Int64(course.boundaries)),
    ]
  }
}
