import Foundation
import JSON
import Money
import Pricing
import Reports
import Simulation
import Timelines

/// How forecasts of recorded months did, a Space at a time and in sum.
struct BacktestResult {
  private let spaces: [(name: String, backtest: Backtest)]
  private let all: Backtest
  private let currency: String

  init(_ records: [Backtest.Record], zone: TimeZone, now: Instant, prices: PriceTable) throws {
    let backtests = Backtest.of(records, zone: zone, now: now, prices: prices)
    spaces = backtests.spaces.filter { $0.backtest.count > 0 }.map { ($0.space.description, $0.backtest) }
    all = backtests.all
    guard all.count > 0 else {
      throw Ending(
        Ending.Status.badInput, "no whole month is recorded yet, so there is nothing to look back on")
    }
    currency = prices.currency
  }

  func table(_ style: Style, width: Int?) -> String {
    var table = TextTable([
      .left("SPACE"), .right("A MONTH"), .right("ERROR"), .right("LOSS"), .right("LOSS OF RUN-RATE"),
      .right("LOSS OF LAST MONTH"), .right("IN THE INTERVAL"),
    ])
    for (name, backtest) in spaces + [("all", all)] {
      table.add([
        "\(name)", "\(NumberText.money(backtest.actual))", "\(NumberText.money(backtest.forecast.error))",
        "\(NumberText.money(backtest.forecast.loss))", "\(NumberText.money(backtest.runRate.loss))",
        "\(NumberText.money(backtest.lastMonth.loss))", "\(backtest.covered) of \(backtest.count)",
      ])
    }
    return table.text(style, width: width)
      + "\nOn average, in \(currency), of forecasts 5, 10, 15, 20 and 25 days into each recorded month, without\nrules; the loss is the pinball loss at 10, 50 and 90 %. Eight of ten months should fall into the interval.\n"
  }

  var json: JSONValue {
    func score(_ score: Backtest.Score) -> JSONValue {
      ["loss": .string(score.loss.description), "error": .string(score.error.description)]
    }
    return .array(
      (spaces + [("all", all)]).map { name, backtest in
        [
          "space": .string(name), "count": .integer(Int64(backtest.count)),
          "covered": .integer(Int64(backtest.covered)), "actual": .string(backtest.actual.description),
          "forecast": score(backtest.forecast), "run_rate": score(backtest.runRate),
          "last_month": score(backtest.lastMonth),
        ]
      })
  }
}
