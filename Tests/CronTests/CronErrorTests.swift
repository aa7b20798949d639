import Cron
import TestSupport
import Testing

/// A wrong text, and the field, column, text and suggestion of its error, with a phrase of its reason.
struct Mistake: Sendable, CustomTestStringConvertible {
  let expression: String
  let field: CronError.Field
  let column: Int
  let text: String
  let suggestion: String?
  let phrase: String

  var testDescription: String { expression }

  init(
    _ expression: String, _ field: CronError.Field, _ column: Int, _ text: String, _ suggestion: String?,
    _ phrase: String
  ) {
    (self.expression, self.field, self.column) = (expression, field, column)
    (self.text, self.suggestion, self.phrase) = (text, suggestion, phrase)
  }
}

private let mistakes: [Mistake] = [
  // Not five fields.
  Mistake("", .expression, 1, "", nil, "empty"),
  Mistake(" \t ", .expression, 1, "", nil, "empty"),
  Mistake(" 0 9 * * ", .expression, 2, "0 9 * *", "0 9 * * *", "4 fields"),
  Mistake("5", .expression, 1, "5", "5 * * * *", "1 field,"),
  Mistake("0 0 9 * * MON", .expression, 1, "0 0 9 * * MON", "0 9 * * MON", "seconds"),
  Mistake("0 0 9 ? * MON-FRI", .expression, 1, "0 0 9 ? * MON-FRI", "0 9 * * MON-FRI", "6 fields"),
  Mistake("0 9 ? * MON 2026", .expression, 1, "0 9 ? * MON 2026", "0 9 * * MON", "years"),
  Mistake("0 0 9 1 * ? 2026", .expression, 1, "0 0 9 1 * ? 2026", "0 9 1 * *", "7 fields"),
  Mistake("1 2 3 4 5 6 7 8", .expression, 1, "1 2 3 4 5 6 7 8", nil, "8 fields"),
  Mistake("0 9 * * * run it", .expression, 1, "0 9 * * * run it", nil, "7 fields"),
  // Out of range.
  Mistake("60 * * * *", .minute, 1, "60", nil, "0 to 59"),
  Mistake("0 24 * * *", .hour, 3, "24", nil, "0 to 23"),
  Mistake("0 0 0 * *", .dayOfMonth, 5, "0", nil, "1 to 31"),
  Mistake("0 0 1-32 * *", .dayOfMonth, 7, "32", nil, "1 to 31"),
  Mistake("0 0 * 13 *", .month, 7, "13", nil, "1 to 12, JAN to DEC"),
  Mistake("0 0 * * 8", .dayOfWeek, 9, "8", nil, "0 to 7, SUN to SAT"),
  Mistake("99999999999999999999 * * * *", .minute, 1, "99999999999999999999", nil, "0 to 59"),
  // Backwards.
  Mistake("0 0 * * 5-1", .dayOfWeek, 9, "5-1", "5-6,0-1", "backwards"),
  Mistake("0 0 * * FRI-MON", .dayOfWeek, 9, "FRI-MON", "FRI,SAT,SUN,MON", "backwards"),
  Mistake("0 0 * * fri-SUN", .dayOfWeek, 9, "fri-SUN", "5-7", "backwards"),
  Mistake("0 0 * * SAT-MON/2", .dayOfWeek, 9, "SAT-MON/2", "SAT,MON", "backwards"),
  Mistake("0 0 * * 7-3/2", .dayOfWeek, 9, "7-3/2", "0-3/2", "backwards"),
  Mistake("0 0 * * 7-SUN", .dayOfWeek, 9, "7-SUN", "0", "backwards"),
  Mistake("0 22-2 * * *", .hour, 3, "22-2", "22-23,0-2", "backwards"),
  Mistake("0 1,23-0 * * *", .hour, 5, "23-0", "23,0", "backwards"),
  Mistake("0 22-3/2 * * *", .hour, 3, "22-3/2", "22,0,2", "backwards"),
  Mistake("0 0 * NOV-FEB *", .month, 7, "NOV-FEB", "NOV-DEC,JAN-FEB", "backwards"),
  Mistake("0 0 28-3 * *", .dayOfMonth, 5, "28-3", "28-31,1-3", "backwards"),
  // Steps.
  Mistake("*/0 * * * *", .minute, 3, "0", "1", "whole number from 1"),
  Mistake("*/ * * * *", .minute, 3, "", nil, "missing"),
  Mistake("/5 * * * *", .minute, 1, "/5", "*/5", "before '/'"),
  Mistake("1/2/3 * * * *", .minute, 3, "2/3", nil, "not a step"),
  Mistake("*/MON * * * *", .minute, 3, "MON", nil, "not a step"),
  Mistake("*/-5 * * * *", .minute, 3, "-5", nil, "not a step"),
  // Empty or unreadable items.
  Mistake("1,,2 * * * *", .minute, 3, "", nil, "missing"),
  Mistake(",1 * * * *", .minute, 1, "", nil, "missing"),
  Mistake("0 1, * * *", .hour, 5, "", nil, "missing"),
  Mistake("1- * * * *", .minute, 3, "", nil, "no end"),
  Mistake("-1 * * * *", .minute, 1, "-1", nil, "no start"),
  Mistake("1-2-3 * * * *", .minute, 4, "-3", nil, "two ends"),
  Mistake("*-5 * * * *", .minute, 2, "-5", "/5", "after '*'"),
  Mistake("** * * * *", .minute, 2, "*", nil, "after '*'"),
  Mistake("5* * * * *", .minute, 2, "*", nil, "alone"),
  Mistake("+5 * * * *", .minute, 1, "+", nil, "no meaning"),
  Mistake("1.5 * * * *", .minute, 2, ".", nil, "no meaning"),
  Mistake("1,٣ * * * *", .minute, 3, "٣", nil, "digits are 0 to 9"),
  Mistake("0 9 * * ſUN", .dayOfWeek, 9, "ſ", nil, "no meaning"),
  Mistake("0 9 * * *\n", .dayOfWeek, 10, "\n", nil, "'\\n' has no meaning"),
  Mistake("5m * * * *", .minute, 1, "5m", nil, "not a minute"),
  // Names.
  Mistake("0 9 * * MON,TUES", .dayOfWeek, 13, "TUES", "TUE", "not a day of the week"),
  Mistake("0 9 * * MONDAY", .dayOfWeek, 9, "MONDAY", "MON", "not a day of the week"),
  Mistake("0 9 * * wendesday", .dayOfWeek, 9, "wendesday", "WED", "not a day of the week"),
  Mistake("0 9 * SEPT *", .month, 7, "SEPT", "SEP", "not a month"),
  Mistake("0 9 * April *", .month, 7, "April", "APR", "not a month"),
  Mistake("0 9 * * JAN", .dayOfWeek, 9, "JAN", nil, "SUN to SAT) but a month"),
  Mistake("0 0 * MON *", .month, 7, "MON", nil, "JAN to DEC) but a day of the week"),
  Mistake("0 MON * * *", .hour, 3, "MON", nil, "but a day of the week"),
  // n-th and last weekdays.
  Mistake("0 0 * * MON#6", .dayOfWeek, 13, "6", nil, "1 to 5"),
  Mistake("0 0 * * MON#", .dayOfWeek, 13, "", nil, "missing"),
  Mistake("0 0 * * MON#1#2", .dayOfWeek, 13, "1#2", nil, "1 to 5"),
  Mistake("0 0 * * #2", .dayOfWeek, 9, "", nil, "missing before '#'"),
  Mistake("0 0 * * 1-3#2", .dayOfWeek, 9, "1-3#2", "1#2,2#2,3#2", "one day of the week"),
  Mistake("0 0 * * *#2", .dayOfWeek, 9, "*#2", nil, "one day of the week"),
  Mistake("0 0 * * 5-6L", .dayOfWeek, 9, "5-6L", "5L,6L", "one day of the week"),
  Mistake("0 0 * * FRI#L", .dayOfWeek, 9, "FRI#L", "FRIL", "'L' alone"),
  Mistake("0 0 * * 8#1", .dayOfWeek, 9, "8", nil, "0 to 7"),
  // Misplaced L, W and #.
  Mistake("L 0 * * *", .minute, 1, "L", nil, "only in day-of-month and day-of-week"),
  Mistake("0 5W * * *", .hour, 4, "W", nil, "only in day-of-month"),
  Mistake("0 0 * 1#2 *", .month, 8, "#", nil, "only in day-of-week"),
  Mistake("0 0 MON#1 * *", .dayOfMonth, 5, "MON#1", nil, "only in day-of-week"),
  Mistake("0 0 0W * *", .dayOfMonth, 5, "0", nil, "1 to 31"),
  Mistake("0 0 1-15W * *", .dayOfMonth, 5, "1-15W", nil, "one day"),
  Mistake("0 0 W15 * *", .dayOfMonth, 5, "W15", "15W", "before 'W'"),
  Mistake("0 0 W * *", .dayOfMonth, 5, "W", nil, "missing before 'W'"),
  Mistake("0 0 WL * *", .dayOfMonth, 5, "WL", "LW", "'LW'"),
  Mistake("0 0 L5 * *", .dayOfMonth, 5, "L5", "L", "stands alone"),
  Mistake("0 0 FRIL * *", .dayOfMonth, 5, "FRIL", "L", "for day-of-week"),
  Mistake("0 0 * * L", .dayOfWeek, 9, "L", nil, "missing before 'L'"),
  Mistake("0 0 * * L5", .dayOfWeek, 9, "L5", "5L", "before 'L'"),
  Mistake("0 0 * * 15W", .dayOfWeek, 9, "15W", nil, "only in day-of-month"),
  Mistake("0 0 * * LW", .dayOfWeek, 9, "LW", nil, "only in day-of-month"),
  // Not offered.
  Mistake("0 0 L-3 * *", .dayOfMonth, 5, "L-3", nil, "not offered"),
  Mistake("0 0 L/2 * *", .dayOfMonth, 5, "L/2", nil, "not offered"),
  Mistake("0 0 * * FRI#1/2", .dayOfWeek, 9, "FRI#1/2", nil, "not offered"),
  Mistake("0 0 * * FRIL-SUN", .dayOfWeek, 9, "FRIL-SUN", nil, "not offered"),
  Mistake("0 0 ? * MON", .dayOfMonth, 5, "?", "*", "'*' is any value"),
  // Nicknames.
  Mistake("@reboot", .expression, 1, "@reboot", nil, "not a moment"),
  Mistake(" @every 5m", .expression, 2, "@every 5m", "*/5 * * * *", "not offered"),
  Mistake("@every 2h", .expression, 1, "@every 2h", "0 */2 * * *", "not offered"),
  Mistake("@every 7m", .expression, 1, "@every 7m", nil, "not offered"),
  Mistake("@daly", .expression, 1, "@daly", "@daily", "not a nickname"),
  Mistake("@Daily UTC", .expression, 1, "@Daily UTC", "@daily", "alone"),
]

