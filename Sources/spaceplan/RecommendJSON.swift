import JSON
import Money
import Pricing
import Simulation
import Spaces
import Timelines

extension RecommendResult {
  var json: JSONValue {
    [
      "currency": .string(currency),
      "spaces": .array(
        found.map { recommendation in
          var members: [String: JSONValue] = [
            "space": .string(recommendation.space.description),
            "hardware": .string(recommendation.hardware.rawValue),
            "known": range(recommendation.known), "fitted": range(recommendation.fittedOn),
            "judged": range(recommendation.judgedOn),
            "promise": recommendation.promise.json,
            "cold_start_cost": .text(recommendation.coldStartCost),
            "today": json(recommendation.today, recommendation),
            "proposed": json(recommendation.proposed, recommendation),
            "is_better": .bool(recommendation.isBetter), "keeps_promise": .bool(recommendation.keepsPromise),
            "chance_of_breaking_percent": .integer(Int64(recommendation.chanceOfBreaking)),
            "is_reliable": .bool(recommendation.isReliable),
            "mends_promise": .bool(recommendation.mendsPromise),
            "riskier": riskier(recommendation),
            "saving_a_month": .bounds(recommendation.saving),
            "waiting_per_thousand": json(recommendation.waitingPerThousand),
            "yaml": .string(recommendation.yaml),
          ]
          if compares {
            members["baselines"] = .array(
              recommendation.baselines.map { name, judged in
                .object((json(judged, recommendation).object ?? [:]).merging(["name": .string(name)]) { $1 })
              })
            members["hindsight"] = .text(recommendation.hindsight)
          }
          return .object(members)
        }),
      "left": .array(
        left.map {
          [
            "space": .string($0.space.description), "why": .string($0.why),
            "cost_of_30_days": .text($0.recentCost),
          ]
        }),
    ]
  }

  /// Null where there is none.
  private func riskier(_ found: Recommendation) -> JSONValue {
    guard let riskier = found.riskier else { return .null }
    let members: [String: JSONValue] = [
      "plan": .string(riskier.plan.words(on: found.hardware)),
      "chance_of_breaking_percent": .integer(Int64(riskier.chanceOfBreaking)),
    ]
    return .object((json(riskier.judged, found).object ?? [:]).merging(members) { $1 })
  }

  private func json(_ people: Bounds<Int>) -> JSONValue {
    [
      "low": .integer(Int64(people.low)), "estimate": .integer(Int64(people.estimate)),
      "high": .integer(Int64(people.high)),
    ]
  }

  private func range(_ range: Range<Instant>) -> JSONValue {
    ["from": .string(range.lowerBound.description), "until": .string(range.upperBound.description)]
  }

  private func json(_ judged: Recommendation.Judged, _ found: Recommendation) -> JSONValue {
    [
      "cost": .string(judged.cost.description),
      "total": .text(found.coldStartCost.map(judged.total(perColdStart:))),
      "visits": .integer(Int64(judged.visits)), "cold_starts": .integer(Int64(judged.visitors.coldStarts)),
      "let_down": .integer(Int64(judged.letDown)),
      "waiting_per_thousand": .integer(Int64(judged.waitingPerThousand)),
      "wait_longest": .number(judged.waits.longest),
    ]
  }
}

extension Promise {
  /// One of both is null: a share of visitors, or an amount.
  fileprivate var json: JSONValue {
    switch self {
    case .waiting(let perThousand):
      [
        "max_cold_start_rate": .string(
          Money(nanoDollars: Int128(perThousand) * 1_000_000).text(decimals: 2...3)),
        "cold_start_cost": .null,
      ]
    case .coldStartCost(let cost):
      ["max_cold_start_rate": .null, "cold_start_cost": .string(cost.description)]
    }
  }
}
