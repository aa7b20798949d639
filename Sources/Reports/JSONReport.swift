public import JSON
import Pricing

extension CostReport {
  /// The report for programs, as ``jsonSchema`` describes it. Money is decimal text, as JSON's numbers lose digits
  /// on the way; instants are ISO 8601 in UTC.
  /// - Parameter dimensions: by which ``groups(by:)`` adds up; none leaves the groups out.
  public func json(by dimensions: [CostDimension] = []) -> JSONValue {
    var members: [String: JSONValue] = [
      "version": 1,
      "currency": .string(prices.currency),
      "period": [
        "from": .text(period.range.lowerBound), "until": .text(period.range.upperBound),
        "zone": .string(period.zone.ianaName), "is_running": .bool(period.isRunning),
      ],
      "compared_with": [
        "from": .text(period.comparison.lowerBound), "until": .text(period.comparison.upperBound),
        "cost": .bounds(comparisonTotal),
      ],
      "data_until": .text(dataUntil),
      "watched_seconds": .integer(watched.seconds),
      "known_seconds": .integer(watched.of),
      "cost": .bounds(total),
      "added_if_unchanged": .text(addedIfUnchanged),
      "closed_at": .text(closings.last),
      "budgets": .array(
        budgets.map {
          [
            "budget": .string($0.name), "monthly": .text($0.monthly), "spent": .bounds($0.spent),
            "note": .text($0.note),
          ]
        }),
      "adjustments": .array(
        adjustments.map {
          [
            "month": .string($0.month.yearAndMonth),
            "space": .string($0.space.description), "cost": .bounds($0.cost), "reason": .string($0.reason),
          ]
        }),
      "spaces": .array(spacesWithLines.map(space)),
    ]
    if !dimensions.isEmpty {
      members["by"] = .array(dimensions.map { .string($0.name) })
      members["groups"] = .array(
        groups(by: dimensions).map { group in
          [
            "keys": .array(group.keys.map { .text($0) }),
            "per_hour": .text(group.perHour), "minutes": .bounds(group.minutes?.map(\.minutesText)),
            "cost": .bounds(group.cost), "cost_before": .text(group.before),
            "has_unpriced": .bool(group.isUnpriced),
          ]
        })
    }
    return .object(members)
  }

  private func space(_ space: SpaceCosts) -> JSONValue {
    [
      "space": .string(space.space.description),
      "policy": .text(space.tags.policy),
      "labels": .object(space.tags.labels.mapValues(JSONValue.string)),
      "cost": .bounds(space.total),
      "cost_before": .bounds(comparison(of: space)),
      "granted": .text(space.granted),
      "has_unpriced": .bool(space.hasUnpriced),
      "first_look": .text(space.firstLook),
      "last_look": .text(space.lastLook),
      "gaps": .array(
        space.gaps.map { ["from": .text($0.lowerBound), "until": .text($0.upperBound)] }),
      "lines": .array(
        space.lines.map { line in
          [
            "day": .string(line.day.description), "hardware": .string(line.subject.name),
            "per_hour": .text(line.perHour), "minutes": .bounds(line.minutes?.map(\.minutesText)),
            "cost": .bounds(line.cost),
          ]
        }),
      "actions": .array(
        space.actions.map { action in
          [
            "at": .text(action.at), "kind": .string(action.kind.rawValue), "from": .string(action.from),
            "to": .string(action.to), "outcome": .text(action.outcome?.rawValue),
            "reason": .string(action.reason),
          ]
        }),
    ]
  }

  /// The JSON Schema (draft 2020-12) of ``json(by:)``.
  public static let jsonSchema = String(decoding: PackageResources.report_schema_json, as: UTF8.self)
}
