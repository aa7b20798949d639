import Cron
import Foundation
import Testing
import Timelines

/// A case of `cron-examples.jsonl`.
struct Example: Decodable, Sendable, CustomTestStringConvertible {
  let expression: String
  let zone: String?
  let after: Instant?
  let next: [Instant]?
  let before: Instant?
  let previous: [Instant]?
  let invalid: Bool?
  let why: String

  var testDescription: String { "\(expression) \(why)" }

  static func all() throws -> [Example] {
    let file = try #require(Bundle.module.url(forResource: "cron-examples", withExtension: "jsonl"))
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      try JSONDecoder().decode(Example.self, from: Data($0.utf8))
    }
  }
}

@Test func everyExampleIsRead() throws {
  #expect(try Example.all().count == 104)
}

@Test(arguments: try Example.all().filter { $0.next != nil }) func nextIsAsInTheExample(example: Example)
  throws
{
  let cron = try CronExpression(example.expression)
  let zone = try TimeZone(ianaName: example.zone ?? "UTC")
  let expected = try #require(example.next)
  var instant = try #require(example.after)
  for occurrence in expected {
    instant = try #require(cron.next(after: instant, in: zone))
    #expect(instant == occurrence, "\(example.why)")
    #expect(cron.previous(atOrBefore: instant, in: zone) == instant)
  }
  if expected.isEmpty { #expect(cron.next(after: instant, in: zone) == nil, "\(example.why)") }
}

@Test(arguments: try Example.all().filter { $0.previous != nil })
func previousIsAsInTheExample(example: Example) throws {
  let cron = try CronExpression(example.expression)
  let zone = try TimeZone(ianaName: example.zone ?? "UTC")
  let expected = try #require(example.previous)
  var instant = try #require(example.before)
  for occurrence in expected {
    instant = try #require(cron.previous(before: instant, in: zone))
    #expect(instant == occurrence, "\(example.why)")
  }
  if expected.isEmpty { #expect(cron.previous(before: instant, in: zone) == nil, "\(example.why)") }
}

@Test(arguments: try Example.all().filter { $0.invalid == true })
func errorIsWhereTheExampleSays(example: Example) throws {
  let error = try #require(throws: CronError.self) { try CronExpression(example.expression) }
  if let column = try /column (\d+)/.firstMatch(in: example.why)?.1 {
    #expect(error.column == Int(column))
  }
  if let meant = try /(?:did you mean|write) ([^\s;?]+)/.firstMatch(in: example.why)?.1 {
    #expect(error.suggestion?.hasPrefix(meant) == true)
  }
}
