import Acting
import Planning
import Pricing
import Spaces

/// A run for programs: money as decimal strings, instants in ISO 8601.
enum RunJSON {
  static func value(_ result: RunResult) -> JSONValue {
    [
      "at": .string(result.at.description), "dry_run": .bool(result.isDryRun),
      "spaces": .array(
        result.plans.map { space($0, result.outcomes.filter { [space = $0.space] in $0.space == space }) }),
      "waiting": .array(
        result.waiting.map {
          ["space": .string($0.space.description), "change": .string("\($0.change.call)")]
        }),
      "news": .array(result.news.map(JSONValue.string)), "notes": .array(result.notes.map(JSONValue.string)),
      "failures": .array(result.failures.map { .string($0.description) }),
    ]
  }

  static func space(_ plan: SpacePlan, _ outcomes: [Outcome]) -> JSONValue {
    [
      "space": .string(plan.space.description), "policy": text(plan.policy), "now": state(plan.live),
      "should_be": .string(plan.shouldBe), "verdict": .string("\(plan.verdict)"), "why": .string(plan.why),
      "notes": .array(plan.notes.map(JSONValue.string)), "usd_per_hour": money(plan.rate),
      "usd_per_hour_after": money(plan.rateAfter), "usd_month_effect": money(plan.monthEffect),
      "changes": .array(
        outcomes.isEmpty ? plan.changes.map { change($0, nil) } : outcomes.map { change($0.change, $0) }),
    ]
  }

  private static func state(_ state: SpaceState) -> JSONValue {
    [
      "stage": .string(state.stage.rawValue), "hardware": text(state.hardware?.rawValue),
      "requested_hardware": text(state.requestedHardware?.rawValue),
      "sleep_time": state.sleepTime.map { .integer(Int64($0)) } ?? .null,
      "replicas": .integer(Int64(state.replicas)),
      "storage": text(state.storage?.rawValue),
    ]
  }

  private static func change(_ change: Change, _ outcome: Outcome?) -> JSONValue {
    [
      "change": .string("\(change.call)"), "reason": .string(change.reason),
      "cause": .string(change.cause.rawValue),
      "usd_per_hour_before": money(change.rateBefore), "usd_per_hour_after": money(change.rateAfter),
      "outcome": text(outcome?.outcome.rawValue), "note": text(outcome?.note),
    ]
  }

  private static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
  private static func money(_ money: Money?) -> JSONValue { text(money?.description) }
}
