import Cron
import Foundation
import Timelines

/// Asks for the next occurrences of the expressions of a workload: `cron-benchmark WORKLOAD ROUNDS`.
///
/// A line of the workload has an expression, a zone, a start in seconds since 1970 and how many occurrences to ask
/// for, with tabs between. For each it prints the nanoseconds of the fastest round, which reads the expression and
/// finds all of them, and the occurrences.
@main
struct CronBenchmark {
  struct Line {
    let expression: String
    let clock: WallClock
    let start: Instant
    let count: Int
  }

  static func main() throws {
    let workload = try String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8)
    let rounds = Int(CommandLine.arguments[2]) ?? 1
    for text in workload.split(separator: "\n") {
      let line = try line(text)
      var fastest = Duration.seconds(3600)
      var found: [Instant] = []
      for _ in 0..<rounds {
        found.removeAll(keepingCapacity: true)
        let taken = try ContinuousClock().measure { try ask(line, &found) }
        fastest = min(fastest, taken)
      }
      let nanoseconds = fastest.components.attoseconds / 1_000_000_000
      print(([nanoseconds] + found.map(\.secondsSince1970)).map(String.init).joined(separator: " "))
    }
  }

  /// The zone's changes are read here, before the time is taken.
  static func line(_ text: Substring) throws -> Line {
    let fields = text.split(separator: "\t").map(String.init)
    return Line(
      expression: fields[0], clock: WallClock(try TimeZone(ianaName: fields[1])),
      start: Instant(secondsSince1970: Int64(fields[2]) ?? 0), count: Int(fields[3]) ?? 0)
  }

  static func ask(_ line: Line, _ found: inout [Instant]) throws {
    let cron = try CronExpression(line.expression)
    var instant = line.start
    for _ in 0..<line.count {
      guard let next = cron.next(after: instant, on: line.clock) else { return }
      found.append(next)
      instant = next
    }
  }
}
