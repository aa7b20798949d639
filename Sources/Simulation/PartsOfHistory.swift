public import Timelines

/// What is known of a Space in two parts: one to fit a recommendation on, and one to judge it by.
public struct PartsOfHistory: Hashable, Sendable {
  /// The first three quarters, or all but a week.
  public let fitted: Range<Instant>
  /// The last quarter, a week at least.
  public let judged: Range<Instant>

  /// - Parameter known: two weeks at least.
  public init(of known: Range<Instant>) {
    let border = known.upperBound - max(7 * 86_400, known.seconds / 4)
    (fitted, judged) = (known.lowerBound..<border, border..<known.upperBound)
  }
}
