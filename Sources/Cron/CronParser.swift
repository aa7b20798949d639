import Timelines

/// Reads the text of an expression into sets of bits.
struct CronParser {
  var wallMinutes = WallMinutes()
  var warnings: [CronWarning] = []

  static let fields: [CronError.Field] = [.minute, .hour, .dayOfMonth, .month, .dayOfWeek]

  /// Fills the sets, and gives the texts of the five fields.
  mutating func read(_ text: String) throws(CronError) -> [TextPiece] {
    var pieces = TextPiece(text: text[...], column: 1).split(" ", "\t").filter { !$0.isEmpty }
    if let first = pieces.first, first.text.hasPrefix("@") {
      let meaning = try Self.meaning(ofNickname: first, others: pieces.dropFirst())
      pieces = TextPiece(text: meaning[...], column: 1).split(" ")
    }
    guard pieces.count == 5 else { throw Self.wrongNumber(of: pieces) }
    for (field, piece) in zip(Self.fields, pieces) {
      for item in piece.split(",") { try read(item, of: piece, in: field) }
    }
    wallMinutes.days.needsBoth = pieces[2].text.hasPrefix("*") || pieces[4].text.hasPrefix("*")
    return pieces
  }

  static func normalForm(of fields: [TextPiece]) -> String {
    var form: [UInt8] = []
    form.reserveCapacity(32)
    for field in fields {
      if !form.isEmpty { form.append(UInt8(ascii: " ")) }
      var begins = true
      for byte in field.text.utf8 {
        // A zero at the start of a number gives way to a digit behind it.
        if byte.isASCIIDigit, !begins, form.last == UInt8(ascii: "0"),
          form.dropLast().last?.isASCIIDigit != true
        {
          form.removeLast()
        }
        form.append(byte.isASCIILowercase ? byte - 32 : byte)
        begins = false
      }
    }
    return String(decoding: form, as: UTF8.self)
  }

  private mutating func read(
    _ item: TextPiece, of whole: TextPiece, in field: CronError.Field
  ) throws(CronError) {
    try Self.refuseUnreadable(item, of: whole, in: field)
    if let day = try DayItem(item, in: field) {
      day.insert(into: &wallMinutes.days)
      return
    }
    for value in try values(item, in: field) {
      switch field {
      case .minute: wallMinutes.minutes |= 1 << UInt64(value)
      case .hour: wallMinutes.hours |= 1 << UInt64(value)
      case .dayOfMonth: wallMinutes.days.days |= 1 << UInt64(value)
      case .month: wallMinutes.months |= 1 << UInt64(value)
      case .dayOfWeek, .expression: wallMinutes.days.weekdays |= DaysOfMonth.everyWeek << UInt64(value % 7)
      }
    }
  }

