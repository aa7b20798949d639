/// Why a text is not a cron expression: where, what, and what was probably meant.
public struct CronError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The part of an expression that is wrong.
  public enum Field: String, Hashable, Sendable, CaseIterable {
    case minute
    case hour
    case dayOfMonth = "day-of-month"
    case month
    case dayOfWeek = "day-of-week"
    /// The text as a whole: the number of its fields, or a nickname.
    case expression
  }

  public let field: Field
  /// Where ``text`` begins, in characters from 1.
  public let column: Int
  /// The smallest wrong text as it was given; empty where something is missing.
  public let text: String
  /// What is wrong and what is allowed, as a clause: `'60' is not a minute (0 to 59)`.
  public let reason: String
  /// What to write in place of ``text``, if that can be told.
  public let suggestion: String?

  /// `day-of-week, column 13: 'TUES' is not a day of the week (0 to 7, SUN to SAT); did you mean 'TUE'?`
  public var description: String {
    let place = field == .expression ? "" : "\(field.rawValue), column \(column): "
    return place + reason + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
  }
}

/// Text that is valid but probably not meant.
public struct CronWarning: Hashable, Sendable, CustomStringConvertible {
  public let field: CronError.Field
  /// Where ``text`` begins, in characters from 1.
  public let column: Int
  public let text: String
  /// What it means, as a clause.
  public let reason: String

  /// `minute, column 3: a step of 90 is larger than its range, so '*/90' is only 0`
  public var description: String { "\(field.rawValue), column \(column): \(reason)" }
}