@Test(arguments: mistakes) func mistakesAreTold(mistake: Mistake) throws {
  let error = try #require(throws: CronError.self) { try CronExpression(mistake.expression) }
  #expect(error.field == mistake.field)
  #expect(error.column == mistake.column)
  #expect(error.text == mistake.text)
  #expect(error.suggestion == mistake.suggestion)
  #expect(error.reason.contains(mistake.phrase), "\(error.reason)")
  expectPlaced(error, in: mistake.expression)
}

@Test func errorsReadWell() throws {
  func message(_ text: String) throws -> String {
    try #require(throws: CronError.self) { try CronExpression(text) }.description
  }
  #expect(
    try message("0 9 * * MON,TUES")
      == "day-of-week, column 13: 'TUES' is not a day of the week (0 to 7, SUN to SAT); did you mean 'TUE'?")
  #expect(
    try message("0 22-2 * * *")
      == "hour, column 3: the range '22-2' runs backwards; did you mean '22-23,0-2'?")
  #expect(
    try message("0 0 9 * * MON")
      == "'0 0 9 * * MON' has 6 fields, not five (minute, hour, day-of-month, month, day-of-week); "
      + "there is no field for seconds or years; did you mean '0 9 * * MON'?")
}

/// Any text is either an expression or a mistake at a place, and what is suggested mends that place.
@Test(arguments: UInt64(1)...1000) func noTextIsTooStrange(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let words = [
    "*", "*", "0", "5", "15", "31", "60", ",", "-", "/", "#", "L", "W", "MON", "fri", "JAN", "?", "@", "é",
    "\u{301}", "\r\n", "99999999999999999999", "🕐", "٣", "x", ".", "7",
  ]
  let fields = (0..<Int.random(in: 4...6, using: &random)).map { _ in
    (0...Int.random(in: 0...3, using: &random)).map { _ in
      words[Int.random(in: 0..<words.count, using: &random)]
    }
    .joined()
  }
  let text = fields.joined(separator: " ")
  do {
    let cron = try CronExpression(text)
    #expect(try CronExpression(cron.description) == cron)
  } catch {
    expectPlaced(error, in: text)
  }
}

private func expectPlaced(_ error: CronError, in text: String) {
  let before = text.prefix(error.column - 1)
  let rest = text.dropFirst(error.column - 1)
  #expect(before.count == error.column - 1)
  #expect(rest.hasPrefix(error.text), "\(error)")
  guard let suggestion = error.suggestion else { return }
  let mended = before + suggestion + rest.dropFirst(error.text.count)
  do {
    _ = try CronExpression(String(mended))
  } catch {
    #expect(error.column > before.count + 1, "'\(text)' became '\(mended)': \(error)")
  }
}
