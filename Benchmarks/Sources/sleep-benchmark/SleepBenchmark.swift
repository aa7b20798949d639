import Foundation
import Money
import Simulation
import Spaces
import Timelines

/// What every sleep time would have cost with a million visits, beside sorting a million whole numbers.
@main struct SleepBenchmark {
  static func main() {
    var random = SystemRandomNumberGenerator()
    let numbers = (0..<1_000_000).map { _ in Int64.random(in: 0..<1_000_000_000, using: &random) }
    var at = Instant(secondsSince1970: 1_700_000_000)
    let visits = Visits(
      numbers.map { number in
        // Mostly bursts, and now and then hours of nothing.
        at = at + 1 + (number % 10 == 0 ? number % 20_000 : number % 60)
        return Visit(at: at)
      })
    let clock = ContinuousClock()
    var (sorting, sweeping) = (Duration.seconds(1000), Duration.seconds(1000))
    var checked = 0
    for _ in 0..<5 {
      sorting = min(sorting, clock.measure { checked += Int(numbers.sorted()[0] & 1) })
      sweeping = min(
        sweeping,
        clock.measure {
          let curve = SleepCurve(visits, until: at + 1)
          let best = curve?.best(
            startup: 60, perHour: Money(nanoDollars: 400_000_000),
            perColdStart: Money(nanoDollars: 50_000_000))
          checked += best == nil ? 0 : 1
        })
    }
    let ratio = sweeping / sorting
    print("all sleep times over 1,000,000 visits: \(sweeping); sorting as many numbers: \(sorting)")
    print("  \((ratio * 10).rounded() / 10) times sorting")
    guard checked >= 5, ratio <= 3 else { exit(1) }
  }
}
