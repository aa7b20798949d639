import JSON
import Money
import Pricing
import Reports
import Simulation
import Spaces
import Timelines

extension TraceSimulation {
  /// For people.
  func table(_ style: Style, width: Int?, currency: String) -> String {
    var table = TextTable([
      .left("SLEEP"), .right(currency), .right("AWAKE"), .right("COLD STARTS"), .right("DELAYED"),
      .right("WAIT EACH"), .right("WITH WAITS"),
    ])
    for outcome in outcomes {
      let (visitors, waiting) = (outcome.visitors, outcome.waiting)
      table.add([
        "\(outcome.sleep.text)", "\(NumberText.money(outcome.cost))",
        "\(NumberText.hours(BilledTime(seconds: Int128(outcome.awakeSeconds)))) h", "\(visitors.coldStarts)",
        "\(visitors.delayed)",
        waiting == 0 ? "-" : "\(NumberText.duration(visitors.waitSeconds / Int64(waiting)))",
        "\(NumberText.money(outcome.total))",
      ])
    }
    let start = NumberText.duration(startup)
    // Whatever is asked for, cpu-basic sleeps after 48 hours.
    let bestLine =
      hardware == .cpuBasic
      ? ""
      : "Best fixed sleep time: \(best.sleep.text), \(NumberText.money(best.cost.total)) \(currency) with waits, \(NumberText.count(best.cost.coldStarts, "cold start")).\n"
    let price = perColdStart == .zero ? "nothing" : "\(NumberText.price(perColdStart)) \(currency)"
    return """
      \(NumberText.count(visits, "visit")) from \(range.lowerBound) to \(range.upperBound), on \(hardware) at \
      \(NumberText.price(perHour)) \(currency) an hour; a start takes \(start) and counts as \(price)

      """ + "\n" + table.text(style, width: width) + "\n" + bestLine + """
        Whoever had known all visits beforehand would have paid \(NumberText.money(hindsight.total)) \(currency) with waits, \
        \(NumberText.count(hindsight.coldStarts, "cold start")): no rule can do better.

        """
  }

  /// As `policies.md` has it: money as decimal text, never as null.
  var json: JSONValue {
    [
      "hardware": .string(hardware.rawValue), "per_hour": .string(perHour.text(decimals: 1...9)),
      "from": .string(range.lowerBound.description), "until": .string(range.upperBound.description),
      "visits": .integer(Int64(visits)), "startup": .integer(startup),
      "cold_start_cost": .string(perColdStart.text(decimals: 1...9)),
      "results": .array(
        outcomes.map { outcome in
          [
            "sleep": outcome.sleep.json, "awake_seconds": .integer(outcome.awakeSeconds),
            "minutes": outcome.billed.minutesJSON, "cost": .string(outcome.cost.description),
            "cold_starts": .integer(Int64(outcome.visitors.coldStarts)),
            "delayed": .integer(Int64(outcome.visitors.delayed)),
            "wait_seconds": .integer(outcome.visitors.waitSeconds),
            "total": .string(outcome.total.description),
          ]
        }),
      "best": .object(
        hindsightJSON(best.cost).merging(["sleep": best.sleep.json]) { first, _ in first }),
      "hindsight": .object(hindsightJSON(hindsight)),
    ]
  }

  private func hindsightJSON(_ cost: ExactCost) -> [String: JSONValue] {
    [
      "total_exact": .string(cost.total.description), "cold_starts": .integer(Int64(cost.coldStarts)),
      "awake_seconds": .integer(cost.awakeSeconds),
    ]
  }
}

extension SleepTime {
  /// For people, also where a rule could not name it: `0s`.
  var text: String {
    switch self {
    case .never: "never"
    case .after(let seconds): DurationText.text(Int64(seconds))
    }
  }

  /// Seconds, or null for never.
  fileprivate var json: JSONValue {
    switch self {
    case .never: .null
    case .after(let seconds): .integer(Int64(seconds))
    }
  }
}

extension BilledTime {
  /// A whole number where started minutes are billed.
  fileprivate var minutesJSON: JSONValue {
    Int64(minutesText).map(JSONValue.integer) ?? .string(minutesText)
  }
}
