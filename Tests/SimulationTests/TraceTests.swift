import CSV
import Foundation
import Money
import Pricing
import Simulation
import Spaces
import Testing
import Timelines

/// What an independent program answers for a trace.
struct TraceAnswer: Decodable, Sendable, CustomTestStringConvertible {
  struct Answer: Decodable, Sendable {
    let perHour: Money
    let from: Int64
    let until: Int64
    let visits: Int
    let startup: Int64
    let coldStartCost: Money
    let results: [Result]
    let best: Optimum
    let hindsight: Optimum
  }

  struct Result: Decodable, Sendable {
    let sleep: Int?
    let awakeSeconds: Int64
    let minutes: Int
    let cost: Money
    let coldStarts: Int
    let delayed: Int
    let waitSeconds: Int64
    let total: Money
  }

  struct Optimum: Decodable, Sendable {
    let sleep: Int?
    let totalExact: Money
    let coldStarts: Int
    let awakeSeconds: Int64
  }

  let trace: String
  let hardware: String
  let answer: Answer

  var testDescription: String { "\(trace) on \(hardware)" }

  static func all() throws -> [TraceAnswer] {
    let file = try #require(Bundle.module.url(forResource: "Traces/answers", withExtension: "json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([TraceAnswer].self, from: Data(contentsOf: file))
  }

  func visits() throws -> Visits {
    let file = try #require(Bundle.module.url(forResource: "Traces/\(trace)", withExtension: nil))
    return Visits(
      try CSVReader(Array(Data(contentsOf: file))).dropFirst().map { record in
        let at =
          try Int64(record.fields[0]).map { Instant(secondsSince1970: $0) } ?? Instant(record.fields[0])
        return Visit(at: at, count: try #require(Int(record.fields[1])))
      })
  }
}

private let prices = PriceTable.builtIn.frozen(at: Instant(secondsSince1970: 1_795_000_000))

@Test(arguments: try TraceAnswer.all())
func sleepTimesCostWhatAnIndependentProgramSays(answer: TraceAnswer) throws {
  let visits = try answer.visits()
  let expected = answer.answer
  let range = Instant(secondsSince1970: expected.from)..<Instant(secondsSince1970: expected.until)
  #expect(visits.span == range)
  #expect(visits.count == expected.visits)
  let hardware = SpaceHardware(rawValue: answer.hardware)
  #expect(prices.hourlyPrice(of: hardware, at: range.lowerBound) == expected.perHour)
  for result in expected.results {
    let replay = SpaceReplay(
      visits, in: range, hardware: hardware, sleep: SleepTime(hubSeconds: result.sleep),
      startup: expected.startup)
    let lines = replay.lineItems(prices)
    #expect(replay.awakeSeconds == result.awakeSeconds)
    #expect(
      lines.reduce(.zero) { $0 + ($1.minutes?.estimate ?? .zero) }.seconds == Int128(result.minutes) * 60)
    #expect(lines.totalCost == Bounds(certain: result.cost))
    #expect(replay.visitors.coldStarts == result.coldStarts)
    #expect(replay.visitors.delayed == result.delayed)
    #expect(replay.visitors.waitSeconds == result.waitSeconds)
  }
}

/// Only the price is that of the instant: starts count like all else, also in days in which they were not billed.
@Test func startsAreChargedAtEachPrice() throws {
  let visits = Visits([Visit(at: try Instant("2026-01-01T00:00:00Z"))])
  let costs = try ["2025-11-23T00:00:00Z", "2025-11-24T00:00:00Z"].map { instant in
    let simulation = try #require(
      TraceSimulation(
        visits, in: visits.arrivals[0].at..<visits.arrivals[0].at + 3600, on: .t4Small,
        sleeps: [.after(seconds: 0)], startup: 600, perColdStart: .zero,
        prices: .builtIn.frozen(at: try Instant(instant))))
    return simulation.outcomes.map(\.cost)
  }
  #expect(costs[0] == costs[1])
  #expect(try costs[0] == [Money("0.066666667")])
}

@Test(arguments: try TraceAnswer.all())
func theBestSleepTimeAndHindsightAreWhatAnIndependentProgramSays(answer: TraceAnswer) throws {
  let visits = try answer.visits()
  let expected = answer.answer
  let until = Instant(secondsSince1970: expected.until)
  let best = try #require(SleepCurve(visits, until: until)).best(
    startup: expected.startup, perHour: expected.perHour, perColdStart: expected.coldStartCost)
  #expect(best.sleep == SleepTime(hubSeconds: expected.best.sleep))
  #expect(best.cost.total == expected.best.totalExact)
  #expect(best.cost.coldStarts == expected.best.coldStarts)
  #expect(best.cost.awakeSeconds == expected.best.awakeSeconds)
  let hindsight = try #require(
    visits.hindsight(
      until: until, startup: expected.startup, perHour: expected.perHour,
      perColdStart: expected.coldStartCost))
  #expect(hindsight.total == expected.hindsight.totalExact)
  #expect(hindsight.coldStarts == expected.hindsight.coldStarts)
  #expect(hindsight.awakeSeconds == expected.hindsight.awakeSeconds)
}
