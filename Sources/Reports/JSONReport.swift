import Money
import Pricing
public import Spaces
import Timelines

extension CostReport {
  /// The report for programs, as ``jsonSchema`` describes it. Money is decimal text, as JSON's numbers lose digits
  /// on the way; instants are ISO 8601 in UTC.
  /// - Parameter dimensions: by which ``groups(by:)`` adds up; none leaves the groups out.
  public func json(by dimensions: [CostDimension] = []) -> JSONValue {
    var members: [String: JSONValue] = [
      "version": 1,
      "currency": .string(prices.currency),
      "period": [
        "from": .instant(period.range.lowerBound), "until": .instant(period.range.upperBound),
        "zone": .string(period.zone.ianaName), "is_running": .bool(period.isRunning),
      ],
      "compared_with": [
        "from": .instant(period.comparison.lowerBound), "until": .instant(period.comparison.upperBound),
        "cost": .bounds(comparisonTotal),
      ],
      "data_until": .instant(dataUntil),
      "watched_seconds": .integer(watched.seconds),
      "known_seconds": .integer(watched.of),
      "cost": .bounds(total),
      "added_if_unchanged": .money(addedIfUnchanged),
      "closed_at": .instant(closings.last),
      "budgets": .array(
        budgets.map {
          ["budget": .string($0.name), "monthly": .money($0.monthly), "spent": .bounds($0.spent)]
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
            "keys": .array(group.keys.map { $0.map(JSONValue.string) ?? .null }),
            "per_hour": .money(group.perHour), "minutes": .minutes(group.minutes),
            "cost": .bounds(group.cost), "cost_before": .money(group.before),
            "has_unpriced": .bool(group.isUnpriced),
          ]
        })
    }
    return .object(members)
  }

  private func space(_ space: SpaceCosts) -> JSONValue {
    [
      "space": .string(space.space.description),
      "policy": space.tags.policy.map(JSONValue.string) ?? .null,
      "labels": .object(space.tags.labels.mapValues(JSONValue.string)),
      "cost": .bounds(space.total),
      "cost_before": .bounds(comparison(of: space)),
      "granted": .money(space.granted),
      "has_unpriced": .bool(space.hasUnpriced),
      "first_look": .instant(space.firstLook),
      "last_look": .instant(space.lastLook),
      "gaps": .array(
        space.gaps.map { ["from": .instant($0.lowerBound), "until": .instant($0.upperBound)] }),
      "lines": .array(
        space.lines.map { line in
          [
            "day": .string(line.day.description), "hardware": .string(line.hardware),
            "per_hour": .money(line.perHour), "minutes": .minutes(line.minutes), "cost": .bounds(line.cost),
          ]
        }),
      "actions": .array(
        space.actions.map { action in
          [
            "at": .instant(action.at), "kind": .string(action.kind.rawValue), "from": .string(action.from),
            "to": .string(action.to), "outcome": action.outcome.map { .string($0.rawValue) } ?? .null,
            "reason": .string(action.reason),
          ]
        }),
    ]
  }

  /// The JSON Schema (draft 2020-12) of ``json(by:)``.
  public static let jsonSchema = String(decoding: PackageResources.report_schema_json, as: UTF8.self)
}

extension JSONValue {
  fileprivate static func money(_ amount: Money?) -> JSONValue {
    amount.map { .string($0.description) } ?? .null
  }

  fileprivate static func instant(_ instant: Instant?) -> JSONValue {
    instant.map { .string($0.description) } ?? .null
  }

  fileprivate static func bounds(_ bounds: Bounds<Money>?) -> JSONValue {
    bounds.map { ["low": .money($0.low), "estimate": .money($0.estimate), "high": .money($0.high)] } ?? .null
  }

  fileprivate static func minutes(_ bounds: Bounds<BilledTime>?) -> JSONValue {
    func text(_ time: BilledTime) -> JSONValue { .string(time.minutesText) }
    return bounds.map { ["low": text($0.low), "estimate": text($0.estimate), "high": text($0.high)] } ?? .null
  }
}
