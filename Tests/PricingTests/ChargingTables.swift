import Foundation
import Pricing
import Spaces
import Timelines

/// What the hand-computed cases share: a short way to write looks down and to read charges.

/// 0.60 an hour is a cent a minute. `free` is free, `mystery` has no price.
let testPrices = """
  version: 1
  billing:
    stages: [{ from: 2025-01-01, billable: [RUNNING, APP_STARTING] }]
  hardware:
    free: { prices: [{ from: 2025-01-01, per_hour: 0 }] }
    t4: { prices: [{ from: 2025-01-01, per_hour: 0.60 }] }
    a10g: { prices: [{ from: 2025-01-01, per_hour: 1.20 }] }
  storage:
    small: { prices: [{ from: 2025-01-01, per_month: 5 }] }
  """

/// 2026-02-01T00:00:00Z.
let midnight = Instant(secondsSince1970: 1_769_904_000)

func minute(_ minutes: Int64) -> Instant { midnight + minutes * 60 }

func table(_ text: String = testPrices) throws -> PriceTable {
  let (table, diagnostics) = PriceTable.read([("prices.yaml", text)])
  if let first = diagnostics.first { throw first }
  return table
}

func running(_ hardware: String?, replicas: Int = 1) -> SpaceState {
  state(.running, hardware, replicas: replicas)
}

func state(
  _ stage: SpaceStage, _ hardware: String?, requested: String? = nil, replicas: Int = 1,
  sleepTime: Int? = nil,
  storage: SpaceStorage? = nil
) -> SpaceState {
  SpaceState(
    stage: stage, hardware: hardware.map { SpaceHardware(rawValue: $0) },
    requestedHardware: (requested ?? hardware).map { SpaceHardware(rawValue: $0) }, sleepTime: sleepTime,
    replicas: replicas, storage: storage)
}

/// An interval a look: neighbours that saw the same are for the charges to join.
func usage(
  _ looks: [(Instant, SpaceState)], actions: [Instant] = [], now: Instant, prices: PriceTable
) -> SpaceUsage {
  SpaceUsage(
    intervals: looks.map { Interval(state: $1, looks: [$0]) }, actions: actions, now: now, prices: prices)
}

let always = Instant.distantPast..<Instant.distantFuture

extension LineItem {
  /// `t4@0.60 4/5/6 0.04/0.05/0.06`: minutes and costs, low, estimate and high.
  var line: String {
    let price = perHour.map { "@" + $0.text(decimals: 2...9) } ?? ""
    let minutes =
      minutes.map { " \($0.low.minutesText)/\($0.estimate.minutesText)/\($0.high.minutesText)" } ?? ""
    let costs = cost.map { [$0.low, $0.estimate, $0.high].map { $0.text(decimals: 2...9) } }
    return subject.name + price + minutes + (costs.map { " " + $0.joined(separator: "/") } ?? " not priced")
  }
}
