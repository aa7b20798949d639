import Acting
import JSON
import Planning
import Pricing
import Spaces

/// A run for programs: money as decimal strings in the currency of the prices, instants in ISO 8601. Keys are
/// added, never renamed.
enum RunJSON {
  static func value(_ result: RunResult, currency: String, advice: MonthlyAdvice? = nil) -> JSONValue {
    let totals = result.totals
    return [
      "at": .string(result.at.description), "dry_run": .bool(result.isDryRun),
      "run": .number(result.run),
      "currency": .string(currency),
      "spaces": .array(
        result.plans.map { space($0, of: result) }),
      "waiting": .array(
        result.waiting.map { waiting in
          var members = call(waiting.change.call)
          members["space"] = .string(waiting.space.description)
          return .object(members)
        }),
      "totals": [
        "spaces": .integer(Int64(result.plans.count)), "changes_pending": .integer(Int64(totals.pending)),
        "changes_sent": .integer(Int64(totals.sent)), "changes_done": .integer(Int64(totals.done)),
        "changes_failed": .integer(Int64(totals.failed)),
        "changes_waiting": .integer(Int64(result.waiting.count)),
        "per_hour": .text(totals.rate), "per_hour_after": .text(totals.rateAfter),
        "per_hour_unknown": .integer(Int64(totals.unknown)),
        "per_hour_unknown_after": .integer(Int64(totals.unknownAfter)),
      ],
      "budgets": .array(result.budgets.map(\.json)),
      "news": .array(result.news.map(JSONValue.string)), "notes": .array(result.notes.map(JSONValue.string)),
      "advice": advice?.json ?? .null,
      "failures": .array(result.failures.map { .string($0.description) }),
    ]
  }

  /// - Parameter result: what was done; nil where only a plan was made.
  static func space(_ plan: SpacePlan, of result: RunResult? = nil) -> JSONValue {
    let outcomes = result?.outcomes.filter { $0.space == plan.space } ?? []
    let (rate, effect) =
      result.map { ($0.rateAfter(of: plan), $0.monthEffect(of: plan)) } ?? (plan.rateAfter, plan.monthEffect)
    return [
      "space": .string(plan.space.description), "policy": .text(plan.policy), "now": state(plan.live),
      "should_be": .string(plan.shouldBe), "verdict": .string(plan.verdict.word), "why": .string(plan.why),
      "notes": .array(plan.notes.map(JSONValue.string)), "per_hour": .text(plan.rate),
      "per_hour_after": .text(rate), "month_effect": .text(effect),
      "changes": .array(
        outcomes.isEmpty ? plan.changes.map { change($0, nil) } : outcomes.map { change($0.change, $0) }),
    ]
  }

  private static func state(_ state: SpaceState) -> JSONValue {
    [
      "stage": .string(state.stage.rawValue), "hardware": .text(state.hardware?.rawValue),
      "requested_hardware": .text(state.requestedHardware?.rawValue),
      "sleep_time": .number(state.sleepTime),
      "replicas": .integer(Int64(state.replicas)),
      "storage": .text(state.storage?.rawValue),
    ]
  }

  private static func change(_ change: Change, _ outcome: Outcome?) -> JSONValue {
    var members = call(change.call)
    members["reason"] = .string(change.reason)
    members["cause"] = .string(change.cause.rawValue)
    members["per_hour_before"] = .text(change.rateBefore)
    members["per_hour_after"] = .text(change.rateAfter)
    members["outcome"] = .text(outcome?.outcome.rawValue)
    members["note"] = .text(outcome?.note)
    return .object(members)
  }

  /// `kind`, `from` and `to` are those of an export; hardware may set a sleep time too, in seconds, -1 for never.
  private static func call(_ call: Change.Call) -> [String: JSONValue] {
    func members(_ kind: String, _ from: JSONValue, _ to: JSONValue) -> [String: JSONValue] {
      ["kind": .string(kind), "from": from, "to": to, "sleep": .null, "text": .string("\(call)")]
    }
    switch call {
    case .hardware(let from, let to, let sleep):
      var all = members("hardware", .text(from?.rawValue), .string(to.rawValue))
      all["sleep"] = .number(sleep?.hubSeconds)
      return all
    case .sleep(let from, let to):
      return members("sleep", .integer(Int64(from.hubSeconds)), .integer(Int64(to.hubSeconds)))
    case .replicas(let from, let to): return members("replicas", .integer(Int64(from)), .integer(Int64(to)))
    case .pause(let from):
      return members("pause", .string(from.rawValue), .string(SpaceStage.paused.rawValue))
    case .restart(let from):
      return members("restart", .string(from.rawValue), .string(SpaceStage.running.rawValue))
    }
  }
}

extension SpacePlan.Verdict {
  fileprivate var word: String {
    switch self {
    case .asDesired: "as_desired"
    case .change: "change"
    case .leftAlone: "left_alone"
    case .unmanaged: "unmanaged"
    }
  }
}
