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
        "\(outcome.sleep.ruleText)", "\(NumberText.money(outcome.cost))",
        "\(NumberText.hours(BilledTime(seconds: Int128(outcome.awakeSeconds)))) h", "\(visitors.coldStarts)",
        "\(visitors.delayed)",
        waiting == 0 ? "-" : "\(NumberText.duration(visitors.waitSeconds / Int64(waiting)))",
        "\(NumberText.money(outcome.total))",
      ])
    }
    let start = NumberText.duration(startup)
    func bySecond(_ cost: ExactCost) -> String {
      "\(NumberText.money(cost.total)) \(currency) by the second with waits, \(NumberText.count(cost.coldStarts, "cold start"))"
    }
    // Whatever is asked for, cpu-basic sleeps after 48 hours.
    let bestLine =
      hardware == .cpuBasic
      ? ""
      : "Best fixed sleep time, of those as long as a start or longer: \(best.sleep.ruleText), \(bySecond(best.cost)).\n"
    let shortest =
      hardware == .cpuBasic || best.sleep.length > startup
      ? "" : "With that it is asleep again once it is up, unless somebody else came meanwhile.\n"
    let price = perColdStart == .zero ? "nothing" : "\(NumberText.price(perColdStart)) \(currency)"
    return """
      \(NumberText.count(visits, "visit")) from \(range.lowerBound) to \(range.upperBound), on \(hardware) at \
      \(NumberText.price(perHour)) \(currency) an hour; a start takes \(start) and counts as \(price)

      """ + "\n" + table.text(style, width: width) + "\n" + bestLine + shortest + """
        Whoever had known all visits beforehand would have paid \(bySecond(hindsight)): no rule can do better.
        The table charges started minutes.

        """
  }

  /// Money as decimal text; amounts that were asked for as they were written.
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
