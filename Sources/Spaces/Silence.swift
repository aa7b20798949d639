/// Time without a look at a Space, or a line of its log.
package enum Silence {
  /// The longest that is believed, in seconds, a year: after more a clock was wrong, or all that was known before tells
  /// nothing of what it is now.
  package static let longest: Int64 = 366 * 86_400
}
