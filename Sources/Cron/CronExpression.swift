import Timelines

/// A cron expression of five fields: minute, hour, day-of-month, month, day-of-week.
///
/// Means what it means to Debian's cron, with `L`, `LW`, `nW`, `d#n`, `dL` and nicknames such as `@daily`:
///
///     let workdays = try CronExpression("0 8 * * MON-FRI")
///     workdays.explanation                       // At 08:00, Monday to Friday
///     workdays.next(after: now, in: paris)       // an Instant
///
/// - Both day fields restricted means that one is enough, unless the text of one starts with `*`.
/// - If the text of minute or hour starts with `*`, it is an *interval* rule: it fires whenever the clock
///   shows a matching minute, so in a gap never and in an overlap twice. Else it is *fixed*: it fires once
///   for each matching minute, in a gap at its end and in an overlap the first time.
///
/// Two expressions are equal if their normal forms (``description``) are, so `0 9 * * MON` and `0 9 * * 1`
/// are not, although they mean the same. Encodes as that text.
public struct CronExpression: Sendable, CustomStringConvertible {
  /// The normal form: five fields with one blank between them, in upper case, without leading zeros, and
  /// the fields that a nickname stands for.
  public let description: String

  /// What is valid but probably not meant: a step larger than its range. That an expression never fires is
  /// told by ``neverFires``. Columns are those of the text that was read, so this takes no part in equality.
  public let warnings: [CronWarning]

  /// Whether no date matches in any year, as in `0 0 30 2 *`. Even if one does, a zone may skip the minutes
  /// that an interval rule waits for; then `next` is nil after a search of 400 years.
  public let neverFires: Bool

  let wallMinutes: WallMinutes
  /// Whether the text of minute or hour starts with `*`: it follows what the clock shows, else it is fixed.
  public let isInterval: Bool

  /// Whether it fires in all 24 hours of the days that it names.
  public var namesEveryHour: Bool { wallMinutes.hours == (1 << 24) - 1 }

  /// Reads an expression or a nickname. Case never matters; fields are separated by spaces or tabs.
  /// - Throws: ``CronError`` for the first mistake, with its place and what was probably meant.
  public init(_ text: String) throws(CronError) {
    var parser = CronParser()
    let fields = try parser.read(text)
    description = CronParser.normalForm(of: fields)
    warnings = parser.warnings
    wallMinutes = parser.wallMinutes
    isInterval = fields[0].text.hasPrefix("*") || fields[1].text.hasPrefix("*")
    neverFires = wallMinutes.days.isEmpty(inMonths: wallMinutes.months)
  }
}

extension CronExpression: Hashable {
  public static func == (left: CronExpression, right: CronExpression) -> Bool {
    left.description == right.description
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension CronExpression: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
