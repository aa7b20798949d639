import Spelling
import Timelines

// What stands for a whole expression, and texts that are not five fields.
extension CronParser {
  private static let nicknames = [
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
  ]

  static func meaning(
    ofNickname name: TextPiece, others: ArraySlice<TextPiece>
  ) throws(CronError) -> String {
    let word = name.upper.lowercased()
    var whole = name
    if let last = others.last {
      whole.text = name.text.base[name.text.startIndex..<last.text.endIndex]
    }
    let field = CronError.Field.expression
    if word == "@every" {
      throw field.error(
        whole, "'@every' is not offered, as it does not say when to start",
        others.first.flatMap { expression(every: $0.upper.lowercased()) })
    }
    if word == "@reboot" {
      throw field.error(whole, "'@reboot' is not a moment in a schedule")
    }
    guard let meaning = nicknames[word] else {
      throw field.error(
        whole, "'\(name.text)' is not a nickname (@yearly, @monthly, @weekly, @daily, @hourly)",
        Spelling.nearest(to: word, among: nicknames.keys.sorted()))
    }
    guard others.isEmpty else {
      throw field.error(whole, "a nickname stands alone", word)
    }
    return meaning
  }

  /// Where the duration divides an hour or a day.
  private static func expression(every duration: String) -> String? {
    let seconds: Int64
    do { seconds = try DurationText.seconds(duration) } catch { return nil }
    guard seconds > 0, seconds % 60 == 0 else { return nil }
    let minutes = seconds / 60
    if minutes == 1 { return "* * * * *" }
    if minutes == 60 { return "0 * * * *" }
    if minutes == 1440 { return "0 0 * * *" }
    if 60 % minutes == 0 { return "*/\(minutes) * * * *" }
    if 1440 % minutes == 0, minutes % 60 == 0 { return "0 */\(minutes / 60) * * *" }
    return nil
  }

  static func wrongNumber(of pieces: [TextPiece]) -> CronError {
    let field = CronError.Field.expression
    let order = "minute, hour, day-of-month, month, day-of-week"
    guard let first = pieces.first, let last = pieces.last else {
      return field.error(
        TextPiece(text: "", column: 1), "the expression is empty; it has five fields: \(order)")
    }
    let whole = TextPiece(
      text: first.text.base[first.text.startIndex..<last.text.endIndex], column: first.column)
    let count = pieces.count
    let has = "'\(whole.text)' has \(count) field\(count == 1 ? "" : "s"), not five (\(order))"
    // Other crons use `?` as we use `*`.
    let texts = pieces.map { $0.text == "?" ? "*" : String($0.text) }
    let candidates: [ArraySlice<String>] =
      switch count {
      case ..<5: [(texts + Array(repeating: "*", count: 5 - count))[...]]
      case 6: [texts.dropFirst(), texts.dropLast()]
      case 7: [texts.dropFirst().dropLast()]
      default: []
      }
    return field.error(
      whole, has + (6...7 ~= count ? "; there is no field for seconds or years" : ""),
      candidates.map { $0.joined(separator: " ") }.first(where: isValid))
  }

  private static func isValid(_ text: String) -> Bool {
    do { _ = try CronExpression(text) } catch { return false }
    return true
  }
}