  /// An item that is empty, or holds a character that has no place in any field.
  private static func refuseUnreadable(
    _ item: TextPiece, of whole: TextPiece, in field: CronError.Field
  ) throws(CronError) {
    if item.isEmpty {
      throw field.error(item, "an item of the list '\(whole.text)' is missing")
    }
    if item.text.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || readableSigns.contains($0) }) {
      return
    }
    if let mark = item.suffix(from: { $0 == "?" }) {
      let replaces = mark.column == item.column
      throw field.error(
        mark.prefix { $0 == "?" }, "'?' is not offered; '*' is any value", replaces ? "*" : nil)
    }
    func isReadable(_ character: Character) -> Bool {
      character.isASCII && (character.isLetter || character.isNumber || "*/-#".contains(character))
    }
    if let wrong = item.suffix(from: { !isReadable($0) })?.prefix(while: { !isReadable($0) }) {
      let digits = wrong.text.contains(where: \.isNumber) ? "; digits are 0 to 9" : ""
      throw field.error(wrong, "\(quoted(wrong.text)) has no meaning in '\(whole.text)'\(digits)")
    }
  }

  private static let readableSigns = Array("*/-#".utf8)

  /// So that a line break or the like does not break the message.
  private static func quoted(_ text: Substring) -> String {
    "'" + text.unicodeScalars.map { $0.value < 32 ? $0.escaped(asASCII: true) : String($0) }.joined() + "'"
  }

  /// `*`, a value or a range, each with or without a step.
  private mutating func values(
    _ item: TextPiece, in field: CronError.Field
  ) throws(CronError) -> StrideThrough<Int> {
    let parts = item.split("/")
    let (base, stepText) = (parts[0], parts.count > 1 ? item.dropFirst(parts[0].text.count + 1) : nil)
    let step = try stepText.map { text throws(CronError) in try Self.step(text, in: field) }
    guard !base.isEmpty else {
      throw field.error(item, "before '/' stands '*', a value or a range", "*\(item.text)")
    }
    let bounds = try bounds(of: base, item: item, step: step, in: field)
    if let step, let stepText, step > 1, step > bounds.upperBound - bounds.lowerBound {
      let reason = "the step is larger than the range, so '\(item.text)' is only \(bounds.lowerBound)"
      warnings.append(
        CronWarning(field: field, column: stepText.column, text: String(stepText.text), reason: reason))
    }
    return stride(from: bounds.lowerBound, through: bounds.upperBound, by: step ?? 1)
  }

  private static func step(_ text: TextPiece, in field: CronError.Field) throws(CronError) -> Int {
    let rule = "a step is a whole number from 1"
    guard !text.isEmpty else { throw field.error(text, "the step after '/' is missing; \(rule)") }
    guard text.isNumber else { throw field.error(text, "'\(text.text)' is not a step; \(rule)") }
    // A number too long to hold is larger than any range, as are others.
    let step = Int(text.text) ?? .max
    guard step > 0 else { throw field.error(text, "'\(text.text)' is not a step; \(rule)", "1") }
    return step
  }

  private func bounds(
    of base: TextPiece, item: TextPiece, step: Int?, in field: CronError.Field
  ) throws(CronError) -> ClosedRange<Int> {
    let range = field.range
    if base.text.hasPrefix("*") {
      let rest = base.dropFirst(1)
      guard rest.isEmpty else {
        throw field.error(
          rest, "after '*' may stand only a step, such as '/5'",
          rest.text.hasPrefix("-") && rest.dropFirst(1).isNumber ? "/\(rest.text.dropFirst())" : nil)
      }
      return range
    }
    let ends = base.split("-")
    if ends.count > 2 {
      let rest = TextPiece(text: base.text[ends[1].text.endIndex...], column: ends[2].column - 1)
      throw field.error(rest, "the range '\(base.text)' has more than two ends")
    }
    if ends.count == 1 {
      if let star = base.suffix(from: { $0 == "*" }) {
        throw field.error(star, "'*' stands alone or before a step")
      }
      let value = try field.value(base)
      return value...(step == nil ? value : range.upperBound)
    }
    if ends[0].isEmpty {
      throw field.error(base, "the range '\(base.text)' has no start; no value is negative")
    }
    let low = try field.value(ends[0])
    if ends[1].isEmpty { throw field.error(ends[1], "the range '\(base.text)' has no end") }
    let high = try field.value(ends[1])
    guard low <= high else {
      let forwards = ForwardRange(field: field, low: low, high: high, step: step)
      throw field.error(
        item, "the range '\(base.text)' runs backwards",
        forwards.text(named: !ends[0].isNumber && !ends[1].isNumber))
    }
    return low...high
  }
}

/// What to write for a range that runs past the end of its field and goes on at its start.
private struct ForwardRange {
  let field: CronError.Field
  let low: Int
  let high: Int
  let step: Int?

  func text(named: Bool) -> String {
    let size = field == .dayOfWeek ? 7 : field.range.count
    let first = field.range.lowerBound
    func name(_ value: Int) -> String { named ? field.names[value - first] : String(value) }
    func span(_ from: Int, _ to: Int) -> String { from == to ? name(from) : "\(name(from))-\(name(to))" }

    // Sunday has a number at either end of the week.
    if field == .dayOfWeek, high == 0 || low == 7 {
      let (from, to) = low == 7 ? (0, high) : (low, 7)
      return (from == to ? "\(from)" : "\(from)-\(to)") + (step.map { "/\($0)" } ?? "")
    }
    if step == nil, field != .dayOfWeek || !named {
      return span(low, first + size - 1) + "," + span(first, high)
    }
    return stride(from: low, through: high + size, by: min(step ?? 1, size))
      .map { name(first + ($0 - first) % size) }.joined(separator: ",")
  }
}
