import Foundation
import Money
import Pricing
import Simulation
import Spaces
import Timelines

/// Nanoseconds of the fastest of some rounds: `simulation-benchmark VISITS ROUNDS`.
///
/// - `sort`: sorting as many random integers as there are visits.
/// - `sweep`: the best of all sleep times for the visits, and what hindsight would have paid.
/// - `replay`: the visits under one sleep time, with the charges.
@main
struct SimulationBenchmark {
  static func main() throws {
    let count = Int(CommandLine.arguments[1]) ?? 1_000_000
    let rounds = Int(CommandLine.arguments[2]) ?? 3
    var random = Generator(state: 2026)
    let start = Instant(secondsSince1970: 1_767_225_600)
    let visits = Visits(Self.visits(count, from: start, using: &random))
    let integers = (0..<count).map { _ in Int64(truncatingIfNeeded: random.next() >> 1) }
    let until = (visits.span?.upperBound ?? start) + 1
    let prices = PriceTable.builtIn.frozen(at: start)
    let perHour = try Money("0.4")
    let perColdStart = try Money("0.05")

    try time("sort", rounds) {
      var copy = integers
      copy.sort()
      return Int(truncatingIfNeeded: copy[copy.count / 2] & 1)
    }
    try time("sweep", rounds) {
      guard let curve = SleepCurve(visits, until: until) else { return 0 }
      let best = curve.best(startup: 60, perHour: perHour, perColdStart: perColdStart)
      let hindsight = visits.hindsight(
        until: until, startup: 60, perHour: perHour, perColdStart: perColdStart)
      return best.cost.coldStarts + (hindsight?.coldStarts ?? 0)
    }
    try time("replay", rounds) {
      let trial = SleepTrial(
        visits, in: start..<until, hardware: .t4Small, sleep: .after(seconds: 900), startup: 60)
      // Without charges the answer is wrong.
      return trial.lineItems(prices).isEmpty ? -1 : trial.visitors.coldStarts
    }
  }

  /// Bursts in working hours, a lone visit now and then.
  static func visits(_ count: Int, from start: Instant, using random: inout Generator) -> [Visit] {
    var at = start
    return (0..<count).map { _ in
      let isNear = random.next() % 10 < 8
      at = at + (isNear ? Int64(random.next() % 300) : Int64(random.next() % 20_000)) + 1
      return Visit(at: at)
    }
  }

  static func time(_ name: String, _ rounds: Int, _ body: () throws -> Int) throws {
    var fastest = Duration.seconds(3600)
    var result = 0
    for _ in 0..<rounds { fastest = min(fastest, try ContinuousClock().measure { result = try body() }) }
    print(name, fastest.components.seconds * 1_000_000_000 + fastest.components.attoseconds / 1_000_000_000, result)
  }
}

/// xorshift64: the same on every machine.
struct Generator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
