import Cron
import TestSupport
import Testing

/// The grammar once more, as a recogniser of its own: what it refuses must be refused.
private struct Grammar {
  private static let names: [[String]] = [
    [], [], [],
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
  ]
  private static let ranges = [0...59, 0...23, 1...31, 1...12, 0...7]

  static func accepts(_ text: String) -> Bool {
    let text = text.uppercased()
    let fields = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    if fields.count == 1 {
      return ["@YEARLY", "@ANNUALLY", "@MONTHLY", "@WEEKLY", "@DAILY", "@MIDNIGHT", "@HOURLY"]
        .contains(fields[0])
    }
    return fields.count == 5
      && fields.enumerated().allSatisfy { field, text in
        text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { accepts(String($0), field) }
      }
  }

  private static func number(_ text: String) -> Int? {
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(text) ?? .max
  }

  private static func value(_ text: String, _ field: Int) -> Int? {
    if let number = number(text) { return ranges[field].contains(number) ? number : nil }
    return names[field].firstIndex(of: text).map { $0 + (field == 3 ? 1 : 0) }
  }

  private static func accepts(_ item: String, _ field: Int) -> Bool {
    if field == 2, ["L", "LW"].contains(item) { return true }
    if field == 2, item.hasSuffix("W") { return value(String(item.dropLast()), 2) != nil }
    if field == 4, item.hasSuffix("L") { return value(String(item.dropLast()), 4) != nil }
    if field == 4, let hash = item.firstIndex(of: "#") {
      return value(String(item[..<hash]), 4) != nil
        && number(String(item[item.index(after: hash)...])).map { (1...5).contains($0) } == true
    }
    let parts = item.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, parts.count == 1 || number(parts[1]).map({ $0 > 0 }) == true else { return false }
    if parts[0] == "*" { return true }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map {
      value(String($0), field)
    }
    switch ends.count {
    case 1: return ends[0] != nil
    case 2: return ends[0].flatMap { low in ends[1].map { low <= $0 } } ?? false
    default: return false
    }
  }
}

/// Pieces of expressions in any order, and valid expressions with a character more, less or other.
private func scrambled(using random: inout SplitMix64) -> String {
  let pieces = [
    "*", "/", "-", ",", "#", "L", "W", "LW", "0", "1", "5", "7", "8", "12", "23", "24", "31", "32", "59",
    "60",
    "007", "99999999999999999999", "MON", "sun", "JAN", "dec", "TUES", "?", "@daily", "@", "+", ".", "٣", "é",
    "\n",
  ]
  func pick<Element>(_ elements: [Element], _ fallback: Element) -> Element {
    elements.randomElement(using: &random) ?? fallback
  }
  if Bool.random(using: &random) {
    return (0..<5).map { _ in
      (0...Int.random(in: 0...3, using: &random)).map { _ in pick(pieces, "*") }.joined()
    }.joined(separator: " ")
  }
  var characters = Array(RandomCron(using: &random).text)
  for _ in 0..<Int.random(in: 1...2, using: &random) {
    let place = Int.random(in: 0..<characters.count, using: &random)
    switch Int.random(in: 0..<3, using: &random) {
    case 0: characters.remove(at: place)
    case 1: characters[place] = pick(Array("*/-,#LW0123456789 MONJAN"), "*")
    default: characters.insert(pick(Array("*/-,#LW0123456789 "), "*"), at: place)
    }
    if characters.isEmpty { return "" }
  }
  return String(characters)
}

/// Neither a crash, nor a wrong acceptance or refusal; an error's place is in the text.
@Test(arguments: UInt64(1)...100) func anyTextIsReadOrRefused(seed: UInt64) {
  var random = SplitMix64(seed: seed)
  for _ in 0..<100 {
    let text = scrambled(using: &random)
    do throws(CronError) {
      let cron = try CronExpression(text)
      #expect(Grammar.accepts(text), "'\(text)' was accepted")
      #expect(!cron.explanation.isEmpty)
    } catch {
      #expect(!Grammar.accepts(text), "'\(text)': \(error)")
      #expect((1...text.count + 1).contains(error.column), "'\(text)': \(error)")
    }
  }
}
